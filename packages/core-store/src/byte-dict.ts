/**
 * Dictionaries from byte strings to records, in the arena, growing and shrinking one bucket at a time.
 *
 * **Buckets.** A bucket is one cache line: 12 slots, each a one-byte tag (8 bits of the hash; 0 is an empty slot) and
 * the handle of a record. A lookup compares four tags per instruction and as a rule touches two lines of memory, the
 * bucket and the record. A bucket that runs over gives its last slot to a link to another bucket.
 *
 * ```
 * word 0      bit 0: the last slot is a link; bits 1–31: epoch of the last write (for snapshots), or, in an overflow
 *             bucket, its place in the list of them
 * words 1–3   tags
 * words 4–15  handles
 * ```
 *
 * **Linear hashing** (Litwin, 1980). With n buckets, 2^L <= n < 2^(L+1), a hash belongs to bucket `hash mod 2^(L+1)`,
 * or, where that does not exist yet, `hash mod 2^L`. The table grows by splitting one bucket at a time in two and
 * shrinks by joining the last one to its sibling: there is no second table, no rehash state and no moment at which
 * memory doubles; the work is some ten records per step, and three times of four it is done by their tags alone
 * (`tagShift`; filling 2M keys takes 0.75 µs each, against 0.87 when every split hashed its keys anew).
 *
 * **Segments.** Buckets live in blocks of 64 (4 KB), found through a directory; a dictionary of up to 64 buckets has
 * one segment that doubles.
 *
 * **Cursors** of `scan` are Redis's: the bucket number is counted up from its highest bit down, so that an increment
 * stays valid when the table doubles or halves in between (a bucket's descendants follow it directly).
 *
 * A dictionary is a header block of eight words; this class holds no state of it between calls but the position of
 * the last `find`. One `ByteDict` object serves all dictionaries of an arena.
 */
import { Arena, type Handle } from './arena.js';
import type { HashFunction } from './hash-function.js';
import type { Records } from './record.js';
import { checkBytes, StoreError } from './store-error.js';

// Words of the header.
const COUNT = 0;
const BUCKETS = 1;
const LOW_MASK = 2;
const DIRECTORY = 3;
/** Overflow buckets, and the block that lists them in no order: `random` draws from all buckets alike. */
const OVERFLOWS = 4;
const DIRECTORY_CAPACITY = 5;
const OVERFLOW_LIST = 6;
const HEADER_BYTES = 32;

const SLOTS = 12;
const FIRST_SLOT = 4;
const LINK = 15;
const BUCKET_BYTES = 64;
const SEGMENT_BUCKETS = 64;

/** A bucket splits above this many records per bucket on average, and two join below the other. */
const SPLIT_LOAD = 8;
const JOIN_LOAD = 3;

/** How many places `random` draws at a time, and from how many buckets on. */
const DRAWN_AHEAD = 2;
const WORTH_DRAWING_AHEAD = 1024;
/** Draws of `random`: one of twelve succeeds if there is one record in one bucket, and all fail once in 10^38. */
const MOST_DRAWS = 1000;

/** Called with each bucket that is about to change for the first time in an epoch. */
export type BucketObserver = (dict: Handle, bucket: number) => void;

/**
 * Hash tables of records by their keys' bytes, in an arena; they grow and shrink by a bucket per write. One object serves many
 * tables, each named by a handle, and remembers where it found a record last.
 *
 * The records are the caller's: removing one from a table frees nothing.
 */
export class ByteDict {
  readonly #arena: Arena;
  readonly #records: Records;
  readonly #hashFunction: HashFunction;

  // Position of the record found last: the slot (-1: forgotten), and the bucket where its chain begins.
  #slotWords: Int32Array = new Int32Array(0);
  #slotBase = 0;
  #slot = 0;
  #bucket = 0;

  // Records of a bucket that is being split or joined.
  #moving: Int32Array = new Int32Array(64);
  #movingTags: Uint8Array = new Uint8Array(64);
  /** The records that `warm` came to, 0 for none. */
  readonly warmed: Int32Array = new Int32Array(32);
  readonly #warmingTags = new Int32Array(32);

  /** Buckets written before this epoch are shown to `observer` first; 0: nobody looks. */
  epoch = 0;
  observer: BucketObserver | undefined;

  constructor(arena: Arena, records: Records, hashFunction: HashFunction) {
    this.#arena = arena;
    this.#records = records;
    this.#hashFunction = hashFunction;
  }

  hash(bytes: Uint8Array, offset: number, length: number): number {
    checkBytes(bytes, offset, length);
    return this.#hashFunction.hash(this.#arena.viewOf(bytes), offset, length);
  }

  /** A new empty dictionary. */
  create(): Handle {
    const directory = this.#arena.allocZeroed(8);
    const segment = this.#arena.allocZeroed(BUCKET_BYTES);
    this.#arena.i32[directory >>> 19]![(directory & 0x7ffff) << 1] = segment;
    const d = this.#arena.allocZeroed(HEADER_BYTES);
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    words[w + BUCKETS] = 1;
    words[w + DIRECTORY] = directory;
    words[w + DIRECTORY_CAPACITY] = 2;
    return d;
  }

  count(d: Handle): number {
    return this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + COUNT]!;
  }

  buckets(d: Handle): number {
    return this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + BUCKETS]!;
  }

  /** The record with this key, 0 when there is none. */
  find(d: Handle, hash: number, bytes: Uint8Array, offset: number, length: number): Handle {
    return this.findViewed(d, hash, bytes, this.#arena.viewOf(bytes), offset, length);
  }

  /** As `find`, for a key whose `DataView` is at hand (same offsets), as that of bytes in the arena is. */
  findViewed(d: Handle, hash: number, bytes: Uint8Array, view: DataView, offset: number, length: number): Handle {
    const i32 = this.#arena.i32;
    const header = i32[d >>> 19]!;
    const hw = (d & 0x7ffff) << 1;
    const low = header[hw + 2]!;
    let bucket = hash & ((low << 1) | 1);
    if (bucket >= header[hw + 1]!) bucket &= low;
    const directory = header[hw + 3]!;
    const segment = i32[directory >>> 19]![((directory & 0x7ffff) << 1) + (bucket >>> 6)]!;
    let words = i32[segment >>> 19]!;
    let base = ((segment & 0x7ffff) << 1) + ((bucket & 63) << 4);
    const pattern = Math.imul(tagOf(hash, shiftOf(bucket, low, header[hw + 1]!)), 0x01010101);
    for (;;) {
      for (let t = 1; t <= 3; t++) {
        // Bytes of `x` that are 0 are tags that match; a borrow may mark a byte above one falsely, so keys decide.
        const x = words[base + t]! ^ pattern;
        let zeros = (x - 0x01010101) & ~x & 0x80808080;
        while (zeros !== 0) {
          const slot = ((t - 1) << 2) + ((31 - Math.clz32(zeros & -zeros)) >>> 3);
          const record = words[base + FIRST_SLOT + slot]!;
          if (record !== 0 && this.#matches(record, bytes, view, offset, length)) {
            this.#slotWords = words;
            this.#slotBase = base;
            this.#slot = slot;
            this.#bucket = bucket;
            return record;
          }
          zeros &= zeros - 1;
        }
      }
      if ((words[base]! & 1) === 0) return 0;
      const next = words[base + LINK]!;
      words = i32[next >>> 19]!;
      base = (next & 0x7ffff) << 1;
    }
  }

  /**
   * Loads what lookups of these hashes will touch: buckets, then the records behind the first tag that fits, then the
   * ends of those. In separate loops without dependencies, so that the misses of one loop overlap.
   * @param n at most `KeyPrefetch.capacity`
   */
  warm(d: Handle, hashes: Int32Array, n: number): void {
    const i32 = this.#arena.i32;
    const blocks = this.warmed;
    const header = i32[d >>> 19]!;
    const hw = (d & 0x7ffff) << 1;
    const buckets = header[hw + BUCKETS]!;
    const low = header[hw + LOW_MASK]!;
    const directory = header[hw + DIRECTORY]!;
    const segments = i32[directory >>> 19]!;
    const first = (directory & 0x7ffff) << 1;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let bucket = hashes[i]! & ((low << 1) | 1);
      if (bucket >= buckets) bucket &= low;
      const block = (segments[first + (bucket >>> 6)]! + ((bucket & 63) << 3)) | 0;
      blocks[i] = block;
      this.#warmingTags[i] = tagOf(hashes[i]!, shiftOf(bucket, low, buckets));
      sum ^= i32[block >>> 19]![(block & 0x7ffff) << 1]!;
    }
    for (let i = 0; i < n; i++) {
      const block = blocks[i]!;
      const words = i32[block >>> 19]!;
      const base = (block & 0x7ffff) << 1;
      const pattern = Math.imul(this.#warmingTags[i]!, 0x01010101);
      let record = 0;
      for (let t = 1; t <= 3; t++) {
        const x = words[base + t]! ^ pattern;
        const zeros = (x - 0x01010101) & ~x & 0x80808080;
        if (zeros !== 0) {
          record = words[base + FIRST_SLOT + ((t - 1) << 2) + ((31 - Math.clz32(zeros & -zeros)) >>> 3)]!;
          break;
        }
      }
      blocks[i] = record;
      if (record !== 0) sum ^= i32[record >>> 19]![(record & 0x7ffff) << 1]!;
    }
    for (let i = 0; i < n; i++) {
      const record = blocks[i]!;
      if (record === 0) continue;
      const words = i32[record >>> 19]!;
      const w = (record & 0x7ffff) << 1;
      const lengths = words[w + 1]!;
      const last = w + 1 + (((lengths & 0xffff) + (lengths >>> 16)) >>> 2);
      if (last < words.length) sum ^= words[last]!;
    }
    // Kept, or the compiler would drop the reads.
    this.#moving[0] = sum;
  }

  #matches(record: Handle, bytes: Uint8Array, asked: DataView, offset: number, length: number): boolean {
    const arena = this.#arena;
    const words = arena.i32[record >>> 19]!;
    const w = (record & 0x7ffff) << 1;
    const meta = words[w]!;
    let key = w << 2;
    if ((meta & 0x08000000) === 0) {
      if ((words[w + 1]! & 0xffff) !== length) return false;
      key += 8;
    } else {
      if (words[w + 1] !== length) return false;
      key += 16;
    }
    if (meta < 0) key += 8;
    // A key begins at a word of the arena: whole words are compared first.
    let i = 0;
    for (let k = key >>> 2; i <= length - 4; i += 4, k++) {
      if (words[k] !== asked.getInt32(offset + i, true)) return false;
    }
    if (i < length) {
      const data = arena.u8[record >>> 19]!;
      for (; i < length; i++) if (data[key + i] !== bytes[offset + i]) return false;
    }
    return true;
  }

  /** Position of a record that is known to be in the dictionary (its hash given), as if `find` had found it. */
  locate(d: Handle, hash: number, record: Handle): void {
    if (!this.tryLocate(d, hash, record)) {
      throw new StoreError(
        'NO_RECORD',
        "the record is not in the dictionary: was it deleted, or is it another database's?",
      );
    }
  }

  /** As `locate`, for a hash that may be another one's: false then. */
  tryLocate(d: Handle, hash: number, record: Handle): boolean {
    const bucket = this.#bucketOf(d, hash);
    let at = this.#bucketBlock(d, bucket);
    for (;;) {
      const words = this.#arena.i32[at >>> 19]!;
      const base = (at & 0x7ffff) << 1;
      const slots = (words[base]! & 1) === 0 ? SLOTS : SLOTS - 1;
      for (let slot = 0; slot < slots; slot++) {
        if (words[base + FIRST_SLOT + slot] === record) {
          this.#slotWords = words;
          this.#slotBase = base;
          this.#slot = slot;
          this.#bucket = bucket;
          return true;
        }
      }
      if (slots === SLOTS) return false;
      at = words[base + LINK]!;
    }
  }

  /** Before the record found last is changed in place: lets a snapshot see it as it was. */
  beforeChange(d: Handle): void {
    if (this.epoch !== 0) this.#observe(d, this.#bucket);
  }

  /** Makes sure that "found last" is this record, which is in the dictionary: an insertion in between forgets it. */
  ensureFound(d: Handle, hash: number, record: Handle): void {
    if (this.#slot < 0) this.locate(d, hash, record);
  }

  /** Whether this record is the one found last. */
  isFound(record: Handle): boolean {
    return this.#slot >= 0 && this.#slotWords[this.#slotBase + FIRST_SLOT + this.#slot] === record;
  }

  /** Puts another record (same key) in the place of the one found last. */
  replaceFound(record: Handle): void {
    this.#slotWords[this.#slotBase + FIRST_SLOT + this.#slot] = record;
  }

  /** Adds a record whose key is not in the dictionary. What was found last is forgotten. */
  insert(d: Handle, hash: number, record: Handle): void {
    const bucket = this.#bucketOf(d, hash);
    if (this.epoch !== 0) this.#observe(d, bucket);
    this.#slot = -1;
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    this.#add(d, bucket, tagOf(hash, shiftOf(bucket, words[w + LOW_MASK]!, words[w + BUCKETS]!)), record);
    const count = words[w + COUNT]! + 1;
    words[w + COUNT] = count;
    if (count > words[w + BUCKETS]! * SPLIT_LOAD) this.#split(d);
  }

  /** Takes out the record found last. The record itself is not freed. */
  removeFound(d: Handle): void {
    const bucket = this.#bucket;
    if (this.epoch !== 0) this.#observe(d, bucket);
    this.#clearSlot(d, bucket, this.#slotWords, this.#slotBase, this.#slot);
    this.#slot = -1;
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const count = words[w + COUNT]! - 1;
    words[w + COUNT] = count;
    if (words[w + BUCKETS]! > 1 && count < words[w + BUCKETS]! * JOIN_LOAD) this.#join(d);
  }

  // ── walking ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Calls `visit` with each record of one bucket. The visitor may not change the dictionary. */
  forEachInBucket(d: Handle, bucket: number, visit: (record: Handle) => void): void {
    let at = this.#bucketBlock(d, bucket);
    for (;;) {
      const words = this.#arena.i32[at >>> 19]!;
      const base = (at & 0x7ffff) << 1;
      const chained = (words[base]! & 1) !== 0;
      const slots = chained ? SLOTS - 1 : SLOTS;
      for (let slot = 0; slot < slots; slot++) {
        const record = words[base + FIRST_SLOT + slot]!;
        if (record !== 0) visit(record);
      }
      if (!chained) return;
      at = words[base + LINK]!;
    }
  }

  /** Calls `visit` with each record. The visitor may not change the dictionary. */
  forEach(d: Handle, visit: (record: Handle) => void): void {
    const buckets = this.buckets(d);
    for (let bucket = 0; bucket < buckets; bucket++) this.forEachInBucket(d, bucket, visit);
  }

  /**
   * One step of a scan: visits the records of one bucket number and answers the next cursor, 0 at the end (uint32).
   * Records that stay in the dictionary from the first call to the last are visited at least once.
   */
  scan(d: Handle, cursor: number, visit: (record: Handle) => void): number {
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const low = words[w + LOW_MASK]!;
    const buckets = words[w + BUCKETS]!;
    const bucket = cursor & low;
    this.forEachInBucket(d, bucket, visit);
    if (bucket + low + 1 < buckets) this.forEachInBucket(d, bucket + low + 1, visit);
    return reverseBits((reverseBits(cursor | ~low) + 1) | 0) >>> 0;
  }

  /**
   * A record, each with the same probability, as if `find` had found it; 0 when there is none. `random` answers numbers
   * in [0, 1).
   *
   * Every slot of every bucket, overflow buckets included, is as likely as any other; empty ones are drawn again, and
   * about every second one is not. In a big table several are drawn at a time, so that the misses of those that turn out to
   * be empty overlap. A source of chance that is none (a constant, in a test) must not make the search endless, so it is
   * bounded, and what is drawn then is a rank.
   */
  random(d: Handle, random: () => number): Handle {
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const count = words[w + COUNT]!;
    if (count === 0) return 0;
    const buckets = words[w + BUCKETS]!;
    const places = (buckets + words[w + OVERFLOWS]!) * SLOTS;
    const ahead = buckets < WORTH_DRAWING_AHEAD ? 1 : DRAWN_AHEAD;
    const drawn = this.warmed;
    for (let left = MOST_DRAWS; left > 0; left -= ahead) {
      let warm = 0;
      for (let i = 0; i < ahead; i++) {
        const place = Math.floor(random() * places);
        drawn[i] = place;
        const block = this.#blockAt(d, buckets, Math.floor(place / SLOTS));
        warm ^= this.#arena.i32[block >>> 19]![(block & 0x7ffff) << 1]!;
      }
      for (let i = 0; i < ahead; i++) {
        const record = this.#recordAt(d, buckets, drawn[i]!);
        if (record !== 0) return record;
      }
      // Kept, or the compiler would drop the reads.
      drawn[DRAWN_AHEAD] = warm;
    }
    let rank = Math.floor(random() * count);
    for (let place = 0; ; place++) {
      const record = this.#recordAt(d, buckets, place);
      if (record !== 0 && rank-- === 0) return record;
    }
  }

  /** A bucket by its number, or behind all of them an overflow bucket by its place in the list. */
  #blockAt(d: Handle, buckets: number, index: number): Handle {
    if (index < buckets) return this.#bucketBlock(d, index);
    const list = this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + OVERFLOW_LIST]!;
    return this.#arena.i32[list >>> 19]![((list & 0x7ffff) << 1) + index - buckets]!;
  }

  /** The record in a slot, counted through all buckets, as if `find` had found it; 0 when there is none. */
  #recordAt(d: Handle, buckets: number, place: number): Handle {
    const index = Math.floor(place / SLOTS);
    const slot = place - index * SLOTS;
    const block = this.#blockAt(d, buckets, index);
    const words = this.#arena.i32[block >>> 19]!;
    const base = (block & 0x7ffff) << 1;
    const record = words[base + FIRST_SLOT + slot]!;
    if (record === 0 || (slot === SLOTS - 1 && (words[base]! & 1) !== 0)) return 0;
    this.#slotWords = words;
    this.#slotBase = base;
    this.#slot = slot;
    this.#bucket = index < buckets ? index : this.#bucketOf(d, this.hashOf(record));
    return record;
  }

  /** Fills `into` with `want` records, each drawn fairly and anew (one may come twice); answers how many: 0 if empty. */
  sample(d: Handle, random: () => number, into: Int32Array, want: number): number {
    for (let i = 0; i < want; i++) {
      const record = this.random(d, random);
      if (record === 0) return 0;
      into[i] = record;
    }
    return want;
  }

  // ── snapshots ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The epoch in which a bucket was written or shown last. */
  bucketEpoch(d: Handle, bucket: number): number {
    const at = this.#bucketBlock(d, bucket);
    return this.#arena.i32[at >>> 19]![(at & 0x7ffff) << 1]! >>> 1;
  }

  /** Shows the bucket to the observer unless that happened in this epoch already. */
  #observe(d: Handle, bucket: number): void {
    const at = this.#bucketBlock(d, bucket);
    const words = this.#arena.i32[at >>> 19]!;
    const base = (at & 0x7ffff) << 1;
    if (words[base]! >>> 1 === this.epoch) return;
    this.observer?.(d, bucket);
    words[base] = (this.epoch << 1) | (words[base]! & 1);
  }

  /** Shows a bucket, as a change would. */
  observe(d: Handle, bucket: number): void {
    if (this.epoch !== 0) this.#observe(d, bucket);
  }

  // ── freeing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Frees the records of the last bucket and the bucket itself; true when that was the last one and the dictionary
   * with it. A dictionary of which a part was dismantled is good for nothing but more of it.
   */
  dismantle(d: Handle, freeRecord: (record: Handle) => void): boolean {
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const last = words[w + BUCKETS]! - 1;
    this.forEachInBucket(d, last, freeRecord);
    this.#freeChain(d, this.#bucketBlock(d, last));
    words[w + BUCKETS] = last;
    if (last > 0) {
      if ((last & (SEGMENT_BUCKETS - 1)) === 0) this.#arena.free(this.#segment(d, last >>> 6));
      return false;
    }
    this.#arena.free(this.#segment(d, 0));
    this.#arena.free(words[w + DIRECTORY]!);
    this.#arena.free(d);
    return true;
  }

  /** Frees the dictionary; `freeRecord` is called with each record first. */
  free(d: Handle, freeRecord: (record: Handle) => void): void {
    while (!this.dismantle(d, freeRecord));
  }

  /** Bytes of the table itself, without the records. */
  tableBytes(d: Handle): number {
    const arena = this.#arena;
    const words = arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const list = words[w + OVERFLOW_LIST]!;
    // Of several segments, all are of one size.
    const segments = Math.ceil(words[w + BUCKETS]! / SEGMENT_BUCKETS) * arena.sizeOf(this.#segment(d, 0));
    const overflows = words[w + OVERFLOWS]! * Arena.roundUp(BUCKET_BYTES) + (list === 0 ? 0 : arena.sizeOf(list));
    return arena.sizeOf(d) + arena.sizeOf(words[w + DIRECTORY]!) + segments + overflows;
  }

  /**
   * Bytes of all records, of which at least `samples` are looked at; the others are taken to be like them.
   * @param sizeOf bytes of a record with what belongs to it
   */
  recordBytes(d: Handle, samples: number, sizeOf: (record: Handle) => number): number {
    const count = this.count(d);
    let seen = 0;
    let bytes = 0;
    for (let bucket = 0; seen < samples && seen < count; bucket++) {
      this.forEachInBucket(d, bucket, (record) => {
        seen++;
        bytes += sizeOf(record);
      });
    }
    return seen === count ? bytes : Math.round((bytes / seen) * count);
  }

  // ── buckets ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #bucketOf(d: Handle, hash: number): number {
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const low = words[w + LOW_MASK]!;
    const bucket = hash & ((low << 1) | 1);
    return bucket < words[w + BUCKETS]! ? bucket : bucket & low;
  }

  #segment(d: Handle, index: number): Handle {
    const directory = this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + DIRECTORY]!;
    return this.#arena.i32[directory >>> 19]![((directory & 0x7ffff) << 1) + index]!;
  }

  /** Handle-like name of a bucket: eight units each, so a bucket of a segment is addressed as a block is. */
  #bucketBlock(d: Handle, bucket: number): Handle {
    return (this.#segment(d, bucket >>> 6) + ((bucket & 63) << 3)) | 0;
  }

  #add(d: Handle, bucket: number, tag: number, record: Handle): void {
    let at = this.#bucketBlock(d, bucket);
    for (let chain = 1; ; chain++) {
      const words = this.#arena.i32[at >>> 19]!;
      const base = (at & 0x7ffff) << 1;
      const chained = (words[base]! & 1) !== 0;
      for (let t = 1; t <= 3; t++) {
        const x = words[base + t]!;
        const zeros = (x - 0x01010101) & ~x & 0x80808080;
        if (zeros === 0) continue;
        // The lowest marked byte is never a false one.
        const inWord = (31 - Math.clz32(zeros & -zeros)) >>> 3;
        const slot = ((t - 1) << 2) + inWord;
        if (chained && slot === SLOTS - 1) break;
        words[base + t] = x | (tag << (inWord << 3));
        words[base + FIRST_SLOT + slot] = record;
        return;
      }
      if (chained) {
        at = words[base + LINK]!;
        continue;
      }
      this.#extend(d, words, base);
      at = words[base + LINK]!;
    }
  }

  /** Gives a full bucket an overflow bucket; the record of the last slot moves there. */
  #extend(d: Handle, words: Int32Array, base: number): void {
    const overflow = this.#arena.allocZeroed(BUCKET_BYTES);
    const ow = this.#arena.i32[overflow >>> 19]!;
    const ob = (overflow & 0x7ffff) << 1;
    ow[ob] = this.#list(d, overflow) << 1;
    ow[ob + 1] = words[base + 3]! >>> 24;
    ow[ob + FIRST_SLOT] = words[base + LINK]!;
    words[base + 3] = words[base + 3]! & 0xffffff;
    words[base + LINK] = overflow;
    words[base] = words[base]! | 1;
  }

  /** Lists an overflow bucket; answers its place. */
  #list(d: Handle, overflow: Handle): number {
    const arena = this.#arena;
    const header = arena.i32[d >>> 19]!;
    const hw = (d & 0x7ffff) << 1;
    const place = header[hw + OVERFLOWS]!;
    let list = header[hw + OVERFLOW_LIST]!;
    if (list === 0) {
      list = arena.alloc(8);
      header[hw + OVERFLOW_LIST] = list;
    } else if (place << 2 === arena.sizeOf(list)) {
      list = arena.resize(list, place << 3, place << 2);
      header[hw + OVERFLOW_LIST] = list;
    }
    arena.i32[list >>> 19]![((list & 0x7ffff) << 1) + place] = overflow;
    header[hw + OVERFLOWS] = place + 1;
    return place;
  }

  /** Frees an overflow bucket; the last of the list takes its place there. */
  #freeOverflow(d: Handle, overflow: Handle): void {
    const arena = this.#arena;
    const header = arena.i32[d >>> 19]!;
    const hw = (d & 0x7ffff) << 1;
    const list = header[hw + OVERFLOW_LIST]!;
    const listed = arena.i32[list >>> 19]!;
    const lw = (list & 0x7ffff) << 1;
    const place = arena.i32[overflow >>> 19]![(overflow & 0x7ffff) << 1]! >>> 1;
    const left = header[hw + OVERFLOWS]! - 1;
    const last = listed[lw + left]!;
    const lastWords = arena.i32[last >>> 19]!;
    const lastBase = (last & 0x7ffff) << 1;
    lastWords[lastBase] = (place << 1) | (lastWords[lastBase]! & 1);
    listed[lw + place] = last;
    header[hw + OVERFLOWS] = left;
    arena.free(overflow);
    if (left === 0) {
      arena.free(list);
      header[hw + OVERFLOW_LIST] = 0;
    } else if (left << 4 < arena.sizeOf(list)) {
      header[hw + OVERFLOW_LIST] = arena.resize(list, left << 3, left << 2);
    }
  }

  /** Empties a slot; a record of the last bucket of the chain takes its place, so that chains have no gaps for ever. */
  #clearSlot(d: Handle, bucket: number, words: Int32Array, base: number, slot: number): void {
    const first = this.#bucketBlock(d, bucket);
    let lastWords = this.#arena.i32[first >>> 19]!;
    let lastBase = (first & 0x7ffff) << 1;
    if ((lastWords[lastBase]! & 1) === 0) {
      setSlot(words, base, slot, 0, 0);
      return;
    }
    let parentWords = lastWords;
    let parentBase = lastBase;
    let last = first;
    while ((lastWords[lastBase]! & 1) !== 0) {
      parentWords = lastWords;
      parentBase = lastBase;
      last = lastWords[lastBase + LINK]!;
      lastWords = this.#arena.i32[last >>> 19]!;
      lastBase = (last & 0x7ffff) << 1;
    }
    let from = SLOTS - 1;
    while (lastWords[lastBase + FIRST_SLOT + from] === 0) from--;
    const tag = (lastWords[lastBase + 1 + (from >>> 2)]! >>> ((from & 3) << 3)) & 0xff;
    setSlot(words, base, slot, tag, lastWords[lastBase + FIRST_SLOT + from]!);
    setSlot(lastWords, lastBase, from, 0, 0);
    if ((lastWords[lastBase + 1]! | lastWords[lastBase + 2]! | lastWords[lastBase + 3]!) === 0) {
      this.#freeOverflow(d, last);
      parentWords[parentBase + LINK] = 0;
      parentWords[parentBase] = parentWords[parentBase]! & ~1;
    }
  }

  #freeChain(d: Handle, bucket: Handle): void {
    const words = this.#arena.i32[bucket >>> 19]!;
    const base = (bucket & 0x7ffff) << 1;
    let chained = (words[base]! & 1) !== 0;
    let at = words[base + LINK]!;
    while (chained) {
      const next = this.#arena.i32[at >>> 19]!;
      const nb = (at & 0x7ffff) << 1;
      chained = (next[nb]! & 1) !== 0;
      const following = next[nb + LINK]!;
      this.#freeOverflow(d, at);
      at = following;
    }
  }

  // ── growing and shrinking ─────────────────────────────────────────────────────────────────────────────────────────

  /** Moves the records of a bucket into `#moving` behind `there` others, leaves the bucket empty and without a chain. Answers how many are there then. */
  #empty(d: Handle, bucket: number, there: number): number {
    const first = this.#bucketBlock(d, bucket);
    let at = first;
    let n = there;
    for (;;) {
      const words = this.#arena.i32[at >>> 19]!;
      const base = (at & 0x7ffff) << 1;
      const chained = (words[base]! & 1) !== 0;
      if (n + SLOTS > this.#moving.length) {
        const wider = new Int32Array(this.#moving.length * 2);
        wider.set(this.#moving);
        this.#moving = wider;
        const widerTags = new Uint8Array(wider.length);
        widerTags.set(this.#movingTags);
        this.#movingTags = widerTags;
      }
      const slots = chained ? SLOTS - 1 : SLOTS;
      for (let slot = 0; slot < slots; slot++) {
        const record = words[base + FIRST_SLOT + slot]!;
        if (record !== 0) {
          this.#movingTags[n] = words[base + 1 + (slot >>> 2)]! >>> ((slot & 3) << 3);
          this.#moving[n++] = record;
        }
      }
      if (!chained) break;
      at = words[base + LINK]!;
    }
    this.#freeChain(d, first);
    const words = this.#arena.i32[first >>> 19]!;
    const base = (first & 0x7ffff) << 1;
    words[base] = words[base]! & ~1;
    words.fill(0, base + 1, base + 16);
    return n;
  }

  #split(d: Handle): void {
    let words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const added = words[w + BUCKETS]!;
    const low = words[w + LOW_MASK]!;
    const split = added - (low + 1);
    if (this.epoch !== 0) this.#observe(d, split);
    this.#ensureBucket(d, added);
    words = this.#arena.i32[d >>> 19]!;
    const from = this.#bucketBlock(d, split);
    const to = this.#bucketBlock(d, added);
    // The new bucket holds what the old one held: it has been seen by a snapshot exactly if that one has.
    this.#arena.i32[to >>> 19]![(to & 0x7ffff) << 1] = this.#arena.i32[from >>> 19]![(from & 0x7ffff) << 1]! & ~1;
    words[w + BUCKETS] = added + 1;
    if (added + 1 === (low + 1) * 2) words[w + LOW_MASK] = low * 2 + 1;
    const n = this.#empty(d, split, 0);
    const level = 32 - Math.clz32(low);
    const shift = tagShift(level);
    if (shift === tagShift(level + 1)) this.#divide(d, n, split, added, level - shift);
    else this.#spread(d, n);
  }

  /** Divides the records of a bucket that was split by a bit of their tags, which stay what they are. */
  #divide(d: Handle, n: number, low: number, high: number, bit: number): void {
    for (let i = 0; i < n; i++) {
      const record = this.#moving[i]!;
      const tag = this.#movingTags[i]!;
      // Tags 2 and 3 may stand for 0 and 1.
      const bits = tag > 3 ? tag >>> bit : this.hashOf(record) >>> (bit + tagShift(32 - Math.clz32(high) - 1));
      this.#add(d, (bits & 1) === 0 ? low : high, tag, record);
    }
  }

  /** The hash of a record's key. */
  hashOf(record: Handle): number {
    const records = this.#records;
    return this.#hashFunction.hash(
      this.#arena.data[record >>> 19]!,
      records.keyOffset(record),
      records.keyLength(record),
    );
  }

  #join(d: Handle): void {
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const last = words[w + BUCKETS]! - 1;
    let low = words[w + LOW_MASK]!;
    if (last === low) low >>>= 1;
    if (this.epoch !== 0) {
      this.#observe(d, last);
      this.#observe(d, last & low);
    }
    let n = this.#empty(d, last, 0);
    const level = 31 - Math.clz32(last);
    // The other one's tags are of the level that it loses.
    if (tagShift(level) !== tagShift(level + 1)) n = this.#empty(d, last & low, n);
    words[w + BUCKETS] = last;
    words[w + LOW_MASK] = low;
    if ((last & (SEGMENT_BUCKETS - 1)) === 0) {
      this.#arena.free(this.#segment(d, last >>> 6));
    } else if (last < SEGMENT_BUCKETS && (last & (last - 1)) === 0) {
      this.#resizeFirstSegment(d, last);
    }
    this.#spread(d, n);
  }

  #spread(d: Handle, n: number): void {
    const records = this.#records;
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const low = words[w + LOW_MASK]!;
    const buckets = words[w + BUCKETS]!;
    // Two passes: the reads of the first are independent, so their cache misses overlap.
    let warm = 0;
    for (let i = 0; i < n; i++) warm ^= records.meta(this.#moving[i]!);
    for (let i = 0; i < n; i++) {
      const record = this.#moving[i]!;
      const hash = this.hashOf(record);
      const bucket = this.#bucketOf(d, hash);
      this.#add(d, bucket, tagOf(hash, shiftOf(bucket, low, buckets)), record);
    }
    // Kept, or the compiler would drop the reads.
    this.#moving[n] = warm;
  }

  #ensureBucket(d: Handle, bucket: number): void {
    if (bucket < SEGMENT_BUCKETS) {
      if ((bucket & (bucket - 1)) === 0) this.#resizeFirstSegment(d, bucket * 2);
      return;
    }
    if ((bucket & (SEGMENT_BUCKETS - 1)) !== 0) return;
    const index = bucket >>> 6;
    const words = this.#arena.i32[d >>> 19]!;
    const w = (d & 0x7ffff) << 1;
    const segment = this.#arena.allocZeroed(SEGMENT_BUCKETS * BUCKET_BYTES);
    if (index >= words[w + DIRECTORY_CAPACITY]!) {
      const directory = this.#arena.resize(words[w + DIRECTORY]!, index * 8, index * 4);
      words[w + DIRECTORY] = directory;
      words[w + DIRECTORY_CAPACITY] = this.#arena.sizeOf(directory) >>> 2;
    }
    const directory = words[w + DIRECTORY]!;
    this.#arena.i32[directory >>> 19]![((directory & 0x7ffff) << 1) + index] = segment;
  }

  /** While there is one segment only, it holds a power of two of buckets. */
  #resizeFirstSegment(d: Handle, buckets: number): void {
    const old = this.#segment(d, 0);
    const oldBytes = this.#arena.sizeOf(old);
    const bytes = buckets * BUCKET_BYTES;
    const segment = this.#arena.resize(old, bytes, Math.min(bytes, oldBytes));
    if (bytes > oldBytes) {
      const at = (segment & 0x7ffff) << 3;
      this.#arena.u8[segment >>> 19]!.fill(0, at + oldBytes, at + bytes);
    }
    const directory = this.#arena.i32[d >>> 19]![((d & 0x7ffff) << 1) + DIRECTORY]!;
    this.#arena.i32[directory >>> 19]![(directory & 0x7ffff) << 1] = segment;
  }
}

/**
 * The lowest bit of the tags in a bucket of this level (the number of hash bits that name it). Bits from the level on are
 * those by which the next splits divide it: with them in the tag, three splits of four need not look at the records at
 * all. What the records of a bucket have in common is no use in a tag: so it moves on, every fourth level.
 */
function tagShift(level: number): number {
  return level >= 24 ? 24 : level & 0x1c;
}

function shiftOf(bucket: number, low: number, buckets: number): number {
  const level = 32 - Math.clz32(low);
  return tagShift((bucket & low) + low + 1 < buckets ? level + 1 : level);
}

/** 8 bits of the hash, but never 0 (an empty slot) nor 1 (which a borrow may simulate on an empty slot). */
function tagOf(hash: number, shift: number): number {
  const tag = (hash >>> shift) & 0xff;
  return tag < 2 ? tag + 2 : tag;
}

function setSlot(words: Int32Array, base: number, slot: number, tag: number, record: Handle): void {
  const t = base + 1 + (slot >>> 2);
  const shift = (slot & 3) << 3;
  words[t] = (words[t]! & ~(0xff << shift)) | (tag << shift);
  words[base + FIRST_SLOT + slot] = record;
}

function reverseBits(value: number): number {
  let v = value;
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1);
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
  return (v >>> 16) | (v << 16);
}
