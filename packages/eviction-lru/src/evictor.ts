/**
 * Names the record that goes next.
 *
 * Ranked policies (LRU, LFU, TTL) work as Redis's: each call draws `samples` candidates from every database into a
 * pool of the best seen, and takes the best of the pool. One thing differs. Redis evicts a pooled key if it still
 * exists, even when it has been used since it was pooled; here a pooled key is scored again when its turn comes, and
 * leaves the pool if that no longer makes it the best. It costs one look-up per eviction, which finding the record by
 * its key needs anyway.
 *
 * Random policies visit the databases in turn, so that a small database is not spared by a large one.
 */
import { CandidatePool, POOL_KEY_LIMIT } from './candidate-pool.js';
import type { EvictionSource } from './eviction-source.js';
import type { EvictionPolicy, Score } from './policy.js';

/** A record to be removed. */
export interface Victim {
  readonly db: number;
  readonly handle: number;
}

/** How an evictor chooses. */
export interface EvictorOptions {
  readonly policy: EvictionPolicy;
  /**
   * Candidates drawn from each database per eviction, 1 or more; above 1024 as 1024 (`maxmemory-samples`; Redis's
   * default is 5).
   */
  readonly samples: number;
}

/** Beyond this a sample costs more than it tells; `maxmemory-samples` may be set as high as 2^31 - 1. */
const MOST_SAMPLES = 1024;

/**
 * Names who is to go next when memory is full, after one of Redis's policies, over any store.
 *
 * ```ts
 * const evictor = new Evictor(source, { policy: findPolicy('allkeys-lru'), samples: 5 });
 * const victim = evictor.next(); // { db, handle }, or undefined: nobody may go
 * ```
 *
 * Removing the victim is the caller's. What `next` returns is overwritten by the next call, which allocates nothing.
 */
export class Evictor {
  /**
   * May be replaced at any time. Candidates that the old policy left in the pool do no harm: each is looked at with the
   * new policy's eyes before it goes.
   */
  policy: EvictionPolicy;
  readonly #source: EvictionSource;
  readonly #pool = new CandidatePool();
  // The one object that next() answers with.
  readonly #victim = { db: 0, handle: 0 };
  #samples = 0;
  #handles = new Int32Array(0);
  #lastDatabase = 0;

  /** @throws {RangeError | TypeError} when `samples` is not a positive integer, or there is no policy */
  constructor(source: EvictionSource, options: EvictorOptions) {
    const given: { readonly policy: EvictionPolicy | undefined } = options;
    if (given.policy === undefined) throw new TypeError('policy is undefined: findPolicy knows no policy of that name');
    this.#source = source;
    this.policy = options.policy;
    this.samples = options.samples;
  }

  get samples(): number {
    return this.#samples;
  }

  set samples(samples: number) {
    if (!Number.isInteger(samples) || samples < 1) throw new RangeError('samples must be a positive integer');
    this.#samples = samples;
    this.#handles = new Int32Array(Math.min(samples, MOST_SAMPLES));
  }

  /**
   * The record to remove next, `undefined` when no candidate is left. The answer is one object, overwritten by the
   * next call; its handle is good until the store changes. It is up to the caller to remove the record: called again
   * without that, `next` may name it again.
   */
  next(): Victim | undefined {
    const { candidates, score } = this.policy;
    if (candidates === 'none') return undefined;
    const volatileOnly = candidates === 'volatile';
    return score === undefined ? this.#nextInTurn(volatileOnly) : this.#nextRanked(volatileOnly, score);
  }

  #nextInTurn(volatileOnly: boolean): Victim | undefined {
    const databases = this.#source.databases();
    for (let tried = 0; tried < databases; tried += 1) {
      const db = (this.#lastDatabase + 1) % databases;
      this.#lastDatabase = db;
      if (this.#source.count(db, volatileOnly) === 0) continue;
      if (this.#source.sample(db, volatileOnly, this.#handles, 1) > 0) return this.#name(db, this.#handles[0]!);
    }
    return undefined;
  }

  #nextRanked(volatileOnly: boolean, score: Score): Victim | undefined {
    const pool = this.#pool;
    pool.beginRound();
    if (!this.#sampleAll(volatileOnly, score)) return undefined;
    // Each call takes one out at least, so there was room for the best of these samples: there the loop ends at last.
    while (pool.size > 0) {
      const place = pool.takeBest();
      const db = pool.db[place]!;
      if (pool.isCurrent(place)) return this.#name(db, pool.handle[place]!);

      const at = place * POOL_KEY_LIMIT;
      const handle = this.#source.find(db, volatileOnly, pool.keys, at, pool.keyLength[place]!);
      if (handle === 0) continue;
      if (score(this.#source, handle, db) >= pool.bestScore()) return this.#name(db, handle);
    }
    return undefined;
  }

  /** Fills the pool from every database; false when there was nothing to draw from. */
  #sampleAll(volatileOnly: boolean, score: Score): boolean {
    const source = this.#source;
    const handles = this.#handles;
    const databases = source.databases();
    let drawn = 0;
    for (let db = 0; db < databases; db += 1) {
      if (source.count(db, volatileOnly) === 0) continue;
      const n = source.sample(db, volatileOnly, handles, handles.length);
      for (let i = 0; i < n; i += 1) this.#consider(handles[i]!, db, score);
      drawn += n;
    }
    return drawn > 0;
  }

  #consider(handle: number, db: number, score: Score): void {
    const pool = this.#pool;
    const place = pool.offer(score(this.#source, handle, db), db, handle);
    if (place < 0) return;
    pool.named(place, this.#source.copyKey(handle, db, pool.keys, place * POOL_KEY_LIMIT, POOL_KEY_LIMIT));
  }

  #name(db: number, handle: number): Victim {
    this.#victim.db = db;
    this.#victim.handle = handle;
    return this.#victim;
  }
}
