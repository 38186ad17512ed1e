/**
 * Redis 7's append-only file. In reading order:
 *
 * - `file-system.ts`: the only door to the disk; `node-file-system.ts` is the real one,
 *   `simulated-disk.ts` (with `simulated-file.ts`) one that crashes, tears and fills up for tests.
 * - `manifest.ts`: which files make up a log; `file-set.ts`: the order of disk calls that keeps
 *   the set valid at every moment; `file-names.ts`, `aside.ts`: what else lies in the directory,
 *   and where a log goes that was not read.
 * - `command-queue.ts`, `log-stream.ts`: commands on their way through memory; `log-file.ts`: one
 *   file, and its failures.
 * - `append-only-file.ts`: fsync policies, group commit, error states (`options.ts`: what it is
 *   told and tells).
 * - `rewrite.ts`: a new base while commands go on; `rewrite-history.ts`: how that went.
 * - `load.ts`: the replay; `skipping.ts`: what it may pass over; `tail.ts`: whether the end of a file is an interrupted write or damage.
 * - `errors.ts`: all that is refused.
 */
export { AppendOnlyFile } from './append-only-file.js';
export type { AofState, AofStatus, AppendOnlyFileOptions, FsyncPolicy } from './options.js';
export { AofError } from './errors.js';
export type { AofErrorCode } from './errors.js';
export type { FileHandle, FileStat, FileSystem, OpenMode } from './file-system.js';
export type { AofLocation } from './file-set.js';
export { loadAppendOnlyFile } from './load.js';
export type { ApplyCommand, LoadOptions, LoadReport } from './load.js';
export { Rejection, type Skipped, type Skipping } from './skipping.js';
export { NodeFileSystem, type NodeFileSystemOptions } from './node-file-system.js';
export { Rewrite } from './rewrite.js';
export { SimulatedDisk } from './simulated-disk.js';
export type { DiskOperation, SimulatedDiskOptions } from './simulated-disk.js';
