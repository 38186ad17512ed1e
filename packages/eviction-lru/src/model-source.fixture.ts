// A store small enough to be obviously right: records are objects, a handle is an index into an array of them.
// Deliberately hostile: handles of removed records are reused first, and `move` gives a record another handle.
import type { EvictionSource } from './eviction-source.js';

/** A seeded generator of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface ModelRecord {
  readonly db: number;
  readonly key: string;
  readonly keyBytes: Uint8Array;
  handle: number;
  lastUse: number;
  frequency: number;
  /** undefined: does not expire */
  expireAt: number | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The records of one kind (all, or volatile) of one database: removal and random choice in constant time. */
class Members {
  readonly list: ModelRecord[] = [];
  readonly #at = new Map<ModelRecord, number>();

  add(record: ModelRecord): void {
    this.#at.set(record, this.list.length);
    this.list.push(record);
  }

  remove(record: ModelRecord): void {
    const at = this.#at.get(record);
    if (at === undefined) return;
    const last = this.list.pop()!;
    if (last !== record) {
      this.list[at] = last;
      this.#at.set(last, at);
    }
    this.#at.delete(record);
  }
}

export class ModelSource implements EvictionSource {
  now = 1_000_000;
  /** All that was drawn; for the test to empty. */
  readonly drawn: { db: number; handle: number }[] = [];
  /** Draws the records added last, each once, instead of any at random. */
  newestFirst = false;
  readonly #random: () => number;
  readonly #all: Members[];
  readonly #volatile: Members[];
  readonly #byKey: Map<string, ModelRecord>[];
  readonly #records: (ModelRecord | undefined)[] = [undefined];
  readonly #freeHandles: number[] = [];

  constructor(databases: number, random: () => number) {
    this.#random = random;
    this.#all = Array.from({ length: databases }, () => new Members());
    this.#volatile = Array.from({ length: databases }, () => new Members());
    this.#byKey = Array.from({ length: databases }, () => new Map<string, ModelRecord>());
  }

  set(db: number, key: string, fields: Partial<Pick<ModelRecord, 'lastUse' | 'frequency' | 'expireAt'>> = {}): void {
    this.delete(db, key);
    const handle = this.#takeHandle();
    const record: ModelRecord = {
      db,
      key,
      keyBytes: encoder.encode(key),
      handle,
      lastUse: fields.lastUse ?? this.now,
      frequency: fields.frequency ?? 5,
      expireAt: fields.expireAt,
    };
    this.#records[handle] = record;
    this.#byKey[db]!.set(key, record);
    this.#all[db]!.add(record);
    if (record.expireAt !== undefined) this.#volatile[db]!.add(record);
  }

  get(db: number, key: string): ModelRecord | undefined {
    return this.#byKey[db]!.get(key);
  }

  delete(db: number, key: string): void {
    const record = this.get(db, key);
    if (record === undefined) return;
    this.#byKey[db]!.delete(key);
    this.#all[db]!.remove(record);
    this.#volatile[db]!.remove(record);
    this.#records[record.handle] = undefined;
    this.#freeHandles.push(record.handle);
  }

  setExpireAt(db: number, key: string, expireAt: number | undefined): void {
    const record = this.get(db, key);
    if (record === undefined) return;
    this.#volatile[db]!.remove(record);
    record.expireAt = expireAt;
    if (expireAt !== undefined) this.#volatile[db]!.add(record);
  }

  /** What a store does when a record outgrows its block: the same key, another handle. */
  move(db: number, key: string): void {
    const record = this.get(db, key);
    if (record === undefined) return;
    const handle = this.#takeHandle();
    this.#records[record.handle] = undefined;
    this.#freeHandles.push(record.handle);
    record.handle = handle;
    this.#records[handle] = record;
  }

  /** The record behind a handle, which must be one of `db` and of the living. */
  at(handle: number, db: number): ModelRecord {
    const record = this.#records[handle];
    if (record?.db !== db) throw new Error(`no record ${handle} in database ${db}`);
    return record;
  }

  records(db: number, volatileOnly: boolean): readonly ModelRecord[] {
    return (volatileOnly ? this.#volatile : this.#all)[db]!.list;
  }

  databases(): number {
    return this.#all.length;
  }

  count(db: number, volatileOnly: boolean): number {
    return this.records(db, volatileOnly).length;
  }

  sample(db: number, volatileOnly: boolean, handles: Int32Array, want: number): number {
    const records = this.records(db, volatileOnly);
    const n = this.newestFirst ? Math.min(want, records.length) : want;
    for (let i = 0; i < n; i += 1) {
      const { handle } =
        records[this.newestFirst ? records.length - 1 - i : Math.floor(this.#random() * records.length)]!;
      handles[i] = handle;
      this.drawn.push({ db, handle });
    }
    return n;
  }

  idle(handle: number, db: number): number {
    return this.now - this.at(handle, db).lastUse;
  }

  frequency(handle: number, db: number): number {
    return this.at(handle, db).frequency;
  }

  expireAt(handle: number, db: number): number {
    const { expireAt } = this.at(handle, db);
    if (expireAt === undefined) throw new Error('asked for the expiry of a record that has none');
    return expireAt;
  }

  copyKey(handle: number, db: number, target: Uint8Array, at: number, limit: number): number {
    const { keyBytes } = this.at(handle, db);
    if (keyBytes.length <= limit) target.set(keyBytes, at);
    return keyBytes.length;
  }

  find(db: number, volatileOnly: boolean, bytes: Uint8Array, offset: number, length: number): number {
    const record = this.get(db, decoder.decode(bytes.subarray(offset, offset + length)));
    if (record === undefined || (volatileOnly && record.expireAt === undefined)) return 0;
    return record.handle;
  }

  #takeHandle(): number {
    return this.#freeHandles.pop() ?? this.#records.push(undefined) - 1;
  }
}
