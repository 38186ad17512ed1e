import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LFU_INITIAL, LFU_MAX, lfuDecay, lfuIncrement, lfuMinutes, lfuMinutesSince } from './lfu.js';
import { seededRandom } from './model-source.fixture.js';

const anyCounter = fc.integer({ min: 0, max: 255 });
const anyFactor = fc.integer({ min: 0, max: 1000 });
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The counter after so many uses, on the average of `records` records. */
function afterUses(uses: number, logFactor: number, records: number): number {
  const random = seededRandom(uses * 1000 + logFactor);
  let sum = 0;
  for (let record = 0; record < records; record += 1) {
    let counter = LFU_INITIAL;
    for (let i = 0; i < uses; i += 1) counter = lfuIncrement(counter, logFactor, random());
    sum += counter;
  }
  return sum / records;
}

describe('lfuIncrement', () => {
  it('adds one or nothing and never passes 255', () => {
    fc.assert(
      fc.property(anyCounter, anyFactor, anyRandom, (counter, factor, random) => {
        const after = lfuIncrement(counter, factor, random);
        expect([counter, counter + 1]).toContain(after);
        expect(after).toBeLessThanOrEqual(LFU_MAX);
      }),
    );
  });

  it('always counts up to one above the initial value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LFU_INITIAL }), anyFactor, anyRandom, (counter, factor, random) => {
        expect(lfuIncrement(counter, factor, random)).toBe(counter + 1);
      }),
    );
  });

  it('counts with the probability 1 / (grown * factor + 1) above that', () => {
    // grown 10, factor 10: 1/101
    expect(lfuIncrement(15, 10, 1 / 101 - 1e-9)).toBe(16);
    expect(lfuIncrement(15, 10, 1 / 101 + 1e-9)).toBe(15);
  });

  it('counts every use with factor 0', () => {
    expect(afterUses(100, 0, 1)).toBe(LFU_INITIAL + 100);
    expect(afterUses(1000, 0, 1)).toBe(LFU_MAX);
  });

  // The table in Redis's default configuration file: counters after so many hits, by factor.
  it.each([
    [1, 100, 18],
    [1, 1000, 49],
    [1, 100_000, 255],
    [10, 100, 10],
    [10, 1000, 18],
    [10, 100_000, 142],
    [10, 1_000_000, 255],
    [100, 100, 8],
    [100, 1000, 11],
    [100, 100_000, 49],
    [100, 1_000_000, 143],
  ])('with factor %i reaches after %i uses about %i', (factor, uses, expected) => {
    expect(Math.abs(afterUses(uses, factor, 2_000_000 / uses) - expected)).toBeLessThan(1 + expected * 0.05);
  });
});

describe('lfuDecay', () => {
  it('takes one for each decay time that has passed', () => {
    expect(lfuDecay(100, 0, 1)).toBe(100);
    expect(lfuDecay(100, 1, 1)).toBe(99);
    expect(lfuDecay(100, 9, 10)).toBe(100);
    expect(lfuDecay(100, 25, 10)).toBe(98);
  });

  it('ends at 0', () => {
    expect(lfuDecay(100, 100, 1)).toBe(0);
    expect(lfuDecay(100, 65_535, 1)).toBe(0);
  });

  it('takes nothing with decay time 0', () => {
    expect(lfuDecay(100, 65_535, 0)).toBe(100);
  });
});

describe('the 16-bit minute', () => {
  it('counts minutes since the epoch and wraps', () => {
    expect(lfuMinutes(59_999)).toBe(0);
    expect(lfuMinutes(60_000)).toBe(1);
    expect(lfuMinutes(65_536 * 60_000)).toBe(0);
    expect(lfuMinutes(1_700_000_000_000)).toBe(28_333_333 % 65_536);
  });

  it('measures any span below 45 days, across the wrap too', () => {
    const start = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(start, fc.nat(65_535), (minute, span) => {
        expect(lfuMinutesSince(lfuMinutes(minute * 60_000), lfuMinutes((minute + span) * 60_000))).toBe(span);
      }),
    );
  });
});
