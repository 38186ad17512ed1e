/*
 * The payload of a bulk string that is cut by the end of a chunk, put together as it arrives.
 *
 * Memory grows by what has arrived, never by what was announced: at most PAYLOAD_GROWTH times as much is asked for, and the system
 * provides a page only when bytes arrive in it. Still, 4 MB in reads of 64 KB are allocated once, and 512 MB are moved twice.
 */
import { COPY_WINDOW, OWN_COPY } from './chunk-strings.js';
import { allocate } from './platform.js';

const FIRST_ROOM = 64 * 1024;
const PAYLOAD_GROWTH = 64;
/** Up to here a loop beats `set` and the view that it needs. */
const SHORT_PIECE = 48;

/** The largest buffer that is kept when its text has been made. */
const MAX_SPARE = 8 * 1024 * 1024;

const EMPTY = new Uint8Array(0);

/**
 * A free buffer for payloads that become text, for all decoders together: fresh memory is what a big payload costs most. 4 MB in reads
 * of 64 KB: 0.8 ms at best and 6.1 in the slowest tenth with a fresh buffer for each, 0.55 and 3.7 with this one.
 */
let spare: Uint8Array = EMPTY;

export class CutPayload {
  /** Type byte of the bulk. */
  type = 0;
  /** Announced length; -1 when no bulk is cut. */
  length = -1;
  /** The payload and its CR LF, valid up to `filled`. */
  bytes: Uint8Array = EMPTY;
  filled = 0;

  #passing = false;
  #slab: Uint8Array = EMPTY;
  #slabUsed = 0;

  /** @param passing whether the bytes are likely to be used once, for text. */
  begin(type: number, length: number, passing: boolean): void {
    this.type = type;
    this.length = length;
    this.#passing = passing;
  }

  /** Bytes that are still to come, CR LF included. */
  get missing(): number {
    return this.length + 2 - this.filled;
  }

  /** Takes `bytes[from, to)`, no more than are missing. */
  append(bytes: Uint8Array, from: number, to: number): void {
    const filled = this.filled + to - from;
    if (filled > this.bytes.length) this.#grow(filled);
    const target = this.bytes;
    if (to - from < SHORT_PIECE) {
      for (let at = from, into = this.filled; at < to; at++, into++) target[into] = bytes[at]!;
    } else {
      target.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), this.filled);
    }
    this.filled = filled;
  }

  /** The bulk is done with. @param kept whether `bytes` was handed out: then it is not written again. */
  end(kept: boolean): void {
    if (this.bytes.buffer === this.#slab.buffer) {
      if (kept) this.#slabUsed += this.length + 2;
    } else if (!kept && this.bytes.length > spare.length && this.bytes.length <= MAX_SPARE) {
      spare = this.bytes;
    }
    this.length = -1;
    this.bytes = EMPTY;
    this.filled = 0;
  }

  #grow(filled: number): void {
    const whole = this.length + 2;
    if (whole <= OWN_COPY) {
      // Small ones share a slab: an allocation for each would cost more than everything else.
      if (this.#slabUsed + whole > this.#slab.length) {
        this.#slab = allocate(COPY_WINDOW);
        this.#slabUsed = 0;
      }
      this.bytes = new Uint8Array(this.#slab.buffer, this.#slabUsed, whole);
      return;
    }
    if (this.#passing && filled <= spare.length && this.filled === 0) {
      this.bytes = spare;
      spare = EMPTY;
      return;
    }
    const room = Math.max(FIRST_ROOM, filled * PAYLOAD_GROWTH);
    // Not twice for the last few bytes.
    const bytes = allocate(1.25 * room < whole ? room : whole);
    bytes.set(this.bytes.subarray(0, this.filled));
    this.bytes = bytes;
  }
}
