import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { LatencyHistogram } from './latency-histogram.js';

function recorded(microseconds: readonly number[], weight = 1): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const each of microseconds) histogram.record(each, weight);
  return histogram;
}

describe('LatencyHistogram', () => {
  it('answers 0 while nothing was recorded', () => {
    expect(new LatencyHistogram().percentile(50)).toBe(0);
  });

  it('tells nanoseconds apart below 64', () => {
    const histogram = recorded([0.001, 0.002, 0.063]);
    expect([1, 50, 100].map((p) => histogram.percentile(p))).toEqual([0.001, 0.002, 0.063]);
  });

  it('is never below a duration, and above it by less than 1/32', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (nanoseconds) => {
        const answer = recorded([nanoseconds / 1000]).percentile(99.9) * 1000;
        expect(answer).toBeGreaterThanOrEqual(nanoseconds - 1e-6);
        expect(answer).toBeLessThanOrEqual(nanoseconds * (1 + 1 / 32));
      }),
    );
  });

  it('counts weights', () => {
    const histogram = recorded([10], 97);
    for (const slow of [5000, 6000, 7000]) histogram.record(slow, 1);
    expect(histogram.percentile(97)).toBeCloseTo(10, 0);
    expect(histogram.percentile(98)).toBeGreaterThanOrEqual(5000);
    expect(histogram.percentile(100)).toBeGreaterThanOrEqual(7000);
  });

  it('takes what is longer than a second for a second, and nothing for a nanosecond', () => {
    expect(recorded([5e6]).percentile(50)).toBeGreaterThanOrEqual(1e6);
    expect(recorded([0]).percentile(50)).toBe(0.001);
  });
});
