import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LRU_CLOCK_MAX, LRU_CLOCK_RESOLUTION, lruClock, lruIdle } from './lru-clock.js';

describe('the LRU clock', () => {
  it('ticks once a second in 24 bits', () => {
    expect(lruClock(999)).toBe(0);
    expect(lruClock(1000)).toBe(1);
    expect(lruClock(LRU_CLOCK_MAX * 1000)).toBe(LRU_CLOCK_MAX);
    expect(lruClock((LRU_CLOCK_MAX + 1) * 1000)).toBe(0);
    expect(lruClock(1_700_000_000_000)).toBe(1_700_000_000 % 2 ** 24);
  });

  it('measures any idle time below 194 days to the tick, across the wrap too', () => {
    const anyTime = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(anyTime, fc.nat(LRU_CLOCK_MAX * LRU_CLOCK_RESOLUTION), (then, idle) => {
        const ticks = Math.floor((then + idle) / 1000) - Math.floor(then / 1000);
        expect(lruIdle(lruClock(then), lruClock(then + idle))).toBe((ticks % 2 ** 24) * 1000);
      }),
    );
  });
});
