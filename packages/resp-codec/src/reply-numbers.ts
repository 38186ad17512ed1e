/*
 * Numbers of RESP3 replies that are rare or long enough to go through text: doubles, big numbers, 64-bit integers
 * beyond what a JavaScript number holds. Strict: what a Redis server does not send is refused.
 */
import { decodeUtf8 } from './platform.js';

const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** Powers of ten that a double holds exactly: dividing a safe integer by one of them rounds once, hence right. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const EXACT_DIGITS = 15;

/** RESP3 double: decimal with optional exponent, `inf`, `-inf`, `nan`. @returns undefined when it is something else. */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  const negative = bytes[at] === 45;
  if (negative) at++;
  let significand = 0;
  let digits = 0;
  let point = end;
  for (; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit >= 0 && digit <= 9) {
      significand = significand * 10 + digit;
      digits++;
    } else if (digit === -2 && point === end) {
      point = at + 1;
    } else {
      return parseDoubleText(decodeUtf8(bytes, start, end));
    }
  }
  const fraction = end - point;
  if (digits === 0 || digits > EXACT_DIGITS || fraction >= POWERS.length) {
    return parseDoubleText(decodeUtf8(bytes, start, end));
  }
  const value = significand / POWERS[fraction]!;
  return negative ? -value : value;
}

function parseDoubleText(text: string): number | undefined {
  if (DOUBLE.test(text)) return Number(text);
  switch (text) {
    case 'inf':
    case '+inf':
      return Infinity;
    case '-inf':
      return -Infinity;
    // printf, on which older servers rely, gives NaN a sign.
    case 'nan':
    case '-nan':
      return NaN;
    default:
      return undefined;
  }
}

/** Decimal digits with an optional sign, of any size. @returns undefined when it is something else. */
export function parseBigNumber(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  const text = decodeUtf8(bytes, start, end);
  return INTEGER.test(text) ? BigInt(text) : undefined;
}
