/**
 * The nodes of an ordered index: what stands where in them, searching in one, and moving entries within and between them.
 *
 * ```
 * node    words 0 entries, 1 next leaf, 2 previous leaf, then the entries
 * leaf    entry: score (double, words 0–1), record (word 2)
 * inner   entry: score and record of the first entry below the child (the separator), child (word 3), entries below (4)
 * ```
 *
 * The separator of an inner node's first child is never read and may name a record that is gone; all others are exact.
 */
import type { Arena, Handle } from './arena.js';
import type { Records } from './record.js';

const NODE_BYTES = 1024;
/** Words before the first entry. */
const FIRST = 3;
const NEXT = 1;
const PREVIOUS = 2;
/** Words of an entry of an inner node. The stride that methods take is this, or 3 for a leaf. */
const INNER = 5;
/** Below so many words a loop is faster than `copyWithin`. */
const SHORT_MOVE = 48;

export class IndexNodes {
  readonly #arena: Arena;
  readonly #records: Records;

  constructor(arena: Arena, records: Records) {
    this.#arena = arena;
    this.#records = records;
  }

  score(leaf: Handle, slot: number): number {
    return this.#arena.data[leaf >>> 19]!.getFloat64(((leaf & 0x7ffff) << 3) + 12 + slot * 12, true);
  }

  record(leaf: Handle, slot: number): Handle {
    return this.#arena.i32[leaf >>> 19]![((leaf & 0x7ffff) << 1) + 5 + slot * 3]!;
  }

  /** Some word of the record of an entry: reading it loads the record. */
  firstWord(leaf: Handle, slot: number): number {
    return this.#records.meta(this.record(leaf, slot));
  }

  /** Reads every second of a node's cache lines: a search then waits for one more at most. */
  touch(node: Handle): number {
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    return (
      words[w]! ^
      words[w + 32]! ^
      words[w + 64]! ^
      words[w + 96]! ^
      words[w + 128]! ^
      words[w + 160]! ^
      words[w + 192]! ^
      words[w + 224]!
    );
  }

  /** Entries below the children `[from, to)`. */
  sum(inner: Handle, from: number, to: number): number {
    const words = this.#arena.i32[inner >>> 19]!;
    const counts = ((inner & 0x7ffff) << 1) + 7;
    let sum = 0;
    for (let at = counts + from * 5, end = counts + to * 5; at < end; at += 5) sum += words[at]!;
    return sum;
  }

  /**
   * First of the entries from `from` on that is not before (score, key of `record`); with `orEqual`, that is after it.
   * Equal is only the record itself.
   */
  bound(node: Handle, from: number, stride: number, score: number, record: Handle, orEqual: boolean): number {
    const words = this.#arena.i32[node >>> 19]!;
    const data = this.#arena.data[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    let low = from;
    let high = words[w]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = w + 3 + middle * stride;
      const s = data.getFloat64(at << 2, true);
      let before = s < score;
      if (s === score) {
        const other = words[at + 2]!;
        before = other === record ? orEqual : this.compare(other, record) < 0;
      }
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  boundOfScore(node: Handle, from: number, stride: number, score: number, orEqual: boolean): number {
    const data = this.#arena.data[node >>> 19]!;
    const at = ((node & 0x7ffff) << 3) + 12;
    const bytes = stride << 2;
    let low = from;
    let high = this.get(node, 0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const s = data.getFloat64(at + middle * bytes, true);
      if (s < score || (orEqual && s === score)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  boundOfKey(
    node: Handle,
    from: number,
    stride: number,
    b: Uint8Array,
    o: number,
    n: number,
    orEqual: boolean,
  ): number {
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    let low = from;
    let high = words[w]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compareTo(words[w + 5 + middle * stride]!, b, o, n);
      if (order < 0 || (orEqual && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  compare(a: Handle, b: Handle): number {
    return this.#compareTo(a, this.#arena.u8[b >>> 19]!, this.#records.keyOffset(b), this.#records.keyLength(b));
  }

  /** The key of a record against other bytes: negative, 0 or positive. */
  #compareTo(record: Handle, b: Uint8Array, o: number, n: number): number {
    const bytes = this.#arena.u8[record >>> 19]!;
    const at = this.#records.keyOffset(record);
    const length = this.#records.keyLength(record);
    const common = length < n ? length : n;
    for (let i = 0; i < common; i++) {
      const difference = bytes[at + i]! - b[o + i]!;
      if (difference !== 0) return difference;
    }
    return length - n;
  }

  create(): Handle {
    const node = this.#arena.alloc(NODE_BYTES);
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    words[w] = 0;
    words[w + NEXT] = 0;
    words[w + PREVIOUS] = 0;
    return node;
  }

  get(block: Handle, word: number): number {
    return this.#arena.i32[block >>> 19]![((block & 0x7ffff) << 1) + word]!;
  }

  set(block: Handle, word: number, value: number): void {
    this.#arena.i32[block >>> 19]![((block & 0x7ffff) << 1) + word] = value;
  }

  child(inner: Handle, slot: number): Handle {
    return this.#arena.i32[inner >>> 19]![((inner & 0x7ffff) << 1) + 6 + slot * 5]!;
  }

  countBelow(inner: Handle, slot: number): number {
    return this.#arena.i32[inner >>> 19]![((inner & 0x7ffff) << 1) + 7 + slot * 5]!;
  }

  addToCount(inner: Handle, slot: number, n: number): void {
    const at = ((inner & 0x7ffff) << 1) + 7 + slot * 5;
    const words = this.#arena.i32[inner >>> 19]!;
    words[at] = words[at]! + n;
  }

  writeEntry(node: Handle, slot: number, stride: number, score: number, record: Handle): void {
    const at = entryWord(node, slot, stride);
    this.#arena.data[node >>> 19]!.setFloat64(at << 2, score, true);
    this.#arena.i32[node >>> 19]![at + 2] = record;
  }

  copySeparator(from: Handle, i: number, stride: number, inner: Handle, slot: number): void {
    const source = this.#arena.i32[from >>> 19]!;
    const target = this.#arena.i32[inner >>> 19]!;
    const s = entryWord(from, i, stride);
    const t = entryWord(inner, slot, INNER);
    target[t] = source[s]!;
    target[t + 1] = source[s + 1]!;
    target[t + 2] = source[s + 2]!;
  }

  /** Makes a gap for an entry. */
  open(node: Handle, slot: number, stride: number): void {
    const n = this.get(node, 0);
    this.shift(node, slot, slot + 1, n - slot, stride);
    this.set(node, 0, n + 1);
  }

  /** Closes the gap that `count` entries leave. */
  close(node: Handle, slot: number, count: number, stride: number): void {
    const n = this.get(node, 0);
    this.shift(node, slot + count, slot, n - slot - count, stride);
    this.set(node, 0, n - count);
  }

  /** Moves `n` entries within a node. */
  shift(node: Handle, from: number, to: number, n: number, stride: number): void {
    const words = this.#arena.i32[node >>> 19]!;
    const f = entryWord(node, from, stride);
    const t = entryWord(node, to, stride);
    const length = n * stride;
    if (length > SHORT_MOVE) {
      words.copyWithin(t, f, f + length);
    } else if (to > from) {
      for (let i = length - 1; i >= 0; i--) words[t + i] = words[f + i]!;
    } else {
      for (let i = 0; i < length; i++) words[t + i] = words[f + i]!;
    }
  }

  /** Copies `n` entries of a node into another. */
  copy(from: Handle, i: number, to: Handle, j: number, n: number, stride: number): void {
    const f = entryWord(from, i, stride);
    const source = this.#arena.i32[from >>> 19]!.subarray(f, f + n * stride);
    this.#arena.i32[to >>> 19]!.set(source, entryWord(to, j, stride));
  }
}

/** Index of the first word of an entry. */
export function entryWord(node: Handle, slot: number, stride: number): number {
  return ((node & 0x7ffff) << 1) + FIRST + slot * stride;
}
