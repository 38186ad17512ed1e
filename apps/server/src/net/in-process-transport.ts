/**
 * A connection without a socket. The user gets an `InProcessSocket`; the server sees a `Transport`.
 *
 * As with a socket, neither side ever runs within a call of the other: what the user writes is executed in the next turn of
 * the event loop, and what the server writes is pushed in a microtask. So a user's `'data'` handler may write, destroy or
 * throw as it likes, the server is never in the middle of something; and a user that asks without end leaves the event
 * loop to others, too.
 */
import { setImmediate } from 'node:timers';
import { InProcessSocket } from './in-process-socket.js';
import type { Pushed } from './pushes.js';
import { plainBytes, type BytesSink, type Transport } from './transport.js';

/** What many small writes may come to before other clients have their turn, about what one read of a socket brings. */
const BYTES_PER_TURN = 65536;

export class InProcessTransport implements Transport {
  /** The user's end. */
  readonly stream: InProcessSocket;
  readonly fileDescriptor = -1;
  readonly #sink: BytesSink;
  #paused = false;
  /** What the user wrote and the server has not read. */
  #input: readonly Uint8Array[] = [];
  #nextInput = 0;
  #inputTaken: (() => void) | undefined;
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
    this.stream = new InProcessSocket({
      take: (chunks, done) => {
        this.#input = chunks;
        this.#nextInput = 0;
        this.#inputTaken = done;
        setImmediate(() => this.#take());
      },
      userEnded: () => sink.ended(),
      userReads: () => {
        if (!this.#full) return;
        this.#full = false;
        queueMicrotask(() => sink.drained());
      },
    });
    this.stream.once('close', () => sink.closed());
  }

  /** Feeds what the user wrote, as long as the server reads. The server may call back from within `feed`. */
  #take(): void {
    let fed = 0;
    while (!this.#paused && this.#nextInput < this.#input.length) {
      if (fed >= BYTES_PER_TURN) {
        setImmediate(() => this.#take());
        return;
      }
      const chunk = plainBytes(this.#input[this.#nextInput++]!);
      fed += chunk.length;
      this.#sink.feed(chunk, 0, chunk.length);
    }
    if (this.#nextInput < this.#input.length) return;
    const taken = this.#inputTaken;
    this.#inputTaken = undefined;
    taken?.();
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
    for (const bytes of output) if (!stream.deliver(bytes)) this.#full = true;
    if (!this.#ending) {
      // A reader that takes everything at once never asks for more.
      if (!this.#full) this.#sink.drained();
      return;
    }
    stream.deliverEnd();
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
