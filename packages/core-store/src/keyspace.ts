/**
 * The keyspace: databases over one arena, with what they share: the clock, the access policy, expiry, lazy freeing,
 * snapshots, and the two things that others hear of it (`listener`, `dirty`).
 *
 * It reads no clock and starts no timer by itself. The owner sets `now` through `setTime` before each batch of commands,
 * and calls `activeExpireCycle` and `lazyFree` as often as it likes.
 */
import { lfuInitial, lruClock } from './access.js';
import { Arena, type Handle } from './arena.js';
import { ByteDict } from './byte-dict.js';
import { Database } from './database.js';
import { EventClass } from './event-class.js';
import { ExpiryCycle } from './expiry-cycle.js';
import { HashFunction } from './hash-function.js';
import { Hashes } from './hashes.js';
import { Intset } from './intset.js';
import { KeyPrefetch } from './key-prefetch.js';
import { LazyFree } from './lazy-free.js';
import { Listpack } from './listpack.js';
import { Lists } from './lists.js';
import { Records, ValueType } from './record.js';
import { Sets } from './sets.js';
import { Snapshot, type SnapshotVisitor } from './snapshot.js';
import { SortedSets } from './sorted-sets.js';
import { StoreError } from './store-error.js';
import { Streams } from './streams.js';
import { Strings } from './strings.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';

/** Source of time. */
export interface Clock {
  /** Milliseconds since epoch, an integer. */
  now(): number;
  /** Monotonic milliseconds, for time budgets; `now` when absent. */
  elapsed?(): number;
}

/** Who hears of changes. Byte arguments are valid during the call only. */
export interface KeyspaceListener {
  /** Something happened to this key. `event` is the name of Redis's keyspace notification, `eventClass` its class. */
  event(db: Database, bytes: Uint8Array, offset: number, length: number, eventClass: number, event: string): void;
  /** The keyspace itself removed this key: its time had come, or memory was full. */
  removed(db: Database, bytes: Uint8Array, offset: number, length: number, reason: 'expired' | 'evicted'): void;
  /** The keyspace itself removed this field of a hash: its time had come. `event` follows, once for all of them. */
  fieldExpired(
    db: Database,
    key: Uint8Array,
    keyOffset: number,
    keyLength: number,
    field: Uint8Array,
    fieldOffset: number,
    fieldLength: number,
  ): void;
  /** A database was emptied; undefined: all of them. */
  flushed(db: Database | undefined): void;
}

/** Who waits for keys. Set only while somebody does: then every change costs a call. */
export interface KeyWaiters {
  /**
   * A key was written, or is gone. Byte arguments are valid during the call only.
   * @param byCommand false: its time had come, or that of a field, or memory was full
   */
  touched(db: Database, bytes: Uint8Array, offset: number, length: number, byCommand: boolean): void;
  /** A database has other contents now, or none any more; undefined: all of them. */
  replaced(db: Database | undefined, emptied: boolean): void;
}

/**
 * When Redis would free big values in the background (`lazyfree-lazy-*`). Here they are freed in slices in any case; what
 * is counted as `lazyfreed_objects` depends on it.
 */
export interface LazyFreeing {
  /** DEL. UNLINK always does. */
  userDel: boolean;
  /** A value that is overwritten, or whose key goes because of another command. */
  serverDel: boolean;
  expire: boolean;
  eviction: boolean;
}

/** What a keyspace is given, since it asks the outside world for nothing. */
export interface KeyspaceOptions {
  clock: Clock;
  /** Numbers in [0, 1). */
  random: () => number;
  /** Two 32-bit integers that nobody else knows. */
  hashSeed: readonly [number, number];
  /** How many databases; 16 when absent. */
  databases?: number;
  listener?: KeyspaceListener;
}

/**
 * Databases over one arena, with the clock that commands see, and the work that is done in slices.
 *
 * ```ts
 * const keyspace = new Keyspace({ clock: Date, random: Math.random, hashSeed: [0x5eed, 0xbeef] });
 * const db = keyspace.databases[0];
 * ```
 *
 * Call `readClock` before each batch of commands, and `activeExpireCycle` and `lazyFree` now and then. Memory is given back
 * when the keyspace itself is garbage.
 */
export class Keyspace implements ValueHost {
  readonly arena: Arena;
  readonly records: Records;
  /** Dictionaries of keys, of volatile keys: one object each, because each remembers what it found last. */
  readonly keys: ByteDict;
  readonly volatile: ByteDict;
  /** For whoever has several requests at hand before it executes the first. */
  readonly prefetch: KeyPrefetch;
  readonly strings: Strings;
  readonly listpack: Listpack;
  readonly intset: Intset;
  readonly hashes: Hashes;
  readonly lists: Lists;
  readonly sets: Sets;
  readonly sortedSets: SortedSets;
  readonly streams: Streams;
  readonly databases: readonly Database[];
  readonly random: () => number;
  readonly expiryCycle: ExpiryCycle;
  readonly #clock: Clock;
  readonly #hashFunction: HashFunction;
  readonly #types: (ValueOperations | undefined)[] = [];
  readonly #lazy = new LazyFree();
  #snapshot: Snapshot | undefined;
  #epoch = 0;

  listener: KeyspaceListener | undefined;
  waiters: KeyWaiters | undefined;
  /** Whether the listener wants to hear of what changes nothing, or is told of anyway: a missed key, a new one. */
  tellsMisses = false;
  tellsNewKeys = false;
  /**
   * Counts changes as Redis does: whoever wants to know whether a command changed anything compares it, and INFO shows
   * it (`rdb_changes_since_last_save`).
   */
  dirty = 0;
  /** Time of the running command, ms since epoch. Set by `setTime`. */
  now = 0;
  /** The LRU clock of `now`, in seconds, 24 bits. */
  accessClock = 0;
  /** What a touched record's access bits become under an LRU policy. */
  accessNow = 0;
  /** Access bits of a new record. */
  accessInitial = 0;
  /** False while commands must leave access times alone (CLIENT NO-TOUCH). */
  touching = true;
  /** False: keys that are due are hidden, but not removed (DEBUG SET-ACTIVE-EXPIRE has its own switch; replicas). */
  expireEnabled = true;
  /** True while a file is loaded: nothing expires then. */
  loading = false;
  maxmemoryPolicyIsLfu = false;
  lfuLogFactor = 10;
  lfuDecayTime = 1;
  hashMaxListpackEntries = 512;
  hashMaxListpackValue = 64;
  listMaxListpackSize = -2;
  setMaxIntsetEntries = 512;
  setMaxListpackEntries = 128;
  setMaxListpackValue = 64;
  zsetMaxListpackEntries = 128;
  zsetMaxListpackValue = 64;
  streamNodeMaxBytes = 4096;
  streamNodeMaxEntries = 100;
  readonly lazyFreeing: LazyFreeing = { userDel: false, serverDel: false, expire: false, eviction: false };
  readonly stats = { hits: 0, misses: 0, expired: 0, expiredFields: 0, evicted: 0, lazyFreed: 0 };

  /** @throws {StoreError} BAD_OPTIONS */
  constructor(options: KeyspaceOptions) {
    checkOptions(options);
    this.#clock = options.clock;
    this.random = options.random;
    this.listener = options.listener;
    this.arena = new Arena();
    this.records = new Records(this.arena);
    this.#hashFunction = new HashFunction(options.hashSeed);
    this.keys = this.newDict();
    this.volatile = this.newDict();
    this.strings = new Strings(this.arena, this.records);
    this.listpack = new Listpack(this.arena);
    this.intset = new Intset(this.arena);
    this.prefetch = new KeyPrefetch(this.keys);
    this.hashes = new Hashes(this);
    this.lists = new Lists(this);
    this.sets = new Sets(this);
    this.sortedSets = new SortedSets(this);
    this.streams = new Streams(this);
    this.registerType(ValueType.string, this.strings);
    this.registerType(ValueType.hash, this.hashes);
    this.registerType(ValueType.list, this.lists);
    this.registerType(ValueType.set, this.sets);
    this.registerType(ValueType.zset, this.sortedSets);
    this.registerType(ValueType.stream, this.streams);
    this.expiryCycle = new ExpiryCycle(this);
    this.databases = Array.from({ length: options.databases ?? 16 }, (_, index) => new Database(this, index));
    this.setTime(options.clock.now());
  }

  newDict(): ByteDict {
    return new ByteDict(this.arena, this.records, this.#hashFunction);
  }

  freeLater(handle: Handle, dismantle: (handle: Handle) => boolean, root: Handle = handle): void {
    const free = (): void => this.#lazy.add(handle, dismantle, false);
    if (this.#snapshot?.keep(root, free) !== true) free();
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Makes a value type known, by its number in `ValueType` (0 to 7). */
  registerType(type: number, operations: ValueOperations): void {
    this.#types[type] = operations;
  }

  /** What can be done with this record's value. */
  operations(record: Handle): ValueOperations {
    this.records.check(record);
    const operations = this.#types[this.records.type(record)];
    if (operations === undefined) throw new Error(`value type ${this.records.type(record)} is not registered`);
    return operations;
  }

  /** Sets the time that commands see, ms since epoch. */
  setTime(now: number): void {
    this.now = now;
    this.accessClock = lruClock(now);
    this.accessNow = this.accessClock;
    this.accessInitial = this.maxmemoryPolicyIsLfu ? lfuInitial(now) : this.accessClock;
  }

  /** Sets the time from the clock. */
  readClock(): void {
    const now = this.#clock.now();
    if (now !== this.now) this.setTime(now);
  }

  /** Monotonic milliseconds. */
  elapsed(): number {
    return this.#clock.elapsed?.() ?? this.#clock.now();
  }

  /** Bytes of all live blocks: data, dictionaries, and what waits to be freed. */
  get usedMemory(): number {
    return this.arena.usedBytes;
  }

  /** Says that a command changed a key. @param changes as many as Redis counts, see `dirty` */
  changed(db: Database, b: Uint8Array, o: number, n: number, eventClass: number, event: string, changes = 1): void {
    this.dirty += changes;
    if (this.listener !== undefined) this.listener.event(db, b, o, n, eventClass, event);
    if (this.waiters !== undefined) this.waiters.touched(db, b, o, n, true);
  }

  /** Says that something happened to a key that is no change for who waits for it. */
  event(db: Database, b: Uint8Array, o: number, n: number, eventClass: number, event: string): void {
    this.listener?.event(db, b, o, n, eventClass, event);
  }

  /** Says that the keyspace itself removed a key. */
  removed(db: Database, b: Uint8Array, o: number, n: number, reason: 'expired' | 'evicted'): void {
    if (reason === 'expired') this.stats.expired++;
    else this.stats.evicted++;
    this.listener?.removed(db, b, o, n, reason);
    this.waiters?.touched(db, b, o, n, false);
  }

  /** Says that the keyspace itself removed a field. */
  fieldExpired(db: Database, key: Uint8Array, ko: number, kn: number, field: Uint8Array, fo: number, fn: number): void {
    this.stats.expiredFields++;
    this.listener?.fieldExpired(db, key, ko, kn, field, fo, fn);
  }

  /** Says what that was for the key. It is no change by a command, so `dirty` is what it was. */
  fieldsExpired(db: Database, b: Uint8Array, o: number, n: number, emptied: boolean): void {
    this.event(db, b, o, n, EventClass.hash, 'hexpired');
    if (emptied) this.event(db, b, o, n, EventClass.generic, 'del');
    this.waiters?.touched(db, b, o, n, false);
  }

  /** Frees a record that is in no dictionary any more, with its value. */
  freeRecord(record: Handle): void {
    this.operations(record).freeValue(record);
    this.arena.free(record);
  }

  swapDatabases(a: number, b: number): void {
    const first = this.databases[a];
    const second = this.databases[b];
    if (first === undefined || second === undefined)
      throw new RangeError(`there is no database ${first === undefined ? a : b}`);
    if (first === second) return;
    first.swapContents(second);
    this.waiters?.replaced(first, false);
    this.waiters?.replaced(second, false);
  }

  /**
   * Empties a database, or all. All of them go at once, whatever they hold, because the arena forgets its chunks. One
   * of several is freed in slices by `lazyFree`, or before this returns if `lazy` is false.
   */
  flush(db: Database | undefined, lazy: boolean): void {
    if (lazy) for (const each of db === undefined ? this.databases : [db]) this.stats.lazyFreed += each.size;
    if (db === undefined && this.#snapshot === undefined) {
      this.#lazy.clear();
      this.arena.reset();
      for (const each of this.databases) each.detach();
    } else {
      for (const each of db === undefined ? this.databases : [db]) {
        const old = each.detach();
        if (old.expiringHashes !== 0) this.hashes.expiring.queue.free(old.expiringHashes);
        this.#lazy.add(old.volatile, (dict) => this.volatile.dismantle(dict, () => undefined), true);
        this.#lazy.add(old.keys, (dict) => this.keys.dismantle(dict, (record) => this.freeRecord(record)), true);
      }
      if (!lazy) this.lazyFree(Infinity);
    }
    this.listener?.flushed(db);
    this.waiters?.replaced(db, true);
  }

  /** Removes keys, and fields of hashes, past their time, for about `budgetMs`; answers how many keys. */
  activeExpireCycle(budgetMs: number): number {
    return this.expireEnabled && !this.loading ? this.expiryCycle.run(budgetMs) : 0;
  }

  /**
   * Frees what was dropped, for about `budgetMs`; true when something is left. Flushed databases wait for the end of a
   * snapshot that is under way.
   */
  lazyFree(budgetMs: number): boolean {
    if (this.#lazy.pending === 0) return false;
    const end = this.elapsed() + budgetMs;
    return this.#lazy.run(() => this.elapsed() >= end, this.#snapshot === undefined);
  }

  /** Dropped dictionaries that are not freed yet. */
  get lazyFreePending(): number {
    return this.#lazy.pending;
  }

  // ── snapshots ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Begins a snapshot; call its `step` until it says that it is done. There is one at a time.
   * @throws {Error} when one is under way
   */
  beginSnapshot(visit: SnapshotVisitor): Snapshot {
    if (this.#snapshot !== undefined) throw new Error('a snapshot is under way');
    this.#epoch = (this.#epoch % 0x3fffffff) + 1;
    this.keys.epoch = this.#epoch;
    this.#snapshot = new Snapshot(this, visit);
    return this.#snapshot;
  }

  get snapshotRunning(): boolean {
    return this.#snapshot !== undefined;
  }

  /** Called by the snapshot when it ends. */
  endSnapshot(): void {
    this.keys.epoch = 0;
    this.keys.observer = undefined;
    this.#snapshot = undefined;
  }
}

function checkOptions({ clock, random, hashSeed, databases = 1 }: KeyspaceOptions): void {
  const isFunction = (value: unknown): boolean => typeof value === 'function';
  const given: { readonly clock: Partial<Clock> | undefined; readonly seed: readonly unknown[] | undefined } = {
    clock,
    seed: hashSeed,
  };
  let problem = '';
  if (!isFunction(given.clock?.now)) problem = 'clock has no method now()';
  else if (!isFunction(random)) problem = 'random is no function';
  else if (given.seed?.length !== 2 || !given.seed.every(Number.isInteger)) problem = 'hashSeed is not two integers';
  else if (!Number.isInteger(databases) || databases < 1) problem = 'databases is not an integer of 1 or more';
  if (problem !== '') throw new StoreError('BAD_OPTIONS', problem);
}
