/**
 * Ids of stream entries: two unsigned 64-bit numbers, milliseconds and sequence, each as two int32 words, so that the ids
 * of a million entries make no garbage. `StreamId` is a scratch register: fill it, compare it, step it, store it.
 */
import { Int64 } from './int64.js';

/** Bytes of an id as text, at most: two numbers of 20 digits and the dash. */
export const STREAM_ID_TEXT = 41;
const DASH = 0x2d;
const scratch = new Int64();

/**
 * The id of an entry: milliseconds and a sequence number, unsigned 64-bit integers each, in four words. Reused, not allocated.
 */
export class StreamId {
  msHi = 0;
  msLo = 0;
  seqHi = 0;
  seqLo = 0;

  set(msHi: number, msLo: number, seqHi: number, seqLo: number): this {
    this.msHi = msHi;
    this.msLo = msLo;
    this.seqHi = seqHi;
    this.seqLo = seqLo;
    return this;
  }

  /** 0-0. */
  setMin(): this {
    return this.set(0, 0, 0, 0);
  }

  /** The greatest id there is. */
  setMax(): this {
    return this.set(-1, -1, -1, -1);
  }

  /** @param ms an integer in [0, 2^53]; @param seq likewise */
  setNumbers(ms: number, seq: number): this {
    return this.set(Math.floor(ms / 4294967296) | 0, ms | 0, Math.floor(seq / 4294967296) | 0, seq | 0);
  }

  copy(from: StreamId): this {
    return this.set(from.msHi, from.msLo, from.seqHi, from.seqLo);
  }

  /** A register of its own with the same id. */
  clone(): StreamId {
    return new StreamId().copy(this);
  }

  /** The milliseconds; the nearest double beyond 2^53. */
  get ms(): number {
    return (this.msHi >>> 0) * 4294967296 + (this.msLo >>> 0);
  }

  /** The sequence; the nearest double beyond 2^53. */
  get seq(): number {
    return (this.seqHi >>> 0) * 4294967296 + (this.seqLo >>> 0);
  }

  isMin(): boolean {
    return (this.msHi | this.msLo | this.seqHi | this.seqLo) === 0;
  }

  isMax(): boolean {
    return (this.msHi & this.msLo & this.seqHi & this.seqLo) === -1;
  }

  equals(other: StreamId): boolean {
    return (
      this.seqLo === other.seqLo && this.msLo === other.msLo && this.msHi === other.msHi && this.seqHi === other.seqHi
    );
  }

  /** Negative, 0 or positive, as this id is before, at or behind the other. */
  compare(other: StreamId): number {
    if (this.msHi !== other.msHi) return (this.msHi >>> 0) - (other.msHi >>> 0);
    if (this.msLo !== other.msLo) return (this.msLo >>> 0) - (other.msLo >>> 0);
    if (this.seqHi !== other.seqHi) return (this.seqHi >>> 0) - (other.seqHi >>> 0);
    return (this.seqLo >>> 0) - (other.seqLo >>> 0);
  }

  /** The id that follows; false at the greatest one, which stays. */
  increment(): boolean {
    if (this.isMax()) return false;
    this.seqLo = (this.seqLo + 1) | 0;
    if (this.seqLo !== 0) return true;
    this.seqHi = (this.seqHi + 1) | 0;
    if (this.seqHi !== 0) return true;
    this.msLo = (this.msLo + 1) | 0;
    if (this.msLo === 0) this.msHi = (this.msHi + 1) | 0;
    return true;
  }

  /** The id before; false at 0-0, which stays. */
  decrement(): boolean {
    if (this.isMin()) return false;
    this.seqLo = (this.seqLo - 1) | 0;
    if (this.seqLo !== -1) return true;
    this.seqHi = (this.seqHi - 1) | 0;
    if (this.seqHi !== -1) return true;
    this.msLo = (this.msLo - 1) | 0;
    if (this.msLo === -1) this.msHi = (this.msHi - 1) | 0;
    return true;
  }

  /** Reads the id from four words. */
  load(words: Int32Array, w: number): this {
    return this.set(words[w]!, words[w + 1]!, words[w + 2]!, words[w + 3]!);
  }

  /** Writes the id as four words. */
  store(words: Int32Array, w: number): void {
    words[w] = this.msHi;
    words[w + 1] = this.msLo;
    words[w + 2] = this.seqHi;
    words[w + 3] = this.seqLo;
  }

  /** Writes `ms-seq`; answers how many bytes, at most `STREAM_ID_TEXT`. */
  format(into: Uint8Array, offset: number): number {
    let p = offset + formatUint64(this.msHi, this.msLo, into, offset);
    into[p++] = DASH;
    p += formatUint64(this.seqHi, this.seqLo, into, p);
    return p - offset;
  }

  /** `ms-seq`. Slow: for tests, keys of maps and texts. */
  toString(): string {
    const bytes = new Uint8Array(STREAM_ID_TEXT);
    const length = this.format(bytes, 0);
    return String.fromCharCode(...bytes.subarray(0, length));
  }
}

/** Writes the decimal digits of an unsigned 64-bit number; answers how many bytes, at most 20. */
export function formatUint64(hi: number, lo: number, into: Uint8Array, offset: number): number {
  if (hi === 0 && lo >= 0 && lo < 1_000_000) {
    let digits = 1;
    if (lo >= 10) digits = lo < 1000 ? (lo < 100 ? 2 : 3) : lo < 100_000 ? (lo < 10_000 ? 4 : 5) : 6;
    let rest = lo;
    for (let p = offset + digits - 1; p >= offset; p--) {
      const tenth = (rest / 10) | 0;
      into[p] = 0x30 + rest - tenth * 10;
      rest = tenth;
    }
    return digits;
  }
  scratch.hi = hi;
  scratch.lo = lo;
  if (hi >= 0) return scratch.format(into, offset);
  const text = BigInt.asUintN(64, scratch.toBigInt()).toString();
  for (let i = 0; i < text.length; i++) into[offset + i] = text.charCodeAt(i);
  return text.length;
}

/**
 * Parses an unsigned 64-bit number as Redis's `string2ull` does: a canonical non-negative integer, or else whatever
 * `strtoull` reads to the end: white space in front, a sign (a minus negates modulo 2^64), leading zeros. Fills `into`; false
 * when the text is anything else.
 */
export function parseUint64(bytes: Uint8Array, offset: number, length: number, into: Int64): boolean {
  if (into.parse(bytes, offset, length)) return into.hi >= 0;
  let p = offset;
  const end = offset + length;
  while (p < end && (bytes[p] === 0x20 || (bytes[p]! >= 0x09 && bytes[p]! <= 0x0d))) p++;
  const negative = bytes[p] === DASH && p < end;
  if (p < end && (negative || bytes[p] === 0x2b)) p++;
  if (p === end) return false;
  let text = '';
  for (; p < end; p++) {
    const c = bytes[p]!;
    if (c < 0x30 || c > 0x39) return false;
    text += String.fromCharCode(c);
  }
  const value = BigInt(text);
  if (value >> 64n !== 0n) return false;
  into.setBigInt(BigInt.asIntN(64, negative ? -value : value));
  return true;
}
