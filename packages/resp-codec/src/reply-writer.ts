/**
 * Replies, written straight as RESP into a growing buffer.
 *
 * The buffer doubles up to `pieceSize`. A full one is put aside and another is begun, so a reply of any length is a list of pieces, and
 * none is larger than that unless a single element is. The owner flushes `pieces` and then `buffer[0, used)`, and calls
 * `reset()`. Without a `pieceSize` there are no pieces, and the output is `buffer[0, length)`. Positions (`length`, `truncate`, tokens) count from the beginning of the output.
 *
 * A handler calls one method per element; the choice between RESP2 and RESP3 is made here, so that no handler asks for the
 * protocol: in RESP2 a map is an array of twice the length, a double is a bulk string, and so on, as Redis 7 downgrades them.
 *
 * What is known only at the end but comes first, such as the size of a collection, starts with a `beginDeferred…`, which leaves room for the
 * longest form; the matching end writes it and closes the gap, so that the bytes are exact. Deferred parts may be nested, and end
 * in the reverse order of their beginning.
 */
import { formatDouble } from './format-double.js';
import { integerLength, writeInteger } from './numbers.js';

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const DOLLAR = 0x24;
const SPACE = 0x20;

/** Type byte, up to ten digits, CR LF. */
const DEFERRED_HEADER = 13;
/** Room for any header or number: type byte, sign, 20 digits, CR LF, and a CR LF behind the payload. */
const HEADROOM = 32;
/** Room for a deferred integer: `$10`, ten digits, and two line ends. */
const DEFERRED_INTEGER = 17;
/** A buffer up to this size is kept after a flush. Also a good size for the pieces of a long output. */
export const REPLY_PIECE = 1 << 20;
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

/** A part of the output that was put aside. The writer forgets it at `reset()`, and does not use its bytes again. */
export interface ReplyPiece {
  readonly bytes: Uint8Array;
  /** Bytes `[0, length)` are output. */
  readonly length: number;
}

/** Is asked whenever a piece is put aside, before more memory is taken. */
export interface ReplyLimit {
  /** @returns true when the client gets none of its output: the rest is not kept. @param length bytes of output so far */
  isTooLong(length: number): boolean;
}

/**
 * Writes replies in RESP2 or RESP3, as `protocol` says, into one growing buffer, or into pieces where there is a `pieceSize`.
 * The output is `pieces`, if there are any, and then `buffer[0, used)`. It is overwritten after `reset`; bytes that are handed
 * in are copied.
 *
 * ```ts
 * reply.array(2);
 * reply.integer(1);
 * reply.bulkText('two');
 * socket.write(reply.buffer.slice(0, reply.used));
 * ```
 */
export class ReplyWriter {
  /** RESP version of the client that the next bytes are for. */
  protocol: 2 | 3 = 2;
  /** Bytes `[0, used)` are the end of the output. Only the writer replaces it: when it grows, and at `reset()`. */
  buffer: Uint8Array;
  /** What bounds the output; the owner sets it. */
  limit: ReplyLimit | undefined = undefined;
  /** Where the next byte goes in `buffer`. */
  #end = 0;
  /** Bytes of output before those in `buffer`. */
  #base = 0;
  /** Emptied, never replaced. */
  readonly #pieces: { bytes: Uint8Array; length: number }[] = [];
  /** The output was too long: nothing is kept until `reset()`. */
  #dropping = false;
  readonly #pieceSize: number;
  /** The same bytes as `buffer`. */
  #view: DataView = EMPTY_VIEW;
  readonly #initialCapacity: number;
  /** The source of the last copy, how often in a row it was used, and from `USES_BEFORE_VIEW` on a view of it. */
  #source: Uint8Array = EMPTY;
  #sourceUses = 0;
  #sourceView: DataView = EMPTY_VIEW;

  /**
   * @param capacity bytes of the buffer to begin with, allocated at the first write.
   * @param pieceSize bytes at which a buffer is put aside; Infinity: never, all output is in `buffer`, and may be 4 GB at most.
   */
  constructor(capacity = 16384, pieceSize = Infinity) {
    this.buffer = EMPTY;
    this.#initialCapacity = capacity;
    this.#pieceSize = pieceSize;
  }

  /** Bytes of output. */
  get length(): number {
    return this.#base + this.#end;
  }

  /** What comes before `buffer`, in order. */
  get pieces(): readonly ReplyPiece[] {
    return this.#pieces;
  }

  /** Bytes of output in `buffer`. */
  get used(): number {
    return this.#end;
  }

  /** Forgets the output, after it was flushed. A buffer that a huge element made big is let go. */
  reset(): void {
    this.#end = 0;
    if (this.#base > 0 || this.#dropping) this.#forgetPieces();
    this.#source = EMPTY;
    this.#sourceUses = 0;
    this.#sourceView = EMPTY_VIEW;
    if (this.buffer.length > REPLY_PIECE) this.#use(EMPTY);
  }

  /** Leaves the buffer, with the output in it, to whoever has it, and goes on with a new one. */
  giveUpBuffer(): void {
    this.#end = 0;
    this.#use(this.buffer.length > REPLY_PIECE ? EMPTY : new Uint8Array(this.buffer.length));
  }

  /** Forgets what was written after `length`, a value that `length` had before. */
  truncate(length: number): void {
    if (length < this.#base) this.#takeBack(length);
    this.#end = length - this.#base;
  }

  /** Whether an error begins at `start`, a value that `length` had before. */
  isErrorAt(start: number): boolean {
    // A line is never cut: where the output went on in another piece, something longer began.
    return start >= this.#base && this.length > start && this.buffer[start - this.#base] === 0x2d;
  }

  /** The code of the error that begins at `start`: the first word. */
  errorCodeAt(start: number): string {
    let end = start - this.#base + 1;
    const from = end;
    while (this.buffer[end] !== SPACE && this.buffer[end] !== CR) end++;
    return String.fromCharCode(...this.buffer.subarray(from, end));
  }

  ok(): void {
    this.#reserve(5);
    const b = this.buffer;
    const at = this.#end;
    b[at] = 0x2b;
    b[at + 1] = 0x4f;
    b[at + 2] = 0x4b;
    b[at + 3] = CR;
    b[at + 4] = LF;
    this.#end = at + 5;
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
    let at = this.#end;
    b[at++] = 0x3a;
    if (n >= 0 && n < 10) b[at++] = ZERO + n;
    else at = writeInteger(b, at, n);
    b[at] = CR;
    b[at + 1] = LF;
    this.#end = at + 2;
  }

  /** Header of `n` elements, any int64. */
  longArray(n: bigint): void {
    this.#line(0x2a, String(n));
  }

  /** `:n`, any int64. */
  bigInteger(n: bigint): void {
    if (n <= MAX_SAFE && n >= -MAX_SAFE) this.integer(Number(n));
    else this.#line(0x3a, String(n));
  }

  /** `$length` and the bytes, which are copied. */
  bulk(bytes: Uint8Array, offset: number, length: number): void {
    if (this.#end + length + HEADROOM > this.buffer.length && !this.#grow(length + HEADROOM, true)) return;
    const b = this.buffer;
    let at = this.#end;
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
    this.#end = at + 2;
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
    const at = this.#end;
    for (let i = 0; i < length; i++) b[at + i] = text.charCodeAt(i);
    this.#end = at + length;
    this.#lineEnd();
  }

  /** A bulk string of the digits of an integer |n| <= 2^53: 12 is `$2\r\n12\r\n`. */
  bulkInteger(n: number): void {
    this.#reserve(HEADROOM + HEADROOM);
    this.#header(DOLLAR, integerLength(n));
    this.#end = writeInteger(this.buffer, this.#end, n);
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
    this.#end += DEFERRED_HEADER;
    return token;
  }

  /** Leaves room for a bulk string of an integer below 2^32; the token goes to `endDeferredInteger`. */
  beginDeferredInteger(): number {
    this.#reserve(HEADROOM);
    const token = this.length;
    this.#end += DEFERRED_INTEGER;
    return token;
  }

  endDeferredInteger(token: number, n: number): void {
    this.#fill(token, DEFERRED_INTEGER, DOLLAR, integerLength(n), n);
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
    this.#copy(bytes, offset, length, this.#end);
    this.#end += length;
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
    let at = this.#end;
    const end = from + length;
    for (const last = end - 4; from <= last; from += 4, at += 4) view.setInt32(at, data.getInt32(from, true), true);
    const b = this.buffer;
    for (; from < end; from++, at++) b[at] = data.getUint8(from);
    b[at] = CR;
    b[at + 1] = LF;
    this.#end = at + 2;
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
    this.#fill(token, DEFERRED_HEADER, type, n, -1);
  }

  /** Writes a header, and behind it an integer unless that is -1, into the room left at `token`, and closes the gap. */
  #fill(token: number, room: number, type: number, n: number, integer: number): void {
    if (token < this.#base) {
      this.#fillAside(token, room, type, n, integer);
      return;
    }
    const end = this.#end;
    const start = token - this.#base;
    this.#end = start;
    this.#header(type, n);
    if (integer !== -1) {
      this.#end = writeInteger(this.buffer, this.#end, integer);
      this.#lineEnd();
    }
    const content = start + room;
    this.buffer.copyWithin(this.#end, content, end);
    this.#end += end - content;
  }

  /** As `#fill`, in the piece in which the room is. */
  #fillAside(token: number, room: number, type: number, n: number, integer: number): void {
    const { buffer } = this;
    const end = this.#end;
    const base = this.#base;
    const pieces = this.#pieces;
    let i = pieces.length;
    while (i > 0 && token < this.#base) this.#base -= pieces[--i]!.length;
    // None when all has been dropped.
    const piece = pieces[i];
    if (piece === undefined) {
      this.#base = base;
      return;
    }
    const { length } = piece;
    this.buffer = piece.bytes;
    this.#end = length;
    this.#fill(token, room, type, n, integer);
    piece.length = this.#end;
    this.buffer = buffer;
    this.#end = end;
    this.#base = base - (length - piece.length);
  }

  /** Type byte, length, CR LF; room must have been reserved. */
  #header(type: number, n: number): void {
    const b = this.buffer;
    let at = this.#end;
    b[at++] = type;
    if (n < 10) b[at++] = ZERO + n;
    else at = writeInteger(b, at, n);
    b[at] = CR;
    b[at + 1] = LF;
    this.#end = at + 2;
  }

  #lineEnd(): void {
    this.buffer[this.#end] = CR;
    this.buffer[this.#end + 1] = LF;
    this.#end += 2;
  }

  #minusOne(type: number): void {
    this.#reserve(5);
    const b = this.buffer;
    const at = this.#end;
    b[at] = type;
    b[at + 1] = 0x2d;
    b[at + 2] = 0x31;
    b[at + 3] = CR;
    b[at + 4] = LF;
    this.#end = at + 5;
  }

  #null3(): void {
    this.#reserve(3);
    const b = this.buffer;
    const at = this.#end;
    b[at] = 0x5f;
    b[at + 1] = CR;
    b[at + 2] = LF;
    this.#end = at + 3;
  }

  /** Type byte, text without line ends, CR LF. */
  #line(type: number, text: string): void {
    const length = text.length;
    this.#reserve(length * 3 + HEADROOM);
    const b = this.buffer;
    const start = this.#end;
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
    this.#end = at;
    this.#lineEnd();
  }

  /** A bulk-like string: type, length, ASCII prefix, UTF-8 of the text. */
  #text(type: number, prefix: string, text: string): void {
    const length = text.length;
    this.#reserve(length + prefix.length + HEADROOM);
    const start = this.#end;
    this.#header(type, prefix.length + length);
    const b = this.buffer;
    let at = this.#end;
    for (let i = 0; i < prefix.length; i++) b[at++] = prefix.charCodeAt(i);
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) {
        this.#end = start;
        this.#encoded(type, encoder.encode(prefix + text));
        return;
      }
      b[at++] = c;
    }
    this.#end = at;
    this.#lineEnd();
  }

  #encoded(type: number, bytes: Uint8Array): void {
    this.#reserve(bytes.length + HEADROOM);
    this.#header(type, bytes.length);
    this.buffer.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#lineEnd();
  }

  #reserve(count: number): void {
    if (this.#end + count > this.buffer.length) this.#grow(count, false);
  }

  /**
   * Makes room for `count` bytes in a row. Doubles up to a piece, so that writing n bytes copies O(n); then goes on in another.
   * @param mayDrop what is dropped need not be written
   * @returns false when there is no room, because the output is dropped
   */
  #grow(count: number, mayDrop: boolean): boolean {
    const pieceSize = this.#pieceSize;
    if (this.#end + count > pieceSize) {
      if (!this.#dropping && this.limit?.isTooLong(this.length + count) === true) this.#drop();
      if (this.#dropping && mayDrop && count > pieceSize) return false;
      if (this.#end > 0) this.#putAside();
    }
    const doubled = this.#base > 0 ? pieceSize : Math.min(this.buffer.length * 2, pieceSize);
    const size = Math.max(this.#end + count, doubled, Math.min(this.#initialCapacity, pieceSize));
    if (size <= this.buffer.length) return true;
    const grown = new Uint8Array(size);
    grown.set(this.buffer.subarray(0, this.#end));
    this.#use(grown);
    return true;
  }

  #putAside(): void {
    const length = this.#end;
    // What is dropped is written over.
    if (!this.#dropping) {
      this.#pieces.push({ bytes: this.buffer, length });
      this.#use(EMPTY);
    }
    this.#base += length;
    this.#end = 0;
  }

  /** Keeps nothing any more; positions stay what they are. */
  #drop(): void {
    this.#dropping = true;
    this.#pieces.length = 0;
  }

  #forgetPieces(): void {
    this.#base = 0;
    this.#pieces.length = 0;
    this.#dropping = false;
  }

  /** Goes back to the piece in which `length` lies. */
  #takeBack(length: number): void {
    while (length < this.#base) {
      const piece = this.#pieces.pop();
      if (piece === undefined) {
        // It has been dropped.
        this.#base = length;
        return;
      }
      this.#use(piece.bytes);
      this.#base -= piece.length;
    }
  }

  #use(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.#view = new DataView(buffer.buffer);
  }
}

function isLineEnd(c: number): boolean {
  return c === CR || c === LF;
}
