/**
 * Consumer groups of a stream: who has read how far, and who has not acknowledged what.
 *
 * This is bookkeeping, plain objects on the JavaScript heap: unlike the stream's entries it stays in proportion to consumers and
 * to the messages in flight. A pending entry is one object in two lists, the group's and its consumer's. The commands in
 * `@clone/command-registry` say when what changes; here only the two lists are kept together.
 *
 * Names have one character per byte (latin1), so that any bytes can be a name and their order is that of the bytes.
 */
import { PendingEntry, PendingList } from './pending-list.js';
import { StreamId } from './stream-id.js';

/** `entriesRead` of a group whose position in the stream's history is not known. */
export const UNKNOWN_ENTRIES_READ = -1n;

// What the objects take on a 64-bit V8, roughly: nobody can ask it for more.
const GROUP_BYTES = 600;
const CONSUMER_BYTES = 300;
const PENDING_BYTES = 170;

/** A consumer of a group: when it was seen, and what it has not acknowledged. */
export class Consumer {
  readonly name: string;
  /** Of the last attempt to read or claim, ms since epoch. */
  seenTime: number;
  /** Of the last reading or claiming that gave it an entry, ms since epoch; -1: never. */
  activeTime = -1;
  readonly pending = new PendingList();

  constructor(name: string, now: number) {
    this.name = name;
    this.seenTime = now;
  }
}

/** Hears of what is pending before it changes. */
export interface GroupWatcher {
  added(entry: PendingEntry): void;
  willChange(entry: PendingEntry): void;
}

/**
 * A consumer group of a stream. Its parts are objects on the JavaScript heap, which `memoryUsage` estimates.
 */
export class StreamGroup {
  readonly name: string;
  /** Of the last entry that was delivered to any consumer; `>` reads behind it. */
  readonly lastId: StreamId;
  /** How many of the stream's entries, counted from its first ever, are at or before `lastId`; int64. */
  entriesRead: bigint;
  /** By name. */
  readonly consumers = new Map<string, Consumer>();
  readonly pending = new PendingList();
  /** While a snapshot has the group still to show. */
  watcher: GroupWatcher | undefined;

  /** @param lastId copied */
  constructor(name: string, lastId: StreamId, entriesRead: bigint) {
    this.name = name;
    this.lastId = lastId.clone();
    this.entriesRead = entriesRead;
  }

  /** Adds a consumer; there must be none of this name. */
  addConsumer(name: string, now: number): Consumer {
    const consumer = new Consumer(name, now);
    this.consumers.set(name, consumer);
    return consumer;
  }

  /** Removes a consumer, and what it has pending. */
  removeConsumer(consumer: Consumer): void {
    for (const entry of consumer.pending) {
      this.watcher?.willChange(entry);
      this.pending.remove(entry.id);
    }
    this.consumers.delete(consumer.name);
  }

  /** Makes an entry pending that is not yet. @param id copied */
  deliver(id: StreamId, consumer: Consumer, deliveryTime: number, deliveryCount: bigint): PendingEntry {
    const entry = new PendingEntry(id.clone(), consumer, deliveryTime, deliveryCount);
    this.pending.add(entry);
    consumer.pending.add(entry);
    this.watcher?.added(entry);
    return entry;
  }

  /** A pending entry is delivered once more. */
  redeliver(entry: PendingEntry, deliveryTime: number, deliveryCount: bigint): void {
    this.watcher?.willChange(entry);
    entry.deliveryTime = deliveryTime;
    entry.deliveryCount = deliveryCount;
  }

  /** Gives a pending entry to a consumer, its owner perhaps. */
  assign(entry: PendingEntry, consumer: Consumer): void {
    if (entry.consumer === consumer) return;
    this.watcher?.willChange(entry);
    entry.consumer.pending.remove(entry.id);
    entry.consumer = consumer;
    consumer.pending.add(entry);
  }

  /** Ends the pending of an entry; false when it is not pending. */
  acknowledge(id: StreamId): boolean {
    const entry = this.pending.find(id);
    if (entry === undefined) return false;
    this.watcher?.willChange(entry);
    this.pending.remove(id);
    entry.consumer.pending.remove(id);
    return true;
  }

  /** A deep copy. */
  copy(): StreamGroup {
    const copy = new StreamGroup(this.name, this.lastId, this.entriesRead);
    const copies = new Map<Consumer, Consumer>();
    for (const consumer of this.consumers.values()) {
      const twin = copy.addConsumer(consumer.name, consumer.seenTime);
      twin.activeTime = consumer.activeTime;
      copies.set(consumer, twin);
    }
    for (const { id, consumer, deliveryTime, deliveryCount } of this.pending) {
      copy.deliver(id, copies.get(consumer)!, deliveryTime, deliveryCount);
    }
    return copy;
  }

  /** Bytes on the JavaScript heap, an estimate. */
  get memory(): number {
    return GROUP_BYTES + this.consumers.size * CONSUMER_BYTES + this.pending.size * PENDING_BYTES;
  }
}

/** Groups or consumers in the order of their names' bytes, in which Redis lists them. */
export function byName<T extends { readonly name: string }>(things: ReadonlyMap<string, T>): T[] {
  return [...things.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The bytes of a name. */
export function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length);
  for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i);
  return bytes;
}
