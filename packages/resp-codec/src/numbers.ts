/**
 * Numbers as Redis reads and writes them in text: strictly, so that each integer has exactly one spelling
 * (that is what lets a store keep "12" as an integer and give back the same bytes). Replies have doubles as
 * `format-double.ts` prints them, with few exceptions, which are C's `%.17g`.
 */

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const INT64_MAX = 9223372036854775807n;
const INT64_MIN = -9223372036854775808n;

/**
 * Reads an integer as Redis's `string2ll` does: optional minus, no plus, no leading zero, no blank, within int64.
 *
 * @returns the integer, exact up to 2^53 and the nearest double beyond; NaN when it is not one.
 */
export function parseInteger(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0) return NaN;
  const end = offset + length;
  let i = offset;
  const negative = bytes[i] === MINUS;
  if (negative) i++;
  const digits = end - i;
  // 15 digits are exact in a double; what is longer is rare enough to go through BigInt.
  if (digits === 0) return NaN;
  if (digits > 15) {
    const big = parseBigInteger(bytes, offset, length);
    return big === undefined ? NaN : Number(big);
  }
  let c = bytes[i]! - ZERO;
  if (c === 0) return digits === 1 && !negative ? 0 : NaN;
  let value = 0;
  for (;;) {
    if (c < 0 || c > 9) return NaN;
    value = value * 10 + c;
    if (++i === end) break;
    c = bytes[i]! - ZERO;
  }
  return negative ? -value : value;
}

/** The same as `parseInteger`, exact over all of int64; undefined when it is not an integer in that range. */
export function parseBigInteger(bytes: Uint8Array, offset: number, length: number): bigint | undefined {
  if (length === 0 || length > 20) return undefined;
  const negative = bytes[offset] === MINUS;
  const from = negative ? offset + 1 : offset;
  const digits = offset + length - from;
  if (digits === 0 || digits > 19) return undefined;
  if (bytes[from] === ZERO) return digits === 1 && !negative ? 0n : undefined;
  // Two halves that a double holds exactly: BigInt arithmetic happens once, not per digit.
  let high = 0;
  let low = 0;
  for (let i = 0; i < digits; i++) {
    const c = bytes[from + i]! - ZERO;
    if (c < 0 || c > 9) return undefined;
    if (i < digits - 10) high = high * 10 + c;
    else low = low * 10 + c;
  }
  const magnitude = BigInt(high) * 10000000000n + BigInt(low);
  const value = negative ? -magnitude : magnitude;
  return value > INT64_MAX || value < INT64_MIN ? undefined : value;
}

/**
 * Reads a double as Redis does with C's `strtod`: decimal or hexadecimal (`0x1.8p3`) notation, `inf` and `infinity`
 * in any case, an optional sign; nothing before or after. Overflow and underflow to zero are refused.
 *
 * @returns NaN when invalid (`nan` itself is refused too).
 */
export function parseFloat64(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0) return NaN;
  // Short decimals, the usual case, without making a string: their digits are exact, and so is the power of ten.
  if (length <= 15) {
    let value = 0;
    let i = offset;
    const end = offset + length;
    const negative = bytes[i] === MINUS;
    if (negative) i++;
    if (i < end && bytes[i] !== POINT) {
      let c = 0;
      while (i < end && (c = bytes[i]! - ZERO) >= 0 && c <= 9) {
        value = value * 10 + c;
        i++;
      }
      if (i < end && bytes[i] === POINT) {
        const point = i++;
        while (i < end && (c = bytes[i]! - ZERO) >= 0 && c <= 9) {
          value = value * 10 + c;
          i++;
        }
        value /= POWERS[end - point - 1]!;
      }
      if (i === end && end > offset + (negative ? 1 : 0)) return negative ? -value : value;
    }
    if (length === 4 && (negative || bytes[offset] === PLUS) && isInf(bytes, offset + 1)) {
      return negative ? -Infinity : Infinity;
    }
  }
  return parseFloatText(latin1Text(bytes, offset, length));
}

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Whether `inf` stands there, in any case: the usual ends of ranges are `-inf` and `+inf`. */
function isInf(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! | 0x20) === 0x69 && (bytes[at + 1]! | 0x20) === 0x6e && (bytes[at + 2]! | 0x20) === 0x66;
}

/** A number in C's decimal or hexadecimal notation; groups: sign, then either decimal, or hex digits and exponent. */
const NUMBER = /^([+-]?)(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?)$/i;

function parseFloatText(text: string): number {
  const match = NUMBER.exec(text);
  if (match === null) return infinity(text);
  const negative = match[1] === '-';
  let value: number;
  let zero: boolean;
  if (match[2] !== undefined) {
    value = Number(match[2]);
    zero = !/[1-9]/.test(match[2].replace(/e.*/i, ''));
  } else {
    const whole = match[3] ?? '';
    const fraction = match[4] ?? '';
    if (whole === '' && fraction === '') return NaN;
    const mantissa = BigInt(`0x${whole}${fraction}`);
    zero = mantissa === 0n;
    value = scale(mantissa, Number(match[5] ?? '0') - fraction.length * 4);
  }
  if (value === Infinity || (value === 0 && !zero)) return NaN;
  return negative ? -value : value;
}

function infinity(text: string): number {
  const match = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (match === null) return NaN;
  return match[1] === '-' ? -Infinity : Infinity;
}

/** mantissa × 2^exponent rounded once, to even: also where the result is subnormal. */
function scale(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  if (bits + exponent > 1024) return Infinity;
  if (bits + exponent < -1080) return 0;
  // Bits below the last place that a double has at this magnitude are rounded here, in integers; then the rest is exact.
  const drop = Math.max(bits - 53, -1074 - exponent);
  let kept = mantissa;
  let power = exponent;
  if (drop > 0) {
    const shift = BigInt(drop);
    kept = mantissa >> shift;
    const rest = mantissa - (kept << shift);
    const half = 1n << (shift - 1n);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
    power += drop;
  }
  // Two factors: 2^power alone may lie outside of a double's range although the product does not.
  const step = Math.max(-1000, Math.min(1000, power));
  return Number(kept) * 2 ** step * 2 ** (power - step);
}

/**
 * A double as C's `%.17g` prints it: 3 → `3`, 0.1 → `0.10000000000000001`, 1e21 → `1e+21`, `inf`, `-inf`, `nan`.
 */
export function formatDouble17(x: number): string {
  if (Number.isInteger(x) && x <= 9007199254740992 && x >= -9007199254740992)
    return Object.is(x, -0) ? '-0' : String(x);
  if (x !== x) return 'nan';
  const sign = x < 0 ? '-' : '';
  const magnitude = Math.abs(x);
  if (magnitude === Infinity) return `${sign}inf`;
  const scientific = magnitude.toExponential(16);
  const exponent = Number(scientific.slice(19));
  let digits = scientific.charAt(0) + scientific.slice(2, 18);
  if (isHalfway(magnitude)) digits = evenBelow(digits);
  digits = digits.replace(/0+$/, '');
  if (exponent < -4 || exponent >= 17) {
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${withPoint(digits, 1)}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + withPoint(digits.padEnd(exponent + 1, '0'), exponent + 1);
}

/** Whether a number lies exactly in the middle between two of 17 digits. There JavaScript rounds up, and C to the even digit. */
function isHalfway(magnitude: number): boolean {
  if (!magnitude.toExponential(17).includes('5e')) return false;
  // Exact as far as it goes, and no double is as near to such a middle without being it.
  return /^.{18}50*e/.test(magnitude.toExponential(100));
}

function evenBelow(digits: string): string {
  const last = Number(digits.slice(-1));
  return digits.slice(0, -1) + String(last - (last & 1));
}

function withPoint(digits: string, at: number): string {
  return digits.length > at ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits;
}

/** Number of characters that `writeInteger` will write for `n`. */
export function integerLength(n: number): number {
  let length = n < 0 ? 2 : 1;
  let rest = n < 0 ? -n : n;
  while (rest >= 1e9) {
    rest = Math.floor(rest / 1e9);
    length += 9;
  }
  const small = rest | 0;
  if (small >= 100000)
    return small >= 10000000
      ? small >= 100000000
        ? length + 8
        : length + 7
      : small >= 1000000
        ? length + 6
        : length + 5;
  return small >= 100
    ? small >= 10000
      ? length + 4
      : small >= 1000
        ? length + 3
        : length + 2
    : small >= 10
      ? length + 1
      : length;
}

/**
 * Writes the decimal digits of an integer |n| <= 2^53 at `at`; there must be room (at most 17 bytes).
 *
 * @returns the offset behind the last digit.
 */
export function writeInteger(buffer: Uint8Array, at: number, n: number): number {
  let start = at;
  let rest = n;
  if (rest < 0) {
    buffer[start++] = MINUS;
    rest = -rest;
  }
  if (rest < 10) {
    buffer[start] = ZERO + rest;
    return start + 1;
  }
  const end = start + integerLength(rest);
  let i = end;
  // Nine digits at a time keep the inner division within 32 bits.
  while (rest > 0x3fffffff) {
    const high = Math.floor(rest / 1e9);
    let low = (rest - high * 1e9) | 0;
    for (let k = 0; k < 9; k++) {
      const tenth = (low / 10) | 0;
      buffer[--i] = ZERO + low - tenth * 10;
      low = tenth;
    }
    rest = high;
  }
  let small = rest | 0;
  while (i > start) {
    const tenth = (small / 10) | 0;
    buffer[--i] = ZERO + small - tenth * 10;
    small = tenth;
  }
  return end;
}

function latin1Text(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[offset + i]!);
  return text;
}
