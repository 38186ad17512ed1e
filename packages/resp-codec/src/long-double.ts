/**
 * The 80-bit floating point numbers of x86 (C's `long double` there), as far as INCRBYFLOAT and HINCRBYFLOAT need them.
 *
 * Redis keeps such values as decimal text, reads them with `strtold`, adds in 80 bits, and prints `%.17Lf` without trailing
 * zeros. A double has 11 bits less: it would show 0.1 + 0.2 as 0.30000000000000004 where Redis says 0.3. So a value here is an exact
 * integer (BigInt) times a power of two, rounded as the hardware rounds: to 64 bits, ties to even, with
 * its smallest exponent. Every step is correctly rounded, in C as here: results are equal to the last digit.
 */

/** Bits of the mantissa. */
const PRECISION = 64;
/** The weight of the last bit is never less than 2^-16445: below, numbers lose precision (subnormals). */
const MIN_EXPONENT = -16445;
/** From 2^16384 on it is infinity. */
const MAX_BITS = 16384;
/** Decimal exponents of the first digit beyond which the value is surely infinity, or surely zero. */
const MAX_DECIMAL = 4933;
const MIN_DECIMAL = -4952;
/** Redis reads texts shorter than this (MAX_LONG_DOUBLE_CHARS). */
const MAX_TEXT = 5 * 1024;
/** Digits behind the point when printed. */
const DECIMALS = 17;
const TEN_TO_DECIMALS = 10n ** BigInt(DECIMALS);
const TWO_TO_PRECISION = 1n << BigInt(PRECISION);
const SMALL_POWERS_OF_TEN = Array.from({ length: 40 }, (_, i) => 10n ** BigInt(i));
/** One double and its two words, to read its exponent. */
const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** (negative ? -1 : 1) × mantissa × 2^exponent, 0 <= mantissa < 2^64; or an infinity, or not a number. Immutable. */
export interface LongDouble {
  readonly kind: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

const infinite = (negative: boolean): LongDouble => ({ kind: 'infinite', negative, mantissa: 0n, exponent: 0 });
const zero = (negative: boolean): LongDouble => ({ kind: 'finite', negative, mantissa: 0n, exponent: 0 });
const NAN: LongDouble = { kind: 'nan', negative: false, mantissa: 0n, exponent: 0 };

/** Groups: sign; integer digits, fraction, exponent; or, behind 0x, hex digits, fraction, binary exponent. */
const NUMBER = /^([+-]?)(?:(\d*)\.?(\d*)(?:e([+-]?\d+))?|0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?)$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * Reads a number as Redis's `string2ld` does: decimal or hexadecimal notation, or `inf`; nothing around it.
 *
 * @returns undefined when it is not a number, is `nan`, overflows, or is not zero but too small to be told from it.
 */
export function parseLongDouble(text: string): LongDouble | undefined {
  if (text.length >= MAX_TEXT) return undefined;
  const match = NUMBER.exec(text);
  if (match === null) {
    const word = INFINITY.exec(text);
    return word === null ? undefined : infinite(word[1] === '-');
  }
  const negative = match[1] === '-';
  const hexadecimal = match[5] !== undefined;
  const whole = (hexadecimal ? match[5] : match[2]) ?? '';
  const fraction = (hexadecimal ? match[6] : match[3]) ?? '';
  if (whole === '' && fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return zero(negative);
  const value = hexadecimal
    ? fromHexadecimal(negative, digits, fraction.length, Number(match[7] ?? '0'))
    : fromDecimal(negative, digits, fraction.length, Number(match[4] ?? '0'));
  return value.kind === 'infinite' || value.mantissa === 0n ? undefined : value;
}

/** The number of a double, exactly. */
export function longDoubleOf(x: number): LongDouble {
  if (x !== x) return NAN;
  const negative = x < 0 || Object.is(x, -0);
  if (x === Infinity || x === -Infinity) return infinite(negative);
  let exponent = 0;
  let magnitude = Math.abs(x);
  // Exact steps: a double becomes an integer by at most 1074 doublings, or has an integer's value already.
  while (!Number.isInteger(magnitude)) {
    magnitude *= 2;
    exponent--;
  }
  return round(negative, BigInt(magnitude), exponent, false);
}

/** The sum, rounded to 64 bits; infinity minus infinity is `nan`. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble {
  if (a.kind === 'nan' || b.kind === 'nan') return NAN;
  if (a.kind === 'infinite') return b.kind === 'infinite' && a.negative !== b.negative ? NAN : a;
  if (b.kind === 'infinite') return b;
  if (a.mantissa === 0n && b.mantissa === 0n) return zero(a.negative && b.negative);
  if (a.mantissa === 0n) return b;
  if (b.mantissa === 0n) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = aligned(a, exponent) + aligned(b, exponent);
  return sum < 0n ? round(true, -sum, exponent, false) : round(false, sum, exponent, false);
}

/**
 * As Redis prints it for people (`%.17Lf`, correctly rounded, without trailing zeros): `3`, `10.6`, `-0.00001`,
 * `1000000000000000000000`; `inf`, `-inf`, `nan`.
 */
export function formatLongDouble(value: LongDouble | number): string {
  const x = typeof value === 'number' ? longDoubleOf(value) : value;
  if (x.kind === 'nan') return 'nan';
  const sign = x.negative ? '-' : '';
  if (x.kind === 'infinite') return `${sign}inf`;
  const scaled = x.mantissa * TEN_TO_DECIMALS;
  const units = x.exponent >= 0 ? scaled << BigInt(x.exponent) : shiftRight(scaled, -x.exponent, false);
  if (units === 0n) return '0';
  const digits = units.toString().padStart(DECIMALS + 1, '0');
  const point = digits.length - DECIMALS;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return `${sign}${digits.slice(0, point)}${fraction === '' ? '' : '.'}${fraction}`;
}

/**
 * What INCRBYFLOAT stores: the sum of two numbers in Redis's notation, printed by `formatLongDouble`.
 *
 * @returns undefined when one of them is not a number; `inf`, `-inf` or `nan` where Redis refuses the increment.
 */
export function longDoubleAdd(aText: string, bText: string): string | undefined {
  const a = parseLongDouble(aText);
  const b = parseLongDouble(bText);
  return a === undefined || b === undefined ? undefined : formatLongDouble(addLongDoubles(a, b));
}

/** 0.digits × 10^(…): the digits stand for an integer with `decimals` of them behind the point. No leading zero. */
function fromDecimal(negative: boolean, digits: string, decimals: number, power: number): LongDouble {
  const exponent = power - decimals;
  // Decided before any arithmetic: "1e999999999" must not cost a billion digits.
  if (exponent + digits.length > MAX_DECIMAL) return infinite(negative);
  if (exponent + digits.length < MIN_DECIMAL) return zero(negative);
  const integer = BigInt(digits);
  if (exponent >= 0) return round(negative, integer * powerOfTen(exponent), 0, false);
  // A quotient with at least 66 bits, and whether a remainder lies below them, is all that rounding needs.
  const divisor = powerOfTen(-exponent);
  const shift = Math.max(0, PRECISION + 2 + bitLength(divisor) - bitLength(integer));
  const dividend = integer << BigInt(shift);
  const quotient = dividend / divisor;
  return round(negative, quotient, -shift, quotient * divisor !== dividend);
}

function fromHexadecimal(negative: boolean, digits: string, decimals: number, power: number): LongDouble {
  const exponent = power - decimals * 4;
  const integer = BigInt(`0x${digits}`);
  const bits = bitLength(integer) + exponent;
  if (bits > MAX_BITS) return infinite(negative);
  if (bits < MIN_EXPONENT - 1) return zero(negative);
  return round(negative, integer, exponent, false);
}

/** Brings magnitude × 2^exponent (plus something less than its last bit, if `sticky`) to the format. */
function round(negative: boolean, magnitude: bigint, exponent: number, sticky: boolean): LongDouble {
  if (magnitude === 0n) return zero(negative);
  const drop = Math.max(bitLength(magnitude) - PRECISION, MIN_EXPONENT - exponent, 0);
  const mantissa = drop === 0 ? magnitude : shiftRight(magnitude, drop, sticky);
  // Rounding up may have carried into a 65th bit: then the lowest is zero.
  const carried = mantissa === TWO_TO_PRECISION;
  const power = exponent + drop + (carried ? 1 : 0);
  const kept = carried ? mantissa >> 1n : mantissa;
  if (power > MAX_BITS - PRECISION && bitLength(kept) + power > MAX_BITS) return infinite(negative);
  return { kind: 'finite', negative, mantissa: kept, exponent: power };
}

/** value / 2^count to the nearest integer, ties to even; `sticky`: the value is a little more than given. count > 0. */
function shiftRight(value: bigint, count: number, sticky: boolean): bigint {
  const shift = BigInt(count);
  const kept = value >> shift;
  const rest = value - (kept << shift);
  const half = 1n << (shift - 1n);
  const up = rest > half || (rest === half && (sticky || (kept & 1n) === 1n));
  return up ? kept + 1n : kept;
}

function aligned(x: LongDouble, exponent: number): bigint {
  const magnitude = x.mantissa << BigInt(x.exponent - exponent);
  return x.negative ? -magnitude : magnitude;
}

function powerOfTen(exponent: number): bigint {
  return SMALL_POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

/** Number of bits of a positive integer. */
function bitLength(value: bigint): number {
  DOUBLE[0] = Number(value);
  if (DOUBLE[0] === Infinity) {
    const hex = value.toString(16);
    return (hex.length - 1) * 4 + 32 - Math.clz32(Number(`0x${hex.charAt(0)}`));
  }
  const high = WORDS[HIGH]!;
  const bits = (high >>> 20) - 1022;
  // A power of two may be what the conversion rounded up to.
  const roundedUp = (high & 0xfffff) === 0 && WORDS[1 - HIGH] === 0 && value >> BigInt(bits - 1) === 0n;
  return roundedUp ? bits - 1 : bits;
}
