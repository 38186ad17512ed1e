import { describe, expect, it } from 'vitest';
import { Evictor } from '../evictor.js';
import { ModelSource, seededRandom } from '../model-source.fixture.js';
import type { EvictionPolicy } from '../policy.js';
import { findPolicy, policies } from './index.js';

const named = (name: string): EvictionPolicy => {
  const policy = findPolicy(name);
  if (policy === undefined) throw new Error(`no policy ${name}`);
  return policy;
};

/** Evicts until nobody is left to go; the keys in the order of their leaving, as "db:key". */
function evictAll(source: ModelSource, policy: EvictionPolicy): string[] {
  const evictor = new Evictor(source, { policy, samples: 5 });
  const gone: string[] = [];
  for (let victim = evictor.next(); victim !== undefined; victim = evictor.next()) {
    const { key } = source.at(victim.handle, victim.db);
    gone.push(`${victim.db}:${key}`);
    source.delete(victim.db, key);
  }
  return gone;
}

/** Three keys that expire and two that do not, over two databases; each order of leaving is a different one. */
function fiveKeys(): ModelSource {
  const source = new ModelSource(3, seededRandom(1));
  source.newestFirst = true;
  source.now = 1000;
  source.set(0, 'a', { lastUse: 100, frequency: 9 });
  source.set(0, 'b', { lastUse: 900, frequency: 3, expireAt: 5000 });
  source.set(0, 'c', { lastUse: 500, frequency: 200, expireAt: 9000 });
  source.set(2, 'd', { lastUse: 300, frequency: 0 });
  source.set(2, 'e', { lastUse: 700, frequency: 60, expireAt: 2000 });
  return source;
}

describe('the policies', () => {
  it('are the eight of Redis, in the order in which its configuration lists them', () => {
    expect(policies.map((policy) => policy.name).join(', ')).toBe(
      'volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction',
    );
  });

  it('are found by name in any case of letters, and no other name is one', () => {
    for (const policy of policies) expect(findPolicy(policy.name.toUpperCase())).toBe(policy);
    expect(findPolicy('allkeys-fifo')).toBeUndefined();
  });

  it('say for which of them the store counts uses', () => {
    expect(policies.filter((policy) => policy.usesFrequency).map((policy) => policy.name)).toEqual([
      'volatile-lfu',
      'allkeys-lfu',
    ]);
  });

  it.each([
    ['noeviction', []],
    ['allkeys-lru', ['0:a', '2:d', '0:c', '2:e', '0:b']],
    ['volatile-lru', ['0:c', '2:e', '0:b']],
    ['allkeys-lfu', ['2:d', '0:b', '0:a', '2:e', '0:c']],
    ['volatile-lfu', ['0:b', '2:e', '0:c']],
    ['volatile-ttl', ['2:e', '0:b', '0:c']],
  ])('%s lets keys go in its own order across databases', (name, order) => {
    expect(evictAll(fiveKeys(), named(name))).toEqual(order);
  });

  it.each([
    ['allkeys-random', ['0:a', '0:b', '0:c', '2:d', '2:e']],
    ['volatile-random', ['0:b', '0:c', '2:e']],
  ])('%s lets every candidate go and nobody else', (name, all) => {
    expect(evictAll(fiveKeys(), named(name)).sort()).toEqual(all);
  });

  it.each(['allkeys-random', 'volatile-random'])('%s visits the databases in turn', (name) => {
    const source = new ModelSource(4, seededRandom(2));
    for (let i = 0; i < 100; i += 1) source.set(1, `k${i}`, { expireAt: 1 });
    for (let i = 0; i < 3; i += 1) source.set(3, `k${i}`, { expireAt: 1 });
    const order = evictAll(source, named(name)).map((gone) => gone[0]);
    expect(order.slice(0, 7).join('')).toBe('1313131');
    expect(order).toHaveLength(103);
  });

  it.each(['allkeys-random', 'volatile-random'])('%s prefers nobody', (name) => {
    const times = new Map<string, number>();
    const random = seededRandom(3);
    for (let round = 0; round < 4000; round += 1) {
      const source = new ModelSource(1, random);
      for (let i = 0; i < 8; i += 1) source.set(0, `k${i}`, { lastUse: i, frequency: i, expireAt: i });
      const victim = new Evictor(source, { policy: named(name), samples: 5 }).next();
      const { key } = source.at(victim!.handle, 0);
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    // 500 expected each, standard deviation 21.
    expect(times.size).toBe(8);
    for (const n of times.values()) expect(Math.abs(n - 500)).toBeLessThan(100);
  });
});
