/**
 * `@clone/core-store`: an in-memory keyspace that lives off the JavaScript heap.
 *
 * In reading order: `arena.ts` (memory), `record.ts` (what a key looks like there), `byte-dict.ts` (how it is found),
 * `strings.ts`, `listpack.ts`, `intset.ts`, `hashes.ts`, `hash-expiry.ts` (values), `database.ts` (lookups, expiry),
 * `keyspace.ts` (what databases share), `expiry-cycle.ts`, `expiry-queue.ts`, `lazy-free.ts`, `snapshot.ts` (work in
 * slices).
 */
export { LFU_INITIAL, lfuDecayed, lfuIncremented, lfuInitial, lfuMinutes, lruClock, lruIdleSeconds } from './access.js';
export { Arena, ArenaFullError, type ArenaStatistics, type Handle } from './arena.js';
export { type BucketObserver, ByteDict } from './byte-dict.js';
export { Database } from './database.js';
export { EventClass } from './event-class.js';
export { ExpiryCycle } from './expiry-cycle.js';
export { ExpiryQueue, LAST_QUEUED_TIME } from './expiry-queue.js';
export { GroupProgress } from './group-progress.js';
export { HashFunction } from './hash-function.js';
export { ExpiringHashes, HashEncoding } from './hash-expiry.js';
export type { HashIterator } from './hash-iterators.js';
export { Hashes } from './hashes.js';
export { countUp, INT64_MAX, Int64 } from './int64.js';
export { Intset } from './intset.js';
export {
  type Clock,
  Keyspace,
  type KeyspaceListener,
  type KeyspaceOptions,
  type KeyWaiters,
  type LazyFreeing,
} from './keyspace.js';
export { KeyPrefetch } from './key-prefetch.js';
export { Listpack } from './listpack.js';
export { type ListIterator, Lists } from './lists.js';
export type { PendingEntry, PendingList } from './pending-list.js';
export { type ByteView, Records, StringEncoding, ValueType } from './record.js';
export { type SetIterator, Sets } from './sets.js';
export { Snapshot, type SnapshotVisitor } from './snapshot.js';
export { Combine, SortedSetBuilder } from './sorted-set-builder.js';
export { SortedSetCursor } from './sorted-set-cursor.js';
export { Added, AddOption, SortedSetEncoding, SortedSets } from './sorted-sets.js';
export { byName, type Consumer, nameBytes, StreamGroup, UNKNOWN_ENTRIES_READ } from './stream-groups.js';
export { formatUint64, parseUint64, STREAM_ID_TEXT, StreamId } from './stream-id.js';
export type { StreamIterator } from './stream-iterator.js';
export { StoreError, type StoreErrorCode } from './store-error.js';
export { Streams } from './streams.js';
export { Strings } from './strings.js';
export { utf8 } from './utf8.js';
export type { GroupFigures, PartVisitor, PendingFigures, StreamFigures, Tour } from './tour.js';
export type { EncodingLimits, ValueHost } from './value-host.js';
export type { ValueOperations } from './value-type.js';
export { View } from './view.js';
