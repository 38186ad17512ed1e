/**
 * Scores as listpacks keep them: an integer as one, anything else as the shortest text that reads back as the same
 * double (what Redis 7.2 writes; 7.0 writes 17 digits, which are read too).
 */
import { Int64 } from './int64.js';

const MINUS = 0x2d;
const ZERO = 0x30;
/** Redis keeps integers up to half of int64's range as such, and -0 as 0. */
const INTEGER_LIMIT = 2 ** 62;

/** Powers of ten that a double holds exactly: dividing an exact integer by one of them rounds once, hence right. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const EXACT_DIGITS = 15;

const int = new Int64();

/** Writes the text of a score that is not NaN; answers how many bytes (at most 24). */
export function formatScore(score: number, into: Uint8Array): number {
  if (Math.floor(score) === score && Math.abs(score) < INTEGER_LIMIT) {
    if (Math.abs(score) <= Number.MAX_SAFE_INTEGER) int.setNumber(score);
    else int.setBigInt(BigInt(score));
    return int.format(into, 0);
  }
  const text = textOf(score);
  for (let i = 0; i < text.length; i++) into[i] = text.charCodeAt(i);
  return text.length;
}

function textOf(score: number): string {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  return String(score);
}

/** Whether the last `scan` has its value exactly. */
let exact = false;

/**
 * The value of plain digits with or without a point; NaN for any other notation. It is exact up to 15 digits; beyond
 * them it is off by a few units in the last place at most.
 */
function scan(bytes: Uint8Array, offset: number, length: number): number {
  const negative = bytes[offset] === MINUS;
  const end = offset + length;
  let significand = 0;
  let digits = 0;
  let point = end;
  for (let at = negative ? offset + 1 : offset; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      significand = significand * 10 + digit;
      // Zeros before the first other digit count for nothing.
      if (significand !== 0) digits++;
    } else if (digit === -2 && point === end) {
      point = at + 1;
    } else {
      return NaN;
    }
  }
  const fraction = end - point;
  if (fraction >= POWERS.length) return NaN;
  exact = digits <= EXACT_DIGITS;
  const value = significand / POWERS[fraction]!;
  return negative ? -value : value;
}

/** Reads what `formatScore`, or Redis, has written. */
export function parseScore(bytes: Uint8Array, offset: number, length: number): number {
  const value = scan(bytes, offset, length);
  return value === value && exact ? value : parseText(bytes, offset, length);
}

/**
 * Such a text against another score: negative, 0 or positive. Most texts of 17 digits need not be read exactly for that,
 * which takes ten times as long.
 */
export function compareScore(bytes: Uint8Array, offset: number, length: number, score: number): number {
  let value = scan(bytes, offset, length);
  if (!(value === value && exact)) {
    const tolerance = Math.abs(value) * 1e-14;
    if (value - score > tolerance) return 1;
    if (score - value > tolerance) return -1;
    value = parseText(bytes, offset, length);
  }
  return value < score ? -1 : value > score ? 1 : 0;
}

function parseText(bytes: Uint8Array, offset: number, length: number): number {
  let text = '';
  for (let i = offset; i < offset + length; i++) text += String.fromCharCode(bytes[i]!);
  if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
