import type { Arena, Handle } from './arena.js';
import type { Listpack } from './listpack.js';
import type { OrderedIndex } from './ordered-index.js';
import type { Records } from './record.js';
import type { SortedListpack } from './sorted-listpack.js';
import { View } from './view.js';

/** Records that are loaded at a time. */
const WARMED = 8;

/** Stands on a member of a sorted set; moves in the order of (score, member). The set may not change meanwhile. */
export class SortedSetCursor {
  readonly member: View = new View();
  score = 0;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #pairs: SortedListpack;
  readonly #index: OrderedIndex;
  #small = true;
  #value: Handle = 0;
  /** The leaf of an index, and the slot in it; or the position in the listpack. */
  #leaf: Handle = 0;
  #at = 0;
  /** Where the walk will go: 1 or -1 entry per step; 0: not said. */
  #direction = 0;
  /** Entries ahead whose records are loaded. */
  #warmed = 0;
  readonly #warmth = new Int32Array(1);

  constructor(arena: Arena, records: Records, listpack: Listpack, pairs: SortedListpack, index: OrderedIndex) {
    this.#arena = arena;
    this.#records = records;
    this.#listpack = listpack;
    this.#pairs = pairs;
    this.#index = index;
  }

  /** For `SortedSets`: goes to another set. */
  open(record: Handle): void {
    this.#small = this.#records.encoding(record) === 0;
    this.#value = this.#records.word(record, 0);
  }

  /**
   * Goes to the member with this rank (0 is the lowest); false when there is none.
   * @param direction 1 or -1 if several members will be visited from there on: then they are loaded several at a time,
   * so that the waits for memory overlap
   */
  seek(rank: number, direction = 0): boolean {
    if (this.#small) return rank >= 0 && this.#showPair(this.#pairs.seek(this.#value, rank));
    const index = this.#index;
    if (!index.seek(this.#value, rank)) return false;
    this.#leaf = index.leaf;
    this.#at = index.slot;
    this.#direction = direction;
    this.#warmed = 0;
    this.#showEntry();
    return true;
  }

  next(): boolean {
    if (this.#small) return this.#showPair(this.#pairs.next(this.#value, this.#at));
    const index = this.#index;
    if (++this.#at === index.entries(this.#leaf)) {
      const leaf = index.next(this.#leaf);
      if (leaf === 0) {
        this.#at--;
        return false;
      }
      this.#leaf = leaf;
      this.#at = 0;
      this.#warmed = 0;
    }
    this.#showEntry();
    return true;
  }

  previous(): boolean {
    if (this.#small) return this.#showPair(this.#pairs.previous(this.#value, this.#at));
    if (this.#at === 0) {
      const leaf = this.#index.previous(this.#leaf);
      if (leaf === 0) return false;
      this.#leaf = leaf;
      this.#at = this.#index.entries(leaf);
      this.#warmed = 0;
    }
    this.#at--;
    this.#showEntry();
    return true;
  }

  #showPair(pair: number): boolean {
    if (pair === 0) return false;
    this.#at = pair;
    this.score = this.#pairs.score(this.#value, pair);
    this.#listpack.read(this.#value, pair, this.member);
    return true;
  }

  #showEntry(): void {
    if (this.#direction !== 0 && this.#warmed-- === 0) this.#warm();
    const record = this.#index.record(this.#leaf, this.#at);
    this.score = this.#index.score(this.#leaf, this.#at);
    this.#records.readKey(record, this.member);
    this.member.data = this.#arena.data[record >>> 19]!;
  }

  /** Touches the records of the next entries in this leaf. */
  #warm(): void {
    const left = this.#direction > 0 ? this.#index.entries(this.#leaf) - this.#at : this.#at + 1;
    const n = left < WARMED ? left : WARMED;
    let sum = 0;
    for (let i = 0, slot = this.#at; i < n; i++, slot += this.#direction)
      sum ^= this.#records.meta(this.#index.record(this.#leaf, slot));
    // Kept, or the compiler would drop the reads.
    this.#warmth[0] = sum;
    this.#warmed = n - 1;
  }
}
