/**
 * Walks the entries of a stream, deleted ones included. A node is a listpack in Redis's format (Redis 5.0, `t_stream.c`):
 *
 * ```
 * master entry   entries, deleted entries, fields, field …, 0
 * entry          flags, ms and sequence above the node's id, value …, elements before this one
 *                without SAME_FIELDS:            … fields, field, value, field, value …, elements before this one
 * ```
 *
 * The last element lets a walk go backwards; the 0 of the master entry ends it. Positions are absolute in the bytes of
 * the chunk. Flags are one byte long, so that an entry is marked as deleted in place.
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import { entryBefore, entryBytes, type Listpack, loadInteger } from './listpack.js';
import type { StreamDirectory } from './stream-directory.js';
import { StreamId } from './stream-id.js';
import { View } from './view.js';

export const DELETED = 1;
export const SAME_FIELDS = 2;
const END = 0xff;
const LISTPACK_HEADER = 6;

export class StreamCursor {
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #directory: StreamDirectory;
  readonly #int = new Int64();

  /** Id of the entry. */
  readonly id: StreamId = new StreamId();
  /** Id of the open node: no entry of it has a smaller one. */
  readonly masterId: StreamId = new StreamId();
  /** Field/value pairs of the entry. */
  fields = 0;
  /** Where the entry begins: at its flags, a byte; 0 before the first step in a node. */
  entry = 0;
  readonly field: View = new View();
  readonly value: View = new View();

  /** Index of the node. */
  index = 0;
  node: Handle = 0;
  bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #masterFields = 0;
  #firstMasterField = 0;
  /** Where the first entry is. */
  #entries = 0;

  // The next field and value to be read or skipped, and how many of each.
  #masterField = 0;
  #element = 0;
  #left = 0;

  constructor(arena: Arena, listpack: Listpack, directory: StreamDirectory) {
    this.#arena = arena;
    this.#listpack = listpack;
    this.#directory = directory;
  }

  /** Goes to a node, before its first and behind its last entry. */
  open(header: Handle, index: number): void {
    this.index = index;
    this.#directory.masterId(header, index, this.masterId);
    this.#open(this.#directory.node(header, index));
  }

  /** As `open`, for a node that is in no directory any more. @param id of its master entry */
  openApart(node: Handle, id: StreamId): void {
    this.masterId.copy(id);
    this.#open(node);
  }

  #open(node: Handle): void {
    this.node = node;
    const bytes = this.#arena.u8[this.node >>> 19]!;
    this.bytes = bytes;
    this.#start = (this.node & 0x7ffff) << 3;
    let p = this.#start + LISTPACK_HEADER;
    p += entryBytes(bytes, p);
    p += entryBytes(bytes, p);
    this.#masterFields = this.#integer(p);
    p += entryBytes(bytes, p);
    this.#firstMasterField = p;
    for (let i = this.#masterFields; i >= 0; i--) p += entryBytes(bytes, p);
    this.#entries = p;
    this.entry = 0;
  }

  /** Entries of the node that are not deleted. */
  get liveEntries(): number {
    return this.#integer(this.#start + LISTPACK_HEADER);
  }

  get deletedEntries(): number {
    const p = this.#start + LISTPACK_HEADER;
    return this.#integer(p + entryBytes(this.bytes, p));
  }

  get isDeleted(): boolean {
    return (this.bytes[this.entry]! & DELETED) !== 0;
  }

  /** Goes to the next entry of the node; false at its end. */
  forward(): boolean {
    const bytes = this.bytes;
    let p = this.#entries;
    if (this.entry !== 0) {
      const elements = (bytes[this.entry]! & SAME_FIELDS) === 0 ? this.#left * 2 : this.#left;
      p = this.#element;
      for (let i = elements; i >= 0; i--) p += entryBytes(bytes, p);
    }
    if (bytes[p] === END) return false;
    this.#load(p);
    return true;
  }

  /** Goes to the entry before; false at the start of the node. */
  backward(): boolean {
    const bytes = this.bytes;
    let p = entryBefore(bytes, this.entry === 0 ? this.#start + this.#listpack.bytes(this.node) - 1 : this.entry);
    const elements = this.#integer(p);
    if (elements === 0) return false;
    for (let i = 0; i < elements; i++) p = entryBefore(bytes, p);
    this.#load(p);
    return true;
  }

  /** Shows the next pair of the entry; false behind the last. */
  nextField(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const bytes = this.bytes;
    if ((bytes[this.entry]! & SAME_FIELDS) === 0) {
      this.#listpack.read(this.node, this.#element - this.#start, this.field);
      this.#element += entryBytes(bytes, this.#element);
    } else {
      this.#listpack.read(this.node, this.#masterField - this.#start, this.field);
      this.#masterField += entryBytes(bytes, this.#masterField);
    }
    this.#listpack.read(this.node, this.#element - this.#start, this.value);
    this.#element += entryBytes(bytes, this.#element);
    return true;
  }

  /**
   * Goes to the entry with this id; false when there is none. Ids of deleted entries prove nothing: XSETID can make the ids
   * of later ones smaller than theirs.
   */
  seek(header: Handle, id: StreamId): boolean {
    if (this.#directory.count(header) === 0) return false;
    this.open(header, Math.max(this.#directory.find(header, id), 0));
    while (this.forward()) {
      if (this.isDeleted) continue;
      const order = this.id.compare(id);
      if (order >= 0) return order === 0;
    }
    return false;
  }

  /** Whether an entry of the node being open, with SAME_FIELDS, would have the fields among these arguments. */
  hasFields(bytes: Uint8Array, offsets: Int32Array, lengths: Int32Array, first: number, count: number): boolean {
    if (count !== this.#masterFields * 2) return false;
    const own = this.bytes;
    let p = this.#firstMasterField;
    for (let i = first; i < first + count; i += 2) {
      const length = lengths[i]!;
      const offset = offsets[i]!;
      if (length < 64 && own[p] === (0x80 | length)) {
        for (let k = 0; k < length; k++) if (own[p + 1 + k] !== bytes[offset + k]) return false;
        p += length + 2;
      } else {
        this.#listpack.read(this.node, p - this.#start, this.field);
        if (!equalBytes(this.field, bytes, offset, length)) return false;
        p += entryBytes(own, p);
      }
    }
    return true;
  }

  #load(at: number): void {
    const bytes = this.bytes;
    const int = this.#int;
    const { id } = this;
    const master = this.masterId;
    this.entry = at;
    let p = at + 2;
    loadInteger(bytes, p, int);
    p += entryBytes(bytes, p);
    id.msLo = (master.msLo + int.lo) | 0;
    id.msHi = (master.msHi + int.hi + (id.msLo >>> 0 < master.msLo >>> 0 ? 1 : 0)) | 0;
    loadInteger(bytes, p, int);
    p += entryBytes(bytes, p);
    id.seqLo = (master.seqLo + int.lo) | 0;
    id.seqHi = (master.seqHi + int.hi + (id.seqLo >>> 0 < master.seqLo >>> 0 ? 1 : 0)) | 0;
    if ((bytes[at]! & SAME_FIELDS) === 0) {
      this.fields = this.#integer(p);
      p += entryBytes(bytes, p);
    } else {
      this.fields = this.#masterFields;
      this.#masterField = this.#firstMasterField;
    }
    this.#element = p;
    this.#left = this.fields;
  }

  #integer(p: number): number {
    const b = this.bytes[p]!;
    if (b < 0x80) return b;
    loadInteger(this.bytes, p, this.#int);
    return this.#int.toNumber();
  }
}

function equalBytes(view: View, bytes: Uint8Array, offset: number, length: number): boolean {
  if (view.length !== length) return false;
  for (let k = 0; k < length; k++) if (view.bytes[view.offset + k] !== bytes[offset + k]) return false;
  return true;
}
