/*
 * The bytes of RESP2 and RESP3, for whoever reads them from the client's side.
 */
import { ProtocolError } from './errors.js';

export const LF = 10;
export const CR = 13;
export const MINUS = 45;
export const COLON = 58;

// Type bytes of replies (protocol specification of RESP3, as Redis 7.2 sends them).
export const T_BLOB_ERROR = 33; // !
export const T_BOOLEAN = 35; // #
export const T_BULK = 36; // $
export const T_MAP = 37; // %
export const T_BIG_NUMBER = 40; // (
export const T_ARRAY = 42; // *
export const T_SIMPLE = 43; // +
export const T_DOUBLE = 44; // ,
export const T_ERROR = 45; // -
export const T_INTEGER = 58; // :
export const T_VERBATIM = 61; // =
export const T_PUSH = 62; // >
const T_NULL = 95; // _
export const T_ATTRIBUTE = 124; // |
export const T_SET = 126; // ~

/** Digits of a length or count: a petabyte is out of reach, and a double is exact. */
export const MAX_HEADER_DIGITS = 15;
/** Sign, 19 digits, and some zeros in front that a lenient server may send. */
export const MAX_INTEGER = 32;

/**
 * Longest line by type byte, from the type byte to LF: garbage is found out before it fills the memory, and converting a number takes
 * no noticeable time. Types with text have none; 0 stands for a byte that is no type.
 */
export const LINE_LIMITS = new Float64Array(256);
for (const type of [T_BULK, T_BLOB_ERROR, T_VERBATIM, T_ARRAY, T_MAP, T_SET, T_PUSH, T_ATTRIBUTE]) {
  LINE_LIMITS[type] = 1 + MAX_HEADER_DIGITS + 2;
}
LINE_LIMITS[T_INTEGER] = 1 + MAX_INTEGER + 2;
LINE_LIMITS[T_DOUBLE] = 400;
LINE_LIMITS[T_BIG_NUMBER] = 16 * 1024;
LINE_LIMITS[T_BOOLEAN] = 4;
LINE_LIMITS[T_NULL] = 3;
LINE_LIMITS[T_SIMPLE] = LINE_LIMITS[T_ERROR] = Infinity;

/** Answers of what looks for a line end or a count, beside a position or a count: the chunk ends before it; null. */
export const INCOMPLETE = -2;
export const NULL_COUNT = -1;

/** @param offset of the byte in the stream. */
export function unknownType(byte: number, offset: number): ProtocolError {
  const shown = byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16).padStart(2, '0')}`;
  return new ProtocolError(`unknown reply type ${shown}`, offset);
}
