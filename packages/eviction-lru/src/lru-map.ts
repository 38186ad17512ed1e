/**
 * A map that forgets what was used least recently: a cache for anything, bounded by entries, by size, or by both.
 *
 * A `Map` finds the slot of a key, {@link ExactLru} keeps the slots in order of use, and keys, values and sizes lie in
 * arrays by slot: no object per entry besides what the `Map` needs.
 */
import { ExactLru, NO_SLOT } from './exact-lru.js';

/** Bounds of an `LruMap`; a bound that is not given is no bound. */
export interface LruMapOptions<K, V> {
  /** Most entries kept. Not bounded by default. */
  readonly max?: number;
  /** Most size kept, the sum of `sizeOf` over all entries. Not bounded by default. */
  readonly maxSize?: number;
  /** The size of an entry, an integer of 0 or more, asked once when it is set. 1 by default. */
  readonly sizeOf?: (value: V, key: K) => number;
  /** Told of each entry that left for lack of room (not of those deleted, cleared or overwritten), after it has left. */
  readonly onEvict?: (key: K, value: V) => void;
}

/**
 * A map that drops what was used longest ago when it holds more than `max` entries, or more than `maxSize` in sum.
 *
 * ```ts
 * const pages = new LruMap<string, string>({ max: 10_000 });
 * pages.set('/', 'welcome');
 * pages.get('/'); // a use; peek and has are none
 * ```
 * @throws {RangeError} from the constructor when a bound is none
 */
export class LruMap<K, V> implements Iterable<[K, V]> {
  readonly max: number;
  readonly maxSize: number;
  readonly #sizeOf: ((value: V, key: K) => number) | undefined;
  readonly #onEvict: ((key: K, value: V) => void) | undefined;
  readonly #slots = new Map<K, number>();
  readonly #order = new ExactLru();
  // By slot; `undefined` where the slot is free, so that nothing is kept alive.
  #keys: (K | undefined)[] = [undefined];
  #values: (V | undefined)[] = [undefined];
  #sizes: number[] = [0];
  #totalSize = 0;

  /** Throws a RangeError when `max` or `maxSize` is negative or not a number. */
  constructor(options: LruMapOptions<K, V> = {}) {
    this.max = options.max ?? Infinity;
    this.maxSize = options.maxSize ?? Infinity;
    if (!(this.max >= 0)) throw new RangeError('max must be 0 or more');
    if (!(this.maxSize >= 0)) throw new RangeError('maxSize must be 0 or more');
    this.#sizeOf = options.sizeOf;
    this.#onEvict = options.onEvict;
  }

  /** Entries held. */
  get size(): number {
    return this.#slots.size;
  }

  /** Sum of the sizes of the entries held. */
  get totalSize(): number {
    return this.#totalSize;
  }

  /** The value of `key`, which counts as a use. */
  get(key: K): V | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    this.#order.touch(slot);
    return this.#values[slot];
  }

  /** The value of `key`, which stays where it is in the order. */
  peek(key: K): V | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : this.#values[slot];
  }

  /** Whether `key` is held; not a use. */
  has(key: K): boolean {
    return this.#slots.has(key);
  }

  /**
   * Sets a value, which counts as a use, then lets the least recently used entries go until all limits hold again.
   * An entry that is over a limit all by itself costs no other its place: it is evicted at once, and the value that it
   * was to replace is gone too.
   * Throws a RangeError, and changes nothing, when `sizeOf` answers anything but an integer of 0 or more.
   */
  set(key: K, value: V): this {
    const size = this.#sizeOf === undefined ? 1 : this.#sizeOf(value, key);
    // Integers, so that the total is 0 again when all entries are gone.
    if (!(Number.isSafeInteger(size) && size >= 0)) throw new RangeError('sizeOf must answer an integer of 0 or more');
    if (size > this.maxSize || this.max < 1) {
      this.delete(key);
      this.#onEvict?.(key, value);
      return this;
    }
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#order.add();
      this.#slots.set(key, slot);
      this.#keys[slot] = key;
      this.#sizes[slot] = 0;
    } else {
      this.#order.touch(slot);
    }
    this.#totalSize += size - this.#sizes[slot]!;
    this.#sizes[slot] = size;
    this.#values[slot] = value;
    while (this.#slots.size > this.max || this.#totalSize > this.maxSize) this.#evict();
    return this;
  }

  /** Removes an entry; whether there was one. */
  delete(key: K): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.#release(key, slot);
    return true;
  }

  /** Removes all entries. */
  clear(): void {
    this.#slots.clear();
    this.#order.clear();
    this.#keys = [undefined];
    this.#values = [undefined];
    this.#sizes = [0];
    this.#totalSize = 0;
  }

  /**
   * Entries, most recently used first; walking is not a use. The entry just handed out may be used or deleted while
   * walking; after any other change the walk may miss or repeat entries, or throw a RangeError.
   */
  *entries(): IterableIterator<[K, V]> {
    let slot = this.#order.mostRecent;
    while (slot !== NO_SLOT) {
      const next = this.#order.lessRecentThan(slot);
      yield [this.#keys[slot] as K, this.#values[slot] as V];
      slot = next;
    }
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  #evict(): void {
    const slot = this.#order.leastRecent;
    const key = this.#keys[slot] as K;
    const value = this.#values[slot] as V;
    this.#release(key, slot);
    this.#onEvict?.(key, value);
  }

  #release(key: K, slot: number): void {
    this.#slots.delete(key);
    this.#order.remove(slot);
    this.#totalSize -= this.#sizes[slot]!;
    this.#keys[slot] = undefined;
    this.#values[slot] = undefined;
  }
}
