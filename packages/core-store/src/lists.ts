/**
 * List values: a quicklist in either encoding. `listpack` is a chain of one node, which may grow until it exceeds
 * `list-max-listpack-size`; then the list becomes a `quicklist`, of which each node keeps to that limit. When one node is
 * left and it is at most half full, the list is a `listpack` again (Redis 7.2, `t_list.c`).
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import { dataBytes, entryBefore, entryBytes, backBytes, type Listpack, loadInteger } from './listpack.js';
import { Quicklist, QUICKLIST_WORDS } from './quicklist.js';
import { type Records, ValueType } from './record.js';
import { type PartVisitor, type Tour, TOURED_FROM_NODES } from './tour.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import { View } from './view.js';

const LISTPACK = 0;
const QUICKLIST = 1;
/** Bytes of a listpack without elements: the limits are meant for whole listpacks. */
const EMPTY_LISTPACK = 7;
/** Elements of more bytes have a node of their own where nodes are limited by their number of elements. */
const SAFE_BYTES = 8192;

/** Walks a list in either direction; `value` shows the element that `next` came to. */
export interface ListIterator {
  next(): boolean;
  readonly value: View;
}

/** Takes elements one by one; a reply writer is one. Bytes are lent for the call. */
export interface ElementSink {
  bulk(bytes: Uint8Array, offset: number, length: number): void;
  /** An element that is the decimal form of this integer. */
  bulkInteger(n: number): void;
}

/** A list of so many nodes is a big one. */
const MANY_NODES = 100;

/**
 * List values: `keyspace.lists`. `create` makes a record that `Database.add` puts under its key; an empty list is the caller's
 * to delete. @throws {StoreError} from methods that are given a record of another type
 */
export class Lists implements ValueOperations {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #chain: Quicklist;
  readonly #int = new Int64();
  readonly #digits = new Uint8Array(24);
  // A search that is under way: the next entry is the one behind (towards the head: before) this place.
  #node: Handle = 0;
  #position = 0;
  #towardsHead = false;
  #examined = 0;
  /** Bytes of the element found, which `#position` has gone by. */
  #foundBytes = 0;

  constructor(host: ValueHost) {
    this.#arena = host.arena;
    this.#records = host.records;
    this.#listpack = host.listpack;
    this.#chain = new Quicklist(host);
  }

  /** A record with an empty list, in no dictionary yet (`Database.add`). */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    const h = this.#records.create(kb, ko, kn, ValueType.list, LISTPACK, QUICKLIST_WORDS * 4, false, true);
    for (let i = 0; i < QUICKLIST_WORDS; i++) this.#records.setWord(h, i, 0);
    return h;
  }

  length(h: Handle): number {
    this.#records.encodingAs(ValueType.list, h);
    return this.#chain.length(h);
  }

  // ── the ends ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Says that elements will be added: chooses the encoding. A command that adds several says so once, with the sum of their
   * lengths; elements that are integers in the store already count as 0 bytes.
   */
  willGrow(h: Handle, bytes: number, count: number): void {
    const chain = this.#chain;
    chain.readLimit();
    if (this.#records.encodingAs(ValueType.list, h) === QUICKLIST) return;
    const head = chain.head(h);
    const total = (head === 0 ? 0 : chain.nodes.used(head)) + bytes + EMPTY_LISTPACK;
    if (total > chain.limitBytes || chain.length(h) + count > chain.limitCount) this.#records.setEncoding(h, QUICKLIST);
  }

  /** Adds an element that was announced by `willGrow` at an end; answers how many there are. */
  pushAnnounced(h: Handle, left: boolean, b: Uint8Array, o: number, n: number): number {
    return this.#chain.push(h, left, b, o, n, this.#records.encodingAs(ValueType.list, h) === QUICKLIST);
  }

  /** Adds an element at an end; answers how many there are. */
  push(h: Handle, left: boolean, b: Uint8Array, o: number, n: number): number {
    this.willGrow(h, n, 1);
    return this.pushAnnounced(h, left, b, o, n);
  }

  /** Removes an element from an end and shows it; false when the list is empty. The view holds until the next write. */
  pop(h: Handle, left: boolean, view: View): boolean {
    this.#records.encodingAs(ValueType.list, h);
    if (!this.#chain.pop(h, left, view)) return false;
    this.#shrunk(h);
    return true;
  }

  /** Back to the small encoding, where that is due. */
  #shrunk(h: Handle): void {
    if (this.#records.encodingAs(ValueType.list, h) === LISTPACK) return;
    const chain = this.#chain;
    const head = chain.head(h);
    if (head === 0 || head !== chain.tail(h)) return;
    chain.readLimit();
    const used = chain.nodes.used(head);
    if (chain.limitIsCount) {
      if (chain.length(h) > chain.limitCount >>> 1) return;
      if (used > SAFE_BYTES && chain.length(h) === 1) return;
    } else if (used + EMPTY_LISTPACK > chain.limitBytes >>> 1) return;
    this.#records.setEncoding(h, LISTPACK);
  }

  // ── by index ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Moves the chain's cursor to this element (negative: from the end); false when there is none. */
  #seek(h: Handle, index: number): boolean {
    const length = this.length(h);
    const i = index < 0 ? index + length : index;
    if (!(i >= 0 && i < length)) return false;
    this.#chain.seek(h, i);
    return true;
  }

  /** Shows the element with this index (negative: from the end); false when there is none. */
  get(h: Handle, index: number, view: View): boolean {
    if (!this.#seek(h, index)) return false;
    this.#listpack.read(this.#chain.node, this.#chain.position, view);
    return true;
  }

  /** Replaces the element with this index (negative: from the end); false when there is none. */
  set(h: Handle, index: number, b: Uint8Array, o: number, n: number): boolean {
    this.willGrow(h, n, 1);
    if (!this.#seek(h, index)) return false;
    const { node, position } = this.#chain;
    this.#chain.replace(h, node, position, b, o, n, this.#records.encodingAs(ValueType.list, h) === QUICKLIST);
    this.#shrunk(h);
    return true;
  }

  /** Removes `count` elements from this index on, all of which are there. */
  removeRange(h: Handle, index: number, count: number): void {
    this.#records.encodingAs(ValueType.list, h);
    this.#chain.removeRange(h, index, count);
    this.#shrunk(h);
  }

  /** Walks from the element `start` (0 is the head, negative from the end) towards the tail, or towards the head. */
  iterator(h: Handle, start: number, towardsHead: boolean): ListIterator {
    const chain = this.#chain;
    if (!this.#seek(h, start)) return new NodeIterator(chain, this.#listpack, 0, 0, towardsHead);
    const { node, position } = chain;
    const at = towardsHead ? chain.nodes.after(node, position) : position;
    return new NodeIterator(chain, this.#listpack, node, at, towardsHead);
  }

  /** Hands `count` elements to `sink`, from this index on towards the tail or the head; they are there. */
  range(h: Handle, index: number, count: number, towardsHead: boolean, sink: ElementSink): void {
    this.#records.encodingAs(ValueType.list, h);
    if (count === 0) return;
    this.#chain.seek(h, index);
    if (towardsHead) this.#rangeBackwards(count, sink);
    else this.#rangeForwards(count, sink);
  }

  #rangeForwards(count: number, sink: ElementSink): void {
    const { nodes } = this.#chain;
    let { node } = this.#chain;
    let bytes = this.#arena.u8[node >>> 19]!;
    let at = (node & 0x7ffff) << 3;
    let p = at + this.#chain.position;
    let end = at + nodes.end(node);
    for (let left = count; left > 0; left--) {
      if (p === end) {
        node = nodes.next(node);
        bytes = this.#arena.u8[node >>> 19]!;
        at = (node & 0x7ffff) << 3;
        p = at + nodes.start(node);
        end = at + nodes.end(node);
      }
      const b = bytes[p]!;
      if ((b & 0xc0) === 0x80) {
        sink.bulk(bytes, p + 1, b & 0x3f);
        p += (b & 0x3f) + 2;
      } else {
        const size = dataBytes(bytes, p, b);
        this.#give(bytes, p, b, size, sink);
        p += size + backBytes(size);
      }
    }
  }

  #rangeBackwards(count: number, sink: ElementSink): void {
    const { nodes } = this.#chain;
    let { node } = this.#chain;
    let bytes = this.#arena.u8[node >>> 19]!;
    let at = (node & 0x7ffff) << 3;
    let p = at + nodes.after(node, this.#chain.position);
    let start = at + nodes.start(node);
    for (let left = count; left > 0; left--) {
      if (p === start) {
        node = nodes.previous(node);
        bytes = this.#arena.u8[node >>> 19]!;
        at = (node & 0x7ffff) << 3;
        p = at + nodes.end(node);
        start = at + nodes.start(node);
      }
      p = entryBefore(bytes, p);
      const b = bytes[p]!;
      this.#give(bytes, p, b, dataBytes(bytes, p, b), sink);
    }
  }

  /** Hands over the element at `p`. @param b its first byte @param size its bytes without the back length */
  #give(bytes: Uint8Array, p: number, b: number, size: number, sink: ElementSink): void {
    if (b < 0x80) {
      sink.bulkInteger(b);
    } else if (b < 0xc0) {
      sink.bulk(bytes, p + 1, size - 1);
    } else if (b < 0xe0 || b > 0xf0) {
      const int = this.#int;
      loadInteger(bytes, p, int);
      if (int.isSafe()) sink.bulkInteger(int.toNumber());
      else sink.bulk(this.#digits, 0, int.format(this.#digits, 0));
    } else {
      const head = b === 0xf0 ? 5 : 2;
      sink.bulk(bytes, p + head, size - head);
    }
  }

  // ── by value ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Begins a search for elements, at an end. */
  search(h: Handle, towardsHead: boolean): void {
    this.#records.encodingAs(ValueType.list, h);
    const chain = this.#chain;
    this.#towardsHead = towardsHead;
    this.#examined = 0;
    this.#node = towardsHead ? chain.tail(h) : chain.head(h);
    if (this.#node !== 0) this.#position = towardsHead ? chain.nodes.end(this.#node) : chain.nodes.start(this.#node);
  }

  /**
   * Goes on to the next element that is equal to these bytes; answers how many elements were gone by before it since
   * `search`, -1 when there is none among the first `most`.
   */
  searchNext(b: Uint8Array, o: number, n: number, most: number): number {
    const { nodes } = this.#chain;
    const isInteger = n <= 20 && this.#int.parse(b, o, n);
    const { lo, hi } = this.#int;
    while (this.#node !== 0) {
      const node = this.#node;
      const bytes = this.#arena.u8[node >>> 19]!;
      const at = (node & 0x7ffff) << 3;
      const limit = at + (this.#towardsHead ? nodes.start(node) : nodes.end(node));
      let p = at + this.#position;
      while (p !== limit) {
        if (this.#examined >= most) return -1;
        this.#examined++;
        let entry = p;
        let size: number;
        if (this.#towardsHead) {
          entry = entryBefore(bytes, p);
          size = p - entry;
          p = entry;
        } else {
          size = entryBytes(bytes, p);
          p += size;
        }
        if (isInteger ? this.#isInteger(bytes, entry, lo, hi) : isText(bytes, entry, b, o, n)) {
          this.#position = p - at;
          this.#foundBytes = size;
          return this.#examined - 1;
        }
      }
      this.#node = this.#towardsHead ? nodes.previous(node) : nodes.next(node);
      if (this.#node !== 0) this.#position = this.#towardsHead ? nodes.end(this.#node) : nodes.start(this.#node);
    }
    return -1;
  }

  #isInteger(bytes: Uint8Array, p: number, lo: number, hi: number): boolean {
    const b = bytes[p]!;
    if (b < 0x80) return b === lo && hi === 0;
    if (b < 0xc0 || (b >= 0xe0 && b <= 0xf0)) return false;
    loadInteger(bytes, p, this.#int);
    return this.#int.lo === lo && this.#int.hi === hi;
  }

  /** Removes the element found last. The search may go on, its counts aside; at its end, call `searchEnded`. */
  removeFound(h: Handle): void {
    this.#records.encodingAs(ValueType.list, h);
    const chain = this.#chain;
    const node = this.#node;
    const neighbor = this.#towardsHead ? chain.nodes.previous(node) : chain.nodes.next(node);
    chain.remove(h, node, this.#towardsHead ? this.#position : this.#position - this.#foundBytes);
    this.#node = chain.node;
    this.#position = chain.position;
    if (chain.node !== 0 || neighbor === 0) return;
    this.#node = neighbor;
    this.#position = this.#towardsHead ? chain.nodes.end(neighbor) : chain.nodes.start(neighbor);
  }

  /** After removals. */
  searchEnded(h: Handle): void {
    this.#shrunk(h);
  }

  /** Adds an element beside the one found last, by a search from the head; `willGrow` was called before the search. */
  insertBesideFound(h: Handle, before: boolean, b: Uint8Array, o: number, n: number): void {
    const at = before ? this.#position - this.#foundBytes : this.#position;
    this.#chain.insert(h, this.#node, at, b, o, n, this.#records.encodingAs(ValueType.list, h) === QUICKLIST);
  }

  // ── as a value ────────────────────────────────────────────────────────────────────────────────────────────────────

  encodingName(record: Handle): string {
    return this.#records.encodingAs(ValueType.list, record) === LISTPACK ? 'listpack' : 'quicklist';
  }

  freeValue(record: Handle): void {
    this.#chain.free(record);
  }

  /** Nodes, as far as it matters whether they are many. */
  freeEffort(record: Handle): number {
    const { nodes } = this.#chain;
    let count = 0;
    for (let node = this.#chain.head(record); node !== 0 && count < MANY_NODES; node = nodes.next(node)) count++;
    return count;
  }

  tour(record: Handle, begin: () => PartVisitor): Tour | undefined {
    const chain = this.#chain;
    if (!chain.isLonger(record, TOURED_FROM_NODES)) return undefined;
    const parts = begin();
    const view = new View();
    const { nodes } = chain;
    return chain.beginTour(record, (node) => {
      const end = nodes.end(node);
      for (let at = nodes.start(node); at !== end; at = nodes.after(node, at)) {
        this.#listpack.read(node, at, view);
        parts.element(view);
      }
    });
  }

  /** The key has another record, with the same list. */
  recordMoved(old: Handle, record: Handle): void {
    if (this.#chain.tours !== undefined) this.#chain.recordMoved(old, record);
  }

  detachCopy(record: Handle): void {
    this.#chain.detachCopy(record);
  }

  memory(record: Handle, samples = Infinity): number {
    return this.#chain.memory(record, samples);
  }
}

/** Whether the entry at `p` is a string of these bytes. */
function isText(bytes: Uint8Array, p: number, b: Uint8Array, o: number, n: number): boolean {
  const e = bytes[p]!;
  let from = p + 1;
  if ((e & 0xc0) === 0x80) {
    if ((e & 0x3f) !== n) return false;
  } else {
    if (e < 0xe0 || e > 0xf0) return false;
    from = p + (e === 0xf0 ? 5 : 2);
    if (dataBytes(bytes, p, e) - (from - p) !== n) return false;
  }
  let i = 0;
  while (i < n && bytes[from + i] === b[o + i]) i++;
  return i === n;
}

class NodeIterator implements ListIterator {
  readonly value = new View();
  readonly #chain: Quicklist;
  readonly #listpack: Listpack;
  readonly #towardsHead: boolean;
  #node: Handle;
  #position: number;

  constructor(chain: Quicklist, listpack: Listpack, node: Handle, position: number, towardsHead: boolean) {
    this.#chain = chain;
    this.#listpack = listpack;
    this.#node = node;
    this.#position = position;
    this.#towardsHead = towardsHead;
  }

  next(): boolean {
    return this.#towardsHead ? this.#toHead() : this.#toTail();
  }

  #toTail(): boolean {
    if (this.#node === 0) return false;
    const { nodes } = this.#chain;
    if (this.#position === nodes.end(this.#node)) {
      this.#node = nodes.next(this.#node);
      if (this.#node === 0) return false;
      this.#position = nodes.start(this.#node);
    }
    this.#listpack.read(this.#node, this.#position, this.value);
    this.#position = nodes.after(this.#node, this.#position);
    return true;
  }

  #toHead(): boolean {
    if (this.#node === 0) return false;
    const { nodes } = this.#chain;
    if (this.#position === nodes.start(this.#node)) {
      this.#node = nodes.previous(this.#node);
      if (this.#node === 0) return false;
      this.#position = nodes.end(this.#node);
    }
    this.#position = nodes.before(this.#node, this.#position);
    this.#listpack.read(this.#node, this.#position, this.value);
    return true;
  }
}
