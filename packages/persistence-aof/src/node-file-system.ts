/**
 * The real disk, through `node:fs`: every call runs on libuv's threads, so that neither a slow write nor an fsync
 * stops the event loop.
 */
import * as fs from 'node:fs/promises';
import type { FileHandle, FileStat, FileSystem, OpenMode } from './file-system.js';
import { constants } from 'node:fs';

const FLAGS: Record<OpenMode, number> = {
  read: constants.O_RDONLY,
  update: constants.O_RDWR | constants.O_CREAT,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
};

class NodeFileHandle implements FileHandle {
  readonly #handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  async read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return (await this.#handle.read(buffer, offset, length, position)).bytesRead;
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<number> {
    const only = buffers[0];
    if (only !== undefined && buffers.length === 1) {
      return (await this.#handle.write(only, 0, only.length, position)).bytesWritten;
    }
    return (await this.#handle.writev(buffers as Uint8Array[], position)).bytesWritten;
  }

  truncate(size: number): Promise<void> {
    return this.#handle.truncate(size);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(error.code as string);
}

export class NodeFileSystem implements FileSystem {
  async open(path: string, mode: OpenMode): Promise<FileHandle> {
    return new NodeFileHandle(await fs.open(path, FLAGS[mode], 0o644));
  }

  readFile(path: string): Promise<Uint8Array> {
    return fs.readFile(path);
  }

  rename(from: string, to: string): Promise<void> {
    return fs.rename(from, to);
  }

  unlink(path: string): Promise<void> {
    return fs.unlink(path);
  }

  async mkdir(path: string): Promise<void> {
    try {
      await fs.mkdir(path, 0o755);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }

  readdir(path: string): Promise<string[]> {
    return fs.readdir(path);
  }

  async stat(path: string): Promise<FileStat | undefined> {
    try {
      const stat = await fs.stat(path);
      return { size: stat.size, isDirectory: stat.isDirectory() };
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  }

  async syncDirectory(path: string): Promise<void> {
    let handle: fs.FileHandle;
    try {
      handle = await fs.open(path, constants.O_RDONLY);
    } catch (error) {
      // Windows opens no directories: names are on the disk there when the call returns, as far as one can ask for it.
      if (hasCode(error, 'EISDIR', 'EPERM', 'EACCES')) return;
      throw error;
    }
    try {
      await handle.sync();
    } catch (error) {
      // Some network and FUSE file systems do not sync directories.
      if (!hasCode(error, 'EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP')) throw error;
    } finally {
      await handle.close();
    }
  }
}
