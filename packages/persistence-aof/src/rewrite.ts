/**
 * One rewrite of the log, from `AppendOnlyFile.startRewrite()` to `finish()` or `abort()`.
 *
 * The owner walks its data as it was when the rewrite began, in slices of its own choosing, and appends commands that
 * make it: `append` answers false when enough is queued, then `drained()` tells when to go on. Nothing counts until
 * `finish()`: the base is written under a temporary name, synced, renamed, and only then does a manifest name it. If
 * anything fails before, the log goes on as it was, with one more increment at most.
 */
import { CommandQueue } from './command-queue.js';
import { AofError } from './errors.js';
import type { FileSystem } from './file-system.js';
import { LogFile } from './log-file.js';

/** What a rewrite needs from the log that it belongs to. */
export interface RewriteHost {
  readonly fileSystem: FileSystem;
  /** Of the temporary base. */
  readonly path: string;
  /** Settles when commands go to the new increment, or cannot. */
  readonly switched: Promise<void>;
  /** Puts the finished base, of so many bytes, into service. */
  install(size: number): Promise<void>;
  /** Called once, when no file of the rewrite is open any more. */
  ended(error: unknown): void;
}

/** Write when this much is queued. */
const WRITE_BYTES = 256 * 1024;
/** Ask the owner to pause at this much. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
const LOW_WATER_BYTES = 1024 * 1024;
/** Sync the base bit by bit (Redis: `aof-rewrite-incremental-fsync`), so that the log's own fsyncs never wait for all of it. */
const SYNC_BYTES = 4 * 1024 * 1024;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A new base that is being written while commands go on: `AppendOnlyFile.startRewrite` makes it. It counts once `finish` has
 * resolved; `abort`, or a failure, leaves the log as it was.
 */
export class Rewrite {
  readonly #host: RewriteHost;
  readonly #queue = new CommandQueue();
  #file: LogFile | undefined;
  #synced = 0;
  #writing: Promise<void> | undefined;
  #finishing = false;
  #failure: { readonly error: unknown } | undefined;
  #waiters: Waiter[] = [];
  #settle: () => void = () => undefined;
  readonly #settled = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });

  constructor(host: RewriteHost) {
    this.#host = host;
    host.switched.catch((error: unknown) => this.#fail(error));
  }

  /** Why the rewrite was given up, or `undefined`. */
  get error(): unknown {
    return this.#failure?.error;
  }

  /**
   * Copies one command of the base. False: enough for now, await `drained()` before the next one (one more
   * is still taken, so the answer may be looked at once per slice).
   */
  append(database: number, bytes: Uint8Array, offset: number, length: number): boolean {
    if (this.#failure !== undefined) return false;
    this.#queue.append(database, bytes, offset, length);
    if (this.#writing === undefined && this.#queue.length >= WRITE_BYTES) this.#write();
    return this.#queue.length < HIGH_WATER_BYTES;
  }

  /** Resolves when `append` has room. @throws what the rewrite failed with */
  async drained(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#queue.length < HIGH_WATER_BYTES) return;
    await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Ends the base and puts it into service. @throws what the rewrite failed with; the log is then as it was */
  async finish(): Promise<void> {
    if (this.#finishing) throw new AofError('STATE', 'The rewrite is being finished already');
    this.#finishing = true;
    try {
      await this.#writing;
      this.#write();
      await this.#writing;
      if (this.#failure === undefined) {
        const file = await this.#open();
        await file.sync();
        this.#file = undefined;
        await file.close();
        await this.#host.install(file.size);
      }
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failure === undefined) this.#end(undefined);
    await this.#settled;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Gives the rewrite up, or lets it end if `finish` was called already; resolves when it is over and its file is gone. */
  async abort(reason: string): Promise<void> {
    if (!this.#finishing) this.#fail(new AofError('ABORTED', `The rewrite was given up: ${reason}`));
    await this.#settled;
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    void this.#cleanUp(error);
    this.#queue.clear();
    for (const waiter of this.#takeWaiters()) waiter.reject(error);
  }

  async #cleanUp(error: unknown): Promise<void> {
    // Whatever cannot be cleaned up does no harm: the next rewrite overwrites it.
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
    await this.#host.fileSystem.unlink(this.#host.path).catch(() => undefined);
    this.#end(error);
  }

  #end(error: unknown): void {
    this.#host.ended(error);
    this.#settle();
  }

  async #open(): Promise<LogFile> {
    await this.#host.switched;
    this.#file ??= new LogFile(await this.#host.fileSystem.open(this.#host.path, 'create'), 0);
    return this.#file;
  }

  #write(): void {
    this.#writing = this.#writeQueued()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#writing = undefined;
      });
  }

  async #writeQueued(): Promise<void> {
    const file = await this.#open();
    const batch: Uint8Array[] = [];
    while (this.#failure === undefined && this.#queue.length >= (this.#finishing ? 1 : WRITE_BYTES)) {
      const bytes = this.#queue.take(HIGH_WATER_BYTES, batch);
      await file.write(batch, bytes);
      this.#queue.recycle(batch);
      batch.length = 0;
      if (file.size - this.#synced >= SYNC_BYTES) {
        this.#synced = file.size;
        await file.sync();
      }
      if (this.#queue.length <= LOW_WATER_BYTES) for (const waiter of this.#takeWaiters()) waiter.resolve();
    }
  }

  #takeWaiters(): Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
