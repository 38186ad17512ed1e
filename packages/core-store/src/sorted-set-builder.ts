/**
 * Builds a sorted set from members that come in any order, some of them more than once: what unions, intersections and
 * differences need. To insert them one by one would move each that comes again through the order, and a small result
 * through text.
 *
 * While it grows there is only a dictionary of the records that the finished set will have; a member that comes again
 * gets its new score in place. `finish` puts the records in order, by radix sort of the bits of their scores, and either
 * builds the index from the lowest to the highest (which fills its nodes completely) or, when the result is small,
 * copies it to a listpack.
 *
 * One object serves one result after the other: `begin`, `add` …, `sort`, then `finish` or `drop`.
 */
import type { Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { OrderedIndex } from './ordered-index.js';
import { ValueType } from './record.js';
import { formatScore } from './score-text.js';
import { SortedSetEncoding } from './sorted-sets.js';
import type { ValueHost } from './value-host.js';
import type { View } from './view.js';

const FIRST_CAPACITY = 64;
/** What has grown beyond is not kept for the next result. */
const KEPT_CAPACITY = 65536;
/** So few are faster sorted by comparing. */
const FEW = 48;

/** What becomes of the score of a member that comes again. */
export const Combine = { sum: 0, min: 1, max: 2 } as const;

/**
 * Gathers members and scores, combining those of equal members, and makes one sorted set of them: for unions and intersections.
 */
export class SortedSetBuilder {
  readonly #host: ValueHost;
  readonly #members: ByteDict;
  readonly #index: OrderedIndex;
  readonly #text = new Uint8Array(32);
  readonly #digits = new Uint32Array(256);
  #dict: Handle = 0;
  #longest = 0;
  /** The records: as they came; in order after `sort`. */
  #records = new Int32Array(FIRST_CAPACITY);
  // For sorting: the bits of the scores, so changed that they compare as unsigned integers; and where a pass puts them.
  #high = new Uint32Array(0);
  #low = new Uint32Array(0);
  #nextRecords = new Int32Array(0);
  #nextHigh = new Uint32Array(0);
  #nextLow = new Uint32Array(0);

  /** Members so far. */
  count = 0;

  constructor(host: ValueHost) {
    this.#host = host;
    this.#members = host.newDict();
    this.#index = new OrderedIndex(host.arena, host.records);
  }

  /** A result that was neither finished nor dropped, because something threw, is dropped. */
  begin(): void {
    if (this.#dict !== 0) this.drop();
    this.#dict = this.#members.create();
    this.#longest = 0;
    this.count = 0;
  }

  /**
   * Adds a member or, when it has come before, combines its scores; infinity less infinity is 0.
   * @param score not NaN
   * @param combine one of `Combine`
   */
  add(b: Uint8Array, o: number, n: number, score: number, combine: number): void {
    const members = this.#members;
    const hash = members.hash(b, o, n);
    const found = members.find(this.#dict, hash, b, o, n);
    if (found === 0) {
      this.#create(hash, b, o, n, score);
      return;
    }
    const old = this.#scoreOf(found);
    if (combine === Combine.sum) {
      const sum = old + score;
      this.#writeScore(found, sum === sum ? sum : 0);
    } else if (combine === Combine.min ? score < old : score > old) {
      this.#writeScore(found, score);
    }
  }

  /** Adds a member that has not come before. @param score not NaN */
  addNew(b: Uint8Array, o: number, n: number, score: number): void {
    this.#create(this.#members.hash(b, o, n), b, o, n, score);
  }

  #create(hash: number, b: Uint8Array, o: number, n: number, score: number): void {
    const record = this.#host.records.create(b, o, n, ValueType.zset, SortedSetEncoding.index, 8, false, true);
    this.#writeScore(record, score);
    this.#members.insert(this.#dict, hash, record);
    if (n > this.#longest) this.#longest = n;
    if (this.count === this.#records.length) {
      const wider = new Int32Array(this.count * 2);
      wider.set(this.#records);
      this.#records = wider;
    }
    this.#records[this.count++] = record;
  }

  #scoreOf(record: Handle): number {
    return this.#host.arena.data[record >>> 19]!.getFloat64(this.#host.records.valueWord(record) << 2, true);
  }

  #writeScore(record: Handle, score: number): void {
    this.#host.arena.data[record >>> 19]!.setFloat64(this.#host.records.valueWord(record) << 2, score, true);
  }

  /** Shows the member with this rank, after `sort`; answers its score. */
  read(rank: number, view: View): number {
    const record = this.#records[rank]!;
    this.#host.records.readKey(record, view);
    view.data = this.#host.arena.data[record >>> 19]!;
    return this.#scoreOf(record);
  }

  /** Ends with a sorted set in a record of its own, in no dictionary yet; only after `sort`, and not of nothing. */
  finish(kb: Uint8Array, ko: number, kn: number): Handle {
    const { records, arena, zsetMaxListpackEntries, zsetMaxListpackValue } = this.#host;
    if (this.count <= zsetMaxListpackEntries && this.#longest <= zsetMaxListpackValue) {
      const listpack = this.#toListpack();
      this.drop();
      const h = records.create(kb, ko, kn, ValueType.zset, SortedSetEncoding.listpack, 4, false, true);
      records.setWord(h, 0, listpack);
      return h;
    }
    const x = this.#index.create();
    for (let i = 0; i < this.count; i++) {
      const record = this.#records[i]!;
      this.#index.insert(x, this.#scoreOf(record), record);
    }
    arena.i32[x >>> 19]![(x & 0x7ffff) << 1] = this.#dict;
    const h = records.create(kb, ko, kn, ValueType.zset, SortedSetEncoding.index, 4, false, true);
    records.setWord(h, 0, x);
    this.#forget();
    return h;
  }

  #toListpack(): Handle {
    const { records, arena, listpack } = this.#host;
    let h = listpack.create();
    for (let i = 0; i < this.count; i++) {
      const record = this.#records[i]!;
      h = listpack.append(h, arena.u8[record >>> 19]!, records.keyOffset(record), records.keyLength(record));
      h = listpack.append(h, this.#text, 0, formatScore(this.#scoreOf(record), this.#text));
    }
    return h;
  }

  /** Ends without a sorted set. What was many is freed in slices. */
  drop(): void {
    if (this.count > FIRST_CAPACITY) this.#host.freeLater(this.#dict, this.#dismantle);
    else this.#members.free(this.#dict, this.#freeMember);
    this.#forget();
  }

  readonly #freeMember = (member: Handle): void => this.#host.arena.free(member);

  readonly #dismantle = (dict: Handle): boolean => this.#members.dismantle(dict, this.#freeMember);

  #forget(): void {
    this.#dict = 0;
    this.count = 0;
    if (this.#records.length <= KEPT_CAPACITY) return;
    this.#records = new Int32Array(FIRST_CAPACITY);
    this.#reserve(0);
  }

  // ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Puts the members in the order of (score, member). */
  sort(): void {
    const { count } = this;
    if (count > FEW) {
      this.#sortByScore();
      this.#sortEqualScores();
    } else {
      this.#insertionSort(0, count);
    }
  }

  #insertionSort(from: number, to: number): void {
    const records = this.#records;
    for (let i = from + 1; i < to; i++) {
      const record = records[i]!;
      const score = this.#scoreOf(record);
      let at = i;
      for (; at > from; at--) {
        const before = records[at - 1]!;
        const other = this.#scoreOf(before);
        if (other < score || (other === score && this.#compareKeys(before, record) < 0)) break;
        records[at] = before;
      }
      records[at] = record;
    }
  }

  readonly #compareKeys = (a: Handle, b: Handle): number => {
    const { arena, records } = this.#host;
    const bytes = arena.u8[a >>> 19]!;
    const other = arena.u8[b >>> 19]!;
    const at = records.keyOffset(a);
    const otherAt = records.keyOffset(b);
    const length = records.keyLength(a);
    const otherLength = records.keyLength(b);
    const common = length < otherLength ? length : otherLength;
    for (let i = 0; i < common; i++) {
      const difference = bytes[at + i]! - other[otherAt + i]!;
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  };

  #reserve(capacity: number): void {
    this.#high = new Uint32Array(capacity);
    this.#low = new Uint32Array(capacity);
    this.#nextHigh = new Uint32Array(capacity);
    this.#nextLow = new Uint32Array(capacity);
    this.#nextRecords = new Int32Array(capacity);
  }

  #sortByScore(): void {
    const { count } = this;
    const { arena, records } = this.#host;
    if (this.#high.length < count || this.#nextRecords.length !== this.#records.length)
      this.#reserve(this.#records.length);
    for (let i = 0; i < count; i++) {
      const record = this.#records[i]!;
      const data = arena.data[record >>> 19]!;
      const at = records.valueWord(record) << 2;
      const low = data.getUint32(at, true);
      const high = data.getInt32(at + 4, true);
      // -0 is equal to 0. Of negative scores, more magnitude is less.
      const zero = low === 0 && (high & 0x7fffffff) === 0;
      const flip = high < 0 && !zero ? -1 : 0;
      this.#low[i] = low ^ flip;
      this.#high[i] = (zero ? 0 : high ^ flip) ^ (flip === 0 ? 0x80000000 : 0);
    }
    this.#sortByBits(0, count);
  }

  /** Radix sort of a part by the 64 bits of `#high` and `#low`; a byte that all have in common costs one look. */
  #sortByBits(from: number, to: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.#pass(this.#low, shift, from, to);
    for (let shift = 0; shift < 32; shift += 8) this.#pass(this.#high, shift, from, to);
  }

  #pass(words: Uint32Array, shift: number, from: number, to: number): void {
    const digits = this.#digits.fill(0);
    for (let i = from; i < to; i++) digits[(words[i]! >>> shift) & 255]!++;
    if (digits[(words[from]! >>> shift) & 255] === to - from) return;
    let sum = from;
    for (let d = 0; d < 256; d++) {
      const n = digits[d]!;
      digits[d] = sum;
      sum += n;
    }
    const high = this.#high;
    const low = this.#low;
    const records = this.#records;
    const nextHigh = this.#nextHigh;
    const nextLow = this.#nextLow;
    const nextRecords = this.#nextRecords;
    for (let i = from; i < to; i++) {
      const at = digits[(words[i]! >>> shift) & 255]!++;
      nextHigh[at] = high[i]!;
      nextLow[at] = low[i]!;
      nextRecords[at] = records[i]!;
    }
    high.set(nextHigh.subarray(from, to), from);
    low.set(nextLow.subarray(from, to), from);
    records.set(nextRecords.subarray(from, to), from);
  }

  #sortEqualScores(): void {
    const { count } = this;
    for (let i = 0; i < count;) {
      const end = this.#endOfRun(i, count);
      if (end - i > FEW) this.#sortByKeys(i, end);
      else this.#insertionSort(i, end);
      i = end;
    }
  }

  /** The first from `i` on whose bits are not those of `i`. */
  #endOfRun(i: number, to: number): number {
    const high = this.#high[i];
    const low = this.#low[i];
    let end = i + 1;
    while (end < to && this.#high[end] === high && this.#low[end] === low) end++;
    return end;
  }

  /** Sorts many of one score: by the eight bytes in which they first differ, then what is still equal by comparing. */
  #sortByKeys(from: number, to: number): void {
    const { arena, records } = this.#host;
    const common = this.#commonPrefix(from, to);
    for (let i = from; i < to; i++) {
      const record = this.#records[i]!;
      const bytes = arena.u8[record >>> 19]!;
      const start = records.keyOffset(record) + common;
      const length = records.keyLength(record) - common;
      let high = 0;
      let low = 0;
      for (let k = 0; k < 4; k++) {
        high = (high << 8) | (k < length ? bytes[start + k]! : 0);
        low = (low << 8) | (k + 4 < length ? bytes[start + k + 4]! : 0);
      }
      this.#high[i] = high;
      this.#low[i] = low;
    }
    this.#sortByBits(from, to);
    for (let i = from; i < to;) {
      const end = this.#endOfRun(i, to);
      if (end - i > FEW) this.#records.subarray(i, end).sort(this.#compareKeys);
      else this.#insertionSort(i, end);
      i = end;
    }
  }

  /** How many bytes all keys of a part begin with. */
  #commonPrefix(from: number, to: number): number {
    const { arena, records } = this.#host;
    const first = this.#records[from]!;
    const bytes = arena.u8[first >>> 19]!;
    const at = records.keyOffset(first);
    let common = records.keyLength(first);
    for (let i = from + 1; i < to; i++) {
      const record = this.#records[i]!;
      const other = arena.u8[record >>> 19]!;
      const otherAt = records.keyOffset(record);
      const most = Math.min(common, records.keyLength(record));
      common = 0;
      while (common < most && bytes[at + common] === other[otherAt + common]) common++;
    }
    return common;
  }
}
