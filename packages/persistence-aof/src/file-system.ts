/**
 * The one door to the disk. Production uses `NodeFileSystem`; tests use `SimulatedDisk`, which forgets, tears,
 * fills up and fails on command. Paths are strings in the host's notation.
 */

/**
 * - `read`: the file must exist.
 * - `update`: read and write, created empty when missing.
 * - `create`: the same, emptied first.
 * - `exclusive`: read and write a file that this call makes; `EEXIST` when there is one. Atomic,
 *   between machines as well.
 * - `existing`: read and write; the file must exist.
 */
export type OpenMode = 'read' | 'update' | 'create' | 'exclusive' | 'existing';

/** What is told of a file. */
export interface FileStat {
  /** In bytes. */
  size: number;
  isDirectory: boolean;
}

/** An open file. All positions are absolute: the file system keeps no cursor. */
export interface FileHandle {
  /** Reads up to `length` bytes at `position` into `buffer` from `offset` on; resolves to the count, 0 at the end of the file. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  /** Writes `buffers` one after the other from `position` on; resolves to the number of bytes written, which may be less than all. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>;
  /** As `write`, and resolves only once the bytes of this call are on the disk; those of earlier calls need not be. */
  writeSynced(buffers: readonly Uint8Array[], position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Resolves once the content and size are on the disk (fdatasync). The file's name is not: see `syncDirectory`. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The disk as the log sees it: `NodeFileSystem` is the real one, `SimulatedDisk` one that crashes. Paths are absolute; a method
 * rejects with Node's system error, `code` included.
 */
export interface FileSystem {
  open(path: string, mode: OpenMode): Promise<FileHandle>;
  readFile(path: string): Promise<Uint8Array>;
  /** Replaces what is at `to`. On the disk only after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Creates one directory; one that exists is fine. */
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  /** `undefined` when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Resolves once the names in a directory are on the disk. */
  syncDirectory(path: string): Promise<void>;
}
