/*
 * Boundaries of requests and replies, without decoding them: for proxies, recorders and test tools that pass bytes on.
 *
 * A state machine that keeps nothing but counters: payloads are skipped by arithmetic, nesting is a stack of how many elements are
 * still to come. It looks at what decides where a frame ends and at nothing else: the content of a line or payload may
 * still be refused by whoever decodes it.
 *
 * Shape: a question, "where does the frame end?", since the one who asks holds the chunk and wants to cut it there.
 */
import { ProtocolError } from './errors.js';
import * as protocol from './protocol.js';

// As in decoder.ts: constants of the module, not imported bindings.
const { CR, LF, LINE_LIMITS, MAX_HEADER_DIGITS, MINUS } = protocol;
const { T_ARRAY, T_ATTRIBUTE, T_BLOB_ERROR, T_BULK, T_MAP, T_PUSH, T_SET, T_VERBATIM } = protocol;

/** Limits of a `FrameScanner`. */
export interface FrameScannerOptions {
  /** How deep aggregates may nest. Default 128. */
  readonly maxDepth?: number;
  /** Bytes of a frame. Default 1 GiB. */
  readonly maxFrame?: number;
  /** Bytes of an inline request. Default 65,536. */
  readonly maxInline?: number;
}

// What comes next.
const TYPE = 0;
const NUMBER = 1;
const HEADER_LF = 2;
const TEXT = 3;
const TEXT_LF = 4;
const PAYLOAD = 5;
const PAYLOAD_CR = 6;
const PAYLOAD_LF = 7;
const INLINE = 8;

const MAX_REQUEST_ARGUMENTS = 2 ** 31 - 1;
const MIN_ELEMENT = 3;

/**
 * Finds where frames end in a stream that arrives in chunks.
 *
 * A frame of `requests` is what a client sends for one command, inline commands included; what Redis ignores (empty
 * lines, `*0`, `*-1`) is counted to the request behind it. A frame of `replies` is a reply or a push with the attributes in front of it.
 *
 * ```ts
 * let start = 0;
 * for (let end; (end = scanner.next(chunk, start)) !== -1; start = end) forward(chunk.subarray(start, end));
 * // chunk.subarray(start) is the beginning of a frame that goes on in the next chunk
 * ```
 */
export class FrameScanner {
  readonly #requests: boolean;
  readonly #maxDepth: number;
  readonly #maxFrame: number;
  readonly #maxInline: number;

  #offset = 0;
  #frameStart = 0;
  #frameType = 0;
  #complete = false;
  #failure: ProtocolError | undefined;

  #state = TYPE;
  /** The header or line at hand: its type byte, number, digits, sign; bytes that a text may still have. */
  #type = 0;
  #number = 0;
  #digits = 0;
  #negative = false;
  #room = 0;
  /** Bytes of the payload that are still to come. */
  #skip = 0;
  /** Whether the inline request at hand has had nothing but white space. */
  #blank = true;

  /** Elements that the innermost open aggregate still wants, and its type; those around it below. Depth 0 is the stream. */
  #left = 0;
  #aggregate = 0;
  #depth = 0;
  readonly #outerLeft: number[] = [];
  readonly #outerAggregate: number[] = [];

  constructor(kind: 'requests' | 'replies', options: FrameScannerOptions = {}) {
    if (!['requests', 'replies'].includes(kind)) throw new TypeError(`kind is 'requests' or 'replies': ${kind}`);
    this.#requests = kind === 'requests';
    this.#maxDepth = options.maxDepth ?? 128;
    this.#maxFrame = options.maxFrame ?? 2 ** 30;
    this.#maxInline = options.maxInline ?? 64 * 1024;
  }

  /** Bytes of the stream that have been scanned. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of the frame at hand: all of it after `next` found its end, what has been scanned of it otherwise. */
  get frameLength(): number {
    return this.#offset - this.#frameStart;
  }

  /** Type byte of the frame at hand, attributes left aside: 62 (`>`) for a push, 45 (`-`) for an error; 0 for an inline request. */
  get frameType(): number {
    return this.#frameType;
  }

  /**
   * Scans on, from `from` in the chunk, which is where the last call with this chunk ended.
   * @returns where in the chunk the frame ends, or -1 when the chunk ends before it: then go on with the next chunk.
   * @throws {ProtocolError} for what is not RESP or exceeds a limit; from then on for every call, until `reset()`.
   */
  next(chunk: Uint8Array, from = 0): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#complete) {
      this.#complete = false;
      this.#frameStart = this.#offset;
      this.#frameType = 0;
    }
    const stop = this.#scan(chunk, from, chunk.length);
    this.#offset += (stop === -1 ? chunk.length : stop) - from;
    if (this.frameLength > this.#maxFrame) this.#tooLarge();
    return stop;
  }

  /** Forgets everything: for a new connection. */
  reset(): void {
    this.#offset = 0;
    this.#frameStart = 0;
    this.#frameType = 0;
    this.#complete = false;
    this.#failure = undefined;
    this.#state = TYPE;
    this.#blank = true;
    this.#depth = 0;
  }

  /** @returns where the frame ends, or -1. */
  #scan(chunk: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end) {
      switch (this.#state) {
        case TYPE:
          if (this.#beginValue(chunk[at]!, at - from)) at++;
          break;
        case NUMBER:
          at = this.#scanNumber(chunk, at, end, from);
          break;
        case HEADER_LF:
          this.#expect(chunk[at]!, LF, at - from);
          at++;
          this.#endHeader(at - from);
          break;
        case TEXT:
          at = this.#scanText(chunk, at, end, from);
          break;
        case TEXT_LF:
        case PAYLOAD_LF:
          this.#expect(chunk[at]!, LF, at - from);
          at++;
          this.#endValue();
          break;
        case PAYLOAD: {
          const step = Math.min(this.#skip, end - at);
          this.#skip -= step;
          at += step;
          if (this.#skip === 0) this.#state = PAYLOAD_CR;
          break;
        }
        case PAYLOAD_CR:
          this.#expect(chunk[at]!, CR, at - from);
          at++;
          this.#state = PAYLOAD_LF;
          break;
        default:
          at = this.#scanInline(chunk, at, end, from);
      }
      if (this.#complete) return at;
    }
    return -1;
  }

  /** A value begins with this byte. @returns whether the byte was used up: an inline request is scanned with its first byte. */
  #beginValue(byte: number, scanned: number): boolean {
    if (this.#requests) {
      if (this.#depth > 0 && byte !== T_BULK) this.#malformed('expected a bulk string in a request', scanned);
      if (this.#depth === 0 && byte !== T_ARRAY) {
        this.#state = INLINE;
        this.#blank = true;
        this.#room = this.#maxInline;
        return false;
      }
    } else {
      if (LINE_LIMITS[byte] === 0) this.#fail(protocol.unknownType(byte, this.#offset + scanned));
      if (byte === T_PUSH && this.#depth > 0) this.#malformed('a push inside of a reply', scanned);
    }
    if (this.#depth === 0 && byte !== T_ATTRIBUTE) this.#frameType = byte;
    this.#type = byte;
    if (isHeader(byte)) {
      this.#state = NUMBER;
      this.#number = 0;
      this.#digits = 0;
      this.#negative = false;
    } else {
      this.#state = TEXT;
      this.#room = LINE_LIMITS[byte]! - 3;
    }
    return true;
  }

  #scanNumber(chunk: Uint8Array, from: number, end: number, origin: number): number {
    let at = from;
    let number = this.#number;
    let digits = this.#digits;
    for (; at < end; at++) {
      const digit = chunk[at]! - 48;
      if (digit >= 0 && digit <= 9) {
        number = number * 10 + digit;
        digits++;
      } else if (digit === CR - 48 && digits > 0 && digits <= MAX_HEADER_DIGITS) {
        this.#state = HEADER_LF;
        at++;
        break;
      } else if (digit === MINUS - 48 && digits === 0 && !this.#negative) {
        this.#negative = true;
      } else {
        this.#malformed('invalid length', at - origin);
      }
      // Redis's parser of requests takes no zeros in front.
      if (digits > MAX_HEADER_DIGITS || (this.#requests && digits > 1 && number < 10)) {
        this.#malformed('invalid length', at - origin);
      }
    }
    this.#number = number;
    this.#digits = digits;
    return at;
  }

  #endHeader(scanned: number): void {
    const type = this.#type;
    const count = this.#negative ? -this.#number : this.#number;
    if (type === T_BULK || type === T_BLOB_ERROR || type === T_VERBATIM) {
      if (count < 0) {
        if (type !== T_BULK || count !== -1 || this.#requests) this.#malformed('invalid length', scanned - 1);
        this.#endValue();
        return;
      }
      this.#checkRoom(count + 2, scanned);
      this.#skip = count;
      this.#state = count === 0 ? PAYLOAD_CR : PAYLOAD;
      return;
    }
    if (this.#requests) this.#beginRequest(count, scanned);
    else this.#beginAggregate(type, count, scanned);
  }

  #beginRequest(count: number, scanned: number): void {
    if (count > MAX_REQUEST_ARGUMENTS) this.#malformed('invalid multibulk length', scanned - 1);
    this.#state = TYPE;
    if (count > 0) this.#open(T_ARRAY, count, scanned);
  }

  #beginAggregate(type: number, count: number, scanned: number): void {
    if (count < 0) {
      if (type !== T_ARRAY || count !== -1) this.#malformed('invalid length', scanned - 1);
      this.#endValue();
      return;
    }
    if (this.#depth === this.#maxDepth) {
      this.#fail(new ProtocolError('replies nest too deep', this.#offset + scanned - 1, 'depth'));
    }
    this.#state = TYPE;
    if (count > 0) this.#open(type, type === T_MAP || type === T_ATTRIBUTE ? 2 * count : count, scanned);
    else if (type !== T_ATTRIBUTE) this.#endValue();
  }

  #open(type: number, count: number, scanned: number): void {
    this.#checkRoom(MIN_ELEMENT * count, scanned);
    this.#outerLeft[this.#depth] = this.#left;
    this.#outerAggregate[this.#depth] = this.#aggregate;
    this.#depth++;
    this.#left = count;
    this.#aggregate = type;
  }

  /** A value is complete: it may complete the aggregates around it, and the frame. */
  #endValue(): void {
    this.#state = TYPE;
    while (this.#depth > 0) {
      if (--this.#left > 0) return;
      const attribute = this.#aggregate === T_ATTRIBUTE;
      this.#depth--;
      this.#left = this.#outerLeft[this.#depth]!;
      this.#aggregate = this.#outerAggregate[this.#depth]!;
      // An attribute is no element: what it annotates is still to come.
      if (attribute) return;
    }
    this.#complete = true;
  }

  #scanText(chunk: Uint8Array, from: number, end: number, origin: number): number {
    let at = from;
    // No further than one byte too far, so that what is reported does not depend on where the stream is cut.
    const most = Math.min(end, from + this.#room + 1);
    for (; at < most; at++) {
      const byte = chunk[at]!;
      if (byte > CR) continue;
      if (byte === LF) this.#malformed('LF without CR', at - origin);
      if (byte === CR) {
        this.#state = TEXT_LF;
        break;
      }
    }
    this.#room -= at - from;
    if (this.#room < 0) this.#malformed('line too long', at - origin + this.#room);
    return this.#state === TEXT_LF ? at + 1 : at;
  }

  #scanInline(chunk: Uint8Array, from: number, end: number, origin: number): number {
    let at = from;
    const most = Math.min(end, from + this.#room + 1);
    while (at < most) {
      const byte = chunk[at++]!;
      if (byte === LF) {
        this.#state = TYPE;
        this.#complete = !this.#blank;
        break;
      }
      // For Redis, which reads a C string, the line would not end here.
      if (byte === 0) this.#malformed('NUL in an inline request', at - origin - 1);
      if (byte !== 32 && (byte < 9 || byte > CR)) this.#blank = false;
    }
    this.#room -= at - from;
    if (this.#room < 0) this.#malformed('too big inline request', at - origin + this.#room);
    return at;
  }

  /** Refuses at once what is announced to exceed the limit. */
  #checkRoom(announced: number, scanned: number): void {
    if (this.frameLength + scanned + announced > this.#maxFrame) this.#tooLarge();
  }

  #expect(byte: number, wanted: number, scanned: number): void {
    if (byte !== wanted) this.#malformed(`expected ${wanted === CR ? 'CR' : 'LF'}`, scanned);
  }

  /** @param scanned how many bytes of this call stand before the place. */
  #malformed(message: string, scanned: number): never {
    this.#fail(new ProtocolError(message, this.#offset + scanned));
  }

  #tooLarge(): never {
    this.#fail(new ProtocolError(`a frame exceeds the limit of ${this.#maxFrame} bytes`, this.#frameStart, 'size'));
  }

  #fail(error: ProtocolError): never {
    this.#failure = error;
    throw error;
  }
}

/** Whether a number of bytes or elements follows the type byte. */
function isHeader(type: number): boolean {
  switch (type) {
    case T_BULK:
    case T_BLOB_ERROR:
    case T_VERBATIM:
    case T_ARRAY:
    case T_MAP:
    case T_SET:
    case T_PUSH:
    case T_ATTRIBUTE:
      return true;
    default:
      return false;
  }
}
