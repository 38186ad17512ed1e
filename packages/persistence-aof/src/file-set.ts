/**
 * The files of one log on the disk: `<directory>/<appendDirName>/` with the manifest, a base,
 * increments.
 *
 * Order of steps, so that the disk holds a valid log after a crash at any moment (names become
 * durable only by fsync of the directory, and in no promised order before):
 * - a file's content and name are synced before a manifest names it, and the manifest's content
 *   before it gets its name;
 * - nothing that a manifest names is deleted before the directory is synced with a manifest that
 *   does not;
 * - when replacing the manifest failed at a point where either version may be on the disk, the
 *   files of both stay.
 *
 * What was not read is not lost: numbers are used that no file in the directory has, so nothing is
 * emptied or renamed over; files of a log that no manifest names keep a new log from beginning; a
 * log that was not loaded is put aside when another one begins (`aside.ts`). Only temporary files
 * are overwritten: their content never counted.
 */
import { dirname, join } from 'node:path';
import { makeAside, moveAside } from './aside.js';
import { AofError } from './errors.js';
import { isTemporary, manifestOf, manifestOwner, parseFileName } from './file-names.js';
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

/** What became of a log that was not read. */
export interface PutAside {
  /** Path of the directory that it is in now. */
  readonly aside: string;
  /** Why some of its files stayed where they were. */
  readonly error: unknown;
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
  /** Files of a log in the directory that the manifest does not name. */
  #unnamed: readonly string[] = [];
  /**
   * The manifest was read under its temporary name: a first rewrite was interrupted just before it
   * counted.
   */
  #isManifestTemporary = false;
  /** Bytes in the files of the log that we closed; -1: the log on the disk is not ours. */
  #leftBytes = -1;
  /** Names of what was there before a log that begins with a rewrite, and where they go. */
  #unread: readonly string[] = [];
  #aside: string | undefined;

  constructor(fileSystem: FileSystem, location: AofLocation) {
    this.#fileSystem = fileSystem;
    this.directory = join(location.directory, location.appendDirName ?? 'appendonlydir');
    this.appendFileName = location.appendFileName ?? 'appendonly.aof';
    this.oldStylePath = join(location.directory, this.appendFileName);
  }

  get manifestName(): string {
    return manifestOf(this.appendFileName);
  }

  get #temporaryManifestPath(): string {
    return this.path(`temp-${this.manifestName}`);
  }

  get temporaryBasePath(): string {
    return this.path(`temp-rewriteaof-${this.appendFileName}`);
  }

  get #temporaryIncrPath(): string {
    return this.path(`temp-${this.appendFileName}.incr`);
  }

  /** Files of a log in the directory that the manifest does not name, as of the last `load`. */
  get unnamed(): readonly string[] {
    return this.#unnamed;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /**
   * Reads the manifest; without one the set is empty. Changes nothing on disk.
   *
   * @throws AofError `MANIFEST`; `STRAY_FILES` when the set would be empty beside files of a log;
   * whatever the file system throws.
   */
  async load(): Promise<void> {
    const names = await this.#readNames();
    this.#isManifestTemporary = false;
    let manifest = EMPTY_MANIFEST;
    const bytes = names.includes(this.manifestName)
      ? await this.#fileSystem.readFile(this.path(this.manifestName))
      : undefined;
    if (bytes !== undefined) {
      // An empty one names nothing, as if it were not there; if nothing else is, it is refused
      // below.
      if (bytes.length > 0) manifest = parseManifest(bytes, this.manifestName);
    } else {
      const unfinished = await this.#readUnfinishedManifest(names);
      this.#isManifestTemporary = unfinished !== undefined && isComplete(unfinished, names);
      if (this.#isManifestTemporary) manifest = unfinished!;
      // Of a log that never counted: it is passed over, and stays.
      else if (unfinished !== undefined) names.splice(0, names.length, ...without(names, namesIn(unfinished)));
    }
    this.#unnamed = without(names, namesIn(manifest)).filter((name) => this.#isOfALog(name, names));
    if (manifest.base === undefined && manifest.incrs.length === 0) await this.#refuseStrayFiles();
    if (bytes?.length === 0) parseManifest(bytes, this.manifestName);
    this.manifest = manifest;
  }

  /**
   * The same for a log that begins with a rewrite. What is there is ours if we left it so;
   * otherwise it was not read, and `install` puts it aside.
   */
  async loadToReplace(): Promise<void> {
    const names = await this.#readNames();
    if (await this.#isAsWeLeftIt(names)) return;
    this.manifest = EMPTY_MANIFEST;
    this.#leftBytes = -1;
    const unread: string[] = [];
    let bytes = 0;
    for (const name of names) {
      const stat = await this.#fileSystem.stat(this.path(name));
      if (stat === undefined || stat.isDirectory || isTemporary(name)) continue;
      unread.push(name);
      bytes += stat.size;
    }
    const hasManifest = unread.some((name) => manifestOwner(name) !== undefined);
    this.#unread = bytes > 0 || hasManifest ? unread : [];
  }

  /**
   * Notes that the log is closed as the manifest says, with so many bytes in its files.
   * @param bytes -1: it is not whole
   */
  leave(bytes: number): void {
    this.#leftBytes = bytes;
  }

  async #isAsWeLeftIt(names: readonly string[]): Promise<boolean> {
    if (this.#leftBytes < 0 || !names.includes(this.manifestName)) return false;
    try {
      const manifest = await this.#readManifest(this.path(this.manifestName));
      if (formatManifest(manifest) !== formatManifest(this.manifest)) return false;
      return (await this.sizes()).total === this.#leftBytes;
    } catch (error) {
      if (error instanceof AofError) return false;
      throw error;
    }
  }

  /** Names of the files in the directory, and the highest numbers among them. */
  async #readNames(): Promise<string[]> {
    if ((await this.#fileSystem.stat(this.directory)) === undefined) return [];
    const names = (await this.#fileSystem.readdir(this.directory)).sort();
    for (const name of names) {
      const file = parseFileName(name);
      if (file?.appendFileName !== this.appendFileName) continue;
      if (file.type === 'base') this.#lastBaseSeq = Math.max(this.#lastBaseSeq, file.seq);
      else this.#lastIncrSeq = Math.max(this.#lastIncrSeq, file.seq);
    }
    return names;
  }

  async #readManifest(path: string): Promise<Manifest> {
    return parseManifest(await this.#fileSystem.readFile(path), this.manifestName);
  }

  /** The manifest that an interrupted update left under its temporary name, if it is whole. */
  async #readUnfinishedManifest(names: readonly string[]): Promise<Manifest | undefined> {
    if (!names.includes(`temp-${this.manifestName}`)) return undefined;
    try {
      return await this.#readManifest(this.#temporaryManifestPath);
    } catch (error) {
      if (error instanceof AofError) return undefined;
      throw error;
    }
  }

  /** A file that another manifest may name belongs to a log of another `appendfilename`. */
  #isOfALog(name: string, names: readonly string[]): boolean {
    if (isTemporary(name)) return false;
    if (name === this.appendFileName) return true;
    const file = parseFileName(name);
    if (file === undefined) return false;
    return file.appendFileName === this.appendFileName || !names.includes(manifestOf(file.appendFileName));
  }

  /** Empty files are what is left of a start that was interrupted before it had a manifest. */
  async #refuseStrayFiles(): Promise<void> {
    const strays: string[] = [];
    for (const name of this.#unnamed) {
      const stat = await this.#fileSystem.stat(this.path(name));
      if (stat !== undefined && !stat.isDirectory && stat.size > 0) strays.push(name);
    }
    const [first] = strays;
    if (first === undefined) return;
    throw new AofError(
      'STRAY_FILES',
      `${this.directory} holds ${strays.join(', ')}, but its manifest ${this.manifestName} is missing or names none of them: restore the manifest beside them, or move these files elsewhere to start with an empty log`,
      { file: first },
    );
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
      const others =
        this.#unnamed.length === 0 ? '' : `; the manifest does not name ${this.#unnamed.join(', ')} beside it`;
      throw new AofError(
        'MISSING_FILE',
        `The AOF file ${file.name}, which the manifest names, doesn't exist in ${this.directory}: restore it${others}`,
        { file: file.name },
      );
    }
    return stat.size;
  }

  /** Opens the last increment for appending. A new log gets an empty base and a first increment, as Redis starts one. */
  async openLast(): Promise<LogFile> {
    await this.createDirectory();
    const { base, incrs } = this.manifest;
    await this.#syncAll();
    if (this.#isManifestTemporary) await this.#putManifest(this.manifest);
    const last = incrs.at(-1);
    if (last !== undefined)
      return new LogFile(await this.#fileSystem.open(this.path(last.name), 'existing'), await this.sizeOf(last));
    if (base !== undefined) return this.addIncr();
    const newBase = this.#nextBase(this.manifest);
    await (await this.#create(this.path(newBase.name))).close();
    return this.#addIncr({ ...this.manifest, base: newBase });
  }

  /** A killed process leaves names and bytes that could be read for the replay, but need not be on the disk yet. */
  async #syncAll(): Promise<void> {
    const { base, incrs } = this.manifest;
    for (const file of base === undefined ? incrs : [base, ...incrs]) {
      const handle = await this.#fileSystem.open(this.path(file.name), 'existing');
      await closing(handle, () => handle.sync());
    }
    await this.#fileSystem.syncDirectory(this.directory);
  }

  /** Makes an empty file, durably so. Only a temporary one may be there already. */
  async #create(path: string, mode: 'exclusive' | 'create' = 'exclusive'): Promise<FileHandle> {
    const handle = await this.#fileSystem.open(path, mode);
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
    return new LogFile(await this.#create(this.#temporaryIncrPath, 'create'), 0);
  }

  async deleteTemporaryIncr(): Promise<void> {
    await this.#deleteIfThere(this.#temporaryIncrPath);
  }

  /**
   * Makes the synced temporary base the base, and all increments but the current one history. With
   * `adoptTemporaryIncr` the temporary increment becomes the current one and everything before it
   * history, or goes aside if it was not read.
   *
   * @param now milliseconds since the epoch
   * @returns the path of what was put aside, and why some of it could not be moved; `undefined`
   * when nothing was
   */
  async install(adoptTemporaryIncr: boolean, now: number): Promise<PutAside | undefined> {
    const old = this.manifest;
    const base = this.#nextBase(old);
    const retired = adoptTemporaryIncr ? old.incrs : old.incrs.slice(0, -1);
    const incrs = adoptTemporaryIncr ? [this.#nextIncr(old)] : old.incrs.slice(-1);
    const replaced = [...(old.base === undefined ? [] : [old.base]), ...retired];
    const history = [...old.history, ...replaced.map((file): AofFile => ({ ...file, type: 'history' }))];
    const manifest = { base, history, incrs };
    const isUnread = adoptTemporaryIncr && this.#unread.length > 0;
    const oldManifest = this.#unread.includes(this.manifestName) ? this.manifestName : undefined;
    if (isUnread) this.#aside ??= await makeAside(this.#fileSystem, this.directory, oldManifest, now);
    // Before the names: a crash in between leaves files that this manifest explains.
    await this.#writeManifest(manifest);
    await this.#fileSystem.syncDirectory(this.directory);
    await this.#fileSystem.rename(this.temporaryBasePath, this.path(base.name));
    if (adoptTemporaryIncr) await this.#fileSystem.rename(this.#temporaryIncrPath, this.path(incrs[0]!.name));
    await this.#fileSystem.syncDirectory(this.directory);
    await this.#putManifest(manifest);
    return isUnread ? this.#moveUnread() : undefined;
  }

  async #moveUnread(): Promise<PutAside> {
    const aside = this.#aside ?? '';
    const names = without(this.#unread, [this.manifestName]);
    this.#unread = [];
    this.#aside = undefined;
    try {
      await moveAside(this.#fileSystem, this.directory, names, aside);
      return { aside, error: undefined };
    } catch (error) {
      return { aside, error };
    }
  }

  /** Deletes history files and forgets them. Whatever fails can be tried again later. */
  async deleteHistory(): Promise<void> {
    if (this.manifest.history.length === 0) return;
    const { base, incrs } = this.manifest;
    const inService = namesIn({ base, incrs, history: [] });
    for (const { name } of this.manifest.history) {
      if (!inService.includes(name)) await this.#deleteIfThere(this.path(name));
    }
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
    await this.#writeManifest(manifest);
    await this.#putManifest(manifest);
  }

  async #writeManifest(manifest: Manifest): Promise<void> {
    const handle = await this.#fileSystem.open(this.#temporaryManifestPath, 'create');
    await closing(handle, async () => {
      const bytes = Buffer.from(formatManifest(manifest), 'latin1');
      await new LogFile(handle, 0).write([bytes], bytes.length);
      await handle.sync();
    });
  }

  /** Gives the manifest that was written last its name. */
  async #putManifest(manifest: Manifest): Promise<void> {
    await this.#fileSystem.rename(this.#temporaryManifestPath, this.path(this.manifestName));
    await this.#fileSystem.syncDirectory(this.directory);
    this.manifest = manifest;
    this.#isManifestTemporary = false;
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

function namesIn({ base, history, incrs }: Manifest): string[] {
  return [...(base === undefined ? [] : [base]), ...history, ...incrs].map((file) => file.name);
}

function isComplete({ base, incrs }: Manifest, names: readonly string[]): boolean {
  return namesIn({ base, incrs, history: [] }).every((name) => names.includes(name));
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
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
