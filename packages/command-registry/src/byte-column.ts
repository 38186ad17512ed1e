/**
 * A column of byte strings, copied one behind the other into one growing buffer: what SORT works on. Rows are named by
 * their number; nothing is allocated per row. It takes elements as a reply writer does (`bulk`, `bulkInteger`).
 */
import { writeInteger } from '@clone/resp-codec';
import { errors, Refusal } from './errors.js';

/** The most digits of an integer, with its sign. */
const DIGITS = 20;

export class ByteColumn {
  bytes: Uint8Array = new Uint8Array(256);
  /** Where each row begins. Rows up to 4 GB altogether. */
  offsets: Uint32Array = new Uint32Array(16);
  lengths: Uint32Array = new Uint32Array(16);
  /** Rows. */
  count = 0;
  #used = 0;
  readonly #mostBytes: number;

  /** @param mostBytes of all rows together: offsets are 32-bit numbers */
  constructor(mostBytes = 0xffffffff) {
    this.#mostBytes = mostBytes;
  }

  bulk(bytes: Uint8Array, offset: number, length: number): void {
    const at = this.#room(length);
    const target = this.bytes;
    if (length < 48) for (let i = 0; i < length; i++) target[at + i] = bytes[offset + i]!;
    else target.set(bytes.subarray(offset, offset + length), at);
    this.#end(at, length);
  }

  bulkInteger(n: number): void {
    const at = this.#room(DIGITS);
    this.#end(at, writeInteger(this.bytes, at, n) - at);
  }

  /** Where the next row is to be written; there is room for it. */
  #room(length: number): number {
    const needed = this.#used + length;
    if (needed > this.bytes.length) {
      if (needed > this.#mostBytes) throw new Refusal(errors.sortTooLong);
      const wider = new Uint8Array(Math.max(needed, Math.min(this.bytes.length * 2, this.#mostBytes)));
      wider.set(this.bytes.subarray(0, this.#used));
      this.bytes = wider;
    }
    return this.#used;
  }

  #end(at: number, length: number): void {
    const row = this.count++;
    if (row === this.offsets.length) {
      const offsets = new Uint32Array(row * 2);
      offsets.set(this.offsets);
      this.offsets = offsets;
      const lengths = new Uint32Array(row * 2);
      lengths.set(this.lengths);
      this.lengths = lengths;
    }
    this.offsets[row] = at;
    this.lengths[row] = length;
    this.#used = at + length;
  }

  /** Byte by byte; the shorter one first if it is where the other begins. Negative, zero or positive. */
  compare(a: number, b: number): number {
    const { bytes } = this;
    const ao = this.offsets[a]!;
    const bo = this.offsets[b]!;
    const an = this.lengths[a]!;
    const bn = this.lengths[b]!;
    const shorter = an < bn ? an : bn;
    for (let i = 0; i < shorter; i++) {
      const difference = bytes[ao + i]! - bytes[bo + i]!;
      if (difference !== 0) return difference;
    }
    return an - bn;
  }

  /** As `compare`, but texts end before their first zero byte, as C's `strcoll` sees them in the C locale. */
  collate(a: number, b: number): number {
    const { bytes } = this;
    const ao = this.offsets[a]!;
    const bo = this.offsets[b]!;
    const an = this.lengths[a]!;
    const bn = this.lengths[b]!;
    for (let i = 0; ; i++) {
      const x = i < an ? bytes[ao + i]! : 0;
      const y = i < bn ? bytes[bo + i]! : 0;
      if (x !== y) return x - y;
      if (x === 0) return 0;
    }
  }
}
