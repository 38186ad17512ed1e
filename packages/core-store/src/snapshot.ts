/**
 * A snapshot without fork: visits every record as it was when the snapshot began, in slices, while writes go on.
 *
 * Each bucket of the key dictionaries carries the epoch in which it was visited or written last. The walk visits the
 * buckets of the old epoch; a write to one that it has not reached yet visits that bucket first. So each record is
 * shown exactly once, in its old state, in no particular order. Flushed databases are kept until the end.
 *
 * A big value is not shown with its bucket: a tour of it begins (`tour.ts`), and the walk makes one after the other. What is
 * written to the value before its turn has come shows parts of it earlier. What of it is dropped waits for the tour's end.
 */
import type { Handle } from './arena.js';
import type { Keyspace } from './keyspace.js';
import type { PartVisitor, Tour } from './tour.js';

/** Who sees all records, with the number that the database of each had at the start. */
export interface SnapshotVisitor {
  /** A record that is shown in one go. */
  record(database: number, record: Handle): void;
  /**
   * A record with a big value, which is shown in parts from now on. They come between those of other values and other records,
   * because of writes; the values themselves end in the order in which they began. Nothing of the record but the parts may
   * be read later.
   */
  parts(database: number, record: Handle): PartVisitor;
}

interface TourUnderWay {
  readonly tour: Tour;
  readonly parts: PartVisitor;
}

/**
 * A walk over everything as it was when `keyspace.beginSnapshot` was called, while writing goes on. Call `step` until it
 * returns true.
 */
export class Snapshot {
  readonly #space: Keyspace;
  readonly #visitor: SnapshotVisitor;
  readonly #dicts: { dict: Handle; database: number }[];
  readonly #byDict = new Map<Handle, number>();
  #current = 0;
  #bucket = 0;
  #done = false;
  /** In the order in which they began. */
  readonly #tours = new Set<TourUnderWay>();
  /** How to free what a tour still shows, by its root: undefined while it is not dropped. */
  readonly #kept = new Map<Handle, (() => void) | undefined>();

  /** Use `Keyspace.beginSnapshot`. */
  constructor(space: Keyspace, visitor: SnapshotVisitor) {
    this.#space = space;
    this.#visitor = visitor;
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
    this.#space.keys.forEachInBucket(dict, bucket, (record) => {
      if (!this.#beginTour(database, record)) this.#visitor.record(database, record);
    });
  }

  /** False when the value is small. */
  #beginTour(database: number, record: Handle): boolean {
    let parts: PartVisitor | undefined;
    const begin = (): PartVisitor => (parts = this.#visitor.parts(database, record));
    const tour = this.#space.operations(record).tour?.(record, begin);
    if (tour === undefined || parts === undefined) return false;
    this.#tours.add({ tour, parts });
    if (tour.root !== 0) this.#kept.set(tour.root, undefined);
    return true;
  }

  #endTour(each: TourUnderWay): void {
    const { tour } = each;
    this.#tours.delete(each);
    tour.end();
    const free = this.#kept.get(tour.root);
    this.#kept.delete(tour.root);
    free?.();
  }

  /** Keeps what is dropped while a tour with this root shows it; false when there is none. @param free called at the end */
  keep(root: Handle, free: () => void): boolean {
    if (!this.#kept.has(root)) return false;
    this.#kept.set(root, free);
    return true;
  }

  /** Visits until `outOfTime` says so (asked after each bucket or part); true when all is visited. */
  step(outOfTime: () => boolean): boolean {
    while (!this.#done) {
      const [first] = this.#tours;
      if (first !== undefined) {
        if (first.tour.step()) {
          this.#endTour(first);
          first.parts.end();
        }
      } else if (!this.#visitBucket()) {
        this.end();
        break;
      }
      if (outOfTime()) break;
    }
    return this.#done;
  }

  /** False when there are no more. */
  #visitBucket(): boolean {
    const keys = this.#space.keys;
    for (;;) {
      const entry = this.#dicts[this.#current];
      if (entry === undefined) return false;
      if (this.#bucket < keys.buckets(entry.dict)) {
        keys.observe(entry.dict, this.#bucket++);
        return true;
      }
      this.#current++;
      this.#bucket = 0;
    }
  }

  /** Ends it, finished or not. */
  end(): void {
    if (this.#done) return;
    this.#done = true;
    for (const each of this.#tours) this.#endTour(each);
    this.#space.endSnapshot();
  }
}
