/**
 * Streams: entries under ascending ids, packed into nodes (`stream-cursor.ts` has their format), which a directory holds
 * in order (`stream-directory.ts`). The value area of the key's record is one word: the stream's header.
 *
 * A deleted entry is marked and stays until its node goes. What is written into nodes, `stream-writer.ts` writes.
 *
 * Consumer groups are plain objects (`stream-groups.ts`), found by the stream's header.
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import type { Listpack } from './listpack.js';
import { type Records, ValueType } from './record.js';
import { checkBytes } from './store-error.js';
import { DELETED, StreamCursor } from './stream-cursor.js';
import { ADDED, FIRST_ID, HAS_GROUPS, LAST_ID, LENGTH, MAX_DELETED_ID, StreamDirectory } from './stream-directory.js';
import { byName, type StreamGroup } from './stream-groups.js';
import { StreamId } from './stream-id.js';
import { RangeIterator, type StreamIterator } from './stream-iterator.js';
import { radixNodes } from './stream-radix.js';
import { StreamTour } from './stream-tour.js';
import { StreamWriter } from './stream-writer.js';
import { type PartVisitor, type StreamFigures, type Tour, TOURED_FROM, TOURED_FROM_NODES } from './tour.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';

/** Nodes that are freed in one go. */
const NODES_PER_STEP = 16;

/**
 * Stream values: `keyspace.streams`. `create` makes a record that `Database.add` puts under its key.
 * @throws {StoreError} from methods that are given a record of another type
 */
export class Streams implements ValueOperations {
  readonly #host: ValueHost;
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #listpack: Listpack;
  readonly #directory: StreamDirectory;
  readonly #cursor: StreamCursor;
  readonly #writer: StreamWriter;
  readonly #id = new StreamId();
  /**
   * Groups by the header of their stream, apart for each chunk of the arena: when the arena is reset its chunks go, and what
   * was kept for them goes with them.
   */
  readonly #groups = new WeakMap<Uint8Array, Map<Handle, Map<string, StreamGroup>>>();

  constructor(host: ValueHost) {
    this.#host = host;
    this.#arena = host.arena;
    this.#records = host.records;
    this.#listpack = host.listpack;
    this.#directory = new StreamDirectory(host.arena);
    this.#cursor = new StreamCursor(host.arena, host.listpack, this.#directory);
    this.#writer = new StreamWriter(host, this.#directory, this.#cursor);
  }

  /** A record with an empty stream. */
  create(kb: Uint8Array, ko: number, kn: number): Handle {
    checkBytes(kb, ko, kn);
    const header = this.#directory.create();
    const record = this.#records.create(kb, ko, kn, ValueType.stream, 0, 4, false, true);
    this.#records.setWord(record, 0, header);
    return record;
  }

  /** The block that the record of a stream names. */
  #header(record: Handle): Handle {
    this.#records.encodingAs(ValueType.stream, record);
    return this.#records.word(record, 0);
  }

  // ── figures of a stream ───────────────────────────────────────────────────────────────────────────────────────────

  /** Entries that are not deleted. */
  length(record: Handle): number {
    return this.#count(this.#header(record), LENGTH);
  }

  lastId(record: Handle, into: StreamId): void {
    this.#loadId(record, LAST_ID, into);
  }

  setLastId(record: Handle, id: StreamId): void {
    this.#storeId(this.#header(record), LAST_ID, id);
  }

  /** Of the first entry that is not deleted; 0-0 when there is none. */
  firstId(record: Handle, into: StreamId): void {
    this.#loadId(record, FIRST_ID, into);
  }

  /** Of the first entry that its node still holds, deleted or not. The stream is not empty. */
  firstWrittenId(record: Handle, into: StreamId): void {
    this.#directory.masterId(this.#header(record), 0, into);
  }

  /** The greatest id that was ever deleted (not trimmed). */
  maxDeletedId(record: Handle, into: StreamId): void {
    this.#loadId(record, MAX_DELETED_ID, into);
  }

  setMaxDeletedId(record: Handle, id: StreamId): void {
    this.#storeId(this.#header(record), MAX_DELETED_ID, id);
  }

  /** Entries ever added; the nearest double beyond 2^53. */
  entriesAdded(record: Handle): number {
    return this.#count(this.#header(record), ADDED);
  }

  /** The same, exactly. */
  readEntriesAdded(record: Handle, into: Int64): void {
    const header = this.#header(record);
    const words = this.#arena.i32[header >>> 19]!;
    const w = ((header & 0x7ffff) << 1) + ADDED;
    into.lo = words[w]!;
    into.hi = words[w + 1]!;
  }

  setEntriesAdded(record: Handle, count: Int64): void {
    const header = this.#header(record);
    const words = this.#arena.i32[header >>> 19]!;
    const w = ((header & 0x7ffff) << 1) + ADDED;
    words[w] = count.lo;
    words[w + 1] = count.hi;
  }

  /** Number of nodes. */
  nodes(record: Handle): number {
    return this.#directory.count(this.#header(record));
  }

  /** How many nodes Redis's radix tree over the same nodes of entries has. O(nodes). */
  radixNodes(record: Handle): number {
    return radixNodes(this.#directory, this.#header(record));
  }

  // ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Adds an entry behind the last. Arguments `[first, first + count)` of offsets and lengths are field, value, field, value …;
   * `id` is greater than the last id. False when the entry is too big.
   */
  append(
    record: Handle,
    id: StreamId,
    bytes: Uint8Array,
    offsets: Int32Array,
    lengths: Int32Array,
    first: number,
    count: number,
  ): boolean {
    const header = this.#header(record);
    if (!this.#writer.append(header, id, bytes, offsets, lengths, first, count)) return false;
    this.#storeId(header, LAST_ID, id);
    this.#countAdded(header);
    this.#change(header, LENGTH, 1);
    if (this.#count(header, LENGTH) === 1) this.#storeId(header, FIRST_ID, id);
    return true;
  }

  contains(record: Handle, id: StreamId): boolean {
    return this.#cursor.seek(this.#header(record), id);
  }

  /** Deletes an entry; false when there is none. */
  remove(record: Handle, id: StreamId): boolean {
    const header = this.#header(record);
    const cursor = this.#cursor;
    if (!cursor.seek(header, id)) return false;
    this.#writer.willChange(header, cursor.index);
    cursor.bytes[cursor.entry]! |= DELETED;
    const live = cursor.liveEntries - 1;
    if (live === 0) this.#writer.drop(header, cursor.index);
    else this.#writer.setCounts(header, live, cursor.deletedEntries + 1);
    this.#change(header, LENGTH, -1);
    const known = this.#id;
    this.#loadId(record, MAX_DELETED_ID, known);
    if (id.compare(known) > 0) this.#storeId(header, MAX_DELETED_ID, id);
    this.#loadId(record, FIRST_ID, known);
    if (id.equals(known)) this.#findFirst(header);
    return true;
  }

  /** Entries with from <= id <= to, in ascending order or, `backwards`, in descending order. Both ids are copied. */
  iterator(record: Handle, from: StreamId, to: StreamId, backwards: boolean): StreamIterator {
    const header = this.#header(record);
    return new RangeIterator(this.#arena, this.#listpack, this.#directory, header, from, to, backwards);
  }

  #findFirst(header: Handle): void {
    const cursor = this.#cursor;
    if (this.#count(header, LENGTH) > 0) {
      for (let index = 0; index < this.#directory.count(header); index++) {
        cursor.open(header, index);
        while (cursor.forward()) {
          if (cursor.isDeleted) continue;
          this.#storeId(header, FIRST_ID, cursor.id);
          return;
        }
      }
    }
    this.#storeId(header, FIRST_ID, this.#id.setMin());
  }

  // ── trimming ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Deletes entries from the front until `max` are left; answers how many were deleted.
   * @param approximate whole nodes only
   * @param limit entries at most; the node that would go beyond it stays; 0: no limit
   */
  trimToLength(record: Handle, max: number, approximate: boolean, limit: number): number {
    const header = this.#header(record);
    const excess = this.#count(header, LENGTH) - max;
    if (excess <= 0) return 0;
    let deleted = 0;
    const cursor = this.#cursor;
    while (deleted < excess && this.#directory.count(header) > 0) {
      cursor.open(header, 0);
      const live = cursor.liveEntries;
      if (limit > 0 && deleted + live > limit) break;
      if (live <= excess - deleted) {
        this.#writer.drop(header, 0);
        deleted += live;
      } else {
        if (!approximate) deleted += this.#deleteFromFront(header, excess - deleted, undefined);
        break;
      }
    }
    return this.#trimmed(header, deleted);
  }

  /** As `trimToLength`, until no entry below `min` is left. */
  trimToId(record: Handle, min: StreamId, approximate: boolean, limit: number): number {
    const header = this.#header(record);
    let deleted = 0;
    const cursor = this.#cursor;
    while (this.#directory.count(header) > 0) {
      cursor.open(header, 0);
      const live = cursor.liveEntries;
      if (limit > 0 && deleted + live > limit) break;
      if (cursor.backward() && cursor.id.compare(min) < 0) {
        this.#writer.drop(header, 0);
        deleted += live;
      } else {
        cursor.open(header, 0);
        if (!approximate) deleted += this.#deleteFromFront(header, Infinity, min);
        break;
      }
    }
    return this.#trimmed(header, deleted);
  }

  /** Marks the first entries of the open node, at most `max` and those below `min`; answers how many. It may become empty, and stays: as in Redis. */
  #deleteFromFront(header: Handle, max: number, min: StreamId | undefined): number {
    const cursor = this.#cursor;
    let deleted = 0;
    this.#writer.willChange(header, cursor.index);
    while (deleted < max && cursor.forward()) {
      if (min !== undefined && cursor.id.compare(min) >= 0) break;
      if (cursor.isDeleted) continue;
      cursor.bytes[cursor.entry]! |= DELETED;
      deleted++;
    }
    if (deleted > 0) this.#writer.setCounts(header, cursor.liveEntries - deleted, cursor.deletedEntries + deleted);
    return deleted;
  }

  #trimmed(header: Handle, deleted: number): number {
    if (deleted > 0) {
      this.#change(header, LENGTH, -deleted);
      this.#findFirst(header);
    }
    return deleted;
  }

  // ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Groups by name (one character per byte), in order of insertion; made on demand. */
  groups(record: Handle): Map<string, StreamGroup> {
    const header = this.#header(record);
    const groups = this.#groupsOf(header);
    if (groups !== undefined) return groups;
    const made = new Map<string, StreamGroup>();
    this.#setGroups(header, made);
    return made;
  }

  /** Whether there is a group. */
  hasGroups(record: Handle): boolean {
    const groups = this.#groupsOf(this.#header(record));
    return groups !== undefined && groups.size > 0;
  }

  #groupsOf(header: Handle): Map<string, StreamGroup> | undefined {
    if (this.#arena.i32[header >>> 19]![((header & 0x7ffff) << 1) + HAS_GROUPS] === 0) return undefined;
    return this.#groups.get(this.#arena.u8[header >>> 19]!)?.get(header);
  }

  #setGroups(header: Handle, groups: Map<string, StreamGroup>): void {
    const chunk = this.#arena.u8[header >>> 19]!;
    let inChunk = this.#groups.get(chunk);
    if (inChunk === undefined) {
      inChunk = new Map();
      this.#groups.set(chunk, inChunk);
    }
    inChunk.set(header, groups);
    this.#arena.i32[header >>> 19]![((header & 0x7ffff) << 1) + HAS_GROUPS] = 1;
  }

  // ── as a value ────────────────────────────────────────────────────────────────────────────────────────────────────

  encodingName(): string {
    return 'stream';
  }

  freeValue(record: Handle): void {
    const header = this.#header(record);
    if (this.#groupsOf(header) !== undefined) this.#groups.get(this.#arena.u8[header >>> 19]!)?.delete(header);
    // A snapshot that has it still to show wants all of it.
    const toured = this.#writer.tours?.has(header) === true;
    if (toured || !this.#dismantle(header)) this.#host.freeLater(header, this.#dismantle);
  }

  /** Frees some nodes, and the header with the last of them; true then. */
  readonly #dismantle = (header: Handle): boolean => {
    let nodes = this.#directory.count(header);
    for (let i = 0; i < NODES_PER_STEP && nodes > 0; i++) this.#writer.drop(header, --nodes);
    if (nodes > 0) return false;
    this.#directory.free(header);
    return true;
  };

  tour(record: Handle, begin: () => PartVisitor): Tour | undefined {
    const header = this.#header(record);
    const groups = [...(this.#groupsOf(header)?.values() ?? [])];
    const inGroups = groups.reduce((sum, group) => sum + group.consumers.size + group.pending.size, 0);
    if (this.#directory.count(header) <= TOURED_FROM_NODES && inGroups <= TOURED_FROM) return undefined;
    const tools = {
      arena: this.#arena,
      listpack: this.#listpack,
      directory: this.#directory,
      epoch: this.#host.epoch,
    };
    const writer = this.#writer;
    const tours = (writer.tours ??= new Map<Handle, StreamTour>());
    const tour = new StreamTour(header, tools, this.figures(record), groups, begin(), () => {
      tours.delete(header);
      if (tours.size === 0) writer.tours = undefined;
    });
    tours.set(header, tour);
    return tour;
  }

  /** What the stream is beside its entries. */
  figures(record: Handle): StreamFigures {
    const lastId = new StreamId();
    const maxDeletedId = new StreamId();
    const added = new Int64();
    this.lastId(record, lastId);
    this.maxDeletedId(record, maxDeletedId);
    this.readEntriesAdded(record, added);
    return { length: this.length(record), lastId, maxDeletedId, entriesAdded: added.toBigInt() };
  }

  /** Nodes, and for each group one more than what is pending in the first: Redis, too, takes that for all. */
  freeEffort(record: Handle): number {
    const groups = this.#groupsOf(this.#records.word(record, 0));
    const nodes = this.nodes(record);
    if (groups === undefined || groups.size === 0) return nodes;
    const [first] = byName(groups);
    return nodes + (first === undefined ? 0 : groups.size * (1 + first.pending.size));
  }

  detachCopy(record: Handle): void {
    const original = this.#header(record);
    const header = this.#directory.copy(original);
    const nodes = this.#directory.count(header);
    for (let index = 0; index < nodes; index++) {
      const node = this.#directory.node(header, index);
      const used = this.#listpack.bytes(node);
      const copy = this.#arena.alloc(used);
      this.#arena.copyBlock(node, copy, used);
      this.#directory.setNode(header, index, copy);
    }
    this.#records.setWord(record, 0, header);
    const groups = this.#groupsOf(original);
    if (groups === undefined) return;
    this.#setGroups(header, new Map(Array.from(groups, ([name, group]) => [name, group.copy()])));
  }

  /** Blocks of the arena, and an estimate of what groups take. */
  memory(record: Handle, samples = Infinity): number {
    const header = this.#header(record);
    const nodes = this.#directory.count(header);
    const seen = Math.min(nodes, samples);
    let bytes = 0;
    for (let index = 0; index < seen; index++) bytes += this.#arena.sizeOf(this.#directory.node(header, index));
    if (seen < nodes) bytes = Math.round((bytes / seen) * nodes);
    bytes += this.#directory.memory(header);
    for (const group of this.#groupsOf(header)?.values() ?? []) bytes += group.memory;
    return bytes;
  }

  // ── words of the header ───────────────────────────────────────────────────────────────────────────────────────────

  #loadId(record: Handle, word: number, into: StreamId): void {
    const header = this.#header(record);
    into.load(this.#arena.i32[header >>> 19]!, ((header & 0x7ffff) << 1) + word);
  }

  #storeId(header: Handle, word: number, id: StreamId): void {
    id.store(this.#arena.i32[header >>> 19]!, ((header & 0x7ffff) << 1) + word);
  }

  #count(header: Handle, word: number): number {
    const words = this.#arena.i32[header >>> 19]!;
    const w = ((header & 0x7ffff) << 1) + word;
    return words[w + 1]! * 4294967296 + (words[w]! >>> 0);
  }

  /** One entry more was added. The counter stays at the greatest int64: beyond it, XSETID could not set it again. */
  #countAdded(header: Handle): void {
    const words = this.#arena.i32[header >>> 19]!;
    const w = ((header & 0x7ffff) << 1) + ADDED;
    if (words[w] !== -1 || words[w + 1] !== 0x7fffffff) this.#change(header, ADDED, 1);
  }

  /** @param by within 32 bits */
  #change(header: Handle, word: number, by: number): void {
    const words = this.#arena.i32[header >>> 19]!;
    const w = ((header & 0x7ffff) << 1) + word;
    const before = words[w]!;
    const after = (before + by) | 0;
    words[w] = after;
    // Past 2^32 in either direction.
    if (by > 0 && after >>> 0 < before >>> 0) words[w + 1]!++;
    else if (by < 0 && after >>> 0 > before >>> 0) words[w + 1]!--;
  }
}
