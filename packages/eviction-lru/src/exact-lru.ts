/**
 * Exact least-recently-used order: a linked list by use, most recent first.
 *
 * The list holds slots, small integers that it hands out; what a slot stands for is the owner's business, who keeps it
 * in arrays of his own by slot ({@link LruMap} is such an owner). Links lie in two typed arrays, 8 bytes a slot, so
 * that a million entries are two objects to the garbage collector. Every step takes constant time, apart from growth,
 * which doubles the arrays: owners that cannot bear the pause give the capacity in advance.
 *
 * Link 0 is the list's own: its `next` is the most recent entry, its `previous` the least recent one. That makes the
 * list a ring in which no insertion or removal has a special case.
 */

/** In place of a slot: there is none. */
export const NO_SLOT = 0;

const SMALLEST = 16;
/** In `previous` of a free slot. */
const FREE = -1;

/**
 * The exact order of use over slots, integers from 0 on that the caller keeps its entries by. 8 bytes per slot; every operation
 * takes constant time.
 */
export class ExactLru {
  #previous: Int32Array;
  #next: Int32Array;
  // Free slots are chained through `next`, ending in NO_SLOT; those from `#used` on have never been handed out.
  #free = NO_SLOT;
  #used = 1;
  #size = 0;

  /** @param capacity entries to reserve room for; the list grows beyond it by itself */
  constructor(capacity = SMALLEST) {
    if (!(capacity >= 0 && capacity < 2 ** 31))
      throw new RangeError(`capacity is a number from 0 to 2^31: ${capacity}`);
    const links = Math.max(Math.ceil(capacity), SMALLEST) + 1;
    this.#previous = new Int32Array(links);
    this.#next = new Int32Array(links);
  }

  /** Entries in the list. */
  get size(): number {
    return this.#size;
  }

  /** No slot handed out so far was higher: what arrays by slot must have room for. */
  get highestSlot(): number {
    return this.#used - 1;
  }

  /** The slot used last, NO_SLOT when empty. */
  get mostRecent(): number {
    return this.#next[0]!;
  }

  /** The slot unused for longest, NO_SLOT when empty. */
  get leastRecent(): number {
    return this.#previous[0]!;
  }

  /** The slot used just before `slot` was, NO_SLOT when it is the least recent. */
  lessRecentThan(slot: number): number {
    this.#check(slot);
    return this.#next[slot]!;
  }

  /** Enters a new entry as the most recent and answers its slot, 1 or higher. Slots removed are handed out again. */
  add(): number {
    let slot = this.#free;
    if (slot !== NO_SLOT) {
      this.#free = this.#next[slot]!;
    } else {
      slot = this.#used;
      if (slot === this.#next.length) this.#grow();
      this.#used += 1;
    }
    this.#linkFirst(slot);
    this.#size += 1;
    return slot;
  }

  /** Notes a use: the entry becomes the most recent. Throws a RangeError when the slot is not in the list. */
  touch(slot: number): void {
    this.#check(slot);
    if (this.#next[0] === slot) return;
    this.#unlink(slot);
    this.#linkFirst(slot);
  }

  /** Takes an entry out. Throws a RangeError when the slot is not in the list. */
  remove(slot: number): void {
    this.#check(slot);
    this.#unlink(slot);
    this.#previous[slot] = FREE;
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.#size -= 1;
  }

  /** Takes all entries out and keeps the room. */
  clear(): void {
    this.#previous[0] = NO_SLOT;
    this.#next[0] = NO_SLOT;
    this.#free = NO_SLOT;
    this.#used = 1;
    this.#size = 0;
  }

  #linkFirst(slot: number): void {
    const first = this.#next[0]!;
    this.#next[slot] = first;
    this.#previous[slot] = 0;
    this.#previous[first] = slot;
    this.#next[0] = slot;
  }

  #unlink(slot: number): void {
    const previous = this.#previous[slot]!;
    const next = this.#next[slot]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  // A slot that was removed and is used all the same would tie the list into knots that show much later.
  #check(slot: number): void {
    if (!(slot > 0 && slot < this.#used && this.#previous[slot]! >= 0)) {
      throw new RangeError(`slot ${slot} is not in the list`);
    }
  }

  #grow(): void {
    const links = this.#next.length * 2;
    const previous = new Int32Array(links);
    const next = new Int32Array(links);
    previous.set(this.#previous);
    next.set(this.#next);
    this.#previous = previous;
    this.#next = next;
  }
}
