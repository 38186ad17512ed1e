/*
 * Numbers of replies that are not on the decoder's hot path: integers with a sign or many digits, doubles, big numbers.
 * Strict: what a Redis server does not send is refused, by answering undefined.
 */
import { MAX_INTEGER, MINUS } from './protocol.js';
import { decodeUtf8 } from './platform.js';

const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** Integers of so many digits are exact in a double. */
const EXACT_DIGITS = 15;
/** Powers of ten that a double holds exactly: dividing an exact integer by one of them rounds once, hence right. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** A 64-bit integer: a number when it is a safe one. */
export function parseInteger64(bytes: Uint8Array, start: number, end: number): number | bigint | undefined {
  const negative = bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits > 0 && digits <= EXACT_DIGITS) {
    let number = 0;
    let at = first;
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    // 0 - number: there is no negative zero among integers.
    if (at === end) return negative ? 0 - number : number;
  }
  if (end - start > MAX_INTEGER) return undefined;
  const integer = parseBigNumber(bytes, start, end);
  if (integer === undefined || integer > INT64_MAX || integer < INT64_MIN) return undefined;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** RESP3 double: decimal with optional exponent, `inf`, `-inf`, `nan`. */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  let significand = 0;
  let digits = 0;
  let point = end;
  for (let at = negative ? start + 1 : start; at < end; at++) {
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

/** Decimal digits with an optional sign. */
export function parseBigNumber(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  const text = decodeUtf8(bytes, start, end);
  return INTEGER.test(text) ? BigInt(text) : undefined;
}
