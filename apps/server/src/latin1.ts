/**
 * Bytes as text with one character per byte, and back: how names of channels and pushed frames are kept, because V8 stores such a
 * text in one byte per character, compares it fast, and Node writes it to a socket without a buffer object.
 */
import { Buffer } from 'node:buffer';

/** `Buffer`'s own methods, which take any `Uint8Array`; they are not in the documentation. */
const { latin1Slice, latin1Write } = Buffer.prototype as unknown as {
  latin1Slice?: (this: Uint8Array, start: number, end: number) => string;
  latin1Write?: (this: Uint8Array, text: string, offset: number, length: number) => number;
};

/** Up to here a loop is faster than a call. */
const SHORT = 64;

export function latin1(bytes: Uint8Array, offset: number, length: number): string {
  if (latin1Slice !== undefined) return latin1Slice.call(bytes, offset, offset + length);
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('latin1');
}

/** As `latin1`, for names that are often the same as the last time: then it is the same text, found by its hash without making one. */
export class LastText {
  #text = '';

  of(bytes: Uint8Array, offset: number, length: number): string {
    if (!this.#is(bytes, offset, length)) this.#text = latin1(bytes, offset, length);
    return this.#text;
  }

  #is(bytes: Uint8Array, offset: number, length: number): boolean {
    const text = this.#text;
    if (text.length !== length || length > SHORT) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[offset + i]) return false;
    return true;
  }
}

/** The bytes of one text at a time, in memory that the next text uses again. */
export class TextBytes {
  bytes = new Uint8Array(64);
  length = 0;

  set(text: string): this {
    const { length } = text;
    this.length = length;
    if (this.bytes.length < length) this.bytes = new Uint8Array(Math.max(length, 2 * this.bytes.length));
    const { bytes } = this;
    if (length > SHORT && latin1Write !== undefined) latin1Write.call(bytes, text, 0, length);
    else for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
    return this;
  }
}
