// How good the approximations are: hit ratios of a cache in front of a trace, against exact LRU and random eviction.
// Everything is seeded: the figures are the same in each run.
import { describe, expect, it } from 'vitest';
import { Evictor } from './evictor.js';
import { lfuIncrement } from './lfu.js';
import { LruMap } from './lru-map.js';
import { ModelSource, seededRandom } from './model-source.fixture.js';
import { allkeysLfu, allkeysLru, allkeysRandom } from './policies/index.js';
import type { EvictionPolicy } from './policy.js';

const KEYS = 5_000;
const CAPACITY = 1_000;
const REQUESTS = 60_000;

/** Keys drawn with probability ~ 1 / rank^0.99; `scanEvery` requests, a run over 500 of the keys in sequence. */
function trace(scanEvery: number): Int32Array {
  const cumulative = new Float64Array(KEYS);
  let sum = 0;
  for (let rank = 0; rank < KEYS; rank += 1) cumulative[rank] = sum += 1 / (rank + 1) ** 0.99;
  const random = seededRandom(42);
  const keys = new Int32Array(REQUESTS);
  let cursor = 0;
  for (let i = 0; i < REQUESTS; i += 1) {
    if (scanEvery > 0 && i % scanEvery < 500) {
      // Ranks from the tail first: what a scan reads is mostly what nobody else asks for.
      keys[i] = KEYS - 1 - (cursor++ % KEYS);
      continue;
    }
    const drawn = random() * sum;
    let low = 0;
    for (let high = KEYS - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < drawn) low = middle + 1;
      else high = middle;
    }
    keys[i] = low;
  }
  return keys;
}

function hitRatio(keys: Int32Array, policy: EvictionPolicy, samples: number): number {
  const random = seededRandom(7);
  const source = new ModelSource(1, random);
  const evictor = new Evictor(source, { policy, samples });
  let hits = 0;
  for (const key of keys) {
    source.now += 1;
    const record = source.get(0, String(key));
    if (record !== undefined) {
      hits += 1;
      record.lastUse = source.now;
      record.frequency = lfuIncrement(record.frequency, 10, random());
      continue;
    }
    if (source.count(0, false) === CAPACITY) {
      const victim = evictor.next()!;
      source.delete(0, source.at(victim.handle, 0).key);
    }
    source.set(0, String(key));
  }
  return (100 * hits) / keys.length;
}

function exactHitRatio(keys: Int32Array): number {
  const cache = new LruMap<number, true>({ max: CAPACITY });
  let hits = 0;
  for (const key of keys) {
    if (cache.get(key) === true) hits += 1;
    else cache.set(key, true);
  }
  return (100 * hits) / keys.length;
}

describe('on a Zipf trace', () => {
  const keys = trace(0);
  const exact = exactHitRatio(keys);

  it('sampled LRU is within a point of exact LRU with 5 samples, and within half a point with 10', () => {
    expect(Math.abs(hitRatio(keys, allkeysLru, 5) - exact)).toBeLessThan(1);
    expect(Math.abs(hitRatio(keys, allkeysLru, 10) - exact)).toBeLessThan(0.5);
  });

  it('LRU beats random eviction, and LFU beats LRU', () => {
    const lru = hitRatio(keys, allkeysLru, 5);
    expect(lru).toBeGreaterThan(hitRatio(keys, allkeysRandom, 5) + 2);
    expect(hitRatio(keys, allkeysLfu, 5)).toBeGreaterThan(lru + 1);
  });
});

describe('on a Zipf trace polluted by scans', () => {
  const keys = trace(2_000);

  it('LFU keeps what LRU loses', () => {
    expect(hitRatio(keys, allkeysLfu, 5)).toBeGreaterThan(hitRatio(keys, allkeysLru, 5) + 2);
  });
});
