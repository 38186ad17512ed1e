/**
 * Ordered indexes: records in the order of (score, key bytes), with ranks; what sorted sets walk and count in.
 *
 * A B+ tree whose inner nodes know how many entries are below each child ("counted"), so that the rank of an entry and
 * the entry at a rank cost one descent. Scores stand in the nodes themselves; keys are looked at, in the record, only
 * where scores are equal: a search among different scores touches no record at all.
 *
 * ```
 * node    words 0 entries, 1 next leaf, 2 previous leaf, then the entries
 * leaf    entry: score (double, words 0–1), record (word 2)
 * inner   entry: score and record of the first entry below the child (the separator), child (word 3), entries below (4)
 * ```
 *
 * The separator of an inner node's first child is never read and may name a record that is gone; all others are exact.
 *
 * **Fill.** A full leaf first shares with a neighbor that has room, and splits in half only when there is none; at the
 * two ends of the index a split leaves the full leaf as it is, so that entries that come in order fill leaves completely.
 * A leaf that becomes a third full merges with a neighbor, or takes half of what that one has more.
 *
 * An index is a header block of four words, of which the first is its owner's. This class holds no state of an index
 * between calls but where `seek` went. Records are neither made nor freed here.
 */
import type { Arena, Handle } from './arena.js';
import type { Records } from './record.js';

// Words of the header; word 0 belongs to the owner.
const ROOT = 1;
/** Levels of inner nodes above the leaves. */
const HEIGHT = 2;
const COUNT = 3;
const HEADER_BYTES = 16;

const NODE_BYTES = 1024;
/** Words before the first entry. */
const FIRST = 3;
const NEXT = 1;
const PREVIOUS = 2;
/** Words of an entry. */
const LEAF = 3;
const INNER = 5;
/** Entries of a full node. */
export const LEAF_MOST = 84;
export const INNER_MOST = 50;
/** Below so many, a node is joined with a neighbor. */
const LEAF_FEW = 28;
const INNER_FEW = 16;
/** Two neighbors that have no more together become one; the rest is room for what comes next. */
const LEAF_MERGED = 74;
const INNER_MERGED = 44;
/** A neighbor must have so much room to be shared with: to move single entries again and again would not pay. */
const ROOM_TO_SHARE = 8;
/** Below so many words a loop is faster than `copyWithin`. */
const SHORT_MOVE = 48;

/** Twice what 2^32 entries need. */
const MAX_HEIGHT = 32;

export class OrderedIndex {
  readonly #arena: Arena;
  readonly #records: Records;
  // The way of the last descent, from the leaf (0) up to the root: nodes, and which entry of each.
  readonly #nodes = new Int32Array(MAX_HEIGHT);
  readonly #slots = new Int32Array(MAX_HEIGHT);

  /** The leaf that `seek` went to, and the entry in it. */
  leaf: Handle = 0;
  slot = 0;
  /** Records that `removeRun` took out. */
  readonly removed = new Int32Array(LEAF_MOST);

  constructor(arena: Arena, records: Records) {
    this.#arena = arena;
    this.#records = records;
  }

  /** An empty index. The first word of its header is 0. */
  create(): Handle {
    const x = this.#arena.allocZeroed(HEADER_BYTES);
    const root = this.#createNode();
    this.#set(x, ROOT, root);
    return x;
  }

  count(x: Handle): number {
    return this.#get(x, COUNT);
  }

  // ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Adds a record that is not in the index. */
  insert(x: Handle, score: number, record: Handle): void {
    this.#descend(x, score, record);
    if (this.#get(this.#nodes[0]!, 0) === LEAF_MOST) this.#makeRoomInLeaf(x);
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    this.#open(leaf, slot, LEAF);
    this.#writeEntry(leaf, slot, LEAF, score, record);
    this.#addToCounts(x, 1);
    if (slot === 0) this.#refreshSeparator(x);
  }

  /** Takes out a record that is in the index with this score. */
  remove(x: Handle, score: number, record: Handle): void {
    this.#descend(x, score, record);
    this.#cut(x, 1);
  }

  /**
   * Takes out the entries from rank `from` on, which exists, at most `count` of them, and at most to the end of a leaf:
   * their records are in `removed`, and the answer says how many.
   */
  removeRun(x: Handle, from: number, count: number): number {
    this.#descendTo(x, from);
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    const n = Math.min(count, this.#get(leaf, 0) - slot);
    for (let i = 0; i < n; i++) this.removed[i] = this.record(leaf, slot + i);
    this.#cut(x, n);
    return n;
  }

  /** Gives a record that is in the index another score. */
  rescore(x: Handle, record: Handle, old: number, score: number): void {
    this.#descend(x, old, record);
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    // As a rule it stays between its neighbors: counters go up by small steps.
    if (this.#staysAfter(leaf, slot, old, score, record) && this.#staysBefore(leaf, slot, old, score, record)) {
      this.#writeEntry(leaf, slot, LEAF, score, record);
      if (slot === 0) this.#refreshSeparator(x);
      return;
    }
    this.#cut(x, 1);
    this.insert(x, score, record);
  }

  /** Whether the entry before this one is still before it; for the first of a leaf, whether that is sure. */
  #staysAfter(leaf: Handle, slot: number, old: number, score: number, record: Handle): boolean {
    if (slot === 0) return score > old || this.#get(leaf, PREVIOUS) === 0;
    const before = this.score(leaf, slot - 1);
    return before < score || (before === score && this.#compare(this.record(leaf, slot - 1), record) < 0);
  }

  #staysBefore(leaf: Handle, slot: number, old: number, score: number, record: Handle): boolean {
    if (slot + 1 === this.#get(leaf, 0)) return score < old || this.#get(leaf, NEXT) === 0;
    const after = this.score(leaf, slot + 1);
    return score < after || (after === score && this.#compare(this.record(leaf, slot + 1), record) > 0);
  }

  // ── ranks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** How many entries come before this record, which is in the index with this score. */
  rank(x: Handle, score: number, record: Handle): number {
    this.#descend(x, score, record);
    return this.#rankOfPath(x);
  }

  /** How many entries have a score below `score`, or, with `orEqual`, not above it. */
  countBelow(x: Handle, score: number, orEqual: boolean): number {
    let node = this.#get(x, ROOT);
    for (let d = this.#get(x, HEIGHT); d > 0; d--) {
      this.#nodes[d] = node;
      this.#slots[d] = this.#boundOfScore(node, 1, INNER, score, orEqual) - 1;
      node = this.#child(node, this.#slots[d]!);
    }
    this.#slots[0] = this.#boundOfScore(node, 0, LEAF, score, orEqual);
    return this.#rankOfPath(x);
  }

  /** How many entries have a key less than these bytes, or, with `orEqual`, not greater; all scores being equal. */
  countBefore(x: Handle, b: Uint8Array, o: number, n: number, orEqual: boolean): number {
    let node = this.#get(x, ROOT);
    for (let d = this.#get(x, HEIGHT); d > 0; d--) {
      this.#nodes[d] = node;
      this.#slots[d] = this.#boundOfKey(node, 1, INNER, b, o, n, orEqual) - 1;
      node = this.#child(node, this.#slots[d]!);
    }
    this.#slots[0] = this.#boundOfKey(node, 0, LEAF, b, o, n, orEqual);
    return this.#rankOfPath(x);
  }

  /** Goes to the entry with this rank: sets `leaf` and `slot`. False when there is none. */
  seek(x: Handle, rank: number): boolean {
    if (rank < 0 || rank >= this.#get(x, COUNT)) return false;
    this.#descendTo(x, rank);
    this.leaf = this.#nodes[0]!;
    this.slot = this.#slots[0]!;
    return true;
  }

  // ── leaves ────────────────────────────────────────────────────────────────────────────────────────────────────────

  score(leaf: Handle, slot: number): number {
    return this.#arena.data[leaf >>> 19]!.getFloat64(((leaf & 0x7ffff) << 3) + 12 + slot * 12, true);
  }

  record(leaf: Handle, slot: number): Handle {
    return this.#arena.i32[leaf >>> 19]![((leaf & 0x7ffff) << 1) + 5 + slot * 3]!;
  }

  /** Entries of a leaf. */
  entries(leaf: Handle): number {
    return this.#get(leaf, 0);
  }

  /** The leaf after this one, 0 at the end. */
  next(leaf: Handle): Handle {
    return this.#get(leaf, NEXT);
  }

  previous(leaf: Handle): Handle {
    return this.#get(leaf, PREVIOUS);
  }

  // ── the whole ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Frees the last leaf, and the inner nodes that have no child left; true when it was the last one and the header is
   * freed too. An index of which a part was dismantled is good for nothing but more of it.
   */
  dismantle(x: Handle): boolean {
    const height = this.#get(x, HEIGHT);
    let node = this.#get(x, ROOT);
    for (let d = height; d > 0; d--) {
      this.#nodes[d] = node;
      node = this.#child(node, this.#get(node, 0) - 1);
    }
    this.#arena.free(node);
    for (let d = 1; d <= height; d++) {
      const parent = this.#nodes[d]!;
      const left = this.#get(parent, 0) - 1;
      this.#set(parent, 0, left);
      if (left > 0) return false;
      this.#arena.free(parent);
    }
    this.#arena.free(x);
    return true;
  }

  /** Calls `visit` with each node: its height above the leaves, and the handle. For statistics, copies and tests. */
  forEachNode(x: Handle, visit: (node: Handle, height: number) => void): void {
    const walk = (node: Handle, height: number): void => {
      visit(node, height);
      for (let i = 0; height > 0 && i < this.#get(node, 0); i++) walk(this.#child(node, i), height - 1);
    };
    walk(this.#get(x, ROOT), this.#get(x, HEIGHT));
  }

  /** Bytes of all blocks, the header included, without the records. */
  bytes(x: Handle): number {
    let bytes = this.#arena.sizeOf(x);
    this.forEachNode(x, (node) => {
      bytes += this.#arena.sizeOf(node);
    });
    return bytes;
  }

  // ── descents ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Goes to where a record with this score is or belongs. */
  #descend(x: Handle, score: number, record: Handle): void {
    let node = this.#get(x, ROOT);
    for (let d = this.#get(x, HEIGHT); d > 0; d--) {
      const slot = this.#bound(node, 1, INNER, score, record, true) - 1;
      this.#nodes[d] = node;
      this.#slots[d] = slot;
      node = this.#child(node, slot);
    }
    this.#nodes[0] = node;
    this.#slots[0] = this.#bound(node, 0, LEAF, score, record, false);
  }

  /** Goes to the entry with this rank, which exists. */
  #descendTo(x: Handle, rank: number): void {
    let left = rank;
    let node = this.#get(x, ROOT);
    for (let d = this.#get(x, HEIGHT); d > 0; d--) {
      const words = this.#arena.i32[node >>> 19]!;
      const counts = ((node & 0x7ffff) << 1) + 7;
      let slot = 0;
      let below = words[counts]!;
      while (left >= below) {
        left -= below;
        slot++;
        below = words[counts + slot * 5]!;
      }
      this.#nodes[d] = node;
      this.#slots[d] = slot;
      node = this.#child(node, slot);
    }
    this.#nodes[0] = node;
    this.#slots[0] = left;
  }

  /** Entries to the left of the way of the last descent. */
  #rankOfPath(x: Handle): number {
    let rank = this.#slots[0]!;
    for (let d = this.#get(x, HEIGHT); d > 0; d--) rank += this.#sum(this.#nodes[d]!, 0, this.#slots[d]!);
    return rank;
  }

  /** Entries below the children `[from, to)`. */
  #sum(inner: Handle, from: number, to: number): number {
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
  #bound(node: Handle, from: number, stride: number, score: number, record: Handle, orEqual: boolean): number {
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
        before = other === record ? orEqual : this.#compare(other, record) < 0;
      }
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #boundOfScore(node: Handle, from: number, stride: number, score: number, orEqual: boolean): number {
    const data = this.#arena.data[node >>> 19]!;
    const at = ((node & 0x7ffff) << 3) + 12;
    const bytes = stride << 2;
    let low = from;
    let high = this.#get(node, 0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const s = data.getFloat64(at + middle * bytes, true);
      if (s < score || (orEqual && s === score)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #boundOfKey(
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

  #compare(a: Handle, b: Handle): number {
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

  // ── room ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Makes room in the full leaf that the last descent went to; the way then leads to where the entry belongs. */
  #makeRoomInLeaf(x: Handle): void {
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    const appended = slot === LEAF_MOST && this.#get(leaf, NEXT) === 0;
    const prepended = slot === 0;
    if (this.#get(x, HEIGHT) === 0) {
      this.#growRoot(x);
    } else {
      if (!appended && !prepended && this.#shareLeaf()) return;
      this.#makeRoomInInner(x, 1, appended, prepended);
    }
    const at = appended ? LEAF_MOST : prepended ? 0 : LEAF_MOST >>> 1;
    const right = this.#createNode();
    const moved = LEAF_MOST - at;
    if (moved > 0) this.#copy(leaf, at, right, 0, moved, LEAF);
    this.#set(leaf, 0, at);
    this.#set(right, 0, moved);
    const next = this.#get(leaf, NEXT);
    this.#set(right, NEXT, next);
    this.#set(right, PREVIOUS, leaf);
    this.#set(leaf, NEXT, right);
    if (next !== 0) this.#set(next, PREVIOUS, right);
    this.#adopt(1, right, moved);
    if (slot > at || appended) {
      this.#nodes[0] = right;
      this.#slots[0] = slot - at;
      this.#slots[1]!++;
    }
  }

  /** Gives some entries of the full leaf to a neighbor that has room; false when there is none. */
  #shareLeaf(): boolean {
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    const parent = this.#nodes[1]!;
    const s = this.#slots[1]!;
    if (s + 1 < this.#get(parent, 0)) {
      const right = this.#child(parent, s + 1);
      if (this.#get(right, 0) <= LEAF_MOST - ROOM_TO_SHARE) {
        const kept = this.#balance(parent, s, LEAF);
        if (slot > kept) {
          this.#nodes[0] = right;
          this.#slots[0] = slot - kept;
          this.#slots[1] = s + 1;
        }
        return true;
      }
    }
    if (s === 0) return false;
    const left = this.#child(parent, s - 1);
    const before = this.#get(left, 0);
    if (before > LEAF_MOST - ROOM_TO_SHARE) return false;
    const moved = this.#balance(parent, s - 1, LEAF) - before;
    if (slot <= moved) {
      this.#nodes[0] = left;
      this.#slots[0] = before + slot;
      this.#slots[1] = s - 1;
    } else {
      this.#nodes[0] = leaf;
      this.#slots[0] = slot - moved;
    }
    return true;
  }

  /** Makes sure that the inner node at height `d` of the way has room for one child more; the way stays. */
  #makeRoomInInner(x: Handle, d: number, appended: boolean, prepended: boolean): void {
    const node = this.#nodes[d]!;
    if (this.#get(node, 0) < INNER_MOST) return;
    if (d === this.#get(x, HEIGHT)) this.#growRoot(x);
    else this.#makeRoomInInner(x, d + 1, appended, prepended);
    const at = appended ? INNER_MOST - 1 : prepended ? 1 : INNER_MOST >>> 1;
    const right = this.#createNode();
    this.#copy(node, at, right, 0, INNER_MOST - at, INNER);
    this.#set(node, 0, at);
    this.#set(right, 0, INNER_MOST - at);
    this.#adopt(d + 1, right, this.#sum(right, 0, INNER_MOST - at));
    if (this.#slots[d]! >= at) {
      this.#nodes[d] = right;
      this.#slots[d] = this.#slots[d]! - at;
      this.#slots[d + 1]!++;
    }
  }

  /** Puts `right`, which took `moved` entries over from its left neighbor on the way, into the inner node at height `d`. */
  #adopt(d: number, right: Handle, moved: number): void {
    const parent = this.#nodes[d]!;
    const s = this.#slots[d]!;
    this.#addToCount(parent, s, -moved);
    this.#open(parent, s + 1, INNER);
    const words = this.#arena.i32[parent >>> 19]!;
    const at = entryWord(parent, s + 1, INNER);
    words[at + 3] = right;
    words[at + 4] = moved;
    // An empty leaf gets its first entry, and with it the separator, at once.
    if (moved > 0) this.#copySeparator(right, 0, d === 1 ? LEAF : INNER, parent, s + 1);
  }

  /** Puts an inner node above the root. */
  #growRoot(x: Handle): void {
    const old = this.#get(x, ROOT);
    const height = this.#get(x, HEIGHT) + 1;
    const root = this.#createNode();
    const words = this.#arena.i32[root >>> 19]!;
    const at = entryWord(root, 0, INNER);
    words[at + 3] = old;
    words[at + 4] = this.#get(x, COUNT);
    this.#set(root, 0, 1);
    this.#set(x, ROOT, root);
    this.#set(x, HEIGHT, height);
    this.#nodes[height] = root;
    this.#slots[height] = 0;
  }

  // ── removal ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes out `n` entries of the leaf that the last descent went to. */
  #cut(x: Handle, n: number): void {
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    this.#close(leaf, slot, n, LEAF);
    this.#addToCounts(x, -n);
    const height = this.#get(x, HEIGHT);
    if (this.#get(leaf, 0) >= LEAF_FEW || height === 0) {
      if (slot === 0) this.#refreshSeparator(x);
      return;
    }
    const last = this.#slots[1]! + 1 === this.#get(this.#nodes[1]!, 0);
    this.#join(1, LEAF, LEAF_MERGED);
    // A leaf that was joined with its left neighbor has its separator from there, or none any more.
    if (slot === 0 && !last) this.#refreshSeparator(x);
    for (let d = 1; d < height && this.#get(this.#nodes[d]!, 0) < INNER_FEW; d++)
      this.#join(d + 1, INNER, INNER_MERGED);
    this.#shrinkRoot(x);
  }

  #shrinkRoot(x: Handle): void {
    let root = this.#get(x, ROOT);
    let height = this.#get(x, HEIGHT);
    while (height > 0 && this.#get(root, 0) === 1) {
      const child = this.#child(root, 0);
      this.#arena.free(root);
      root = child;
      height--;
    }
    this.#set(x, ROOT, root);
    this.#set(x, HEIGHT, height);
  }

  /** Joins the child that the way goes to, below height `d`, with a neighbor: they become one, or have equally many. */
  #join(d: number, stride: number, merged: number): void {
    const parent = this.#nodes[d]!;
    const way = this.#slots[d]!;
    const s = way + 1 < this.#get(parent, 0) ? way : way - 1;
    const left = this.#child(parent, s);
    const right = this.#child(parent, s + 1);
    const n = this.#get(left, 0);
    const m = this.#get(right, 0);
    if (n + m > merged) {
      this.#balance(parent, s, stride);
      return;
    }
    if (stride === INNER) this.#copySeparator(parent, s + 1, INNER, right, 0);
    this.#copy(right, 0, left, n, m, stride);
    this.#set(left, 0, n + m);
    if (stride === LEAF) {
      const next = this.#get(right, NEXT);
      this.#set(left, NEXT, next);
      if (next !== 0) this.#set(next, PREVIOUS, left);
    }
    this.#arena.free(right);
    this.#addToCount(parent, s, this.#countBelowChild(parent, s + 1));
    this.#close(parent, s + 1, 1, INNER);
  }

  /** Evens out the children `s` and `s + 1`; answers how many the left one has now. */
  #balance(parent: Handle, s: number, stride: number): number {
    const left = this.#child(parent, s);
    const right = this.#child(parent, s + 1);
    const n = this.#get(left, 0);
    const m = this.#get(right, 0);
    const kept = (n + m) >>> 1;
    let moved: number;
    if (stride === INNER) this.#copySeparator(parent, s + 1, INNER, right, 0);
    if (n > kept) {
      const k = n - kept;
      this.#shift(right, 0, k, m, stride);
      this.#copy(left, kept, right, 0, k, stride);
      moved = stride === LEAF ? k : this.#sum(right, 0, k);
    } else {
      const k = kept - n;
      this.#copy(right, 0, left, n, k, stride);
      moved = stride === LEAF ? -k : -this.#sum(right, 0, k);
      this.#shift(right, k, 0, m - k, stride);
    }
    this.#set(left, 0, kept);
    this.#set(right, 0, n + m - kept);
    this.#addToCount(parent, s, -moved);
    this.#addToCount(parent, s + 1, moved);
    this.#copySeparator(right, 0, stride, parent, s + 1);
    return kept;
  }

  // ── nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #createNode(): Handle {
    const node = this.#arena.alloc(NODE_BYTES);
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    words[w] = 0;
    words[w + NEXT] = 0;
    words[w + PREVIOUS] = 0;
    return node;
  }

  #get(block: Handle, word: number): number {
    return this.#arena.i32[block >>> 19]![((block & 0x7ffff) << 1) + word]!;
  }

  #set(block: Handle, word: number, value: number): void {
    this.#arena.i32[block >>> 19]![((block & 0x7ffff) << 1) + word] = value;
  }

  #child(inner: Handle, slot: number): Handle {
    return this.#arena.i32[inner >>> 19]![((inner & 0x7ffff) << 1) + 6 + slot * 5]!;
  }

  #countBelowChild(inner: Handle, slot: number): number {
    return this.#arena.i32[inner >>> 19]![((inner & 0x7ffff) << 1) + 7 + slot * 5]!;
  }

  #addToCount(inner: Handle, slot: number, n: number): void {
    const at = ((inner & 0x7ffff) << 1) + 7 + slot * 5;
    const words = this.#arena.i32[inner >>> 19]!;
    words[at] = words[at]! + n;
  }

  /** Counts `n` entries more along the way of the last descent. */
  #addToCounts(x: Handle, n: number): void {
    for (let d = this.#get(x, HEIGHT); d > 0; d--) this.#addToCount(this.#nodes[d]!, this.#slots[d]!, n);
    this.#set(x, COUNT, this.#get(x, COUNT) + n);
  }

  #writeEntry(node: Handle, slot: number, stride: number, score: number, record: Handle): void {
    const at = entryWord(node, slot, stride);
    this.#arena.data[node >>> 19]!.setFloat64(at << 2, score, true);
    this.#arena.i32[node >>> 19]![at + 2] = record;
  }

  #copySeparator(from: Handle, i: number, stride: number, inner: Handle, slot: number): void {
    const source = this.#arena.i32[from >>> 19]!;
    const target = this.#arena.i32[inner >>> 19]!;
    const s = entryWord(from, i, stride);
    const t = entryWord(inner, slot, INNER);
    target[t] = source[s]!;
    target[t + 1] = source[s + 1]!;
    target[t + 2] = source[s + 2]!;
  }

  /** The first entry of the leaf on the way is another one: so is the separator before it, where there is one. */
  #refreshSeparator(x: Handle): void {
    const height = this.#get(x, HEIGHT);
    let d = 1;
    while (d <= height && this.#slots[d] === 0) d++;
    if (d <= height) this.#copySeparator(this.#nodes[0]!, 0, LEAF, this.#nodes[d]!, this.#slots[d]!);
  }

  /** Makes a gap for an entry. */
  #open(node: Handle, slot: number, stride: number): void {
    const n = this.#get(node, 0);
    this.#shift(node, slot, slot + 1, n - slot, stride);
    this.#set(node, 0, n + 1);
  }

  /** Closes the gap that `count` entries leave. */
  #close(node: Handle, slot: number, count: number, stride: number): void {
    const n = this.#get(node, 0);
    this.#shift(node, slot + count, slot, n - slot - count, stride);
    this.#set(node, 0, n - count);
  }

  /** Moves `n` entries within a node. */
  #shift(node: Handle, from: number, to: number, n: number, stride: number): void {
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
  #copy(from: Handle, i: number, to: Handle, j: number, n: number, stride: number): void {
    const f = entryWord(from, i, stride);
    const source = this.#arena.i32[from >>> 19]!.subarray(f, f + n * stride);
    this.#arena.i32[to >>> 19]!.set(source, entryWord(to, j, stride));
  }
}

/** Index of the first word of an entry. */
function entryWord(node: Handle, slot: number, stride: number): number {
  return ((node & 0x7ffff) << 1) + FIRST + slot * stride;
}
