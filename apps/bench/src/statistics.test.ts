import { describe, expect, it } from 'vitest';
import { median, percentile, percentileOfMoments, spread } from './statistics.js';

describe('median', () => {
  it('is the middle value, or the mean of the middle two, whatever the order', () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([4, 10, 1, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('spread', () => {
  it('is the range in units of the median', () => {
    expect(spread([9, 10, 12])).toBeCloseTo(0.3);
    expect(spread([5])).toBe(0);
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    expect(percentile(values, 0.999)).toBe(999);
    expect(percentile(values, 1)).toBe(1000);
    expect(percentile(values, 0.5)).toBe(500);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('percentileOfMoments', () => {
  it('lets one long stall weigh as much as the requests that it held up', () => {
    // 900 quick round trips and one of 100 intervals: a tenth of the moments lay in the stall.
    const latencies = [...new Array<number>(900).fill(0.5), 100];
    expect(percentile(latencies, 0.95)).toBe(0.5);
    expect(percentileOfMoments(latencies, 0.95, 1)).toBe(50);
    expect(percentileOfMoments(latencies, 1, 1)).toBe(100);
  });

  it('is the plain percentile where nothing took longer than the interval', () => {
    expect(percentileOfMoments([0.1, 0.2, 0.3, 0.4], 0.5, 1)).toBe(0.2);
  });
});
