export { AppendOnlyFile } from './append-only-file.js';
export type { AofState, AofStatus, AppendOnlyFileOptions, FsyncPolicy } from './append-only-file.js';
export { AofError } from './errors.js';
export type { AofErrorCode } from './errors.js';
export type { FileHandle, FileStat, FileSystem, OpenMode } from './file-system.js';
export type { AofLocation } from './file-set.js';
export { NodeFileSystem } from './node-file-system.js';
export { Rewrite } from './rewrite.js';
