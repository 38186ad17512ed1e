/**
 * The tour of a sorted set: in the order of its index, because what is made of it is read faster in that order. A member
 * that is about to change or to go is shown at once; which were is a bit for each.
 *
 * Between two steps the tour stands before a member. When that one moves or goes, the tour goes on to the one behind it.
 */
import type { Handle } from './arena.js';
import { BlockSet } from './block-set.js';
import type { OrderedIndex } from './ordered-index.js';
import type { Tour } from './tour.js';

const MEMBERS_PER_STEP = 64;

export class SortedSetTour implements Tour {
  /** The index. */
  readonly root: Handle;
  readonly #index: OrderedIndex;
  readonly #scoreOf: (member: Handle) => number;
  readonly #show: (member: Handle) => void;
  readonly #ended: () => void;
  readonly #shown = new BlockSet();
  /** The member that the tour stands before, 0 at the end. */
  #next: Handle;

  constructor(
    root: Handle,
    index: OrderedIndex,
    scoreOf: (member: Handle) => number,
    show: (member: Handle) => void,
    ended: () => void,
  ) {
    this.root = root;
    this.#index = index;
    this.#scoreOf = scoreOf;
    this.#show = show;
    this.#ended = ended;
    this.#next = this.#at(0);
  }

  /** The member with this rank, 0 for none. */
  #at(rank: number): Handle {
    const index = this.#index;
    return index.seek(this.root, rank) ? index.record(index.leaf, index.slot) : 0;
  }

  /** The member is new. */
  added(member: Handle): void {
    this.#shown.add(member);
  }

  /** The member is about to get another score, or to be removed; it is still in the index. */
  willChange(member: Handle): void {
    this.#showOnce(member);
    if (member === this.#next) this.#next = this.#at(this.#index.rank(this.root, this.#scoreOf(member), member) + 1);
  }

  /** The member was taken out of the index, at this rank; its record is still there. */
  removed(member: Handle, rank: number): void {
    this.#showOnce(member);
    if (member === this.#next) this.#next = this.#at(rank);
  }

  #showOnce(member: Handle): void {
    if (this.#shown.has(member)) return;
    this.#shown.add(member);
    this.#show(member);
  }

  step(): boolean {
    const index = this.#index;
    if (this.#next === 0) return true;
    index.seek(this.root, index.rank(this.root, this.#scoreOf(this.#next), this.#next));
    let { leaf, slot } = index;
    for (let left = MEMBERS_PER_STEP; left > 0; left--) {
      this.#showOnce(index.record(leaf, slot));
      if (++slot < index.entries(leaf)) continue;
      leaf = index.next(leaf);
      slot = 0;
      if (leaf === 0) break;
    }
    this.#next = leaf === 0 ? 0 : index.record(leaf, slot);
    return leaf === 0;
  }

  end(): void {
    this.#ended();
  }
}
