/**
 * The disk as the append-only file sees it: the first call locks the data directory, and before
 * each change it is made sure that the lock is still ours. So there is no way to the files around
 * the lock.
 */
import type { FileHandle, FileStat, FileSystem, OpenMode } from '@clone/persistence-aof';
import type { DirectoryLock } from './directory-lock.js';

export class LockedFileSystem implements FileSystem {
  readonly #disk: FileSystem;
  readonly #lock: DirectoryLock;
  readonly #directory: () => string;

  constructor(disk: FileSystem, lock: DirectoryLock, directory: () => string) {
    this.#disk = disk;
    this.#lock = lock;
    this.#directory = directory;
  }

  async open(path: string, mode: OpenMode): Promise<FileHandle> {
    await this.#locked(mode !== 'read');
    const file = await this.#disk.open(path, mode);
    const change = <T>(run: () => Promise<T>): Promise<T> => {
      const confirming = this.#lock.confirm();
      return confirming === undefined ? run() : confirming.then(run);
    };
    return {
      read: (buffer, offset, length, position) => file.read(buffer, offset, length, position),
      write: (buffers, position) => change(() => file.write(buffers, position)),
      writeSynced: (buffers, position) => change(() => file.writeSynced(buffers, position)),
      truncate: (size) => change(() => file.truncate(size)),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  }

  async readFile(path: string): Promise<Uint8Array> {
    await this.#locked(false);
    return this.#disk.readFile(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#locked(true);
    return this.#disk.rename(from, to);
  }

  async unlink(path: string): Promise<void> {
    await this.#locked(true);
    return this.#disk.unlink(path);
  }

  async mkdir(path: string): Promise<void> {
    await this.#locked(true);
    return this.#disk.mkdir(path);
  }

  async readdir(path: string): Promise<string[]> {
    await this.#locked(false);
    return this.#disk.readdir(path);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    await this.#locked(false);
    return this.#disk.stat(path);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#disk.syncDirectory(path);
  }

  async #locked(isChange: boolean): Promise<void> {
    await this.#lock.take(this.#directory());
    if (isChange) await this.#lock.confirm();
  }
}
