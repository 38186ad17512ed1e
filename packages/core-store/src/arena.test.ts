import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, ArenaFullError, type Handle } from './arena.js';
import { chance } from './bytes.fixture.js';

const KB = 1024;
const MB = KB * KB;
const CHUNK = 4 * MB;

/** An arena, and what should be in each of its blocks. */
class Bench {
  readonly arena = new Arena();
  readonly blocks: { handle: Handle; asked: number; stamp: number }[] = [];
  #stamps = 0;

  #bytes(handle: Handle, length: number): Uint8Array {
    const at = (handle & 0x7ffff) << 3;
    return this.arena.u8[handle >>> 19]!.subarray(at, at + length);
  }

  take(bytes: number): void {
    const before = this.arena.usedBytes;
    const handle = this.arena.alloc(bytes);
    const size = this.arena.sizeOf(handle);
    if (size < bytes || size !== Arena.roundUp(bytes) || this.arena.usedBytes !== before + size) {
      throw new Error(`${bytes} bytes asked for, ${size} given, ${this.arena.usedBytes - before} counted`);
    }
    this.#stamp(handle, bytes);
  }

  /** The whole block belongs to its owner, beyond what was asked for. */
  #stamp(handle: Handle, asked: number): void {
    const stamp = (this.#stamps++ % 255) + 1;
    this.#bytes(handle, this.arena.sizeOf(handle)).fill(stamp);
    this.blocks.push({ handle, asked, stamp });
  }

  #intact(handle: Handle, length: number, stamp: number): void {
    const bytes = this.#bytes(handle, length);
    const uniform = Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
    if (bytes[0] !== stamp || !uniform) throw new Error(`block ${handle} was overwritten`);
  }

  free(index: number): void {
    const [block] = this.blocks.splice(index, 1);
    if (block === undefined) return;
    this.#intact(block.handle, this.arena.sizeOf(block.handle), block.stamp);
    this.arena.free(block.handle);
  }

  resize(index: number, bytes: number): void {
    const [block] = this.blocks.splice(index, 1);
    if (block === undefined) return;
    const keep = Math.min(block.asked, bytes);
    const moved = this.arena.resize(block.handle, bytes, keep);
    expect(this.arena.sizeOf(moved)).toBe(Arena.roundUp(bytes));
    this.#intact(moved, keep, block.stamp);
    this.#stamp(moved, bytes);
  }

  /** What is counted, what is walked over and what was handed out are the same, and nothing overlaps. */
  check(): void {
    const expected = new Map(this.blocks.map(({ handle }) => [handle, this.arena.sizeOf(handle)]));
    const walked = new Map<Handle, number>();
    let chunk = 0;
    let end = 0;
    this.arena.walk((handle, size) => {
      const at = (handle & 0x7ffff) << 3;
      if (handle >>> 19 !== chunk) end = 0;
      chunk = handle >>> 19;
      if (at < end || at + size > this.arena.u8[chunk]!.length) throw new Error(`block ${handle} overlaps`);
      end = at + size;
      walked.set(handle, size);
    });
    expect(walked).toEqual(expected);
    let used = 0;
    for (const size of expected.values()) used += size;
    const { statistics } = this.arena;
    expect(this.arena.usedBytes).toBe(used);
    expect(statistics.used).toBe(used);
    expect(statistics.blocks).toBe(expected.size);
    expect(statistics.reserved).toBeGreaterThanOrEqual(used);
    expect(statistics.reserved).toBe(this.arena.u8.reduce((sum, bytes) => sum + bytes.length, 0));
    expect(statistics.chunks).toBe(this.arena.u8.filter((bytes) => bytes.length > 0).length);
    expect(statistics.largeBlocks).toBe(this.blocks.filter(({ asked }) => asked > MB).length);
  }
}

const sizes = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 33 * KB }) },
  { weight: 3, arbitrary: fc.integer({ min: 32 * KB, max: 300 * KB }) },
  { weight: 1, arbitrary: fc.constantFrom(32 * KB, 32 * KB + 1, MB - 1, MB, MB + 1, MB + 77) },
);
const steps = fc.array(
  fc.tuple(
    fc.constantFrom('take' as const, 'take' as const, 'free' as const, 'resize' as const),
    fc.nat({ max: 9999 }),
    sizes,
    fc.integer({ min: 1, max: 12 }),
  ),
  { maxLength: 60, size: 'max' },
);

describe('an arena', () => {
  it('hands out blocks that never overlap and keep what is in them, after any steps', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const bench = new Bench();
        for (const [what, n, bytes, times] of list) {
          for (let i = 0; i < (bytes < KB ? times * 20 : 1); i++) {
            const index = (n * (i + 1)) % Math.max(bench.blocks.length, 1);
            if (what === 'take') bench.take(bytes);
            else if (what === 'free') bench.free(index);
            else bench.resize(index, bytes);
          }
          bench.check();
        }
        while (bench.blocks.length > 0) bench.free(0);
        bench.check();
        expect(bench.arena.usedBytes).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('gives chunks back when their blocks are freed, in any order', () => {
    const random = chance(11);
    const bench = new Bench();
    for (let i = 0; i < 40_000; i++) {
      bench.take(1 + Math.floor(random() ** 4 * (i % 50 === 0 ? 200 * KB : 2500)));
    }
    expect(bench.arena.statistics.reserved).toBeGreaterThan(12 * CHUNK);
    while (bench.blocks.length > 0) bench.free(Math.floor(random() * bench.blocks.length));
    bench.check();
    // Two spare chunks, and those on which the four slabs lie that are kept.
    expect(bench.arena.statistics.reserved).toBeLessThanOrEqual(6 * CHUNK);
  });

  it('moves memory between classes', () => {
    const bench = new Bench();
    for (const bytes of [100, 300, 3000, 30_000, 300_000]) {
      for (let left = 9 * MB; left > 0; left -= bytes) bench.take(bytes);
      expect(bench.arena.statistics.reserved).toBeLessThanOrEqual(4 * CHUNK);
      while (bench.blocks.length > 0) bench.free(bench.blocks.length - 1);
    }
  });

  it('gives a large block back to the system at once', () => {
    const arena = new Arena();
    const handle = arena.alloc(5 * MB + 3);
    expect(arena.statistics).toMatchObject({ used: 5 * MB + 8, reserved: 5 * MB + 8, chunks: 1, largeBlocks: 1 });
    arena.free(handle);
    expect(arena.statistics).toEqual({ used: 0, reserved: 0, blocks: 0, chunks: 0, largeBlocks: 0 });
  });

  it('does not take and give pages for a block that is taken and freed in turns', () => {
    const arena = new Arena();
    const first = arena.alloc(100);
    arena.free(first);
    for (let i = 0; i < 10; i++) {
      const handle = arena.alloc(100);
      expect(handle).toBe(first);
      arena.free(handle);
    }
  });

  it('fills with zeros where asked to', () => {
    const arena = new Arena();
    for (const bytes of [24, 5000, 100_000]) {
      const dirty = arena.alloc(bytes);
      const at = (dirty & 0x7ffff) << 3;
      arena.u8[dirty >>> 19]!.fill(7, at, at + bytes);
      arena.free(dirty);
      const clean = arena.allocZeroed(bytes);
      expect(clean).toBe(dirty);
      expect(arena.u8[clean >>> 19]!.subarray(at, at + bytes).every((b) => b === 0)).toBe(true);
    }
  });

  it('forgets everything at a reset, and is as new', () => {
    const bench = new Bench();
    for (let round = 0; round < 3; round++) {
      const random = chance(round);
      for (let i = 0; i < 3000; i++) bench.take(1 + Math.floor(random() ** 3 * 50 * KB));
      for (let i = 0; i < 1000; i++) bench.free(Math.floor(random() * bench.blocks.length));
      bench.take(2 * MB);
      bench.check();
      bench.arena.reset();
      bench.blocks.length = 0;
      bench.check();
      expect(bench.arena.statistics).toEqual({ used: 0, reserved: 0, blocks: 0, chunks: 0, largeBlocks: 0 });
    }
  });

  it('says so when the system gives no more, and nothing has changed', () => {
    const bench = new Bench();
    for (let i = 1; i < 100; i++) bench.take(i * 50);
    const before = bench.arena.statistics;
    expect(() => bench.arena.alloc(2 ** 52)).toThrow(ArenaFullError);
    expect(bench.arena.statistics).toEqual(before);
    bench.check();
    bench.take(2 * MB);
    bench.free(bench.blocks.length - 1);
    expect(() => bench.arena.alloc(2 ** 52)).toThrow(ArenaFullError);
    bench.take(2 * MB);
    bench.check();
  });
});
