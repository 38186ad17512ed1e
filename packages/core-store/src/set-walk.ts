/**
 * A walk over the members of a set, whatever its encoding: one class rather than one per encoding, so that callers see
 * one shape, and an object can be used again for the next set.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { Int64 } from './int64.js';
import type { Intset } from './intset.js';
import type { Listpack } from './listpack.js';
import { type Records, ValueType } from './record.js';
import { View } from './view.js';

/** Records of a dictionary that are fetched at a time: some buckets' worth, so that their cache misses overlap. */
const BATCH = 16;
/** What `ByteDict.warm` takes at a time. */
const WARMED = 32;

export class SetWalk {
  readonly member = new View();
  /** The record of the member, where the set is a dictionary. */
  record: Handle = 0;
  /** The hash of the member, where `hashed`. */
  hash = 0;
  hashed = false;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #intset: Intset;
  readonly #listpack: Listpack;
  readonly #members: ByteDict;
  readonly #int = new Int64();
  /** Encoding (`SetEncoding`) and handle of what is walked over. */
  #encoding = 0;
  #value: Handle = 0;
  /** Index of the next integer; position in a listpack, -1 before the first; next bucket of a dictionary. */
  #at = 0;
  /** Dictionary that the members will be looked up in, 0 for none. */
  #asked: Handle = 0;
  /** Members that were fetched and are still to come, and their hashes. */
  #pending = new Int32Array(2 * WARMED);
  #hashes = new Int32Array(2 * WARMED);
  #left = 0;

  constructor(arena: Arena, records: Records, intset: Intset, listpack: Listpack, members: ByteDict) {
    this.#arena = arena;
    this.#records = records;
    this.#intset = intset;
    this.#listpack = listpack;
    this.#members = members;
  }

  /**
   * Begins with the set of this key record; it may not change while the walk is on.
   * @param asked key record of a set that will be asked for the members; 0: none
   */
  begin(h: Handle, asked: Handle): this {
    this.#encoding = this.#records.encodingAs(ValueType.set, h);
    this.#value = this.#records.word(h, 0);
    this.#at = this.#encoding === 1 ? -1 : 0;
    this.#left = 0;
    this.#asked =
      asked !== 0 && this.#records.encodingAs(ValueType.set, asked) === 2 ? this.#records.word(asked, 0) : 0;
    this.hashed = this.#encoding === 2 && this.#asked !== 0;
    return this;
  }

  next(): boolean {
    const { member } = this;
    if (this.#encoding === 2) return this.#nextRecord();
    if (this.#encoding === 1) {
      const listpack = this.#listpack;
      const at = this.#at < 0 ? listpack.first(this.#value) : listpack.next(this.#value, this.#at);
      if (at === 0) return false;
      this.#at = at;
      listpack.read(this.#value, at, member);
      return true;
    }
    if (!this.#intset.get(this.#value, this.#at, this.#int)) return false;
    this.#at++;
    member.bytes = member.digits;
    member.data = member.digitsData;
    member.offset = 0;
    member.length = this.#int.format(member.digits, 0);
    return true;
  }

  #nextRecord(): boolean {
    if (this.#left === 0 && !this.#fetch()) return false;
    const record = this.#pending[--this.#left]!;
    this.record = record;
    this.hash = this.#hashes[this.#left]!;
    this.member.data = this.#arena.data[record >>> 19]!;
    this.#records.readKey(record, this.member);
    return true;
  }

  /** Gathers the records of the next buckets, and loads what will be read of them; false at the end. */
  #fetch(): boolean {
    const members = this.#members;
    const buckets = members.buckets(this.#value);
    while (this.#left < BATCH && this.#at < buckets) {
      members.forEachInBucket(this.#value, this.#at++, this.#collect);
    }
    const records = this.#records;
    const pending = this.#pending;
    const n = this.#left;
    let warm = 0;
    for (let i = 0; i < n; i++) warm ^= records.meta(pending[i]!);
    // Kept, or the compiler would drop the reads.
    this.record = warm;
    if (!this.hashed) return n > 0;
    const hashes = this.#hashes;
    for (let i = 0; i < n; i++) hashes[i] = members.hashOf(pending[i]!);
    for (let i = 0; i < n; i += WARMED) {
      members.warm(this.#asked, i === 0 ? hashes : hashes.subarray(i, n), Math.min(n - i, WARMED));
    }
    return n > 0;
  }

  readonly #collect = (record: Handle): void => {
    if (this.#left === this.#pending.length) {
      const wider = new Int32Array(this.#left * 2);
      wider.set(this.#pending);
      this.#pending = wider;
      this.#hashes = new Int32Array(this.#left * 2);
    }
    this.#pending[this.#left++] = record;
  };
}
