import type { Arena, Handle } from './arena.js';
import type { Listpack } from './listpack.js';
import type { OrderedIndex } from './ordered-index.js';
import { type Records, ValueType } from './record.js';
import type { SortedListpack } from './sorted-listpack.js';
import { View } from './view.js';

/** Records that are loaded at a time. */
const WARMED = 8;
/** Walks over fewer members do not say where they go: loading ahead would not pay. */
const WORTH_WARMING = 4;

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
    this.#small = this.#records.encodingAs(ValueType.zset, record) === 0;
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

  /** Whether the set has an index: then `seekScores` is there for it. */
  get isIndexed(): boolean {
    return !this.#small;
  }

  /**
   * Goes to the first of the members with a score from `min` to `max`, or in descending order to the last of them; answers
   * how many there are, `most` at most: it looks at no more. An end that is open leaves its score out.
   */
  seekScores(min: number, minOpen: boolean, max: number, maxOpen: boolean, reverse: boolean, most: number): number {
    const index = this.#index;
    const found = reverse
      ? index.seekScoreBackwards(this.#value, max, maxOpen)
      : index.seekScore(this.#value, min, minOpen);
    if (!found) return 0;
    this.#leaf = index.leaf;
    this.#at = index.slot;
    const count = reverse ? this.#countDown(min, minOpen, most) : this.#countUp(max, maxOpen, most);
    if (count === 0) return 0;
    this.#direction = count < WORTH_WARMING ? 0 : reverse ? -1 : 1;
    this.#warmed = 0;
    this.#showEntry();
    return count;
  }

  /** How many entries from here on have a score not above `max` or, if that is open, below it; `most` at most. */
  #countUp(max: number, open: boolean, most: number): number {
    const index = this.#index;
    let leaf = this.#leaf;
    let at = this.#at;
    for (let count = 0; count < most; count++) {
      if (at === index.entries(leaf)) {
        leaf = index.next(leaf);
        at = 0;
        if (leaf === 0) return count;
      }
      const score = index.score(leaf, at++);
      if (score > max || (open && score === max)) return count;
    }
    return most;
  }

  #countDown(min: number, open: boolean, most: number): number {
    const index = this.#index;
    let leaf = this.#leaf;
    let at = this.#at;
    for (let count = 0; count < most; count++) {
      if (at < 0) {
        leaf = index.previous(leaf);
        if (leaf === 0) return count;
        at = index.entries(leaf) - 1;
      }
      const score = index.score(leaf, at--);
      if (score < min || (open && score === min)) return count;
    }
    return most;
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
