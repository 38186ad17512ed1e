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

export class KeyPrefetch {
  /** Most keys at a time. */
  static readonly capacity = 32;

  readonly #keys: ByteDict;
  readonly #hashes = new Int32Array(KeyPrefetch.capacity);
  readonly #offsets = new Int32Array(KeyPrefetch.capacity);
  readonly #lengths = new Int32Array(KeyPrefetch.capacity).fill(-1);
  readonly #members = new Int32Array(KeyPrefetch.capacity);
  #bytes: Uint8Array = NO_BYTES;
  #count = 0;
  /** Which of the keys the running request has; set before each request. */
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
    const i = this.#count++;
    this.#offsets[i] = offset;
    this.#lengths[i] = length;
    this.#hashes[i] = length < 0 ? 0 : this.#keys.hash(this.#bytes, offset, length);
  }

  /** Touches what the lookups of these keys will need. */
  run(dict: Handle): void {
    if (this.#keys.count(dict) >= WORTHWHILE) this.#keys.warm(dict, this.#hashes, this.#count);
  }

  /** Touches what lookups of `count` fields or members in one dictionary will need. */
  warmMembers(dict: Handle, bytes: Uint8Array, offsets: Int32Array, lengths: Int32Array, count: number): void {
    if (this.#keys.count(dict) < WORTHWHILE) return;
    const hashes = this.#members;
    for (let i = 0; i < count; i++) hashes[i] = this.#keys.hash(bytes, offsets[i]!, lengths[i]!);
    this.#keys.warm(dict, hashes, count);
  }

  /** The hash of a key: the kept one, if it is the running request's. */
  hash(bytes: Uint8Array, offset: number, length: number): number {
    const i = this.current;
    if (this.#offsets[i] === offset && this.#lengths[i] === length && this.#bytes === bytes) return this.#hashes[i]!;
    return this.#keys.hash(bytes, offset, length);
  }

  /** The bytes may change from now on. */
  end(): void {
    this.#bytes = NO_BYTES;
    this.current = 0;
  }
}
