/**
 * Hash values: a listpack of field, value, field, value … while small, then a dictionary whose records are the fields.
 * The value area of the key's record is one word: the handle of either.
 *
 * A hash that had a field with an expiry once is another matter, and stays it: `hash-expiry.ts` does for it what is done
 * here for a plain one, which pays one comparison for that.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { DictTours } from './dict-tours.js';
import { ExpiringHashes, HashEncoding } from './hash-expiry.js';
import { HashFields } from './hash-fields.js';
import { DictionaryIterator, type HashIterator, PairIterator } from './hash-iterators.js';
import type { Listpack } from './listpack.js';
import { type ByteView, type Records, ValueType } from './record.js';
import { checkBytes } from './store-error.js';
import type { Strings } from './strings.js';
import { type PartVisitor, type Tour, TOURED_FROM } from './tour.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import { View } from './view.js';

const LISTPACK = HashEncoding.listpack;
const DICTIONARY = HashEncoding.dictionary;
/** As OBJECT ENCODING answers them, by encoding. */
const ENCODING_NAMES = ['listpack', 'hashtable', 'listpackex', 'hashtable'] as const;
/** Type and upper bit of the encoding in a record's first word, and what they are for a hash with a descriptor. */
const EXPIRING_MASK = 0x27000000;
const EXPIRING = 0x24000000;

/** Whether a record of any type is a hash that has, or had, fields that expire. @param meta its first word */
export function isExpiringHash(meta: number): boolean {
  return (meta & EXPIRING_MASK) === EXPIRING;
}

/**
 * Hash values: `keyspace.hashes`. `Database` has the methods with which hashes are made and their fields expire.
 * @throws {StoreError} from methods that are given a record of another type
 */
export class Hashes implements ValueOperations {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #strings: Strings;
  readonly #listpack: Listpack;
  readonly #dicts: ByteDict;
  readonly #tours: DictTours;
  readonly #fields: HashFields;
  readonly #host: ValueHost;
  /** Hashes with fields that expire. */
  readonly expiring: ExpiringHashes;
  readonly #field = new View();
  readonly #value = new View();

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#strings = host.strings;
    this.#listpack = host.listpack;
    this.#fields = new HashFields(host);
    this.#dicts = this.#fields.dicts;
    this.#tours = new DictTours(host, this.#dicts);
    this.expiring = new ExpiringHashes(host, this.#fields);
  }

  /** A record with an empty hash. */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    checkBytes(kb, ko, kn);
    const listpack = this.#listpack.create();
    const h = this.#records.create(kb, ko, kn, ValueType.hash, LISTPACK, 4, false, true);
    this.#records.setWord(h, 0, listpack);
    return h;
  }

  /** Fields that are there. Those past their time are not: of them as many are looked at as there are. */
  length(h: Handle): number {
    return this.isExpiring(h) ? this.expiring.length(h) : this.count(h);
  }

  /** Fields that are not removed, those past their time counted; a hash without such has to go. */
  count(h: Handle): number {
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) return this.#listpack.length(value) >>> 1;
    return encoding === DICTIONARY ? this.#dicts.count(value) : this.expiring.count(h);
  }

  /** Whether the hash has, or had, fields that expire. */
  isExpiring(h: Handle): boolean {
    return this.#records.encodingAs(ValueType.hash, h) > DICTIONARY;
  }

  /** Whether there are fields past their time. */
  hasDue(h: Handle): boolean {
    return this.isExpiring(h) && this.expiring.hasDue(h);
  }

  /** One command is going to set so many fields, be they the same: what is too many for a listpack converts it first. */
  expect(h: Handle, count: number): void {
    if (count > this.#host.hashMaxListpackEntries && this.#records.encoding(h) === LISTPACK) this.#toDictionary(h);
  }

  /** Sets a field; true when it is new. Its expiry goes. */
  set(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    if (encoding === LISTPACK) {
      const max = this.#host.hashMaxListpackValue;
      if (fn <= max && vn <= max) return this.#setInListpack(h, fb, fo, fn, vb, vo, vn);
      this.#toDictionary(h);
    } else if (encoding !== DICTIONARY) {
      return this.expiring.set(h, fb, fo, fn, vb, vo, vn, false);
    }
    return this.#setInDictionary(h, fb, fo, fn, vb, vo, vn);
  }

  /** As `set`, but the field's expiry stays. */
  setKeepingExpiry(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    if (this.isExpiring(h)) return this.expiring.set(h, fb, fo, fn, vb, vo, vn, true);
    return this.set(h, fb, fo, fn, vb, vo, vn);
  }

  /** When a field expires, ms since epoch; -1: never; -2: there is no such field. */
  expireAt(h: Handle, fb: Uint8Array, fo: number, fn: number): number {
    if (this.isExpiring(h)) return this.expiring.expireAt(h, fb, fo, fn);
    return this.get(h, fb, fo, fn, this.#value) ? -1 : -2;
  }

  #setInListpack(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    const listpack = this.#listpack;
    let value = this.#records.word(h, 0);
    const at = listpack.find(value, listpack.first(value), fb, fo, fn, 1);
    if (at !== 0) {
      value = listpack.replace(value, listpack.next(value, at), vb, vo, vn);
    } else {
      value = listpack.append(listpack.append(value, fb, fo, fn), vb, vo, vn);
    }
    this.#records.setWord(h, 0, value);
    // Also when no field was added: the limit may have been lowered since, and Redis looks at every write.
    if (listpack.length(value) >>> 1 > this.#host.hashMaxListpackEntries) this.#toDictionary(h);
    return at === 0;
  }

  #setInDictionary(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    const dicts = this.#dicts;
    const dict = this.#records.word(h, 0);
    const hash = this.#host.prefetch.hash(fb, fo, fn);
    const old = dicts.find(dict, hash, fb, fo, fn);
    if (old === 0) {
      dicts.insert(dict, hash, this.#strings.create(fb, fo, fn, vb, vo, vn, false, false));
      return true;
    }
    dicts.beforeChange(dict);
    if (!this.#strings.overwriteInline(old, vb, vo, vn, false)) {
      dicts.replaceFound(this.#strings.create(fb, fo, fn, vb, vo, vn, false, false));
      this.#fields.free(old);
    }
    return false;
  }

  #toDictionary(h: Handle): void {
    const listpack = this.#listpack;
    const old = this.#records.word(h, 0);
    const dict = this.#dicts.create();
    for (let p = listpack.first(old); p !== 0; p = listpack.next(old, p)) {
      listpack.read(old, p, this.#field);
      p = listpack.next(old, p);
      listpack.read(old, p, this.#value);
      this.#fields.insert(dict, this.#fields.create(this.#field, this.#value, 0));
    }
    listpack.free(old);
    this.#records.setWord(h, 0, dict);
    this.#records.setEncoding(h, DICTIONARY);
  }

  /** Shows the value of a field; false when there is no such field. */
  get(h: Handle, fb: Uint8Array, fo: number, fn: number, view: View): boolean {
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const listpack = this.#listpack;
      const at = listpack.find(value, listpack.first(value), fb, fo, fn, 1);
      if (at === 0) return false;
      listpack.read(value, listpack.next(value, at), view);
      return true;
    }
    if (encoding !== DICTIONARY) return this.expiring.get(h, fb, fo, fn, view);
    const record = this.#dicts.find(value, this.#host.prefetch.hash(fb, fo, fn), fb, fo, fn);
    if (record === 0) return false;
    this.#strings.read(record, view);
    return true;
  }

  /** Removes a field; false when there was none. An empty hash is the caller's to delete. */
  delete(h: Handle, fb: Uint8Array, fo: number, fn: number): boolean {
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    const value = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const listpack = this.#listpack;
      const at = listpack.find(value, listpack.first(value), fb, fo, fn, 1);
      if (at === 0) return false;
      this.#records.setWord(h, 0, listpack.remove(value, at, 2));
      return true;
    }
    if (encoding !== DICTIONARY) return this.expiring.delete(h, fb, fo, fn, false);
    const record = this.#dicts.find(value, this.#host.prefetch.hash(fb, fo, fn), fb, fo, fn);
    if (record === 0) return false;
    this.#dicts.removeFound(value);
    this.#fields.free(record);
    return true;
  }

  /** An iterator over the pairs. The hash may not change while it is used. */
  iterator(h: Handle): HashIterator {
    if (this.isExpiring(h)) return this.expiring.iterator(h);
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    const value = this.#records.word(h, 0);
    return encoding === LISTPACK
      ? new PairIterator(this.#listpack, value)
      : new DictionaryIterator(this.#fields, value, 0);
  }

  /** One call of HSCAN: visits about `count` pairs, answers the next cursor (0: done). A listpack is visited whole. */
  scan(h: Handle, cursor: number, count: number, visit: (field: ByteView, value: ByteView) => void): number {
    const dict = this.dictionary(h);
    if (dict === 0) {
      const iterator = this.iterator(h);
      while (iterator.next()) visit(iterator.field, iterator.value);
      return 0;
    }
    const expiring = this.isExpiring(h);
    let visited = 0;
    let next = cursor;
    let steps = count * 10;
    do {
      next = this.#dicts.scan(dict, next, (record) => {
        visited++;
        if (expiring && this.expiring.isHidden(record)) return;
        this.#records.readKey(record, this.#field);
        this.#strings.read(record, this.#value);
        visit(this.#field, this.#value);
      });
    } while (next !== 0 && visited < count && --steps > 0);
    return next;
  }

  /** The dictionary of a big hash, 0 for a small one. */
  dictionary(h: Handle): Handle {
    if (this.isExpiring(h)) return this.expiring.dictionary(h);
    return this.#records.encodingAs(ValueType.hash, h) === LISTPACK ? 0 : this.#records.word(h, 0);
  }

  /** Shows a pair, each with the same probability; false when there is none that is not past its time. */
  random(h: Handle, random: () => number, field: View, value: View): boolean {
    if (this.isExpiring(h)) return this.expiring.random(h, random, field, value);
    const encoding = this.#records.encodingAs(ValueType.hash, h);
    const handle = this.#records.word(h, 0);
    if (encoding === LISTPACK) {
      const at = this.#listpack.seek(handle, Math.floor(random() * (this.#listpack.length(handle) >>> 1)) * 2);
      this.#listpack.read(handle, at, field);
      this.#listpack.read(handle, this.#listpack.next(handle, at), value);
    } else {
      const record = this.#dicts.random(handle, random);
      this.#records.readKey(record, field);
      this.#strings.read(record, value);
    }
    return true;
  }

  encodingName(record: Handle): string {
    return ENCODING_NAMES[this.#records.encodingAs(ValueType.hash, record)]!;
  }

  freeValue(record: Handle): void {
    if (this.isExpiring(record)) {
      this.expiring.freeValue(record);
      return;
    }
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.hash, record) === LISTPACK) this.#listpack.free(value);
    else this.#host.freeLater(value, this.#dismantle);
  }

  /** Frees the field records of one bucket of a dictionary that was handed to `freeLater`; true at the end. */
  readonly #dismantle = (dict: Handle): boolean => this.#dicts.dismantle(dict, this.#fields.free);

  tour(record: Handle, begin: () => PartVisitor): Tour | undefined {
    const dict = this.dictionary(record);
    if (dict === 0 || this.#dicts.count(dict) <= TOURED_FROM) return undefined;
    const parts = begin();
    const field = new View();
    const value = new View();
    return this.#tours.begin(dict, (each) => {
      // Also one that is due: it is there until it is removed, and whoever keeps the time hides it again.
      const time = this.#fields.time(each);
      this.#records.readKey(each, field);
      this.#strings.read(each, value);
      parts.pair(field, value, time === 0 ? -1 : time);
    });
  }

  detachCopy(record: Handle): void {
    if (this.isExpiring(record)) {
      this.expiring.detachCopy(record);
      return;
    }
    const value = this.#records.word(record, 0);
    if (this.#records.encodingAs(ValueType.hash, record) === LISTPACK) {
      const bytes = this.#listpack.bytes(value);
      const copy = this.#arena.alloc(bytes);
      this.#arena.copyBlock(value, copy, bytes);
      this.#records.setWord(record, 0, copy);
    } else {
      this.#records.setWord(
        record,
        0,
        this.#fields.copy(value, () => undefined),
      );
    }
  }

  memory(record: Handle, samples = Infinity): number {
    if (this.isExpiring(record)) return this.expiring.memory(record, samples);
    const value = this.#records.word(record, 0);
    return this.#records.encodingAs(ValueType.hash, record) === LISTPACK
      ? this.#arena.sizeOf(value)
      : this.#fields.bytes(value, samples);
  }
}
