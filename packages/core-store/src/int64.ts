/**
 * 64-bit integers between text, two 32-bit words, and JavaScript numbers. `Int64` is a scratch register: parse into it
 * or load it, then read what is needed. No BigInt is made for integers within ±2^53.
 */
const TWO_32 = 4294967296;

/** The greatest int64. */
export const INT64_MAX = 9223372036854775807n;

/**
 * The number after `n`, for counters: the greatest one stays. Redis wraps around there, to a number that its own commands
 * refuse; ours is written to the log, and must be one that can be read.
 */
export function countUp(n: bigint): bigint {
  return n < INT64_MAX ? n + 1n : INT64_MAX;
}

/**
 * A 64-bit integer with sign in two words, reused to avoid a `bigint` per operation; parsed from bytes and printed to them.
 */
export class Int64 {
  /** The low word, an int32. */
  lo = 0;
  /** The high word, an int32. */
  hi = 0;

  /**
   * Parses text exactly as Redis's `string2ll` does: an optional `-`, then digits without leading zero, within int64;
   * nothing else. False when the text is anything else.
   */
  parse(bytes: Uint8Array, offset: number, length: number): boolean {
    if (length === 0 || length > 20) return false;
    let p = offset;
    const end = offset + length;
    const negative = bytes[p] === 0x2d;
    if (negative) p++;
    const digits = end - p;
    if (digits === 0) return false;
    const first = bytes[p]! - 0x30;
    if (first === 0) {
      if (digits !== 1 || negative) return false;
      this.lo = 0;
      this.hi = 0;
      return true;
    }
    if (first < 1 || first > 9) return false;
    if (digits > 15) return this.#parseLong(bytes, p, end, negative);
    let value = 0;
    for (; p < end; p++) {
      const digit = bytes[p]! - 0x30;
      if (digit < 0 || digit > 9) return false;
      value = value * 10 + digit;
    }
    this.setNumber(negative ? -value : value);
    return true;
  }

  #parseLong(bytes: Uint8Array, from: number, end: number, negative: boolean): boolean {
    let text = '';
    for (let p = from; p < end; p++) {
      const digit = bytes[p]! - 0x30;
      if (digit < 0 || digit > 9) return false;
      text += String.fromCharCode(bytes[p]!);
    }
    const value = negative ? -BigInt(text) : BigInt(text);
    if (BigInt.asIntN(64, value) !== value) return false;
    this.setBigInt(value);
    return true;
  }

  /** @param value an integer within ±2^53 */
  setNumber(value: number): void {
    this.lo = value | 0;
    this.hi = Math.floor(value / TWO_32) | 0;
  }

  /** @param value an integer within int64 */
  setBigInt(value: bigint): void {
    this.lo = Number(BigInt.asIntN(32, value));
    this.hi = Number(BigInt.asIntN(32, value >> 32n));
  }

  /** The value, or the nearest double beyond ±2^53. */
  toNumber(): number {
    return this.hi * TWO_32 + (this.lo >>> 0);
  }

  toBigInt(): bigint {
    return (BigInt(this.hi) << 32n) | BigInt(this.lo >>> 0);
  }

  /** Whether `toNumber` is exact: |value| <= 2^53 - 1. */
  isSafe(): boolean {
    const hi = this.hi;
    return hi < 0x200000 && (hi > -0x200000 || (hi === -0x200000 && this.lo !== 0));
  }

  /** Writes the decimal digits; answers how many bytes (at most 20). */
  format(into: Uint8Array, offset: number): number {
    if (!this.isSafe()) {
      const text = this.toBigInt().toString();
      for (let i = 0; i < text.length; i++) into[offset + i] = text.charCodeAt(i);
      return text.length;
    }
    let value = this.toNumber();
    let p = offset;
    if (value < 0) {
      into[p++] = 0x2d;
      value = -value;
    }
    const start = p;
    // Above 2^31 a division by 10^9 splits off digits that int32 arithmetic can take.
    let high = 0;
    if (value >= 1e9) {
      high = Math.floor(value / 1e9);
      value -= high * 1e9;
    }
    let digits = 1;
    if (high === 0) {
      for (let limit = 10; value >= limit; limit *= 10) digits++;
    } else {
      digits = 9;
      let h = high;
      while (h >= 1) {
        digits++;
        h = Math.floor(h / 10);
      }
    }
    let q = start + digits;
    const end = q;
    let low = value | 0;
    const lowDigits = high === 0 ? digits : 9;
    for (let i = 0; i < lowDigits; i++) {
      const next = (low / 10) | 0;
      into[--q] = 0x30 + low - next * 10;
      low = next;
    }
    while (q > start) {
      const next = Math.floor(high / 10);
      into[--q] = 0x30 + high - next * 10;
      high = next;
    }
    return end - offset;
  }
}
