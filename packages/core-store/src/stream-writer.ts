/**
 * Writes entries into the nodes of streams (`stream-cursor.ts` has their format).
 *
 * Where a node ends depends on its bytes and entries exactly as in Redis, because it can be seen: approximate trimming
 * takes whole nodes. The node at the end has room to grow; it is cut to size when the next one begins, which gets as much
 * room at once as the one before it took.
 */
import type { Arena, Handle } from './arena.js';
import { entryBytes, type Listpack, writeUint32 } from './listpack.js';
import { SAME_FIELDS, type StreamCursor } from './stream-cursor.js';
import type { StreamDirectory } from './stream-directory.js';
import { StreamId } from './stream-id.js';
import type { StreamTour } from './stream-tour.js';
import type { ValueHost } from './value-host.js';

/** No node, and no entry, is bigger: Redis's bound of a listpack in a stream. */
const MAX_NODE_BYTES = 1 << 30;
const LISTPACK_HEADER = 6;
const END = 0xff;
const UNKNOWN_COUNT = 0xffff;
/** Bytes of an entry beside its fields and values, at most: flags, two differences, number of fields, number of elements. */
const ENTRY_BYTES = 34;
/** Of a master entry, likewise, with the header and the end of the listpack. */
const MASTER_BYTES = 28;

export class StreamWriter {
  readonly #host: ValueHost;
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #directory: StreamDirectory;
  readonly #cursor: StreamCursor;
  /** By the header of the stream that each shows; undefined when there is none. */
  tours: Map<Handle, StreamTour> | undefined;
  /** Two integers that are about to replace those of a master entry. */
  readonly #counts = new Uint8Array(32);

  /** @param cursor shared with the caller: it stands on the node that is written to */
  constructor(host: ValueHost, directory: StreamDirectory, cursor: StreamCursor) {
    this.#host = host;
    this.#arena = host.arena;
    this.#listpack = host.listpack;
    this.#directory = directory;
    this.#cursor = cursor;
  }

  /** Adds an entry at the end; false when it is too big. The header's figures are the caller's. */
  append(
    header: Handle,
    id: StreamId,
    bytes: Uint8Array,
    offsets: Int32Array,
    lengths: Int32Array,
    first: number,
    count: number,
  ): boolean {
    let text = 0;
    for (let i = first; i < first + count; i++) text += lengths[i]!;
    if (text > MAX_NODE_BYTES) return false;
    const cursor = this.#cursor;
    const nodes = this.#openLast(header, id);
    const live = nodes > 0 ? cursor.liveEntries : 0;
    const deleted = nodes > 0 ? cursor.deletedEntries : 0;
    if (nodes > 0 && this.#fits(cursor.node, text, live + deleted)) {
      const same = cursor.hasFields(bytes, offsets, lengths, first, count);
      this.willChange(header, cursor.index);
      this.#reserve(header, this.#entryRoom(id, same, lengths, first, count));
      this.#write(id, same, bytes, offsets, lengths, first, count);
      this.setCounts(header, live + 1, deleted);
    } else {
      this.#begin(header, id, bytes, offsets, lengths, first, count);
      this.#write(id, true, bytes, offsets, lengths, first, count);
      // As a rule a small stream: there is no telling whether it will grow.
      if (nodes === 0) this.#cut(header, 0);
    }
    return true;
  }

  /** Opens the last node, if there is one, and answers how many there are. @param id of the entry that is to be added */
  #openLast(header: Handle, id: StreamId): number {
    for (let nodes = this.#directory.count(header); nodes > 0; nodes--) {
      this.#cursor.open(header, nodes - 1);
      if (this.#cursor.masterId.compare(id) < 0) return nodes;
      // XSETID went below the ids of deleted entries: this node has no others, and would be out of order.
      this.drop(header, nodes - 1);
    }
    return 0;
  }

  /**
   * Bytes that an entry of the open node takes at most. Exact but for integers in long texts: a node whose limit is that of its
   * block must not get a bigger one for its last entries, only to be cut to the old size again.
   */
  #entryRoom(id: StreamId, same: boolean, lengths: Int32Array, first: number, count: number): number {
    let room = 0;
    for (let i = first + 1; i < first + count; i += 2) room += elementRoom(lengths[i]!);
    if (!same) for (let i = first; i < first + count; i += 2) room += elementRoom(lengths[i]!);
    const master = this.#cursor.masterId;
    const near = id.msHi === master.msHi && id.seqHi === master.seqHi && count < 100;
    const ms = id.msLo - master.msLo;
    const seq = id.seqLo - master.seqLo;
    // Flags, two differences, number of fields, number of elements.
    if (near && ms >= 0 && ms < 4096 && seq >= -4096 && seq < 4096) return room + 2 + 3 + 3 + (same ? 0 : 2) + 3;
    return room + ENTRY_BYTES;
  }

  /** Whether a node that holds so many entries takes another one of so many bytes of text: the very condition of Redis. */
  #fits(node: Handle, text: number, held: number): boolean {
    const max = this.#host.streamNodeMaxBytes;
    const limit = max <= 0 || max > MAX_NODE_BYTES ? MAX_NODE_BYTES : max;
    if (this.#listpack.bytes(node) + text >= limit) return false;
    const entries = this.#host.streamNodeMaxEntries;
    return entries <= 0 || held < entries;
  }

  /** Begins a node with these fields, behind the others, with room for its first entry, and opens it. */
  #begin(
    header: Handle,
    id: StreamId,
    b: Uint8Array,
    offsets: Int32Array,
    lengths: Int32Array,
    first: number,
    count: number,
  ): void {
    const nodes = this.#directory.count(header);
    // The master entry takes the fields, the first entry the values.
    let capacity = MASTER_BYTES + ENTRY_BYTES;
    for (let i = first; i < first + count; i++) capacity += elementRoom(lengths[i]!);
    if (nodes > 0) {
      this.#cut(header, nodes - 1);
      capacity = Math.max(capacity, this.#arena.sizeOf(this.#directory.node(header, nodes - 1)));
    }
    const node = this.#arena.alloc(capacity);
    const bytes = this.#arena.u8[node >>> 19]!;
    const start = (node & 0x7ffff) << 3;
    const listpack = this.#listpack;
    let p = start + LISTPACK_HEADER;
    p = listpack.writeInteger(bytes, p, 0, 1);
    p = listpack.writeInteger(bytes, p, 0, 0);
    p = listpack.writeInteger(bytes, p, 0, count >>> 1);
    for (let i = first; i < first + count; i += 2) p = listpack.write(bytes, p, b, offsets[i]!, lengths[i]!);
    p = listpack.writeInteger(bytes, p, 0, 0);
    bytes[start + 4] = 0;
    bytes[start + 5] = 0;
    this.#finish(bytes, start, p, 4 + (count >>> 1));
    this.#directory.append(header, id, node);
    this.#cursor.open(header, nodes);
  }

  /** Writes an entry at the end of the open node, in which there is room. */
  #write(
    id: StreamId,
    same: boolean,
    b: Uint8Array,
    offsets: Int32Array,
    lengths: Int32Array,
    first: number,
    count: number,
  ): void {
    const { node, masterId: master } = this.#cursor;
    const bytes = this.#arena.u8[node >>> 19]!;
    const start = (node & 0x7ffff) << 3;
    const listpack = this.#listpack;
    let p = start + listpack.bytes(node) - 1;
    p = listpack.writeInteger(bytes, p, 0, same ? SAME_FIELDS : 0);
    let borrow = id.msLo >>> 0 < master.msLo >>> 0 ? 1 : 0;
    p = listpack.writeInteger(bytes, p, (id.msHi - master.msHi - borrow) | 0, (id.msLo - master.msLo) | 0);
    borrow = id.seqLo >>> 0 < master.seqLo >>> 0 ? 1 : 0;
    p = listpack.writeInteger(bytes, p, (id.seqHi - master.seqHi - borrow) | 0, (id.seqLo - master.seqLo) | 0);
    let elements = count + 4;
    if (same) {
      elements = 3 + (count >>> 1);
      for (let i = first + 1; i < first + count; i += 2) p = listpack.write(bytes, p, b, offsets[i]!, lengths[i]!);
    } else {
      p = listpack.writeInteger(bytes, p, 0, count >>> 1);
      for (let i = first; i < first + count; i++) p = listpack.write(bytes, p, b, offsets[i]!, lengths[i]!);
    }
    p = listpack.writeInteger(bytes, p, 0, elements);
    this.#finish(bytes, start, p, elements + 1);
  }

  /** Ends a listpack at `end`, with so many elements more. */
  #finish(bytes: Uint8Array, start: number, end: number, added: number): void {
    bytes[end] = END;
    writeUint32(bytes, start, end + 1 - start);
    const before = bytes[start + 4]! | (bytes[start + 5]! << 8);
    if (before === UNKNOWN_COUNT) return;
    const elements = Math.min(before + added, UNKNOWN_COUNT);
    bytes[start + 4] = elements;
    bytes[start + 5] = elements >>> 8;
  }

  /** Makes room for so many bytes more in the open node. */
  #reserve(header: Handle, more: number): void {
    const cursor = this.#cursor;
    const { node, index } = cursor;
    const used = this.#listpack.bytes(node);
    if (used + more <= this.#arena.sizeOf(node)) return;
    // Later nodes get the size of the one before at once.
    const grown = this.#arena.alloc(used + more + (used >>> 1));
    this.#arena.copyBlock(node, grown, used);
    this.#arena.free(node);
    this.#directory.setNode(header, index, grown);
    cursor.open(header, index);
  }

  /** Gives back what a node has reserved. */
  #cut(header: Handle, index: number): void {
    const node = this.#directory.node(header, index);
    const used = this.#listpack.bytes(node);
    const cut = this.#arena.resize(node, used, used);
    if (cut !== node) this.#directory.setNode(header, index, cut);
  }

  /** Writes how many entries of the open node are there, and how many are deleted. */
  setCounts(header: Handle, live: number, deleted: number): void {
    const cursor = this.#cursor;
    const counts = this.#counts;
    const listpack = this.#listpack;
    let start = (cursor.node & 0x7ffff) << 3;
    const at = start + LISTPACK_HEADER;
    const own = cursor.bytes;
    if ((own[at]! | own[at + 2]!) < 128 && (live | deleted) < 128) {
      // As a rule each is one byte, and stays one.
      own[at] = live;
      own[at + 2] = deleted;
      return;
    }
    const second = at + entryBytes(cursor.bytes, at);
    const before = second + entryBytes(cursor.bytes, second) - at;
    const after = listpack.writeInteger(counts, listpack.writeInteger(counts, 0, 0, live), 0, deleted);
    if (after !== before) {
      this.#reserve(header, Math.max(0, after - before));
      start = (cursor.node & 0x7ffff) << 3;
      const used = listpack.bytes(cursor.node);
      const from = start + LISTPACK_HEADER + before;
      cursor.bytes.copyWithin(from + after - before, from, start + used);
      writeUint32(cursor.bytes, start, used + after - before);
    }
    const { bytes } = cursor;
    for (let i = 0; i < after; i++) bytes[start + LISTPACK_HEADER + i] = counts[i]!;
  }

  /** Before the content of a node changes: lets a snapshot keep it as it was. */
  willChange(header: Handle, index: number): void {
    if (this.tours !== undefined) this.tours.get(header)?.willChange(index);
  }

  /** Takes a node out and frees it. */
  drop(header: Handle, index: number): void {
    const node = this.#directory.node(header, index);
    if (this.tours?.get(header)?.willGo(index) !== true) this.#arena.free(node);
    this.#directory.remove(header, index);
  }
}

/** Bytes that a text of this length takes in a listpack, at most. */
function elementRoom(length: number): number {
  return length < 64 ? length + 2 : length < 4096 ? length + 4 : length + 10;
}
