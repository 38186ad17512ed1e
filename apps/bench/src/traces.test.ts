import { describe, expect, it } from 'vitest';
import { scanPollutedTrace, seededRandom, zipfTrace } from './traces.js';

const options = { keys: 1000, requests: 200_000, seed: 1 };

describe('zipfTrace', () => {
  const trace = zipfTrace(options);

  it('asks for keys with a frequency that falls with the rank as the exponent says', () => {
    const times = new Int32Array(options.keys);
    for (const key of trace) times[key]! += 1;
    const byRank = times.sort().reverse();
    let sum = 0;
    for (let rank = 1; rank <= options.keys; rank += 1) sum += rank ** -0.99;
    for (const rank of [1, 2, 10, 100]) {
      const expected = (options.requests * rank ** -0.99) / sum;
      expect(Math.abs(byRank[rank - 1]! - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('is the same for the same seed and another one for another', () => {
    expect(zipfTrace(options)).toEqual(trace);
    expect(zipfTrace({ ...options, seed: 2 })).not.toEqual(trace);
  });
});

describe('scanPollutedTrace', () => {
  it('is the Zipf trace with runs over the next keys in sequence, round the key space', () => {
    const zipf = zipfTrace(options);
    const trace = scanPollutedTrace(options, 500, 300);
    expect(trace).toHaveLength(options.requests);
    expect(trace.slice(0, 500)).toEqual(zipf.slice(0, 500));
    expect([...trace.slice(500, 800)]).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(trace.slice(800, 1300)).toEqual(zipf.slice(800, 1300));
    expect([trace[1300], trace[2900 + 99], trace[2900 + 100]]).toEqual([300, 999, 0]);
  });
});

describe('seededRandom', () => {
  it('draws evenly from [0, 1)', () => {
    const random = seededRandom(3);
    const tenths = new Int32Array(10);
    for (let i = 0; i < 100_000; i += 1) tenths[Math.floor(random() * 10)]! += 1;
    // 10,000 each, standard deviation 95
    for (const n of tenths) expect(Math.abs(n - 10_000)).toBeLessThan(500);
  });
});
