/*
 * Replies to JavaScript values, as they arrive.
 *
 * Shape: callbacks. A client pairs replies with a queue of pending commands, so each reply has one taker who is known
 * when it completes; pushes and attributes have another. A pull interface would need a call and a wrapper per reply to tell the three
 * apart, and leaves open who holds the chunk between two pulls.
 *
 * The decoder is a loop over one chunk with an explicit stack of open aggregates, so that depth costs no JavaScript stack
 * and nothing is decoded twice when a reply is split. Three things can be cut by the end of a chunk:
 *   - an aggregate: its elements so far are kept as values (#items, and the stack below it);
 *   - a line (a header, a number, a simple string): its bytes so far are kept in #line;
 *   - the payload of a bulk: its bytes so far are kept in #cut.
 */
import { ChunkStrings, longText } from './chunk-strings.js';
import { CutPayload } from './cut-payload.js';
import { ProtocolError, type ReplyError, replyErrorOf, type StringTooLongError } from './errors.js';
import { decodeUtf8 } from './platform.js';
import * as protocol from './protocol.js';
import { LineReader } from './line-reader.js';
import { OpenAggregates } from './open-aggregates.js';
import { mapOf } from './reply-map.js';
import { parseBigNumber, parseDouble, parseInteger64 } from './reply-numbers.js';
import { type Reply, type ReplyDecoderOptions, type ReplyFormat, VerbatimString } from './reply.js';

// Not imported by name: V8 folds a constant of this module into the code, an imported binding it loads (6 against 8 ns per integer).
const {
  COLON,
  CR,
  INCOMPLETE,
  LF,
  LINE_LIMITS,
  NULL_COUNT,
  T_ARRAY,
  T_ATTRIBUTE,
  T_BIG_NUMBER,
  T_BLOB_ERROR,
  T_BOOLEAN,
  T_BULK,
  T_DOUBLE,
  T_ERROR,
  T_INTEGER,
  T_MAP,
  T_PUSH,
  T_SET,
  T_SIMPLE,
  T_VERBATIM,
} = protocol;

/** The shortest element is null: `_` CR LF. */
const MIN_ELEMENT = 3;
/** The hot path reads so many bytes of a header or an integer without asking whether they have arrived. */
const HOT_PATH = 11;

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

  #map: ReplyFormat['map'] = 'map';
  #setAsSet = false;
  #bigAsText = false;
  #verbatimTagged = false;

  /** Where the top-level reply at hand begins, counted from the begin of the chunk at hand: negative when it was in an earlier one. */
  #replyStart = 0;
  /** Bumped by reset(): tells a running loop that its chunk is void. */
  #epoch = 0;
  #running = false;
  /** What callbacks threw during the current write. */
  readonly #thrown: unknown[] = [];

  readonly #open = new OpenAggregates();
  readonly #lines: LineReader = new LineReader();
  readonly #cut = new CutPayload();
  readonly #strings = new ChunkStrings();

  constructor(options: ReplyDecoderOptions) {
    checkOptions(options);
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
    if (format.bulk !== undefined) this.#strings.setFormat(format.bulk);
    if (format.map !== undefined) this.#map = format.map;
    if (format.set !== undefined) this.#setAsSet = format.set === 'set';
    if (format.bigInteger !== undefined) this.#bigAsText = format.bigInteger === 'string';
    if (format.verbatim !== undefined) this.#verbatimTagged = format.verbatim === 'tagged';
  }

  /** Bytes on the wire of the reply that has begun and not ended, after the last `write`. */
  get buffered(): number {
    return 0 - this.#replyStart;
  }

  /**
   * Decodes what the chunk completes and calls back for each.
   *
   * When a callback throws, the rest of the chunk is decoded and delivered all the same (those replies belong to other
   * commands); then the error is thrown from here, several as one AggregateError.
   * @throws {ProtocolError} for what is not RESP or exceeds a limit; from then on for every call, until `reset()`.
   */
  write(chunk: Uint8Array): void {
    if (this.#lines.failure !== undefined) throw this.#lines.failure;
    if (chunk.length === 0) return;
    if (this.#running) throw new Error('write() was called from a callback of the same decoder');
    this.#running = true;
    try {
      this.#write(chunk);
    } finally {
      this.#running = false;
      if (this.#strings.held) this.#strings.release();
    }
    if (this.#thrown.length > 0) this.#rethrow();
  }

  /** Forgets everything that was written, also a failure: for a new connection. May be called from a callback. */
  reset(): void {
    this.#epoch++;
    this.#replyStart = 0;
    this.#open.reset();
    this.#lines.reset();
    this.#cut.end(true);
  }

  #write(chunk: Uint8Array): void {
    const epoch = this.#epoch;
    const at = this.#lines.cutLength > 0 || this.#cut.length >= 0 ? this.#resume(chunk) : 0;
    if (at < chunk.length) this.#decode(chunk, at, chunk.length);
    if (this.#epoch !== epoch) return;
    this.#lines.base += chunk.length;
    this.#replyStart -= chunk.length;
    if (-this.#replyStart > this.#maxBuffered) this.#tooLarge(this.#lines.base + this.#replyStart);
  }

  /** Completes the line and the bulk that were cut. @returns up to where that took the chunk: all of it after a reset. */
  #resume(chunk: Uint8Array): number {
    const epoch = this.#epoch;
    let at = 0;
    if (this.#lines.cutLength > 0) at = this.#resumeLine(chunk);
    if (this.#epoch === epoch && this.#cut.length >= 0 && at < chunk.length) at = this.#resumeBulk(chunk, at);
    return this.#epoch === epoch ? at : chunk.length;
  }

  /** The main loop: decodes `bytes[pos, end)` and keeps what is cut at the end. */
  #decode(bytes: Uint8Array, pos: number, end: number): void {
    const epoch = this.#epoch;
    // Locals for what the loop reads at each element. Of these only `filled` changes here, and is written back.
    const open = this.#open;
    let items = open.items;
    let want = open.want;
    let filled = open.filled;
    let replyStart = -1;
    const safe = end - HOT_PATH;
    const onReply = this.#onReply;
    const strings = this.#strings;
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
            if ((digit = bytes[++at]! - 48) >>> 0 > 9) break digits;
            length = length * 10 + digit;
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
          length = this.#lines.count(bytes, pos, end);
          if (length === INCOMPLETE) break;
          at = this.#lines.next - 2;
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
          if (bytes[stop] !== CR || bytes[stop + 1] !== LF) this.#expectLineEnd(bytes, stop, stop);
          if (strings.asText && start >= strings.windowStart && stop <= strings.windowEnd) {
            value = strings.window.substring(start - strings.windowStart, stop - strings.windowStart);
          } else {
            value = strings.string(bytes, start, stop, end);
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
        } else if (pos >= safe) {
          // Near the end, where an integer stands that comes alone: with less than HOT_PATH bytes it has at most 8 digits.
          number = 0;
          while (at < end && (digit = bytes[at]! - 48) >>> 0 <= 9) {
            number = number * 10 + digit;
            at++;
          }
          if (at === pos + 1 || at + 1 >= end || bytes[at] !== CR || bytes[at + 1] !== LF) number = -1;
        }
        if (number >= 0) {
          value = number;
          pos = at + 2;
        } else {
          // Longer, signed, cut, or not RESP.
          const stop = this.#lines.lineEnd(bytes, pos, end);
          if (stop === INCOMPLETE) break;
          value = this.#integer(bytes, pos + 1, stop);
          pos = stop + 2;
        }
      } else if (type === T_ARRAY || type === T_MAP || type === T_SET || type === T_PUSH || type === T_ATTRIBUTE) {
        const count = this.#lines.count(bytes, pos, end);
        if (count === INCOMPLETE) break;
        if (count === NULL_COUNT) {
          value = null;
          pos = this.#lines.next;
        } else {
          open.filled = filled;
          this.#begin(type, count, pos, end);
          pos = this.#lines.next;
          if (count === 0) {
            this.#close();
            if (this.#epoch !== epoch) return;
            if (open.want === 0) replyStart = pos;
          }
          items = open.items;
          want = open.want;
          filled = open.filled;
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
        if (this.#lines.next === INCOMPLETE) {
          if (this.#cut.length >= 0) pos = end;
          break;
        }
        pos = this.#lines.next;
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
          this.#close();
          if (this.#epoch !== epoch) return;
          if (open.want === 0) replyStart = pos;
          items = open.items;
          want = open.want;
          filled = open.filled;
        }
      }
    }
    open.filled = filled;
    if (replyStart >= 0) this.#replyStart = replyStart;
    if (pos < end) this.#lines.keep(bytes, pos, end);
  }

  /** Types that are no hot path. Sets #next to the end of the value, or to INCOMPLETE. */
  #rare(type: number, bytes: Uint8Array, pos: number, end: number): Reply {
    if (type === T_BLOB_ERROR || type === T_VERBATIM) return this.#rareBulk(type, bytes, pos, end);
    const limit = LINE_LIMITS[type]!;
    if (limit === 0) this.#lines.fail(protocol.unknownType(type, this.#lines.base + pos));
    const stop = this.#lines.lineEnd(bytes, pos, end);
    this.#lines.next = stop === INCOMPLETE ? INCOMPLETE : stop + 2;
    if (stop === INCOMPLETE) return null;
    if (this.#lines.next - pos > limit) this.#lines.malformed('line too long', pos);
    const start = pos + 1;
    switch (type) {
      case T_SIMPLE:
        return this.#strings.text(bytes, start, stop, end);
      case T_ERROR:
        return replyError(this.#strings.text(bytes, start, stop, end));
      case T_DOUBLE:
        return parseDouble(bytes, start, stop) ?? this.#lines.malformed('invalid double', start);
      case T_BIG_NUMBER: {
        const big = parseBigNumber(bytes, start, stop) ?? this.#lines.malformed('invalid big number', start);
        return this.#bigAsText ? big.toString() : big;
      }
      case T_BOOLEAN:
        if (stop - start === 1 && (bytes[start] === 116 || bytes[start] === 102)) return bytes[start] === 116;
        return this.#lines.malformed('invalid boolean', start);
      default:
        if (stop !== start) this.#lines.malformed('invalid null', start);
        return null;
    }
  }

  #rareBulk(type: number, bytes: Uint8Array, pos: number, end: number): Reply {
    const length = this.#lines.count(bytes, pos, end);
    const start = this.#lines.next;
    this.#lines.next = INCOMPLETE;
    if (length === INCOMPLETE) return null;
    const stop = start + length;
    if (stop + 2 > end) {
      this.#beginBulk(type, length, bytes, pos, start, end);
      return null;
    }
    this.#expectLineEnd(bytes, stop, stop);
    const value = this.#bulk(type, bytes, start, stop, end, false);
    this.#lines.next = stop + 2;
    return value;
  }

  /** The value of a bulk of any type, whose payload is `bytes[start, stop)`. @param gathered whether it was cut: the bytes are #cut's then. */
  #bulk(type: number, bytes: Uint8Array, start: number, stop: number, end: number, gathered: boolean): Reply {
    const strings = this.#strings;
    if (type === T_BLOB_ERROR) {
      return replyError(gathered ? longText(bytes, start, stop) : strings.text(bytes, start, stop, end));
    }
    const body = type === T_BULK ? start : start + 4;
    if (type === T_VERBATIM && (body > stop || bytes[body - 1] !== COLON)) {
      this.#lines.malformed('invalid format of a verbatim string', gathered ? 0 : start);
    }
    const value = gathered ? strings.gathered(bytes, body, stop) : strings.string(bytes, body, stop, end);
    if (type === T_BULK || !this.#verbatimTagged) return value;
    return new VerbatimString(decodeUtf8(bytes, start, body - 1), value);
  }

  #integer(bytes: Uint8Array, start: number, stop: number): Reply {
    const integer = parseInteger64(bytes, start, stop) ?? this.#lines.malformed('invalid integer', start);
    return typeof integer === 'bigint' && this.#bigAsText ? integer.toString() : integer;
  }

  /** Begins an aggregate inside of the open one. */
  #begin(type: number, count: number, pos: number, end: number): void {
    const open = this.#open;
    if (type === T_PUSH && open.want !== 0) this.#lines.malformed('a push inside of a reply', pos);
    if (open.depth === this.#maxDepth) {
      this.#lines.fail(new ProtocolError('replies nest too deep', this.#lines.base + pos, 'depth'));
    }
    const want = type === T_MAP || type === T_ATTRIBUTE ? 2 * count : count;
    const arrived = (end - pos) / MIN_ELEMENT;
    // What cannot end below the limit is refused before it fills the memory.
    if (MIN_ELEMENT * want > this.#maxBuffered && want > arrived) this.#tooLarge(this.#lines.base + pos);
    open.open(type, want, arrived);
  }

  /** The open aggregate has all its elements: makes it a value, which may complete the aggregate around it. */
  #close(): void {
    const open = this.#open;
    for (;;) {
      const { type, items } = open;
      open.close();
      if (type === T_ATTRIBUTE) {
        this.#call(this.#onAttribute, mapOf(items, this.#map));
        return;
      }
      if (type === T_PUSH) {
        this.#call(this.#onPush, items);
        return;
      }
      let value: Reply = items;
      if (type === T_MAP) value = mapOf(items, this.#map);
      else if (type === T_SET && this.#setAsSet) value = new Set(items);
      if (open.want === 0) {
        this.#call(this.#onReply, value);
        return;
      }
      open.items[open.filled++] = value;
      if (open.filled !== open.want) return;
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

  /** Completes the line that was cut. @returns where it ends in the chunk, or the chunk's length. */
  #resumeLine(chunk: Uint8Array): number {
    const before = this.#lines.cutLength;
    const stop = this.#lines.complete(chunk);
    if (stop === INCOMPLETE) return chunk.length;
    const length = this.#lines.cutLength;
    const epoch = this.#epoch;
    this.#lines.cutLength = 0;
    // The line begins so many bytes before the chunk.
    this.#lines.base -= before;
    this.#replyStart += before;
    this.#decode(this.#lines.cut, 0, length);
    if (this.#epoch === epoch) {
      this.#lines.base += before;
      this.#replyStart -= before;
    }
    return stop;
  }

  /** Keeps the beginning of a bulk whose payload is cut; `start` is where the payload begins. */
  #beginBulk(type: number, length: number, bytes: Uint8Array, pos: number, start: number, end: number): void {
    if (length > this.#maxBuffered) this.#tooLarge(this.#lines.base + pos);
    this.#cut.begin(type, length, this.#strings.asText);
    if (start < end) this.#cut.append(bytes, start, end);
  }

  /** Completes the bulk that was cut. @returns where it ends in the chunk, or the chunk's length. */
  #resumeBulk(chunk: Uint8Array, at: number): number {
    const cut = this.#cut;
    const { missing, type, length } = cut;
    const stop = Math.min(at + missing, chunk.length);
    let value: Reply;
    if (cut.filled === 0 && stop - at === missing) {
      // The header alone was cut off: nothing to gather.
      this.#expectLineEnd(chunk, at + length, stop);
      value = this.#bulk(type, chunk, at, at + length, stop, false);
      cut.end(false);
    } else {
      cut.append(chunk, at, stop);
      if (stop - at < missing) return stop;
      this.#expectLineEnd(cut.bytes, length, stop);
      value = this.#bulk(type, cut.bytes, 0, length, length + 2, true);
      cut.end(!this.#strings.asText);
    }
    const epoch = this.#epoch;
    const open = this.#open;
    if (open.want === 0) {
      this.#call(this.#onReply, value);
    } else {
      open.items[open.filled++] = value;
      if (open.filled === open.want) this.#close();
    }
    if (this.#epoch === epoch && open.want === 0) this.#replyStart = stop;
    return stop;
  }

  /** @param pos what to report: where the line end stands in the chunk. */
  #expectLineEnd(bytes: Uint8Array, at: number, pos: number): void {
    if (bytes[at] !== CR || bytes[at + 1] !== LF) this.#lines.malformed('expected CR LF after a bulk string', pos);
  }

  #tooLarge(offset: number): never {
    this.#lines.fail(new ProtocolError(`a reply exceeds the limit of ${this.#maxBuffered} bytes`, offset, 'size'));
  }
}

function replyError(text: string | StringTooLongError): ReplyError | StringTooLongError {
  return typeof text === 'string' ? replyErrorOf(text) : text;
}

function checkOptions(options: ReplyDecoderOptions): void {
  const { onReply }: { readonly onReply: unknown } = options;
  if (typeof onReply !== 'function') throw new TypeError('onReply is a function');
  for (const [name, values] of FORMATS) {
    const value = options[name];
    if (value !== undefined && !values.includes(value)) {
      throw new TypeError(`${name} is one of ${values.join(', ')}: ${value}`);
    }
  }
}

const FORMATS: readonly (readonly [keyof ReplyFormat, readonly string[]])[] = [
  ['bulk', ['string', 'bytes', 'view']],
  ['map', ['map', 'object', 'array']],
  ['set', ['array', 'set']],
  ['bigInteger', ['bigint', 'string']],
  ['verbatim', ['plain', 'tagged']],
];
