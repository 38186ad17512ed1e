/**
 * A HyperLogLog as Redis keeps it in a string, to the byte:
 *
 * ```
 * 0   "HYLL"
 * 4   form: 0 dense, 1 sparse
 * 5   3 bytes, zero
 * 8   the estimate when it was last asked for, little-endian; the highest bit is set when registers have changed since
 * 16  registers: dense-registers.ts, sparse-registers.ts
 * ```
 *
 * `HllValue` is one such string, opened for reading or writing where it stands; it is filled anew for every request.
 */
import { type Database, type Handle, View } from '@clone/core-store';
import {
  addDenseHistogram,
  DENSE_BYTES,
  packRegisters,
  raiseFromDense,
  raiseRegister,
  REGISTERS,
  UnpackedRegisters,
} from './dense-registers.js';
import { estimate } from './estimate.js';
import { MurmurHash } from './murmur-hash.js';
import {
  addSparseHistogram,
  CORRUPT,
  NO_CHANGE,
  raiseFromSparse,
  SPARSE_MAX_RANK,
  SparseChange,
} from './sparse-registers.js';

/** Bytes before the registers. */
const HEADER_BYTES = 16;
const DENSE = 0;
const SPARSE = 1;
const DENSE_LENGTH = HEADER_BYTES + DENSE_BYTES;
const FORM_AT = 4;
const CARDINALITY_AT = 8;
const STALE = 0x80;
/** All registers zero, in the sparse form: one run. */
const EMPTY = Uint8Array.from([0x48, 0x59, 0x4c, 0x4c, SPARSE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff]);

const hash = new MurmurHash();
const change = new SparseChange();
const unpacked = new UnpackedRegisters();
const histogram = new Int32Array(64);

export class HllValue {
  readonly view: View = new View();
  #db: Database | undefined;
  #handle: Handle = 0;

  /** Looks at a string; false when it is no HyperLogLog. */
  read(db: Database, h: Handle): boolean {
    const { view } = this;
    this.#db = db;
    this.#handle = h;
    db.readString(h, view);
    const { bytes, offset, length } = view;
    if (length < HEADER_BYTES) return false;
    for (let i = 0; i < FORM_AT; i++) if (bytes[offset + i] !== EMPTY[i]) return false;
    const form = bytes[offset + FORM_AT]!;
    return form === SPARSE || (form === DENSE && length === DENSE_LENGTH);
  }

  /** Makes what was read, the record found last in its database, writable where it stands. */
  open(): void {
    this.#open(this.view.length);
  }

  #open(length: number): void {
    this.#handle = this.#database.openString(this.#handle, length, this.view);
  }

  #cut(length: number): void {
    this.#handle = this.#database.cutString(this.#handle, length);
    this.#database.readString(this.#handle, this.view);
  }

  get #database(): Database {
    if (this.#db === undefined) throw new Error('nothing was read');
    return this.#db;
  }

  /** Makes an empty one, sparse, under a key that does not exist. */
  create(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const { view } = this;
    const h = db.makeString(bytes, offset, length, EMPTY.length, view);
    for (let i = 0; i < EMPTY.length; i++) view.bytes[view.offset + i] = EMPTY[i]!;
    db.add(h, bytes, offset, length);
    this.#db = db;
    this.#handle = h;
  }

  isSparse(): boolean {
    return this.view.bytes[this.view.offset + FORM_AT] === SPARSE;
  }

  get registersAt(): number {
    return this.view.offset + HEADER_BYTES;
  }

  get end(): number {
    return this.view.offset + this.view.length;
  }

  /** Marks the kept estimate as out of date. */
  markStale(): void {
    this.view.bytes[this.view.offset + CARDINALITY_AT + 7]! |= STALE;
  }

  get isStale(): boolean {
    return (this.view.bytes[this.view.offset + CARDINALITY_AT + 7]! & STALE) !== 0;
  }

  /** The kept estimate, up to 2^63; exact up to 2^53. */
  get keptEstimate(): number {
    const { data, offset } = this.view;
    const low = data.getUint32(offset + CARDINALITY_AT, true);
    return data.getUint32(offset + CARDINALITY_AT + 4, true) * 4294967296 + low;
  }

  /** As `keptEstimate`, exact. */
  get exactKeptEstimate(): bigint {
    return this.view.data.getBigUint64(this.view.offset + CARDINALITY_AT, true);
  }

  /** Keeps an estimate, as an int64. */
  keep(elements: number): void {
    const { data, offset } = this.view;
    data.setInt32(offset + CARDINALITY_AT, elements | 0, true);
    data.setInt32(offset + CARDINALITY_AT + 4, Math.floor(elements / 4294967296) | 0, true);
  }

  /** The estimate from the registers; NaN when they are corrupt. */
  estimate(): number {
    const { view } = this;
    histogram.fill(0);
    if (!this.isSparse()) addDenseHistogram(view.data, this.registersAt, histogram);
    else if (!addSparseHistogram(view.bytes, this.registersAt, this.end, histogram)) return NaN;
    return estimate(histogram);
  }

  /** Raises unpacked registers to these; false when these are corrupt. */
  raise(registers: UnpackedRegisters): boolean {
    const { view } = this;
    if (this.isSparse()) return raiseFromSparse(view.bytes, this.registersAt, this.end, registers.bytes);
    raiseFromDense(view.data, this.registersAt, registers);
    return true;
  }

  /**
   * Adds an element to an open value.
   * @param sparseMaxBytes length of the string up to which it stays sparse
   * @returns 1 when a register was raised, 0 when none, -1 when the registers are corrupt
   */
  add(bytes: Uint8Array, offset: number, length: number, sparseMaxBytes: number): number {
    hash.compute(bytes, offset, length);
    const { register, rank } = hash;
    if (!this.isSparse()) return raiseRegister(this.view.bytes, this.registersAt, register, rank) ? 1 : 0;
    change.restart();
    return this.#addSparse(register, rank, sparseMaxBytes);
  }

  #addSparse(register: number, rank: number, sparseMaxBytes: number): number {
    if (rank <= SPARSE_MAX_RANK) {
      const planned = change.plan(this.view.bytes, this.registersAt, this.end, register, rank);
      if (planned === NO_CHANGE) return 0;
      if (planned === CORRUPT) return -1;
      const length = this.view.length + change.growth;
      if (change.growth <= 0 || length <= sparseMaxBytes) {
        this.#applyChange(length);
        return 1;
      }
    }
    if (!this.makeDense()) return -1;
    raiseRegister(this.view.bytes, this.registersAt, register, rank);
    return 1;
  }

  /** @param length of the string with the change */
  #applyChange(length: number): void {
    const before = this.view.length;
    if (length > before) this.#open(length);
    const { view } = this;
    const end = change.apply(view.bytes, view.offset + HEADER_BYTES, view.offset + before);
    if (end - view.offset < view.length) this.#cut(end - view.offset);
    // Here and not by whoever adds: when a later element of the same request finds the value corrupt, this one stays.
    this.markStale();
  }

  /** Brings an open value to the dense form; false, and nothing has changed, when its registers are corrupt. */
  makeDense(): boolean {
    if (!this.isSparse()) return true;
    unpacked.bytes.fill(0);
    if (!this.raise(unpacked)) return false;
    this.#writeDense(unpacked.bytes);
    return true;
  }

  #writeDense(registers: Uint8Array): void {
    this.#open(DENSE_LENGTH);
    if (this.view.length > DENSE_LENGTH) this.#cut(DENSE_LENGTH);
    this.view.bytes[this.view.offset + FORM_AT] = DENSE;
    packRegisters(registers, this.view.data, this.registersAt);
  }

  /**
   * Writes unpacked registers, none of which is lower than the value's own, to an open value that is not corrupt.
   * @param dense whatever its form was, it is dense then
   */
  raiseTo(registers: Uint8Array, dense: boolean, sparseMaxBytes: number): void {
    if (!dense && this.isSparse()) {
      change.restart();
      for (let i = 0; i < REGISTERS && this.isSparse(); i++) {
        if (registers[i]! > 0) this.#addSparse(i, registers[i]!, sparseMaxBytes);
      }
      if (this.isSparse()) return;
    }
    this.#writeDense(registers);
  }
}
