/**
 * One numbered database: its keys, and the ones among them that expire.
 *
 * Both dictionaries hold the same records: the second one (of "volatile" keys) exists so that expiry and eviction find
 * them without walking over the rest. A record that moves is replaced in both.
 *
 * Lookups answer a handle; reading methods take it. A method that writes to a record wants the handle of the *last*
 * lookup on this database, because it uses the position in the dictionary that the lookup found, and it answers the
 * handle anew where the record may have moved. That position is what holds this file together: whatever makes, moves or
 * removes a record is here. What changes a value in its place is its type's (`strings.ts`, `hashes.ts`), only handed on.
 */
import type { Handle } from './arena.js';
import { lfuDecayed, lfuIncremented, lfuMinutes, lruIdleSeconds } from './access.js';
import { EventClass } from './event-class.js';
import type { HashIterator } from './hash-iterators.js';
import { isExpiringHash } from './hashes.js';
import { Int64 } from './int64.js';
import type { Keyspace } from './keyspace.js';
import type { ByteView } from './record.js';
import { checkBytes, StoreError } from './store-error.js';
import { View } from './view.js';

/** What becomes of the expiry when a string is set. */
const EXPIRY_NONE = 0;
const EXPIRY_KEPT = 1;
/** There is room for one, which the caller writes. */
const EXPIRY_NEW = 2;

/** Redis frees values of more than so many allocations in the background. */
const LAZY_FREE_THRESHOLD = 64;

/**
 * One database of a keyspace: `keyspace.databases[n]`.
 *
 * Lookups return the handle of a record, 0 for none. Methods that write take a handle that was looked up in this database,
 * and return the new one where the record may have moved. Keep no handle over a write to another key. Bytes are passed as
 * `(bytes, offset, length)`, and what is stored is copied.
 *
 * ```ts
 * db.setString(...utf8('visits'), ...utf8('41'), false);
 * db.addInPlace(db.lookupWrite(...utf8('visits')), 1); // 42
 * ```
 * @throws {StoreError} from every method that takes a handle or bytes; nothing has changed then. {ArenaFullError} from those
 * that store something
 */
export class Database {
  readonly index: number;
  readonly #space: Keyspace;
  /** Dictionary of all keys; swapped by `swapContents`, replaced by `detach`. */
  #keys: Handle;
  #volatile: Handle;
  /** Queue of the hashes that have fields with an expiry; 0 as long as there was none. */
  #expiringHashes: Handle = 0;
  /** Hash of the key of the last lookup. */
  #hash = 0;
  /** The key of `#hash` was looked for in vain, and none has been added since. */
  #missed = false;
  readonly #int = new Int64();
  readonly #view = new View();
  /** Key of the hash whose fields expire just now. */
  readonly #hashKey = new View();
  /** Mean remaining time to live in ms of volatile keys, as the expiry cycle estimates it. */
  averageTtl = 0;
  /** Where the expiry cycle goes on. */
  expiryBucket = 0;

  /** Databases are made by their keyspace. */
  constructor(space: Keyspace, index: number) {
    this.#space = space;
    this.index = index;
    this.#keys = space.keys.create();
    this.#volatile = space.volatile.create();
  }

  /** Number of keys, those that are due to expire but still there included. */
  get size(): number {
    return this.#space.keys.count(this.#keys);
  }

  /** Number of keys with an expiry. */
  get volatileSize(): number {
    return this.#space.volatile.count(this.#volatile);
  }

  /** Handles of the two dictionaries, for walks by bucket (snapshots, sampling). */
  get keysDictionary(): Handle {
    return this.#keys;
  }

  get volatileDictionary(): Handle {
    return this.#volatile;
  }

  /** Queue of the hashes that have fields with an expiry, 0 for none. */
  get expiringHashes(): Handle {
    return this.#expiringHashes;
  }

  // ── lookups ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** For reading: counts a hit or a miss and touches the key. */
  lookupRead(b: Uint8Array, o: number, n: number): Handle {
    const h = this.#find(b, o, n);
    if (h === 0) {
      this.#space.stats.misses++;
      if (this.#space.tellsMisses) this.#tellMiss(b, o, n);
      return 0;
    }
    this.#space.stats.hits++;
    this.#touch(h);
    return h;
  }

  /** For writing: touches the key; a snapshot sees it as it is now. */
  lookupWrite(b: Uint8Array, o: number, n: number): Handle {
    const h = this.#find(b, o, n);
    if (h === 0) return 0;
    this.#space.keys.beforeChange(this.#keys);
    this.#touch(h);
    return h;
  }

  /** The record of the last lookup will be written to, though that lookup was for reading. */
  willChange(): void {
    this.#space.keys.beforeChange(this.#keys);
  }

  /** Counts a hit or a miss, but leaves the access time alone (TYPE, TTL, EXISTS). */
  lookupNoTouch(b: Uint8Array, o: number, n: number): Handle {
    const h = this.lookupUntold(b, o, n);
    if (h === 0 && this.#space.tellsMisses) this.#tellMiss(b, o, n);
    return h;
  }

  /** As `lookupNoTouch`, but a miss is no event (OBJECT). */
  lookupUntold(b: Uint8Array, o: number, n: number): Handle {
    const h = this.#find(b, o, n);
    if (h === 0) this.#space.stats.misses++;
    else this.#space.stats.hits++;
    return h;
  }

  #tellMiss(b: Uint8Array, o: number, n: number): void {
    this.#space.event(this, b, o, n, EventClass.keymiss, 'keymiss');
  }

  /** Neither counts nor touches. */
  peek(b: Uint8Array, o: number, n: number): Handle {
    return this.#find(b, o, n);
  }

  /** As `peek`, but a key that is past its time is there, and stays (WATCH, MEMORY USAGE, DEBUG OBJECT). */
  peekAny(b: Uint8Array, o: number, n: number): Handle {
    const { keys, prefetch } = this.#space;
    this.#hash = prefetch.hash(b, o, n);
    const h = keys.find(this.#keys, this.#hash, b, o, n);
    this.#missed = h === 0;
    return h;
  }

  #find(b: Uint8Array, o: number, n: number): Handle {
    const keys = this.#space.keys;
    this.#hash = this.#space.prefetch.hash(b, o, n);
    const h = keys.find(this.#keys, this.#hash, b, o, n);
    this.#missed = h === 0;
    if (h === 0) return 0;
    if (this.#space.records.meta(h) < 0 && this.#isDue(h)) {
      if (!this.#space.expireEnabled) return 0;
      this.#removeDue(h, 'expired');
      return 0;
    }
    return h;
  }

  #isDue(h: Handle): boolean {
    return this.#space.loading ? false : this.#space.records.expireAt(h) < this.#space.now;
  }

  /** Updates the access bits: the time of use, or the decaying counter of uses. */
  #touch(h: Handle): void {
    const space = this.#space;
    if (!space.touching) return;
    const words = space.arena.i32[h >>> 19]!;
    const w = (h & 0x7ffff) << 1;
    const meta = words[w]!;
    if (!space.maxmemoryPolicyIsLfu) {
      // The comparison saves a dirty cache line for keys that are read often.
      if ((meta & 0xffffff) !== space.accessNow) words[w] = (meta & ~0xffffff) | space.accessNow;
      return;
    }
    const minutes = lfuMinutes(space.now);
    const counter = lfuDecayed(meta & 0xffffff, minutes, space.lfuDecayTime);
    const access = (minutes << 8) | lfuIncremented(counter, space.lfuLogFactor, space.random);
    words[w] = (meta & ~0xffffff) | access;
  }

  /** Touches a key as a read does (TOUCH). */
  touch(h: Handle): void {
    this.#space.records.check(h);
    this.#touch(h);
  }

  typeOf(h: Handle): number {
    this.#space.records.check(h);
    return this.#space.records.type(h);
  }

  /** What OBJECT ENCODING answers. */
  encodingOf(h: Handle): string {
    return this.#space.operations(h).encodingName(h);
  }

  readKey(h: Handle, view: ByteView): void {
    this.#space.records.check(h);
    this.#space.records.readKey(h, view);
  }

  // ── whole keys ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Removes a key; false when there was none. The parts of a big value are freed later, in slices.
   * @param lazily whether Redis would free a big value in the background: see `LazyFreeing`
   */
  delete(b: Uint8Array, o: number, n: number, lazily = this.#space.lazyFreeing.serverDel): boolean {
    return this.#delete(this.#find(b, o, n), lazily);
  }

  /** As `delete`, but a key that is past its time is deleted too, where another command would say that it expires. */
  deleteAny(b: Uint8Array, o: number, n: number): boolean {
    return this.#delete(this.peekAny(b, o, n), this.#space.lazyFreeing.serverDel);
  }

  #delete(h: Handle, lazily: boolean): boolean {
    if (h === 0) return false;
    if (lazily) this.#countLazyFree(h);
    this.#remove(h);
    this.#space.freeRecord(h);
    return true;
  }

  /** Makes room for a record of this name: removes what is there, also what is due and hidden but not removed. */
  #vacate(b: Uint8Array, o: number, n: number): void {
    const space = this.#space;
    let h = this.#find(b, o, n);
    if (h === 0 && !space.expireEnabled) h = space.keys.find(this.#keys, this.#hash, b, o, n);
    if (h === 0) return;
    if (space.lazyFreeing.serverDel) this.#countLazyFree(h);
    this.#remove(h);
    space.freeRecord(h);
  }

  /** Redis would free this value in the background, if it is big enough to be worth it. */
  #countLazyFree(h: Handle): void {
    if (this.freeEffort(h) > LAZY_FREE_THRESHOLD) this.#space.stats.lazyFreed++;
  }

  /** Takes the record found last out of both dictionaries. */
  #remove(h: Handle): void {
    const space = this.#space;
    const meta = space.records.meta(h);
    space.keys.ensureFound(this.#keys, this.#hash, h);
    space.keys.removeFound(this.#keys);
    if (meta < 0) {
      space.volatile.locate(this.#volatile, this.#hash, h);
      space.volatile.removeFound(this.#volatile);
    }
    if (isExpiringHash(meta)) space.hashes.expiring.detach(h);
  }

  /** Removes a key on the store's own account, and says so. The record is the one found last. */
  #removeDue(h: Handle, reason: 'expired' | 'evicted'): void {
    const space = this.#space;
    if (reason === 'expired' ? space.lazyFreeing.expire : space.lazyFreeing.eviction) this.#countLazyFree(h);
    this.#remove(h);
    space.records.readKey(h, this.#view);
    space.removed(this, this.#view.bytes, this.#view.offset, this.#view.length, reason);
    space.freeRecord(h);
  }

  /** Removes a record that was come upon by walking or sampling, not by a lookup. */
  removeRecord(h: Handle, reason: 'expired' | 'evicted'): void {
    this.locate(h);
    this.#removeDue(h, reason);
  }

  /** Makes a record that was come upon by walking or sampling the one "found last". */
  locate(h: Handle): void {
    const space = this.#space;
    space.records.check(h);
    const view = this.#view;
    space.records.readKey(h, view);
    this.#hash = space.keys.hash(view.bytes, view.offset, view.length);
    this.#missed = false;
    space.keys.locate(this.#keys, this.#hash, h);
  }

  /**
   * Makes sure that a record about to be written to is the one found last: another key may have been looked up since.
   * @throws {StoreError} NO_RECORD when it is not in this database
   */
  #moveTo(h: Handle): void {
    const { keys, records } = this.#space;
    records.check(h);
    if (keys.isFound(h)) return;
    if (!keys.tryLocate(this.#keys, this.#hash, h)) this.locate(h);
    keys.beforeChange(this.#keys);
  }

  /** Puts `created` in the place of `old`, the record found last; frees nothing. */
  #replace(old: Handle, created: Handle): void {
    const space = this.#space;
    space.keys.ensureFound(this.#keys, this.#hash, old);
    space.keys.replaceFound(created);
    const was = space.records.meta(old) < 0;
    const is = space.records.meta(created) < 0;
    // A record that takes over the value of the old one is a hash too; else the hash is overwritten.
    if (isExpiringHash(space.records.meta(created))) space.hashes.expiring.moved(created);
    else if (isExpiringHash(space.records.meta(old))) space.hashes.expiring.detach(old);
    if (was) {
      space.volatile.locate(this.#volatile, this.#hash, old);
      if (is) space.volatile.replaceFound(created);
      else space.volatile.removeFound(this.#volatile);
    } else if (is) {
      space.volatile.insert(this.#volatile, this.#hash, created);
    }
  }

  /**
   * Adds a new record under this key, which does not exist. Its access bits are set; "found last" is forgotten.
   * @throws {StoreError} KEY_EXISTS: the record is still the caller's
   */
  add(h: Handle, b: Uint8Array, o: number, n: number): void {
    this.#mustBeFree(b, o, n);
    this.#addNew(h, b, o, n);
  }

  #mustBeFree(b: Uint8Array, o: number, n: number): void {
    // As a rule the caller has just looked for this key in vain: a second lookup would cost a sixth of what is made here.
    if (this.#missed && this.#space.prefetch.hash(b, o, n) === this.#hash) return;
    if (this.#find(b, o, n) !== 0) throw new StoreError('KEY_EXISTS', 'a key of this name is there already');
  }

  /** As `add`, of a key that has just been looked for in vain. */
  #addNew(h: Handle, b: Uint8Array, o: number, n: number): void {
    const space = this.#space;
    space.records.setAccess(h, space.accessInitial);
    if (!space.expireEnabled) this.#vacate(b, o, n);
    this.#insert(h, b, o, n);
  }

  /** Puts a record, which is in no database yet, under its key, whatever that held before. An expiry that was there goes. */
  put(h: Handle, b: Uint8Array, o: number, n: number): void {
    const old = this.#find(b, o, n);
    if (old === 0) {
      this.#addNew(h, b, o, n);
    } else {
      if (old === h) throw new StoreError('KEY_EXISTS', 'the record is in the database already');
      this.#space.keys.beforeChange(this.#keys);
      this.#takePlace(old, h, false);
    }
  }

  /** Adds a record whose key is not there, the last lookup having been for that key. */
  #insert(h: Handle, b: Uint8Array, o: number, n: number): void {
    const space = this.#space;
    const meta = space.records.meta(h);
    this.#missed = false;
    space.keys.insert(this.#keys, this.#hash, h);
    if (meta < 0) space.volatile.insert(this.#volatile, this.#hash, h);
    if (isExpiringHash(meta)) space.hashes.expiring.attach(h, this.#hashQueue());
    if (space.tellsNewKeys) space.event(this, b, o, n, EventClass.newkey, 'new');
  }

  #hashQueue(): Handle {
    if (this.#expiringHashes === 0) this.#expiringHashes = this.#space.hashes.expiring.queue.create();
    return this.#expiringHashes;
  }

  // ── strings ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sets a string, whatever the key held before. The expiry goes, unless `keepTtl`. A key that is due expires first. */
  setString(b: Uint8Array, o: number, n: number, vb: Uint8Array, vo: number, vn: number, keepTtl: boolean): Handle {
    return this.#set(b, o, n, vb, vo, vn, keepTtl ? EXPIRY_KEPT : EXPIRY_NONE, true);
  }

  /** As `setString` and `setExpireAt` together, in one record and as a rule in the old one's place. @param ms since epoch */
  setStringUntil(
    b: Uint8Array,
    o: number,
    n: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    ms: number | bigint,
  ): Handle {
    const h = this.#set(b, o, n, vb, vo, vn, EXPIRY_NEW, true);
    this.#space.records.writeExpireAt(h, ms);
    return h;
  }

  /**
   * As `setString`, but text that looks like an integer stays text (the result of INCRBYFLOAT), and the key is not
   * touched: it was looked up before.
   */
  setText(b: Uint8Array, o: number, n: number, vb: Uint8Array, vo: number, vn: number, keepTtl: boolean): Handle {
    return this.#set(b, o, n, vb, vo, vn, keepTtl ? EXPIRY_KEPT : EXPIRY_NONE, false);
  }

  #set(
    b: Uint8Array,
    o: number,
    n: number,
    vb: Uint8Array,
    vo: number,
    vn: number,
    expiry: number,
    integers: boolean,
  ): Handle {
    const space = this.#space;
    const keys = space.keys;
    const hash = space.prefetch.hash(b, o, n);
    this.#hash = hash;
    this.#missed = false;
    let old = keys.find(this.#keys, hash, b, o, n);
    if (old !== 0 && space.expireEnabled && this.isDue(old)) {
      this.#removeDue(old, 'expired');
      old = 0;
    }
    if (old === 0) {
      const h = space.strings.create(b, o, n, vb, vo, vn, expiry === EXPIRY_NEW, integers);
      space.records.setAccess(h, space.accessInitial);
      keys.insert(this.#keys, hash, h);
      if (expiry === EXPIRY_NEW) space.volatile.insert(this.#volatile, hash, h);
      if (space.tellsNewKeys) space.event(this, b, o, n, EventClass.newkey, 'new');
      return h;
    }
    const meta = space.records.meta(old);
    keys.beforeChange(this.#keys);
    const keep = expiry === EXPIRY_KEPT && meta < 0 && !this.#isDue(old);
    const expires = keep || expiry === EXPIRY_NEW;
    if (integers) this.#touch(old);
    if (expires === meta < 0 && (meta & 0x07000000) === 0 && space.strings.overwriteInline(old, vb, vo, vn, integers)) {
      return old;
    }
    const h = space.strings.create(b, o, n, vb, vo, vn, expires, integers);
    this.#takePlace(old, h, keep);
    return h;
  }

  /** Sets a string to an integer; else as `setString`. */
  setInteger(b: Uint8Array, o: number, n: number, value: number | bigint, keepTtl: boolean): Handle {
    const space = this.#space;
    const old = this.#find(b, o, n);
    const keep = keepTtl && old !== 0 && space.records.meta(old) < 0;
    const h = space.strings.createInteger(b, o, n, value, keep);
    if (old === 0) {
      if (!space.expireEnabled) this.#vacate(b, o, n);
      space.records.setAccess(h, space.accessInitial);
      this.#insert(h, b, o, n);
    } else {
      space.keys.beforeChange(this.#keys);
      this.#takePlace(old, h, keep);
    }
    return h;
  }

  /** Puts a new record in the place of the one found last, which is freed. */
  #takePlace(old: Handle, h: Handle, keepExpiry: boolean): void {
    const space = this.#space;
    if (space.lazyFreeing.serverDel) this.#countLazyFree(old);
    if (keepExpiry) space.records.writeExpireAt(h, space.records.expireAtBig(old));
    // A counter of uses outlives the value; a time of use is now.
    space.records.setAccess(h, space.maxmemoryPolicyIsLfu ? space.records.access(old) : space.accessInitial);
    this.#replace(old, h);
    space.freeRecord(old);
  }

  readString(h: Handle, view: View): void {
    this.#space.strings.read(h, view);
  }

  stringLength(h: Handle): number {
    return this.#space.strings.length(h);
  }

  /** The value as an integer within ±(2^53 - 1), else NaN. */
  stringAsNumber(h: Handle): number {
    if (!this.#space.strings.readInteger(h, this.#int, this.#view) || !this.#int.isSafe()) return NaN;
    return this.#int.toNumber();
  }

  /** The value as an integer within int64, else undefined. */
  stringAsBigInt(h: Handle): bigint | undefined {
    return this.#space.strings.readInteger(h, this.#int, this.#view) ? this.#int.toBigInt() : undefined;
  }

  /**
   * Adds to a value that is kept as an integer, in place. NaN, and nothing changed, when it is not kept so or the
   * result is beyond ±(2^53 - 1): then `stringAsBigInt` and `setInteger` do it.
   */
  addInPlace(h: Handle, delta: number): number {
    const strings = this.#space.strings;
    if (!strings.isInteger(h)) return NaN;
    strings.readInteger(h, this.#int, this.#view);
    if (!this.#int.isSafe()) return NaN;
    const sum = this.#int.toNumber() + delta;
    if (sum > Number.MAX_SAFE_INTEGER || sum < -Number.MAX_SAFE_INTEGER) return NaN;
    this.#int.setNumber(sum);
    strings.writeInteger(h, this.#int);
    return sum;
  }

  /** Appends to a string; answers its new length in bytes. */
  appendString(h: Handle, vb: Uint8Array, vo: number, vn: number): number {
    const at = this.#space.strings.length(h);
    return this.setRange(h, at, vb, vo, vn);
  }

  /** Overwrites part of a string, which grows as needed (zeros in a gap); answers its new length in bytes. */
  setRange(h: Handle, at: number, vb: Uint8Array, vo: number, vn: number): number {
    checkBytes(vb, vo, vn);
    const length = Math.max(this.#space.strings.length(h), at + vn);
    this.openString(h, length, this.#view);
    const { bytes, offset } = this.#view;
    // Below some 48 bytes a loop beats a subarray, which also is garbage.
    if (vn < 48) for (let i = 0; i < vn; i++) bytes[offset + at + i] = vb[vo + i]!;
    else bytes.set(vb.subarray(vo, vo + vn), offset + at);
    return length;
  }

  /**
   * Shows a string for writing in place, as OBJECT ENCODING's "raw": what it has and, up to `length` bytes, zeros behind
   * that. Answers the record, which may have moved.
   */
  openString(h: Handle, length: number, view: View): Handle {
    const strings = this.#space.strings;
    const old = strings.length(h);
    this.#moveTo(h);
    let open = h;
    if (length > old || !strings.isWritable(h)) {
      open = strings.makeWritable(h, Math.max(length, old), view);
      if (open !== h) this.#hasMoved(h, open);
    }
    strings.read(open, view);
    return open;
  }

  /** Cuts a string that was opened down to `length` bytes, 1 or more. Answers the record, which may have moved. */
  cutString(h: Handle, length: number): Handle {
    this.#moveTo(h);
    const cut = this.#space.strings.cut(h, length);
    if (cut !== h) this.#hasMoved(h, cut);
    return cut;
  }

  /** The record found last is somewhere else now, and the same but for that. The old one is freed already. */
  #hasMoved(h: Handle, moved: Handle): void {
    const space = this.#space;
    space.keys.ensureFound(this.#keys, this.#hash, h);
    space.keys.replaceFound(moved);
    if (space.records.meta(moved) >= 0) return;
    space.volatile.locate(this.#volatile, this.#hash, h);
    space.volatile.replaceFound(moved);
  }

  /**
   * A "raw" string of `length` bytes for this key, in no database yet: fill it through `view` (its content is
   * undefined), then `put` it, or `add` it under a key that does not exist.
   */
  makeString(b: Uint8Array, o: number, n: number, length: number, view: View): Handle {
    const strings = this.#space.strings;
    const h = strings.createRaw(b, o, n, length, false);
    strings.read(h, view);
    return h;
  }

  // ── expiry ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** When the key expires, in ms since epoch (the nearest double beyond 2^53); -1: never. */
  expireAt(h: Handle): number {
    this.#space.records.check(h);
    return this.#space.records.expireAt(h);
  }

  expireAtBig(h: Handle): bigint {
    this.#space.records.check(h);
    return this.#space.records.expireAtBig(h);
  }

  /** Sets when the key expires, in ms since epoch. Answers the record, which may have moved. */
  setExpireAt(h: Handle, ms: number | bigint): Handle {
    const records = this.#space.records;
    this.#moveTo(h);
    if (records.meta(h) < 0) {
      records.writeExpireAt(h, ms);
      return h;
    }
    const moved = this.#withExpiry(h, true);
    records.writeExpireAt(moved, ms);
    this.#replace(h, moved);
    this.#space.arena.free(h);
    return moved;
  }

  /** Takes the expiry away; false when there was none. */
  persist(h: Handle): boolean {
    this.#moveTo(h);
    if (this.#space.records.meta(h) >= 0) return false;
    const moved = this.#withExpiry(h, false);
    this.#replace(h, moved);
    this.#space.arena.free(h);
    return true;
  }

  /** A copy of the record alone, with or without room for an expiry. */
  #withExpiry(h: Handle, expires: boolean): Handle {
    const view = this.#view;
    this.#space.records.readKey(h, view);
    const created = this.#space.records.copy(h, view.bytes, view.offset, view.length, expires);
    this.#space.lists.recordMoved(h, created);
    return created;
  }

  // ── moving and copying ────────────────────────────────────────────────────────────────────────────────────────────

  /** Renames a key that exists; what the new name held is gone. Expiry and access time go along. */
  rename(sb: Uint8Array, so: number, sn: number, tb: Uint8Array, to: number, tn: number): void {
    const h = this.#find(sb, so, sn);
    if (h === 0) throw new StoreError('NO_RECORD', 'there is no key of this name to be renamed');
    const created = this.#space.records.copy(h, tb, to, tn, this.#space.records.hasExpiry(h));
    this.#remove(h);
    // Not before: a snapshot may have begun to show the old record just now.
    this.#space.lists.recordMoved(h, created);
    this.#space.arena.free(h);
    this.#vacate(tb, to, tn);
    this.#insert(created, tb, to, tn);
  }

  /** Copies a key, with its expiry, over whatever the target name holds; false when there is no such key. */
  copy(sb: Uint8Array, so: number, sn: number, target: Database, tb: Uint8Array, to: number, tn: number): boolean {
    this.#mustBeRelated(target);
    const h = this.#find(sb, so, sn);
    if (h === 0) return false;
    const created = this.#space.records.copy(h, tb, to, tn, this.#space.records.hasExpiry(h));
    this.#space.operations(created).detachCopy(created);
    this.#space.records.setAccess(created, this.#space.accessInitial);
    target.#adopt(created, tb, to, tn);
    return true;
  }

  /** Moves a key to another database; false when it is not here or something of that name is there. */
  move(b: Uint8Array, o: number, n: number, target: Database): boolean {
    this.#mustBeRelated(target);
    if (target.peek(b, o, n) !== 0) return false;
    const h = this.#find(b, o, n);
    if (h === 0) return false;
    this.#remove(h);
    target.#adopt(h, b, o, n);
    return true;
  }

  #mustBeRelated(target: Database): void {
    if (target.#space !== this.#space) throw new StoreError('FOREIGN', 'the target is a database of another keyspace');
  }

  #adopt(h: Handle, b: Uint8Array, o: number, n: number): void {
    this.#vacate(b, o, n);
    this.#insert(h, b, o, n);
  }

  // ── hashes ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Makes an empty hash under a key that does not exist. Give it a field before the command ends.
   * @throws {StoreError} KEY_EXISTS: `lookupWrite` finds the one that is there
   */
  createHash(b: Uint8Array, o: number, n: number): Handle {
    this.#mustBeFree(b, o, n);
    const h = this.#space.hashes.create(b, o, n);
    this.#addNew(h, b, o, n);
    return h;
  }

  /** Sets a field; true when it is new. */
  hashSet(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    checkBytes(fb, fo, fn);
    checkBytes(vb, vo, vn);
    return this.#space.hashes.set(h, fb, fo, fn, vb, vo, vn);
  }

  /** Shows the value of a field; false when there is none. */
  hashGet(h: Handle, fb: Uint8Array, fo: number, fn: number, view: View): boolean {
    return this.#space.hashes.get(h, fb, fo, fn, view);
  }

  /** As `hashSet`, but the field's expiry stays. */
  hashUpdate(h: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): boolean {
    checkBytes(fb, fo, fn);
    checkBytes(vb, vo, vn);
    return this.#space.hashes.setKeepingExpiry(h, fb, fo, fn, vb, vo, vn);
  }

  /** Removes a field; false when there was none. A hash of which nothing is left (`hashCount`) is the caller's to delete. */
  hashDelete(h: Handle, fb: Uint8Array, fo: number, fn: number): boolean {
    return this.#space.hashes.delete(h, fb, fo, fn);
  }

  /** Fields that are there, those past their time not counted. */
  hashLength(h: Handle): number {
    return this.#space.hashes.length(h);
  }

  /** Fields that are not removed, those past their time counted; 0: the key has to go. */
  hashCount(h: Handle): number {
    return this.#space.hashes.count(h);
  }

  hashIterator(h: Handle): HashIterator {
    return this.#space.hashes.iterator(h);
  }

  hashScan(h: Handle, cursor: number, count: number, visit: (field: ByteView, value: ByteView) => void): number {
    return this.#space.hashes.scan(h, cursor, count, visit);
  }

  /** Shows a field by chance; false when none is left that is not past its time. */
  hashRandom(h: Handle, field: View, value: View): boolean {
    return this.#space.hashes.random(h, this.#space.random, field, value);
  }

  /** When a field expires, ms since epoch; -1: never; -2: there is no such field. */
  hashExpireAt(h: Handle, fb: Uint8Array, fo: number, fn: number): number {
    return this.#space.hashes.expireAt(h, fb, fo, fn);
  }

  /** Sets when a field expires, which is there. @param ms up to `LAST_QUEUED_TIME`; 0: never */
  hashSetExpireAt(h: Handle, fb: Uint8Array, fo: number, fn: number, ms: number): void {
    this.#moveTo(h);
    const { hashes } = this.#space;
    if (!hashes.isExpiring(h)) {
      hashes.expiring.adopt(h);
      hashes.expiring.attach(h, this.#hashQueue());
    }
    hashes.expiring.setExpireAt(h, fb, fo, fn, ms);
  }

  /** The hash with the earliest expiry of a field, if that is past; else 0. Call `locate` before it is changed. */
  hashWithDueFields(): Handle {
    const { expiring } = this.#space.hashes;
    const first = this.#expiringHashes === 0 ? 0 : expiring.queue.first(this.#expiringHashes);
    if (first === 0) return 0;
    const h = expiring.ownerOf(first);
    return expiring.hasDue(h) ? h : 0;
  }

  /**
   * Removes up to `most` fields past their time from a hash that may have such, the record found last, and says so.
   * False: it went with its last field.
   */
  expireFields(h: Handle, most: number): boolean {
    const { expiring } = this.#space.hashes;
    this.#beginExpiry(h);
    return this.#endExpiry(h, expiring.removeDue(h, most, this.#fieldExpired));
  }

  /** As `expireFields`, for one field, if it is past its time. */
  expireField(h: Handle, fb: Uint8Array, fo: number, fn: number): boolean {
    const { expiring } = this.#space.hashes;
    this.#beginExpiry(h);
    if (!expiring.delete(h, fb, fo, fn, true)) return true;
    this.#fieldExpired({ bytes: fb, offset: fo, length: fn });
    return this.#endExpiry(h, 1);
  }

  #beginExpiry(h: Handle): void {
    this.#space.keys.beforeChange(this.#keys);
    this.#space.records.readKey(h, this.#hashKey);
  }

  readonly #fieldExpired = (field: ByteView): void => {
    const key = this.#hashKey;
    this.#space.fieldExpired(this, key.bytes, key.offset, key.length, field.bytes, field.offset, field.length);
  };

  #endExpiry(h: Handle, gone: number): boolean {
    const key = this.#hashKey;
    const empty = this.#space.hashes.count(h) === 0;
    if (empty) this.#remove(h);
    if (gone > 0) this.#space.fieldsExpired(this, key.bytes, key.offset, key.length, empty);
    if (empty) this.#space.freeRecord(h);
    return !empty;
  }

  // ── the whole database ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * One call of SCAN: visits about `count` records, answers the next cursor (uint32, 0: done). Every key that exists
   * from the first call to the last is visited at least once. Keys that are due to expire are visited too.
   */
  scan(cursor: number, count: number, visit: (h: Handle) => void): number {
    let visited = 0;
    let next = cursor;
    let steps = count * 10;
    const counting = (h: Handle): void => {
      visited++;
      visit(h);
    };
    do {
      next = this.#space.keys.scan(this.#keys, next, counting);
    } while (next !== 0 && visited < count && --steps > 0);
    return next;
  }

  /** Visits every record. The visitor may not write to the database. */
  forEach(visit: (h: Handle) => void): void {
    this.#space.keys.forEach(this.#keys, visit);
  }

  /** Whether a record that was come upon by walking is past its time. */
  isDue(h: Handle): boolean {
    return this.#space.records.meta(h) < 0 && this.#isDue(h);
  }

  /** A key, each with the same probability; 0 when there is none. Keys that are due are removed on the way. */
  randomKey(): Handle {
    const space = this.#space;
    for (let tries = 0; ; tries++) {
      const h = space.keys.random(this.#keys, space.random);
      if (h === 0 || !this.isDue(h)) return h;
      // A database in which everything is due and nothing may be removed must not hold us for ever.
      if (!space.expireEnabled) {
        if (tries > 100) return h;
      } else {
        this.removeRecord(h, 'expired');
      }
    }
  }

  /** Seconds since the key was used; meaningful under LRU policies. */
  idleSeconds(h: Handle): number {
    this.#space.records.check(h);
    return lruIdleSeconds(this.#space.accessClock, this.#space.records.access(h));
  }

  /** The decayed LFU counter, 0 to 255; meaningful under LFU policies. */
  frequency(h: Handle): number {
    const space = this.#space;
    space.records.check(h);
    return lfuDecayed(space.records.access(h), lfuMinutes(space.now), space.lfuDecayTime);
  }

  /** How much work it is to free the value, measured as Redis does: nodes or members of a big one, else 1. */
  freeEffort(h: Handle): number {
    const operations = this.#space.operations(h);
    if (operations.freeEffort !== undefined) return operations.freeEffort(h);
    const dict = operations.dictionary?.(h) ?? 0;
    return dict === 0 ? 1 : this.#space.keys.count(dict);
  }

  /** Bytes of the key's blocks, and of its slot in the dictionary. @param samples see `ValueOperations.memory` */
  memoryUsage(h: Handle, samples = Infinity): number {
    const space = this.#space;
    space.records.check(h);
    return space.arena.sizeOf(h) + space.operations(h).memory(h, samples) + 5;
  }

  /** Exchanges the contents of two databases. */
  swapContents(other: Database): void {
    this.#mustBeRelated(other);
    [this.#keys, other.#keys] = [other.#keys, this.#keys];
    this.#missed = false;
    other.#missed = false;
    [this.#volatile, other.#volatile] = [other.#volatile, this.#volatile];
    [this.#expiringHashes, other.#expiringHashes] = [other.#expiringHashes, this.#expiringHashes];
    [this.averageTtl, other.averageTtl] = [other.averageTtl, this.averageTtl];
    [this.expiryBucket, other.expiryBucket] = [other.expiryBucket, this.expiryBucket];
  }

  /** Starts with empty dictionaries; answers the old ones. */
  detach(): { keys: Handle; volatile: Handle; expiringHashes: Handle } {
    const old = { keys: this.#keys, volatile: this.#volatile, expiringHashes: this.#expiringHashes };
    this.#expiringHashes = 0;
    this.#keys = this.#space.keys.create();
    this.#volatile = this.#space.volatile.create();
    this.averageTtl = 0;
    this.expiryBucket = 0;
    return old;
  }
}
