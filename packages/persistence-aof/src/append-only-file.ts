/**
 * The writing side of the log.
 *
 * `append` copies a command into memory and returns; everything else happens in jobs, of which one runs at a time: write what is
 * queued, fsync, switch to another file. While a job runs the next batch gathers by itself; under `always` that is
 * the group commit: one write and one fsync for all that came in meanwhile. There is no timer here: the owner
 * calls `flush` after the commands of a turn and `tick` about ten times a second.
 *
 * Positions are counted in bytes of the stream since construction: appended >= written >= durable. A reply that must not
 * leave before its command is safe waits until `onDurable` passes the `appendedOffset` after the command.
 *
 * A rewrite divides the stream at the moment it begins: what was appended before goes to the old file, which is fsynced in whole
 * before the new file gets a byte. So only the file that is last with content can ever have a torn tail, whatever the policy.
 *
 * When writing fails: under `always` that is the end (`onFatal`), since replies were promised to wait. Otherwise
 * the state is `err`, the owner refuses writes (`-MISCONF`), the bytes stay queued, and about once a second they are tried again.
 */
import { CommandQueue } from './command-queue.js';
import { AofError, errorText } from './errors.js';
import type { FileSystem } from './file-system.js';
import { FileSet } from './file-set.js';
import type { AofLocation } from './file-set.js';
import type { LogFile } from './log-file.js';
import { Rewrite } from './rewrite.js';
import { RewriteHistory } from './rewrite-history.js';
import type { RewriteFigures } from './rewrite-history.js';

export type FsyncPolicy = 'always' | 'everysec' | 'no';

export interface AppendOnlyFileOptions extends AofLocation {
  fileSystem: FileSystem;
  /** Redis's `appendfsync`. */
  policy: FsyncPolicy;
  /** Current time in milliseconds, on the clock that `tick` is told. */
  now: number;
  /** Everything up to `offset` is on the disk. */
  onDurable?: (offset: number) => void;
  /** Policy `always` and the disk failed: nothing more will be written, no waiting reply may leave. Called once. */
  onFatal?: (error: unknown) => void;
  /** Writing began to fail, or works again (`undefined`): the text for `-MISCONF Errors writing to the AOF file: …`. */
  onWriteStatus?: (error: string | undefined) => void;
}

/**
 * - `closed`: nothing is kept.
 * - `waiting`: switched on at run time; commands are kept, but the log only counts once its first rewrite is finished.
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

/** A backlog is written in batches of about this size, so that `always` can confirm some of it early. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const SYNC_INTERVAL_MS = 1000;
const RETRY_INTERVAL_MS = 1000;

interface FileSwitch {
  /** The stream position at which the new file begins. */
  readonly boundary: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AppendOnlyFile {
  /** May be changed at any time. */
  policy: FsyncPolicy;
  readonly #options: AppendOnlyFileOptions;
  readonly #files: FileSet;
  readonly #queue = new CommandQueue();
  readonly #history: RewriteHistory;
  #state: AofState = 'closed';
  #file: LogFile | undefined;

  /** Taken from the queue, not yet written. */
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  /** Stream position of the end of the batch: the queue begins here. */
  #takenOffset = 0;
  #writtenOffset = 0;
  #durableOffset = 0;

  #working = false;
  #syncing = false;
  #idle: (() => void)[] = [];
  /** An fsync is due although the policy alone would not ask for it. */
  #syncWanted = false;
  #opening = false;
  #closing: Promise<void> | undefined;
  #now: number;
  #lastSync: number;
  #lastAttempt = 0;
  #error: { readonly operation: 'write' | 'sync'; readonly cause: unknown; readonly text: string } | undefined;
  #retry = false;

  #rewrite: Rewrite | undefined;
  #switch: FileSwitch | undefined;
  /** The first rewrite of a log failed: its increment is of no use. */
  #dropFile = false;
  /** Bytes in the manifest's files without the current one. */
  #olderBytes = 0;
  #baseSize = 0;

  constructor(options: AppendOnlyFileOptions) {
    this.#options = options;
    this.policy = options.policy;
    this.#files = new FileSet(options.fileSystem, options);
    this.#history = new RewriteHistory(options.now);
    this.#now = options.now;
    this.#lastSync = options.now;
  }

  /**
   * Opens the log at start, after `loadAppendOnlyFile`, or creates an empty one.
   *
   * @throws AofError `STATE`, `MANIFEST`, `MISSING_FILE`; whatever the file system throws.
   */
  async open(): Promise<void> {
    this.#expect('closed');
    this.#opening = true;
    try {
      const files = this.#files;
      await files.load();
      const file = await files.openLast();
      const { base, total } = await files.sizes();
      this.#file = file;
      this.#olderBytes = total - file.size;
      this.#baseSize = base;
      this.#state = 'open';
      await files.deleteHistory().catch(() => undefined);
    } finally {
      this.#opening = false;
    }
  }

  get state(): AofState {
    return this.#state;
  }

  /** Stream position behind everything appended. */
  get appendedOffset(): number {
    return this.#takenOffset + this.#queue.length;
  }

  /** Stream position up to which the operating system has the bytes: what survives the end of the process. */
  get writtenOffset(): number {
    return this.#writtenOffset;
  }

  /** Stream position up to which the disk has the bytes. */
  get durableOffset(): number {
    return this.#durableOffset;
  }

  /** Bytes in memory. While the disk is slow or failing it grows with every command: the owner stops reading clients at some size. */
  get pendingBytes(): number {
    return this.#queue.length + this.#batchBytes;
  }

  /** Why writing fails at present, as `strerror` says it; `undefined` while it works. */
  get writeError(): string | undefined {
    return this.#error?.text;
  }

  get rewriting(): boolean {
    return this.#rewrite !== undefined;
  }

  /** Bytes in the base and all increments. */
  get currentSize(): number {
    return this.#olderBytes + (this.#file?.size ?? 0);
  }

  /**
   * Copies one command (RESP multibulk, as it came) for later writing. Call `flush` once the turn's commands are appended.
   * Ignored while `closed` or `failed`.
   */
  append(database: number, bytes: Uint8Array, offset: number, length: number): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#queue.append(database, bytes, offset, length);
  }

  /** Starts writing what is appended, unless a job is running: that goes on with it by itself. */
  flush(): void {
    if (this.#working || this.#queue.length === 0) return;
    this.#work();
  }

  /** Lets time pass: the fsync of `everysec`, and new attempts after errors. */
  tick(now: number): void {
    this.#now = now;
    if (this.#error !== undefined && now - this.#lastAttempt >= RETRY_INTERVAL_MS) this.#retry = true;
    if (this.policy === 'everysec' && now - this.#lastSync >= SYNC_INTERVAL_MS) this.#syncWanted = true;
    this.#work();
  }

  /**
   * Begins a rewrite: the base must describe the data as it is at this moment; what is appended from now on comes after it.
   * On a `closed` log this switches it on (`waiting`), and again after such a first rewrite failed.
   *
   * @throws AofError `STATE` if a rewrite runs, the log is `failed`, or writing fails at present.
   */
  startRewrite(): Rewrite {
    if (this.#rewrite !== undefined) throw new AofError('STATE', 'Background append only file rewriting already in progress');
    if (this.#state === 'failed' || this.#closing !== undefined || this.#opening) throw new AofError('STATE', 'The append only file is stopped');
    if (this.#error !== undefined) throw new AofError('STATE', `The append only file cannot be written: ${this.#error.text}`);
    const first = this.#state !== 'open';
    this.#state = first ? 'waiting' : 'open';
    this.#queue.close();
    this.#queue.forgetDatabase();
    const switched = new Promise<void>((resolve, reject) => {
      this.#switch = { boundary: this.appendedOffset, resolve, reject };
    });
    const rewrite = new Rewrite({
      fileSystem: this.#options.fileSystem,
      path: this.#files.temporaryBasePath,
      switched,
      install: (baseSize) => this.#install(baseSize, first),
      ended: (error) => this.#rewriteEnded(first, error),
    });
    this.#rewrite = rewrite;
    this.#history.begin(this.#now);
    this.#work();
    return rewrite;
  }

  /**
   * Whether the log has outgrown its base: Redis's `auto-aof-rewrite-percentage` (0: never) and `auto-aof-rewrite-min-size`.
   * After three failures in a row it waits a minute, two, four, … up to an hour.
   */
  shouldRewrite(percentage: number, minSize: number): boolean {
    if (this.#state !== 'open' || this.#rewrite !== undefined || this.#error !== undefined || percentage <= 0) return false;
    const size = this.currentSize;
    if (size <= minSize || (size * 100) / Math.max(1, this.#baseSize) - 100 < percentage) return false;
    return this.#history.mayRetry(this.#now);
  }

  /**
   * Gives up a rewrite, writes and fsyncs everything, and closes the file. The files stay.
   *
   * @throws the error of the disk, if something appended could not be made durable; the log is closed even so.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#rewrite?.abort('the append only file is being closed');
    this.#retry = true;
    this.#work();
    if (this.#working) await new Promise<void>((resolve) => this.#idle.push(resolve));
    const cause = this.#error?.cause;
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    this.#state = 'closed';
    this.#error = undefined;
    this.#queue.clear();
    this.#releaseBatch();
    if (cause !== undefined) throw cause as Error;
  }

  status(): AofStatus {
    return {
      state: this.#state,
      currentSize: this.currentSize,
      baseSize: this.#baseSize,
      bufferLength: this.pendingBytes,
      fsyncInProgress: this.#syncing,
      lastWriteError: this.#error?.text,
      rewriteInProgress: this.#rewrite !== undefined,
      ...this.#history.figures(this.#now),
    };
  }

  #expect(state: AofState): void {
    if (this.#state !== state || this.#opening) {
      throw new AofError('STATE', `The append only file is ${this.#opening ? 'being opened' : this.#state}`);
    }
  }

  /** Runs jobs until there is none. The last look for a job and the end of the work are one synchronous step: no call is missed. */
  #work(): void {
    if (this.#working) return;
    let job = this.#nextJob();
    if (job === undefined) return;
    this.#working = true;
    const run = async (): Promise<void> => {
      for (; job !== undefined; job = this.#nextJob()) await job;
      this.#working = false;
      const idle = this.#idle;
      this.#idle = [];
      for (const resolve of idle) resolve();
    };
    void run();
  }

  #nextJob(): Promise<void> | undefined {
    if (this.#state === 'closed' || this.#state === 'failed') return undefined;
    const file = this.#file;
    if (file === undefined) {
      this.#discard();
      return this.#switch === undefined ? undefined : this.#switchFiles(this.#switch);
    }
    if (this.#dropFile) return this.#dropTemporaryFile(file);
    if (this.#error !== undefined && !this.#retry) return undefined;
    if (this.#batchBytes === 0) this.#takeBatch();
    if (this.#batchBytes > 0) return this.#writeBatch(file);
    if (this.#writtenOffset > this.#durableOffset) {
      const mustSync = this.policy === 'always' || this.#syncWanted || this.#closing !== undefined || this.#switch !== undefined;
      if (mustSync) return this.#sync(file);
    }
    if (this.#switch !== undefined) return this.#switchFiles(this.#switch);
    return undefined;
  }

  #takeBatch(): void {
    const limit = this.#switch === undefined ? MAX_BATCH_BYTES : this.#switch.boundary - this.#takenOffset;
    if (limit === 0) return;
    this.#batchBytes = this.#queue.take(Math.min(MAX_BATCH_BYTES, limit), this.#batch);
    this.#takenOffset += this.#batchBytes;
  }

  #releaseBatch(): void {
    this.#queue.recycle(this.#batch);
    this.#batch.length = 0;
    this.#batchBytes = 0;
    this.#writtenOffset = this.#takenOffset;
  }

  async #writeBatch(file: LogFile): Promise<void> {
    this.#lastAttempt = this.#now;
    try {
      await file.write(this.#batch, this.#batchBytes);
    } catch (error) {
      this.#diskFailed('write', error);
      return;
    }
    this.#releaseBatch();
    // After a failed fsync only an fsync can tell that all is well again.
    if (this.#error?.operation === 'write') this.#diskWorks();
  }

  async #sync(file: LogFile): Promise<void> {
    const offset = this.#writtenOffset;
    this.#lastAttempt = this.#now;
    this.#lastSync = this.#now;
    this.#syncWanted = false;
    this.#syncing = true;
    try {
      await file.sync();
    } catch (error) {
      this.#syncWanted = true;
      this.#diskFailed('sync', error);
      return;
    } finally {
      this.#syncing = false;
    }
    if (this.#error !== undefined) this.#diskWorks();
    this.#setDurable(offset);
  }

  #setDurable(offset: number): void {
    if (offset === this.#durableOffset) return;
    this.#durableOffset = offset;
    this.#options.onDurable?.(offset);
  }

  #diskFailed(operation: 'write' | 'sync', cause: unknown): void {
    const text = errorText(cause);
    const known = this.#error?.text === text;
    this.#error = { operation, cause, text };
    this.#retry = false;
    this.#rejectSwitch(cause);
    if (this.policy === 'always') {
      this.#state = 'failed';
      this.#queue.clear();
      this.#options.onFatal?.(cause);
    } else if (!known) {
      this.#options.onWriteStatus?.(text);
    }
  }

  #diskWorks(): void {
    this.#error = undefined;
    this.#retry = false;
    this.#options.onWriteStatus?.(undefined);
  }

  /** Without a file nothing can be kept, and need not be: whatever precedes the first rewrite is in its base. */
  #discard(): void {
    const limit = (this.#switch?.boundary ?? this.appendedOffset) - this.#takenOffset;
    while (this.#takenOffset < (this.#switch?.boundary ?? this.appendedOffset)) {
      this.#takenOffset += this.#queue.take(limit, this.#batch);
      this.#releaseBatch();
    }
    this.#setDurable(this.#takenOffset);
  }

  async #switchFiles(request: FileSwitch): Promise<void> {
    const old = this.#file;
    try {
      let file: LogFile;
      if (old === undefined) {
        await this.#files.load();
        file = await this.#files.createTemporaryIncr();
      } else {
        file = await this.#files.addIncr();
      }
      this.#file = file;
      this.#olderBytes += old?.size ?? 0;
      request.resolve();
    } catch (error) {
      request.reject(error);
      if (this.#switch === request) this.#switch = undefined;
      return;
    }
    if (this.#switch === request) this.#switch = undefined;
    await old?.close().catch(() => undefined);
  }

  #rejectSwitch(error: unknown): void {
    this.#switch?.reject(error);
    this.#switch = undefined;
  }

  async #dropTemporaryFile(file: LogFile): Promise<void> {
    this.#dropFile = false;
    this.#file = undefined;
    this.#releaseBatch();
    if (this.#error !== undefined) this.#diskWorks();
    await file.close().catch(() => undefined);
    await this.#files.deleteTemporaryIncr().catch(() => undefined);
  }

  async #install(baseSize: number, first: boolean): Promise<void> {
    await this.#files.install(first);
    this.#state = 'open';
    this.#olderBytes = baseSize;
    this.#baseSize = this.currentSize;
    // What stays behind is listed as history in the manifest and deleted another time.
    await this.#files.deleteHistory().catch(() => undefined);
  }

  #rewriteEnded(first: boolean, error: unknown): void {
    this.#rewrite = undefined;
    this.#history.end(this.#now, error === undefined);
    if (error === undefined) return;
    this.#rejectSwitch(error);
    if (first) this.#dropFile = true;
    this.#work();
  }
}
