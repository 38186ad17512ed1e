/**
 * How a write is repeated elsewhere: the feed of effects that the AOF and replicas read, and the encoding of the
 * commands that a handler wants to be repeated instead of its own request.
 *
 * Encoded commands lie one behind the other in one growing buffer that is reused for every request. When they are many it is
 * put aside and another is begun: all of them together may be more than one buffer can hold.
 */
import { integerLength, type Request, writeInteger } from '@clone/resp-codec';

/** Receives, in order, every command that changed the data, as a RESP multibulk. */
export interface EffectFeed {
  /**
   * @param db index of the database in which the command is to be repeated; SELECT is the reader's business
   * @param bytes lent for the duration of the call
   */
  append(db: number, bytes: Uint8Array, offset: number, length: number): void;
}

/** An argument of a substitute command: text is written as UTF-8, a number as a decimal integer. */
export type EffectArgument = string | number | Uint8Array;

const encoder = new TextEncoder();
/** A header or a number: type byte, 20 digits, CR LF, and the CR LF behind the payload. */
const HEADROOM = 32;
const CR = 0x0d;
const LF = 0x0a;

/** A buffer in which so many bytes of commands lie is put aside. A longer one is not kept for the next request. */
const PIECE = 1024 * 1024;

/** Commands as RESP multibulks: `begin(argc)`, then exactly `argc` arguments. */
export class EffectBuffer {
  /** What is being filled. */
  buffer: Uint8Array = new Uint8Array(256);
  /** Commands since the last `clear`. Those that are in no buffer of `aside` lie in `buffer`. */
  count = 0;
  /** End of each command in its buffer. */
  readonly ends: number[] = [];
  /** What was put aside: each buffer, and the commands before `end` that are in none before it. */
  readonly aside: { readonly buffer: Uint8Array; readonly end: number }[] = [];
  #length = 0;
  readonly #pieceSize: number;

  /** @param pieceSize bytes */
  constructor(pieceSize = PIECE) {
    this.#pieceSize = pieceSize;
  }

  clear(): void {
    if (this.aside.length > 0) {
      this.aside.length = 0;
      this.ends.length = 0;
    }
    if (this.buffer.length > 2 * this.#pieceSize) this.buffer = new Uint8Array(256);
    this.count = 0;
    this.#length = 0;
  }

  begin(argc: number): void {
    if (this.#length >= this.#pieceSize) this.#putAside();
    this.count++;
    this.#header(0x2a, argc);
    this.ends[this.count - 1] = this.#length;
  }

  #putAside(): void {
    this.aside.push({ buffer: this.buffer, end: this.count });
    this.buffer = new Uint8Array(256);
    this.#length = 0;
  }

  bytes(bytes: Uint8Array, offset: number, length: number): void {
    this.#header(0x24, length);
    this.#reserve(length + 2);
    const b = this.buffer;
    let at = this.#length;
    if (length < 48) for (let i = 0; i < length; i++) b[at + i] = bytes[offset + i]!;
    else b.set(bytes.subarray(offset, offset + length), at);
    at += length;
    b[at] = 0x0d;
    b[at + 1] = 0x0a;
    this.#close(at + 2);
  }

  text(text: string): void {
    this.#reserve(text.length + HEADROOM);
    const start = this.#length;
    this.#header(0x24, text.length);
    let at = this.#length;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) {
        this.#length = start;
        const encoded = encoder.encode(text);
        this.bytes(encoded, 0, encoded.length);
        return;
      }
      this.buffer[at++] = c;
    }
    this.buffer[at] = 0x0d;
    this.buffer[at + 1] = 0x0a;
    this.#close(at + 2);
  }

  /** An integer: a number |n| <= 2^53, or a bigint. */
  integer(n: number | bigint): void {
    if (typeof n === 'bigint') {
      this.text(n.toString());
      return;
    }
    this.#header(0x24, integerLength(n));
    const at = writeInteger(this.buffer, this.#length, n);
    this.buffer[at] = 0x0d;
    this.buffer[at + 1] = 0x0a;
    this.#close(at + 2);
  }

  argument(argument: EffectArgument): void {
    if (typeof argument === 'string') this.text(argument);
    else if (typeof argument === 'number') this.integer(argument);
    else this.bytes(argument, 0, argument.length);
  }

  /** Leaves room for what follows it, too. */
  #header(type: number, n: number): void {
    this.#reserve(HEADROOM + HEADROOM);
    const b = this.buffer;
    b[this.#length] = type;
    const at = writeInteger(b, this.#length + 1, n);
    b[at] = 0x0d;
    b[at + 1] = 0x0a;
    this.#length = at + 2;
  }

  #close(end: number): void {
    this.#length = end;
    this.ends[this.count - 1] = end;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.#length));
    this.buffer = grown;
  }
}

/**
 * Whether a request's own bytes are what a log may have: a multibulk, and a CR LF after each length and each argument.
 * Clients are served whatever stands there, as by Redis, which looks at the CR at most; a log with it would be damaged.
 */
export function mayBeLogged(request: Request): boolean {
  if (request.inline) return false;
  const { bytes, offsets, lengths, argc } = request;
  let digits = 1;
  for (let n = argc; n >= 10; n = Math.floor(n / 10)) digits++;
  if (bytes[request.start + digits + 2] !== LF) return false;
  for (let i = 0; i < argc; i++) {
    const start = offsets[i]!;
    const end = start + lengths[i]!;
    if (bytes[start - 1] !== LF || bytes[end] !== CR || bytes[end + 1] !== LF) return false;
  }
  return true;
}
