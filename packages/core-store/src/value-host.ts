/**
 * What value types are built on, and when they change their encoding. `Keyspace` is the one implementation; a test of a
 * single type may hand in less.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import type { Intset } from './intset.js';
import type { KeyPrefetch } from './key-prefetch.js';
import type { Listpack } from './listpack.js';
import type { Records } from './record.js';
import type { Strings } from './strings.js';

/** Where small encodings end: Redis's parameters of the same names, with its defaults. May change at any time. */
export interface EncodingLimits {
  hashMaxListpackEntries: number;
  hashMaxListpackValue: number;
  /** Positive: elements per node; -1 to -5: 4, 8, 16, 32, 64 KB per node. */
  listMaxListpackSize: number;
  setMaxIntsetEntries: number;
  setMaxListpackEntries: number;
  setMaxListpackValue: number;
  zsetMaxListpackEntries: number;
  zsetMaxListpackValue: number;
  /** In bytes; 0: no limit. */
  streamNodeMaxBytes: number;
  /** 0: no limit. */
  streamNodeMaxEntries: number;
}

/**
 * What value types are built on: the arena, tables, limits of encodings, and the way to free later. `Keyspace` is one.
 */
export interface ValueHost extends EncodingLimits {
  readonly arena: Arena;
  readonly records: Records;
  readonly strings: Strings;
  readonly listpack: Listpack;
  readonly intset: Intset;
  /** Has the hashes of the running request's key and member, where it was looked ahead at. */
  readonly prefetch: KeyPrefetch;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Time of the running command, ms since epoch. */
  readonly now: number;
  /** A file is loaded: nothing is past its time then. */
  readonly loading: boolean;
  /** A `ByteDict` of one's own: each remembers the position it found last, so types do not share one. */
  newDict(): ByteDict;
  /** Of the snapshot that is under way, or of the last one. */
  readonly epoch: number;
  /**
   * Takes over something too big to be freed in one go. `dismantle(handle)` frees a small part each time (some 16
   * records, or a node of a list) and answers true when nothing is left, the block `handle` included.
   * @param root the root of a tour that may be under way, `handle` itself when absent; then it waits for the end of that
   */
  freeLater(handle: Handle, dismantle: (handle: Handle) => boolean, root?: Handle): void;
}
