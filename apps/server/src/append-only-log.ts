/**
 * The append-only file in a server: loading at start, the feed of effects, group commit, rewrites in slices.
 */
import { clearImmediate, setImmediate } from 'node:timers';
import type { Dispatcher, EffectFeed, Session } from '@clone/command-registry';
import type { Database, Keyspace, KeyspaceListener } from '@clone/core-store';
import {
  AppendOnlyFile,
  type AofStatus,
  type FileSystem,
  loadAppendOnlyFile,
  type Rewrite,
  type Skipping,
} from '@clone/persistence-aof';
import { EffectBuffer } from '@clone/command-registry';
import type { Config } from './config/config.js';
import { DirectoryLock, type DirectoryLockedError } from './directory-lock.js';
import type { KeyspaceListeners } from './keyspace-listeners.js';
import { LockedFileSystem } from './locked-file-system.js';
import { LogReplay } from './log-replay.js';
import { lookAhead } from './look-ahead.js';
import type { ProcessFacts } from './process-facts.js';
import { RecordCommands } from './record-commands.js';
import type { AppendOnlyStatus, LoadingProgress, RewriteStart } from './server-context.js';

/** Milliseconds of walking per turn of the event loop during a rewrite. */
const SLICE_MS = 1;
/** Before the next attempt when the rewrite that switches the log on has failed. */
const RETRY_MS = 1000;
/** Lines about skipped commands; the rest is counted. */
const SKIPPED_LINES = 100;
/** Waiting for the disk: beyond this much, clients wait too. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

export interface LogHost {
  readonly keyspace: Keyspace;
  readonly listeners: KeyspaceListeners;
  readonly dispatcher: Dispatcher;
  readonly config: Config;
  readonly fileSystem: FileSystem;
  readonly facts: ProcessFacts;
  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void;
  /** Lets more commands arrive before the next fsync; see `ReplyGate`. */
  gather(): Promise<void>;
  /** The log is durable up to this offset. */
  durable(offset: number): void;
  /** Policy `always` and the disk failed. */
  fatal(error: unknown): void;
  /** Another server has taken the directory over: nothing is written there any more. */
  lost(error: DirectoryLockedError): void;
}

export class AppendOnlyLog implements EffectFeed, KeyspaceListener {
  readonly #host: LogHost;
  readonly #lock: DirectoryLock;
  /** Behind the lock. */
  readonly #disk: FileSystem;
  readonly #file: AppendOnlyFile;
  /** Where the log is; follows `dir` while nothing is written there. */
  #directory: string;
  readonly #removal = new EffectBuffer();
  #enabled = false;
  #flushPlanned: NodeJS.Immediate | undefined;
  #rewrite: Rewrite | undefined;
  #rewriting: Promise<void> = Promise.resolve();
  /** A rewrite is to begin at a tick, not before this time. */
  #scheduled = false;
  #notBefore = 0;
  /** The log is being switched off. */
  #switchingOff = false;
  #loadingGivenUp = false;
  #loading = { startedAt: 0, total: 0, loaded: 0 };
  /** What the files have and this server has not, because it skipped it: only a rewrite that is asked for drops it. */
  #skipped = 0;

  constructor(host: LogHost) {
    this.#host = host;
    const { config } = host;
    this.#directory = config.dir;
    this.#lock = new DirectoryLock(host);
    this.#disk = new LockedFileSystem(host.fileSystem, this.#lock, () => this.#directory);
    this.#file = new AppendOnlyFile({
      fileSystem: this.#disk,
      directory: config.dir,
      appendDirName: config.appendDirname,
      appendFileName: config.appendFilename,
      policy: config.appendFsync,
      now: host.keyspace.now,
      gather: () => host.gather(),
      onDurable: (offset) => host.durable(offset),
      onFatal: (error) => host.fatal(error),
      onWriteStatus: (error) => this.#writeStatus(error),
      onWarning: (text) => host.log('warning', text),
    });
  }

  #writeStatus(error: string | undefined): void {
    const { dispatcher } = this.#host;
    if (!this.#enabled) return;
    if (error === undefined) {
      dispatcher.writesDenied = '';
      this.#host.log('warning', 'AOF write error looks solved, the server accepts writes again');
    } else {
      dispatcher.writesDenied = `MISCONF Errors writing to the AOF file: ${error}`;
      this.#host.log('warning', `Error writing to the AOF file: ${error}. Writes are refused until it is solved`);
    }
  }

  // ── loading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Locks the directory, replays the log on disk into the keyspace, opens it for writing and
   * begins to listen. Until then the dispatcher is `loading`: a write in between would be in no
   * log.
   * @throws DirectoryLockedError; AofError when the log cannot be trusted; nothing has changed on
   * disk then
   */
  async start(session: Session): Promise<void> {
    const { dispatcher, keyspace } = this.#host;
    dispatcher.loading = true;
    keyspace.loading = true;
    keyspace.readClock();
    this.#loading = { startedAt: keyspace.now, total: 0, loaded: 0 };
    // What is replayed is in the log already.
    this.#listen(false);
    try {
      await this.#lock.take(this.#directory);
      await this.#load(session);
      await this.#file.open();
      this.#listen(true);
    } finally {
      keyspace.prefetch.end();
      dispatcher.loading = false;
      keyspace.loading = false;
    }
  }

  /** Makes a `start` that is under way fail soon. */
  giveUpLoading(): void {
    this.#loadingGivenUp = true;
    this.#lock.giveUp();
  }

  async #load(session: Session): Promise<void> {
    const { dispatcher, keyspace, config } = this.#host;
    const replay = new LogReplay(dispatcher, session);
    const start = keyspace.elapsed();
    let shown = start;
    const report = await loadAppendOnlyFile(
      {
        fileSystem: this.#disk,
        directory: this.#directory,
        appendDirName: config.appendDirname,
        appendFileName: config.appendFilename,
        loadTruncated: config.aofLoadTruncated,
        onWarning: (text) => this.#host.log('warning', text),
        ...(config.aofLoadSkipRejected ? { skipping: this.#skipping(session) } : {}),
        lookAhead: (requests, count) =>
          lookAhead(keyspace, keyspace.databases[session.dbIndex]!, dispatcher.registry, requests, count),
        onProgress: (done, total) => {
          if (this.#loadingGivenUp) throw new Error('loading was given up');
          Object.assign(this.#loading, { loaded: done, total });
          const now = keyspace.elapsed();
          if (now - shown < 1000) return;
          shown = now;
          this.#host.log(
            'notice',
            `Loading the append only file: ${Math.floor((done / total) * 100)}% of ${total} bytes`,
          );
        },
      },
      (request, index) => {
        keyspace.prefetch.current = Math.max(index, 0);
        replay.apply(request);
      },
    );
    if (!report.exists) return;
    this.#skipped = report.skipped;
    if (report.skipped > 0) {
      this.#host.log(
        'warning',
        `Skipped ${report.skipped} commands or transactions of the append only file, because aof-load-skip-rejected is yes. The files still have them: make a backup; BGREWRITEAOF writes the log without them, and it does not rewrite itself before`,
      );
    }
    const seconds = ((keyspace.elapsed() - start) / 1000).toFixed(3);
    this.#host.log('notice', `DB loaded from append only file: ${report.commands} commands, ${seconds} seconds`);
  }

  #skipping(session: Session): Skipping {
    let lines = 0;
    return {
      skipped: ({ file, offset, isTransaction, reason }) => {
        if (++lines > SKIPPED_LINES) return;
        const what = isTransaction ? 'transaction' : 'command';
        this.#host.log('warning', `Skipped the ${what} at offset ${offset} of the append only file ${file}: ${reason}`);
        if (lines === SKIPPED_LINES) this.#host.log('warning', 'More skipped commands are only counted');
      },
      startOver: () => {
        this.#host.log('notice', 'A part of that transaction is in the data already: loading begins anew');
        this.#host.keyspace.flush(undefined, false);
        session.dbIndex = 0;
      },
    };
  }

  #listen(on: boolean): void {
    this.#enabled = on;
    this.#host.dispatcher.feed = on ? this : undefined;
    if (on) this.#host.listeners.add(this);
    else this.#host.listeners.remove(this);
  }

  // ── the feed ──────────────────────────────────────────────────────────────────────────────────────────────────────

  append(db: number, bytes: Uint8Array, offset: number, length: number): void {
    this.#file.append(db, bytes, offset, length);
    this.#planFlush();
  }

  /** Once per turn of the event loop, after the reads of all sockets: one write, and one fsync, for all of them. */
  #planFlush(): void {
    this.#flushPlanned ??= setImmediate(() => {
      this.#flushPlanned = undefined;
      this.#file.flush();
    });
  }

  event(): void {
    // What a command changes is fed by the dispatcher.
  }

  removed(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const buffer = this.#removal;
    buffer.begin(2);
    buffer.text('DEL');
    buffer.bytes(bytes, offset, length);
    this.#host.dispatcher.propagate(db.index, buffer.buffer, 0, buffer.ends[0]!);
    buffer.clear();
  }

  fieldExpired(
    db: Database,
    key: Uint8Array,
    keyOffset: number,
    keyLength: number,
    field: Uint8Array,
    fieldOffset: number,
    fieldLength: number,
  ): void {
    const buffer = this.#removal;
    buffer.begin(3);
    buffer.text('HDEL');
    buffer.bytes(key, keyOffset, keyLength);
    buffer.bytes(field, fieldOffset, fieldLength);
    this.#host.dispatcher.propagate(db.index, buffer.buffer, 0, buffer.ends[0]!);
    buffer.clear();
  }

  flushed(): void {
    // The command that did it is fed by the dispatcher.
  }

  /** Whether a reply made now must wait for the disk, and up to which offset. 0: it need not. */
  get replyOffset(): number {
    if (!this.#enabled || this.#file.policy !== 'always') return 0;
    const { appendedOffset } = this.#file;
    return appendedOffset > this.#file.durableOffset ? appendedOffset : 0;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Behind everything appended, in bytes since the start. */
  get position(): number {
    return this.#file.appendedOffset;
  }

  /** Whether a restart would find everything up to this position. */
  isDurable(position: number): boolean {
    return this.#enabled && this.#file.state === 'open' && this.#file.durableOffset >= position;
  }

  /** The same for who waits for that: without a log it never comes. */
  readonly nothingToWaitFor = (position: number): boolean => !this.#enabled || this.isDurable(position);

  /** More waits for the disk than memory should hold. A disk that fails is another matter: writes are refused then. */
  get isBehind(): boolean {
    return this.#file.pendingBytes > MAX_PENDING_BYTES && this.#file.writeError === undefined;
  }

  /** Switched on at run time, and the rewrite that makes it whole is not finished. */
  get isWaiting(): boolean {
    return this.#enabled && this.#file.state !== 'open';
  }

  // ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** About ten times a second. */
  tick(now: number): void {
    if (!this.#enabled) return;
    this.#file.tick(now);
    const { autoAofRewritePercentage, autoAofRewriteMinSize } = this.#host.config;
    const due = this.#scheduled && now >= this.#notBefore && !this.#switchingOff;
    const grown = this.#skipped === 0 && this.#file.shouldRewrite(autoAofRewritePercentage, autoAofRewriteMinSize);
    if (due || grown) this.startRewrite();
  }

  // ── switching ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** CONFIG SET appendonly. Answers a refusal, or ''. */
  switch(on: boolean): string {
    if (on === this.#enabled) return '';
    if (!on) {
      this.#switchOff();
      return '';
    }
    this.#listen(true);
    if (this.#switchingOff) {
      // The log of before is still being closed.
      this.#scheduled = true;
      return '';
    }
    if (this.startRewrite() !== 'failed') return '';
    this.#listen(false);
    return 'Unable to turn on AOF. Check server logs.';
  }

  #switchOff(): void {
    this.#listen(false);
    this.#scheduled = false;
    this.#host.dispatcher.writesDenied = '';
    this.#switchingOff = true;
    void this.close()
      .catch((error: unknown) => this.#host.log('warning', `Closing the append only file: ${errorText(error)}`))
      .then(() => this.#unlock())
      .finally(() => {
        this.#switchingOff = false;
      });
  }

  /** Takes over the policy that the configuration has now: `no-appendfsync-on-rewrite` suspends it during a rewrite. */
  followPolicy(): void {
    const { appendFsync, noAppendFsyncOnRewrite } = this.#host.config;
    const policy = noAppendFsyncOnRewrite && this.#rewrite !== undefined ? 'no' : appendFsync;
    if (policy === this.#file.policy) return;
    this.#file.policy = policy;
    // What is written but not synced is synced now if the new policy asks for it.
    this.#file.tick(this.#host.keyspace.now);
    // Under the new policy nobody waits for the disk any more.
    if (policy !== 'always') this.#host.durable(this.#file.appendedOffset);
  }

  // ── rewriting ─────────────────────────────────────────────────────────────────────────────────────────────────────

  startRewrite(): RewriteStart {
    if (this.#rewrite !== undefined) return 'in progress';
    // One snapshot at a time: that of a rewrite which is being finished or given up may still be open.
    if (this.#host.keyspace.snapshotRunning) {
      this.#scheduled = true;
      return 'scheduled';
    }
    this.#scheduled = false;
    let rewrite: Rewrite;
    try {
      rewrite = this.#file.startRewrite();
    } catch (error) {
      this.#host.log('warning', `Cannot rewrite the append only file: ${errorText(error)}`);
      this.#tryAgainIfWaiting();
      return 'failed';
    }
    this.#rewrite = rewrite;
    this.followPolicy();
    this.#host.log('notice', 'Background append only file rewriting started');
    this.#rewriting = this.#writeBase(rewrite).then(
      () => this.#host.log('notice', 'Background AOF rewrite finished successfully'),
      (error: unknown) => {
        this.#host.log('warning', `Background AOF rewrite failed: ${errorText(error)}`);
        this.#tryAgainIfWaiting();
      },
    );
    this.#rewriting = this.#rewriting.then(() => this.#rewriteEnded());
    return 'started';
  }

  /** A rewrite from its beginning to its end, behind the one that runs. False: the log says why not. */
  async rewrite(): Promise<boolean> {
    await this.#rewriting;
    if (this.startRewrite() !== 'started') return false;
    await this.#rewriting;
    return this.#file.status().lastRewriteOk;
  }

  async #rewriteEnded(): Promise<void> {
    this.#rewrite = undefined;
    this.followPolicy();
    // Without a feed the log would miss what comes now, and yet look complete.
    if (this.#enabled) return;
    await this.#file.close().catch(() => undefined);
    await this.#unlock();
  }

  // ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** CONFIG SET dir. Answers a refusal, or ''. */
  moveTo(directory: string): string {
    if (directory === this.#directory) return '';
    if (this.#enabled || this.#switchingOff || this.#rewrite !== undefined || this.#lock.isHeld) {
      return "can't change the directory while the append only file is written there; set appendonly to no first";
    }
    this.#directory = directory;
    this.#file.moveTo(directory);
    return '';
  }

  /**
   * Locks the directory before the log is switched on, so that a refusal can be told.
   * @throws as `DirectoryLock.take`
   */
  prepare(): Promise<void> {
    return this.#lock.take(this.#directory);
  }

  /** Gives the directory back unless something is written there. */
  async #unlock(): Promise<void> {
    if (!this.#enabled && this.#rewrite === undefined) await this.#lock.release();
  }

  /** After a `prepare` that was for nothing. */
  async prepared(): Promise<void> {
    if (!this.#switchingOff) await this.#unlock();
  }

  /** Gives the directory back for good, after `close`. */
  unlock(): Promise<void> {
    return this.#lock.close();
  }

  #tryAgainIfWaiting(): void {
    if (!this.#enabled || this.#file.state !== 'waiting') return;
    this.#scheduled = true;
    this.#notBefore = this.#host.keyspace.now + RETRY_MS;
  }

  async #writeBase(rewrite: Rewrite): Promise<void> {
    const { keyspace } = this.#host;
    let room = true;
    const commands = new RecordCommands(keyspace, (database, bytes, offset, length) => {
      room = rewrite.append(database, bytes, offset, length);
    });
    const snapshot = keyspace.beginSnapshot(commands);
    try {
      for (;;) {
        if (rewrite.error !== undefined) throw rewrite.error as Error;
        const end = keyspace.elapsed() + SLICE_MS;
        room = true;
        if (snapshot.step(() => !room || keyspace.elapsed() >= end)) break;
        await rewrite.drained();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await rewrite.finish();
      this.#skipped = 0;
    } catch (error) {
      await rewrite.abort(errorText(error));
      throw error;
    } finally {
      snapshot.end();
    }
  }

  /** Waits for the rewrite that switches the log on, if there is one: without it nothing of the log would count. */
  async finishFirstRewrite(): Promise<void> {
    if (this.isWaiting) await this.#rewriting;
  }

  /** Everything appended is on the disk when this resolves. @throws what the disk said */
  async close(): Promise<void> {
    if (this.#flushPlanned !== undefined) clearImmediate(this.#flushPlanned);
    this.#flushPlanned = undefined;
    try {
      await this.#file.close();
    } finally {
      // It was given up by that.
      await this.#rewriting;
    }
  }

  status(): AppendOnlyStatus {
    return toStatus(this.#enabled, this.#scheduled, this.#file.status(), this.#loading);
  }
}

function toStatus(enabled: boolean, scheduled: boolean, status: AofStatus, loading: LoadingProgress): AppendOnlyStatus {
  return {
    enabled,
    rewriteInProgress: status.rewriteInProgress,
    rewriteScheduled: scheduled,
    lastRewriteSeconds: seconds(status.lastRewriteDuration),
    currentRewriteSeconds: seconds(status.currentRewriteDuration),
    lastRewriteOk: status.lastRewriteOk,
    rewrites: status.rewrites,
    consecutiveRewriteFailures: status.consecutiveRewriteFailures,
    lastWriteOk: status.lastWriteError === undefined,
    currentSize: status.currentSize,
    baseSize: status.baseSize,
    bufferLength: status.bufferLength,
    pendingFsyncs: status.fsyncInProgress ? 1 : 0,
    delayedFsyncs: 0,
    loading,
  };
}

/** From milliseconds; -1 stays what it is. */
function seconds(duration: number): number {
  return duration < 0 ? -1 : Math.floor(duration / 1000);
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
