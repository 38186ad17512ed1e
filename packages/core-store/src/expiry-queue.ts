/**
 * Which record expires first: priority queues of records that have room for an expiry, in the arena.
 *
 * A queue is a heap with four children to a node, of nothing but handles (4 bytes per record). A record knows its place
 * in it, so that it can leave or change its time without a search: the lower 24 bits of the place are kept where keys have
 * their access clock, the upper 8 in the expiry's high word, of which a time up to 2^46 - 1 ms leaves 18 bits free.
 *
 * So this is not for keys. It serves the fields of a hash, and the hashes of a database that have such fields (through
 * the record that describes each, see `hash-expiry.ts`). A record is in one queue at a time.
 *
 * ```
 * queue       word 0: records; word 1: directory
 * directory   handles of segments
 * segment     handles of 1,024 records; the first one doubles up to that
 * ```
 */
import type { Arena, Handle } from './arena.js';

/** The last moment that an expiry of a record in a queue can name, ms since epoch. */
export const LAST_QUEUED_TIME = 2 ** 46 - 1;

const SEGMENT_RECORDS = 1024;
const TIME_HIGH = 0x3fff;

/**
 * Heaps of records by time, in an arena: which field of a hash, or which hash, is the next to expire. Times are milliseconds
 * since the epoch, up to `LAST_QUEUED_TIME`.
 */
export class ExpiryQueue {
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A new empty queue. */
  create(): Handle {
    const arena = this.#arena;
    const segment = arena.alloc(8);
    const directory = arena.alloc(8);
    arena.i32[directory >>> 19]![(directory & 0x7ffff) << 1] = segment;
    const q = arena.alloc(8);
    const words = arena.i32[q >>> 19]!;
    const w = (q & 0x7ffff) << 1;
    words[w] = 0;
    words[w + 1] = directory;
    return q;
  }

  /** Frees the queue; the records are not its own. */
  free(q: Handle): void {
    const arena = this.#arena;
    const segments = this.#segments(this.count(q));
    for (let i = 0; i < segments; i++) arena.free(this.#segment(q, i));
    arena.free(this.#directory(q));
    arena.free(q);
  }

  count(q: Handle): number {
    return this.#arena.i32[q >>> 19]![(q & 0x7ffff) << 1]!;
  }

  /** The record that expires first, 0 when there is none. */
  first(q: Handle): Handle {
    return this.count(q) === 0 ? 0 : this.#at(q, 0);
  }

  /** When a record expires, ms since epoch, in a queue or not. */
  time(record: Handle): number {
    const words = this.#arena.i32[record >>> 19]!;
    const e = expiryWord(words, (record & 0x7ffff) << 1);
    return (words[e + 1]! & TIME_HIGH) * 4294967296 + (words[e]! >>> 0);
  }

  /** Sets the time of a record that is in no queue. */
  setTime(record: Handle, ms: number): void {
    const words = this.#arena.i32[record >>> 19]!;
    const e = expiryWord(words, (record & 0x7ffff) << 1);
    words[e] = ms | 0;
    words[e + 1] = Math.floor(ms / 4294967296);
  }

  /** Adds a record with the time that it has. */
  add(q: Handle, record: Handle): void {
    const n = this.count(q);
    this.#makeRoom(q, n);
    this.#setCount(q, n + 1);
    this.#rise(q, n, record, this.time(record));
  }

  /** Takes a record out. */
  remove(q: Handle, record: Handle): void {
    const hole = this.#place(record);
    const n = this.count(q) - 1;
    const last = this.#at(q, n);
    this.#setCount(q, n);
    if (hole !== n) this.#settle(q, hole, last, this.time(last));
    this.#giveBack(q, n);
  }

  /** Gives a record that is in the queue another time. */
  update(q: Handle, record: Handle, ms: number): void {
    const words = this.#arena.i32[record >>> 19]!;
    const e = expiryWord(words, (record & 0x7ffff) << 1);
    words[e] = ms | 0;
    words[e + 1] = (words[e + 1]! & ~TIME_HIGH) | Math.floor(ms / 4294967296);
    this.#settle(q, this.#place(record), record, ms);
  }

  /** Puts a record in the place of one that is in the queue; it gets the other's time. */
  replace(q: Handle, old: Handle, created: Handle): void {
    this.setTime(created, this.time(old));
    this.#put(q, this.#place(old), created);
  }

  /** How many records expire before this time. Looks at them and their children only. */
  countBefore(q: Handle, time: number): number {
    return this.#countFrom(q, 0, this.count(q), time);
  }

  #countFrom(q: Handle, at: number, n: number, time: number): number {
    if (at >= n || this.time(this.#at(q, at)) >= time) return 0;
    let found = 1;
    for (let child = at * 4 + 1; child <= at * 4 + 4; child++) found += this.#countFrom(q, child, n, time);
    return found;
  }

  /** Bytes of the queue's blocks. */
  bytes(q: Handle): number {
    const arena = this.#arena;
    let sum = arena.sizeOf(q) + arena.sizeOf(this.#directory(q));
    const segments = this.#segments(this.count(q));
    for (let i = 0; i < segments; i++) sum += arena.sizeOf(this.#segment(q, i));
    return sum;
  }

  // ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Puts a record where it belongs, beginning at a place that is free for it. */
  #settle(q: Handle, place: number, record: Handle, time: number): void {
    if (place > 0 && this.time(this.#at(q, (place - 1) >>> 2)) > time) this.#rise(q, place, record, time);
    else this.#sink(q, place, record, time);
  }

  #rise(q: Handle, place: number, record: Handle, time: number): void {
    let at = place;
    while (at > 0) {
      const parent = (at - 1) >>> 2;
      const above = this.#at(q, parent);
      if (this.time(above) <= time) break;
      this.#put(q, at, above);
      at = parent;
    }
    this.#put(q, at, record);
  }

  #sink(q: Handle, place: number, record: Handle, time: number): void {
    const n = this.count(q);
    let at = place;
    for (;;) {
      const begin = at * 4 + 1;
      const end = Math.min(begin + 4, n);
      let earliest = time;
      let to = -1;
      for (let child = begin; child < end; child++) {
        const childTime = this.time(this.#at(q, child));
        if (childTime >= earliest) continue;
        earliest = childTime;
        to = child;
      }
      if (to < 0) break;
      this.#put(q, at, this.#at(q, to));
      at = to;
    }
    this.#put(q, at, record);
  }

  // ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #at(q: Handle, place: number): Handle {
    const segment = this.#segment(q, place >>> 10);
    return this.#arena.i32[segment >>> 19]![((segment & 0x7ffff) << 1) + (place & 1023)]!;
  }

  #put(q: Handle, place: number, record: Handle): void {
    const segment = this.#segment(q, place >>> 10);
    this.#arena.i32[segment >>> 19]![((segment & 0x7ffff) << 1) + (place & 1023)] = record;
    const words = this.#arena.i32[record >>> 19]!;
    const w = (record & 0x7ffff) << 1;
    const e = expiryWord(words, w);
    words[w] = (words[w]! & ~0xffffff) | (place & 0xffffff);
    words[e + 1] = (words[e + 1]! & TIME_HIGH) | ((place >>> 24) << 16);
  }

  #place(record: Handle): number {
    const words = this.#arena.i32[record >>> 19]!;
    const w = (record & 0x7ffff) << 1;
    return (words[w]! & 0xffffff) | ((words[expiryWord(words, w) + 1]! >>> 16) << 24);
  }

  // ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #setCount(q: Handle, n: number): void {
    this.#arena.i32[q >>> 19]![(q & 0x7ffff) << 1] = n;
  }

  #directory(q: Handle): Handle {
    return this.#arena.i32[q >>> 19]![((q & 0x7ffff) << 1) + 1]!;
  }

  #segment(q: Handle, index: number): Handle {
    const directory = this.#directory(q);
    return this.#arena.i32[directory >>> 19]![((directory & 0x7ffff) << 1) + index]!;
  }

  #setSegment(q: Handle, index: number, segment: Handle): void {
    const directory = this.#directory(q);
    this.#arena.i32[directory >>> 19]![((directory & 0x7ffff) << 1) + index] = segment;
  }

  /** How many segments a queue of so many records has. */
  #segments(n: number): number {
    return Math.max(1, Math.ceil(n / SEGMENT_RECORDS));
  }

  /** Makes sure that there is a place `n`, those below it being taken. */
  #makeRoom(q: Handle, n: number): void {
    const arena = this.#arena;
    if (n < SEGMENT_RECORDS) {
      const segment = this.#segment(q, 0);
      const size = arena.sizeOf(segment);
      if (n * 4 === size) this.#setSegment(q, 0, arena.resize(segment, size * 2, size));
      return;
    }
    if ((n & (SEGMENT_RECORDS - 1)) !== 0) return;
    const index = n / SEGMENT_RECORDS;
    const directory = this.#directory(q);
    if (index * 4 >= arena.sizeOf(directory)) {
      arena.i32[q >>> 19]![((q & 0x7ffff) << 1) + 1] = arena.resize(directory, index * 8, index * 4);
    }
    this.#setSegment(q, index, arena.alloc(SEGMENT_RECORDS * 4));
  }

  /** Gives back what a queue of now `n` records does not need. */
  #giveBack(q: Handle, n: number): void {
    const arena = this.#arena;
    if (n >= SEGMENT_RECORDS) {
      if ((n & (SEGMENT_RECORDS - 1)) === 0) arena.free(this.#segment(q, n / SEGMENT_RECORDS));
      return;
    }
    const segment = this.#segment(q, 0);
    const size = arena.sizeOf(segment);
    // A quarter, not half: or adding and removing in turns would move it each time.
    if (size > 8 && n * 16 <= size) this.#setSegment(q, 0, arena.resize(segment, size >>> 1, size >>> 1));
  }
}

/** Index of the first word of a record's expiry. @param w index of its first word */
function expiryWord(words: Int32Array, w: number): number {
  return w + ((words[w]! & 0x08000000) === 0 ? 2 : 4);
}
