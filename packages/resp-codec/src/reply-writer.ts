/**
 * Replies, written straight as RESP into one growing buffer.
 *
 * The owner flushes `buffer[0, length)` and calls `reset()`. A handler calls one method per element; the choice between RESP2
 * and RESP3 is made here, so that no handler asks for the protocol: in RESP2 a map is an array of twice the
 * length, a double is a bulk string, and so on, as Redis 7 downgrades them.
 *
 * A collection whose size is known only at its end starts with `beginDeferred()`, which leaves room for the longest header; the
 * matching end writes the header and closes the gap, so that the bytes are exact. Deferred collections may be nested, and end
 * in the reverse order of their beginning.
 */
import { formatDouble, integerLength, writeInteger } from './numbers.js';

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const DOLLAR = 0x24;
const SPACE = 0x20;

/** Type byte, up to ten digits, CR LF. */
const DEFERRED_HEADER = 13;
/** Room for any header or number: type byte, sign, 20 digits, CR LF, and a CR LF behind the payload. */
const HEADROOM = 32;
/** A reply as large as this does not keep its buffer after the flush. */
const KEPT_CAPACITY = 1 << 20;
/*
 * Copying a short value is most of what a bulk reply costs, so `#copy` has three ways. Node 20, one core of an EPYC, ns per bulk
 * reply of 3 / 16 / 32 / 48 / 64 / 80 / 128 bytes:
 *   a loop over bytes                                            13 / 34 / 57 / 82 / 105 / 129 / 201
 *   a loop that gathers eight bytes into two 32-bit stores       13 / 20 / 30 / 40 / 50 / 60 / 102
 *   TypedArray.set of a subarray (most of it is making the view) 45 / 46 / 46 / 46 / 44 / 46 / 56
 *   32-bit loads through a DataView made before                  12 / 13 / 18 / 22 / 18 / 33 / 60
 * The last needs a view of the source, 60 ns to make, and sources are the many chunks of a store: it is made once a source has
 * been used several times in a row, as the elements of one collection are.
 */
const GATHER_BELOW = 52;
const VIEW_COPY_BELOW = 128;
const USES_BEFORE_VIEW = 4;

const MAX_SAFE = 9007199254740991n;
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
const encoder = new TextEncoder();

/** Bytes that somebody else owns, with a view of the same buffer. */
export interface ByteSource {
  readonly bytes: Uint8Array;
  readonly data: DataView;
  readonly offset: number;
  readonly length: number;
}

export class ReplyWriter {
  /** RESP version of the client that the next bytes are for. */
  protocol: 2 | 3 = 2;
  /** Bytes `[0, length)` are the output. Only the writer replaces it: when it grows, and at `reset()`. */
  buffer: Uint8Array;
  length = 0;
  /** The same bytes as `buffer`. */
  #view: DataView = EMPTY_VIEW;
  readonly #initialCapacity: number;
  /** The source of the last copy, how often in a row it was used, and from `USES_BEFORE_VIEW` on a view of it. */
  #source: Uint8Array = EMPTY;
  #sourceUses = 0;
  #sourceView: DataView = EMPTY_VIEW;

  /** @param capacity bytes of the buffer to begin with, allocated at the first write. */
  constructor(capacity = 16384) {
    this.buffer = EMPTY;
    this.#initialCapacity = capacity;
  }

  /** Forgets the output, after it was flushed. A buffer that a huge reply made big is let go. */
  reset(): void {
    this.length = 0;
    this.#source = EMPTY;
    this.#sourceUses = 0;
    this.#sourceView = EMPTY_VIEW;
    if (this.buffer.length > KEPT_CAPACITY) this.#use(EMPTY);
  }

  /** Leaves the buffer, with the output in it, to whoever has it, and goes on with a new one of the same capacity. */
  giveUpBuffer(): void {
    this.length = 0;
    this.#use(new Uint8Array(this.buffer.length));
  }

  /** Forgets what was written after `length`, a value that `length` had before. */
  truncate(length: number): void {
    this.length = length;
  }

  ok(): void {
    this.#reserve(5);
    const b = this.buffer;
    const at = this.length;
    b[at] = 0x2b;
    b[at + 1] = 0x4f;
    b[at + 2] = 0x4b;
    b[at + 3] = CR;
    b[at + 4] = LF;
    this.length = at + 5;
  }

  /** `+text`. Characters are treated as in `error`; line ends become spaces. */
  simple(text: string): void {
    this.#line(0x2b, text);
  }

  /**
   * `-text`; the text begins with the error's code and has no `-`: `ERR syntax error`.
   *
   * Each character is one byte (latin1), so that a request's bytes can be quoted unchanged; a text with characters beyond
   * U+00FF is written as UTF-8. Line ends become spaces, and vanish at the end of the text.
   */
  error(text: string): void {
    let length = text.length;
    while (length > 0 && isLineEnd(text.charCodeAt(length - 1))) length--;
    this.#line(0x2d, length === text.length ? text : text.slice(0, length));
  }

  /** `:n`, an integer |n| <= 2^53. */
  integer(n: number): void {
    this.#reserve(HEADROOM);
    const b = this.buffer;
    let at = this.length;
    b[at++] = 0x3a;
    if (n >= 0 && n < 10) b[at++] = ZERO + n;
    else at = writeInteger(b, at, n);
    b[at] = CR;
    b[at + 1] = LF;
    this.length = at + 2;
  }

  /** `:n`, any int64. */
  bigInteger(n: bigint): void {
    if (n <= MAX_SAFE && n >= -MAX_SAFE) this.integer(Number(n));
    else this.#line(0x3a, String(n));
  }

  /** `$length` and the bytes, which are copied. */
  bulk(bytes: Uint8Array, offset: number, length: number): void {
    if (this.length + length + HEADROOM > this.buffer.length) this.#grow(length + HEADROOM);
    const b = this.buffer;
    let at = this.length;
    b[at] = DOLLAR;
    if (length < 10) {
      b[at + 1] = ZERO + length;
      at += 2;
    } else if (length < 100) {
      const tens = (length / 10) | 0;
      b[at + 1] = ZERO + tens;
      b[at + 2] = ZERO + length - tens * 10;
      at += 3;
    } else {
      at = writeInteger(b, at + 1, length);
    }
    b[at] = CR;
    b[at + 1] = LF;
    at += 2;
    this.#copy(bytes, offset, length, at);
    at += length;
    b[at] = CR;
    b[at + 1] = LF;
    this.length = at + 2;
  }

  /** A bulk string of the text's UTF-8. */
  bulkText(text: string): void {
    this.#text(DOLLAR, '', text);
  }

  /** A bulk string of one byte per character; characters must be below U+0100. */
  bulkLatin1(text: string): void {
    const length = text.length;
    this.#reserve(length + HEADROOM);
    this.#header(DOLLAR, length);
    const b = this.buffer;
    const at = this.length;
    for (let i = 0; i < length; i++) b[at + i] = text.charCodeAt(i);
    this.length = at + length;
    this.#lineEnd();
  }

  /** A bulk string of the digits of an integer |n| <= 2^53: 12 is `$2\r\n12\r\n`. */
  bulkInteger(n: number): void {
    this.#reserve(HEADROOM + HEADROOM);
    this.#header(DOLLAR, integerLength(n));
    this.length = writeInteger(this.buffer, this.length, n);
    this.#lineEnd();
  }

  /** RESP2: the null bulk string `$-1`. */
  null(): void {
    if (this.protocol === 2) this.#minusOne(DOLLAR);
    else this.#null3();
  }

  /** RESP2: the null array `*-1`. */
  nullArray(): void {
    if (this.protocol === 2) this.#minusOne(0x2a);
    else this.#null3();
  }

  /** Header of `n` elements, which the caller writes next. */
  array(n: number): void {
    this.#reserve(HEADROOM);
    this.#header(0x2a, n);
  }

  /** Header of `n` pairs: key and value of each follow. RESP2: an array of 2n. */
  map(n: number): void {
    this.#reserve(HEADROOM);
    if (this.protocol === 2) this.#header(0x2a, n * 2);
    else this.#header(0x25, n);
  }

  /** Header of `n` distinct elements. RESP2: an array. */
  set(n: number): void {
    this.#reserve(HEADROOM);
    this.#header(this.protocol === 2 ? 0x2a : 0x7e, n);
  }

  /** Header of an out-of-band message of `n` elements. RESP2: an array. */
  push(n: number): void {
    this.#reserve(HEADROOM);
    this.#header(this.protocol === 2 ? 0x2a : 0x3e, n);
  }

  /** Header of `n` pairs that say something about the reply to follow. RESP2 has no such thing: nothing is written, and the caller leaves the pairs out too. */
  attribute(n: number): void {
    if (this.protocol === 2) return;
    this.#reserve(HEADROOM);
    this.#header(0x7c, n);
  }

  /** A double in Redis's notation (`formatDouble`). RESP2: a bulk string. */
  double(x: number): void {
    const text = formatDouble(x);
    if (this.protocol === 2) this.bulkLatin1(text);
    else this.#line(0x2c, text);
  }

  /** RESP2: `:1` or `:0`. */
  boolean(b: boolean): void {
    if (this.protocol === 2) this.integer(b ? 1 : 0);
    else this.#line(0x23, b ? 't' : 'f');
  }

  /** An integer of any size. RESP2: a bulk string. */
  bigNumber(n: bigint): void {
    const text = String(n);
    if (this.protocol === 2) this.bulkLatin1(text);
    else this.#line(0x28, text);
  }

  /** Text for people, as UTF-8; `format` is three ASCII characters, `txt` or `mkd`. RESP2: a bulk string of the text alone. */
  verbatim(format: string, text: string): void {
    if (this.protocol === 2) this.#text(DOLLAR, '', text);
    else this.#text(0x3d, `${format}:`, text);
  }

  /** Leaves room for the header of a collection of unknown size; the token goes to the matching `endDeferred…`. */
  beginDeferred(): number {
    this.#reserve(HEADROOM);
    const token = this.length;
    this.length = token + DEFERRED_HEADER;
    return token;
  }

  endDeferredArray(token: number, n: number): void {
    this.#endDeferred(token, 0x2a, n);
  }

  /** `n` counts pairs. */
  endDeferredMap(token: number, n: number): void {
    if (this.protocol === 2) this.#endDeferred(token, 0x2a, n * 2);
    else this.#endDeferred(token, 0x25, n);
  }

  endDeferredSet(token: number, n: number): void {
    this.#endDeferred(token, this.protocol === 2 ? 0x2a : 0x7e, n);
  }

  /** Bytes that are RESP already. */
  raw(bytes: Uint8Array, offset: number, length: number): void {
    this.#reserve(length);
    this.#copy(bytes, offset, length, this.length);
    this.length += length;
  }

  /** As `bulk`, of bytes that come with a `DataView` of the same offsets: copied by the word. */
  bulkFrom(source: ByteSource): void {
    const { length } = source;
    if (length >= VIEW_COPY_BELOW) {
      this.bulk(source.bytes, source.offset, length);
      return;
    }
    this.#reserve(length + HEADROOM);
    this.#header(DOLLAR, length);
    const { data } = source;
    const view = this.#view;
    let from = source.offset;
    let at = this.length;
    const end = from + length;
    for (const last = end - 4; from <= last; from += 4, at += 4) view.setInt32(at, data.getInt32(from, true), true);
    const b = this.buffer;
    for (; from < end; from++, at++) b[at] = data.getUint8(from);
    b[at] = CR;
    b[at + 1] = LF;
    this.length = at + 2;
  }

  /** Copies into the buffer at `to`, where room has been reserved. */
  #copy(bytes: Uint8Array, offset: number, length: number, to: number): void {
    if (bytes !== this.#source) {
      this.#source = bytes;
      this.#sourceUses = 0;
    } else if (this.#sourceUses < USES_BEFORE_VIEW && ++this.#sourceUses === USES_BEFORE_VIEW) {
      this.#sourceView = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const b = this.buffer;
    const view = this.#view;
    const end = offset + length;
    const last = end - 8;
    let from = offset;
    let at = to;
    if (length < VIEW_COPY_BELOW && this.#sourceUses === USES_BEFORE_VIEW) {
      const source = this.#sourceView;
      for (; from <= last; from += 8, at += 8) {
        view.setInt32(at, source.getInt32(from, true), true);
        view.setInt32(at + 4, source.getInt32(from + 4, true), true);
      }
    } else if (length < GATHER_BELOW) {
      for (; from <= last; from += 8, at += 8) {
        const low = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
        const high = bytes[from + 4]! | (bytes[from + 5]! << 8) | (bytes[from + 6]! << 16) | (bytes[from + 7]! << 24);
        view.setInt32(at, low, true);
        view.setInt32(at + 4, high, true);
      }
    } else {
      b.set(bytes.subarray(offset, end), to);
      return;
    }
    while (from < end) b[at++] = bytes[from++]!;
  }

  #endDeferred(token: number, type: number, n: number): void {
    const end = this.length;
    this.length = token;
    this.#header(type, n);
    const content = token + DEFERRED_HEADER;
    this.buffer.copyWithin(this.length, content, end);
    this.length += end - content;
  }

  /** Type byte, length, CR LF; room must have been reserved. */
  #header(type: number, n: number): void {
    const b = this.buffer;
    let at = this.length;
    b[at++] = type;
    if (n < 10) b[at++] = ZERO + n;
    else at = writeInteger(b, at, n);
    b[at] = CR;
    b[at + 1] = LF;
    this.length = at + 2;
  }

  #lineEnd(): void {
    this.buffer[this.length] = CR;
    this.buffer[this.length + 1] = LF;
    this.length += 2;
  }

  #minusOne(type: number): void {
    this.#reserve(5);
    const b = this.buffer;
    const at = this.length;
    b[at] = type;
    b[at + 1] = 0x2d;
    b[at + 2] = 0x31;
    b[at + 3] = CR;
    b[at + 4] = LF;
    this.length = at + 5;
  }

  #null3(): void {
    this.#reserve(3);
    const b = this.buffer;
    const at = this.length;
    b[at] = 0x5f;
    b[at + 1] = CR;
    b[at + 2] = LF;
    this.length = at + 3;
  }

  /** Type byte, text without line ends, CR LF. */
  #line(type: number, text: string): void {
    const length = text.length;
    this.#reserve(length * 3 + HEADROOM);
    const b = this.buffer;
    const start = this.length;
    let at = start;
    b[at++] = type;
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0xff) {
        at = start + 1 + encoder.encodeInto(text.replace(/[\r\n]/g, ' '), b.subarray(start + 1)).written;
        break;
      }
      b[at++] = isLineEnd(c) ? SPACE : c;
    }
    this.length = at;
    this.#lineEnd();
  }

  /** A bulk-like string: type, length, ASCII prefix, UTF-8 of the text. */
  #text(type: number, prefix: string, text: string): void {
    const length = text.length;
    this.#reserve(length + prefix.length + HEADROOM);
    const start = this.length;
    this.#header(type, prefix.length + length);
    const b = this.buffer;
    let at = this.length;
    for (let i = 0; i < prefix.length; i++) b[at++] = prefix.charCodeAt(i);
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) {
        this.length = start;
        this.#encoded(type, encoder.encode(prefix + text));
        return;
      }
      b[at++] = c;
    }
    this.length = at;
    this.#lineEnd();
  }

  #encoded(type: number, bytes: Uint8Array): void {
    this.#reserve(bytes.length + HEADROOM);
    this.#header(type, bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    this.#lineEnd();
  }

  #reserve(count: number): void {
    if (this.length + count > this.buffer.length) this.#grow(count);
  }

  /** At least doubles, so that writing n bytes copies O(n). */
  #grow(count: number): void {
    const needed = this.length + count;
    const doubled = this.buffer.length * 2;
    const grown = new Uint8Array(Math.max(needed, doubled, this.#initialCapacity));
    grown.set(this.buffer.subarray(0, this.length));
    this.#use(grown);
  }

  #use(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }
}

function isLineEnd(c: number): boolean {
  return c === CR || c === LF;
}
