/**
 * Glob patterns on bytes, as KEYS, SCAN MATCH, CONFIG GET, PSUBSCRIBE and ACL use them: the behavior of Redis's
 * `stringmatchlen` (7.2) to the letter, oddities included.
 *
 *   *       any bytes, none included        ?      one byte
 *   [a-z]   one of; [^a] none of            \x     x itself
 *
 * Oddities kept: a class without its `]` ends with the pattern, `[^` alone matches any byte; a range may be written
 * backwards and compares bytes as signed; an escape in a class ignores the case-insensitive mode; `*` does not match
 * the empty string (KEYS * does not come here).
 *
 * Backtracking only to the last `*` gives the same answers as trying all of them, in O(pattern x string) steps: what an
 * earlier star could swallow more, the later one can swallow as well.
 */
import { FOLD } from './command-table.js';

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const DASH = 0x2d;

/** Whether `string[so, so + sn)` matches `pattern[po, po + pn)`. @param nocase ASCII letters in either case are equal */
export function globMatch(
  pattern: Uint8Array,
  po: number,
  pn: number,
  string: Uint8Array,
  so: number,
  sn: number,
  nocase = false,
): boolean {
  if (sn === 0) return pn === 0;
  const patternEnd = po + pn;
  const stringEnd = so + sn;
  let p = po;
  let s = so;
  // Where to go on after a mismatch: behind the last star, which has swallowed up to `retry`.
  let afterStar = -1;
  let retry = 0;
  for (;;) {
    let next = -1;
    if (p < patternEnd) {
      if (pattern[p] === STAR) {
        p = skipStars(pattern, p, patternEnd);
        if (p === patternEnd) return true;
        afterStar = p;
        retry = s;
        continue;
      }
      next = matchOne(pattern, p, patternEnd, string[s]!, nocase);
    }
    if (next >= 0) {
      p = next;
      s++;
      if (s < stringEnd) continue;
      if (skipStars(pattern, p, patternEnd) === patternEnd) return true;
    }
    if (afterStar < 0 || ++retry >= stringEnd) return false;
    p = afterStar;
    s = retry;
  }
}

/**
 * A pattern that is kept to be matched often. Nearly all are a text, or a text and a star: those are compared byte by
 * byte, and of the others most names differ before the first special character.
 */
export class Glob {
  readonly bytes: Uint8Array;
  /** Bytes before the first special character. */
  readonly #literal: number;
  /** Behind them come stars and nothing else, or nothing at all. */
  readonly #onlyStars: boolean;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const special = bytes.findIndex((c) => c === STAR || c === QUESTION || c === OPEN || c === BACKSLASH);
    this.#literal = special < 0 ? bytes.length : special;
    this.#onlyStars = skipStars(bytes, this.#literal, bytes.length) === bytes.length;
  }

  /** Whether `string[offset, offset + length)` matches, as `globMatch` says. */
  matches(string: Uint8Array, offset: number, length: number): boolean {
    const { bytes } = this;
    const literal = this.#literal;
    if (length < literal) return false;
    for (let i = 0; i < literal; i++) if (bytes[i] !== string[offset + i]) return false;
    // Stars do not match the empty string.
    if (this.#onlyStars && length > 0) return literal < bytes.length || length === literal;
    return globMatch(bytes, 0, bytes.length, string, offset, length);
  }
}

/** Whether a pattern means everything, so that nothing needs to be compared. */
export function matchesEverything(pattern: Uint8Array, offset: number, length: number): boolean {
  return length === 1 && pattern[offset] === STAR;
}

function skipStars(pattern: Uint8Array, p: number, end: number): number {
  while (p < end && pattern[p] === STAR) p++;
  return p;
}

/** Matches one element of the pattern, no star, with one byte: the index behind the element, or -1. */
function matchOne(pattern: Uint8Array, p: number, end: number, byte: number, nocase: boolean): number {
  let c = pattern[p]!;
  if (c === QUESTION) return p + 1;
  if (c === OPEN) return matchClass(pattern, p + 1, end, byte, nocase);
  if (c === BACKSLASH && p + 1 < end) c = pattern[++p]!;
  const equal = nocase ? FOLD[c] === FOLD[byte] : c === byte;
  return equal ? p + 1 : -1;
}

/** The same for a class; `p` is behind the `[`. */
function matchClass(pattern: Uint8Array, p: number, end: number, byte: number, nocase: boolean): number {
  const negated = p < end && pattern[p] === CARET;
  if (negated) p++;
  let match = false;
  for (; p < end; p++) {
    let c = pattern[p]!;
    if (c === BACKSLASH && p + 1 < end) {
      c = pattern[++p]!;
      if (c === byte) match = true;
    } else if (c === CLOSE) {
      break;
    } else if (p + 2 < end && pattern[p + 1] === DASH) {
      if (inRange(c, pattern[p + 2]!, byte, nocase)) match = true;
      p += 2;
    } else if (nocase ? FOLD[c] === FOLD[byte] : c === byte) {
      match = true;
    }
  }
  if (match === negated) return -1;
  return p < end ? p + 1 : end;
}

function inRange(a: number, b: number, byte: number, nocase: boolean): boolean {
  let start = signed(a);
  let end = signed(b);
  if (start > end) [start, end] = [end, start];
  const c = nocase ? signed(FOLD[byte]!) : signed(byte);
  // Ordered first, folded then, as Redis does.
  if (nocase) {
    start = signed(FOLD[start & 0xff]!);
    end = signed(FOLD[end & 0xff]!);
  }
  return c >= start && c <= end;
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}
