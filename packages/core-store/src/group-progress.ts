/**
 * How far a group has come in its stream, and how many entries it has still to read (`lag`).
 *
 * A stream counts the entries ever added, a group those it has read. Both counters number the entries of the stream's history,
 * so their difference is the lag, as long as nothing behind the group's position was deleted from the middle: then
 * numbers and entries no longer go together. A group that was set to an id of which nobody kept count has no
 * counter; it gets one where the number of an id can be told from the stream alone: at its ends. Otherwise the lag is unknown, until
 * the group has read to the end. These rules are those of Redis 7.0 to 7.2.4.
 */
import type { Handle } from './arena.js';
import { countUp, Int64 } from './int64.js';
import { type StreamGroup, UNKNOWN_ENTRIES_READ } from './stream-groups.js';
import { StreamId } from './stream-id.js';
import type { Streams } from './streams.js';

/** What is asked of the stream. */
export type StreamHistory = Pick<Streams, 'length' | 'firstId' | 'lastId' | 'maxDeletedId' | 'readEntriesAdded'>;

/** A scratch register: `load` a stream, then ask. Load it again when the stream changed. */
export class GroupProgress {
  #length = 0;
  #added = 0n;
  readonly #first = new StreamId();
  readonly #last = new StreamId();
  readonly #maxDeleted = new StreamId();
  readonly #count = new Int64();

  load(streams: StreamHistory, record: Handle): this {
    this.#length = streams.length(record);
    streams.readEntriesAdded(record, this.#count);
    this.#added = this.#count.toBigInt();
    streams.firstId(record, this.#first);
    streams.lastId(record, this.#last);
    streams.maxDeletedId(record, this.#maxDeleted);
    return this;
  }

  /** Entries that the group has still to be given; undefined: unknown. */
  lag(group: StreamGroup): bigint | undefined {
    if (this.#added === 0n) return 0n;
    const known = group.entriesRead !== UNKNOWN_ENTRIES_READ && !this.#hasTombstoneFrom(group.lastId);
    const read = known ? group.entriesRead : this.#numberOf(group.lastId);
    return read === UNKNOWN_ENTRIES_READ ? undefined : BigInt.asIntN(64, this.#added - read);
  }

  /** The group was given this entry, one behind its last id. @param id copied */
  advance(group: StreamGroup, id: StreamId): void {
    if (group.entriesRead !== UNKNOWN_ENTRIES_READ && !this.#hasTombstoneFrom(id))
      group.entriesRead = countUp(group.entriesRead);
    else if (this.#added !== 0n) group.entriesRead = this.#numberOf(id);
    group.lastId.copy(id);
  }

  /**
   * Whether an entry at or behind this id, and not before the first one, may have been deleted. The stream remembers only the
   * greatest id that was.
   */
  #hasTombstoneFrom(id: StreamId): boolean {
    return this.#length > 0 && this.#hasTombstone() && id.compare(this.#maxDeleted) <= 0;
  }

  /** Whether the entries that are there may have gaps. */
  #hasTombstone(): boolean {
    return !this.#maxDeleted.isMin() && this.#maxDeleted.compare(this.#first) >= 0;
  }

  /** The number of the last entry at or before this id, counted from the first one ever added, if it can be told. */
  #numberOf(id: StreamId): bigint {
    const toLast = id.compare(this.#last);
    if (toLast === 0 || (this.#length === 0 && toLast < 0)) return this.#added;
    if (toLast > 0) return UNKNOWN_ENTRIES_READ;
    if (!this.#hasTombstone()) {
      const toFirst = id.compare(this.#first);
      const gone = this.#added - BigInt(this.#length);
      if (toFirst < 0) return gone;
      if (toFirst === 0) return gone + 1n;
    }
    return UNKNOWN_ENTRIES_READ;
  }
}
