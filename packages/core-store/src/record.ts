/**
 * Records: the blocks that dictionaries hold. One layout serves the keys of a database, the fields of a big hash, and
 * later the members of a big set, so that one set of functions reads them all.
 *
 * ```
 * word 0   bits 0–23 access clock (LRU seconds or LFU minutes and counter), 24–26 type, 27 wide, 28–30 encoding,
 *          31 has an expiry
 * word 1   narrow: key length (low 16 bits), value length (high 16 bits)
 *          wide:   key length; value length in word 2; word 3 unused
 * [2 words: expiry, ms since epoch, int64 little-endian]
 * key bytes
 * value: inline bytes directly behind the key; anything else (an integer, a handle) padded to the next word
 * ```
 *
 * A 16-byte key with a 64-byte value takes 88 bytes, and both lie on two cache lines.
 */
import { FREED, type Arena, type Handle } from './arena.js';
import { checkBytes, StoreError } from './store-error.js';

/** Where bytes are: filled by reading methods, valid until the next write to the keyspace. */
export interface ByteView {
  bytes: Uint8Array;
  offset: number;
  length: number;
}

/** Type numbers, as in Redis's objects and files. */
export const ValueType = { string: 0, list: 1, set: 2, zset: 3, hash: 4, module: 5, stream: 6 } as const;

/** How the value of a string record is stored. */
export const StringEncoding = { raw: 0, integer: 1, embedded: 2, apart: 3 } as const;

const EXPIRES = 0x80000000 | 0;
const WIDE = 1 << 27;
const TYPE_MASK = 7 << 24;
const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ValueType).map(([name, type]) => [type, name === 'zset' ? 'sorted set' : name]),
);
const ACCESS_MASK = 0xffffff;

/** Longest key and longest inline value of a narrow record, in bytes. */
export const NARROW_LIMIT = 0xffff;

/**
 * Reads and writes the blocks that hold a key and its value: `keyspace.records`. What it returns are words and offsets within the
 * arena; `check` and `encodingAs` are the methods that look whether a handle is of a record.
 */
export class Records {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Bytes that a record takes. `aligned`: the value is not inline bytes. */
  static size(keyLength: number, valueLength: number, expires: boolean, aligned: boolean): number {
    const header = (keyLength > NARROW_LIMIT ? 16 : 8) + (expires ? 8 : 0);
    const keyEnd = header + keyLength;
    return (aligned ? (keyEnd + 3) & ~3 : keyEnd) + valueLength;
  }

  /** A record with its key; the value area is left to the caller. Its access bits are 0. */
  create(
    bytes: Uint8Array,
    offset: number,
    length: number,
    type: number,
    encoding: number,
    valueLength: number,
    expires: boolean,
    aligned: boolean,
  ): Handle {
    checkBytes(bytes, offset, length);
    const h = this.#arena.alloc(Records.size(length, valueLength, expires, aligned));
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const meta = (type << 24) | (encoding << 28) | (expires ? EXPIRES : 0);
    if (length > NARROW_LIMIT) {
      words[w] = meta | WIDE;
      words[w + 1] = length;
      words[w + 2] = valueLength;
    } else {
      words[w] = meta;
      words[w + 1] = length | (valueLength << 16);
    }
    const target = this.#arena.u8[h >>> 19]!;
    let to = this.keyOffset(h);
    if (length > 64) {
      target.set(bytes.subarray(offset, offset + length), to);
    } else {
      for (let i = offset; i < offset + length; i++) target[to++] = bytes[i]!;
    }
    return h;
  }

  /**
   * A record with another key, or another room for an expiry, and the same value area, bit by bit. The access bits go
   * along, and the expiry where there is one and room for it.
   */
  copy(h: Handle, bytes: Uint8Array, offset: number, length: number, expires: boolean): Handle {
    const type = this.type(h);
    const encoding = this.encoding(h);
    const { raw, embedded } = StringEncoding;
    const inline = type === ValueType.string && (encoding === raw || encoding === embedded);
    const valueLength = this.valueLength(h);
    const created = this.create(bytes, offset, length, type, encoding, valueLength, expires, !inline);
    this.setAccess(created, this.access(h));
    if (expires && this.hasExpiry(h)) this.writeExpireAt(created, this.expireAtBig(h));
    const from = inline ? this.inlineOffset(h) : this.valueWord(h) << 2;
    const to = inline ? this.inlineOffset(created) : this.valueWord(created) << 2;
    this.#arena.u8[created >>> 19]!.set(this.#arena.u8[h >>> 19]!.subarray(from, from + valueLength), to);
    return created;
  }

  meta(h: Handle): number {
    return this.#arena.i32[h >>> 19]![(h & 0x7ffff) << 1]!;
  }

  type(h: Handle): number {
    return (this.meta(h) >>> 24) & 7;
  }

  encoding(h: Handle): number {
    return (this.meta(h) >>> 28) & 7;
  }

  /**
   * The encoding of a record that is to be of this type.
   * @throws {StoreError} WRONG_TYPE or NO_RECORD
   */
  encodingAs(type: number, h: Handle): number {
    // Undefined where there is no such chunk.
    const meta: number | undefined = this.#arena.i32[h >>> 19]?.[(h & 0x7ffff) << 1];
    if (meta === undefined || (meta & TYPE_MASK) !== type << 24) throw this.#mismatch(type, h);
    return (meta >>> 28) & 7;
  }

  /** @throws {StoreError} NO_RECORD when the handle is none, or was freed */
  check(h: Handle): void {
    const meta: number | undefined = this.#arena.i32[h >>> 19]?.[(h & 0x7ffff) << 1];
    if (meta === undefined || (meta & TYPE_MASK) === FREED) throw this.#mismatch(-1, h);
  }

  #mismatch(expected: number, h: Handle): StoreError {
    const meta = this.#arena.i32[h >>> 19]?.[(h & 0x7ffff) << 1];
    const type = meta === undefined ? -1 : (meta >>> 24) & 7;
    const name = TYPE_NAMES.get(type);
    if (name === undefined) return new StoreError('NO_RECORD', `handle ${h} is of no record, or was freed`);
    return new StoreError('WRONG_TYPE', `the key holds a ${name}, not a ${TYPE_NAMES.get(expected) ?? 'value'}`);
  }

  setEncoding(h: Handle, encoding: number): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    words[w] = (words[w]! & ~(7 << 28)) | (encoding << 28);
  }

  access(h: Handle): number {
    return this.meta(h) & ACCESS_MASK;
  }

  setAccess(h: Handle, access: number): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    words[w] = (words[w]! & ~ACCESS_MASK) | (access & ACCESS_MASK);
  }

  keyLength(h: Handle): number {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    return (words[w]! & WIDE) === 0 ? words[w + 1]! & 0xffff : words[w + 1]!;
  }

  /** Where the key begins in its chunk's bytes. */
  keyOffset(h: Handle): number {
    const at = (h & 0x7ffff) << 3;
    const meta = this.#arena.i32[h >>> 19]![at >>> 2]!;
    return at + ((meta & WIDE) === 0 ? 8 : 16) + (meta < 0 ? 8 : 0);
  }

  /** Bytes of the value area. */
  valueLength(h: Handle): number {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    return (words[w]! & WIDE) === 0 ? words[w + 1]! >>> 16 : words[w + 2]!;
  }

  setValueLength(h: Handle, length: number): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    if ((words[w]! & WIDE) === 0) words[w + 1] = (words[w + 1]! & 0xffff) | (length << 16);
    else words[w + 2] = length;
  }

  /** Where an inline value begins in its chunk's bytes. */
  inlineOffset(h: Handle): number {
    return this.keyOffset(h) + this.keyLength(h);
  }

  /** Index of the first word of a value that is not inline bytes. */
  valueWord(h: Handle): number {
    return (this.keyOffset(h) + this.keyLength(h) + 3) >>> 2;
  }

  /** A word of a value that is not inline bytes. */
  word(h: Handle, index: number): number {
    return this.#arena.i32[h >>> 19]![this.valueWord(h) + index]!;
  }

  setWord(h: Handle, index: number, value: number): void {
    this.#arena.i32[h >>> 19]![this.valueWord(h) + index] = value;
  }

  readKey(h: Handle, view: ByteView): void {
    view.bytes = this.#arena.u8[h >>> 19]!;
    view.offset = this.keyOffset(h);
    view.length = this.keyLength(h);
  }

  hasExpiry(h: Handle): boolean {
    return this.meta(h) < 0;
  }

  /** Expiry in ms since epoch (the nearest double beyond 2^53), -1 for none. */
  expireAt(h: Handle): number {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const meta = words[w]!;
    if (meta >= 0) return -1;
    const e = w + ((meta & WIDE) === 0 ? 2 : 4);
    return words[e + 1]! * 4294967296 + (words[e]! >>> 0);
  }

  expireAtBig(h: Handle): bigint {
    const w = (h & 0x7ffff) << 1;
    const words = this.#arena.i32[h >>> 19]!;
    const meta = words[w]!;
    if (meta >= 0) return -1n;
    const e = w + ((meta & WIDE) === 0 ? 2 : 4);
    return (BigInt(words[e + 1]!) << 32n) | BigInt(words[e]! >>> 0);
  }

  /** Writes the expiry of a record that has room for one. */
  writeExpireAt(h: Handle, ms: number | bigint): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const e = w + ((words[w]! & WIDE) === 0 ? 2 : 4);
    if (typeof ms === 'number') {
      words[e] = ms | 0;
      words[e + 1] = Math.floor(ms / 4294967296) | 0;
    } else {
      words[e] = Number(BigInt.asIntN(32, ms));
      words[e + 1] = Number(BigInt.asIntN(32, ms >> 32n));
    }
  }
}
