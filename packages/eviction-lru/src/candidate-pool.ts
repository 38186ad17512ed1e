/**
 * The best candidates seen so far, kept between evictions.
 *
 * Five random keys are a poor sample, but the good ones among them that are not needed now are remembered and compete
 * again next time: this is what brings sampled LRU close to exact LRU (Redis 3.0's idea, and its 16 places).
 *
 * Between two evictions the store changes: records move, vanish, are used, and their handles are given to others. So a
 * place remembers a record by database and *copy of its key*, and its handle counts only in the round in which it was
 * seen. A key that is too long to copy is a guest: it competes in its own round, by handle, and leaves before the next.
 *
 * A place is an index into parallel typed arrays that are filled and refilled; nothing is allocated after construction.
 */

/** Places in the pool (Redis's EVPOOL_SIZE). */
export const POOL_SIZE = 16;

/** Longest key in bytes that is copied (Redis's EVPOOL_CACHED_SDS_SIZE). */
export const POOL_KEY_LIMIT = 255;

export class CandidatePool {
  /** Entries held. */
  size = 0;

  /** By place: what is known of the entry there. */
  readonly score = new Float64Array(POOL_SIZE);
  readonly db = new Int32Array(POOL_SIZE);
  readonly handle = new Int32Array(POOL_SIZE);
  /** May exceed POOL_KEY_LIMIT: then the key was not copied and the entry is a guest. */
  readonly keyLength = new Float64Array(POOL_SIZE);
  /** Key copies: that of place p starts at p * POOL_KEY_LIMIT. */
  readonly keys = new Uint8Array(POOL_SIZE * POOL_KEY_LIMIT);

  // A permutation of all places: [0, size) hold entries with ascending scores, the rest are free.
  readonly #order = Uint8Array.from({ length: POOL_SIZE }, (_, place) => place);
  // The round in which the entry was seen; counted in doubles, so that it never comes round again.
  readonly #seen = new Float64Array(POOL_SIZE);
  #round = 0;
  #hasGuests = false;

  /** Handles seen before this call are no longer trusted. */
  beginRound(): void {
    this.#round += 1;
    if (this.#hasGuests) this.#dismissGuests();
  }

  /** Whether the handle at `place` was seen in this round. */
  isCurrent(place: number): boolean {
    return this.#seen[place] === this.#round;
  }

  /**
   * Enters a candidate and answers its place, for the caller to copy the key there and report its length by
   * {@link named}; -1 if the pool is full of better ones. Among equals the one that came first goes first.
   */
  offer(score: number, db: number, handle: number): number {
    this.#forget(db, handle);
    const order = this.#order;
    let rank = 0;
    while (rank < this.size && this.score[order[rank]!]! < score) rank += 1;

    let place: number;
    if (this.size < POOL_SIZE) {
      place = order[this.size]!;
      for (let i = this.size; i > rank; i -= 1) order[i] = order[i - 1]!;
      this.size += 1;
    } else {
      if (rank === 0) return -1;
      place = order[0]!;
      rank -= 1;
      for (let i = 0; i < rank; i += 1) order[i] = order[i + 1]!;
    }
    order[rank] = place;
    this.score[place] = score;
    this.db[place] = db;
    this.handle[place] = handle;
    this.#seen[place] = this.#round;
    return place;
  }

  /** Completes {@link offer}: the length of the candidate's key. */
  named(place: number, keyLength: number): void {
    this.keyLength[place] = keyLength;
    if (keyLength > POOL_KEY_LIMIT) this.#hasGuests = true;
  }

  /** Takes the entry with the highest score out; what is known at its place stays readable until the next offer. */
  takeBest(): number {
    this.size -= 1;
    return this.#order[this.size]!;
  }

  /** The highest score held. Only when `size` is not 0. */
  bestScore(): number {
    return this.score[this.#order[this.size - 1]!]!;
  }

  // One record in two places would halve the pool, and an entry whose handle now names another record is stale.
  #forget(db: number, handle: number): void {
    for (let rank = 0; rank < this.size; rank += 1) {
      const place = this.#order[rank]!;
      if (this.handle[place] === handle && this.db[place] === db) {
        this.#remove(rank);
        return;
      }
    }
  }

  #remove(rank: number): void {
    const order = this.#order;
    const place = order[rank]!;
    this.size -= 1;
    for (let i = rank; i < this.size; i += 1) order[i] = order[i + 1]!;
    order[this.size] = place;
  }

  #dismissGuests(): void {
    for (let rank = this.size - 1; rank >= 0; rank -= 1) {
      if (this.keyLength[this.#order[rank]!]! > POOL_KEY_LIMIT) this.#remove(rank);
    }
    this.#hasGuests = false;
  }
}
