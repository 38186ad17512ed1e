// The real disk, with a hand on it: calls that wait, writes that find no room, fsyncs that fail.
import { type FileHandle, type FileStat, type FileSystem, NodeFileSystem, type OpenMode } from '@clone/persistence-aof';

type Held = 'read' | 'write' | 'sync';

export class ControlledDisk implements FileSystem {
  /** Writes fail with ENOSPC. */
  full = false;
  /** Fsyncs fail with EIO. */
  broken = false;
  /** The files that all this is about: those of the log, and not the lock of the directory. */
  concerns: (path: string) => boolean = (path) => !path.includes('clone.lock');
  /** Fsyncs of files that were called. */
  syncs = 0;
  readonly #disk = new NodeFileSystem();
  readonly #waiting = { read: [] as (() => void)[], write: [] as (() => void)[], sync: [] as (() => void)[] };
  readonly #held = { read: false, write: false, sync: false };

  /** Makes calls of this kind wait. */
  hold(kind: Held): void {
    this.#held[kind] = true;
  }

  /** Lets those that wait go on, and later ones pass. */
  release(kind: Held): void {
    this.#held[kind] = false;
    for (const goOn of this.#waiting[kind].splice(0)) goOn();
  }

  waiting(kind: Held): number {
    return this.#waiting[kind].length;
  }

  #pass(kind: Held): Promise<void> {
    if (!this.#held[kind]) return Promise.resolve();
    return new Promise((resolve) => this.#waiting[kind].push(resolve));
  }

  async open(path: string, mode: OpenMode): Promise<FileHandle> {
    const file = await this.#disk.open(path, mode);
    if (!this.concerns(path)) return file;
    const handle: FileHandle = {
      read: async (...args) => {
        await this.#pass('read');
        return file.read(...args);
      },
      write: async (buffers, position) => {
        await this.#pass('write');
        if (this.full) throw failure('ENOSPC');
        return file.write(buffers, position);
      },
      writeSynced: async (buffers, position) => {
        const written = await handle.write(buffers, position);
        await handle.sync();
        return written;
      },
      truncate: (size) => file.truncate(size),
      sync: async () => {
        this.syncs++;
        await this.#pass('sync');
        if (this.broken) throw failure('EIO');
        await file.sync();
      },
      close: () => file.close(),
    };
    return handle;
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.#disk.readFile(path);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#disk.rename(from, to);
  }

  unlink(path: string): Promise<void> {
    return this.#disk.unlink(path);
  }

  mkdir(path: string): Promise<void> {
    return this.#disk.mkdir(path);
  }

  readdir(path: string): Promise<string[]> {
    return this.#disk.readdir(path);
  }

  stat(path: string): Promise<FileStat | undefined> {
    return this.#disk.stat(path);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#disk.syncDirectory(path);
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
