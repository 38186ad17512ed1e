/*
 * Strings out of a chunk: as text, as bytes of their own, or as views.
 *
 * This is where a decoder's time goes: a call into V8's UTF-8 decoder costs 70 ns before it looks at the first byte, a substring
 * of a string costs 11. So short strings are cut out of a *window*: some bytes of the chunk that are decoded in one call.
 * Byte positions are character positions when the window has as many UTF-16 units as bytes: no sequence of n bytes decodes
 * to more than n units, so equality says that every unit came from one byte. Otherwise strings are decoded one by one.
 *
 * What that costs: V8's substrings of 13 characters or more keep their parent alive, so a string that is kept may hold on to its window:
 * 1 KB for strings up to 64 bytes, 16 KB at most. Copies for `bytes` are made in the same way, 16 KB at a time.
 */
import { StringTooLongError } from './errors.js';
import { allocate, decodeUtf8 } from './platform.js';
import type { ReplyFormat } from './reply.js';

const WINDOW = 1024;
/** A window spans so many strings of the length of its first. */
const WINDOW_STRINGS = 16;
/** Longer strings are decoded one by one: the fixed cost of the call hardly counts. */
const WINDOW_TEXT = 1024;
/** A window for the last string of a chunk is a detour. */
const WINDOW_GAIN = 8;
/** After a window that was not ASCII, so many strings are decoded one by one before the next try. */
const WINDOW_PAUSE = 64;
/** In `bytes` format, small strings share a copy of so many bytes. */
export const COPY_WINDOW = 16 * 1024;
/** Strings from here on have a copy of their own. */
export const OWN_COPY = COPY_WINDOW / 4;

const EMPTY = new Uint8Array(0);
const NO_BUFFER = EMPTY.buffer;

export type StringValue = string | Uint8Array | StringTooLongError;

/** Makes the strings of one chunk at a time. The fields are public for the decoder's hot path, which reads the window itself. */
export class ChunkStrings {
  asText = true;
  /** The decoded bytes `[windowStart, windowEnd)` of the chunk, one character each. */
  window = '';
  windowStart = 0;
  windowEnd = 0;
  /** Whether anything of the chunk is kept here, for `release` to let go of. */
  held = false;

  #asView = false;
  #pause = 0;
  #viewed: Uint8Array = EMPTY;
  #viewedBuffer: ArrayBufferLike = NO_BUFFER;
  #viewedOffset = 0;
  #copy: Uint8Array = EMPTY;
  #copyStart = 0;
  #copyEnd = 0;

  setFormat(format: ReplyFormat['bulk']): void {
    this.asText = format === 'string';
    this.#asView = format === 'view';
  }

  /** Lets go of the chunk. */
  release(): void {
    this.held = false;
    if (this.#viewed !== EMPTY) {
      this.#viewed = EMPTY;
      this.#viewedBuffer = NO_BUFFER;
    }
    if (this.windowEnd !== 0) {
      this.window = '';
      this.windowEnd = 0;
    }
    if (this.#copyEnd !== 0) {
      this.#copy = EMPTY;
      this.#copyEnd = 0;
    }
  }

  /** `bytes[start, stop)` in the format that was set. @param end of the chunk. */
  string(bytes: Uint8Array, start: number, stop: number, end: number): StringValue {
    if (this.asText) return this.text(bytes, start, stop, end);
    if (this.#asView) return this.#view(bytes, start, stop);
    const length = stop - start;
    if (length > OWN_COPY) return copyOf(bytes, start, stop);
    if (start < this.#copyStart || stop > this.#copyEnd) {
      this.held = true;
      this.#copyStart = start;
      this.#copyEnd = Math.min(start + COPY_WINDOW, end);
      this.#copy = copyOf(bytes, start, this.#copyEnd);
    }
    return new Uint8Array(this.#copy.buffer, start - this.#copyStart, length);
  }

  /** The same for bytes that are no chunk and belong to nobody else: no format needs a copy. */
  gathered(bytes: Uint8Array, start: number, stop: number): StringValue {
    if (this.asText) return longText(bytes, start, stop);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + start, stop - start);
  }

  /** `bytes[start, stop)` as text, whatever the format. */
  text(bytes: Uint8Array, start: number, stop: number, end: number): string | StringTooLongError {
    const length = stop - start;
    if (start >= this.windowStart && stop <= this.windowEnd) {
      return this.window.substring(start - this.windowStart, stop - this.windowStart);
    }
    if (length > WINDOW_TEXT) return longText(bytes, start, stop);
    if (length === 0) return '';
    if (this.#pause > 0) {
      this.#pause--;
      return decodeUtf8(bytes, start, stop);
    }
    if (end - stop < WINDOW_GAIN) return decodeUtf8(bytes, start, stop);
    const windowEnd = Math.min(start + Math.max(WINDOW, WINDOW_STRINGS * length), end);
    const window = decodeUtf8(bytes, start, windowEnd);
    if (window.length !== windowEnd - start) {
      this.#pause = WINDOW_PAUSE;
      return decodeUtf8(bytes, start, stop);
    }
    this.held = true;
    this.window = window;
    this.windowStart = start;
    this.windowEnd = windowEnd;
    return window.substring(0, length);
  }

  #view(bytes: Uint8Array, start: number, stop: number): Uint8Array {
    // Asking a typed array for its buffer costs half as much as making the view.
    if (bytes !== this.#viewed) {
      this.held = true;
      this.#viewed = bytes;
      this.#viewedBuffer = bytes.buffer;
      this.#viewedOffset = bytes.byteOffset;
    }
    return new Uint8Array(this.#viewedBuffer, this.#viewedOffset + start, stop - start);
  }
}

/** Text of any length. */
export function longText(bytes: Uint8Array, start: number, stop: number): string | StringTooLongError {
  try {
    return decodeUtf8(bytes, start, stop);
  } catch {
    return new StringTooLongError(stop - start);
  }
}

/** A plain Uint8Array, on a buffer of its own, whatever subclass `bytes` is of: Buffer's `slice` would be a view, and a Buffer. */
function copyOf(bytes: Uint8Array, start: number, stop: number): Uint8Array {
  const copy = allocate(stop - start);
  copy.set(bytes.subarray(start, stop));
  return copy;
}
