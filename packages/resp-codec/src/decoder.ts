/*
 * Replies to JavaScript values, as they arrive.
 *
 * Shape: callbacks. A client pairs replies with a queue of pending commands, so each reply has one taker who is known
 * when it completes; pushes and attributes have another. A pull interface would need a call and a wrapper per reply to tell the three
 * apart, and leaves open who holds the chunk between two pulls.
 *
 * The decoder is a loop over one chunk with an explicit stack of open aggregates, so that depth costs no JavaScript stack
 * and nothing is decoded twice when a reply is split. Three things can be cut by the end of a chunk:
 *   - an aggregate: its elements so far are kept as values (#items, #want and the stack below them);
 *   - a line (a header, a number, a simple string): its bytes so far are kept in #line;
 *   - the payload of a bulk: its bytes so far are kept in #payload, which grows by what arrives, never by what is announced.
 *
 * Strings are where the time goes: a call into V8's UTF-8 decoder costs 70 ns before it looks at the first byte, a
 * substring of a string costs 11. So short strings are cut out of a *window*: up to WINDOW bytes of the chunk decoded in one call. Byte
 * positions are character positions when the decoded window has as many UTF-16 units as bytes: no sequence of n bytes decodes to
 * more than n units, so equality says that every unit came from one byte. Otherwise the strings are decoded one by one. V8's substrings
 * of 13 characters or more keep their parent alive: WINDOW bounds what a kept string can hold on to.
 */
import { ProtocolError, ReplyError, StringTooLongError } from './errors.js';
import { type Reply, type ReplyFormat, VerbatimString } from './reply.js';
import { allocate, decodeUtf8 } from './platform.js';
import { parseBigNumber, parseDouble } from './reply-numbers.js';

/** Options of a `ReplyDecoder`: who takes the values, what they look like, and limits. */
export interface ReplyDecoderOptions extends Partial<ReplyFormat> {
  /** Takes every reply, errors included, in order. */
  readonly onReply: (reply: Reply) => void;
  /** Takes RESP3 pushes, which answer no command. Without it they are dropped. */
  readonly onPush?: ((push: Reply[]) => void) | undefined;
  /**
   * Takes RESP3 attributes, as `map` says. One comes before the reply that it annotates; one that stands
   * inside an aggregate comes before that aggregate. Without it they are dropped.
   */
  readonly onAttribute?: ((attribute: Reply) => void) | undefined;
  /** How deep aggregates may nest. Default 128. */
  readonly maxDepth?: number;
  /** How many bytes an incomplete reply may have on the wire while the decoder waits for the rest. Default 1 GiB. */
  readonly maxBuffered?: number;
}

const WINDOW = 1024;
/** A window spans so many strings of the length of its first. */
const WINDOW_STRINGS = 8;
/** Longer strings are decoded one by one: the fixed cost of the call no longer counts. */
const WINDOW_TEXT = 1024;
/** After a window that was not ASCII, so many strings are decoded one by one before the next try. */
const WINDOW_PAUSE = 64;
/** In `bytes` format small values share a copy of so many bytes; bigger ones than a quarter of it have one of their own. */
const COPY_WINDOW = 16 * 1024;
const FIRST_PAYLOAD = 64 * 1024;
/** Memory is only touched as bytes arrive; with 64 a bulk of 4 MB that comes in reads of 64 KB is never moved. */
const PAYLOAD_GROWTH = 64;
/** Cut payloads up to this size are put together in a shared slab. */
const SMALL_PAYLOAD = COPY_WINDOW / 4;
const MAX_HEADER_DIGITS = 15;
const SAFE_DIGITS = 15;
/** The hot path reads so many bytes of a header or an integer without asking whether they have arrived. */
const HOT_PATH = 11;
/** Sign, 19 digits, and some zeros in front that a lenient server may send. */
const MAX_INTEGER = 32;

/** Aggregates up to this size are allocated at once. */
const ROOMY = 1024;

const EMPTY = new Uint8Array(0);
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

const CR = 13;
const MINUS = 45;
const COLON = 58;
const LF = 10;

// Type bytes.
const T_BLOB_ERROR = 33; // !
const T_BOOLEAN = 35; // #
const T_BULK = 36; // $
const T_MAP = 37; // %
const T_BIG_NUMBER = 40; // (
const T_ARRAY = 42; // *
const T_SIMPLE = 43; // +
const T_DOUBLE = 44; // ,
const T_ERROR = 45; // -
const T_INTEGER = 58; // :
const T_VERBATIM = 61; // =
const T_PUSH = 62; // >
const T_NULL = 95; // _
const T_ATTRIBUTE = 124; // |
const T_SET = 126; // ~

/** Types that are one line, and are no hot path. */
const LINE_TYPES: ReadonlySet<number> = new Set([T_BOOLEAN, T_BIG_NUMBER, T_SIMPLE, T_DOUBLE, T_ERROR, T_NULL]);

/** Longest line by type byte, the type byte included: garbage is found out before it fills the memory. Texts have no limit but maxBuffered. */
const LINE_LIMITS: Readonly<Record<number, number>> = {
  [T_BOOLEAN]: 4,
  [T_NULL]: 3,
  [T_INTEGER]: MAX_INTEGER + 3,
  [T_DOUBLE]: 400,
  [T_BIG_NUMBER]: 16 * 1024,
  [T_BULK]: MAX_HEADER_DIGITS + 3,
  [T_BLOB_ERROR]: MAX_HEADER_DIGITS + 3,
  [T_VERBATIM]: MAX_HEADER_DIGITS + 3,
  [T_ARRAY]: MAX_HEADER_DIGITS + 3,
  [T_MAP]: MAX_HEADER_DIGITS + 3,
  [T_SET]: MAX_HEADER_DIGITS + 3,
  [T_PUSH]: MAX_HEADER_DIGITS + 3,
  [T_ATTRIBUTE]: MAX_HEADER_DIGITS + 3,
};

/** Answers of #count beside a count. */
const NULL_COUNT = -1;
const INCOMPLETE = -2;

/**
 * Incremental decoder of RESP2 and RESP3 replies (Redis 7.2; streamed strings and aggregates, which no Redis sends, are malformed).
 *
 * A chunk that was written may be reused as soon as `write` returns, unless bulk strings are asked for as `view`.
 */
export class ReplyDecoder {
  readonly #onReply: (reply: Reply) => void;
  readonly #onPush: ((push: Reply[]) => void) | undefined;
  readonly #onAttribute: ((attribute: Reply) => void) | undefined;
  readonly #maxDepth: number;
  readonly #maxBuffered: number;

  #asText = true;
  #asView = false;
  #map: ReplyFormat['map'] = 'map';
  #setAsSet = false;
  #bigAsText = false;
  #verbatimTagged = false;

  /** Stream offset of the first byte of the chunk at hand. */
  #base = 0;
  /** Stream offset at which the top-level reply at hand begins. */
  #replyStart = 0;
  /** Bumped by reset(): tells a running loop that its chunk is void. */
  #epoch = 0;
  #running = false;
  #failure: ProtocolError | undefined;

  /** The open aggregate: its elements, how many it wants (0: none is open), how many it has, its type byte. */
  #items: Reply[] = [];
  #want = 0;
  #filled = 0;
  #type = 0;
  #depth = 0;
  readonly #outerItems: Reply[][] = [];
  readonly #outerWant: number[] = [];
  readonly #outerType: number[] = [];
  readonly #outerFilled: number[] = [];

  #line = EMPTY;
  #lineLength = 0;

  /** The bulk whose payload is cut: its type byte and announced length; #bulkLength is -1 when none is. */
  #bulkType = 0;
  #bulkLength = -1;
  #payload: Uint8Array = EMPTY;
  #payloadLength = 0;
  #slab: Uint8Array = EMPTY;
  #slabUsed = 0;

  /** What callbacks threw during the current write. */
  readonly #thrown: unknown[] = [];

  /** Where the value at hand ends in its chunk: a second result of the methods that parse one. */
  #next = 0;
  /** Windows into the chunk at hand: as text, and as a copy for `bytes`. Empty between writes. */
  #window = '';
  #windowStart = 0;
  #windowEnd = 0;
  #windowPause = 0;
  #viewed: Uint8Array = EMPTY;
  #viewedBuffer: ArrayBufferLike = EMPTY.buffer;
  #viewedOffset = 0;
  #copy: Uint8Array = EMPTY;
  #copyStart = 0;
  #copyEnd = 0;

  constructor(options: ReplyDecoderOptions) {
    this.#onReply = options.onReply;
    this.#onPush = options.onPush;
    this.#onAttribute = options.onAttribute;
    this.#maxDepth = options.maxDepth ?? 128;
    this.#maxBuffered = options.maxBuffered ?? 2 ** 30;
    this.setFormat(options);
  }

  /**
   * Changes how replies become values. Holds from the next element that is decoded: called from `onReply`, it is in force for the
   * next reply, which lets a client choose per command.
   */
  setFormat(format: Partial<ReplyFormat>): void {
    if (format.bulk !== undefined) {
      this.#asText = format.bulk === 'string';
      this.#asView = format.bulk === 'view';
    }
    if (format.map !== undefined) this.#map = format.map;
    if (format.set !== undefined) this.#setAsSet = format.set === 'set';
    if (format.bigInteger !== undefined) this.#bigAsText = format.bigInteger === 'string';
    if (format.verbatim !== undefined) this.#verbatimTagged = format.verbatim === 'tagged';
  }

  /** Bytes on the wire of the reply that has begun and not ended. */
  get buffered(): number {
    return this.#base - this.#replyStart;
  }

  /**
   * Decodes what the chunk completes and calls back for each.
   *
   * When a callback throws, the rest of the chunk is decoded and delivered all the same (those replies belong to other
   * commands); then the error is thrown from here, several as one AggregateError.
   * @throws {ProtocolError} for what is not RESP or exceeds a limit; from then on for every call, until `reset()`.
   */
  write(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#running) throw new Error('write() was called from a callback of the same decoder');
    this.#running = true;
    try {
      this.#write(chunk);
    } finally {
      this.#running = false;
      this.#window = '';
      this.#windowEnd = 0;
      this.#copy = EMPTY;
      this.#copyEnd = 0;
    }
    if (this.#thrown.length > 0) this.#rethrow();
  }

  /** Forgets everything that was written, also a failure: for a new connection. May be called from a callback. */
  reset(): void {
    this.#epoch++;
    this.#failure = undefined;
    this.#base = 0;
    this.#replyStart = 0;
    this.#items = [];
    this.#want = 0;
    this.#filled = 0;
    this.#depth = 0;
    this.#outerItems.length = 0;
    this.#line = EMPTY;
    this.#lineLength = 0;
    this.#bulkLength = -1;
    this.#payload = EMPTY;
    this.#payloadLength = 0;
  }

  #write(chunk: Uint8Array): void {
    const epoch = this.#epoch;
    let at = 0;
    if (this.#lineLength > 0) {
      at = this.#resumeLine(chunk);
      if (this.#epoch !== epoch) return;
    }
    if (this.#bulkLength >= 0 && at < chunk.length) {
      at = this.#resumeBulk(chunk, at);
      if (this.#epoch !== epoch) return;
    }
    if (at < chunk.length) {
      this.#decode(chunk, at, chunk.length);
      if (this.#epoch !== epoch) return;
    }
    this.#base += chunk.length;
    if (this.#base - this.#replyStart > this.#maxBuffered) this.#tooLarge(this.#replyStart);
  }

  /** The main loop: decodes `bytes[pos, end)` and keeps what is cut at the end. */
  #decode(bytes: Uint8Array, pos: number, end: number): void {
    const epoch = this.#epoch;
    // Locals for what the loop reads at each element; written back before anything else looks at them.
    let items = this.#items;
    let want = this.#want;
    let filled = this.#filled;
    let replyStart = -1;
    const safe = end - HOT_PATH;
    const onReply = this.#onReply;
    while (pos < end) {
      const type = bytes[pos]!;
      let value: Reply;
      if (type === T_BULK) {
        let length = INCOMPLETE;
        let at = pos + 1;
        let digit = 0;
        if (pos < safe && (digit = bytes[at]! - 48) >>> 0 <= 9) {
          length = digit;
          digits: {
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            length = length * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            length = length * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            length = length * 10 + digit;
            digit = bytes[++at]! - 48;
          }
          if (digit !== CR - 48 || bytes[at + 1] !== LF) length = INCOMPLETE;
        }
        if (length === INCOMPLETE) {
          // Longer, null, near the end of the chunk, cut, or not RESP.
          length = this.#count(bytes, pos, end);
          if (length === INCOMPLETE) break;
          at = this.#next - 2;
        }
        const start = at + 2;
        const stop = start + length;
        if (length === NULL_COUNT) {
          value = null;
          pos = start;
        } else if (stop + 2 > end) {
          this.#beginBulk(type, length, bytes, pos, start, end);
          pos = end;
          break;
        } else {
          if (bytes[stop] !== CR || bytes[stop + 1] !== LF) this.#malformed('expected CR LF after a bulk string', stop);
          if (this.#asText && start >= this.#windowStart && stop <= this.#windowEnd) {
            value = this.#window.substring(start - this.#windowStart, stop - this.#windowStart);
          } else {
            value = this.#string(bytes, start, stop, end);
          }
          pos = stop + 2;
        }
      } else if (type === T_INTEGER) {
        let at = pos + 1;
        let digit = 0;
        let number = -1;
        // Written out: 6 ns per integer against 9 for a loop, whose exit is mispredicted when lengths vary.
        if (pos < safe && (digit = bytes[at]! - 48) >>> 0 <= 9) {
          number = digit;
          digits: {
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            number = number * 10 + digit;
            digit = bytes[++at]! - 48;
          }
          if (digit !== CR - 48 || bytes[at + 1] !== LF) number = -1;
        }
        if (number >= 0) {
          value = number;
          pos = at + 2;
        } else {
          // Longer, signed, near the end of the chunk, cut, or not RESP.
          const stop = this.#lineEnd(bytes, pos, end);
          if (stop === INCOMPLETE) break;
          value = this.#integer(bytes, pos + 1, stop);
          pos = stop + 2;
        }
      } else if (type === T_ARRAY || type === T_MAP || type === T_SET || type === T_PUSH || type === T_ATTRIBUTE) {
        const count = this.#count(bytes, pos, end);
        if (count === INCOMPLETE) break;
        if (count === NULL_COUNT) {
          value = null;
          pos = this.#next;
        } else {
          this.#items = items;
          this.#want = want;
          this.#filled = filled;
          this.#open(type, count, pos, end);
          pos = this.#next;
          if (count === 0) {
            this.#close();
            if (this.#epoch !== epoch) return;
            if (this.#want === 0) replyStart = pos;
          }
          items = this.#items;
          want = this.#want;
          filled = this.#filled;
          continue;
        }
      } else if (
        type === T_SIMPLE &&
        pos + 4 < end &&
        bytes[pos + 1] === 79 &&
        bytes[pos + 2] === 75 &&
        bytes[pos + 3] === CR &&
        bytes[pos + 4] === LF
      ) {
        value = 'OK';
        pos += 5;
      } else {
        value = this.#rare(type, bytes, pos, end);
        if (this.#next === INCOMPLETE) {
          if (this.#bulkLength >= 0) pos = end;
          break;
        }
        pos = this.#next;
      }

      if (want === 0) {
        replyStart = pos;
        try {
          onReply(value);
        } catch (error) {
          this.#thrown.push(error);
        }
        if (this.#epoch !== epoch) return;
      } else {
        items[filled++] = value;
        if (filled === want) {
          this.#items = items;
          this.#close();
          if (this.#epoch !== epoch) return;
          if (this.#want === 0) replyStart = pos;
          items = this.#items;
          want = this.#want;
          filled = this.#filled;
        }
      }
    }
    this.#items = items;
    this.#want = want;
    this.#filled = filled;
    if (replyStart >= 0) this.#replyStart = this.#base + replyStart;
    if (pos < end) this.#keepLine(bytes, pos, end);
  }

  /** Types that are no hot path. Sets #next to the end of the value, or to INCOMPLETE. */
  #rare(type: number, bytes: Uint8Array, pos: number, end: number): Reply {
    if (type === T_BLOB_ERROR || type === T_VERBATIM) return this.#rareBulk(type, bytes, pos, end);
    if (!LINE_TYPES.has(type)) this.#malformed(`unknown reply type ${describe(type)}`, pos);
    const stop = this.#lineEnd(bytes, pos, end);
    this.#next = stop === INCOMPLETE ? INCOMPLETE : stop + 2;
    if (stop === INCOMPLETE) return null;
    const start = pos + 1;
    switch (type) {
      case T_SIMPLE:
        return this.#text(bytes, start, stop, end);
      case T_ERROR:
        return replyError(this.#text(bytes, start, stop, end));
      case T_DOUBLE:
        return parseDouble(bytes, start, stop) ?? this.#malformed('invalid double', start);
      case T_BIG_NUMBER: {
        const big = parseBigNumber(bytes, start, stop) ?? this.#malformed('invalid big number', start);
        return this.#bigAsText ? big.toString() : big;
      }
      case T_BOOLEAN:
        if (stop - start === 1 && (bytes[start] === 116 || bytes[start] === 102)) return bytes[start] === 116;
        return this.#malformed('invalid boolean', start);
      default:
        if (stop !== start) this.#malformed('invalid null', start);
        return null;
    }
  }

  #rareBulk(type: number, bytes: Uint8Array, pos: number, end: number): Reply {
    const length = this.#count(bytes, pos, end);
    const start = this.#next;
    this.#next = INCOMPLETE;
    if (length === INCOMPLETE) return null;
    const stop = start + length;
    if (stop + 2 > end) {
      this.#beginBulk(type, length, bytes, pos, start, end);
      return null;
    }
    if (bytes[stop] !== CR || bytes[stop + 1] !== LF) this.#malformed('expected CR LF after a bulk string', stop);
    const value = this.#bulk(type, bytes, start, stop, end);
    this.#next = stop + 2;
    return value;
  }

  /** The value of a bulk of any type, whose payload is `bytes[start, stop)`. */
  #bulk(type: number, bytes: Uint8Array, start: number, stop: number, end: number): Reply {
    if (type === T_BULK) return this.#string(bytes, start, stop, end);
    if (type === T_BLOB_ERROR) return replyError(this.#text(bytes, start, stop, end));
    const body = start + 4;
    if (body > stop || bytes[body - 1] !== COLON) this.#malformed('invalid format of a verbatim string', start);
    const value = this.#string(bytes, body, stop, end);
    return this.#verbatimTagged ? new VerbatimString(decodeUtf8(bytes, start, body - 1), value) : value;
  }

  #string(bytes: Uint8Array, start: number, stop: number, end: number): string | Uint8Array | StringTooLongError {
    if (this.#asText) return this.#text(bytes, start, stop, end);
    // A gathered payload belongs to nobody else.
    if (this.#asView || bytes === this.#payload) {
      // Asking a typed array for its buffer costs half as much as making the view.
      if (bytes !== this.#viewed) {
        this.#viewed = bytes;
        this.#viewedBuffer = bytes.buffer;
        this.#viewedOffset = bytes.byteOffset;
      }
      return new Uint8Array(this.#viewedBuffer, this.#viewedOffset + start, stop - start);
    }
    const length = stop - start;
    if (length > SMALL_PAYLOAD) return Uint8Array.prototype.slice.call(bytes, start, stop);
    if (start < this.#copyStart || stop > this.#copyEnd) {
      this.#copyStart = start;
      this.#copyEnd = Math.min(start + COPY_WINDOW, end);
      this.#copy = Uint8Array.prototype.slice.call(bytes, start, this.#copyEnd);
    }
    return new Uint8Array(this.#copy.buffer, this.#copy.byteOffset + start - this.#copyStart, length);
  }

  #text(bytes: Uint8Array, start: number, stop: number, end: number): string | StringTooLongError {
    const length = stop - start;
    if (start >= this.#windowStart && stop <= this.#windowEnd) {
      return this.#window.substring(start - this.#windowStart, stop - this.#windowStart);
    }
    if (length > WINDOW_TEXT) return longText(bytes, start, stop);
    if (length === 0) return '';
    // A window for a single string is a detour.
    if (end - stop < 8 || this.#windowPause > 0) {
      if (this.#windowPause > 0) this.#windowPause--;
      return decodeUtf8(bytes, start, stop);
    }
    const windowEnd = Math.min(start + Math.max(WINDOW, WINDOW_STRINGS * length), end);
    const window = decodeUtf8(bytes, start, windowEnd);
    if (window.length !== windowEnd - start) {
      this.#windowPause = WINDOW_PAUSE;
      return decodeUtf8(bytes, start, stop);
    }
    this.#window = window;
    this.#windowStart = start;
    this.#windowEnd = windowEnd;
    return window.substring(0, length);
  }

  /** An integer that the hot path did not take. */
  #integer(bytes: Uint8Array, start: number, stop: number): Reply {
    let number = 0;
    let at = bytes[start] === MINUS ? start + 1 : start;
    const digits = stop - at;
    for (; at < stop; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at === stop && digits > 0 && digits <= SAFE_DIGITS) return digits < stop - start ? 0 - number : number;
    return this.#wideInteger(bytes, start, stop);
  }

  #wideInteger(bytes: Uint8Array, start: number, stop: number): Reply {
    const integer = stop - start <= MAX_INTEGER ? parseBigNumber(bytes, start, stop) : undefined;
    if (integer === undefined || integer > INT64_MAX || integer < INT64_MIN)
      return this.#malformed('invalid integer', start);
    const number = Number(integer);
    if (Number.isSafeInteger(number)) return number;
    return this.#bigAsText ? integer.toString() : integer;
  }

  /** The number in the header at `pos`; NULL_COUNT, where null is allowed; INCOMPLETE. Sets #next behind the header. */
  #count(bytes: Uint8Array, pos: number, end: number): number {
    const stop = this.#lineEnd(bytes, pos, end);
    if (stop === INCOMPLETE) return INCOMPLETE;
    this.#next = stop + 2;
    const start = pos + 1;
    let count = 0;
    let at = start;
    for (; at < stop; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      count = count * 10 + digit;
    }
    if (at === stop && at > start && at - start <= MAX_HEADER_DIGITS) return count;
    const type = bytes[pos];
    if (
      (type === T_BULK || type === T_ARRAY) &&
      stop - start === 2 &&
      bytes[start] === MINUS &&
      bytes[start + 1] === 49
    ) {
      return NULL_COUNT;
    }
    return this.#malformed('invalid length', start);
  }

  /** Where the line that begins at `pos` has its CR LF, or INCOMPLETE. */
  #lineEnd(bytes: Uint8Array, pos: number, end: number): number {
    for (let at = pos + 1; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > CR) continue;
      if (byte === CR) {
        if (at + 1 === end) return INCOMPLETE;
        if (bytes[at + 1] === LF) return at;
        this.#malformed('CR without LF', at);
      }
      if (byte === LF) this.#malformed('LF without CR', at);
    }
    return INCOMPLETE;
  }

  /** Begins an aggregate inside of the open one. */
  #open(type: number, count: number, pos: number, end: number): void {
    if (type === T_PUSH && this.#want !== 0) this.#malformed('a push inside of a reply', pos);
    if (this.#depth === this.#maxDepth)
      this.#fail(new ProtocolError('replies nest too deep', this.#base + pos, 'depth'));
    const want = type === T_MAP || type === T_ATTRIBUTE ? 2 * count : count;
    // An element has three bytes or more: what cannot end below the limit is refused before it fills the memory.
    if (3 * want > this.#maxBuffered && 3 * want > end - pos) this.#tooLarge(this.#base + pos);
    this.#outerItems[this.#depth] = this.#items;
    this.#outerWant[this.#depth] = this.#want;
    this.#outerType[this.#depth] = this.#type;
    this.#outerFilled[this.#depth] = this.#filled;
    this.#depth++;
    // Room in advance only for elements that may have arrived already.
    this.#items = want <= ROOMY && 3 * want <= end - pos ? new Array<Reply>(want) : [];
    this.#want = want;
    this.#filled = 0;
    this.#type = type;
  }

  /** The open aggregate has all its elements: makes it a value, which may complete the aggregate around it. */
  #close(): void {
    for (;;) {
      const type = this.#type;
      const items = this.#items;
      const depth = --this.#depth;
      this.#items = this.#outerItems.pop()!;
      this.#want = this.#outerWant[depth]!;
      this.#type = this.#outerType[depth]!;
      this.#filled = this.#outerFilled[depth]!;
      if (type === T_ATTRIBUTE) {
        this.#call(this.#onAttribute, this.#mapOf(items));
        return;
      }
      if (type === T_PUSH) {
        this.#call(this.#onPush, items);
        return;
      }
      const value =
        type === T_ARRAY ? items : type === T_MAP ? this.#mapOf(items) : this.#setAsSet ? new Set(items) : items;
      if (this.#want === 0) {
        this.#deliver(value);
        return;
      }
      this.#items[this.#filled++] = value;
      if (this.#filled !== this.#want) return;
    }
  }

  #mapOf(items: Reply[]): Reply {
    if (this.#map === 'array') return items;
    if (this.#map === 'map') return mapFrom(items);
    const object = Object.create(null) as Record<string, Reply>;
    for (let i = 0; i < items.length; i += 2) {
      const key = keyText(items[i]!);
      if (key === undefined) return mapFrom(items);
      object[key] = items[i + 1]!;
    }
    return object;
  }

  #deliver(reply: Reply): void {
    try {
      this.#onReply(reply);
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  #call<T>(callback: ((value: T) => void) | undefined, value: T): void {
    if (callback === undefined) return;
    try {
      callback(value);
    } catch (error) {
      this.#thrown.push(error);
    }
  }

  #rethrow(): never {
    const thrown = this.#thrown.splice(0);
    if (thrown.length === 1) throw thrown[0];
    throw new AggregateError(thrown, `${thrown.length} reply callbacks threw`);
  }

  /** Keeps the line that is cut by the end of the chunk. */
  #keepLine(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#lineLength + to - from;
    if (length > this.#line.length) {
      const line = new Uint8Array(Math.max(64, 2 * length));
      line.set(this.#line.subarray(0, this.#lineLength));
      this.#line = line;
    }
    // Most cut lines are a few bytes of a header: a loop is faster than a view and a copy.
    for (let at = from, into = this.#lineLength; at < to; at++, into++) this.#line[into] = bytes[at]!;
    this.#lineLength = length;
    if (length > (LINE_LIMITS[this.#line[0]!] ?? Infinity)) this.#malformed('line too long', from);
  }

  /** Completes the line that was cut. @returns where it ends in the chunk, or the chunk's length. */
  #resumeLine(chunk: Uint8Array): number {
    const feed = chunk.indexOf(LF);
    const stop = feed === -1 ? chunk.length : feed + 1;
    const before = this.#lineLength;
    this.#keepLine(chunk, 0, stop);
    if (feed === -1) return stop;
    const length = this.#lineLength;
    const epoch = this.#epoch;
    this.#lineLength = 0;
    this.#base -= before;
    this.#decode(this.#line, 0, length);
    if (this.#epoch === epoch) this.#base += before;
    return stop;
  }

  /** Keeps the beginning of a bulk whose payload is cut; `start` is where the payload begins. */
  #beginBulk(type: number, length: number, bytes: Uint8Array, pos: number, start: number, end: number): void {
    if (length > this.#maxBuffered) this.#tooLarge(this.#base + pos);
    this.#bulkType = type;
    this.#bulkLength = length;
    this.#payloadLength = 0;
    if (start < end) this.#gather(bytes, start, end);
  }

  #gather(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#payloadLength + to - from;
    if (length > this.#payload.length) this.#growPayload(length);
    const payload = this.#payload;
    if (to - from < 48) {
      for (let at = from, into = this.#payloadLength; at < to; at++, into++) payload[into] = bytes[at]!;
    } else {
      payload.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), this.#payloadLength);
    }
    this.#payloadLength = length;
  }

  #growPayload(length: number): void {
    const whole = this.#bulkLength + 2;
    if (whole <= SMALL_PAYLOAD) {
      // Small ones share a slab: an allocation of their own would cost more than everything else.
      if (this.#slabUsed + whole > this.#slab.length) {
        this.#slab = allocate(COPY_WINDOW);
        this.#slabUsed = 0;
      }
      this.#payload = new Uint8Array(this.#slab.buffer, this.#slabUsed, whole);
      // Text is copied out of the slab, bytes stay in it.
      if (!this.#asText) this.#slabUsed += whole;
      return;
    }
    const room = Math.max(FIRST_PAYLOAD, length * PAYLOAD_GROWTH);
    const payload = allocate(1.25 * room < whole ? room : whole);
    payload.set(this.#payload.subarray(0, this.#payloadLength));
    this.#payload = payload;
  }

  /** Completes the bulk that was cut. @returns where it ends in the chunk, or the chunk's length. */
  #resumeBulk(chunk: Uint8Array, at: number): number {
    const length = this.#bulkLength;
    const missing = length + 2 - this.#payloadLength;
    const stop = Math.min(at + missing, chunk.length);
    const epoch = this.#epoch;
    let bytes = chunk;
    let start = at;
    if (this.#payloadLength > 0 || stop - at < missing) {
      this.#gather(chunk, at, stop);
      if (stop - at < missing) return stop;
      bytes = this.#payload;
      start = 0;
    }
    const end = start + length;
    if (bytes[end] !== CR || bytes[end + 1] !== LF) this.#malformed('expected CR LF after a bulk string', stop - 2);
    const value = this.#bulk(this.#bulkType, bytes, start, end, end + 2);
    this.#bulkLength = -1;
    this.#payload = EMPTY;
    this.#payloadLength = 0;
    if (this.#want === 0) this.#deliver(value);
    else {
      this.#items[this.#filled++] = value;
      if (this.#filled === this.#want) this.#close();
    }
    if (this.#epoch === epoch && this.#want === 0) this.#replyStart = this.#base + stop;
    return stop;
  }

  #malformed(message: string, pos: number): never {
    this.#fail(new ProtocolError(message, this.#base + pos));
  }

  #tooLarge(offset: number): never {
    this.#fail(new ProtocolError(`a reply exceeds the limit of ${this.#maxBuffered} bytes`, offset, 'size'));
  }

  #fail(error: ProtocolError): never {
    this.#failure = error;
    throw error;
  }
}

function describe(byte: number): string {
  return byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`;
}

function longText(bytes: Uint8Array, start: number, stop: number): string | StringTooLongError {
  try {
    return decodeUtf8(bytes, start, stop);
  } catch {
    return new StringTooLongError(stop - start);
  }
}

function replyError(text: string | StringTooLongError): ReplyError | StringTooLongError {
  return typeof text === 'string' ? new ReplyError(text) : text;
}

function mapFrom(items: readonly Reply[]): Map<Reply, Reply> {
  const map = new Map<Reply, Reply>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  return map;
}

/** The property name for the key of a map; undefined for an aggregate, which has none. */
function keyText(key: Reply): string | undefined {
  if (typeof key === 'string') return key;
  if (key instanceof Uint8Array) return decodeUtf8(key, 0, key.length);
  if (key instanceof VerbatimString) return keyText(key.value);
  return typeof key === 'object' && key !== null ? undefined : String(key);
}
