/** What an `AppendOnlyFile` is told, and what it tells. */
import type { FileSystem } from './file-system.js';
import type { AofLocation } from './file-set.js';
import type { RewriteFigures } from './rewrite-history.js';

/**
 * Redis's `appendfsync`: before anybody is told that a write is durable (`always`), about once a second in the
 * background (`everysec`), or when the operating system likes to (`no`).
 */
export type FsyncPolicy = 'always' | 'everysec' | 'no';

/** Where the log is, when it is synced, and what it calls back. */
export interface AppendOnlyFileOptions extends AofLocation {
  fileSystem: FileSystem;
  policy: FsyncPolicy;
  /** Current time in milliseconds, on the clock that `tick` is told. */
  now: number;
  /**
   * Policy `always`: awaited after an fsync, before the next batch is taken. Whoever was just answered may have the next
   * command on its way; an owner that lets it arrive first has one fsync cover more of them. It must end soon.
   */
  gather?: () => Promise<void>;
  /** Everything up to `offset` is on the disk. */
  onDurable?: (offset: number) => void;
  /** Policy `always` and the disk failed: nothing more will be written, no waiting reply may leave. Called once. */
  onFatal?: (error: unknown) => void;
  /** Writing began to fail, or works again (`undefined`): the text for `-MISCONF Errors writing to the AOF file: …`. */
  onWriteStatus?: (error: string | undefined) => void;
  /** Something that a person should know, in one line. */
  onWarning?: (text: string) => void;
}

/**
 * - `closed`: nothing is kept.
 * - `waiting`: switched on at run time; commands are written (and confirmed) as usual, but only count once the first rewrite is finished.
 * - `open`: in service.
 * - `failed`: stopped by an error under `always`.
 */
export type AofState = 'closed' | 'waiting' | 'open' | 'failed';

/** For INFO. Sizes in bytes. */
export interface AofStatus extends RewriteFigures {
  state: AofState;
  currentSize: number;
  /** Size after the last rewrite, or of the base when the log was opened: what growth is measured against. */
  baseSize: number;
  bufferLength: number;
  fsyncInProgress: boolean;
  /** As `writeError`. */
  lastWriteError: string | undefined;
  rewriteInProgress: boolean;
}
