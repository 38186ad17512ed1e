/**
 * Intsets: small sets of integers in one block, sorted, in Redis's own byte format (`intset.c`), so that a dump copies
 * bytes.
 *
 * ```
 * width of an integer in bytes: 2, 4 or 8 (u32 LE) | how many (u32 LE) | integers, ascending, little-endian
 * ```
 *
 * The width is that of the widest integer there ever was: it grows, and never shrinks. Integers go in and out as
 * `Int64`. Methods that write answer the handle, because the block may move.
 */
import type { Arena, Handle } from './arena.js';
import type { Int64 } from './int64.js';

const HEADER = 8;

/**
 * Sorted arrays of integers in Redis's format, one block of an arena each. Methods that write return the block's new handle.
 */
export class Intset {
  readonly #arena: Arena;
  /** Whether the last `add` or `remove` changed the set. */
  changed = false;
  // The element that was loaded last, and the place that `#search` came to.
  #lo = 0;
  #hi = 0;
  #index = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  create(): Handle {
    const h = this.#arena.alloc(HEADER);
    this.#writeHeader(h, 2, 0);
    return h;
  }

  /** Bytes of the intset, header included. */
  bytes(h: Handle): number {
    return HEADER + this.length(h) * this.width(h);
  }

  /** Number of integers. */
  length(h: Handle): number {
    return this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 1]!;
  }

  /** Bytes of each integer: 2, 4 or 8. */
  width(h: Handle): number {
    return this.#arena.i32[h >>> 19]![(h & 0x7ffff) << 1]!;
  }

  /** Loads the integer with this index (0 is the smallest) into `into`; false when there is none. */
  get(h: Handle, index: number, into: Int64): boolean {
    if (index < 0 || index >= this.length(h)) return false;
    this.#load(h, index, this.width(h));
    into.lo = this.#lo;
    into.hi = this.#hi;
    return true;
  }

  has(h: Handle, value: Int64): boolean {
    return widthOf(value) <= this.width(h) && this.#search(h, value);
  }

  /** Loads one of the integers, each with the same probability, into `into`; false when there is none. */
  random(h: Handle, random: () => number, into: Int64): boolean {
    return this.get(h, Math.floor(random() * this.length(h)), into);
  }

  /** Adds an integer; `changed` says whether it was new. */
  add(h: Handle, value: Int64): Handle {
    const needed = widthOf(value);
    const width = this.width(h);
    const length = this.length(h);
    this.changed = needed > width || !this.#search(h, value);
    if (!this.changed) return h;
    const bytes = HEADER + length * width;
    if (needed > width) {
      const wider = this.#arena.resize(h, HEADER + (length + 1) * needed, bytes);
      this.#widen(wider, width, needed, value);
      return wider;
    }
    const moved = this.#arena.resize(h, bytes + width, bytes);
    const at = ((moved & 0x7ffff) << 3) + HEADER + this.#index * width;
    this.#arena.u8[moved >>> 19]!.copyWithin(at + width, at, ((moved & 0x7ffff) << 3) + bytes);
    this.#store(moved, this.#index, width, value.lo, value.hi);
    this.#writeHeader(moved, width, length + 1);
    return moved;
  }

  /** Takes an integer out; `changed` says whether it was there. */
  remove(h: Handle, value: Int64): Handle {
    this.changed = this.has(h, value);
    if (!this.changed) return h;
    const width = this.width(h);
    const bytes = this.bytes(h);
    const start = (h & 0x7ffff) << 3;
    const at = start + HEADER + this.#index * width;
    this.#arena.u8[h >>> 19]!.copyWithin(at, at + width, start + bytes);
    this.#writeHeader(h, width, this.length(h) - 1);
    return this.#arena.resize(h, bytes - width, bytes - width);
  }

  free(h: Handle): void {
    this.#arena.free(h);
  }

  /** Binary search: whether the value is there; `#index` is its place, or that of the first greater one. */
  #search(h: Handle, value: Int64): boolean {
    const width = this.width(h);
    let low = 0;
    let high = this.length(h);
    while (low < high) {
      const middle = (low + high) >>> 1;
      this.#load(h, middle, width);
      if (this.#hi < value.hi || (this.#hi === value.hi && this.#lo >>> 0 < value.lo >>> 0)) low = middle + 1;
      else high = middle;
    }
    this.#index = low;
    if (low === this.length(h)) return false;
    this.#load(h, low, width);
    return this.#lo === value.lo && this.#hi === value.hi;
  }

  /** A value too wide for what is there is either the least or the greatest. */
  #widen(h: Handle, from: number, to: number, value: Int64): void {
    const length = this.length(h);
    const shift = value.hi < 0 ? 1 : 0;
    // From the last one down: none is overwritten before it was read.
    for (let i = length - 1; i >= 0; i--) {
      this.#load(h, i, from);
      this.#store(h, i + shift, to, this.#lo, this.#hi);
    }
    this.#store(h, shift === 1 ? 0 : length, to, value.lo, value.hi);
    this.#writeHeader(h, to, length + 1);
  }

  #writeHeader(h: Handle, width: number, length: number): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    words[w] = width;
    words[w + 1] = length;
  }

  #load(h: Handle, index: number, width: number): void {
    const at = ((h & 0x7ffff) << 3) + HEADER + index * width;
    if (width === 2) {
      const bytes = this.#arena.u8[h >>> 19]!;
      this.#lo = ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
      this.#hi = this.#lo >> 31;
      return;
    }
    const words = this.#arena.i32[h >>> 19]!;
    this.#lo = words[at >>> 2]!;
    this.#hi = width === 4 ? this.#lo >> 31 : words[(at >>> 2) + 1]!;
  }

  #store(h: Handle, index: number, width: number, lo: number, hi: number): void {
    const at = ((h & 0x7ffff) << 3) + HEADER + index * width;
    if (width === 2) {
      const bytes = this.#arena.u8[h >>> 19]!;
      bytes[at] = lo;
      bytes[at + 1] = lo >> 8;
      return;
    }
    const words = this.#arena.i32[h >>> 19]!;
    words[at >>> 2] = lo;
    if (width === 8) words[(at >>> 2) + 1] = hi;
  }
}

function widthOf({ lo, hi }: Int64): number {
  if (hi !== lo >> 31) return 8;
  return lo === (lo << 16) >> 16 ? 2 : 4;
}
