/**
 * Nodes of lists: runs of listpack entries, each in one block, linked in both directions.
 *
 * ```
 * word 0 next | 1 previous | 2 elements | 3 start | 4 end | 5 bytes of the block
 * spare room | entries, in `[start, end)` | spare room
 * ```
 *
 * The entries are those of a listpack without its header and end byte: a dump adds these and copies the rest. `start`
 * and `end` are offsets from the beginning of the block, and so is a position.
 *
 * Where a listpack moves all its bytes when something is pushed or popped at its head, a node moves `start`. Room for
 * what is pushed is taken at the side of the push when the block grows; when that side is used up and the other is not,
 * the entries slide to the middle. A pop only leaves room behind; a block that is less than half full is exchanged for a
 * smaller one.
 */
import { Arena, type Handle } from './arena.js';
import { entryBefore, entryBytes } from './listpack.js';

/** Bytes before the first possible entry. */
export const NODE_HEADER = 24;
/** Blocks that grow take an eighth more than they need, up to this size. */
const STEADY_BYTES = 8192;

export class ListNodes {
  readonly #arena: Arena;
  /** Where the gap is that `splice` made: a position in the node that it answered. */
  position = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A node without elements and neighbors. @param left its room is at the end, for pushes at the head */
  create(entryBytes: number, left: boolean): Handle {
    const h = this.#arena.alloc(NODE_HEADER + entryBytes);
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const capacity = this.#arena.sizeOf(h);
    words[w] = 0;
    words[w + 1] = 0;
    words[w + 2] = 0;
    words[w + 3] = left ? capacity : NODE_HEADER;
    words[w + 4] = left ? capacity : NODE_HEADER;
    words[w + 5] = capacity;
    return h;
  }

  next(h: Handle): Handle {
    return this.#arena.i32[h >>> 19]![(h & 0x7ffff) << 1]!;
  }

  previous(h: Handle): Handle {
    return this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 1]!;
  }

  /** Links two neighbors; either may be 0. */
  link(left: Handle, right: Handle): void {
    if (left !== 0) this.#arena.i32[left >>> 19]![(left & 0x7ffff) << 1] = right;
    if (right !== 0) this.#arena.i32[right >>> 19]![((right & 0x7ffff) << 1) + 1] = left;
  }

  count(h: Handle): number {
    return this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 2]!;
  }

  addCount(h: Handle, change: number): void {
    this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 2]! += change;
  }

  start(h: Handle): number {
    return this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 3]!;
  }

  end(h: Handle): number {
    return this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + 4]!;
  }

  /** Bytes of the entries. */
  used(h: Handle): number {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    return words[w + 4]! - words[w + 3]!;
  }

  /** Position behind the entry at `position`. */
  after(h: Handle, position: number): number {
    return position + entryBytes(this.#arena.u8[h >>> 19]!, ((h & 0x7ffff) << 3) + position);
  }

  /** Position of the entry that ends at `position`. */
  before(h: Handle, position: number): number {
    const at = (h & 0x7ffff) << 3;
    return entryBefore(this.#arena.u8[h >>> 19]!, at + position) - at;
  }

  /** Position of the element with this index, 0 to `count` (then it is the end), coming from the nearer side. */
  seek(h: Handle, index: number): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    const count = this.count(h);
    if (index <= count >>> 1) {
      let p = at + this.start(h);
      for (let i = index; i > 0; i--) p += entryBytes(bytes, p);
      return p - at;
    }
    let p = at + this.end(h);
    for (let i = count - index; i > 0; i--) p = entryBefore(bytes, p);
    return p - at;
  }

  /**
   * Replaces `removed` bytes at `position` by `added` bytes of room, moving what is cheapest to move. Answers the node,
   * which may be another block now (the neighbors do not know yet), and leaves the place in `this.position`.
   */
  splice(h: Handle, position: number, removed: number, added: number): Handle {
    const words = this.#arena.i32[h >>> 19]!;
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = (h & 0x7ffff) << 3;
    const w = at >>> 2;
    const start = words[w + 3]!;
    const end = words[w + 4]!;
    const capacity = words[w + 5]!;
    const growth = added - removed;
    const before = position - start;
    const tail = position + removed;
    const after = end - tail;
    const front = start - NODE_HEADER;
    const back = capacity - end;
    this.position = position;
    if (growth === 0) return h;
    // A push at an end whose room is used up does not move everything by just the size of one element.
    if (before < after ? front >= growth : after > 0 && back < growth && front >= growth) {
      if (before > 0) bytes.copyWithin(at + start - growth, at + start, at + position);
      words[w + 3] = start - growth;
      this.position = position - growth;
      return h;
    }
    if (back >= growth && (before > 0 || growth < 0)) {
      if (after > 0) bytes.copyWithin(at + tail + growth, at + tail, at + end);
      words[w + 4] = end + growth;
      return h;
    }
    const used = end - start + growth;
    const free = capacity - NODE_HEADER - used;
    if (free < 0) return this.#grow(h, position, tail, added);
    // Both sides together have the room: the entries go to the middle, for pushes at either end.
    const to = NODE_HEADER + (free >>> 1);
    const gap = to + before;
    if (to <= start) {
      bytes.copyWithin(at + to, at + start, at + position);
      bytes.copyWithin(at + gap + added, at + tail, at + end);
    } else {
      bytes.copyWithin(at + gap + added, at + tail, at + end);
      bytes.copyWithin(at + to, at + start, at + position);
    }
    words[w + 3] = to;
    words[w + 4] = to + used;
    this.position = gap;
    return h;
  }

  /** As `splice`, into a bigger block. */
  #grow(h: Handle, position: number, tail: number, added: number): Handle {
    const start = this.start(h);
    const end = this.end(h);
    const before = position - start;
    const size = NODE_HEADER + before + added + end - tail;
    const spare = size >>> 3;
    const moved = this.#arena.alloc(size >= STEADY_BYTES ? size : Math.min(size + spare, STEADY_BYTES));
    const words = this.#arena.i32[moved >>> 19]!;
    const bytes = this.#arena.u8[moved >>> 19]!;
    const source = this.#arena.u8[h >>> 19]!;
    const from = (h & 0x7ffff) << 3;
    const at = (moved & 0x7ffff) << 3;
    const w = at >>> 2;
    const capacity = this.#arena.sizeOf(moved);
    // A push at the head will be followed by others.
    const to = before === 0 && tail < end ? capacity - (size - NODE_HEADER) : NODE_HEADER;
    words[w] = this.next(h);
    words[w + 1] = this.previous(h);
    words[w + 2] = this.count(h);
    words[w + 3] = to;
    words[w + 4] = to + size - NODE_HEADER;
    words[w + 5] = capacity;
    if (before > 0) bytes.set(source.subarray(from + start, from + position), at + to);
    if (tail < end) bytes.set(source.subarray(from + tail, from + end), at + to + before + added);
    this.#arena.free(h);
    this.position = to + before;
    return moved;
  }

  /** Exchanges a block that is less than half full for a smaller one; answers the node, of which the neighbors do not know yet. */
  shrink(h: Handle): Handle {
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const size = NODE_HEADER + words[w + 4]! - words[w + 3]!;
    if (size * 2 > words[w + 5]!) return h;
    return this.#fit(h, size);
  }

  /** Gives the block the size that its entries need: nothing is pushed to it any more. */
  fit(h: Handle): Handle {
    const size = NODE_HEADER + this.used(h);
    return Arena.roundUp(size) < this.#arena.sizeOf(h) ? this.#fit(h, size) : h;
  }

  #fit(h: Handle, size: number): Handle {
    const moved = this.copy(h, h, this.start(h), this.end(h), this.count(h), size);
    this.#arena.free(h);
    return moved;
  }

  /** A node with the neighbors of `like` and `count` entries, those in `[start, end)` of `h`. */
  copy(h: Handle, like: Handle, start: number, end: number, count: number, size: number): Handle {
    const copy = this.create(size - NODE_HEADER, false);
    const words = this.#arena.i32[copy >>> 19]!;
    const at = (copy & 0x7ffff) << 3;
    const w = at >>> 2;
    const from = (h & 0x7ffff) << 3;
    words[w] = this.next(like);
    words[w + 1] = this.previous(like);
    words[w + 2] = count;
    words[w + 4] = NODE_HEADER + end - start;
    this.#arena.u8[copy >>> 19]!.set(this.#arena.u8[h >>> 19]!.subarray(from + start, from + end), at + NODE_HEADER);
    return copy;
  }

  /** Cuts a node at `position`, of which `count` entries come before; answers the node with the others, linked behind it. */
  split(h: Handle, position: number, count: number): Handle {
    const end = this.end(h);
    const rest = this.copy(h, h, position, end, this.count(h) - count, NODE_HEADER + end - position);
    const words = this.#arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    words[w + 2] = count;
    words[w + 4] = position;
    this.link(rest, this.next(h));
    this.link(h, rest);
    return rest;
  }

  free(h: Handle): void {
    this.#arena.free(h);
  }
}
