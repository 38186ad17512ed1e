/*
 * The lines of a reply stream: where they end, the counts in headers, what is kept of a line that the end of a chunk cuts, and the
 * errors, which need to know where in the stream a chunk stands.
 */
import { ProtocolError } from './errors.js';
import * as protocol from './protocol.js';

// As in decoder.ts: constants of the module, not imported bindings.
const { CR, INCOMPLETE, LF, LINE_LIMITS, MAX_HEADER_DIGITS, MINUS, NULL_COUNT, T_ARRAY, T_BULK } = protocol;

const EMPTY = new Uint8Array(0);

export class LineReader {
  /** Stream offset of the first byte of the chunk at hand. */
  base = 0;
  /** Where the value at hand ends in its chunk: a second result of `count`, and of the decoder's methods. */
  next = 0;
  failure: ProtocolError | undefined;

  /** The line that was cut: `cut[0, cutLength)`. */
  cut = EMPTY;
  cutLength = 0;

  reset(): void {
    this.base = 0;
    this.failure = undefined;
    this.cut = EMPTY;
    this.cutLength = 0;
  }

  /** Where the line that begins with a type byte at `pos` has its CR LF, or INCOMPLETE. */
  lineEnd(bytes: Uint8Array, pos: number, end: number): number {
    for (let at = pos + 1; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > CR) continue;
      if (byte === CR) {
        if (at + 1 === end) return INCOMPLETE;
        if (bytes[at + 1] === LF) return at;
        this.malformed('CR without LF', at);
      }
      if (byte === LF) this.malformed('LF without CR', at);
    }
    return INCOMPLETE;
  }

  /** The number in the header at `pos`; NULL_COUNT where null is allowed; INCOMPLETE. Sets `next` behind the header. */
  count(bytes: Uint8Array, pos: number, end: number): number {
    const stop = this.lineEnd(bytes, pos, end);
    if (stop === INCOMPLETE) return INCOMPLETE;
    this.next = stop + 2;
    const start = pos + 1;
    let count = 0;
    let at = start;
    for (; at < stop; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      count = count * 10 + digit;
    }
    if (at === stop && at > start && at - start <= MAX_HEADER_DIGITS) return count;
    const nullable = bytes[pos] === T_BULK || bytes[pos] === T_ARRAY;
    if (nullable && stop - start === 2 && bytes[start] === MINUS && bytes[start + 1] === 49) return NULL_COUNT;
    return this.malformed('invalid length', start);
  }

  /** Takes what the chunk has of the line that is cut. @returns where the line ends in the chunk, or INCOMPLETE. */
  complete(chunk: Uint8Array): number {
    let stop = INCOMPLETE;
    if (this.cut[this.cutLength - 1] === CR) {
      if (chunk[0] !== LF) this.malformed('CR without LF', 0);
      stop = 1;
    } else {
      const lineEnd = this.lineEnd(chunk, -1, chunk.length);
      if (lineEnd !== INCOMPLETE) stop = lineEnd + 2;
    }
    this.keep(chunk, 0, stop === INCOMPLETE ? chunk.length : stop);
    return stop;
  }

  /** Keeps `bytes[from, to)`, a piece of the line that is cut. */
  keep(bytes: Uint8Array, from: number, to: number): void {
    const length = this.cutLength + to - from;
    if (length > this.cut.length) {
      const cut = new Uint8Array(Math.max(64, 2 * length));
      cut.set(this.cut.subarray(0, this.cutLength));
      this.cut = cut;
    }
    // Most cut lines are a few bytes of a header: a loop is faster than a view and a copy.
    for (let at = from, into = this.cutLength; at < to; at++, into++) this.cut[into] = bytes[at]!;
    this.cutLength = length;
    if (length > LINE_LIMITS[this.cut[0]!]!) this.malformed('line too long', from);
  }

  /** @param pos in the chunk at hand. */
  malformed(message: string, pos: number): never {
    this.fail(new ProtocolError(message, this.base + pos));
  }

  fail(error: ProtocolError): never {
    this.failure = error;
    throw error;
  }
}
