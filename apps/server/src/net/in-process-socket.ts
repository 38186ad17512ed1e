/**
 * The user's end of a connection without a socket: a `Duplex` with everything that clients use of a `net.Socket`.
 *
 * A client that is handed its stream (the `Connector` of ioredis, the `stream` of node-redis 3) calls it as a socket
 * without asking what it is. What has a meaning here means the same: `connecting` and `'connect'`, `setTimeout` and
 * `'timeout'`, the counters, `destroySoon`, the argument of `'close'`, `ref` and `unref`: an open stream keeps the process
 * alive, or a reply that is due could not come. What concerns the network does nothing: there is no packet to delay and
 * no peer to probe. Addresses are undefined, as those of a Unix socket are.
 */
import type { Socket, SocketReadyState } from 'node:net';
import { Duplex } from 'node:stream';
import { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'node:timers';

/** What the stream asks of its transport. */
export interface InProcessEnd {
  /** The user wrote; `done` takes the next. The bytes are the transport's until then. */
  take(chunks: readonly Uint8Array[], done: () => void): void;
  /** The user writes nothing more. */
  userEnded(): void;
  /** The user reads on. */
  userReads(): void;
}

const MAX_TIMER_MS = 2147483647;

export class InProcessSocket extends Duplex implements Socket {
  /** True until the next turn of the event loop, when `'connect'` is emitted; writing need not wait for it. */
  connecting = true;
  timeout?: number;
  bytesRead = 0;
  readonly autoSelectFamilyAttemptedAddresses: string[] = [];
  readonly remoteAddress = undefined;
  readonly remoteFamily = undefined;
  readonly remotePort = undefined;
  readonly #end: InProcessEnd;
  #bytesTaken = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  /** Does nothing but keep the process alive. */
  readonly #alive = setInterval(() => undefined, MAX_TIMER_MS);

  constructor(end: InProcessEnd) {
    // As for a socket, `'close'` says whether there was an error: it is emitted by `_destroy`.
    super({ emitClose: false });
    this.#end = end;
    setImmediate(() => {
      this.connecting = false;
      if (this.destroyed) return;
      this.emit('connect');
      // A client that was told to use TLS waits for this one: no wire is between the two that could be tapped.
      this.emit('secureConnect');
      this.emit('ready');
    });
  }

  /** Bytes for the user; they are its own from now on. False: it has enough for now. */
  deliver(bytes: Uint8Array): boolean {
    this.#isActive();
    this.bytesRead += bytes.length;
    return this.push(bytes);
  }

  /** No more bytes come. */
  deliverEnd(): void {
    clearInterval(this.#alive);
    this.push(null);
    if (!this.writableEnded) this.end();
    // A reader that has had everything need not read on for the stream to close.
    if (this.readableLength === 0) this.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#take([chunk], done);
  }

  /** All that a client wrote while it was corked is taken in one turn, not each piece in one of its own. */
  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: () => void): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  #take(chunks: readonly Uint8Array[], done: () => void): void {
    this.#isActive();
    this.#end.take(chunks, () => {
      for (const { length } of chunks) this.#bytesTaken += length;
      done();
    });
  }

  override _final(done: () => void): void {
    done();
    queueMicrotask(() => this.#end.userEnded());
  }

  override _read(): void {
    this.#end.userReads();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#alive);
    clearTimeout(this.#idleTimer);
    done(error);
    // `done` has put `'error'` in the same queue, which comes first.
    process.nextTick(() => this.emit('close', error !== null));
  }

  // ── what has the meaning that it has for a socket ─────────────────────────────────────────────────────────────────

  /**
   * Emits `'timeout'` whenever nothing was written or read for so long. Nothing is closed by it.
   * @param ms 0: never
   * @throws {TypeError | RangeError} when `ms` is no such number, with Node's codes
   */
  setTimeout(ms: number, callback?: () => void): this {
    if (typeof ms !== 'number') throw badTimeout(new TypeError('timeout must be a number'), 'ERR_INVALID_ARG_TYPE');
    if (!(ms >= 0 && ms < Infinity)) {
      throw badTimeout(new RangeError(`timeout must be 0 or more, and finite: ${ms}`), 'ERR_OUT_OF_RANGE');
    }
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
    this.timeout = ms;
    if (ms > 0 && !this.destroyed) {
      this.#idleTimer = setTimeout(
        () => {
          this.emit('timeout');
        },
        Math.min(ms, MAX_TIMER_MS),
      ).unref();
    }
    if (callback !== undefined) {
      if (ms === 0) this.removeListener('timeout', callback);
      else this.once('timeout', callback);
    }
    return this;
  }

  #isActive(): void {
    this.#idleTimer?.refresh();
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  resetAndDestroy(): this {
    return this.destroy();
  }

  ref(): this {
    this.#alive.ref();
    return this;
  }

  unref(): this {
    this.#alive.unref();
    return this;
  }

  get bytesWritten(): number {
    return this.#bytesTaken + this.writableLength;
  }

  get bufferSize(): number {
    return this.writableLength;
  }

  get pending(): boolean {
    return this.connecting;
  }

  get readyState(): SocketReadyState {
    if (this.connecting) return 'opening';
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /** @throws {Error} always: the server at the other end is the one that it was made by */
  connect(): never {
    throw new Error('a connection from server.connect() is open already, and cannot be opened anew: ask for another');
  }

  // ── what has none ─────────────────────────────────────────────────────────────────────────────────────────────────

  address(): object {
    return {};
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}

function badTimeout<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}
