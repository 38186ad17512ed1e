/** Walks over the two forms of a hash, by fields that are there: those past their time are passed over. */
import type { Handle } from './arena.js';
import type { HashFields } from './hash-fields.js';
import type { HashTriples } from './hash-triples.js';
import type { Listpack } from './listpack.js';
import { View } from './view.js';

/** Walks a hash; `field` and `value` show the pair that `next` came to. */
export interface HashIterator {
  next(): boolean;
  readonly field: View;
  readonly value: View;
  /** When the field expires, ms since epoch; -1: never. */
  readonly expireAt: number;
}

/** A listpack of pairs. */
export class PairIterator implements HashIterator {
  readonly field = new View();
  readonly value = new View();
  readonly expireAt = -1;
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

/** A listpack of triples. */
export class TripleIterator implements HashIterator {
  readonly field = new View();
  readonly value = new View();
  expireAt = -1;
  readonly #triples: HashTriples;
  readonly #handle: Handle;
  readonly #dueBefore: number;
  #next: number;

  /** @param dueBefore fields with an earlier time are not there */
  constructor(triples: HashTriples, handle: Handle, dueBefore: number) {
    this.#triples = triples;
    this.#handle = handle;
    this.#dueBefore = dueBefore;
    this.#next = triples.first(handle);
  }

  next(): boolean {
    const triples = this.#triples;
    const handle = this.#handle;
    for (let at = this.#next; at !== 0; at = triples.next(handle, at)) {
      const time = triples.time(handle, at);
      if (time !== 0 && time < this.#dueBefore) continue;
      triples.readField(handle, at, this.field);
      triples.readValue(handle, at, this.value);
      this.expireAt = time === 0 ? -1 : time;
      this.#next = triples.next(handle, at);
      return true;
    }
    this.#next = 0;
    return false;
  }
}

export class DictionaryIterator implements HashIterator {
  readonly field = new View();
  readonly value = new View();
  expireAt = -1;
  readonly #fields: HashFields;
  readonly #dict: Handle;
  readonly #dueBefore: number;
  #bucket = 0;
  readonly #pending: Handle[] = [];

  /** @param dueBefore fields with an earlier time are not there */
  constructor(fields: HashFields, dict: Handle, dueBefore: number) {
    this.#fields = fields;
    this.#dict = dict;
    this.#dueBefore = dueBefore;
  }

  next(): boolean {
    const { dicts, records, strings } = this.#fields;
    for (;;) {
      while (this.#pending.length === 0) {
        if (this.#bucket === dicts.buckets(this.#dict)) return false;
        dicts.forEachInBucket(this.#dict, this.#bucket++, this.#keep);
      }
      const record = this.#pending.pop() ?? 0;
      const time = this.#fields.time(record);
      if (time !== 0 && time < this.#dueBefore) continue;
      this.expireAt = time === 0 ? -1 : time;
      records.readKey(record, this.field);
      strings.read(record, this.value);
      return true;
    }
  }

  readonly #keep = (record: Handle): void => {
    this.#pending.push(record);
  };
}
