/**
 * The files of one log on the disk: `<directory>/<appendDirName>/` with the manifest, a base, increments.
 *
 * Order of steps, so that the disk holds a valid log after a crash at any moment (names become durable only by
 * fsync of the directory, and in no promised order before):
 * - a file's content and name are synced before a manifest names it, and the manifest's content before it gets its name;
 * - nothing that a manifest names is deleted before the directory is synced with a manifest that does not;
 * - when replacing the manifest failed at a point where either version may be on the disk, the files of both stay.
 */
import { dirname, join } from 'node:path';
import { AofError } from './errors.js';
import type { FileHandle, FileSystem } from './file-system.js';
import { LogFile } from './log-file.js';
import { baseFile, EMPTY_MANIFEST, formatManifest, incrFile, parseManifest } from './manifest.js';
import type { AofFile, Manifest } from './manifest.js';

/** Where a log lives: Redis's `dir`, `appenddirname` and `appendfilename`. */
export interface AofLocation {
  directory: string;
  /** Default `appendonlydir`. */
  appendDirName?: string;
  /** Default `appendonly.aof`. */
  appendFileName?: string;
}

export class FileSet {
  readonly directory: string;
  readonly appendFileName: string;
  /** Where Redis before 7.0 had its only file. */
  readonly oldStylePath: string;
  /** As last written by us, or read by `load`. */
  manifest: Manifest = EMPTY_MANIFEST;
  readonly #fileSystem: FileSystem;
  /** Highest numbers given out: a name that a failed manifest update may have left on the disk is not used again. */
  #lastBaseSeq = 0;
  #lastIncrSeq = 0;

  constructor(fileSystem: FileSystem, location: AofLocation) {
    this.#fileSystem = fileSystem;
    this.directory = join(location.directory, location.appendDirName ?? 'appendonlydir');
    this.appendFileName = location.appendFileName ?? 'appendonly.aof';
    this.oldStylePath = join(location.directory, this.appendFileName);
  }

  get manifestName(): string {
    return `${this.appendFileName}.manifest`;
  }

  get temporaryBasePath(): string {
    return this.path(`temp-rewriteaof-${this.appendFileName}`);
  }

  get #temporaryIncrPath(): string {
    return this.path(`temp-${this.appendFileName}.incr`);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Reads the manifest; without one the set is empty. @throws AofError `MANIFEST`; whatever the file system throws. */
  async load(): Promise<void> {
    const path = this.path(this.manifestName);
    this.manifest =
      (await this.#fileSystem.stat(path)) === undefined
        ? EMPTY_MANIFEST
        : parseManifest(await this.#fileSystem.readFile(path), this.manifestName);
  }

  /** Bytes in the base, and in base and increments together. @throws AofError `MISSING_FILE` */
  async sizes(): Promise<{ base: number; total: number }> {
    const { base, incrs } = this.manifest;
    const baseSize = base === undefined ? 0 : await this.sizeOf(base);
    let total = baseSize;
    for (const incr of incrs) total += await this.sizeOf(incr);
    return { base: baseSize, total };
  }

  async sizeOf(file: AofFile): Promise<number> {
    const stat = await this.#fileSystem.stat(this.path(file.name));
    if (stat === undefined) {
      throw new AofError('MISSING_FILE', `The AOF file ${file.name}, which the manifest names, doesn't exist`, {
        file: file.name,
      });
    }
    return stat.size;
  }

  /** Opens the last increment for appending. A new log gets an empty base and a first increment, as Redis starts one. */
  async openLast(): Promise<LogFile> {
    await this.createDirectory();
    const { base, incrs } = this.manifest;
    await this.#syncAll();
    const last = incrs.at(-1);
    if (last !== undefined)
      return new LogFile(await this.#fileSystem.open(this.path(last.name), 'update'), await this.sizeOf(last));
    if (base !== undefined) return this.addIncr();
    const newBase = this.#nextBase(this.manifest);
    await (await this.#create(this.path(newBase.name))).close();
    return this.#addIncr({ ...this.manifest, base: newBase });
  }

  /** A killed process leaves names and bytes that could be read for the replay, but need not be on the disk yet. */
  async #syncAll(): Promise<void> {
    const { base, incrs } = this.manifest;
    for (const file of base === undefined ? incrs : [base, ...incrs]) {
      const handle = await this.#fileSystem.open(this.path(file.name), 'update');
      await closing(handle, () => handle.sync());
    }
    await this.#fileSystem.syncDirectory(this.directory);
  }

  /** Makes an empty file, durably so: a file of that name may be left from a log that was given up. */
  async #create(path: string): Promise<FileHandle> {
    const handle = await this.#fileSystem.open(path, 'create');
    return closingOnError(handle, async () => {
      await handle.sync();
      return handle;
    });
  }

  /** Starts the next increment: creates its file and puts it into the manifest. */
  addIncr(): Promise<LogFile> {
    return this.#addIncr(this.manifest);
  }

  async #addIncr(manifest: Manifest): Promise<LogFile> {
    const incr = this.#nextIncr(manifest);
    const handle = await this.#create(this.path(incr.name));
    return closingOnError(handle, async () => {
      await this.#fileSystem.syncDirectory(this.directory);
      await this.replaceManifest({ ...manifest, incrs: [...manifest.incrs, incr] });
      return new LogFile(handle, 0);
    });
  }

  /** Starts an increment outside of the manifest, for a log that begins with a rewrite. */
  async createTemporaryIncr(): Promise<LogFile> {
    await this.createDirectory();
    return new LogFile(await this.#create(this.#temporaryIncrPath), 0);
  }

  async deleteTemporaryIncr(): Promise<void> {
    await this.#deleteIfThere(this.#temporaryIncrPath);
  }

  /**
   * Makes the synced temporary base the base, and all increments but the current one history. With
   * `adoptTemporaryIncr` the temporary increment becomes the current one and everything before it history.
   */
  async install(adoptTemporaryIncr: boolean): Promise<void> {
    const old = this.manifest;
    const base = this.#nextBase(old);
    const retired = adoptTemporaryIncr ? old.incrs : old.incrs.slice(0, -1);
    let current = old.incrs.slice(-1);
    await this.#fileSystem.rename(this.temporaryBasePath, this.path(base.name));
    if (adoptTemporaryIncr) {
      const incr = this.#nextIncr(old);
      await this.#fileSystem.rename(this.#temporaryIncrPath, this.path(incr.name));
      current = [incr];
    }
    await this.#fileSystem.syncDirectory(this.directory);
    const replaced = [...(old.base === undefined ? [] : [old.base]), ...retired];
    const history = [...old.history, ...replaced.map((file): AofFile => ({ ...file, type: 'history' }))];
    await this.replaceManifest({ base, history, incrs: current });
  }

  /** Deletes history files and forgets them. Whatever fails can be tried again later. */
  async deleteHistory(): Promise<void> {
    if (this.manifest.history.length === 0) return;
    for (const file of this.manifest.history) await this.#deleteIfThere(this.path(file.name));
    await this.replaceManifest({ ...this.manifest, history: [] });
  }

  /** Makes the single file of Redis before 7.0 the base. A crash in between leaves a manifest that names it and the file outside. */
  async adoptOldStyleFile(): Promise<void> {
    await this.createDirectory();
    const base: AofFile = { name: this.appendFileName, seq: 1, type: 'base' };
    await this.replaceManifest({ base, history: [], incrs: [] });
    await this.#fileSystem.rename(this.oldStylePath, this.path(base.name));
    await this.#fileSystem.syncDirectory(this.directory);
    await this.#fileSystem.syncDirectory(dirname(this.directory));
  }

  /** Creates the log's directory, durably. */
  async createDirectory(): Promise<void> {
    await this.#fileSystem.mkdir(this.directory);
    await this.#fileSystem.syncDirectory(dirname(this.directory));
  }

  /** Resolves once `manifest` is on the disk, together with the names of all files created or renamed before. */
  async replaceManifest(manifest: Manifest): Promise<void> {
    const path = this.path(this.manifestName);
    const temporaryPath = this.path(`temp-${this.manifestName}`);
    const handle = await this.#fileSystem.open(temporaryPath, 'create');
    await closing(handle, async () => {
      const bytes = Buffer.from(formatManifest(manifest), 'latin1');
      await new LogFile(handle, 0).write([bytes], bytes.length);
      await handle.sync();
    });
    await this.#fileSystem.rename(temporaryPath, path);
    await this.#fileSystem.syncDirectory(this.directory);
    this.manifest = manifest;
  }

  #nextBase(manifest: Manifest): AofFile {
    this.#lastBaseSeq = Math.max(this.#lastBaseSeq, manifest.base?.seq ?? 0) + 1;
    return baseFile(this.appendFileName, this.#lastBaseSeq);
  }

  #nextIncr(manifest: Manifest): AofFile {
    this.#lastIncrSeq = Math.max(this.#lastIncrSeq, manifest.incrs.at(-1)?.seq ?? 0) + 1;
    return incrFile(this.appendFileName, this.#lastIncrSeq);
  }

  async #deleteIfThere(path: string): Promise<void> {
    if ((await this.#fileSystem.stat(path)) !== undefined) await this.#fileSystem.unlink(path);
  }
}

async function closing(handle: FileHandle, use: () => Promise<void>): Promise<void> {
  await closingOnError(handle, use);
  await handle.close();
}

async function closingOnError<T>(handle: FileHandle, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}
