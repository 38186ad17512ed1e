/**
 * The arena: all data of a keyspace, off the JavaScript heap.
 *
 * Memory is taken from the system in chunks of 4 MB (one `ArrayBuffer` each), so the garbage collector sees a few
 * hundred objects where a `Map` would show it millions. A block is named by a **handle**, an int32: the number of its
 * chunk in the upper 13 bits and its offset in units of 8 bytes in the lower 19. Bytes of block `h` begin at
 * `u8[h >>> 19][(h & 0x7ffff) << 3]`, its 32-bit words at `i32[h >>> 19][(h & 0x7ffff) << 1]`. Handle 0 is "none":
 * chunk 0 does not exist. The literals 19 and 0x7ffff are repeated where speed matters, because V8 folds a literal and
 * loads an imported constant.
 *
 * Three kinds of blocks, told apart by the page they lie on (pages of 8 KB, 512 to a chunk):
 * - up to 32 KB: a size class. A *slab* is a run of pages cut into equal blocks, with its own free list; a slab whose
 *   last block is freed gives its pages back, so memory moves between classes.
 * - up to 1 MB: a run of pages.
 * - above: a buffer of its own ("large, apart"), which takes a chunk number and nothing else.
 *
 * No block has a header: the size is known from the page. `usedBytes` is exact: the sum of the sizes of live blocks.
 */
import { CLASS_CAPACITY, CLASS_COUNT, CLASS_OF_UNITS, CLASS_SLAB_PAGES, CLASS_UNITS } from './size-classes.js';

/** Names a block in an arena: an int32, 0 for none. */
export type Handle = number;

const CHUNK_BYTES = 4 * 1024 * 1024;
const CHUNK_PAGES = 512;
const PAGE_BYTES = 8192;
const MAX_CHUNKS = 8192;
const MAX_CLASS_BYTES = 32 * 1024;
const MAX_RUN_BYTES = 1024 * 1024;
/** Whole free chunks that are kept for the next growth instead of being given back. */
const SPARE_CHUNKS = 2;
/** Empty slabs that are kept likewise. */
const KEPT_SLABS = 4;

// What a span (a run of pages with one purpose) is, where it is no size class.
const FREE = -1;
const RUN = -2;
const LARGE = -3;
const NONE = -4;

/** First word of a free block; the second links the list. As that of a record (`record.ts`) it has no type that there is. */
export const FREED = 7 << 24;

const NO_BYTES = new Uint8Array(0);
const NO_WORDS = new Int32Array(0);
const NO_DATA = new DataView(new ArrayBuffer(0));
/**
 * Large buffers come from `malloc` 16 bytes behind the start of a page. Beginning 48 bytes later puts blocks of 64 bytes,
 * above all the buckets of dictionaries, on one cache line each.
 */
const CHUNK_OFFSET = 48;

/** Thrown when all 8,192 chunk numbers are taken (32 GB of small blocks) or the system gives no more memory. */
export class ArenaFullError extends Error {
  override readonly name = 'ArenaFullError';
}

/** Figures of an arena, in bytes unless named otherwise. */
export interface ArenaStatistics {
  /** Sum of the sizes of live blocks. */
  readonly used: number;
  /** What was taken from the system and not given back. */
  readonly reserved: number;
  readonly blocks: number;
  readonly chunks: number;
  readonly largeBlocks: number;
}

/**
 * Memory off the JavaScript heap, in blocks named by int32 handles.
 *
 * `alloc` and `free` as in C, without protection: a handle that was freed must not be used again. `i32` and `u8` are
 * the chunks by number; the file's header says how a handle leads to its bytes.
 * @throws {ArenaFullError} where a block is taken
 */
export class Arena {
  /** Bytes of each chunk, by chunk number. */
  readonly u8: Uint8Array[] = [NO_BYTES];
  /** The same memory as 32-bit words. */
  readonly i32: Int32Array[] = [NO_WORDS];
  /** The same memory again, for reads and writes of words that are not aligned. */
  readonly data: DataView[] = [NO_DATA];
  // The last buffer from outside that somebody wanted a view of: as a rule the one that sockets read into.
  #viewed: Uint8Array = NO_BYTES;
  #viewOfViewed: DataView = NO_DATA;

  /** Sum of the sizes of live blocks, in bytes. */
  usedBytes = 0;
  #blocks = 0;
  #reserved = 0;
  #largeBlocks = 0;
  #freeChunkNumbers: number[] = [];
  #wholeFreeChunks = 0;

  // State of spans, indexed by the global number of their first page (handle >>> 10).
  /** First page of the span that a page belongs to; kept for every page of a slab, else for first and last. */
  #spanOf: Int32Array = new Int32Array(CHUNK_PAGES);
  #kind: Int32Array = new Int32Array(CHUNK_PAGES).fill(NONE);
  #pages: Int32Array = new Int32Array(CHUNK_PAGES);
  /** Live blocks of a slab. */
  #live: Int32Array = new Int32Array(CHUNK_PAGES);
  /** Freed blocks of a slab, linked through their first word. */
  #freeList: Int32Array = new Int32Array(CHUNK_PAGES);
  /** Blocks of a slab that were handed out at least once. */
  #cut: Int32Array = new Int32Array(CHUNK_PAGES);
  // Doubly linked: slabs of a class with room, free runs of one length.
  #next: Int32Array = new Int32Array(CHUNK_PAGES);
  #previous: Int32Array = new Int32Array(CHUNK_PAGES);

  /** First slab with room, by class; 0 for none. */
  readonly #slabs = new Int32Array(CLASS_COUNT);
  /** Slabs that were kept when they became empty; may be in use again, or gone. */
  readonly #kept = new Int32Array(KEPT_SLABS);
  #nextKept = 0;
  /** First free run, by length in pages; 0 for none. */
  readonly #runs = new Int32Array(CHUNK_PAGES + 1);

  /**
   * Takes a block of at least `bytes` bytes (1 or more). Its content is undefined.
   * @throws {ArenaFullError} when no memory can be had; nothing has changed then.
   */
  alloc(bytes: number): Handle {
    if (bytes > MAX_CLASS_BYTES) return this.#allocBig(bytes);
    const cls = CLASS_OF_UNITS[(bytes + 7) >>> 3]!;
    let slab = this.#slabs[cls]!;
    if (slab === 0) slab = this.#addSlab(cls);
    let handle = this.#freeList[slab]!;
    if (handle !== 0) {
      this.#freeList[slab] = this.i32[handle >>> 19]![((handle & 0x7ffff) << 1) + 1]!;
    } else {
      const cut = this.#cut[slab]!;
      this.#cut[slab] = cut + 1;
      handle = (slab << 10) + cut * CLASS_UNITS[cls]!;
    }
    const live = this.#live[slab]! + 1;
    this.#live[slab] = live;
    if (live === CLASS_CAPACITY[cls]!) this.#unlinkSlab(cls, slab);
    this.usedBytes += CLASS_UNITS[cls]! << 3;
    this.#blocks++;
    return handle;
  }

  /** Takes a block filled with zeros. */
  allocZeroed(bytes: number): Handle {
    const handle = this.alloc(bytes);
    const at = (handle & 0x7ffff) << 3;
    this.u8[handle >>> 19]!.fill(0, at, at + bytes);
    return handle;
  }

  /** Gives a block back. The handle is invalid afterwards. */
  free(handle: Handle): void {
    const slab = this.#spanOf[handle >>> 10]!;
    const cls = this.#kind[slab]!;
    if (cls < 0) {
      this.#freeBig(slab, cls);
      return;
    }
    const words = this.i32[handle >>> 19]!;
    const w = (handle & 0x7ffff) << 1;
    words[w] = FREED;
    words[w + 1] = this.#freeList[slab]!;
    this.#freeList[slab] = handle;
    const live = this.#live[slab]! - 1;
    this.#live[slab] = live;
    this.usedBytes -= CLASS_UNITS[cls]! << 3;
    this.#blocks--;
    if (live + 1 === CLASS_CAPACITY[cls]!) this.#linkSlab(cls, slab);
    if (live !== 0) return;
    // The only slab of its class with room stays for a while: a block taken and freed in turns must not build it up
    // each time.
    if (this.#slabs[cls] === slab && this.#next[slab] === 0) this.#keepSlab(slab);
    else this.#releaseSlab(slab);
  }

  /** Bytes that the block can hold: what was asked for, rounded up. */
  sizeOf(handle: Handle): number {
    const span = this.#spanOf[handle >>> 10]!;
    const cls = this.#kind[span]!;
    if (cls >= 0) return CLASS_UNITS[cls]! << 3;
    return cls === LARGE ? this.u8[handle >>> 19]!.length : this.#pages[span]! * PAGE_BYTES;
  }

  /** What `alloc(bytes)` would add to `usedBytes`. */
  static roundUp(bytes: number): number {
    if (bytes <= MAX_CLASS_BYTES) return CLASS_UNITS[CLASS_OF_UNITS[(bytes + 7) >>> 3]!]! << 3;
    if (bytes <= MAX_RUN_BYTES) return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    return Math.ceil(bytes / 8) * 8;
  }

  /**
   * A block of at least `bytes` bytes that begins with the first `keep` bytes of `handle`: the same block when it has
   * the right size class already, else a new one (the old one is freed).
   */
  resize(handle: Handle, bytes: number, keep: number): Handle {
    const size = this.sizeOf(handle);
    if (bytes <= size && Arena.roundUp(bytes) === size) return handle;
    const moved = this.alloc(bytes);
    this.copyBlock(handle, moved, keep);
    this.free(handle);
    return moved;
  }

  /** A `DataView` of bytes from outside, with the same offsets; the last one is remembered. */
  viewOf(bytes: Uint8Array): DataView {
    return bytes === this.#viewed ? this.#viewOfViewed : this.#makeView(bytes);
  }

  #makeView(bytes: Uint8Array): DataView {
    this.#viewed = bytes;
    this.#viewOfViewed = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#viewOfViewed;
  }

  /** Copies the first `bytes` bytes of one block into another. */
  copyBlock(from: Handle, to: Handle, bytes: number): void {
    const source = this.u8[from >>> 19]!;
    const target = this.u8[to >>> 19]!;
    const s = (from & 0x7ffff) << 3;
    const t = (to & 0x7ffff) << 3;
    if (bytes <= 64) {
      for (let i = 0; i < bytes; i++) target[t + i] = source[s + i]!;
    } else {
      target.set(source.subarray(s, s + bytes), t);
    }
  }

  get statistics(): ArenaStatistics {
    return {
      used: this.usedBytes,
      reserved: this.#reserved,
      blocks: this.#blocks,
      chunks: this.u8.length - 1 - this.#freeChunkNumbers.length,
      largeBlocks: this.#largeBlocks,
    };
  }

  /** Forgets every block at once, in time that depends on the number of chunks, not of blocks. */
  reset(): void {
    this.u8.length = 1;
    this.i32.length = 1;
    this.data.length = 1;
    this.usedBytes = 0;
    this.#blocks = 0;
    this.#reserved = 0;
    this.#largeBlocks = 0;
    this.#freeChunkNumbers = [];
    this.#wholeFreeChunks = 0;
    this.#slabs.fill(0);
    this.#kept.fill(0);
    this.#runs.fill(0);
    this.#growPageTables(CHUNK_PAGES);
  }

  /**
   * Calls `visit(handle, size)` for each live block, in address order. Slow and allocating: for tests and statistics,
   * to prove that what is counted, what is reachable and what is there are the same.
   */
  walk(visit: (handle: Handle, size: number) => void): void {
    for (let chunk = 1; chunk < this.u8.length; chunk++) {
      if (this.u8[chunk]!.length === 0) continue;
      for (let page = chunk * CHUNK_PAGES; page < (chunk + 1) * CHUNK_PAGES;) {
        const kind = this.#kind[page]!;
        if (kind === LARGE) {
          visit(page << 10, this.u8[chunk]!.length);
          break;
        }
        if (kind === RUN) visit(page << 10, this.#pages[page]! * PAGE_BYTES);
        else if (kind >= 0) this.#walkSlab(page, kind, visit);
        page += this.#pages[page]!;
      }
    }
  }

  #walkSlab(slab: number, cls: number, visit: (handle: Handle, size: number) => void): void {
    const freed = new Set<number>();
    for (let h = this.#freeList[slab]!; h !== 0; h = this.i32[h >>> 19]![((h & 0x7ffff) << 1) + 1]!) freed.add(h);
    for (let i = 0; i < this.#cut[slab]!; i++) {
      const handle = (slab << 10) + i * CLASS_UNITS[cls]!;
      if (!freed.has(handle)) visit(handle, CLASS_UNITS[cls]! << 3);
    }
  }

  // ── slabs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #addSlab(cls: number): number {
    const pages = CLASS_SLAB_PAGES[cls]!;
    const slab = this.#takeRun(pages);
    for (let p = 0; p < pages; p++) this.#spanOf[slab + p] = slab;
    this.#kind[slab] = cls;
    this.#live[slab] = 0;
    this.#freeList[slab] = 0;
    this.#cut[slab] = 0;
    this.#linkSlab(cls, slab);
    return slab;
  }

  /** Keeps an empty slab, in the place of the one that was kept longest: each may hold a whole chunk. */
  #keepSlab(slab: number): void {
    const kept = this.#kept;
    if (kept.includes(slab)) return;
    const oldest = kept[this.#nextKept]!;
    kept[this.#nextKept] = slab;
    this.#nextKept = (this.#nextKept + 1) % kept.length;
    if (oldest !== 0 && this.#kind[oldest]! >= 0 && this.#live[oldest] === 0) this.#releaseSlab(oldest);
  }

  #releaseSlab(slab: number): void {
    const cls = this.#kind[slab]!;
    this.#unlinkSlab(cls, slab);
    this.#releaseRun(slab, CLASS_SLAB_PAGES[cls]!);
  }

  #linkSlab(cls: number, slab: number): void {
    const first = this.#slabs[cls]!;
    this.#next[slab] = first;
    this.#previous[slab] = 0;
    if (first !== 0) this.#previous[first] = slab;
    this.#slabs[cls] = slab;
  }

  #unlinkSlab(cls: number, slab: number): void {
    const next = this.#next[slab]!;
    const previous = this.#previous[slab]!;
    if (previous === 0) this.#slabs[cls] = next;
    else this.#next[previous] = next;
    if (next !== 0) this.#previous[next] = previous;
    this.#next[slab] = 0;
    this.#previous[slab] = 0;
  }

  // ── blocks above 32 KB ────────────────────────────────────────────────────────────────────────────────────────────

  #allocBig(bytes: number): Handle {
    if (bytes > MAX_RUN_BYTES) return this.#allocLarge(Math.ceil(bytes / 8) * 8);
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const span = this.#takeRun(pages);
    this.#kind[span] = RUN;
    this.usedBytes += pages * PAGE_BYTES;
    this.#blocks++;
    return span << 10;
  }

  #allocLarge(bytes: number): Handle {
    const chunk = this.#addChunk(bytes);
    const span = chunk * CHUNK_PAGES;
    this.#spanOf[span] = span;
    this.#kind[span] = LARGE;
    this.#pages[span] = CHUNK_PAGES;
    this.usedBytes += bytes;
    this.#blocks++;
    this.#largeBlocks++;
    return span << 10;
  }

  #freeBig(span: number, kind: number): void {
    this.#blocks--;
    if (kind === LARGE) {
      const chunk = span >>> 9;
      this.usedBytes -= this.u8[chunk]!.length;
      this.#largeBlocks--;
      this.#dropChunk(chunk);
    } else {
      this.usedBytes -= this.#pages[span]! * PAGE_BYTES;
      this.#releaseRun(span, this.#pages[span]!);
    }
  }

  // ── runs of pages ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A run of exactly so many pages, cut from the shortest free run that holds it. */
  #takeRun(pages: number): number {
    let length = pages;
    while (length <= CHUNK_PAGES && this.#runs[length] === 0) length++;
    let run: number;
    if (length > CHUNK_PAGES) {
      run = this.#addChunk(CHUNK_BYTES) * CHUNK_PAGES;
      length = CHUNK_PAGES;
    } else {
      run = this.#runs[length]!;
      this.#unlinkRun(run, length);
      if (length === CHUNK_PAGES) this.#wholeFreeChunks--;
    }
    if (length > pages) this.#linkRun(run + pages, length - pages);
    this.#markSpan(run, pages);
    return run;
  }

  /** Gives pages back: joined with free neighbors, and the chunk with them when nothing else is on it. */
  #releaseRun(run: number, pages: number): void {
    const chunkStart = run & ~(CHUNK_PAGES - 1);
    let start = run;
    let length = pages;
    if (start > chunkStart) {
      const before = this.#spanOf[start - 1]!;
      if (this.#kind[before] === FREE) {
        this.#unlinkRun(before, this.#pages[before]!);
        length += this.#pages[before]!;
        start = before;
      }
    }
    const after = start + length;
    if (after < chunkStart + CHUNK_PAGES && this.#kind[after] === FREE) {
      this.#unlinkRun(after, this.#pages[after]!);
      length += this.#pages[after]!;
      this.#kind[after] = NONE;
    }
    if (start !== run) this.#kind[run] = NONE;
    if (length === CHUNK_PAGES) {
      if (this.#wholeFreeChunks >= SPARE_CHUNKS) {
        this.#dropChunk(start >>> 9);
        return;
      }
      this.#wholeFreeChunks++;
    }
    this.#linkRun(start, length);
  }

  #linkRun(run: number, pages: number): void {
    this.#markSpan(run, pages);
    this.#kind[run] = FREE;
    const first = this.#runs[pages]!;
    this.#next[run] = first;
    this.#previous[run] = 0;
    if (first !== 0) this.#previous[first] = run;
    this.#runs[pages] = run;
  }

  #unlinkRun(run: number, pages: number): void {
    const next = this.#next[run]!;
    const previous = this.#previous[run]!;
    if (previous === 0) this.#runs[pages] = next;
    else this.#next[previous] = next;
    if (next !== 0) this.#previous[next] = previous;
  }

  #markSpan(span: number, pages: number): void {
    this.#pages[span] = pages;
    this.#spanOf[span] = span;
    this.#spanOf[span + pages - 1] = span;
  }

  // ── chunks ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #addChunk(bytes: number): number {
    const recycled = this.#freeChunkNumbers.pop();
    const chunk = recycled ?? this.u8.length;
    if (chunk >= MAX_CHUNKS) throw new ArenaFullError('the arena has no chunk number left');
    let buffer: ArrayBuffer;
    try {
      buffer = new ArrayBuffer(bytes + CHUNK_OFFSET);
    } catch {
      if (recycled !== undefined) this.#freeChunkNumbers.push(recycled);
      throw new ArenaFullError(`the system gives no ${bytes} bytes more`);
    }
    this.#growPageTables((chunk + 1) * CHUNK_PAGES);
    this.u8[chunk] = new Uint8Array(buffer, CHUNK_OFFSET);
    this.i32[chunk] = new Int32Array(buffer, CHUNK_OFFSET);
    this.data[chunk] = new DataView(buffer, CHUNK_OFFSET);
    this.#reserved += bytes;
    return chunk;
  }

  #dropChunk(chunk: number): void {
    this.#reserved -= this.u8[chunk]!.length;
    this.u8[chunk] = NO_BYTES;
    this.i32[chunk] = NO_WORDS;
    this.data[chunk] = NO_DATA;
    this.#kind[chunk * CHUNK_PAGES] = NONE;
    this.#freeChunkNumbers.push(chunk);
  }

  #growPageTables(pages: number): void {
    if (pages <= this.#kind.length) return;
    const size = Math.max(pages, this.#kind.length * 2);
    const grow = (old: Int32Array): Int32Array => {
      const table = new Int32Array(size);
      table.set(old);
      return table;
    };
    this.#spanOf = grow(this.#spanOf);
    this.#kind = grow(this.#kind);
    this.#pages = grow(this.#pages);
    this.#live = grow(this.#live);
    this.#freeList = grow(this.#freeList);
    this.#cut = grow(this.#cut);
    this.#next = grow(this.#next);
    this.#previous = grow(this.#previous);
  }
}
