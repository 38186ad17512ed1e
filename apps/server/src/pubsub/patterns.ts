/** Patterns and names as texts, one character per byte, before they come to `globMatch`. */
import { globMatch } from '@clone/command-registry';
import { TextBytes } from '../latin1.js';

const patternBytes = new TextBytes();
const nameBytes = new TextBytes();

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;

/**
 * Whether a name matches a pattern, as `globMatch` says. Most names do not match most patterns: what stands before the first special
 * character is compared in place, and only then are bytes made of both.
 */
export function matches(pattern: string, name: string): boolean {
  const { length } = pattern;
  for (let i = 0; i < length; i++) {
    const c = pattern.charCodeAt(i);
    if (c === STAR || c === QUESTION || c === OPEN || c === BACKSLASH) {
      return globMatch(patternBytes.set(pattern).bytes, 0, length, nameBytes.set(name).bytes, 0, name.length);
    }
    // Behind the end of the name there is NaN, which equals nothing.
    if (c !== name.charCodeAt(i)) return false;
  }
  return length === name.length;
}
