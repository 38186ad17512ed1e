/**
 * Sorted sets: a listpack of pairs in order while small (`sorted-listpack.ts`); then, as Redis's "skiplist", two
 * structures over the same records: a dictionary from members to records, and an ordered index of them.
 *
 * The value area of the key's record is one word: the handle of the listpack, or of the index's header, whose first word
 * is the dictionary's handle. A member's record has the member as its key and the score, a double, as its value.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { KeyPrefetch } from './key-prefetch.js';
import type { Listpack } from './listpack.js';
import { OrderedIndex } from './ordered-index.js';
import { type ByteView, type Records, ValueType } from './record.js';
import { checkBytes } from './store-error.js';
import { SortedListpack } from './sorted-listpack.js';
import { SortedSetCursor } from './sorted-set-cursor.js';
import { SortedSetTour } from './sorted-set-tour.js';
import { type PartVisitor, type Tour, TOURED_FROM } from './tour.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import { View } from './view.js';

/** How a sorted set is kept: a listpack of pairs, or a dictionary with an index in order. */
export const SortedSetEncoding = { listpack: 0, index: 1 } as const;
const LISTPACK = SortedSetEncoding.listpack;
/** Below so many members a set fits into the processor's caches anyway. */
const WORTH_WARMING = 4096;
/** Members that are loaded together because they will be popped one after the other. */
const POPPED_AHEAD = 8;

/** Conditions and ways of `SortedSets.add`, to be added up. */
export const AddOption = {
  /** Only members that are not there. */
  onlyNew: 1,
  /** Only members that are there. */
  onlyExisting: 2,
  /** Only if the new score is greater; members that are not there are added. */
  onlyGreater: 4,
  onlyLess: 8,
  /** The score is added to the present one. */
  increment: 16,
} as const;

/** What `SortedSets.add` did. */
export const Added = {
  /** A condition was not met. */
  nothing: 0,
  created: 1,
  changed: 2,
  /** The member had this score already. */
  same: 3,
  /** The sum is no number; nothing has changed. */
  notANumber: 4,
} as const;

/**
 * Sorted set values: `keyspace.sortedSets`. `create` makes a record that `Database.add` puts under its key; an empty one is the
 * caller's to delete. Scores are doubles, never NaN.
 * @throws {StoreError} from methods that are given a record of another type
 */
export class SortedSets implements ValueOperations {
  readonly #host: ValueHost;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #pairs: SortedListpack;
  readonly #members: ByteDict;
  readonly #index: OrderedIndex;
  readonly #view = new View();
  /** By the index of the set that each shows; undefined when there is none. */
  #tours: Map<Handle, SortedSetTour> | undefined;
  readonly #walker: SortedSetCursor;
  /** Members that will be popped next, in that order, and their hashes. Some may be gone meanwhile, their handles another member's. */
  readonly #nextMembers = new Int32Array(POPPED_AHEAD);
  readonly #nextHashes = new Int32Array(POPPED_AHEAD);
  /** The place there of the one that is popped next. */
  #nextPopped = 0;
  readonly #scores = new Float64Array(KeyPrefetch.capacity);

  /** The score that the member had, or was given, in the last `add`. */
  resultingScore = 0;

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#listpack = host.listpack;
    this.#pairs = new SortedListpack(host.arena, host.listpack);
    this.#members = host.newDict();
    this.#index = new OrderedIndex(host.arena, host.records);
    this.#walker = new SortedSetCursor(this.#arena, this.#records, this.#listpack, this.#pairs, this.#index);
  }

  /** A record with an empty sorted set, in no dictionary yet (`Database.add`). */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    checkBytes(kb, ko, kn);
    const listpack = this.#listpack.create();
    const h = this.#records.create(kb, ko, kn, ValueType.zset, LISTPACK, 4, false, true);
    this.#records.setWord(h, 0, listpack);
    return h;
  }

  length(h: Handle): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    return encoding === LISTPACK ? this.#listpack.length(value) >>> 1 : this.#index.count(value);
  }

  /** The score of a member; NaN when there is none (a score is never NaN). */
  score(h: Handle, b: Uint8Array, o: number, n: number): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const pair = this.#pairs.find(value, b, o, n);
      return pair === 0 ? NaN : this.#pairs.score(value, pair);
    }
    const member = this.#find(value, b, o, n);
    return member === 0 ? NaN : this.#scoreOf(member);
  }

  /** Sets the score of a member; true when it is new. @param score not NaN */
  set(h: Handle, b: Uint8Array, o: number, n: number, score: number): boolean {
    return this.add(h, b, o, n, score, 0) === Added.created;
  }

  /**
   * Adds a member or changes its score, under the conditions of `options` (a sum of `AddOption`): what ZADD does with
   * each pair. Answers one of `Added`; `resultingScore` is set unless that is `nothing` or `notANumber`.
   * @param score not NaN
   */
  add(h: Handle, b: Uint8Array, o: number, n: number, score: number, options: number): number {
    if (this.#records.encodingAs(ValueType.zset, h) === LISTPACK) {
      const value = this.#records.word(h, 0);
      const pairs = this.#pairs;
      const pair = pairs.find(value, b, o, n);
      if (pair !== 0) {
        const done = this.#decide(pairs.score(value, pair), score, options);
        if (done === Added.changed) {
          const without = pairs.remove(value, pair, 1);
          this.#records.setWord(h, 0, pairs.insert(without, b, o, n, this.resultingScore));
        }
        return done;
      }
      if ((options & AddOption.onlyExisting) !== 0) return Added.nothing;
      const host = this.#host;
      if (n <= host.zsetMaxListpackValue && this.#listpack.length(value) >>> 1 < host.zsetMaxListpackEntries) {
        this.resultingScore = score;
        this.#records.setWord(h, 0, pairs.insert(value, b, o, n, score));
        return Added.created;
      }
      this.#toIndex(h);
    }
    return this.#addToIndex(this.#records.word(h, 0), b, o, n, score, options);
  }

  #addToIndex(x: Handle, b: Uint8Array, o: number, n: number, score: number, options: number): number {
    const members = this.#members;
    const dict = this.#dict(x);
    const hash = this.#host.prefetch.hash(b, o, n);
    const member = members.find(dict, hash, b, o, n);
    if (member === 0) {
      if ((options & AddOption.onlyExisting) !== 0) return Added.nothing;
      this.resultingScore = score;
      const record = this.#createMember(b, o, n, score);
      members.insert(dict, hash, record);
      this.#index.insert(x, score, record);
      if (this.#tours !== undefined) this.#tours.get(x)?.added(record);
      return Added.created;
    }
    const old = this.#scoreOf(member);
    const done = this.#decide(old, score, options);
    if (done === Added.changed) {
      if (this.#tours !== undefined) this.#tours.get(x)?.willChange(member);
      this.#index.rescore(x, member, old, this.resultingScore);
      this.#writeScore(member, this.resultingScore);
    }
    return done;
  }

  /** What `add` does with a member that is there; sets `resultingScore`. */
  #decide(old: number, score: number, options: number): number {
    if ((options & AddOption.onlyNew) !== 0) return Added.nothing;
    const next = (options & AddOption.increment) === 0 ? score : old + score;
    if (next !== next) return Added.notANumber;
    if ((options & AddOption.onlyGreater) !== 0 && next <= old) return Added.nothing;
    if ((options & AddOption.onlyLess) !== 0 && next >= old) return Added.nothing;
    this.resultingScore = next;
    return next === old ? Added.same : Added.changed;
  }

  #createMember(b: Uint8Array, o: number, n: number, score: number): Handle {
    const record = this.#records.create(b, o, n, ValueType.zset, SortedSetEncoding.index, 8, false, true);
    this.#writeScore(record, score);
    return record;
  }

  #scoreOf(member: Handle): number {
    return this.#arena.data[member >>> 19]!.getFloat64(this.#records.valueWord(member) << 2, true);
  }

  #writeScore(member: Handle, score: number): void {
    this.#arena.data[member >>> 19]!.setFloat64(this.#records.valueWord(member) << 2, score, true);
  }

  #dict(x: Handle): Handle {
    return this.#arena.i32[x >>> 19]![(x & 0x7ffff) << 1]!;
  }

  #setDict(x: Handle, dict: Handle): void {
    this.#arena.i32[x >>> 19]![(x & 0x7ffff) << 1] = dict;
  }

  #find(x: Handle, b: Uint8Array, o: number, n: number): Handle {
    return this.#members.find(this.#dict(x), this.#host.prefetch.hash(b, o, n), b, o, n);
  }

  #toIndex(h: Handle): void {
    const old = this.#records.word(h, 0);
    const x = this.#index.create();
    const dict = this.#members.create();
    this.#setDict(x, dict);
    const view = this.#view;
    const pairs = this.#pairs;
    for (let pair = this.#listpack.first(old); pair !== 0; pair = pairs.next(old, pair)) {
      this.#listpack.read(old, pair, view);
      const score = pairs.score(old, pair);
      const record = this.#createMember(view.bytes, view.offset, view.length, score);
      this.#members.insert(dict, this.#members.hashOf(record), record);
      this.#index.insert(x, score, record);
    }
    this.#listpack.free(old);
    this.#records.setWord(h, 0, x);
    this.#records.setEncoding(h, SortedSetEncoding.index);
  }

  /** Removes a member; false when there was none. An empty set is the caller's to delete. */
  remove(h: Handle, b: Uint8Array, o: number, n: number): boolean {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const pair = this.#pairs.find(value, b, o, n);
      if (pair === 0) return false;
      this.#records.setWord(h, 0, this.#pairs.remove(value, pair, 1));
      return true;
    }
    const member = this.#find(value, b, o, n);
    if (member === 0) return false;
    if (this.#tours !== undefined) this.#tours.get(value)?.willChange(member);
    this.#members.removeFound(this.#dict(value));
    this.#index.remove(value, this.#scoreOf(member), member);
    this.#arena.free(member);
    return true;
  }

  /** Removes the members with ranks `[start, start + count)`, all of which exist. */
  removeRange(h: Handle, start: number, count: number): void {
    const value = this.#records.word(h, 0);
    if (count === 0) return;
    if (this.#records.encodingAs(ValueType.zset, h) === LISTPACK) {
      this.#records.setWord(h, 0, this.#pairs.remove(value, this.#pairs.seek(value, start), count));
      return;
    }
    const index = this.#index;
    const members = this.#members;
    const dict = this.#dict(value);
    const tour = this.#tours?.get(value);
    for (let left = count; left > 0;) {
      const n = index.removeRun(value, start, this.#warm(value, dict, start, left));
      for (let i = 0; i < n; i++) {
        const member = index.removed[i]!;
        tour?.removed(member, start);
        if (!members.tryLocate(dict, this.#hashOfPopped(member), member))
          members.locate(dict, members.hashOf(member), member);
        members.removeFound(dict);
        this.#arena.free(member);
      }
      left -= n;
    }
  }

  /**
   * Loads what it takes to remove `count` members from rank `start` on: records and buckets of several at a time, so that
   * the waits for memory overlap. Where members are popped one by one, every eighth pop does that for the next ones.
   * Answers how many to remove now.
   */
  #warm(x: Handle, dict: Handle, start: number, count: number): number {
    const index = this.#index;
    const total = index.count(x);
    if (total < WORTH_WARMING) return count;
    let from = start;
    if (count === 1) {
      if ((total & 7) !== 0 || (start > 0 && start < total - 1)) return 1;
      if (start > 0) from = total - POPPED_AHEAD;
    }
    index.seek(x, from);
    const { leaf, slot } = index;
    const n = Math.min(POPPED_AHEAD, index.entries(leaf) - slot);
    const next = this.#nextMembers;
    const hashes = this.#nextHashes;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const member = index.record(leaf, slot + i);
      // In descending order, if they are popped from the end one by one.
      next[from === start ? i : n - 1 - i] = member;
      sum ^= this.#records.meta(member);
    }
    // Kept, or the compiler would drop the reads.
    hashes[0] = sum;
    for (let i = 0; i < n; i++) hashes[i] = this.#members.hashOf(next[i]!);
    this.#members.warm(dict, hashes, n);
    this.#nextPopped = 0;
    return Math.min(POPPED_AHEAD, count);
  }

  /** The hash of a member that is popped; now and then another one's (see `#nextMembers`). */
  #hashOfPopped(member: Handle): number {
    const i = this.#nextPopped;
    if (i >= POPPED_AHEAD || this.#nextMembers[i] !== member) return this.#members.hashOf(member);
    this.#nextPopped = i + 1;
    return this.#nextHashes[i]!;
  }

  /**
   * Loads what searches for these scores will touch.
   * @param scores as many as `KeyPrefetch` has requests, NaN for none
   * @param members how many members from there on will be read
   */
  warmScores(h: Handle, scores: Float64Array, n: number, members: number): void {
    if (this.#records.encodingAs(ValueType.zset, h) === LISTPACK || this.length(h) < WORTH_WARMING) return;
    this.#index.warm(this.#records.word(h, 0), scores, n, members);
  }

  /** Loads what it takes to find the places of these members, their records being at hand (0 for none). */
  warmPlaces(h: Handle, members: Int32Array, n: number): void {
    const scores = this.#scores;
    for (let i = 0; i < n; i++) scores[i] = members[i] === 0 ? NaN : this.#scoreOf(members[i]!);
    this.warmScores(h, scores, n, 0);
  }

  /** How many members come before this one in ascending order; -1 when it is none. O(log n). */
  rank(h: Handle, b: Uint8Array, o: number, n: number): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const pair = this.#pairs.find(value, b, o, n);
      return pair === 0 ? -1 : this.#pairs.rank(value, pair);
    }
    const member = this.#find(value, b, o, n);
    return member === 0 ? -1 : this.#index.rank(value, this.#scoreOf(member), member);
  }

  /** How many members have a score below `score`, or, with `orEqual`, not above it. O(log n). */
  countBelow(h: Handle, score: number, orEqual: boolean): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    return encoding === LISTPACK
      ? this.#pairs.countBelow(value, score, orEqual)
      : this.#index.countBelow(value, score, orEqual);
  }

  /** How many members are less than these bytes, or, with `orEqual`, not greater; all scores being equal. O(log n). */
  countBefore(h: Handle, b: Uint8Array, o: number, n: number, orEqual: boolean): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    return encoding === LISTPACK
      ? this.#pairs.countBefore(value, b, o, n, orEqual)
      : this.#index.countBefore(value, b, o, n, orEqual);
  }

  /** A cursor that stands nowhere until `seek`. */
  cursor(h: Handle): SortedSetCursor {
    const cursor = new SortedSetCursor(this.#arena, this.#records, this.#listpack, this.#pairs, this.#index);
    cursor.open(h);
    return cursor;
  }

  /** As `cursor`, but there is only this one: it is the caller's until the next call. */
  walker(h: Handle): SortedSetCursor {
    this.#walker.open(h);
    return this.#walker;
  }

  /** Shows a member, each with the same probability; answers its score. The set is not empty. */
  random(h: Handle, view: View): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const pair = this.#pairs.seek(value, Math.floor(this.#host.random() * (this.#listpack.length(value) >>> 1)));
      const score = this.#pairs.score(value, pair);
      this.#listpack.read(value, pair, view);
      return score;
    }
    const member = this.#members.random(this.#dict(value), this.#host.random);
    this.#show(member, view);
    return this.#scoreOf(member);
  }

  /** One call of ZSCAN: visits about `count` members, answers the next cursor (0: done). A small set is visited whole. */
  scan(h: Handle, cursor: number, count: number, visit: (member: ByteView, score: number) => void): number {
    const encoding = this.#records.encodingAs(ValueType.zset, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const walk = this.cursor(h);
      for (let more = walk.seek(0); more; more = walk.next()) visit(walk.member, walk.score);
      return 0;
    }
    const dict = this.#dict(value);
    let visited = 0;
    let next = cursor;
    let steps = count * 10;
    do {
      next = this.#members.scan(dict, next, (member) => {
        visited++;
        this.#show(member, this.#view);
        visit(this.#view, this.#scoreOf(member));
      });
    } while (next !== 0 && visited < count && --steps > 0);
    return next;
  }

  #show(member: Handle, view: View): void {
    this.#records.readKey(member, view);
    view.data = this.#arena.data[member >>> 19]!;
  }

  dictionary(record: Handle): Handle {
    return this.#records.encodingAs(ValueType.zset, record) === LISTPACK
      ? 0
      : this.#dict(this.#records.word(record, 0));
  }

  encodingName(record: Handle): string {
    return this.#records.encodingAs(ValueType.zset, record) === LISTPACK ? 'listpack' : 'skiplist';
  }

  freeValue(record: Handle): void {
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.zset, record) === LISTPACK) this.#listpack.free(value);
    else this.#host.freeLater(value, this.#dismantle);
  }

  /** Frees one bucket of the dictionary with its members or, when they are gone, one leaf of the index. */
  readonly #dismantle = (x: Handle): boolean => {
    const dict = this.#dict(x);
    if (dict === 0) return this.#index.dismantle(x);
    if (this.#members.dismantle(dict, (member) => this.#arena.free(member))) this.#setDict(x, 0);
    return false;
  };

  tour(record: Handle, begin: () => PartVisitor): Tour | undefined {
    const x = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.zset, record) === LISTPACK || this.#index.count(x) <= TOURED_FROM)
      return undefined;
    const parts = begin();
    const view = new View();
    const show = (member: Handle): void => {
      this.#show(member, view);
      parts.scored(view, this.#scoreOf(member));
    };
    const tours = (this.#tours ??= new Map<Handle, SortedSetTour>());
    const tour = new SortedSetTour(
      x,
      this.#index,
      (member) => this.#scoreOf(member),
      show,
      () => {
        tours.delete(x);
        if (tours.size === 0) this.#tours = undefined;
      },
    );
    tours.set(x, tour);
    return tour;
  }

  detachCopy(record: Handle): void {
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.zset, record) === LISTPACK) {
      const bytes = this.#listpack.bytes(value);
      const copy = this.#arena.alloc(bytes);
      this.#arena.copyBlock(value, copy, bytes);
      this.#records.setWord(record, 0, copy);
      return;
    }
    const copy = this.#index.create();
    const dict = this.#members.create();
    this.#setDict(copy, dict);
    const walk = this.cursor(record);
    for (let more = walk.seek(0); more; more = walk.next()) {
      const { bytes, offset, length } = walk.member;
      const member = this.#createMember(bytes, offset, length, walk.score);
      this.#members.insert(dict, this.#members.hashOf(member), member);
      this.#index.insert(copy, walk.score, member);
    }
    this.#records.setWord(record, 0, copy);
  }

  memory(record: Handle, samples = Infinity): number {
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.zset, record) === LISTPACK) return this.#arena.sizeOf(value);
    const dict = this.#dict(value);
    const members = this.#members.recordBytes(dict, samples, (member) => this.#arena.sizeOf(member));
    return this.#index.bytes(value) + this.#members.tableBytes(dict) + members;
  }
}
