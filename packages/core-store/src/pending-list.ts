/**
 * Entries that were delivered and not acknowledged yet, ordered by id.
 *
 * Chunks of at most 256 entries in an array of chunks, both searched by bisection. Ids are delivered in order, so a full last
 * chunk is left as it is and a new one begun: appending never moves anything. A removal moves at most a chunk's
 * pointers, and, for a chunk that became empty, those of the chunks behind it: 32 KB of them for a million entries, once
 * in many removals.
 */
import { StreamId } from './stream-id.js';
import type { Consumer } from './stream-groups.js';

const CHUNK = 256;

/** A message that a consumer has been given and has not acknowledged. */
export class PendingEntry {
  readonly id: StreamId;
  consumer: Consumer;
  /** Of the last delivery, ms since epoch. */
  deliveryTime: number;
  /** An int64: RETRYCOUNT sets it to anything. */
  deliveryCount: bigint;
  /** Of the snapshot that it was shown in last (`stream-tour.ts`). */
  epoch = 0;

  /** @param id kept: the caller gives it away */
  constructor(id: StreamId, consumer: Consumer, deliveryTime: number, deliveryCount: bigint) {
    this.id = id;
    this.consumer = consumer;
    this.deliveryTime = deliveryTime;
    this.deliveryCount = deliveryCount;
  }
}

/**
 * The entries of a consumer group, or of one consumer, that are not acknowledged, in the order of their ids.
 */
export class PendingList {
  /** None of them empty. */
  readonly #chunks: PendingEntry[][] = [];
  #size = 0;
  /** Where the last search ended: the first entry that is not before the id sought. */
  #chunk = 0;
  #index = 0;

  get size(): number {
    return this.#size;
  }

  get first(): PendingEntry | undefined {
    return this.#chunks[0]?.[0];
  }

  get last(): PendingEntry | undefined {
    return this.#chunks.at(-1)?.at(-1);
  }

  find(id: StreamId): PendingEntry | undefined {
    const entry = this.#seek(id);
    return entry?.id.equals(id) === true ? entry : undefined;
  }

  /** The first entry at or behind this id. */
  atOrAfter(id: StreamId): PendingEntry | undefined {
    return this.#seek(id);
  }

  /** Adds an entry; its id must not be there yet. */
  add(entry: PendingEntry): void {
    this.#size++;
    const chunks = this.#chunks;
    const last = chunks.at(-1);
    if (last === undefined || last[last.length - 1]!.id.compare(entry.id) < 0) {
      if (last === undefined || last.length === CHUNK) chunks.push([entry]);
      else last.push(entry);
      return;
    }
    this.#seek(entry.id);
    const chunk = chunks[this.#chunk]!;
    if (chunk.length < CHUNK) {
      chunk.splice(this.#index, 0, entry);
      return;
    }
    const half = chunk.splice(CHUNK / 2);
    chunks.splice(this.#chunk + 1, 0, half);
    if (this.#index <= chunk.length) chunk.splice(this.#index, 0, entry);
    else half.splice(this.#index - chunk.length, 0, entry);
  }

  /** Removes the entry with this id; undefined when there is none. */
  remove(id: StreamId): PendingEntry | undefined {
    const entry = this.#seek(id);
    if (entry?.id.equals(id) !== true) return undefined;
    this.#size--;
    const chunk = this.#chunks[this.#chunk]!;
    if (chunk.length === 1) this.#chunks.splice(this.#chunk, 1);
    else if (this.#index === 0) chunk.shift();
    else chunk.splice(this.#index, 1);
    return entry;
  }

  /** The entries in order. The list may not change meanwhile: a walk that changes it goes on with `atOrAfter`. */
  *[Symbol.iterator](): IterableIterator<PendingEntry> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** As iterating, beginning with the first entry at or behind `from`. */
  *from(from: StreamId): IterableIterator<PendingEntry> {
    if (this.#seek(from) === undefined) return;
    let index = this.#index;
    for (let c = this.#chunk; c < this.#chunks.length; c++, index = 0) {
      const chunk = this.#chunks[c]!;
      for (; index < chunk.length; index++) yield chunk[index]!;
    }
  }

  #seek(id: StreamId): PendingEntry | undefined {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length;
    // The first chunk whose last entry is not before the id.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle]!;
      if (chunk[chunk.length - 1]!.id.compare(id) < 0) low = middle + 1;
      else high = middle;
    }
    this.#chunk = low;
    this.#index = 0;
    const chunk = chunks[low];
    if (chunk === undefined) return undefined;
    low = 0;
    high = chunk.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (chunk[middle]!.id.compare(id) < 0) low = middle + 1;
      else high = middle;
    }
    this.#index = low;
    return chunk[low];
  }
}
