/**
 * Listpacks: small collections in one block, in Redis's own byte format (`listpack.md` by antirez), so that a dump
 * copies bytes.
 *
 * ```
 * total bytes (u32 LE) | elements (u16 LE, 65535: count them) | entries … | 0xff
 * entry: encoding and data | length of that, as seven bits per byte, readable backwards
 * ```
 *
 * Encodings: 0xxxxxxx 7-bit unsigned; 10xxxxxx string up to 63; 110xxxxx+1 13-bit integer; 1110xxxx+1 string up to
 * 4,095; 0xf0+4 longer string; 0xf1, 0xf2, 0xf3, 0xf4: integers of 2, 3, 4, 8 bytes. Text that is a canonical integer
 * is stored as one.
 *
 * A position is the offset of an entry from the start of its listpack; it stays valid until something before it
 * changes. Methods that write answer the handle, because the block may move.
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import type { View } from './view.js';

const HEADER = 6;
const END = 0xff;
const COUNT_UNKNOWN = 65535;

/**
 * Listpacks, Redis's packed lists of strings and integers, one block of an arena each. An entry is named by its offset within
 * the block. Methods that write return the block's new handle.
 */
export class Listpack {
  readonly #arena: Arena;
  readonly #int = new Int64();
  // The entry that is about to be written: kind of encoding, its size without the back length.
  #encoding = 0;
  #size = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  create(): Handle {
    const h = this.#arena.alloc(HEADER + 1);
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    writeUint32(bytes, at, HEADER + 1);
    bytes[at + 4] = 0;
    bytes[at + 5] = 0;
    bytes[at + 6] = END;
    return h;
  }

  /** Bytes of the listpack, header and end byte included. */
  bytes(h: Handle): number {
    return this.#arena.i32[h >>> 19]![(h & 0x7ffff) << 1]!;
  }

  /** Number of elements. */
  length(h: Handle): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    const count = bytes[at + 4]! | (bytes[at + 5]! << 8);
    if (count !== COUNT_UNKNOWN) return count;
    let n = 0;
    for (let p = this.first(h); p !== 0; p = this.next(h, p)) n++;
    return n;
  }

  /** Position of the first element, 0 when there is none. */
  first(h: Handle): number {
    return this.#arena.u8[h >>> 19]![((h & 0x7ffff) << 3) + HEADER] === END ? 0 : HEADER;
  }

  /** Position of the last element, 0 when there is none. */
  last(h: Handle): number {
    const end = this.bytes(h) - 1;
    return end === HEADER ? 0 : this.#before(h, end);
  }

  /** Position behind this one, 0 at the end. */
  next(h: Handle, position: number): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    const next = position + entryBytes(bytes, at + position);
    return bytes[at + next] === END ? 0 : next;
  }

  /** Position before this one, 0 at the start. */
  previous(h: Handle, position: number): number {
    return position === HEADER ? 0 : this.#before(h, position);
  }

  #before(h: Handle, position: number): number {
    const at = (h & 0x7ffff) << 3;
    return entryBefore(this.#arena.u8[h >>> 19]!, at + position) - at;
  }

  /** Position of the element with this index (negative: from the end), 0 when there is none. */
  seek(h: Handle, index: number): number {
    let left = index < 0 ? -index - 1 : index;
    let p = index < 0 ? this.last(h) : this.first(h);
    while (p !== 0 && left > 0) {
      p = index < 0 ? this.previous(h, p) : this.next(h, p);
      left--;
    }
    return p;
  }

  /** Shows an element as bytes; integers as their digits in `view.digits`. */
  read(h: Handle, position: number, view: View): void {
    const bytes = this.#arena.u8[h >>> 19]!;
    const data = this.#arena.data[h >>> 19]!;
    const p = ((h & 0x7ffff) << 3) + position;
    const b = bytes[p]!;
    if ((b & 0xc0) === 0x80) {
      view.bytes = bytes;
      view.data = data;
      view.offset = p + 1;
      view.length = b & 0x3f;
    } else if ((b & 0xf0) === 0xe0) {
      view.bytes = bytes;
      view.data = data;
      view.offset = p + 2;
      view.length = ((b & 15) << 8) | bytes[p + 1]!;
    } else if (b === 0xf0) {
      view.bytes = bytes;
      view.data = data;
      view.offset = p + 5;
      view.length = readUint32(bytes, p + 1);
    } else {
      loadInteger(bytes, p, this.#int);
      view.bytes = view.digits;
      view.data = view.digitsData;
      view.offset = 0;
      view.length = this.#int.format(view.digits, 0);
    }
  }

  /** Loads an element that is stored as an integer into `into`; false when it is a string. */
  readInteger(h: Handle, position: number, into: Int64): boolean {
    const bytes = this.#arena.u8[h >>> 19]!;
    const p = ((h & 0x7ffff) << 3) + position;
    const b = bytes[p]!;
    if ((b & 0xc0) === 0x80 || (b & 0xf0) === 0xe0 || b === 0xf0) return false;
    loadInteger(bytes, p, into);
    return true;
  }

  /**
   * Position of the first element equal to these bytes, from `position` on, looking at every `1 + skip`-th element
   * (skip 1: at the keys of key-value pairs); 0 when there is none.
   */
  find(h: Handle, position: number, b: Uint8Array, offset: number, length: number, skip: number): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    const int = this.#int;
    // 0: not parsed yet; 1: the bytes are an integer; 2: they are not.
    let parsed = 0;
    let lo = 0;
    let hi = 0;
    let p = at + position;
    let toSkip = 0;
    if (position === 0) return 0;
    for (;;) {
      const e = bytes[p]!;
      if (e === END) return 0;
      const size = dataBytes(bytes, p, e);
      if (toSkip > 0) {
        toSkip--;
      } else {
        toSkip = skip;
        if ((e & 0xc0) === 0x80 || (e & 0xf0) === 0xe0 || e === 0xf0) {
          const head = (e & 0xc0) === 0x80 ? 1 : e === 0xf0 ? 5 : 2;
          if (size - head === length) {
            let i = 0;
            while (i < length && bytes[p + head + i] === b[offset + i]) i++;
            if (i === length) return p - at;
          }
        } else {
          if (parsed === 0) {
            parsed = int.parse(b, offset, length) ? 1 : 2;
            lo = int.lo;
            hi = int.hi;
          }
          if (parsed === 1) {
            loadInteger(bytes, p, int);
            if (int.lo === lo && int.hi === hi) return p - at;
          }
        }
      }
      p += size + backBytes(size);
    }
  }

  /** Adds an element at the end. */
  append(h: Handle, b: Uint8Array, offset: number, length: number): Handle {
    return this.insert(h, this.bytes(h) - 1, b, offset, length);
  }

  /** Adds an element before the one at `position` (the offset of the end byte appends). */
  insert(h: Handle, position: number, b: Uint8Array, offset: number, length: number): Handle {
    this.#encode(b, offset, length);
    const moved = this.#splice(h, position, 0, this.#size + backBytes(this.#size), 1);
    this.#write(this.#arena.u8[moved >>> 19]!, ((moved & 0x7ffff) << 3) + position, b, offset, length);
    return moved;
  }

  /** Adds `count` elements that are encoded already (`write`) before the one at `position`. */
  insertEncoded(h: Handle, position: number, encoded: Uint8Array, length: number, count: number): Handle {
    const moved = this.#splice(h, position, 0, length, count);
    const bytes = this.#arena.u8[moved >>> 19]!;
    const at = ((moved & 0x7ffff) << 3) + position;
    if (length > 64) bytes.set(encoded.subarray(0, length), at);
    else for (let i = 0; i < length; i++) bytes[at + i] = encoded[i]!;
    return moved;
  }

  /** Puts another element in the place of one. */
  replace(h: Handle, position: number, b: Uint8Array, offset: number, length: number): Handle {
    this.#encode(b, offset, length);
    const bytes = this.#arena.u8[h >>> 19]!;
    const old = entryBytes(bytes, ((h & 0x7ffff) << 3) + position);
    const moved = this.#splice(h, position, old, this.#size + backBytes(this.#size), 0);
    this.#write(this.#arena.u8[moved >>> 19]!, ((moved & 0x7ffff) << 3) + position, b, offset, length);
    return moved;
  }

  /** Takes out `count` elements from `position` on. */
  remove(h: Handle, position: number, count: number): Handle {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    let p = at + position;
    let removed = 0;
    while (removed < count && bytes[p] !== END) {
      p += entryBytes(bytes, p);
      removed++;
    }
    return this.#splice(h, position, p - at - position, 0, -removed);
  }

  free(h: Handle): void {
    this.#arena.free(h);
  }

  /**
   * Writes an element into a buffer that has room for `length + 10` bytes at `p`, and answers where the next one goes. For
   * those who write several in a row and correct the header themselves.
   */
  write(bytes: Uint8Array, p: number, b: Uint8Array, offset: number, length: number): number {
    // Short text that is no integer, by its first byte.
    if (length > 0 && length < 64 && (b[offset]! > 0x39 || b[offset]! < 0x2d)) {
      bytes[p] = 0x80 | length;
      let at = p + 1;
      for (let i = offset, end = offset + length; i < end; i++, at++) bytes[at] = b[i]!;
      bytes[at] = length + 1;
      return at + 1;
    }
    this.#encode(b, offset, length);
    return this.#write(bytes, p, b, offset, length);
  }

  /** Bytes that an element takes, its back length included. */
  measure(b: Uint8Array, offset: number, length: number): number {
    this.#encode(b, offset, length);
    return this.#size + backBytes(this.#size);
  }

  /** Writes the element that `measure` was just asked about, where there is room for it. */
  writeMeasured(bytes: Uint8Array, p: number, b: Uint8Array, offset: number, length: number): void {
    this.#write(bytes, p, b, offset, length);
  }

  /** As `write`, of an int64. */
  writeInteger(bytes: Uint8Array, p: number, hi: number, lo: number): number {
    if ((hi | (lo & ~127)) === 0) {
      bytes[p] = lo;
      bytes[p + 1] = 1;
      return p + 2;
    }
    this.#int.lo = lo;
    this.#int.hi = hi;
    this.#encodeInteger(lo, hi);
    return this.#write(bytes, p, bytes, 0, 0);
  }

  /** Chooses the encoding of an element: sets `#encoding` and `#size`. */
  #encode(b: Uint8Array, offset: number, length: number): void {
    if (length <= 20 && this.#int.parse(b, offset, length)) {
      this.#encodeInteger(this.#int.lo, this.#int.hi);
    } else if (length < 64) this.#set(0x80, 1 + length);
    else if (length < 4096) this.#set(0xe0, 2 + length);
    else this.#set(0xf0, 5 + length);
  }

  #encodeInteger(lo: number, hi: number): void {
    if (hi !== lo >> 31) this.#set(0xf4, 9);
    else if (lo >= 0 && lo < 128) this.#set(0, 1);
    else if (lo >= -4096 && lo < 4096) this.#set(0xc0, 2);
    else if (lo >= -32768 && lo < 32768) this.#set(0xf1, 3);
    else if (lo >= -8388608 && lo < 8388608) this.#set(0xf2, 4);
    else this.#set(0xf3, 5);
  }

  #set(encoding: number, size: number): void {
    this.#encoding = encoding;
    this.#size = size;
  }

  /** Writes the element that `#encode` looked at; answers where it ends. */
  #write(bytes: Uint8Array, at: number, b: Uint8Array, offset: number, length: number): number {
    let p = at;
    const { lo, hi } = this.#int;
    const size = this.#size;
    switch (this.#encoding) {
      case 0:
        bytes[p] = lo;
        break;
      case 0xc0:
        bytes[p] = 0xc0 | ((lo >> 8) & 0x1f);
        bytes[p + 1] = lo;
        break;
      case 0xf1:
      case 0xf2:
      case 0xf3:
      case 0xf4:
        bytes[p] = this.#encoding;
        for (let i = 1; i < size; i++) bytes[p + i] = (i <= 4 ? lo : hi) >> (((i - 1) & 3) << 3);
        break;
      default: {
        let head = 1;
        if (this.#encoding === 0x80) {
          bytes[p] = 0x80 | length;
        } else if (this.#encoding === 0xe0) {
          bytes[p] = 0xe0 | (length >> 8);
          bytes[p + 1] = length;
          head = 2;
        } else {
          bytes[p] = 0xf0;
          writeUint32(bytes, p + 1, length);
          head = 5;
        }
        if (length > 64) {
          bytes.set(b.subarray(offset, offset + length), p + head);
        } else {
          for (let i = 0; i < length; i++) bytes[p + head + i] = b[offset + i]!;
        }
      }
    }
    p += size;
    const back = backBytes(size);
    for (let i = back - 1, rest = size; i >= 0; i--, rest = Math.floor(rest / 128)) {
      bytes[p + i] = (rest & 127) | (i === 0 ? 0 : 128);
    }
    return p + back;
  }

  /** Replaces `removed` bytes at `position` by a gap of `added`, and corrects the header. */
  #splice(h: Handle, position: number, removed: number, added: number, countChange: number): Handle {
    const total = this.bytes(h);
    const newTotal = total - removed + added;
    let target = h;
    if (newTotal > total) target = this.#arena.resize(h, newTotal, total);
    const bytes = this.#arena.u8[target >>> 19]!;
    const at = (target & 0x7ffff) << 3;
    if (removed !== added) {
      bytes.copyWithin(at + position + added, at + position + removed, at + total);
      writeUint32(bytes, at, newTotal);
    }
    if (countChange !== 0) {
      const count = bytes[at + 4]! | (bytes[at + 5]! << 8);
      if (count !== COUNT_UNKNOWN) {
        const next = Math.min(count + countChange, COUNT_UNKNOWN);
        bytes[at + 4] = next;
        bytes[at + 5] = next >> 8;
      }
    }
    return newTotal < total ? this.#arena.resize(target, newTotal, newTotal) : target;
  }
}

/** Bytes of an entry without its back length. @param b its first byte */
export function dataBytes(bytes: Uint8Array, p: number, b: number): number {
  if (b < 0x80) return 1;
  if (b < 0xc0) return 1 + (b & 0x3f);
  if (b < 0xe0) return 2;
  if (b < 0xf0) return 2 + (((b & 15) << 8) | bytes[p + 1]!);
  if (b === 0xf0) return 5 + readUint32(bytes, p + 1);
  return b === 0xf4 ? 9 : b - 0xf1 + 3;
}

/** Bytes of the back length of an entry of so many bytes. */
export function backBytes(size: number): number {
  if (size <= 127) return 1;
  if (size < 16383) return 2;
  if (size < 2097151) return 3;
  return size < 268435455 ? 4 : 5;
}

/** Bytes of the element at `p`, its back length included. */
export function entryBytes(bytes: Uint8Array, p: number): number {
  const b = bytes[p]!;
  if (b < 0x80) return 2;
  if (b < 0xc0) return 2 + (b & 0x3f);
  const size = dataBytes(bytes, p, b);
  return size + backBytes(size);
}

/** Where the element begins that ends at `end`. */
export function entryBefore(bytes: Uint8Array, end: number): number {
  let p = end - 1;
  let size = bytes[p]! & 127;
  for (let factor = 128; (bytes[p]! & 128) !== 0; factor *= 128) {
    p--;
    size += (bytes[p]! & 127) * factor;
  }
  return p - size;
}

/** Loads an element that is stored as an integer. */
export function loadInteger(bytes: Uint8Array, p: number, int: Int64): void {
  const b = bytes[p]!;
  if (b < 0x80) int.lo = b;
  else if (b < 0xe0) int.lo = (((b << 27) >> 19) & ~0xff) | bytes[p + 1]!;
  else if (b === 0xf1) int.lo = ((bytes[p + 1]! | (bytes[p + 2]! << 8)) << 16) >> 16;
  else if (b === 0xf2) int.lo = ((bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24)) >> 8;
  else int.lo = readInt32(bytes, p + 1);
  int.hi = b === 0xf4 ? readInt32(bytes, p + 5) : int.lo >> 31;
}

function readInt32(bytes: Uint8Array, p: number): number {
  return bytes[p]! | (bytes[p + 1]! << 8) | (bytes[p + 2]! << 16) | (bytes[p + 3]! << 24);
}

function readUint32(bytes: Uint8Array, p: number): number {
  return readInt32(bytes, p) >>> 0;
}

export function writeUint32(bytes: Uint8Array, p: number, value: number): void {
  bytes[p] = value;
  bytes[p + 1] = value >>> 8;
  bytes[p + 2] = value >>> 16;
  bytes[p + 3] = value >>> 24;
}
