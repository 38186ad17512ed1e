/**
 * A connection without a socket. The user gets a `Duplex`; the server sees a `Transport`.
 */
import { Duplex } from 'node:stream';
import type { BytesSink, Transport } from './transport.js';

export class InProcessTransport implements Transport {
  /** The user's end. */
  readonly stream: Duplex;
  readonly fileDescriptor = -1;
  #sink: BytesSink | undefined;
  #paused = false;
  /** What the user wrote while the server was not reading. */
  #waiting: (() => void) | undefined;
  #ended = false;
  #full = false;

  constructor() {
    this.stream = new Duplex({
      allowHalfOpen: false,
      write: (chunk: Uint8Array, _encoding, done) => {
        const take = (): void => {
          this.#sink?.feed(chunk, 0, chunk.length);
          done();
        };
        if (this.#paused) this.#waiting = take;
        else take();
      },
      final: (done) => {
        done();
        this.end();
      },
      read: () => {
        if (!this.#full) return;
        this.#full = false;
        // Not from within the user's read: the server may write at once.
        queueMicrotask(() => this.#sink?.drained());
      },
    });
    this.stream.once('close', () => this.#sink?.closed());
  }

  /** Connects the server's side: once, before the user writes. */
  attach(sink: BytesSink): void {
    this.#sink = sink;
  }

  write(bytes: Uint8Array, length: number): void {
    if (this.#ended || this.stream.destroyed) return;
    if (!this.stream.push(bytes.slice(0, length))) this.#full = true;
  }

  get pendingBytes(): number {
    return this.stream.readableLength;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    const take = this.#waiting;
    this.#waiting = undefined;
    take?.();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.stream.push(null);
    if (!this.stream.writableEnded) this.stream.end();
    // Nobody may ever read to the end; the server is done with it all the same.
    if (this.stream.readableLength === 0) this.stream.resume();
  }

  destroy(): void {
    this.#ended = true;
    this.stream.destroy();
  }
}
