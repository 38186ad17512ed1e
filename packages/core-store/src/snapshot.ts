/**
 * A snapshot without fork: visits every record as it was when the snapshot began, in slices, while writes go on.
 *
 * Each bucket of the key dictionaries carries the epoch in which it was visited or written last. The walk visits the
 * buckets of the old epoch; a write to one that it has not reached yet visits that bucket first. So each record is
 * shown exactly once, in its old state, in no particular order. Flushed databases are kept until the end.
 */
import type { Handle } from './arena.js';
import type { Keyspace } from './keyspace.js';

/** Called with each record, the number its database had at the start, and the snapshot's own view of it. */
export type SnapshotVisitor = (database: number, record: Handle) => void;

export class Snapshot {
  readonly #space: Keyspace;
  readonly #visit: SnapshotVisitor;
  readonly #dicts: { dict: Handle; database: number }[];
  readonly #byDict = new Map<Handle, number>();
  #current = 0;
  #bucket = 0;
  #done = false;

  /** Use `Keyspace.beginSnapshot`. */
  constructor(space: Keyspace, visit: SnapshotVisitor) {
    this.#space = space;
    this.#visit = visit;
    this.#dicts = space.databases
      .filter((db) => db.size > 0)
      .map((db) => ({ dict: db.keysDictionary, database: db.index }));
    for (const { dict, database } of this.#dicts) this.#byDict.set(dict, database);
    space.keys.observer = (dict, bucket) => this.#show(dict, bucket);
  }

  #show(dict: Handle, bucket: number): void {
    const database = this.#byDict.get(dict);
    // A database that was empty at the start, or made by a flush since.
    if (database === undefined) return;
    this.#space.keys.forEachInBucket(dict, bucket, (record) => this.#visit(database, record));
  }

  /** Visits until `outOfTime` says so (asked after each bucket); true when all is visited. */
  step(outOfTime: () => boolean): boolean {
    const keys = this.#space.keys;
    while (!this.#done) {
      const entry = this.#dicts[this.#current];
      if (entry === undefined) {
        this.end();
        break;
      }
      if (this.#bucket >= keys.buckets(entry.dict)) {
        this.#current++;
        this.#bucket = 0;
        continue;
      }
      keys.observe(entry.dict, this.#bucket++);
      if (outOfTime()) break;
    }
    return this.#done;
  }

  /** Ends it, finished or not. */
  end(): void {
    if (this.#done) return;
    this.#done = true;
    this.#space.endSnapshot();
  }
}
