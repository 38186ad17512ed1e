/**
 * Hash values: a listpack of field, value, field, value … while small, then a dictionary whose records are the fields.
 * The value area of the key's record is one word: the handle of either.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import type { Listpack } from './listpack.js';
import { type ByteView, type Records, ValueType } from './record.js';
import type { Strings } from './strings.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import { View } from './view.js';

export const HashEncoding = { listpack: 0, dictionary: 1 } as const;
const LISTPACK = HashEncoding.listpack;

/** Walks a hash; `field` and `value` show the pair that `next` came to. */
export interface HashIterator {
  next(): boolean;
  readonly field: View;
  readonly value: View;
}

export class Hashes implements ValueOperations {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #strings: Strings;
  readonly #listpack: Listpack;
  readonly #fields: ByteDict;
  readonly #host: ValueHost;
  readonly #field = new View();
  readonly #value = new View();

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#strings = host.strings;
    this.#listpack = host.listpack;
    this.#fields = host.newDict();
  }

  /** A record with an empty hash. */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    const listpack = this.#listpack.create();
    const h = this.#records.create(kb, ko, kn, ValueType.hash, LISTPACK, 4, false, true);
    this.#records.setWord(h, 0, listpack);
    return h;
  }

  length(h: Handle): number {
    const value = this.#records.word(h, 0);
    if (this.#records.encoding(h) === LISTPACK) return this.#listpack.length(value) >>> 1;
    return this.#fields.count(value);
  }

  /** Sets a field; true when it is new. */
  set(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    if (this.#records.encoding(h) === LISTPACK) {
      const max = this.#host.hashMaxListpackValue;
      if (fn <= max && vn <= max) return this.#setInListpack(h, fb, fo, fn, vb, vo, vn);
      this.#toDictionary(h);
    }
    return this.#setInDictionary(h, fb, fo, fn, vb, vo, vn);
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
    const fields = this.#fields;
    const dict = this.#records.word(h, 0);
    const hash = fields.hash(fb, fo, fn);
    const old = fields.find(dict, hash, fb, fo, fn);
    if (old === 0) {
      fields.insert(dict, hash, this.#strings.create(fb, fo, fn, vb, vo, vn, false, false));
      return true;
    }
    if (!this.#strings.overwriteInline(old, vb, vo, vn, false)) {
      fields.replaceFound(this.#strings.create(fb, fo, fn, vb, vo, vn, false, false));
      this.#freeField(old);
    }
    return false;
  }

  #toDictionary(h: Handle): void {
    const listpack = this.#listpack;
    const old = this.#records.word(h, 0);
    const dict = this.#fields.create();
    const field = this.#field;
    const value = this.#value;
    for (let p = listpack.first(old); p !== 0; p = listpack.next(old, p)) {
      listpack.read(old, p, field);
      p = listpack.next(old, p);
      listpack.read(old, p, value);
      const record = this.#strings.create(
        field.bytes,
        field.offset,
        field.length,
        value.bytes,
        value.offset,
        value.length,
        false,
        false,
      );
      this.#fields.insert(dict, this.#fields.hash(field.bytes, field.offset, field.length), record);
    }
    listpack.free(old);
    this.#records.setWord(h, 0, dict);
    this.#records.setEncoding(h, HashEncoding.dictionary);
  }

  /** Shows the value of a field; false when there is no such field. */
  get(h: Handle, fb: Uint8Array, fo: number, fn: number, view: View): boolean {
    const value = this.#records.word(h, 0);
    if (this.#records.encoding(h) === LISTPACK) {
      const listpack = this.#listpack;
      const at = listpack.find(value, listpack.first(value), fb, fo, fn, 1);
      if (at === 0) return false;
      listpack.read(value, listpack.next(value, at), view);
      return true;
    }
    const record = this.#fields.find(value, this.#fields.hash(fb, fo, fn), fb, fo, fn);
    if (record === 0) return false;
    this.#strings.read(record, view);
    return true;
  }

  /** Removes a field; false when there was none. An empty hash is the caller's to delete. */
  delete(h: Handle, fb: Uint8Array, fo: number, fn: number): boolean {
    const value = this.#records.word(h, 0);
    if (this.#records.encoding(h) === LISTPACK) {
      const listpack = this.#listpack;
      const at = listpack.find(value, listpack.first(value), fb, fo, fn, 1);
      if (at === 0) return false;
      this.#records.setWord(h, 0, listpack.remove(value, at, 2));
      return true;
    }
    const record = this.#fields.find(value, this.#fields.hash(fb, fo, fn), fb, fo, fn);
    if (record === 0) return false;
    this.#fields.removeFound(value);
    this.#freeField(record);
    return true;
  }

  /** An iterator over the pairs. The hash may not change while it is used. */
  iterator(h: Handle): HashIterator {
    const value = this.#records.word(h, 0);
    return this.#records.encoding(h) === LISTPACK
      ? new ListpackIterator(this.#listpack, value)
      : new DictionaryIterator(this.#fields, value, this.#records, this.#strings);
  }

  /** One call of HSCAN: visits about `count` pairs, answers the next cursor (0: done). A listpack is visited whole. */
  scan(h: Handle, cursor: number, count: number, visit: (field: ByteView, value: ByteView) => void): number {
    if (this.#records.encoding(h) === LISTPACK) {
      const iterator = this.iterator(h);
      while (iterator.next()) visit(iterator.field, iterator.value);
      return 0;
    }
    const dict = this.#records.word(h, 0);
    let visited = 0;
    let next = cursor;
    let steps = count * 10;
    do {
      next = this.#fields.scan(dict, next, (record) => {
        visited++;
        this.#records.readKey(record, this.#field);
        this.#strings.read(record, this.#value);
        visit(this.#field, this.#value);
      });
    } while (next !== 0 && visited < count && --steps > 0);
    return next;
  }

  /** Shows a pair, each with the same probability. The hash is not empty. */
  random(h: Handle, random: () => number, field: View, value: View): void {
    const handle = this.#records.word(h, 0);
    if (this.#records.encoding(h) === LISTPACK) {
      const at = this.#listpack.seek(handle, Math.floor(random() * (this.#listpack.length(handle) >>> 1)) * 2);
      this.#listpack.read(handle, at, field);
      this.#listpack.read(handle, this.#listpack.next(handle, at), value);
    } else {
      const record = this.#fields.random(handle, random);
      this.#records.readKey(record, field);
      this.#strings.read(record, value);
    }
  }

  encodingName(record: Handle): string {
    return this.#records.encoding(record) === LISTPACK ? 'listpack' : 'hashtable';
  }

  freeValue(record: Handle): void {
    const value = this.#records.word(record, 0);
    if (this.#records.encoding(record) === LISTPACK) this.#listpack.free(value);
    else this.#host.freeLater(value, this.#dismantle);
  }

  /** Frees the field records of one bucket of a dictionary that was handed to `freeLater`; true at the end. */
  readonly #dismantle = (dict: Handle): boolean => this.#fields.dismantle(dict, (record) => this.#freeField(record));

  detachCopy(record: Handle): void {
    const value = this.#records.word(record, 0);
    if (this.#records.encoding(record) === LISTPACK) {
      const bytes = this.#listpack.bytes(value);
      const copy = this.#arena.alloc(bytes);
      this.#arena.copyBlock(value, copy, bytes);
      this.#records.setWord(record, 0, copy);
      return;
    }
    const copy = this.#fields.create();
    this.#fields.forEach(value, (field) => {
      const size = this.#arena.sizeOf(field);
      const own = this.#arena.alloc(size);
      this.#arena.copyBlock(field, own, size);
      this.#strings.detachCopy(own);
      this.#records.readKey(own, this.#field);
      this.#fields.insert(copy, this.#fields.hash(this.#field.bytes, this.#field.offset, this.#field.length), own);
    });
    this.#records.setWord(record, 0, copy);
  }

  memory(record: Handle): number {
    const value = this.#records.word(record, 0);
    if (this.#records.encoding(record) === LISTPACK) return this.#arena.sizeOf(value);
    let bytes = this.#fields.tableBytes(value);
    this.#fields.forEach(value, (field) => {
      bytes += this.#arena.sizeOf(field) + this.#strings.memory(field);
    });
    return bytes;
  }

  #freeField(record: Handle): void {
    this.#strings.freeValue(record);
    this.#arena.free(record);
  }
}

class ListpackIterator implements HashIterator {
  readonly field = new View();
  readonly value = new View();
  readonly #listpack: Listpack;
  readonly #handle: Handle;
  #position = -1;

  constructor(listpack: Listpack, handle: Handle) {
    this.#listpack = listpack;
    this.#handle = handle;
  }

  next(): boolean {
    const listpack = this.#listpack;
    const at = this.#position < 0 ? listpack.first(this.#handle) : listpack.next(this.#handle, this.#position);
    if (at === 0) return false;
    listpack.read(this.#handle, at, this.field);
    this.#position = listpack.next(this.#handle, at);
    listpack.read(this.#handle, this.#position, this.value);
    return true;
  }
}

class DictionaryIterator implements HashIterator {
  readonly field = new View();
  readonly value = new View();
  readonly #fields: ByteDict;
  readonly #dict: Handle;
  readonly #records: Records;
  readonly #strings: Strings;
  #bucket = 0;
  #pending: Handle[] = [];

  constructor(fields: ByteDict, dict: Handle, records: Records, strings: Strings) {
    this.#fields = fields;
    this.#dict = dict;
    this.#records = records;
    this.#strings = strings;
  }

  next(): boolean {
    while (this.#pending.length === 0) {
      if (this.#bucket === this.#fields.buckets(this.#dict)) return false;
      this.#fields.forEachInBucket(this.#dict, this.#bucket++, (record) => this.#pending.push(record));
    }
    const record = this.#pending.pop() ?? 0;
    this.#records.readKey(record, this.field);
    this.#strings.read(record, this.value);
    return true;
  }
}
