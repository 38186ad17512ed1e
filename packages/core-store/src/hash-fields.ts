/** The fields of big hashes: records in a dictionary, those that expire with room for it. Plain hashes and others share this. */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { ExpiryQueue } from './expiry-queue.js';
import { type Records, StringEncoding, ValueType } from './record.js';
import type { Strings } from './strings.js';
import type { ValueHost } from './value-host.js';
import { View } from './view.js';

export class HashFields {
  readonly dicts: ByteDict;
  readonly records: Records;
  readonly strings: Strings;
  readonly queue: ExpiryQueue;
  readonly #arena: Arena;
  readonly #view = new View();

  constructor(host: ValueHost) {
    this.#arena = host.arena;
    this.records = host.records;
    this.strings = host.strings;
    this.dicts = host.newDict();
    this.queue = new ExpiryQueue(host.arena);
  }

  /** When a field expires, ms since epoch; 0: never. */
  time(record: Handle): number {
    return this.records.hasExpiry(record) ? this.queue.time(record) : 0;
  }

  /** A record for this field. @param time ms since epoch, 0: it stays */
  create(field: View, value: View, time: number): Handle {
    const { bytes, offset, length } = field;
    const record = this.strings.create(
      bytes,
      offset,
      length,
      value.bytes,
      value.offset,
      value.length,
      time !== 0,
      false,
    );
    if (time !== 0) this.queue.setTime(record, time);
    return record;
  }

  /** Adds a record whose field is not in the dictionary. */
  insert(dict: Handle, record: Handle): void {
    const view = this.#view;
    this.records.readKey(record, view);
    this.dicts.insert(dict, this.dicts.hash(view.bytes, view.offset, view.length), record);
  }

  /** Takes a record out of its dictionary, and frees it. */
  remove(dict: Handle, record: Handle): void {
    const view = this.#view;
    this.records.readKey(record, view);
    this.dicts.locate(dict, this.dicts.hash(view.bytes, view.offset, view.length), record);
    this.dicts.removeFound(dict);
    this.free(record);
  }

  /** The record once more, with or without room for an expiry; it takes over the value, and the old one is freed. */
  withExpiry(record: Handle, expires: boolean): Handle {
    const { records } = this;
    const key = this.#view;
    records.readKey(record, key);
    const encoding = records.encoding(record);
    const inline = encoding !== StringEncoding.apart;
    const length = records.valueLength(record);
    const { bytes, offset } = key;
    const created = records.create(bytes, offset, key.length, ValueType.string, encoding, length, expires, !inline);
    const from = inline ? records.inlineOffset(record) : records.valueWord(record) << 2;
    const to = inline ? records.inlineOffset(created) : records.valueWord(created) << 2;
    this.#arena.u8[created >>> 19]!.set(this.#arena.u8[record >>> 19]!.subarray(from, from + length), to);
    this.#arena.free(record);
    return created;
  }

  /** A dictionary with copies of all records. `copied` sees each with its original. */
  copy(dict: Handle, copied: (own: Handle, original: Handle) => void): Handle {
    const copy = this.dicts.create();
    this.dicts.forEach(dict, (record) => {
      const size = this.#arena.sizeOf(record);
      const own = this.#arena.alloc(size);
      this.#arena.copyBlock(record, own, size);
      this.strings.detachCopy(own);
      copied(own, record);
      this.insert(copy, own);
    });
    return copy;
  }

  /** Bytes of the dictionary and its records. @param samples see `ValueOperations.memory` */
  bytes(dict: Handle, samples: number): number {
    const sizeOf = (record: Handle): number => this.#arena.sizeOf(record) + this.strings.memory(record);
    return this.dicts.tableBytes(dict) + this.dicts.recordBytes(dict, samples, sizeOf);
  }

  readonly free = (record: Handle): void => {
    this.strings.freeValue(record);
    this.#arena.free(record);
  };
}
