/**
 * Descriptors: what the value area of a key's record points to when the key is a hash with fields that expire.
 *
 * A descriptor is a record itself, without a key. Its expiry is the earliest time of the fields (0: none expires), and as
 * such it stands in the queue of the database, where the hashes are found that have something to expire. The key's record
 * may move; the descriptor does not.
 *
 * ```
 * words 0–3   header of a record, expiry included
 * word 4      the listpack of triples, or the dictionary
 * word 5      queue of the fields of a dictionary that expire; 0 while there is none
 * word 6      the key's record
 * word 7      queue of the database that the hash is in; 0 while it is in none
 * ```
 */
import type { Arena, Handle } from './arena.js';
import type { ExpiryQueue } from './expiry-queue.js';
import { type Records, ValueType } from './record.js';

const VALUE = 4;
const FIELD_QUEUE = 5;
const OWNER = 6;
const DATABASE_QUEUE = 7;
const VALUE_BYTES = 16;

const NO_KEY = new Uint8Array(0);

export class HashDescriptors {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #queue: ExpiryQueue;

  constructor(arena: Arena, records: Records, queue: ExpiryQueue) {
    this.#arena = arena;
    this.#records = records;
    this.#queue = queue;
  }

  /** A descriptor of a hash in no database, none of whose fields expires. */
  create(owner: Handle, value: Handle): Handle {
    const d = this.#records.create(NO_KEY, 0, 0, ValueType.hash, 0, VALUE_BYTES, true, true);
    this.#queue.setTime(d, 0);
    this.#setWord(d, VALUE, value);
    this.#setWord(d, FIELD_QUEUE, 0);
    this.#setWord(d, OWNER, owner);
    this.#setWord(d, DATABASE_QUEUE, 0);
    return d;
  }

  /** Frees it, and the queue of its fields; it is in no database, and its value is gone. */
  free(d: Handle): void {
    const q = this.#word(d, FIELD_QUEUE);
    if (q !== 0) this.#queue.free(q);
    this.#arena.free(d);
  }

  /** Bytes of what `free` frees. */
  bytes(d: Handle): number {
    const q = this.#word(d, FIELD_QUEUE);
    return this.#arena.sizeOf(d) + (q === 0 ? 0 : this.#queue.bytes(q));
  }

  #word(d: Handle, word: number): number {
    return this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + word]!;
  }

  #setWord(d: Handle, word: number, value: number): void {
    this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + word] = value;
  }

  /** The listpack or dictionary. */
  value(d: Handle): Handle {
    return this.#word(d, VALUE);
  }

  setValue(d: Handle, value: Handle): void {
    this.#setWord(d, VALUE, value);
  }

  /** The key's record. */
  owner(d: Handle): Handle {
    return this.#word(d, OWNER);
  }

  setOwner(d: Handle, owner: Handle): void {
    this.#setWord(d, OWNER, owner);
  }

  // ── fields of a dictionary ────────────────────────────────────────────────────────────────────────────────────────

  /** Queue of the fields that expire, 0 while there is none. */
  fieldQueue(d: Handle): Handle {
    return this.#word(d, FIELD_QUEUE);
  }

  /** Adds a field's record, which has its time already. */
  joinFields(d: Handle, record: Handle): void {
    let q = this.#word(d, FIELD_QUEUE);
    if (q === 0) {
      q = this.#queue.create();
      this.#setWord(d, FIELD_QUEUE, q);
    }
    this.#queue.add(q, record);
  }

  leaveFields(d: Handle, record: Handle): void {
    const q = this.#word(d, FIELD_QUEUE);
    this.#queue.remove(q, record);
    if (this.#queue.count(q) > 0) return;
    this.#queue.free(q);
    this.#setWord(d, FIELD_QUEUE, 0);
  }

  /** Earliest time in that queue, 0 when there is none. */
  earliestField(d: Handle): number {
    const q = this.#word(d, FIELD_QUEUE);
    return q === 0 ? 0 : this.#queue.time(this.#queue.first(q));
  }

  // ── the database ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The hash comes into a database. */
  attach(d: Handle, databaseQueue: Handle): void {
    this.#setWord(d, DATABASE_QUEUE, databaseQueue);
    if (this.time(d) !== 0) this.#queue.add(databaseQueue, d);
  }

  /** The hash leaves its database. */
  detach(d: Handle): void {
    if (this.time(d) !== 0) this.#queue.remove(this.#word(d, DATABASE_QUEUE), d);
    this.#setWord(d, DATABASE_QUEUE, 0);
  }

  /** The earliest time of a field, ms since epoch; 0 when none expires. */
  time(d: Handle): number {
    return this.#queue.time(d);
  }

  /** Sets that time; the hash joins, leaves or changes its place in the queue of its database. */
  setTime(d: Handle, time: number): void {
    const queue = this.#queue;
    const before = queue.time(d);
    if (time === before) return;
    const databaseQueue = this.#word(d, DATABASE_QUEUE);
    if (databaseQueue === 0) {
      queue.setTime(d, time);
    } else if (time === 0) {
      queue.remove(databaseQueue, d);
      queue.setTime(d, 0);
    } else if (before === 0) {
      queue.setTime(d, time);
      queue.add(databaseQueue, d);
    } else {
      queue.update(databaseQueue, d, time);
    }
  }
}
