/**
 * Quicklists: doubly linked chains of list nodes (`list-node.ts`), each of which holds as many elements as
 * `list-max-listpack-size` allows. Pushes and pops touch a node at an end; everything by index walks over nodes by their
 * counts, from the nearer end, and then over the entries of one node.
 *
 * The chain hangs on a record's value area, which never moves: word 0 head, 1 tail, 2 elements. No node is empty.
 */
import type { Arena, Handle } from './arena.js';
import { NODE_HEADER, ListNodes } from './list-node.js';
import { ListTour, type ListTourHost } from './list-tour.js';
import type { Listpack } from './listpack.js';
import type { Records } from './record.js';
import type { ValueHost } from './value-host.js';
import type { View } from './view.js';

/** Words of a record's value area. */
export const QUICKLIST_WORDS = 3;
/** Bytes of a node when the limit is a number of elements. */
const SAFE_BYTES = 8192;
/** Elements, where the limit is one of bytes: beyond what a node of 64 KB can hold. */
const UNLIMITED = 0x7fffffff;
/** Nodes that are freed at once; what is longer is freed in slices. */
const FREED_AT_ONCE = 16;

export class Quicklist {
  readonly nodes: ListNodes;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #host: ValueHost;
  #fill = 0;
  /** What a node may hold: bytes and elements. */
  limitBytes = 0;
  limitCount = 0;
  /** By the record of the list that each shows; undefined when there is none. */
  tours: Map<Handle, ListTour> | undefined;
  /** Where `seek`, `insert` and `remove` came to: a node, and a position in it. */
  node: Handle = 0;
  position = 0;

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#listpack = host.listpack;
    this.nodes = new ListNodes(host.arena);
  }

  /** Takes over the limit that is set now. */
  readLimit(): void {
    const fill = this.#host.listMaxListpackSize;
    if (fill === this.#fill && this.limitBytes > 0) return;
    this.#fill = fill;
    this.limitBytes = fill < 0 ? 2048 << Math.min(-fill, 5) : SAFE_BYTES;
    this.limitCount = fill < 0 ? UNLIMITED : Math.max(fill, 1);
  }

  /** Whether nodes are limited by the number of their elements. */
  get limitIsCount(): boolean {
    return this.#fill >= 0;
  }

  head(record: Handle): Handle {
    return this.#records.word(record, 0);
  }

  tail(record: Handle): Handle {
    return this.#records.word(record, 1);
  }

  length(record: Handle): number {
    return this.#records.word(record, 2) >>> 0;
  }

  /** Adds an element at an end; answers how many there are. @param bounded nodes may not exceed the limit */
  push(record: Handle, left: boolean, b: Uint8Array, o: number, n: number, bounded: boolean): number {
    const total = this.#listpack.measure(b, o, n);
    const value = this.#arena.i32[record >>> 19]!;
    const v = this.#records.valueWord(record);
    let node = left ? value[v]! : value[v + 1]!;
    if (node === 0 || (bounded && !this.#fits(node, total))) node = this.#addAtEnd(record, node, left, total);
    else if (this.tours !== undefined) this.tours.get(record)?.willChange(node);
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    let position: number;
    if (left ? words[w + 3]! - total < 24 : words[w + 4]! + total > words[w + 5]!) {
      node = this.#splice(record, node, left ? words[w + 3]! : words[w + 4]!, 0, total);
      position = this.nodes.position;
    } else if (left) {
      position = words[w + 3]! - total;
      words[w + 3] = position;
    } else {
      position = words[w + 4]!;
      words[w + 4] = position + total;
    }
    const length = value[v + 2]! + 1;
    value[v + 2] = length;
    this.#write(node, position, b, o, n);
    return length >>> 0;
  }

  /** Writes the element that was measured last into the room made for it. */
  #write(node: Handle, position: number, b: Uint8Array, o: number, n: number): void {
    const at = (node & 0x7ffff) << 3;
    this.#arena.i32[node >>> 19]![(at >>> 2) + 2]!++;
    this.#listpack.writeMeasured(this.#arena.u8[node >>> 19]!, at + position, b, o, n);
  }

  /** Whether a node may take in an element of so many bytes. */
  #fits(node: Handle, bytes: number): boolean {
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    return words[w + 4]! - words[w + 3]! + bytes + 24 <= this.limitBytes && words[w + 2]! < this.limitCount;
  }

  /** A new node at an end. The one that was there will not grow any more. */
  #addAtEnd(record: Handle, old: Handle, left: boolean, bytes: number): Handle {
    if (old !== 0) this.#relink(record, old, this.nodes.fit(old));
    const node = this.nodes.create(bytes, left);
    if (this.tours !== undefined) this.tours.get(record)?.added(node);
    if (left) this.#insertNode(record, 0, node, this.head(record));
    else this.#insertNode(record, this.tail(record), node, 0);
    return node;
  }

  #insertNode(record: Handle, left: Handle, node: Handle, right: Handle): void {
    this.nodes.link(left, node);
    this.nodes.link(node, right);
    if (left === 0) this.#records.setWord(record, 0, node);
    if (right === 0) this.#records.setWord(record, 1, node);
  }

  #splice(record: Handle, node: Handle, position: number, removed: number, added: number): Handle {
    return this.#relink(record, node, this.nodes.splice(node, position, removed, added));
  }

  /** A node has become another block: tells its neighbors. */
  #relink(record: Handle, old: Handle, node: Handle): Handle {
    if (node === old) return node;
    this.#insertNode(record, this.nodes.previous(node), node, this.nodes.next(node));
    if (this.tours !== undefined) this.tours.get(record)?.moved(old, node);
    return node;
  }

  /** Before the content of a node changes: lets a snapshot keep it as it was. */
  #willChange(record: Handle, node: Handle): void {
    if (this.tours !== undefined) this.tours.get(record)?.willChange(node);
  }

  /** Takes the nodes from `first` to `last` out of the chain. */
  #cut(record: Handle, first: Handle, last: Handle): void {
    const left = this.nodes.previous(first);
    const right = this.nodes.next(last);
    this.nodes.link(left, right);
    if (left === 0) this.#records.setWord(record, 0, right);
    if (right === 0) this.#records.setWord(record, 1, left);
    this.nodes.link(last, 0);
  }

  /** Removes an element from an end and shows it; false when there is none. The view holds until the next write. */
  pop(record: Handle, left: boolean, view: View): boolean {
    const { nodes } = this;
    const node = left ? this.head(record) : this.tail(record);
    if (node === 0) return false;
    this.#willChange(record, node);
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    if (left) {
      const at = words[w + 3]!;
      this.#listpack.read(node, at, view);
      words[w + 3] = nodes.after(node, at);
    } else {
      const at = nodes.before(node, words[w + 4]!);
      this.#listpack.read(node, at, view);
      words[w + 4] = at;
    }
    this.#lose(record, node, 1);
    return true;
  }

  /** Counts elements that a node has lost; answers the node, 0 when it is gone. */
  #lose(record: Handle, node: Handle, count: number): Handle {
    const value = this.#arena.i32[record >>> 19]!;
    value[this.#records.valueWord(record) + 2]! -= count;
    const words = this.#arena.i32[node >>> 19]!;
    const w = (node & 0x7ffff) << 1;
    const left = words[w + 2]! - count;
    words[w + 2] = left;
    if (left === 0) {
      this.#remove(record, node);
      return 0;
    }
    return this.#relink(record, node, this.nodes.shrink(node));
  }

  /** Takes a node out whose content was announced to change, or has nothing left, and frees it. */
  #remove(record: Handle, node: Handle): void {
    if (this.tours !== undefined) this.tours.get(record)?.removed(node, this.nodes.next(node));
    this.#cut(record, node, node);
    this.nodes.free(node);
  }

  /** Sets `node` and `position` to the element with this index, which is there. */
  seek(record: Handle, index: number): void {
    const { nodes } = this;
    let left = index;
    let node: Handle;
    if (index < this.length(record) / 2) {
      node = this.head(record);
      for (let count = nodes.count(node); left >= count; count = nodes.count(node)) {
        left -= count;
        node = nodes.next(node);
      }
    } else {
      left = this.length(record) - index;
      node = this.tail(record);
      for (let count = nodes.count(node); left > count; count = nodes.count(node)) {
        left -= count;
        node = nodes.previous(node);
      }
      left = nodes.count(node) - left;
    }
    this.node = node;
    this.position = nodes.seek(node, left);
  }

  /** Adds an element at `position` of `node`, before what is there; `node` and `position` are those of the new one then. */
  insert(record: Handle, node: Handle, position: number, b: Uint8Array, o: number, n: number, bounded: boolean): void {
    const { nodes } = this;
    const total = this.#listpack.measure(b, o, n);
    let to = node;
    let at = position;
    if (bounded && !this.#fits(node, total)) {
      const before = nodes.start(node) === position ? nodes.previous(node) : 0;
      const after = nodes.end(node) === position ? nodes.next(node) : 0;
      if (before !== 0 && this.#fits(before, total)) {
        to = before;
        at = nodes.end(before);
      } else if (after !== 0 && this.#fits(after, total)) {
        to = after;
        at = nodes.start(after);
      } else {
        to = this.#insertInBetween(record, node, position, total);
        at = nodes.end(to);
      }
    }
    this.#willChange(record, to);
    to = this.#splice(record, to, at, 0, total);
    at = nodes.position;
    this.#write(to, at, b, o, n);
    this.#records.setWord(record, 2, this.#records.word(record, 2) + 1);
    this.node = to;
    this.position = at;
  }

  /** Cuts a full node where an element shall be; answers the node at whose end there is room for it, perhaps a new one. */
  #insertInBetween(record: Handle, node: Handle, position: number, bytes: number): Handle {
    const { nodes } = this;
    let left = node;
    if (position === nodes.start(node)) left = nodes.previous(node);
    else if (position < nodes.end(node)) {
      let count = 0;
      for (let p = nodes.start(node); p < position; p = nodes.after(node, p)) count++;
      this.#willChange(record, node);
      const rest = nodes.split(node, position, count);
      if (this.tours !== undefined) this.tours.get(record)?.added(rest);
      if (nodes.next(rest) === 0) this.#records.setWord(record, 1, rest);
      left = this.#relink(record, node, nodes.shrink(node));
      this.#merge(record, rest, nodes.next(rest));
      if (this.#fits(left, bytes)) return left;
    }
    const created = nodes.create(bytes, false);
    if (this.tours !== undefined) this.tours.get(record)?.added(created);
    this.#insertNode(record, left, created, left === 0 ? this.head(record) : nodes.next(left));
    return created;
  }

  /** Appends the entries of `right` to those of its neighbor `left`, if one node may hold them all. */
  #merge(record: Handle, left: Handle, right: Handle): void {
    if (left === 0 || right === 0) return;
    const { nodes } = this;
    const bytes = nodes.used(right);
    if (!this.#fits(left, bytes) || nodes.count(left) + nodes.count(right) > this.limitCount) return;
    this.#willChange(record, left);
    this.#willChange(record, right);
    const to = this.#splice(record, left, nodes.end(left), 0, bytes);
    const from = ((right & 0x7ffff) << 3) + nodes.start(right);
    const source = this.#arena.u8[right >>> 19]!;
    this.#arena.u8[to >>> 19]!.set(source.subarray(from, from + bytes), ((to & 0x7ffff) << 3) + nodes.position);
    nodes.addCount(to, nodes.count(right));
    this.#remove(record, right);
  }

  /** Puts another element in the place of the one at `position` of `node`. */
  replace(record: Handle, node: Handle, position: number, b: Uint8Array, o: number, n: number, bounded: boolean): void {
    const { nodes } = this;
    const old = nodes.after(node, position) - position;
    const total = this.#listpack.measure(b, o, n);
    // Nor does a small element keep the node to itself that a huge one had.
    const crowded = nodes.used(node) - old + total + NODE_HEADER > this.limitBytes;
    if (bounded && (total > old ? crowded : old + NODE_HEADER > this.limitBytes)) {
      this.insert(record, node, position + old, b, o, n, true);
      // The old one comes before it.
      const place = this.position > nodes.start(this.node) ? this.node : nodes.previous(this.node);
      this.remove(record, place, nodes.before(place, place === this.node ? this.position : nodes.end(place)));
      return;
    }
    this.#willChange(record, node);
    const to = this.#splice(record, node, position, old, total);
    nodes.addCount(to, -1);
    this.#write(to, nodes.position, b, o, n);
    this.#relink(record, to, nodes.shrink(to));
  }

  /** Removes the element at `position`. `node` and `position` are then where it was, `node` 0 if the node is gone. */
  remove(record: Handle, node: Handle, position: number): void {
    this.#removeFromNode(record, node, position, this.nodes.after(node, position), 1);
  }

  #removeFromNode(record: Handle, node: Handle, from: number, to: number, count: number): void {
    this.#willChange(record, node);
    const same = this.nodes.splice(node, from, to - from, 0);
    const offset = this.nodes.position - this.nodes.start(same);
    this.node = this.#lose(record, same, count);
    this.position = this.node === 0 ? 0 : this.nodes.start(this.node) + offset;
  }

  /** Removes `count` elements from this index on; they are there. */
  removeRange(record: Handle, index: number, count: number): void {
    const { nodes } = this;
    let left = count;
    if (left === 0) return;
    this.seek(record, index);
    let { node, position } = this;
    if (position !== nodes.start(node)) {
      let end = position;
      let removed = 0;
      for (; removed < left && end < nodes.end(node); removed++) end = nodes.after(node, end);
      const next = nodes.next(node);
      this.#removeFromNode(record, node, position, end, removed);
      left -= removed;
      node = next;
    }
    if (left === 0) return;
    const first = node;
    let last = 0;
    let gone = 0;
    for (; node !== 0 && nodes.count(node) <= left - gone; node = nodes.next(node)) {
      gone += nodes.count(node);
      last = node;
    }
    if (last !== 0) {
      this.#cut(record, first, last);
      this.#records.setWord(record, 2, this.#records.word(record, 2) - gone);
      const tour = this.tours?.get(record);
      this.drop(tour === undefined ? first : tour.cut(first, last, node));
      left -= gone;
    }
    if (left === 0) return;
    position = nodes.start(node);
    this.#removeFromNode(record, node, position, nodes.seek(node, left), left);
  }

  /** Frees a chain of nodes that nobody refers to: a short one now, a long one later. */
  drop(first: Handle): void {
    let node = first;
    for (let i = 0; node !== 0; i++) {
      if (i === FREED_AT_ONCE) {
        this.#host.freeLater(node, this.#dismantle);
        return;
      }
      const next = this.nodes.next(node);
      this.nodes.free(node);
      node = next;
    }
  }

  /** Frees the node behind this one, at last this one; true then. */
  readonly #dismantle = (anchor: Handle): boolean => {
    const { nodes } = this;
    const node = nodes.next(anchor);
    if (node === 0) {
      nodes.free(anchor);
      return true;
    }
    nodes.link(anchor, nodes.next(node));
    nodes.free(node);
    return false;
  };

  /** Frees all nodes, of a list that is deleted. */
  free(record: Handle): void {
    const tour = this.tours?.get(record);
    if (tour === undefined) {
      this.drop(this.head(record));
      return;
    }
    this.#forget(tour);
    tour.deleted(this.head(record), this.tail(record));
  }

  // ── snapshots ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether the chain has more nodes than these. */
  isLonger(record: Handle, most: number): boolean {
    let node = this.head(record);
    for (let i = 0; node !== 0 && i < most; i++) node = this.nodes.next(node);
    return node !== 0;
  }

  /** Begins to show a list. @param show shows the elements of a node */
  beginTour(record: Handle, show: (node: Handle) => void): ListTour {
    const host: ListTourHost = {
      nodes: this.nodes,
      show,
      drop: (first) => this.drop(first),
      ended: (tour) => this.#forget(tour),
    };
    const tour = new ListTour(host, record, this.head(record));
    this.tours ??= new Map();
    this.tours.set(record, tour);
    return tour;
  }

  /** The key has another record, with the same list. */
  recordMoved(old: Handle, record: Handle): void {
    const tour = this.tours?.get(old);
    if (tour === undefined) return;
    this.tours?.delete(old);
    this.tours?.set(record, tour);
    tour.record = record;
  }

  #forget(tour: ListTour): void {
    this.tours?.delete(tour.record);
    if (this.tours?.size === 0) this.tours = undefined;
  }

  /** Gives a record whose value area was copied from another a chain of its own. */
  detachCopy(record: Handle): void {
    const { nodes } = this;
    let left = 0;
    for (let node = this.head(record); node !== 0; node = nodes.next(node)) {
      const size = NODE_HEADER + nodes.used(node);
      const copy = nodes.copy(node, node, nodes.start(node), nodes.end(node), nodes.count(node), size);
      nodes.link(copy, 0);
      this.#insertNode(record, left, copy, 0);
      left = copy;
    }
  }

  /** Bytes of the nodes, of which so many are looked at; the others are taken to be like them. */
  memory(record: Handle, samples: number): number {
    let bytes = 0;
    let elements = 0;
    let node = this.head(record);
    for (let i = 0; node !== 0 && i < samples; i++) {
      bytes += this.#arena.sizeOf(node);
      elements += this.nodes.count(node);
      node = this.nodes.next(node);
    }
    return node === 0 ? bytes : Math.round((bytes / elements) * this.length(record));
  }
}
