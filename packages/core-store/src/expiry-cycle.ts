/**
 * The active expiry cycle: removes keys that are past their time though nobody asks for them.
 *
 * It walks over the dictionaries of volatile keys, bucket by bucket, and goes on where it stopped last time. As in Redis
 * (`expire.c`), it keeps at a database as long as more than a tenth of what it looked at was due (less with more `effort`), and stops when the
 * time budget is used up: the more is expired, the more it does.
 *
 * Fields of hashes need no search: each database has a queue of the hashes that have such, each hash one of its fields. They
 * get up to half of the budget, so that neither many fields nor many keys keep the other ones waiting.
 */
import type { Handle } from './arena.js';
import type { Database } from './database.js';
import type { Keyspace } from './keyspace.js';

/** Records looked at before the share of due ones is considered, and how many more with each step of effort. */
const BATCH = 20;
const BATCH_STEP = 5;
/** Share of due keys, in percent, that a cycle leaves without the least effort; one less with each step. */
const ACCEPTABLE_STALE = 10;
/** Fields of one hash that are removed between two looks at the clock. */
const FIELDS_AT_ONCE = 64;
/** Buckets passed for each record looked for, before an almost empty table is left for the next time. */
const BUCKETS_PER_RECORD = 20;

/**
 * Removes keys, and fields of hashes, that are past their time, without anyone asking for them: `keyspace.activeExpireCycle`.
 */
export class ExpiryCycle {
  readonly #space: Keyspace;
  readonly #due: Handle[] = [];
  #database = 0;
  #fieldDatabase = 0;
  // What one batch saw.
  #looked = 0;
  #ttlSum = 0;
  #alive = 0;
  /** Estimate of the share of volatile keys that are due but still there, in percent. */
  stalePercent = 0;
  /** 0 to 9, `active-expire-effort` less one: how much it looks at in one go, and how few due keys it puts up with. */
  effort = 0;
  /** How often a cycle ended because its time was used up. */
  timeLimitReached = 0;

  constructor(space: Keyspace) {
    this.#space = space;
  }

  /** Works for about `budgetMs` at most; answers how many keys it removed. */
  run(budgetMs: number): number {
    const space = this.#space;
    const start = space.elapsed();
    const cut = this.#expireFields(start + budgetMs / 2);
    if (cut) this.timeLimitReached++;
    let removed = 0;
    let looked = 0;
    const databases = space.databases.length;
    const acceptable = (ACCEPTABLE_STALE - this.effort) / 100;
    for (let i = 0; i < databases; i++) {
      const db = space.databases[this.#database]!;
      // Now, so that the next cycle begins with the next database when this one takes up all the time.
      this.#database = (this.#database + 1) % databases;
      let share = 1;
      while (share > acceptable && db.volatileSize > 0) {
        const gone = this.#batch(db);
        removed += gone;
        looked += this.#looked;
        share = this.#looked === 0 ? 0 : gone / this.#looked;
        if (space.elapsed() - start >= budgetMs) {
          if (!cut) this.timeLimitReached++;
          this.#estimate(removed, looked);
          return removed;
        }
      }
    }
    this.#estimate(removed, looked);
    return removed;
  }

  /** Removes fields past their time; true when the time was over before there were none. */
  #expireFields(end: number): boolean {
    const { databases } = this.#space;
    for (let i = 0; i < databases.length; i++) {
      const db = databases[this.#fieldDatabase]!;
      this.#fieldDatabase = (this.#fieldDatabase + 1) % databases.length;
      for (let h = db.hashWithDueFields(); h !== 0; h = db.hashWithDueFields()) {
        db.locate(h);
        db.expireFields(h, FIELDS_AT_ONCE);
        if (this.#space.elapsed() >= end) return true;
      }
    }
    return false;
  }

  #estimate(removed: number, looked: number): void {
    const now = looked === 0 ? 0 : (removed / looked) * 100;
    this.stalePercent = now * 0.05 + this.stalePercent * 0.95;
  }

  #batch(db: Database): number {
    const space = this.#space;
    const dict = db.volatileDictionary;
    this.#looked = 0;
    this.#ttlSum = 0;
    this.#alive = 0;
    this.#due.length = 0;
    // Once around at most: a record seen twice would be removed twice.
    const batch = BATCH + BATCH_STEP * this.effort;
    const most = Math.min(batch * BUCKETS_PER_RECORD, space.volatile.buckets(dict));
    for (let passed = 0; passed < most && this.#looked < batch; passed++) {
      if (db.expiryBucket >= space.volatile.buckets(dict)) db.expiryBucket = 0;
      space.volatile.forEachInBucket(dict, db.expiryBucket++, this.#look);
    }
    for (const record of this.#due) db.removeRecord(record, 'expired');
    if (this.#alive > 0) {
      const mean = this.#ttlSum / this.#alive;
      db.averageTtl = db.averageTtl === 0 ? mean : db.averageTtl * 0.98 + mean * 0.02;
    }
    return this.#due.length;
  }

  readonly #look = (record: Handle): void => {
    const remaining = this.#space.records.expireAt(record) - this.#space.now;
    this.#looked++;
    if (remaining < 0) {
      this.#due.push(record);
    } else {
      this.#ttlSum += remaining;
      this.#alive++;
    }
  };
}
