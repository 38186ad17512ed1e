/**
 * String values. Canonical 64-bit integers are kept as two words; other values up to 65,535 bytes stand in the record,
 * behind the key; longer ones in a block of their own, named by the record ("apart": handle, length).
 *
 * The same functions keep the fields of a big hash, as records without integers.
 */
import { Arena, type Handle } from './arena.js';
import { Int64 } from './int64.js';
import { NARROW_LIMIT, Records, StringEncoding, ValueType } from './record.js';
import { checkBytes } from './store-error.js';
import type { ValueOperations } from './value-type.js';
import type { View } from './view.js';

/** Redis shows strings up to this length as "embstr". */
const EMBEDDED_LIMIT = 44;

/** Up to this length a loop over words beats `set` with a subarray (Node 20: they meet at some 400 bytes). */
const COPY_BY_WORDS = 256;

const INTEGER = StringEncoding.integer;
const APART = StringEncoding.apart;

/**
 * String values: `keyspace.strings`. `Database` has the methods with which keys are set.
 * @throws {StoreError} from methods that are given a record of another type
 */
export class Strings implements ValueOperations {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #int = new Int64();

  constructor(arena: Arena, records: Records) {
    this.#arena = arena;
    this.#records = records;
  }

  /** A record for this key and value. `integers`: canonical integers are kept as such. */
  create(
    kb: Uint8Array,
    ko: number,
    kn: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    expires: boolean,
    integers: boolean,
  ): Handle {
    checkBytes(vb, vo, vn);
    if (integers && vn <= 20 && this.#int.parse(vb, vo, vn)) {
      return this.#createInteger(kb, ko, kn, expires);
    }
    if (vn > NARROW_LIMIT) {
      const h = this.createRaw(kb, ko, kn, vn, expires);
      const block = this.#records.word(h, 0);
      this.#write(block, (block & 0x7ffff) << 3, vb, vo, vn);
      return h;
    }
    const encoding = vn <= EMBEDDED_LIMIT ? StringEncoding.embedded : StringEncoding.raw;
    const h = this.#records.create(kb, ko, kn, ValueType.string, encoding, vn, expires, false);
    this.#write(h, this.#records.inlineOffset(h), vb, vo, vn);
    return h;
  }

  /** A record for this key and a value of `length` bytes in an encoding that can be written to. Its content is undefined. */
  createRaw(kb: Uint8Array, ko: number, kn: number, length: number, expires: boolean): Handle {
    const records = this.#records;
    if (length <= NARROW_LIMIT) {
      return records.create(kb, ko, kn, ValueType.string, StringEncoding.raw, length, expires, false);
    }
    const block = this.#arena.alloc(length);
    const h = records.create(kb, ko, kn, ValueType.string, APART, 8, expires, true);
    records.setWord(h, 0, block);
    records.setWord(h, 1, length);
    return h;
  }

  /** A record for this key with an integer value. */
  createInteger(kb: Uint8Array, ko: number, kn: number, value: number | bigint, expires: boolean): Handle {
    if (typeof value === 'number') this.#int.setNumber(value);
    else this.#int.setBigInt(value);
    return this.#createInteger(kb, ko, kn, expires);
  }

  #createInteger(kb: Uint8Array, ko: number, kn: number, expires: boolean): Handle {
    const { lo, hi } = this.#int;
    const h = this.#records.create(kb, ko, kn, ValueType.string, INTEGER, 8, expires, true);
    this.#records.setWord(h, 0, lo);
    this.#records.setWord(h, 1, hi);
    return h;
  }

  #write(h: Handle, at: number, vb: Uint8Array, vo: number, vn: number): void {
    const target = this.#arena.u8[h >>> 19]!;
    if (vn > COPY_BY_WORDS) {
      target.set(vb.subarray(vo, vo + vn), at);
      return;
    }
    const source = this.#arena.viewOf(vb);
    const data = this.#arena.data[h >>> 19]!;
    let i = 0;
    for (; i <= vn - 4; i += 4) data.setInt32(at + i, source.getInt32(vo + i, true), true);
    for (; i < vn; i++) target[at + i] = vb[vo + i]!;
  }

  /**
   * Overwrites the value where it stands, if it is inline, the new one is too, and the block has the right size for it.
   * False, and nothing changed, otherwise.
   */
  overwriteInline(h: Handle, vb: Uint8Array, vo: number, vn: number, integers: boolean): boolean {
    const records = this.#records;
    const encoding = records.encodingAs(ValueType.string, h);
    if (encoding === INTEGER || encoding === APART || vn > NARROW_LIMIT) return false;
    checkBytes(vb, vo, vn);
    const old = records.valueLength(h);
    const at = records.inlineOffset(h);
    if (old !== vn) {
      const size = at - ((h & 0x7ffff) << 3) + vn;
      if (Arena.roundUp(size) !== this.#arena.sizeOf(h)) return false;
    }
    if (integers && vn <= 20 && this.#int.parse(vb, vo, vn)) return false;
    if (old !== vn) records.setValueLength(h, vn);
    records.setEncoding(h, vn <= EMBEDDED_LIMIT ? StringEncoding.embedded : StringEncoding.raw);
    this.#write(h, at, vb, vo, vn);
    return true;
  }

  length(h: Handle): number {
    const encoding = this.#records.encodingAs(ValueType.string, h);
    if (encoding === APART) return this.#records.word(h, 1);
    if (encoding !== INTEGER) return this.#records.valueLength(h);
    this.#loadInteger(h);
    return this.#int.format(SCRATCH, 0);
  }

  read(h: Handle, view: View): void {
    const records = this.#records;
    const encoding = records.encodingAs(ValueType.string, h);
    if (encoding === INTEGER) {
      this.#loadInteger(h);
      view.bytes = view.digits;
      view.data = view.digitsData;
      view.offset = 0;
      view.length = this.#int.format(view.digits, 0);
    } else if (encoding === APART) {
      const block = records.word(h, 0);
      view.bytes = this.#arena.u8[block >>> 19]!;
      view.data = this.#arena.data[block >>> 19]!;
      view.offset = (block & 0x7ffff) << 3;
      view.length = records.word(h, 1);
    } else {
      view.bytes = this.#arena.u8[h >>> 19]!;
      view.data = this.#arena.data[h >>> 19]!;
      view.offset = records.inlineOffset(h);
      view.length = records.valueLength(h);
    }
  }

  #loadInteger(h: Handle): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = this.#records.valueWord(h);
    this.#int.lo = words[w]!;
    this.#int.hi = words[w + 1]!;
  }

  /** Loads the integer that the value is, as text or kept as one, into `into`; false when it is none. */
  readInteger(h: Handle, into: Int64, view: View): boolean {
    if (this.#records.encodingAs(ValueType.string, h) === INTEGER) {
      this.#loadInteger(h);
      into.lo = this.#int.lo;
      into.hi = this.#int.hi;
      return true;
    }
    this.read(h, view);
    return into.parse(view.bytes, view.offset, view.length);
  }

  /** Whether `writeInteger` may be used. */
  isInteger(h: Handle): boolean {
    return this.#records.encodingAs(ValueType.string, h) === INTEGER;
  }

  /** Overwrites a value that is kept as an integer. */
  writeInteger(h: Handle, value: Int64): void {
    const words = this.#arena.i32[h >>> 19]!;
    const w = this.#records.valueWord(h);
    words[w] = value.lo;
    words[w + 1] = value.hi;
  }

  /**
   * Makes the value `length` bytes long, keeping what it has and filling up with zeros, in an encoding that can be
   * written to ("raw"). Answers the record, which may have moved.
   */
  makeWritable(h: Handle, length: number, view: View): Handle {
    const records = this.#records;
    const arena = this.#arena;
    const encoding = records.encodingAs(ValueType.string, h);
    if (encoding === APART) {
      const block = records.word(h, 0);
      const old = records.word(h, 1);
      if (length > old) {
        // Some room ahead, or a value that grows byte by byte would be copied each time.
        const grown = length <= arena.sizeOf(block) ? block : arena.resize(block, length + (length >>> 3), old);
        fillZero(arena, grown, old, length);
        records.setWord(h, 0, grown);
        records.setWord(h, 1, length);
      }
      return h;
    }
    this.read(h, view);
    const old = view.length;
    if (encoding !== INTEGER && length <= NARROW_LIMIT) {
      const at = view.offset - ((h & 0x7ffff) << 3);
      const moved = arena.resize(h, at + Math.max(length, old), at + old);
      records.setEncoding(moved, StringEncoding.raw);
      records.setValueLength(moved, Math.max(length, old));
      fillZero(arena, moved, at + old, at + length);
      return moved;
    }
    const key = KEY_VIEW;
    records.readKey(h, key);
    const expires = records.hasExpiry(h);
    const size = Math.max(length, old);
    const moved = this.createRaw(key.bytes, key.offset, key.length, size, expires);
    const block = size > NARROW_LIMIT ? records.word(moved, 0) : moved;
    const start = size > NARROW_LIMIT ? 0 : records.inlineOffset(moved) - ((moved & 0x7ffff) << 3);
    this.#write(block, ((block & 0x7ffff) << 3) + start, view.bytes, view.offset, old);
    fillZero(arena, block, start + old, start + size);
    records.setAccess(moved, records.access(h));
    if (expires) records.writeExpireAt(moved, records.expireAtBig(h));
    arena.free(h);
    return moved;
  }

  /** Whether the value can be written to where it stands. */
  isWritable(h: Handle): boolean {
    const encoding = this.#records.encodingAs(ValueType.string, h);
    return encoding === StringEncoding.raw || encoding === APART;
  }

  /** Cuts a value that can be written to down to `length` bytes, 1 or more. Answers the record, which may have moved. */
  cut(h: Handle, length: number): Handle {
    const records = this.#records;
    const arena = this.#arena;
    if (records.encodingAs(ValueType.string, h) === APART) {
      records.setWord(h, 0, arena.resize(records.word(h, 0), length, length));
      records.setWord(h, 1, length);
      return h;
    }
    const size = records.inlineOffset(h) - ((h & 0x7ffff) << 3) + length;
    const moved = arena.resize(h, size, size);
    records.setValueLength(moved, length);
    return moved;
  }

  encodingName(record: Handle): string {
    const encoding = this.#records.encodingAs(ValueType.string, record);
    if (encoding === INTEGER) return 'int';
    return encoding === StringEncoding.embedded ? 'embstr' : 'raw';
  }

  freeValue(record: Handle): void {
    if (this.#records.encodingAs(ValueType.string, record) === APART) this.#arena.free(this.#records.word(record, 0));
  }

  detachCopy(record: Handle): void {
    if (this.#records.encodingAs(ValueType.string, record) !== APART) return;
    const from = this.#records.word(record, 0);
    const length = this.#records.word(record, 1);
    const block = this.#arena.alloc(length);
    this.#arena.copyBlock(from, block, length);
    this.#records.setWord(record, 0, block);
  }

  memory(record: Handle): number {
    return this.#records.encodingAs(ValueType.string, record) === APART
      ? this.#arena.sizeOf(this.#records.word(record, 0))
      : 0;
  }
}

const SCRATCH = new Uint8Array(24);
const KEY_VIEW = { bytes: SCRATCH, offset: 0, length: 0 };

function fillZero(arena: Arena, h: Handle, from: number, to: number): void {
  if (to <= from) return;
  const at = (h & 0x7ffff) << 3;
  arena.u8[h >>> 19]!.fill(0, at + from, at + to);
}
