import type { Arena, Handle } from './arena.js';
import type { Listpack } from './listpack.js';
import { StreamCursor } from './stream-cursor.js';
import type { StreamDirectory } from './stream-directory.js';
import { StreamId } from './stream-id.js';
import type { View } from './view.js';

/** Walks entries between two ids. The stream may not change while it is used. */
export interface StreamIterator {
  /** Goes to the next entry that is not deleted; false at the end. */
  next(): boolean;
  readonly id: StreamId;
  /** Field/value pairs of the entry. */
  readonly fields: number;
  /** Shows the next pair of the entry in `field` and `value`; false behind the last. */
  nextField(): boolean;
  readonly field: View;
  readonly value: View;
}

export class RangeIterator extends StreamCursor implements StreamIterator {
  readonly #header: Handle;
  readonly #nodes: number;
  readonly #from = new StreamId();
  readonly #to = new StreamId();
  readonly #backwards: boolean;
  #done: boolean;

  constructor(
    arena: Arena,
    listpack: Listpack,
    directory: StreamDirectory,
    header: Handle,
    from: StreamId,
    to: StreamId,
    backwards: boolean,
  ) {
    super(arena, listpack, directory);
    this.#header = header;
    this.#nodes = directory.count(header);
    this.#from.copy(from);
    this.#to.copy(to);
    this.#backwards = backwards;
    this.#done = this.#nodes === 0 || from.compare(to) > 0;
    if (!this.#done) this.open(header, Math.max(directory.find(header, backwards ? to : from), 0));
  }

  next(): boolean {
    if (this.#done) return false;
    for (;;) {
      // Ends at the first entry of the range, or where there is none any more.
      const step = this.#backwards ? this.#before() : this.#after();
      if (step !== 0) {
        this.#done = step < 0;
        return step > 0;
      }
      const index = this.#backwards ? this.index - 1 : this.index + 1;
      if (index < 0 || index === this.#nodes) {
        this.#done = true;
        return false;
      }
      this.open(this.#header, index);
    }
  }

  /** Positive: an entry was found; negative: there are none any more; 0: none in this node. */
  #after(): number {
    while (this.forward()) {
      if (this.isDeleted) continue;
      if (this.id.compare(this.#to) > 0) return -1;
      if (this.id.compare(this.#from) >= 0) return 1;
    }
    return 0;
  }

  #before(): number {
    while (this.backward()) {
      if (this.isDeleted) continue;
      if (this.id.compare(this.#from) < 0) return -1;
      if (this.id.compare(this.#to) <= 0) return 1;
    }
    return 0;
  }
}
