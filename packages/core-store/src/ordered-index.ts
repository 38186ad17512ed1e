/**
 * Ordered indexes: records in the order of (score, key bytes), with ranks; what sorted sets walk and count in.
 *
 * A B+ tree whose inner nodes know how many entries are below each child ("counted"), so that the rank of an entry and
 * the entry at a rank cost one descent. Scores stand in the nodes themselves; keys are looked at, in the record, only
 * where scores are equal: a search among different scores touches no record at all. `index-nodes.ts` has the nodes.
 *
 * **Fill.** A full leaf first shares with a neighbor that has room, and splits in half only when there is none; at the
 * two ends of the index a split leaves the full leaf as it is, so that entries that come in order fill leaves completely.
 * A leaf that becomes a third full merges with a neighbor, or takes half of what that one has more.
 *
 * An index is a header block of four words, of which the first is its owner's. This class holds no state of an index
 * between calls but where `seek` went. Records are neither made nor freed here.
 */
import type { Arena, Handle } from './arena.js';
import { entryWord, IndexNodes } from './index-nodes.js';
import type { Records } from './record.js';

// Words of the header; word 0 belongs to the owner.
const ROOT = 1;
/** Levels of inner nodes above the leaves. */
const HEIGHT = 2;
const COUNT = 3;
const HEADER_BYTES = 16;

// As in `index-nodes.ts`; here again, because an imported constant would be loaded where a literal is folded.
const NEXT = 1;
const PREVIOUS = 2;
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

/** Twice what 2^32 entries need. */
const MAX_HEIGHT = 32;
/** Searches that are warmed together: as many as `KeyPrefetch` has keys. */
const MOST_WARMED = 32;

export class OrderedIndex {
  readonly #arena: Arena;
  readonly #tree: IndexNodes;
  // The way of the last descent, from the leaf (0) up to the root: nodes, and which entry of each.
  readonly #nodes = new Int32Array(MAX_HEIGHT);
  readonly #slots = new Int32Array(MAX_HEIGHT);

  /** Leaves that are being warmed. */
  readonly #warming = new Int32Array(MOST_WARMED);

  /** The leaf that `seek` went to, and the entry in it. */
  leaf: Handle = 0;
  slot = 0;
  /** Records that `removeRun` took out. */
  readonly removed = new Int32Array(LEAF_MOST);

  constructor(arena: Arena, records: Records) {
    this.#arena = arena;
    this.#tree = new IndexNodes(arena, records);
  }

  /** An empty index. The first word of its header is 0. */
  create(): Handle {
    const x = this.#arena.allocZeroed(HEADER_BYTES);
    const root = this.#tree.create();
    this.#tree.set(x, ROOT, root);
    return x;
  }

  count(x: Handle): number {
    return this.#tree.get(x, COUNT);
  }

  // ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Adds a record that is not in the index. */
  insert(x: Handle, score: number, record: Handle): void {
    this.#descend(x, score, record);
    if (this.#tree.get(this.#nodes[0]!, 0) === LEAF_MOST) this.#makeRoomInLeaf(x);
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    this.#tree.open(leaf, slot, LEAF);
    this.#tree.writeEntry(leaf, slot, LEAF, score, record);
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
    const n = Math.min(count, this.#tree.get(leaf, 0) - slot);
    for (let i = 0; i < n; i++) this.removed[i] = this.#tree.record(leaf, slot + i);
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
      this.#tree.writeEntry(leaf, slot, LEAF, score, record);
      if (slot === 0) this.#refreshSeparator(x);
      return;
    }
    this.#cut(x, 1);
    this.insert(x, score, record);
  }

  /** Whether the entry before this one is still before it; for the first of a leaf, whether that is sure. */
  #staysAfter(leaf: Handle, slot: number, old: number, score: number, record: Handle): boolean {
    if (slot === 0) return score > old || this.#tree.get(leaf, PREVIOUS) === 0;
    const before = this.#tree.score(leaf, slot - 1);
    return before < score || (before === score && this.#tree.compare(this.#tree.record(leaf, slot - 1), record) < 0);
  }

  #staysBefore(leaf: Handle, slot: number, old: number, score: number, record: Handle): boolean {
    if (slot + 1 === this.#tree.get(leaf, 0)) return score < old || this.#tree.get(leaf, NEXT) === 0;
    const after = this.#tree.score(leaf, slot + 1);
    return score < after || (after === score && this.#tree.compare(this.#tree.record(leaf, slot + 1), record) > 0);
  }

  // ── ranks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** How many entries come before this record, which is in the index with this score. */
  rank(x: Handle, score: number, record: Handle): number {
    this.#descend(x, score, record);
    return this.#rankOfPath(x);
  }

  /** How many entries have a score below `score`, or, with `orEqual`, not above it. */
  countBelow(x: Handle, score: number, orEqual: boolean): number {
    let node = this.#tree.get(x, ROOT);
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) {
      this.#nodes[d] = node;
      this.#slots[d] = this.#tree.boundOfScore(node, 1, INNER, score, orEqual) - 1;
      node = this.#tree.child(node, this.#slots[d]!);
    }
    this.#slots[0] = this.#tree.boundOfScore(node, 0, LEAF, score, orEqual);
    return this.#rankOfPath(x);
  }

  /** How many entries have a key less than these bytes, or, with `orEqual`, not greater; all scores being equal. */
  countBefore(x: Handle, b: Uint8Array, o: number, n: number, orEqual: boolean): number {
    let node = this.#tree.get(x, ROOT);
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) {
      this.#nodes[d] = node;
      this.#slots[d] = this.#tree.boundOfKey(node, 1, INNER, b, o, n, orEqual) - 1;
      node = this.#tree.child(node, this.#slots[d]!);
    }
    this.#slots[0] = this.#tree.boundOfKey(node, 0, LEAF, b, o, n, orEqual);
    return this.#rankOfPath(x);
  }

  /** Goes to the entry with this rank: sets `leaf` and `slot`. False when there is none. */
  seek(x: Handle, rank: number): boolean {
    if (rank < 0 || rank >= this.#tree.get(x, COUNT)) return false;
    this.#descendTo(x, rank);
    this.leaf = this.#nodes[0]!;
    this.slot = this.#slots[0]!;
    return true;
  }

  /** Goes to the first entry with a score not below `score` or, with `above`, above it; false when there is none. */
  seekScore(x: Handle, score: number, above: boolean): boolean {
    let leaf = this.#leafOf(x, score, above);
    let slot = this.#tree.boundOfScore(leaf, 0, LEAF, score, above);
    if (slot === this.#tree.get(leaf, 0)) {
      leaf = this.#tree.get(leaf, NEXT);
      slot = 0;
    }
    this.leaf = leaf;
    this.slot = slot;
    return leaf !== 0;
  }

  /** Goes to the last entry with a score not above `score` or, with `below`, below it; false when there is none. */
  seekScoreBackwards(x: Handle, score: number, below: boolean): boolean {
    let leaf = this.#leafOf(x, score, !below);
    let slot = this.#tree.boundOfScore(leaf, 0, LEAF, score, !below) - 1;
    if (slot < 0) {
      leaf = this.#tree.get(leaf, PREVIOUS);
      slot = leaf === 0 ? 0 : this.#tree.get(leaf, 0) - 1;
    }
    this.leaf = leaf;
    this.slot = slot;
    return leaf !== 0;
  }

  /** The leaf with the last entry below `score`, or, with `orEqual`, not above it; the first leaf when there is none. */
  #leafOf(x: Handle, score: number, orEqual: boolean): Handle {
    let node = this.#tree.get(x, ROOT);
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) {
      node = this.#tree.child(node, this.#tree.boundOfScore(node, 1, INNER, score, orEqual) - 1);
    }
    return node;
  }

  /**
   * Loads what searches for these scores (NaN: none) will touch, several at a time, so that the waits for memory overlap.
   * @param records how many records from there on are loaded too
   */
  warm(x: Handle, scores: Float64Array, n: number, records: number): void {
    const leaves = this.#warming;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const leaf = scores[i] === scores[i] ? this.#leafOf(x, scores[i]!, false) : 0;
      leaves[i] = leaf;
      if (leaf !== 0) sum ^= this.#tree.touch(leaf);
    }
    for (let i = 0; i < n; i++) {
      const leaf = leaves[i]!;
      if (leaf === 0) continue;
      const place = this.#tree.boundOfScore(leaf, 0, LEAF, scores[i]!, false);
      const end = Math.min(place + records, this.#tree.get(leaf, 0));
      for (let slot = place; slot < end; slot++) sum ^= this.#tree.firstWord(leaf, slot);
    }
    // Kept, or the compiler would drop the reads.
    leaves[0] = sum;
  }

  // ── leaves, for those who walk ────────────────────────────────────────────────────────────────────────────────────

  score(leaf: Handle, slot: number): number {
    return this.#tree.score(leaf, slot);
  }

  record(leaf: Handle, slot: number): Handle {
    return this.#tree.record(leaf, slot);
  }

  /** Entries of a leaf. */
  entries(leaf: Handle): number {
    return this.#tree.get(leaf, 0);
  }

  /** The leaf after this one, 0 at the end. */
  next(leaf: Handle): Handle {
    return this.#tree.get(leaf, NEXT);
  }

  previous(leaf: Handle): Handle {
    return this.#tree.get(leaf, PREVIOUS);
  }

  // ── the whole ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Frees the last leaf, and the inner nodes that have no child left; true when it was the last one and the header is
   * freed too. An index of which a part was dismantled is good for nothing but more of it.
   */
  dismantle(x: Handle): boolean {
    const height = this.#tree.get(x, HEIGHT);
    let node = this.#tree.get(x, ROOT);
    for (let d = height; d > 0; d--) {
      this.#nodes[d] = node;
      node = this.#tree.child(node, this.#tree.get(node, 0) - 1);
    }
    this.#arena.free(node);
    for (let d = 1; d <= height; d++) {
      const parent = this.#nodes[d]!;
      const left = this.#tree.get(parent, 0) - 1;
      this.#tree.set(parent, 0, left);
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
      for (let i = 0; height > 0 && i < this.#tree.get(node, 0); i++) walk(this.#tree.child(node, i), height - 1);
    };
    walk(this.#tree.get(x, ROOT), this.#tree.get(x, HEIGHT));
  }

  /** Bytes of all blocks, the header included, without the records. Looks at inner nodes only: one for some 2,000 entries. */
  bytes(x: Handle): number {
    const nodesBelow = (node: Handle, height: number): number => {
      const children = this.#tree.get(node, 0);
      if (height <= 1) return height * children;
      let sum = children;
      for (let i = 0; i < children; i++) sum += nodesBelow(this.#tree.child(node, i), height - 1);
      return sum;
    };
    const root = this.#tree.get(x, ROOT);
    return this.#arena.sizeOf(x) + (1 + nodesBelow(root, this.#tree.get(x, HEIGHT))) * this.#arena.sizeOf(root);
  }

  // ── descents ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Goes to where a record with this score is or belongs. */
  #descend(x: Handle, score: number, record: Handle): void {
    let node = this.#tree.get(x, ROOT);
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) {
      const slot = this.#tree.bound(node, 1, INNER, score, record, true) - 1;
      this.#nodes[d] = node;
      this.#slots[d] = slot;
      node = this.#tree.child(node, slot);
    }
    this.#nodes[0] = node;
    this.#slots[0] = this.#tree.bound(node, 0, LEAF, score, record, false);
  }

  /** Goes to the entry with this rank, which exists. */
  #descendTo(x: Handle, rank: number): void {
    let left = rank;
    let node = this.#tree.get(x, ROOT);
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) {
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
      node = this.#tree.child(node, slot);
    }
    this.#nodes[0] = node;
    this.#slots[0] = left;
  }

  /** Entries to the left of the way of the last descent. */
  #rankOfPath(x: Handle): number {
    let rank = this.#slots[0]!;
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) rank += this.#tree.sum(this.#nodes[d]!, 0, this.#slots[d]!);
    return rank;
  }

  // ── room ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Makes room in the full leaf that the last descent went to; the way then leads to where the entry belongs. */
  #makeRoomInLeaf(x: Handle): void {
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    const appended = slot === LEAF_MOST && this.#tree.get(leaf, NEXT) === 0;
    const prepended = slot === 0;
    if (this.#tree.get(x, HEIGHT) === 0) {
      this.#growRoot(x);
    } else {
      if (!appended && !prepended && this.#shareLeaf()) return;
      this.#makeRoomInInner(x, 1, appended, prepended);
    }
    const at = appended ? LEAF_MOST : prepended ? 0 : LEAF_MOST >>> 1;
    const right = this.#tree.create();
    const moved = LEAF_MOST - at;
    if (moved > 0) this.#tree.copy(leaf, at, right, 0, moved, LEAF);
    this.#tree.set(leaf, 0, at);
    this.#tree.set(right, 0, moved);
    const next = this.#tree.get(leaf, NEXT);
    this.#tree.set(right, NEXT, next);
    this.#tree.set(right, PREVIOUS, leaf);
    this.#tree.set(leaf, NEXT, right);
    if (next !== 0) this.#tree.set(next, PREVIOUS, right);
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
    if (s + 1 < this.#tree.get(parent, 0)) {
      const right = this.#tree.child(parent, s + 1);
      if (this.#tree.get(right, 0) <= LEAF_MOST - ROOM_TO_SHARE) {
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
    const left = this.#tree.child(parent, s - 1);
    const before = this.#tree.get(left, 0);
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
    if (this.#tree.get(node, 0) < INNER_MOST) return;
    if (d === this.#tree.get(x, HEIGHT)) this.#growRoot(x);
    else this.#makeRoomInInner(x, d + 1, appended, prepended);
    const at = appended ? INNER_MOST - 1 : prepended ? 1 : INNER_MOST >>> 1;
    const right = this.#tree.create();
    this.#tree.copy(node, at, right, 0, INNER_MOST - at, INNER);
    this.#tree.set(node, 0, at);
    this.#tree.set(right, 0, INNER_MOST - at);
    this.#adopt(d + 1, right, this.#tree.sum(right, 0, INNER_MOST - at));
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
    this.#tree.addToCount(parent, s, -moved);
    this.#tree.open(parent, s + 1, INNER);
    const words = this.#arena.i32[parent >>> 19]!;
    const at = entryWord(parent, s + 1, INNER);
    words[at + 3] = right;
    words[at + 4] = moved;
    // An empty leaf gets its first entry, and with it the separator, at once.
    if (moved > 0) this.#tree.copySeparator(right, 0, d === 1 ? LEAF : INNER, parent, s + 1);
  }

  /** Puts an inner node above the root. */
  #growRoot(x: Handle): void {
    const old = this.#tree.get(x, ROOT);
    const height = this.#tree.get(x, HEIGHT) + 1;
    const root = this.#tree.create();
    const words = this.#arena.i32[root >>> 19]!;
    const at = entryWord(root, 0, INNER);
    words[at + 3] = old;
    words[at + 4] = this.#tree.get(x, COUNT);
    this.#tree.set(root, 0, 1);
    this.#tree.set(x, ROOT, root);
    this.#tree.set(x, HEIGHT, height);
    this.#nodes[height] = root;
    this.#slots[height] = 0;
  }

  // ── removal ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Takes out `n` entries of the leaf that the last descent went to. */
  #cut(x: Handle, n: number): void {
    const leaf = this.#nodes[0]!;
    const slot = this.#slots[0]!;
    this.#tree.close(leaf, slot, n, LEAF);
    this.#addToCounts(x, -n);
    const height = this.#tree.get(x, HEIGHT);
    if (this.#tree.get(leaf, 0) >= LEAF_FEW || height === 0) {
      if (slot === 0) this.#refreshSeparator(x);
      return;
    }
    const last = this.#slots[1]! + 1 === this.#tree.get(this.#nodes[1]!, 0);
    this.#join(1, LEAF, LEAF_MERGED);
    // A leaf that was joined with its left neighbor has its separator from there, or none any more.
    if (slot === 0 && !last) this.#refreshSeparator(x);
    for (let d = 1; d < height && this.#tree.get(this.#nodes[d]!, 0) < INNER_FEW; d++)
      this.#join(d + 1, INNER, INNER_MERGED);
    this.#shrinkRoot(x);
  }

  #shrinkRoot(x: Handle): void {
    let root = this.#tree.get(x, ROOT);
    let height = this.#tree.get(x, HEIGHT);
    while (height > 0 && this.#tree.get(root, 0) === 1) {
      const child = this.#tree.child(root, 0);
      this.#arena.free(root);
      root = child;
      height--;
    }
    this.#tree.set(x, ROOT, root);
    this.#tree.set(x, HEIGHT, height);
  }

  /** Joins the child that the way goes to, below height `d`, with a neighbor: they become one, or have equally many. */
  #join(d: number, stride: number, merged: number): void {
    const parent = this.#nodes[d]!;
    const way = this.#slots[d]!;
    const s = way + 1 < this.#tree.get(parent, 0) ? way : way - 1;
    const left = this.#tree.child(parent, s);
    const right = this.#tree.child(parent, s + 1);
    const n = this.#tree.get(left, 0);
    const m = this.#tree.get(right, 0);
    if (n + m > merged) {
      this.#balance(parent, s, stride);
      return;
    }
    if (stride === INNER) this.#tree.copySeparator(parent, s + 1, INNER, right, 0);
    this.#tree.copy(right, 0, left, n, m, stride);
    this.#tree.set(left, 0, n + m);
    if (stride === LEAF) {
      const next = this.#tree.get(right, NEXT);
      this.#tree.set(left, NEXT, next);
      if (next !== 0) this.#tree.set(next, PREVIOUS, left);
    }
    this.#arena.free(right);
    this.#tree.addToCount(parent, s, this.#tree.countBelow(parent, s + 1));
    this.#tree.close(parent, s + 1, 1, INNER);
  }

  /** Evens out the children `s` and `s + 1`; answers how many the left one has now. */
  #balance(parent: Handle, s: number, stride: number): number {
    const left = this.#tree.child(parent, s);
    const right = this.#tree.child(parent, s + 1);
    const n = this.#tree.get(left, 0);
    const m = this.#tree.get(right, 0);
    const kept = (n + m) >>> 1;
    let moved: number;
    if (stride === INNER) this.#tree.copySeparator(parent, s + 1, INNER, right, 0);
    if (n > kept) {
      const k = n - kept;
      this.#tree.shift(right, 0, k, m, stride);
      this.#tree.copy(left, kept, right, 0, k, stride);
      moved = stride === LEAF ? k : this.#tree.sum(right, 0, k);
    } else {
      const k = kept - n;
      this.#tree.copy(right, 0, left, n, k, stride);
      moved = stride === LEAF ? -k : -this.#tree.sum(right, 0, k);
      this.#tree.shift(right, k, 0, m - k, stride);
    }
    this.#tree.set(left, 0, kept);
    this.#tree.set(right, 0, n + m - kept);
    this.#tree.addToCount(parent, s, -moved);
    this.#tree.addToCount(parent, s + 1, moved);
    this.#tree.copySeparator(right, 0, stride, parent, s + 1);
    return kept;
  }

  /** Counts `n` entries more along the way of the last descent. */
  #addToCounts(x: Handle, n: number): void {
    for (let d = this.#tree.get(x, HEIGHT); d > 0; d--) this.#tree.addToCount(this.#nodes[d]!, this.#slots[d]!, n);
    this.#tree.set(x, COUNT, this.#tree.get(x, COUNT) + n);
  }

  /** The first entry of the leaf on the way is another one: so is the separator before it, where there is one. */
  #refreshSeparator(x: Handle): void {
    const height = this.#tree.get(x, HEIGHT);
    let d = 1;
    while (d <= height && this.#slots[d] === 0) d++;
    if (d <= height) this.#tree.copySeparator(this.#nodes[0]!, 0, LEAF, this.#nodes[d]!, this.#slots[d]!);
  }
}
