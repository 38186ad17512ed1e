/**
 * What was dropped but not freed yet: dictionaries of flushed databases and of deleted big values. Freed bucket by
 * bucket, so that no client waits for the end of ten million records.
 */
import type { Handle } from './arena.js';

/** Frees one bucket's worth of a dictionary; true when it is gone. */
export type Dismantle = (dict: Handle) => boolean;

export class LazyFree {
  readonly #queue: { dict: Handle; dismantle: Dismantle; held: boolean }[] = [];

  /** @param held a snapshot that is under way may still want to see it */
  add(dict: Handle, dismantle: Dismantle, held: boolean): void {
    this.#queue.push({ dict, dismantle, held });
  }

  /** Dictionaries that wait. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Frees until `outOfTime` says so, or, unless `all`, down to what is held; true when something is left. */
  run(outOfTime: () => boolean, all: boolean): boolean {
    for (let step = 0; ; step++) {
      const last = this.#queue.at(-1);
      if (last === undefined) return false;
      if (last.held && !all) return true;
      if ((step & 15) === 15 && outOfTime()) return true;
      // Dismantling may queue the values it comes upon: they are then last, and go first.
      if (last.dismantle(last.dict)) this.#queue.splice(this.#queue.lastIndexOf(last), 1);
    }
  }

  /** Forgets everything: the arena was reset. */
  clear(): void {
    this.#queue.length = 0;
  }
}
