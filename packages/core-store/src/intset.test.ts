import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Handle } from './arena.js';
import { chance } from './bytes.fixture.js';
import { Int64 } from './int64.js';
import { Intset } from './intset.js';

const int = (value: bigint): Int64 => {
  const register = new Int64();
  register.setBigInt(value);
  return register;
};

const content = (arena: Arena, sets: Intset, h: Handle): string => {
  const at = (h & 0x7ffff) << 3;
  return Buffer.from(arena.u8[h >>> 19]!.subarray(at, at + sets.bytes(h))).toString('hex');
};

const integers = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -40000n, max: 40000n }),
  fc.bigInt({ min: -(2n ** 31n) - 9n, max: 2n ** 31n + 9n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);

describe('an intset', () => {
  it('agrees with a set after each of any steps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), integers), { maxLength: 120, size: 'max' }), (list) => {
        const arena = new Arena();
        const sets = new Intset(arena);
        const into = new Int64();
        const model = new Set<bigint>();
        let h = sets.create();
        for (const [add, value] of list) {
          const present = model.has(value);
          expect(sets.has(h, int(value))).toBe(present);
          h = add ? sets.add(h, int(value)) : sets.remove(h, int(value));
          expect(sets.changed).toBe(add !== present);
          if (add) model.add(value);
          else model.delete(value);
          const sorted = [...model].sort((a, b) => (a < b ? -1 : 1));
          expect(sets.length(h)).toBe(sorted.length);
          for (const [i, expected] of sorted.entries()) {
            expect(sets.get(h, i, into)).toBe(true);
            expect(into.toBigInt()).toBe(expected);
          }
          expect(sets.get(h, sorted.length, into)).toBe(false);
          expect(sets.bytes(h)).toBe(8 + sorted.length * sets.width(h));
          expect(arena.usedBytes).toBe(Arena.roundUp(sets.bytes(h)));
        }
        sets.free(h);
        expect(arena.usedBytes).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  // From the DUMP payloads of redis-server 7.0.15.
  it.each([
    ['5 1 -3', '0200000003000000fdff01000500'],
    ['32767 -32768', '02000000020000000080ff7f'],
    ['32768 1', '04000000020000000100000000800000'],
    ['-32769 7 7', '0400000002000000ff7fffff07000000'],
    ['2147483647 -2147483648 0', '04000000030000000000008000000000ffffff7f'],
    ['2147483648 -1 1', '0800000003000000ffffffffffffffff01000000000000000000008000000000'],
    [
      '9223372036854775807 -9223372036854775808 12 -12',
      '08000000040000000000000000000080f4ffffffffffffff0c00000000000000ffffffffffffff7f',
    ],
  ])('of %s has the bytes that Redis gives it', (list, expected) => {
    const arena = new Arena();
    const sets = new Intset(arena);
    let h = sets.create();
    for (const value of list.split(' ')) h = sets.add(h, int(BigInt(value)));
    expect(content(arena, sets, h)).toBe(expected);
  });

  it('keeps its width when the widest integer goes, as in Redis', () => {
    const arena = new Arena();
    const sets = new Intset(arena);
    let h = sets.create();
    for (const value of [1n, 2n, 70000n]) h = sets.add(h, int(value));
    h = sets.remove(h, int(70000n));
    expect(content(arena, sets, h)).toBe('04000000020000000100000002000000');
  });

  it('draws each of its integers about equally often', () => {
    const sets = new Intset(new Arena());
    const into = new Int64();
    let h = sets.create();
    expect(sets.random(h, chance(1), into)).toBe(false);
    for (let i = 0n; i < 10n; i++) h = sets.add(h, int(i * 7000n));
    const random = chance(5);
    const counts = new Map<bigint, number>();
    for (let i = 0; i < 10_000; i++) {
      sets.random(h, random, into);
      counts.set(into.toBigInt(), (counts.get(into.toBigInt()) ?? 0) + 1);
    }
    // 9 degrees of freedom: beyond 27.9 with a probability of 0.001.
    expect(counts.size).toBe(10);
    expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });
});
