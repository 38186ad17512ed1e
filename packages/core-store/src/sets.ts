/**
 * Sets, in one of three encodings (as Redis 7.2 chooses them):
 *
 * - an intset, while all members are integers and there are few of them;
 * - a listpack of the members in order of arrival, while they are few and short;
 * - a dictionary, whose records are the members: the key is the member, the value area is empty. A member of 10 bytes
 *   takes a block of 24.
 *
 * The value area of the key's record is one word: the handle of one of these. A set never goes back to a smaller
 * encoding by itself; `settle` is for results that are whole.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { DictTours } from './dict-tours.js';
import { Int64 } from './int64.js';
import type { Intset } from './intset.js';
import type { Listpack } from './listpack.js';
import { type ByteView, type Records, StringEncoding, ValueType } from './record.js';
import { checkBytes } from './store-error.js';
import { SetWalk } from './set-walk.js';
import { type PartVisitor, type Tour, TOURED_FROM } from './tour.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import { View } from './view.js';

export const SetEncoding = { intset: 0, listpack: 1, dictionary: 2 } as const;
const INTSET = SetEncoding.intset;
const LISTPACK = SetEncoding.listpack;
const DICTIONARY = SetEncoding.dictionary;

/** Redis lets no intset grow beyond this, whatever the parameter says. */
const MOST_INTEGERS = 1 << 30;

/** Below one in so many, distinct members are drawn one by one; above, one walk chooses among all. */
const SPARSE_SAMPLE = 3;

/** Walks a set; `member` shows the one that `next` came to. */
export interface SetIterator {
  next(): boolean;
  readonly member: View;
}

/**
 * Set values: `keyspace.sets`. `create` makes a record that `Database.add` puts under its key; an empty set is the caller's to
 * delete. @throws {StoreError} from methods that are given a record of another type
 */
export class Sets implements ValueOperations {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #intset: Intset;
  readonly #members: ByteDict;
  readonly #tours: DictTours;
  readonly #host: ValueHost;
  readonly #int = new Int64();
  readonly #view = new View();
  /** For conversions, and for callers who walk one set at a time. */
  readonly #converted: SetWalk;
  readonly #walk: SetWalk;
  /** What `random` came to last: a position in a listpack, or a record; in an intset it is `#int`. */
  #drawn = 0;

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#listpack = host.listpack;
    this.#intset = host.intset;
    this.#members = host.newDict();
    this.#tours = new DictTours(host, this.#members);
    this.#converted = this.#newWalk();
    this.#walk = this.#newWalk();
  }

  #newWalk(): SetWalk {
    return new SetWalk(this.#arena, this.#records, this.#intset, this.#listpack, this.#members);
  }

  /** A record with an empty set (an intset), in no dictionary yet (`Database.add`). */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    checkBytes(kb, ko, kn);
    return this.#create(kb, ko, kn, INTSET, this.#intset.create());
  }

  /** As `create`, but the set begins as a listpack: for results that may hold anything, with `settle` at the end. */
  createListpack(kb: Uint8Array, ko: number, kn: number): Handle {
    checkBytes(kb, ko, kn);
    return this.#create(kb, ko, kn, LISTPACK, this.#listpack.create());
  }

  #create(kb: Uint8Array, ko: number, kn: number, encoding: number, value: Handle): Handle {
    const h = this.#records.create(kb, ko, kn, ValueType.set, encoding, 4, false, true);
    this.#records.setWord(h, 0, value);
    return h;
  }

  length(h: Handle): number {
    const encoding = this.#records.encodingAs(ValueType.set, h);
    const value = this.#records.word(h, 0);
    switch (encoding) {
      case INTSET:
        return this.#intset.length(value);
      case LISTPACK:
        return this.#listpack.length(value);
      default:
        return this.#members.count(value);
    }
  }

  isIntset(h: Handle): boolean {
    return this.#records.encodingAs(ValueType.set, h) === INTSET;
  }

  has(h: Handle, b: Uint8Array, o: number, n: number): boolean {
    const encoding = this.#records.encodingAs(ValueType.set, h);
    const value = this.#records.word(h, 0);
    switch (encoding) {
      case INTSET:
        return this.#int.parse(b, o, n) && this.#intset.has(value, this.#int);
      case LISTPACK:
        return this.#listpack.find(value, this.#listpack.first(value), b, o, n, 0) !== 0;
      default:
        return this.#members.find(value, this.#host.prefetch.hash(b, o, n), b, o, n) !== 0;
    }
  }

  // ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * So many members are about to be added, all of which may be new, and this is the first of them: a set that will be
   * too long for its encoding changes it at once.
   */
  expect(h: Handle, count: number, b: Uint8Array, o: number, n: number): void {
    const encoding = this.#records.encodingAs(ValueType.set, h);
    const { setMaxIntsetEntries, setMaxListpackEntries } = this.#host;
    if (encoding === INTSET) {
      const empty = this.length(h) === 0;
      if (count <= setMaxIntsetEntries && (!empty || this.#int.parse(b, o, n))) return;
      if (empty && count <= setMaxListpackEntries) this.#toListpack(h);
      else this.#toDictionary(h);
    } else if (encoding === LISTPACK && count > setMaxListpackEntries) {
      this.#toDictionary(h);
    }
  }

  /** Adds a member; true when it is new. */
  add(h: Handle, b: Uint8Array, o: number, n: number): boolean {
    let encoding = this.#records.encodingAs(ValueType.set, h);
    if (encoding === INTSET) {
      const integer = this.#int.parse(b, o, n);
      if (integer && this.#acceptsIntegers(h)) return this.#addInteger(h);
      if (this.#fitsListpack(h, n)) this.#toListpack(h);
      else this.#toDictionary(h);
      encoding = this.#records.encodingAs(ValueType.set, h);
    }
    if (encoding === LISTPACK) {
      const listpack = this.#listpack;
      const value = this.#records.word(h, 0);
      if (listpack.find(value, listpack.first(value), b, o, n, 0) !== 0) return false;
      if (listpack.length(value) < this.#host.setMaxListpackEntries && n <= this.#host.setMaxListpackValue) {
        this.#records.setWord(h, 0, listpack.append(value, b, o, n));
        return true;
      }
      this.#toDictionary(h);
    }
    return this.#addToDictionary(this.#records.word(h, 0), b, o, n);
  }

  /** An intset that is there keeps what it is by one more integer; a new set is not made one where none may be. */
  #acceptsIntegers(h: Handle): boolean {
    return this.#host.setMaxIntsetEntries > 0 || this.#intset.length(this.#records.word(h, 0)) > 0;
  }

  #addInteger(h: Handle): boolean {
    const intset = this.#intset;
    const value = intset.add(this.#records.word(h, 0), this.#int);
    this.#records.setWord(h, 0, value);
    if (!intset.changed) return false;
    if (intset.length(value) > Math.min(this.#host.setMaxIntsetEntries, MOST_INTEGERS)) this.#toDictionary(h);
    return true;
  }

  /** Whether an intset and one more member of `n` bytes make a listpack. */
  #fitsListpack(h: Handle, n: number): boolean {
    const intset = this.#intset;
    const value = this.#records.word(h, 0);
    const length = intset.length(value);
    const longest = this.#host.setMaxListpackValue;
    if (length >= this.#host.setMaxListpackEntries || n > longest) return false;
    // The least and the greatest integer have the most digits.
    return length === 0 || (this.#digits(value, 0) <= longest && this.#digits(value, length - 1) <= longest);
  }

  #digits(intset: Handle, index: number): number {
    this.#intset.get(intset, index, this.#int);
    return this.#int.format(this.#view.digits, 0);
  }

  #addToDictionary(dict: Handle, b: Uint8Array, o: number, n: number): boolean {
    return this.#addHashed(dict, this.#host.prefetch.hash(b, o, n), b, this.#arena.viewOf(b), o, n);
  }

  #addHashed(dict: Handle, hash: number, b: Uint8Array, view: DataView, o: number, n: number): boolean {
    const members = this.#members;
    if (members.findViewed(dict, hash, b, view, o, n) !== 0) return false;
    members.insert(dict, hash, this.#records.create(b, o, n, ValueType.string, StringEncoding.raw, 0, false, false));
    return true;
  }

  #toListpack(h: Handle): void {
    const walk = this.#converted.begin(h, 0);
    const { member } = walk;
    let value = this.#listpack.create();
    while (walk.next()) value = this.#listpack.append(value, member.bytes, member.offset, member.length);
    this.#become(h, LISTPACK, value);
  }

  #toDictionary(h: Handle): void {
    const walk = this.#converted.begin(h, 0);
    const { member } = walk;
    const dict = this.#members.create();
    while (walk.next()) this.#addToDictionary(dict, member.bytes, member.offset, member.length);
    this.#become(h, DICTIONARY, dict);
  }

  #become(h: Handle, encoding: number, value: Handle): void {
    this.freeValue(h);
    this.#records.setWord(h, 0, value);
    this.#records.setEncoding(h, encoding);
  }

  /** Makes an intset of a set whose members are all integers, if they are few enough for one. */
  settle(h: Handle): void {
    if (this.#records.encodingAs(ValueType.set, h) === INTSET) return;
    if (this.length(h) > Math.min(this.#host.setMaxIntsetEntries, MOST_INTEGERS)) return;
    const walk = this.#converted.begin(h, 0);
    const { member } = walk;
    let value = this.#intset.create();
    while (walk.next()) {
      if (!this.#int.parse(member.bytes, member.offset, member.length)) {
        this.#intset.free(value);
        return;
      }
      value = this.#intset.add(value, this.#int);
    }
    this.#become(h, INTSET, value);
  }

  /** Removes a member; false when there was none. An empty set is the caller's to delete. */
  remove(h: Handle, b: Uint8Array, o: number, n: number): boolean {
    const encoding = this.#records.encodingAs(ValueType.set, h);
    const value = this.#records.word(h, 0);
    switch (encoding) {
      case INTSET:
        if (!this.#int.parse(b, o, n)) return false;
        this.#records.setWord(h, 0, this.#intset.remove(value, this.#int));
        return this.#intset.changed;
      case LISTPACK: {
        const at = this.#listpack.find(value, this.#listpack.first(value), b, o, n, 0);
        if (at === 0) return false;
        this.#records.setWord(h, 0, this.#listpack.remove(value, at, 1));
        return true;
      }
      default:
        return this.#removeFound(value, this.#members.find(value, this.#host.prefetch.hash(b, o, n), b, o, n));
    }
  }

  /** Removes the member found last, if there is one. */
  #removeFound(dict: Handle, record: Handle): boolean {
    if (record === 0) return false;
    this.#members.removeFound(dict);
    this.#arena.free(record);
    return true;
  }

  // ── chance ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Shows a member, each with the same probability. The set is not empty. */
  random(h: Handle, view: View): void {
    const value = this.#records.word(h, 0);
    const { random } = this.#host;
    switch (this.#records.encodingAs(ValueType.set, h)) {
      case INTSET:
        this.#intset.random(value, random, this.#int);
        showInteger(this.#int, view);
        break;
      case LISTPACK:
        this.#drawn = this.#listpack.seek(value, Math.floor(random() * this.#listpack.length(value)));
        this.#listpack.read(value, this.#drawn, view);
        break;
      default:
        this.#drawn = this.#members.random(value, random);
        this.#show(this.#drawn, view);
    }
  }

  /** Removes the member that `random` has just shown of this set; nothing may have come in between. */
  removeDrawn(h: Handle): void {
    const encoding = this.#records.encodingAs(ValueType.set, h);
    const value = this.#records.word(h, 0);
    switch (encoding) {
      case INTSET:
        this.#records.setWord(h, 0, this.#intset.remove(value, this.#int));
        break;
      case LISTPACK:
        this.#records.setWord(h, 0, this.#listpack.remove(value, this.#drawn, 1));
        break;
      default:
        this.#removeFound(value, this.#drawn);
    }
  }

  /** Visits `count` different members (at most as many as there are), every choice of them being as likely as any other. */
  sample(h: Handle, count: number, visit: (member: View) => void): void {
    const length = this.length(h);
    const chosen = new Set<Handle>();
    let needed = Math.min(count, length);
    if (this.#records.encodingAs(ValueType.set, h) === DICTIONARY && needed * SPARSE_SAMPLE < length) {
      const value = this.#records.word(h, 0);
      // Bounded for the sake of sources of chance that are none; what is missing then is chosen by the walk below.
      for (let tries = needed * 8 + 64; needed > 0 && tries > 0; tries--) {
        const record = this.#members.random(value, this.#host.random);
        if (chosen.has(record)) continue;
        chosen.add(record);
        this.#show(record, this.#view);
        visit(this.#view);
        needed--;
      }
    }
    // Selection sampling (Knuth, algorithm S) among the members that are not chosen yet.
    let left = length - chosen.size;
    const walk = this.#walk.begin(h, 0);
    while (needed > 0 && walk.next()) {
      if (chosen.size > 0 && chosen.has(walk.record)) continue;
      if (this.#host.random() * left < needed) {
        visit(walk.member);
        needed--;
      }
      left--;
    }
  }

  #show(record: Handle, view: View): void {
    view.data = this.#arena.data[record >>> 19]!;
    this.#records.readKey(record, view);
  }

  // ── walking ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** An iterator over the members. The set may not change while it is used. */
  iterator(h: Handle): SetIterator {
    return this.#newWalk().begin(h, 0);
  }

  /**
   * As `iterator`, but without garbage: there is one, and the next call (or `sample`, `scan`) begins it anew.
   * @param asked a set to which `hasMember`, `addMember` or `removeMember` will be put for most members: what they need of it
   *   is fetched ahead
   */
  walk(h: Handle, asked: Handle = 0): SetWalk {
    return this.#walk.begin(h, asked);
  }

  /** `has` for the member that a walk has come to. */
  hasMember(h: Handle, walk: SetWalk): boolean {
    const { bytes, data, offset, length } = walk.member;
    if (!walk.hashed || this.#records.encodingAs(ValueType.set, h) !== DICTIONARY)
      return this.has(h, bytes, offset, length);
    return this.#members.findViewed(this.#records.word(h, 0), walk.hash, bytes, data, offset, length) !== 0;
  }

  /** `add` for the member that a walk has come to. */
  addMember(h: Handle, walk: SetWalk): boolean {
    const { bytes, data, offset, length } = walk.member;
    if (!walk.hashed || this.#records.encodingAs(ValueType.set, h) !== DICTIONARY)
      return this.add(h, bytes, offset, length);
    return this.#addHashed(this.#records.word(h, 0), walk.hash, bytes, data, offset, length);
  }

  /** `remove` for the member that a walk has come to. */
  removeMember(h: Handle, walk: SetWalk): boolean {
    const { bytes, data, offset, length } = walk.member;
    if (!walk.hashed || this.#records.encodingAs(ValueType.set, h) !== DICTIONARY)
      return this.remove(h, bytes, offset, length);
    const dict = this.#records.word(h, 0);
    return this.#removeFound(dict, this.#members.findViewed(dict, walk.hash, bytes, data, offset, length));
  }

  /** One call of SSCAN: visits about `count` members, answers the next cursor (0: done). A small set is visited whole. */
  scan(h: Handle, cursor: number, count: number, visit: (member: ByteView) => void): number {
    if (this.#records.encodingAs(ValueType.set, h) !== DICTIONARY) {
      const walk = this.#walk.begin(h, 0);
      while (walk.next()) visit(walk.member);
      return 0;
    }
    const dict = this.#records.word(h, 0);
    let visited = 0;
    let next = cursor;
    let steps = count * 10;
    const show = (record: Handle): void => {
      visited++;
      this.#show(record, this.#view);
      visit(this.#view);
    };
    do {
      next = this.#members.scan(dict, next, show);
    } while (next !== 0 && visited < count && --steps > 0);
    return next;
  }

  // ── what every value type does ────────────────────────────────────────────────────────────────────────────────────

  dictionary(record: Handle): Handle {
    return this.#records.encodingAs(ValueType.set, record) === DICTIONARY ? this.#records.word(record, 0) : 0;
  }

  encodingName(record: Handle): string {
    switch (this.#records.encodingAs(ValueType.set, record)) {
      case INTSET:
        return 'intset';
      case LISTPACK:
        return 'listpack';
      default:
        return 'hashtable';
    }
  }

  freeValue(record: Handle): void {
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.set, record) === DICTIONARY) this.#host.freeLater(value, this.#dismantle);
    else this.#arena.free(value);
  }

  /** Frees the members of one bucket of a dictionary that was handed to `freeLater`; true at the end. */
  readonly #dismantle = (dict: Handle): boolean => this.#members.dismantle(dict, (member) => this.#arena.free(member));

  tour(record: Handle, begin: () => PartVisitor): Tour | undefined {
    const dict = this.dictionary(record);
    if (dict === 0 || this.#members.count(dict) <= TOURED_FROM) return undefined;
    const parts = begin();
    const view = new View();
    return this.#tours.begin(dict, (member) => {
      this.#show(member, view);
      parts.member(view);
    });
  }

  detachCopy(record: Handle): void {
    const value = this.#records.word(record, 0);
    this.#records.setWord(record, 0, this.#copy(value, this.#records.encodingAs(ValueType.set, record)));
  }

  #copy(value: Handle, encoding: number): Handle {
    if (encoding !== DICTIONARY) {
      const bytes = encoding === INTSET ? this.#intset.bytes(value) : this.#listpack.bytes(value);
      const block = this.#arena.alloc(bytes);
      this.#arena.copyBlock(value, block, bytes);
      return block;
    }
    const copy = this.#members.create();
    this.#members.forEach(value, (member) => {
      const size = this.#arena.sizeOf(member);
      const own = this.#arena.alloc(size);
      this.#arena.copyBlock(member, own, size);
      this.#show(own, this.#view);
      this.#members.insert(copy, this.#members.hash(this.#view.bytes, this.#view.offset, this.#view.length), own);
    });
    return copy;
  }

  memory(record: Handle, samples = Infinity): number {
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.set, record) !== DICTIONARY) return this.#arena.sizeOf(value);
    const sizeOf = (member: Handle): number => this.#arena.sizeOf(member);
    return this.#members.tableBytes(value) + this.#members.recordBytes(value, samples, sizeOf);
  }
}

function showInteger(int: Int64, view: View): void {
  view.bytes = view.digits;
  view.data = view.digitsData;
  view.offset = 0;
  view.length = int.format(view.digits, 0);
}
