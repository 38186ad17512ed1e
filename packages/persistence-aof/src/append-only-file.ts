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
import { basename } from 'node:path';
import { AofError, errorText } from './errors.js';
import { FileSet, type PutAside } from './file-set.js';
import type { LogFile } from './log-file.js';
import { LogStream } from './log-stream.js';
import type { AofState, AofStatus, AppendOnlyFileOptions, FsyncPolicy } from './options.js';
import { Rewrite } from './rewrite.js';
import { RewriteHistory } from './rewrite-history.js';

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

const POLICIES: readonly FsyncPolicy[] = ['always', 'everysec', 'no'];

/**
 * A durable log of commands. `append` copies into memory, `flush` begins to write, `onDurable` says how far the disk has come;
 * `tick` drives what depends on time. Positions are bytes of the stream since construction.
 *
 * `open` comes first, except where `startRewrite` is to switch the log on. @throws {AofError} from `open`; write errors go to
 * `onFatal` and `onWriteStatus`, and `close` rejects when something could not be written
 */
export class AppendOnlyFile {
  /** May be changed at any time. */
  policy: FsyncPolicy;
  readonly #options: AppendOnlyFileOptions;
  #files: FileSet;
  readonly #stream = new LogStream();
  readonly #history = new RewriteHistory();
  #state: AofState = 'closed';
  #file: LogFile | undefined;

  #working = false;
  #syncing = false;
  /** There was an fsync since the last time that the owner could gather commands. */
  #mayGather = false;
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
  #dropWanted = false;
  /** Bytes in the manifest's files without the current one. */
  #olderBytes = 0;
  #baseSize = 0;

  /** @throws {RangeError} for a policy or a time that is none */
  constructor(options: AppendOnlyFileOptions) {
    if (!POLICIES.includes(options.policy)) {
      throw new RangeError(`policy is one of ${POLICIES.join(', ')}: ${options.policy}`);
    }
    if (!Number.isFinite(options.now))
      throw new RangeError(`now is milliseconds since the epoch: ${String(options.now)}`);
    this.#options = options;
    this.policy = options.policy;
    this.#files = new FileSet(options.fileSystem, options);
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
      const { base, total } = await files.sizes();
      const file = await files.openLast();
      this.#file = file;
      this.#olderBytes = total - file.size;
      this.#baseSize = base;
      this.#state = 'open';
      await files.deleteHistory().catch(() => undefined);
    } finally {
      this.#opening = false;
    }
  }

  /**
   * The log that is opened or begun next is in another directory.
   * @throws AofError `STATE` unless it is closed
   */
  moveTo(directory: string): void {
    this.#expect('closed');
    this.#files = new FileSet(this.#options.fileSystem, { ...this.#options, directory });
  }

  get state(): AofState {
    return this.#state;
  }

  /** Stream position behind everything appended. */
  get appendedOffset(): number {
    return this.#stream.appended;
  }

  /** Stream position up to which the operating system has the bytes: what survives the end of the process. */
  get writtenOffset(): number {
    return this.#stream.written;
  }

  /** Stream position up to which the disk has the bytes. */
  get durableOffset(): number {
    return this.#stream.durable;
  }

  /** Bytes in memory. While the disk is slow or failing it grows with every command: the owner stops reading clients at some size. */
  get pendingBytes(): number {
    return this.#stream.appended - this.#stream.written;
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
    this.#stream.append(database, bytes, offset, length);
  }

  /** Starts writing what is appended, unless a job is running: that goes on with it by itself. */
  flush(): void {
    if (this.#working || this.#stream.queuedBytes === 0) return;
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
    if (this.#rewrite !== undefined)
      throw new AofError('STATE', 'Background append only file rewriting already in progress');
    if (this.#state === 'failed' || this.#closing !== undefined || this.#opening)
      throw new AofError('STATE', 'The append only file is stopped');
    if (this.#error !== undefined)
      throw new AofError('STATE', `The append only file cannot be written: ${this.#error.text}`);
    const first = this.#state !== 'open';
    this.#state = first ? 'waiting' : 'open';
    const boundary = this.#stream.divide();
    const switched = new Promise<void>((resolve, reject) => {
      this.#switch = { boundary, resolve, reject };
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
    if (this.#state !== 'open' || this.#rewrite !== undefined || this.#error !== undefined || percentage <= 0)
      return false;
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
    if (this.#opening) return Promise.reject(new AofError('STATE', 'The append only file is being opened'));
    this.#closing ??= this.#close().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#rewrite?.abort('the append only file is being closed');
    this.#retry = true;
    this.#work();
    while (this.#working) await new Promise<void>((resolve) => this.#idle.push(resolve));
    const cause = this.#error?.cause;
    // Closed before the file is, or what is appended meanwhile would be written to a file that is gone.
    const file = this.#file;
    if (this.#state === 'open') this.#files.leave(this.currentSize);
    else if (this.#state === 'failed') this.#files.leave(-1);
    this.#file = undefined;
    this.#state = 'closed';
    this.#error = undefined;
    this.#retry = false;
    this.#stream.discard(this.#stream.appended);
    await file?.close().catch(() => undefined);
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
    this.#working = true;
    const job = this.#nextJob();
    if (job === undefined) this.#working = false;
    else void this.#run(job);
  }

  async #run(first: Promise<void>): Promise<void> {
    for (let job: Promise<void> | undefined = first; job !== undefined; job = this.#nextJob()) await job;
    this.#working = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #nextJob(): Promise<void> | undefined {
    if (this.#state === 'closed' || this.#state === 'failed') return undefined;
    const file = this.#file;
    if (file === undefined) {
      this.#discard();
      return this.#switch === undefined ? undefined : this.#switchFiles(this.#switch);
    }
    if (this.#dropWanted) return this.#dropFile(file);
    if (this.#error !== undefined && !this.#retry) return undefined;
    const stream = this.#stream;
    const unsynced = stream.written > stream.durable;
    // Before the next batch, or there would be no fsync as long as there is something to write.
    if (unsynced && (this.policy === 'always' || this.#syncWanted)) return this.#sync(file);
    if (stream.batchBytes === 0) {
      if (
        this.#mayGather &&
        stream.appended > stream.taken &&
        this.#closing === undefined &&
        this.#switch === undefined
      ) {
        this.#mayGather = false;
        if (this.policy === 'always' && this.#options.gather !== undefined) return this.#options.gather();
      }
      const untilSwitch = this.#switch === undefined ? MAX_BATCH_BYTES : this.#switch.boundary - stream.taken;
      stream.take(Math.min(MAX_BATCH_BYTES, untilSwitch));
    }
    if (stream.batchBytes > 0) return this.#writeBatch(file);
    if (unsynced && (this.#closing !== undefined || this.#switch !== undefined)) return this.#sync(file);
    if (this.#switch !== undefined) return this.#switchFiles(this.#switch);
    return undefined;
  }

  async #writeBatch(file: LogFile): Promise<void> {
    const stream = this.#stream;
    const synced = this.policy === 'always' && file.isSynced;
    this.#lastAttempt = this.#now;
    this.#syncing = synced;
    try {
      if (synced) await file.writeSynced(stream.batch, stream.batchBytes);
      else await file.write(stream.batch, stream.batchBytes);
    } catch (error) {
      await this.#diskFailed('write', error, file);
      return;
    } finally {
      this.#syncing = false;
    }
    stream.release();
    if (this.#error?.operation === 'write') this.#diskWorks();
    if (synced) this.#isDurable(stream.written);
  }

  async #sync(file: LogFile): Promise<void> {
    const offset = this.#stream.written;
    this.#lastAttempt = this.#now;
    this.#lastSync = this.#now;
    this.#syncWanted = false;
    this.#syncing = true;
    try {
      await file.sync();
    } catch (error) {
      this.#syncWanted = true;
      await this.#diskFailed('sync', error, file);
      return;
    } finally {
      this.#syncing = false;
    }
    // Each failure ends when what failed succeeds.
    if (this.#error?.operation === 'sync') this.#diskWorks();
    this.#isDurable(offset);
  }

  #isDurable(offset: number): void {
    this.#mayGather = true;
    this.#confirm(offset);
  }

  #confirm(offset: number): void {
    if (this.#stream.confirm(offset)) this.#options.onDurable?.(offset);
  }

  async #diskFailed(operation: 'write' | 'sync', cause: unknown, file: LogFile): Promise<void> {
    const text = errorText(cause);
    const known = this.#error?.text === text;
    this.#error = { operation, cause, text };
    this.#retry = false;
    this.#rejectSwitch(cause);
    if (this.policy !== 'always') {
      if (!known) this.#options.onWriteStatus?.(text);
      return;
    }
    this.#state = 'failed';
    void this.#rewrite?.abort('the append only file failed');
    // Nobody was told that these bytes are safe, and the next process could not know that they are not.
    await file.cutUnsynced().catch(() => undefined);
    this.#options.onFatal?.(cause);
  }

  #diskWorks(): void {
    this.#error = undefined;
    this.#retry = false;
    this.#options.onWriteStatus?.(undefined);
  }

  /** Without a file nothing can be kept, and need not be: whatever precedes the first rewrite is in its base. */
  #discard(): void {
    this.#stream.discard(this.#switch?.boundary ?? this.#stream.appended);
    this.#confirm(this.#stream.written);
  }

  async #switchFiles(request: FileSwitch): Promise<void> {
    const old = this.#file;
    let file: LogFile;
    try {
      if (old === undefined) await this.#files.loadToReplace();
      file = old === undefined ? await this.#files.createTemporaryIncr() : await this.#files.addIncr();
    } catch (error) {
      if (this.#switch === request) this.#rejectSwitch(error);
      return;
    }
    const withdrawn = this.#switch !== request;
    if (withdrawn && old === undefined) return this.#deleteTemporaryFile(file);
    // In the manifest it is the current file, wanted or not.
    this.#file = file;
    this.#olderBytes += old?.size ?? 0;
    if (!withdrawn) this.#switch = undefined;
    request.resolve();
    await old?.close().catch(() => undefined);
  }

  #rejectSwitch(error: unknown): void {
    this.#switch?.reject(error);
    this.#switch = undefined;
  }

  /** The first rewrite failed: what was written since is of no use. */
  #dropFile(file: LogFile): Promise<void> {
    this.#dropWanted = false;
    this.#file = undefined;
    this.#stream.release();
    if (this.#error !== undefined) this.#diskWorks();
    return this.#deleteTemporaryFile(file);
  }

  async #deleteTemporaryFile(file: LogFile): Promise<void> {
    await file.close().catch(() => undefined);
    await this.#files.deleteTemporaryIncr().catch(() => undefined);
  }

  async #install(baseSize: number, first: boolean): Promise<void> {
    const putAside = await this.#files.install(first, this.#now);
    if (putAside !== undefined) this.#warnOf(putAside);
    // The base is good for the next start, but a log that failed meanwhile stays so: replies may be missing in it.
    if (this.#state !== 'failed') this.#state = 'open';
    this.#olderBytes = baseSize;
    this.#baseSize = this.currentSize;
    // What stays behind is listed as history in the manifest and deleted another time.
    await this.#files.deleteHistory().catch(() => undefined);
  }

  #warnOf({ aside, error }: PutAside): void {
    const rest =
      error === undefined
        ? ''
        : `, except for files that could not be moved (${errorText(error)}) and stay where they were`;
    const load = `to load it, start with --appenddirname ${basename(aside)}`;
    this.#options.onWarning?.(`An append only file that was not loaded has been moved to ${aside}${rest}; ${load}`);
  }

  #rewriteEnded(first: boolean, error: unknown): void {
    this.#rewrite = undefined;
    this.#history.end(this.#now, error === undefined);
    if (error === undefined) return;
    this.#rejectSwitch(error);
    this.#dropWanted = first && this.#file !== undefined;
    this.#work();
  }
}
