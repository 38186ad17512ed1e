/**
 * Requests out of a byte stream, without copying them and without an object per request.
 *
 * The parser looks through a *window*: usually the chunk that the socket lent (`feed`), parsed in place. Only the
 * incomplete request at the end of a chunk is copied, into a buffer of the parser's own, which then is the window until that
 * request is complete: its missing bytes are appended from the following chunks (as much again as is held, so
 * that a huge bulk is copied a constant number of times), and what was appended too much is handed
 * back, so that the rest of the chunk is again parsed in place.
 *
 * Progress within an incomplete request is kept (`#cursor`, `#want`, `#bulk`, argument positions in `request`): nothing is
 * parsed twice, however the stream is cut. Nothing is allocated for what a header announces, only for what has arrived. An idle
 * connection holds no buffer.
 *
 * Grammar, limits, error texts and the order of checks are those of Redis 7.0's networking.c, its leniency included: the bytes in
 * the places of LF after a length and of CR LF after a bulk are not looked at, and a NUL byte in a line hides the line's end (C's
 * `strchr`), so that such a line grows until it is too long.
 */
import { splitInlineCommand } from './inline-command.js';
import { parseInteger } from './numbers.js';
import { growArguments, Request } from './request.js';

/** `next()`: a request is ready in `parser.request`. */
export const REQUEST = 1;
/** `next()`: everything that was fed is parsed or kept; feed more. */
export const NEED_MORE = 0;
/** `next()`: the stream is broken for good; `parser.error` says how. The owner replies and closes. */
export const PROTOCOL_ERROR = -1;

/** What a client may send; beyond that, the request is a protocol error. */
export interface RequestLimits {
  /** Bytes of an inline command, and of the line of a length. */
  inline: number;
  /** Arguments of one request. */
  multibulk: number;
  /** Bytes of one argument: Redis's `proto-max-bulk-len`. */
  bulk: number;
}

/** Redis's defaults. */
export const DEFAULT_REQUEST_LIMITS: Readonly<RequestLimits> = {
  inline: 65536,
  multibulk: 2147483647,
  bulk: 536870912,
};

/** What a client that has not authenticated may send, besides `limits`. */
const UNAUTHENTICATED_MULTIBULK = 10;
const UNAUTHENTICATED_BULK = 16384;

/** Argument positions are int32: one request, all its arguments together, stays below 2 GiB. */
const MAX_REQUEST_BYTES = 0x7fffffff;
/** Least number of bytes that are taken from a chunk to complete a request. */
const MIN_TAKE = 512;
/** Least size of an own buffer. One of this size is kept for all parsers together: most are needed for one request only. */
const SMALL_CAPACITY = 1024;
/** An idle connection keeps at most this much room for argument positions. */
const KEPT_ARGUMENTS = 128;

const STAR = 0x2a;
const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;

const EMPTY = new Uint8Array(0);

/**
 * A free own buffer, or `EMPTY`. To make one whenever a chunk ends within a request costs 1.7 µs: where chunks are network segments
 * (1,460 bytes) and requests of 124 bytes, 250 instead of 104 ns per request.
 */
let spare: Uint8Array = EMPTY;

// Answers of the helpers that read a line, besides a value >= 0.
const LINE_INCOMPLETE = -1;
const LINE_INVALID = -2;
/** A request without arguments: an empty line, `*0`, `*-1`. Redis ignores it. */
const NOTHING = 2;

/**
 * Finds requests in the bytes that a client sends, cut anywhere, inline commands included.
 *
 * `feed` lends bytes: they are the caller's again once `next` has returned `NEED_MORE`. `next` returns `REQUEST`, and then
 * `request` is set until the next call; `NEED_MORE`; or `PROTOCOL_ERROR`, and then `error` is Redis's text and the parser
 * is of no more use.
 *
 * ```ts
 * parser.feed(chunk, 0, chunk.length);
 * while (parser.next() === REQUEST) execute(parser.request);
 * ```
 */
export class RequestParser {
  /** The current request, after `next()` returned `REQUEST` and until it is called again. */
  request = new Request();
  /** May be changed or replaced at any time; a length that was read already is not judged again. */
  limits: Readonly<RequestLimits>;
  /** While false, the limits before authentication hold too. */
  authenticated = true;
  /** What goes after `Protocol error: ` when `next()` returned `PROTOCOL_ERROR`; one character per byte. */
  error = '';

  /** The window: bytes `[#cursor, #end)` are still to be parsed. What lies before is done with, save an incomplete request. */
  #bytes: Uint8Array = EMPTY;
  #cursor = 0;
  #end = 0;
  /** The window is the parser's own buffer, and `#rest` holds lent bytes that follow it. */
  #owned = false;
  #rest: Uint8Array = EMPTY;
  #restStart = 0;
  #restCursor = 0;
  #restEnd = 0;
  /** Announced number of arguments of an incomplete request; 0: between requests. */
  #want = 0;
  /** Announced length of the argument being received; -1: its header is still to be read. */
  #bulk = -1;
  /** No line end was found before this offset of the window. */
  #scan = 0;
  #bufferedAtError = 0;

  constructor(limits: Readonly<RequestLimits> = DEFAULT_REQUEST_LIMITS) {
    this.limits = limits;
  }

  /**
   * Lends `chunk[start, end)` (below 2 GiB). The caller may reuse it once `next()` answered `NEED_MORE`, or after `detach()`.
   */
  feed(chunk: Uint8Array, start: number, end: number): void {
    if (!(chunk instanceof Uint8Array) || !(start >= 0 && end <= chunk.length)) throw notLent(start, end);
    if (start >= end || this.#failed()) return;
    if (!this.#owned && this.#cursor === this.#end) {
      this.#bytes = chunk;
      this.#cursor = start;
      this.#end = end;
      this.#scan = 0;
      return;
    }
    this.detach();
    if (this.#failed()) return;
    this.#rest = chunk;
    this.#restStart = start;
    this.#restCursor = start;
    this.#restEnd = end;
  }

  /**
   * Advances to the next request: `REQUEST`, `NEED_MORE` or `PROTOCOL_ERROR`; never throws on any input.
   *
   * On `NEED_MORE` no reference to a lent chunk remains. After `PROTOCOL_ERROR` it stays with that answer.
   */
  next(): number {
    if (this.#owned) this.#handBack();
    for (;;) {
      const answer = this.#parse();
      if (answer !== NEED_MORE) return answer;
      if (!this.#pull()) return this.#failed() ? PROTOCOL_ERROR : NEED_MORE;
    }
  }

  /**
   * Like `next`, but only for a multibulk that lies whole in the lent chunk. True: it is in `request`, and requests from
   * before (see `exchange`) stay valid. False: nothing has happened, `next` tells why.
   */
  nextInPlace(): boolean {
    if (this.#owned || this.#want !== 0 || this.#cursor >= this.#end || this.#failed()) return false;
    const start = this.#cursor;
    if (this.#bytes[start] !== STAR) return false;
    if (this.#parse() === REQUEST && !this.request.inline) return true;
    if (!this.#failed()) {
      this.#cursor = start;
      this.#want = 0;
      this.#bulk = -1;
      this.#scan = 0;
    }
    return false;
  }

  /** Whether the current request lies in the lent chunk, so that `nextInPlace` may follow. */
  get inPlace(): boolean {
    return !this.#owned;
  }

  /** Gives the current request away, to be looked at later, and takes another object for those to come. */
  exchange(other: Request): Request {
    const current = this.request;
    this.request = other;
    return current;
  }

  /** Goes back to a request that `nextInPlace` found in this chunk and that was not executed: it will come again. */
  rewind(request: Request): void {
    if (this.#failed()) return;
    this.#cursor = request.start;
    this.#scan = 0;
  }

  /**
   * Copies what was lent and is not parsed yet, for an owner that stops asking for requests before `NEED_MORE` (a
   * client that is blocked or paused) and needs its chunk back. The current request loses its meaning.
   */
  detach(): void {
    if (this.#owned) {
      const available = this.#restEnd - this.#restCursor;
      if (available > 0) this.#take(available);
      this.#dropRest();
    } else if (this.#cursor < this.#end) {
      this.#own();
    }
  }

  /**
   * Bytes that were fed and belong to no complete request yet: bytes fed so far minus this is the position in the stream up to
   * which requests were complete; after `PROTOCOL_ERROR`, of the first byte of the broken one.
   */
  get buffered(): number {
    if (this.error !== '') return this.#bufferedAtError;
    return this.#end - this.#begin() + (this.#restEnd - this.#restCursor);
  }

  /** Bytes that were fed from the first of this request on, which must lie in the present chunk. */
  bytesFrom(request: Request): number {
    return this.#end - request.start + (this.#restEnd - this.#restCursor);
  }

  /** Bytes that its chunk, or its own buffer, could still take. */
  get room(): number {
    return this.#bytes.length - this.#end;
  }

  /** Where the bytes begin that are still needed: the start of an incomplete request, or the cursor between two. */
  #begin(): number {
    return this.#want === 0 ? this.#cursor : this.request.start;
  }

  /**
   * One request out of the window. Hot: about a million calls a second. Everything usual happens in this
   * function on locals; what is not (long or odd lengths, inline commands) goes through helpers.
   */
  #parse(): number {
    if (this.error !== '') return PROTOCOL_ERROR;
    const b = this.#bytes;
    const end = this.#end;
    const request = this.request;
    let p = this.#cursor;
    let want = this.#want;
    let argc = 0;
    let length = -1;
    if (want !== 0) {
      argc = request.argc;
      length = this.#bulk;
    } else {
      const countLimit = this.authenticated ? this.limits.multibulk : 0;
      for (;;) {
        if (p >= end) {
          this.#cursor = p;
          return NEED_MORE;
        }
        if (b[p] !== STAR) {
          this.#cursor = p;
          const answer = this.#inlineCommand();
          if (answer !== NOTHING) return answer;
          p = this.#cursor;
          continue;
        }
        // Up to nine digits stay an int32; a longer count takes the slow way, which also tells what is wrong with it.
        const stop = p + 10 < end ? p + 10 : end;
        let q = p + 1;
        let n = 0;
        let c = 0;
        while (q < stop && (c = b[q]! - ZERO) >= 0 && c <= 9) {
          n = n * 10 + c;
          q++;
        }
        request.start = p;
        if (n > 0 && q + 1 < end && b[q] === CR && b[p + 1] !== ZERO && n <= countLimit) {
          want = n;
          p = q + 2;
        } else {
          this.#cursor = p;
          want = this.#multibulkLength();
          if (want < 0) return want === LINE_INCOMPLETE ? NEED_MORE : PROTOCOL_ERROR;
          p = this.#cursor;
        }
        if (want > 0) break;
      }
    }

    let offsets = request.offsets;
    let lengths = request.lengths;
    let capacity = offsets.length;
    const bulkLimit = this.authenticated ? this.limits.bulk : 0;
    while (argc < want) {
      if (length < 0) {
        const stop = p + 10 < end ? p + 10 : end;
        let q = p + 1;
        let n = 0;
        let c = 0;
        while (q < stop && (c = b[q]! - ZERO) >= 0 && c <= 9) {
          n = n * 10 + c;
          q++;
        }
        if (
          q > p + 1 &&
          q + 1 < end &&
          b[q] === CR &&
          b[p] === DOLLAR &&
          n <= bulkLimit &&
          (b[p + 1] !== ZERO || q === p + 2)
        ) {
          length = n;
          p = q + 2;
        } else {
          this.#cursor = p;
          this.#want = want;
          this.#bulk = -1;
          request.argc = argc;
          length = this.#bulkLength();
          if (length < 0) return length === LINE_INCOMPLETE ? NEED_MORE : PROTOCOL_ERROR;
          p = this.#cursor;
        }
      }
      if (end - p < length + 2) {
        this.#cursor = p;
        this.#want = want;
        this.#bulk = length;
        request.argc = argc;
        return NEED_MORE;
      }
      if (argc === capacity) {
        growArguments(request);
        offsets = request.offsets;
        lengths = request.lengths;
        capacity = offsets.length;
      }
      offsets[argc] = p;
      lengths[argc] = length;
      argc++;
      p += length + 2;
      length = -1;
    }
    request.bytes = b;
    request.argc = argc;
    request.end = p;
    request.inline = false;
    this.#cursor = p;
    this.#want = 0;
    return REQUEST;
  }

  /** Reads `*<count>` at the cursor, in all generality. A count below one is 0: nothing to execute. */
  #multibulkLength(): number {
    const line = this.#lengthLine('too big mbulk count string');
    if (line < 0) return line;
    const from = this.#cursor + 1;
    const count = parseInteger(this.#bytes, from, line - from);
    if (!(count <= this.limits.multibulk)) return this.#fail('invalid multibulk length');
    if (!this.authenticated && count > UNAUTHENTICATED_MULTIBULK) return this.#fail('unauthenticated multibulk length');
    this.#cursor = line + 2;
    return count > 0 ? count : 0;
  }

  /** Reads `$<length>` at the cursor, in all generality. */
  #bulkLength(): number {
    const line = this.#lengthLine('too big bulk count string');
    if (line < 0) return line;
    const from = this.#cursor + 1;
    const marker = this.#bytes[from - 1]!;
    if (marker !== DOLLAR) return this.#fail(`expected '$', got '${String.fromCharCode(marker)}'`);
    const length = parseInteger(this.#bytes, from, line - from);
    if (!(length >= 0 && length <= this.limits.bulk)) return this.#fail('invalid bulk length');
    if (!this.authenticated && length > UNAUTHENTICATED_BULK) return this.#fail('unauthenticated bulk length');
    this.#cursor = line + 2;
    return length;
  }

  /** Finds the CR of the line at the cursor, provided that one more byte has arrived behind it. */
  #lengthLine(tooLong: string): number {
    const line = this.#lineEnd(CR);
    if (line === LINE_INVALID) return this.#fail(tooLong);
    return line >= 0 && line + 1 < this.#end ? line : LINE_INCOMPLETE;
  }

  #inlineCommand(): number {
    const line = this.#lineEnd(LF);
    if (line === LINE_INVALID) {
      this.#fail('too big inline request');
      return PROTOCOL_ERROR;
    }
    if (line === LINE_INCOMPLETE) return NEED_MORE;
    const start = this.#cursor;
    const end = line > start && this.#bytes[line - 1] === CR ? line - 1 : line;
    const request = this.request;
    if (!splitInlineCommand(this.#bytes, start, end, request)) {
      this.#fail('unbalanced quotes in request');
      return PROTOCOL_ERROR;
    }
    this.#cursor = line + 1;
    if (request.argc === 0) return NOTHING;
    const unescaped = request.bytes !== this.#bytes;
    request.start = unescaped ? 0 : start;
    request.end = unescaped ? request.bytes.length : line + 1;
    request.inline = true;
    return REQUEST;
  }

  /**
   * Offset of `terminator` in the line at the cursor. It counts only within the first `limits.inline` + 1 bytes: where
   * Redis would find it depends on how the stream was cut, here it does not.
   */
  #lineEnd(terminator: number): number {
    const b = this.#bytes;
    const last = this.#cursor + this.limits.inline;
    const stop = last < this.#end ? last + 1 : this.#end;
    let i = this.#scan > this.#cursor ? this.#scan : this.#cursor;
    while (i < stop && b[i] !== terminator && b[i] !== 0) i++;
    this.#scan = i;
    if (i < stop && b[i] === terminator) return i;
    return this.#end > last ? LINE_INVALID : LINE_INCOMPLETE;
  }

  #failed(): boolean {
    return this.error !== '';
  }

  #fail(error: string): number {
    this.#bufferedAtError = this.buffered;
    this.error = error;
    this.#release();
    return LINE_INVALID;
  }

  /** Makes more bytes visible in the window for an incomplete request; false when there are none. */
  #pull(): boolean {
    if (!this.#owned) {
      if (this.#begin() < this.#end) this.#own();
      else this.#release();
      this.request.bytes = EMPTY;
      return false;
    }
    const available = this.#restEnd - this.#restCursor;
    if (available === 0) {
      this.#dropRest();
      if (this.#begin() === this.#end) this.#release();
      this.request.bytes = EMPTY;
      return false;
    }
    const missing = this.#missing();
    const room = this.#bytes.length - this.#end;
    let count = Math.max(missing, this.#end - this.#begin(), MIN_TAKE);
    // What completes the argument fits: a buffer that was made for a bulk does not grow for what comes behind it.
    if (missing > 0 && missing <= room && count > room) count = room;
    return this.#take(count < available ? count : available);
  }

  /** Bytes that the argument being received still lacks, as far as that is known. */
  #missing(): number {
    return this.#want !== 0 && this.#bulk >= 0 ? this.#cursor + this.#bulk + 2 - this.#end : 0;
  }

  /** Copies the incomplete end of a lent window into a buffer of its own. */
  #own(): void {
    const begin = this.#begin();
    const held = this.#end - begin;
    let own = spare;
    if (held > own.length) own = new Uint8Array(held < SMALL_CAPACITY ? SMALL_CAPACITY : held);
    else spare = EMPTY;
    own.set(this.#bytes.subarray(begin, this.#end));
    this.#moveTo(own, begin);
    this.#owned = true;
  }

  /** Appends `count` bytes of the rest to the own buffer. */
  #take(count: number): boolean {
    if (!this.#reserve(count)) return false;
    this.#bytes.set(this.#rest.subarray(this.#restCursor, this.#restCursor + count), this.#end);
    this.#end += count;
    this.#restCursor += count;
    return true;
  }

  #reserve(count: number): boolean {
    const own = this.#bytes;
    if (this.#end + count <= own.length) return true;
    const begin = this.#begin();
    const needed = this.#end - begin + count;
    if (needed > MAX_REQUEST_BYTES) {
      this.#fail('too big request');
      return false;
    }
    // Twice the size each time keeps copying linear. A bulk that ends somewhere near that sets the size, but not one
    // that ends at once: small steps would add up to copying everything again and again.
    let capacity = own.length * 2;
    const bulkEnd = this.#end - begin + this.#missing();
    if (bulkEnd > own.length * 1.25 && bulkEnd < own.length * 2.5) capacity = bulkEnd;
    if (capacity > MAX_REQUEST_BYTES) capacity = MAX_REQUEST_BYTES;
    const bytes = new Uint8Array(capacity < needed ? needed : capacity);
    bytes.set(own.subarray(begin, this.#end));
    this.#moveTo(bytes, begin);
    return true;
  }

  /** Makes `bytes` the window, whose offset 0 is what was offset `begin`. */
  #moveTo(bytes: Uint8Array, begin: number): void {
    this.#bytes = bytes;
    this.#end -= begin;
    this.#cursor -= begin;
    this.#scan = Math.max(0, this.#scan - begin);
    if (this.#want === 0 || begin === 0) return;
    const request = this.request;
    const offsets = request.offsets;
    request.start -= begin;
    for (let i = 0; i < request.argc; i++) offsets[i] = offsets[i]! - begin;
  }

  /** Between requests: goes back to parse the lent chunk in place, once all that is left in the own buffer came from it. */
  #handBack(): void {
    const surplus = this.#end - this.#cursor;
    if (this.#want !== 0 || surplus > this.#restCursor - this.#restStart) return;
    this.#giveUp();
    this.#bytes = this.#rest;
    this.#cursor = this.#restCursor - surplus;
    this.#end = this.#restEnd;
    this.#scan = 0;
    this.#dropRest();
  }

  /** The own buffer is not needed any more. */
  #giveUp(): void {
    if (this.#owned && this.#bytes.length === SMALL_CAPACITY) spare = this.#bytes;
    this.#owned = false;
  }

  #dropRest(): void {
    this.#rest = EMPTY;
    this.#restStart = 0;
    this.#restCursor = 0;
    this.#restEnd = 0;
  }

  /** Nothing is held any more: lets go of all buffers, and of room for arguments that only a big request needs. */
  #release(): void {
    this.#giveUp();
    this.#bytes = EMPTY;
    this.#cursor = 0;
    this.#end = 0;
    this.#scan = 0;
    this.#want = 0;
    this.#dropRest();
    const request = this.request;
    request.bytes = EMPTY;
    request.argc = 0;
    if (request.offsets.length > KEPT_ARGUMENTS) {
      request.offsets = new Int32Array(16);
      request.lengths = new Int32Array(16);
    }
  }
}

function notLent(start: number, end: number): RangeError {
  return new RangeError(`feed takes (bytes, start, end) within the bytes: ${start} to ${end} is not`);
}
