/**
 * The patterns of SORT: `BY weight_*`, `GET object_*->field`. The first `*` stands for the element; what follows a `->`
 * behind it, if anything does, is a field of the hash of that name; `#` is the element itself.
 *
 * As in C, the special characters are looked for before the first zero byte only.
 */
import { ValueType, type View } from '@clone/core-store';
import type { CommandContext } from '../context.js';

const STAR = 0x2a;
const MINUS = 0x2d;
const GREATER = 0x3e;
const HASH = 0x23;

export class SortPattern {
  /** The element itself is meant. */
  readonly isElement: boolean;
  /** Whether elements take part in the name; without, nothing is ever found. */
  readonly hasStar: boolean;
  readonly #fieldLength: number;
  readonly #postfix: Uint8Array;
  /** Where the element goes: behind the field (if any) and the part before the `*`. The part behind it follows. */
  readonly #elementAt: number;
  #buffer: Uint8Array;

  constructor(ctx: CommandContext, i: number) {
    const pattern = ctx.copy(i);
    const zero = pattern.indexOf(0);
    const text = zero < 0 ? pattern : pattern.subarray(0, zero);
    const star = text.indexOf(STAR);
    this.isElement = text.length === 1 && text[0] === HASH;
    this.hasStar = star >= 0;
    const arrow = arrowBehind(text, star);
    const field = arrow < 0 ? pattern.subarray(0, 0) : pattern.subarray(arrow + 2);
    this.#fieldLength = field.length;
    this.#postfix = pattern.slice(star + 1, arrow < 0 ? pattern.length : arrow);
    this.#elementAt = field.length + Math.max(star, 0);
    this.#buffer = new Uint8Array(this.#elementAt + this.#postfix.length + 64);
    this.#buffer.set(field);
    if (star > 0) this.#buffer.set(pattern.subarray(0, star), field.length);
  }

  /** Shows what the pattern names for this element; false when there is no such key or field. */
  find(ctx: CommandContext, bytes: Uint8Array, offset: number, length: number, view: View): boolean {
    if (!this.hasStar) return false;
    const { db } = ctx;
    const fieldLength = this.#fieldLength;
    const end = this.#write(bytes, offset, length);
    const h = db.lookupRead(this.#buffer, fieldLength, end - fieldLength);
    if (h === 0) return false;
    if (fieldLength > 0) {
      return db.typeOf(h) === ValueType.hash && db.hashGet(h, this.#buffer, 0, fieldLength, view);
    }
    if (db.typeOf(h) !== ValueType.string) return false;
    db.readString(h, view);
    return true;
  }

  /** Completes the name; answers where it ends. */
  #write(bytes: Uint8Array, offset: number, length: number): number {
    const postfix = this.#postfix;
    const at = this.#elementAt;
    const end = at + length + postfix.length;
    if (end > this.#buffer.length) {
      const wider = new Uint8Array(end * 2);
      wider.set(this.#buffer.subarray(0, at));
      this.#buffer = wider;
    }
    const buffer = this.#buffer;
    if (length < 48) for (let i = 0; i < length; i++) buffer[at + i] = bytes[offset + i]!;
    else buffer.set(bytes.subarray(offset, offset + length), at);
    for (let i = 0; i < postfix.length; i++) buffer[at + length + i] = postfix[i]!;
    return end;
  }
}

/** Where the first `->` behind the star is, if something follows it; else -1. */
function arrowBehind(text: Uint8Array, star: number): number {
  if (star < 0) return -1;
  for (let i = star + 1; i + 1 < text.length; i++) {
    if (text[i] === MINUS && text[i + 1] === GREATER) return i + 2 < text.length ? i : -1;
  }
  return -1;
}
