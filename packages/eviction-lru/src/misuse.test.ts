// Arguments that are plainly wrong are refused where they are passed.
import { expect, test } from 'vitest';
import type { EvictionSource } from './eviction-source.js';
import { Evictor, type EvictorOptions } from './evictor.js';
import { ExactLru } from './exact-lru.js';
import { LruMap } from './lru-map.js';
import { allkeysLru, findPolicy, policies } from './policies/index.js';

const source = {} as EvictionSource;
const mistyped = ['allkeys', 'lrw'].join('-');

test.each([
  [{ policy: findPolicy(mistyped), samples: 5 }, 'policy is undefined: findPolicy knows no policy of that name'],
  [{ samples: 5 }, 'policy is undefined'],
  [{ policy: allkeysLru, samples: 0 }, 'samples must be a positive integer'],
  [{ policy: allkeysLru, samples: 1.5 }, 'samples must be a positive integer'],
  [{ policy: allkeysLru }, 'samples must be a positive integer'],
])('an evictor with %o', (options, message) => {
  expect(() => new Evictor(source, options as EvictorOptions)).toThrow(message);
});

test('a policy by a known name is one, as far as the types go, too', () => {
  expect(new Evictor(source, { policy: findPolicy('allkeys-lru'), samples: 5 }).policy).toBe(allkeysLru);
  for (const policy of policies) expect(findPolicy(policy.name.toUpperCase())).toBe(policy);
});

test.each([NaN, -1, 2 ** 31, Infinity])('an order with room for %d', (capacity) => {
  expect(() => new ExactLru(capacity)).toThrow(RangeError);
});

test.each([NaN, -1])('a map bounded by %d', (bound) => {
  expect(() => new LruMap({ max: bound })).toThrow(RangeError);
  expect(() => new LruMap({ maxSize: bound, sizeOf: () => 1 })).toThrow(RangeError);
});

test('slots that are not in the list', () => {
  const order = new ExactLru();
  const slot = order.add();
  for (const bad of [0, -1, slot + 1, NaN, 0.5, undefined as unknown as number]) {
    expect(() => order.touch(bad)).toThrow(RangeError);
    expect(() => order.remove(bad)).toThrow(RangeError);
  }
  order.remove(slot);
  expect(() => order.remove(slot)).toThrow(RangeError);
  expect(order.size).toBe(0);
});
