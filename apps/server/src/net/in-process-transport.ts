/**
 * A connection without a socket. The user gets a `Duplex`; the server sees a `Transport`.
 *
 * As with a socket, neither side ever runs within a call of the other: what the user writes is executed in the next turn of
 * the event loop, and what the server writes is pushed in a microtask. So a user's `'data'` handler may write, destroy or
 * throw as it likes, the server is never in the middle of something; and a user that asks without end leaves the event
 * loop to others, too.
 */
import { Duplex } from 'node:stream';
import type { Pushed } from './pushes.js';
import { plainBytes, type BytesSink, type Transport } from './transport.js';

export class InProcessTransport implements Transport {
  /** The user's end. */
  readonly stream: Duplex;
  readonly fileDescriptor = -1;
  readonly #sink: BytesSink;
  #paused = false;
  /** What the user wrote and the server has not read. */
  #input: (() => void) | undefined;
  /** What the server wrote and is not pushed yet. */
  #output: Uint8Array[] = [];
  #outputBytes = 0;
  #pushPlanned = false;
  /** The stream said that it has enough. */
  #full = false;
  /** Nothing is written any more. */
  #ending = false;

  constructor(sink: BytesSink) {
    this.#sink = sink;
    this.stream = new Duplex({
      write: (chunk: Uint8Array, _encoding, done) => {
        this.#input = () => {
          sink.feed(plainBytes(chunk), 0, chunk.length);
          done();
        };
        setImmediate(() => this.#take());
      },
      final: (done) => {
        done();
        queueMicrotask(() => sink.ended());
      },
      read: () => {
        if (!this.#full) return;
        this.#full = false;
        queueMicrotask(() => sink.drained());
      },
    });
    this.stream.once('close', () => sink.closed());
  }

  #take(): void {
    if (this.#paused) return;
    const input = this.#input;
    this.#input = undefined;
    input?.();
  }

  write(bytes: Uint8Array, length: number): boolean {
    if (this.#ending) return true;
    this.#output.push(bytes.slice(0, length));
    this.#outputBytes += length;
    this.#planPush();
    return true;
  }

  writePushed({ bytes, length }: Pushed): void {
    this.write(bytes, length);
  }

  #planPush(): void {
    if (this.#pushPlanned) return;
    this.#pushPlanned = true;
    queueMicrotask(() => {
      this.#pushPlanned = false;
      this.#push();
    });
  }

  #push(): void {
    const output = this.#output;
    this.#output = [];
    this.#outputBytes = 0;
    const { stream } = this;
    if (stream.destroyed) return;
    for (const bytes of output) if (!stream.push(bytes)) this.#full = true;
    if (!this.#ending) {
      // A stream that flows may have passed all of it on, and then never asks for more.
      if (!this.#full) this.#sink.drained();
      return;
    }
    stream.push(null);
    if (!stream.writableEnded) stream.end();
    // A reader that has had everything need not read on for the stream to close.
    if (stream.readableLength === 0) stream.resume();
    // Whatever is left to read, the user has it: the server is done with it.
    this.#sink.closed();
  }

  get pendingBytes(): number {
    return this.stream.readableLength + this.#outputBytes;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    setImmediate(() => this.#take());
  }

  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    // A write that waits is answered, and its bytes are dropped.
    this.#paused = false;
    this.#take();
    this.#planPush();
  }

  destroy(): void {
    this.#ending = true;
    this.stream.destroy();
  }
}
