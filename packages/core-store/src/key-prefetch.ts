/**
 * Looks at the keys of several requests before the first of them is executed, so that their cache misses overlap.
 *
 * A lookup in a large keyspace waits for memory twice: for the bucket, then for the record. One request after the other,
 * that is most of the time of a pipelined GET. But the requests of one read are all there already: hashing them first,
 * then touching all buckets, then all records, lets the processor wait for many lines at once (measured with 1M keys,
 * pipeline 64: see `docs/benchmarks.md`). It changes nothing but the caches; a wrong guess costs a few nanoseconds.
 *
 * The hashes are kept, so that the lookups that follow need not compute them again.
 */
import type { ByteDict } from './byte-dict.js';
import type { Handle } from './arena.js';

/** Below this many keys a keyspace fits into the caches anyway. */
const WORTHWHILE = 4096;

const NO_BYTES = new Uint8Array(0);

/**
 * Looks at the keys of several requests together before the first is executed, so that the processor waits for memory once and
 * not for each: `keyspace.prefetch`.
 */
export class KeyPrefetch {
  /** Most requests at a time. */
  static readonly capacity = 32;

  readonly #keys: ByteDict;
  // What is known of each request: of its key, and `capacity` places further on of its field or member.
  readonly #hashes = new Int32Array(2 * KeyPrefetch.capacity);
  readonly #offsets = new Int32Array(2 * KeyPrefetch.capacity);
  readonly #lengths = new Int32Array(2 * KeyPrefetch.capacity).fill(-1);
  readonly #members = new Int32Array(KeyPrefetch.capacity);
  #bytes: Uint8Array = NO_BYTES;
  #count = 0;
  /** Which of the requests is running; set before each of them. */
  current = 0;

  constructor(keys: ByteDict) {
    this.#keys = keys;
  }

  /** Begins a batch of requests whose keys are all in `bytes`, which must not change before `end`. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#count = 0;
    this.current = 0;
  }

  /** The key of the next request, or whatever may be its key; a length of -1: it has none. */
  add(offset: number, length: number): void {
    this.#know(this.#count, offset, length, length < 0 ? 0 : this.#keys.hash(this.#bytes, offset, length));
    this.#lengths[this.#count++ + KeyPrefetch.capacity] = -1;
  }

  /** As `add`, of a key with the same bytes as that of the request before. */
  addAgain(offset: number, length: number): void {
    this.#know(this.#count, offset, length, this.#hashes[this.#count - 1]!);
    this.#lengths[this.#count++ + KeyPrefetch.capacity] = -1;
  }

  #know(i: number, offset: number, length: number, hash: number): void {
    this.#offsets[i] = offset;
    this.#lengths[i] = length;
    this.#hashes[i] = hash;
  }

  /** Touches what the lookups of these keys will need. */
  run(dict: Handle): void {
    if (this.#keys.count(dict) >= WORTHWHILE) this.#keys.warm(dict, this.#hashes, this.#count);
  }

  /**
   * Touches what lookups of the requests' fields or members in one dictionary will need; answers how many records
   * `candidates` has then: 0 when the dictionary is not worth it.
   */
  warmMembers(dict: Handle, offsets: Int32Array, lengths: Int32Array): number {
    const count = this.#count;
    if (this.#keys.count(dict) < WORTHWHILE) return 0;
    const members = this.#members;
    for (let i = 0; i < count; i++) {
      const hash = this.#keys.hash(this.#bytes, offsets[i]!, lengths[i]!);
      members[i] = hash;
      this.#know(i + KeyPrefetch.capacity, offsets[i]!, lengths[i]!, hash);
    }
    this.#keys.warm(dict, members, count);
    return count;
  }

  /** The records that `warmMembers` came to, by the number of the request, 0 for none: very likely those that will be found. */
  get candidates(): Int32Array {
    return this.#keys.warmed;
  }

  /** The hash of a key, field or member: the kept one, if it is the running request's. */
  hash(bytes: Uint8Array, offset: number, length: number): number {
    if (bytes === this.#bytes) {
      const i = this.current;
      if (this.#offsets[i] === offset && this.#lengths[i] === length) return this.#hashes[i]!;
      const m = i + KeyPrefetch.capacity;
      if (this.#offsets[m] === offset && this.#lengths[m] === length) return this.#hashes[m]!;
    }
    return this.#keys.hash(bytes, offset, length);
  }

  /** The bytes may change from now on. */
  end(): void {
    this.#bytes = NO_BYTES;
    this.current = 0;
  }
}
