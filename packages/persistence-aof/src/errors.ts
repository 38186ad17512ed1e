/**
 * Everything that this package refuses, in one place: what a caller can tell apart has a code, what a person reads is one line.
 */

export type AofErrorCode =
  /** The manifest cannot be read as one. */
  | 'MANIFEST'
  /** A file that the manifest names is not there. */
  | 'MISSING_FILE'
  /** There are files of a log that no manifest names. */
  | 'STRAY_FILES'
  /** The base file is in RDB format, which this package does not read. */
  | 'RDB_BASE'
  /** A file ends within a command or a transaction, and may not be cut. */
  | 'TRUNCATED'
  /** A file holds something that is not a command. */
  | 'DAMAGED'
  /** A command was read but could not be applied; `cause` says why. */
  | 'REJECTED'
  /** The call does not fit the state, for instance a second rewrite while one runs. */
  | 'STATE'
  /** A rewrite was given up. */
  | 'ABORTED';

export interface AofErrorDetails {
  /** Name of the file, without its directory. */
  file?: string;
  /** Where in `file`, in bytes; for a manifest, the number of the line. */
  offset?: number;
  cause?: unknown;
}

/**
 * A log that is refused; nothing on the disk has changed. `file` is the name within the log's directory, `offset` a byte of it, or
 * the line of a manifest.
 */
export class AofError extends Error {
  override readonly name = 'AofError';
  readonly code: AofErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;

  constructor(code: AofErrorCode, message: string, details: AofErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.file = details.file;
    this.offset = details.offset;
  }
}

/** C's `strerror` for what disks say, as Redis puts it into `-MISCONF` replies; libuv words some of them differently. */
const STRERROR: Record<string, string> = {
  EACCES: 'Permission denied',
  EBADF: 'Bad file descriptor',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EIO: 'Input/output error',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
};

/** The text of a file system's error as `strerror` has it, or the error's own message. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  return (typeof code === 'string' ? STRERROR[code] : undefined) ?? error.message;
}
