/**
 * Hashes with fields that expire (Redis 7.4): what `Hashes` does for a plain hash, for one that had such a field once.
 *
 * Small: a listpack of triples (`hash-triples.ts`). Big: a dictionary of field records, of which those that expire have room
 * for it in their header, as keys have; they stand in a queue of their own (`expiry-queue.ts`). In both cases the earliest
 * time is at hand.
 *
 * The value area of the key's record is one word, as in a plain hash: here the handle of a descriptor
 * (`hash-descriptor.ts`), which names the one or the other, and through which the database finds the hash when the earliest
 * time has come.
 *
 * A field past its time is *due*: no reading method shows it, a writing method treats it as missing. It stays until
 * `removeDue` takes it away, because it is the keyspace that has to tell of it. Nothing is due while a file is loaded.
 */
import type { Arena, Handle } from './arena.js';
import type { ExpiryQueue } from './expiry-queue.js';
import { HashDescriptors } from './hash-descriptor.js';
import type { HashFields } from './hash-fields.js';
import { DictionaryIterator, type HashIterator, TripleIterator } from './hash-iterators.js';
import { HashTriples } from './hash-triples.js';
import { type ByteView, type Records } from './record.js';
import type { ValueHost } from './value-host.js';
import { View } from './view.js';

/** How the value of a hash is stored: bit 0 is for a dictionary, bit 1 for a descriptor. */
export const HashEncoding = { listpack: 0, dictionary: 1, triples: 2, expiringDictionary: 3 } as const;
const TRIPLES = HashEncoding.triples;

/** Draws of a random field that hit only due ones before they are counted. */
const MOST_DRAWS = 64;

/** Hashes with fields that have, or had, a time to live; `Hashes` and `Database` call it for them. */
export class ExpiringHashes {
  readonly #host: ValueHost;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #fields: HashFields;
  /** For queues of databases. */
  readonly queue: ExpiryQueue;
  readonly #triples: HashTriples;
  readonly #descriptors: HashDescriptors;
  readonly #field = new View();
  readonly #value = new View();

  constructor(host: ValueHost, fields: HashFields) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#fields = fields;
    this.queue = fields.queue;
    this.#triples = new HashTriples(host.arena, host.listpack);
    this.#descriptors = new HashDescriptors(host.arena, host.records, fields.queue);
  }

  // ── the descriptor ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Makes a plain hash one whose fields may expire. */
  adopt(h: Handle): void {
    const records = this.#records;
    const small = records.encoding(h) === HashEncoding.listpack;
    const value = records.word(h, 0);
    const d = this.#descriptors.create(h, small ? this.#triples.fromPairs(value) : value);
    records.setWord(h, 0, d);
    records.setEncoding(h, small ? TRIPLES : HashEncoding.expiringDictionary);
  }

  /** The listpack or dictionary. */
  #valueOf(h: Handle): Handle {
    return this.#descriptors.value(this.#records.word(h, 0));
  }

  #isSmall(h: Handle): boolean {
    return this.#records.encoding(h) === TRIPLES;
  }

  /** Fields with an earlier time are due. */
  get #dueBefore(): number {
    return this.#host.loading ? 0 : this.#host.now;
  }

  /** The key's record of a descriptor that was found in a database's queue. */
  ownerOf(d: Handle): Handle {
    return this.#descriptors.owner(d);
  }

  /** The hash has come into a database. */
  attach(h: Handle, databaseQueue: Handle): void {
    this.moved(h);
    this.#descriptors.attach(this.#records.word(h, 0), databaseQueue);
  }

  /** The hash leaves its database. */
  detach(h: Handle): void {
    this.#descriptors.detach(this.#records.word(h, 0));
  }

  /** The key's record has moved. */
  moved(h: Handle): void {
    this.#descriptors.setOwner(this.#records.word(h, 0), h);
  }

  /** The earliest time of a field, ms since epoch; 0 when none expires. */
  earliest(h: Handle): number {
    return this.#descriptors.time(this.#records.word(h, 0));
  }

  /** Whether there are fields past their time. */
  hasDue(h: Handle): boolean {
    return this.#isDue(this.earliest(h));
  }

  /** After any change of fields that expire. */
  #reschedule(h: Handle): void {
    const descriptors = this.#descriptors;
    const d = this.#records.word(h, 0);
    const small = this.#isSmall(h);
    descriptors.setTime(d, small ? this.#triples.earliest(descriptors.value(d)) : descriptors.earliestField(d));
  }

  // ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Fields that are there, those that are due not counted. */
  length(h: Handle): number {
    return this.count(h) - this.#countDue(h);
  }

  /** Fields that are not removed, those that are due counted: known without looking at them. */
  count(h: Handle): number {
    const value = this.#valueOf(h);
    return this.#isSmall(h) ? this.#triples.count(value) : this.#fields.dicts.count(value);
  }

  #countDue(h: Handle): number {
    if (!this.hasDue(h)) return 0;
    const d = this.#records.word(h, 0);
    if (this.#isSmall(h)) return this.#triples.countBefore(this.#descriptors.value(d), this.#dueBefore);
    return this.queue.countBefore(this.#descriptors.fieldQueue(d), this.#dueBefore);
  }

  /** Sets a field; true when it is new. @param keep its expiry stays, else it goes */
  set(
    h: Handle,
    fb: Uint8Array,
    fo: number,
    fn: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    keep: boolean,
  ): boolean {
    if (this.#isSmall(h)) {
      const max = this.#host.hashMaxListpackValue;
      if (fn <= max && vn <= max) return this.#setTriple(h, fb, fo, fn, vb, vo, vn, keep);
      this.#toDictionary(h);
    }
    return this.#setRecord(h, fb, fo, fn, vb, vo, vn, keep);
  }

  #setTriple(
    h: Handle,
    fb: Uint8Array,
    fo: number,
    fn: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    keep: boolean,
  ): boolean {
    const triples = this.#triples;
    const d = this.#records.word(h, 0);
    let lp = this.#descriptors.value(d);
    const at = triples.find(lp, fb, fo, fn);
    let created = at === 0;
    if (created) {
      lp = triples.append(lp, fb, fo, fn, vb, vo, vn);
    } else {
      const time = triples.time(lp, at);
      created = this.#isDue(time);
      lp = triples.setValue(lp, at, vb, vo, vn);
      if (time !== 0 && (created || !keep)) lp = triples.setTime(lp, at, 0);
    }
    this.#descriptors.setValue(d, lp);
    this.#reschedule(h);
    if (triples.count(lp) > this.#host.hashMaxListpackEntries) this.#toDictionary(h);
    return created;
  }

  #setRecord(
    h: Handle,
    fb: Uint8Array,
    fo: number,
    fn: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    keep: boolean,
  ): boolean {
    const { dicts, strings } = this.#fields;
    const d = this.#records.word(h, 0);
    const dict = this.#descriptors.value(d);
    const hash = dicts.hash(fb, fo, fn);
    const old = dicts.find(dict, hash, fb, fo, fn);
    if (old === 0) {
      dicts.insert(dict, hash, strings.create(fb, fo, fn, vb, vo, vn, false, false));
      return true;
    }
    dicts.beforeChange(dict);
    const expired = this.#records.hasExpiry(old);
    const due = this.#isDue(this.#fields.time(old));
    const expires = expired && keep && !due;
    if (expires === expired && strings.overwriteInline(old, vb, vo, vn, false)) return false;
    const created = strings.create(fb, fo, fn, vb, vo, vn, expires, false);
    if (expires) this.queue.replace(this.#descriptors.fieldQueue(d), old, created);
    else if (expired) this.#descriptors.leaveFields(d, old);
    dicts.replaceFound(created);
    this.#fields.free(old);
    if (expired) this.#reschedule(h);
    return due;
  }

  /** The triples become a dictionary. */
  #toDictionary(h: Handle): void {
    const triples = this.#triples;
    const fields = this.#fields;
    const d = this.#records.word(h, 0);
    const old = this.#descriptors.value(d);
    const dict = fields.dicts.create();
    for (let at = triples.first(old); at !== 0; at = triples.next(old, at)) {
      triples.readField(old, at, this.#field);
      triples.readValue(old, at, this.#value);
      const record = fields.create(this.#field, this.#value, triples.time(old, at));
      if (this.#records.hasExpiry(record)) this.#descriptors.joinFields(d, record);
      fields.insert(dict, record);
    }
    this.#host.listpack.free(old);
    this.#descriptors.setValue(d, dict);
    this.#records.setEncoding(h, HashEncoding.expiringDictionary);
  }

  /** Shows the value of a field; false when there is no such field. */
  get(h: Handle, fb: Uint8Array, fo: number, fn: number, view: View): boolean {
    const value = this.#valueOf(h);
    if (this.#isSmall(h)) {
      const at = this.#triples.find(value, fb, fo, fn);
      if (at === 0 || this.#isDue(this.#triples.time(value, at))) return false;
      this.#triples.readValue(value, at, view);
      return true;
    }
    const record = this.#find(value, fb, fo, fn);
    if (record === 0 || this.#isDue(this.#fields.time(record))) return false;
    this.#fields.strings.read(record, view);
    return true;
  }

  #isDue(time: number): boolean {
    return time !== 0 && time < this.#dueBefore;
  }

  /** Removes a field, false when there is none: one that is there, or (`due`) one that is past its time. */
  delete(h: Handle, fb: Uint8Array, fo: number, fn: number, due: boolean): boolean {
    const d = this.#records.word(h, 0);
    const value = this.#descriptors.value(d);
    if (this.#isSmall(h)) {
      const at = this.#triples.find(value, fb, fo, fn);
      if (at === 0 || this.#isDue(this.#triples.time(value, at)) !== due) return false;
      this.#descriptors.setValue(d, this.#triples.remove(value, at, 1));
    } else {
      const record = this.#find(value, fb, fo, fn);
      if (record === 0 || this.#isDue(this.#fields.time(record)) !== due) return false;
      if (this.#records.hasExpiry(record)) this.#descriptors.leaveFields(d, record);
      this.#fields.dicts.removeFound(value);
      this.#fields.free(record);
    }
    this.#reschedule(h);
    return true;
  }

  #find(dict: Handle, fb: Uint8Array, fo: number, fn: number): Handle {
    const { dicts } = this.#fields;
    return dicts.find(dict, dicts.hash(fb, fo, fn), fb, fo, fn);
  }

  /** When a field expires, ms since epoch; -1: never; -2: there is no such field. */
  expireAt(h: Handle, fb: Uint8Array, fo: number, fn: number): number {
    const value = this.#valueOf(h);
    let time = 0;
    if (this.#isSmall(h)) {
      const at = this.#triples.find(value, fb, fo, fn);
      if (at === 0) return -2;
      time = this.#triples.time(value, at);
    } else {
      const record = this.#find(value, fb, fo, fn);
      if (record === 0) return -2;
      time = this.#fields.time(record);
    }
    if (time === 0) return -1;
    return this.#isDue(time) ? -2 : time;
  }

  /** Sets when a field expires, which is there. @param ms 1 to `LAST_QUEUED_TIME`, or 0: never */
  setExpireAt(h: Handle, fb: Uint8Array, fo: number, fn: number, ms: number): void {
    const d = this.#records.word(h, 0);
    const value = this.#descriptors.value(d);
    if (this.#isSmall(h)) {
      const at = this.#triples.find(value, fb, fo, fn);
      this.#descriptors.setValue(d, this.#triples.setTime(value, at, ms));
    } else {
      const record = this.#find(value, fb, fo, fn);
      this.#fields.dicts.beforeChange(value);
      this.#setRecordTime(d, record, ms);
    }
    this.#reschedule(h);
  }

  /** The record is the one found last. */
  #setRecordTime(d: Handle, record: Handle, ms: number): void {
    const expired = this.#records.hasExpiry(record);
    if (expired && ms !== 0) {
      this.queue.update(this.#descriptors.fieldQueue(d), record, ms);
    } else if (expired !== (ms !== 0)) {
      if (expired) this.#descriptors.leaveFields(d, record);
      const created = this.#fields.withExpiry(record, ms !== 0);
      this.#fields.dicts.replaceFound(created);
      if (ms === 0) return;
      this.queue.setTime(created, ms);
      this.#descriptors.joinFields(d, created);
    }
  }

  /** Removes up to `most` fields that are due, each after it was shown; answers how many. */
  removeDue(h: Handle, most: number, visit: (field: ByteView) => void): number {
    const d = this.#records.word(h, 0);
    const removed = this.#isSmall(h) ? this.#removeDueTriples(d, most, visit) : this.#removeDueRecords(d, most, visit);
    if (removed > 0) this.#reschedule(h);
    return removed;
  }

  #removeDueTriples(d: Handle, most: number, visit: (field: ByteView) => void): number {
    const triples = this.#triples;
    const lp = this.#descriptors.value(d);
    const n = Math.min(most, triples.countBefore(lp, this.#dueBefore));
    for (let i = 0, at = triples.first(lp); i < n; i++, at = triples.next(lp, at)) {
      triples.readField(lp, at, this.#field);
      visit(this.#field);
    }
    if (n > 0) this.#descriptors.setValue(d, triples.remove(lp, triples.first(lp), n));
    return n;
  }

  #removeDueRecords(d: Handle, most: number, visit: (field: ByteView) => void): number {
    const dict = this.#descriptors.value(d);
    let n = 0;
    for (; n < most && this.#isDue(this.#descriptors.earliestField(d)); n++) {
      const record = this.queue.first(this.#descriptors.fieldQueue(d));
      this.#records.readKey(record, this.#field);
      visit(this.#field);
      this.#descriptors.leaveFields(d, record);
      this.#fields.remove(dict, record);
    }
    return n;
  }

  // ── walks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  iterator(h: Handle): HashIterator {
    const value = this.#valueOf(h);
    return this.#isSmall(h)
      ? new TripleIterator(this.#triples, value, this.#dueBefore)
      : new DictionaryIterator(this.#fields, value, this.#dueBefore);
  }

  /** The dictionary of a big hash, for walks over its records; 0 for a small one. */
  dictionary(h: Handle): Handle {
    return this.#isSmall(h) ? 0 : this.#valueOf(h);
  }

  /** Whether a record of the dictionary is to be passed over. */
  isHidden(record: Handle): boolean {
    return this.#isDue(this.#fields.time(record));
  }

  /** Shows a pair, each with the same probability; false when all that is left is due. */
  random(h: Handle, random: () => number, field: View, value: View): boolean {
    const handle = this.#valueOf(h);
    if (this.#isSmall(h)) {
      const due = this.#countDue(h);
      const rest = this.#triples.count(handle) - due;
      if (rest === 0) return false;
      const at = this.#triples.seek(handle, due + Math.floor(random() * rest));
      this.#triples.readField(handle, at, field);
      this.#triples.readValue(handle, at, value);
      return true;
    }
    for (let draws = 0; draws < MOST_DRAWS; draws++) {
      const record = this.#fields.dicts.random(handle, random);
      if (record === 0) return false;
      if (this.#isDue(this.#fields.time(record))) continue;
      this.#records.readKey(record, field);
      this.#fields.strings.read(record, value);
      return true;
    }
    return this.#randomOfRank(h, random, field, value);
  }

  /** Almost all fields are due: those that are not are counted. */
  #randomOfRank(h: Handle, random: () => number, field: View, value: View): boolean {
    const length = this.length(h);
    if (length === 0) return false;
    const iterator = this.iterator(h);
    for (let left = Math.floor(random() * length); left >= 0; left--) iterator.next();
    copyView(iterator.field, field);
    copyView(iterator.value, value);
    return true;
  }

  // ── the whole value ───────────────────────────────────────────────────────────────────────────────────────────────

  freeValue(h: Handle): void {
    const d = this.#records.word(h, 0);
    if (this.#isSmall(h)) {
      this.#host.listpack.free(this.#descriptors.value(d));
      this.#descriptors.free(d);
    } else {
      this.#host.freeLater(d, this.#dismantle, this.#descriptors.value(d));
    }
  }

  /** Frees one bucket of the dictionary of a descriptor; true when all is freed. */
  readonly #dismantle = (d: Handle): boolean => {
    if (!this.#fields.dicts.dismantle(this.#descriptors.value(d), this.#fields.free)) return false;
    this.#descriptors.free(d);
    return true;
  };

  detachCopy(h: Handle): void {
    const from = this.#records.word(h, 0);
    const value = this.#descriptors.value(from);
    const d = this.#descriptors.create(h, this.#isSmall(h) ? this.#triples.copy(value) : 0);
    this.#descriptors.setTime(d, this.#descriptors.time(from));
    this.#records.setWord(h, 0, d);
    if (!this.#isSmall(h)) this.#descriptors.setValue(d, this.#copyFields(value, d));
  }

  #copyFields(dict: Handle, d: Handle): Handle {
    return this.#fields.copy(dict, (own, original) => {
      if (!this.#records.hasExpiry(own)) return;
      this.queue.setTime(own, this.queue.time(original));
      this.#descriptors.joinFields(d, own);
    });
  }

  memory(h: Handle, samples: number): number {
    const d = this.#records.word(h, 0);
    const value = this.#descriptors.value(d);
    const fields = this.#isSmall(h) ? this.#arena.sizeOf(value) : this.#fields.bytes(value, samples);
    return this.#descriptors.bytes(d) + fields;
  }
}

function copyView(from: View, to: View): void {
  to.bytes = from.bytes;
  to.data = from.data;
  to.offset = from.offset;
  to.length = from.length;
}
