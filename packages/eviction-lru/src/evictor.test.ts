import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Evictor, type Victim } from './evictor.js';
import { ModelSource, seededRandom } from './model-source.fixture.js';
import type { EvictionPolicy } from './policy.js';
import { allkeysLfu, allkeysLru, noeviction, policies, volatileLru, volatileTtl } from './policies/index.js';

const keyOf = (source: ModelSource, victim: Victim | undefined): string | undefined =>
  victim && source.at(victim.handle, victim.db).key;

/** A source of one database that draws the newest keys, by default all there are, and its evictor. */
function newestFirst(policy: EvictionPolicy, samples = 100): { source: ModelSource; evictor: Evictor } {
  const source = new ModelSource(1, seededRandom(1));
  source.newestFirst = true;
  return { source, evictor: new Evictor(source, { policy, samples }) };
}

describe('Evictor', () => {
  it('names nobody in an empty store, under any policy', () => {
    for (const policy of policies) expect(newestFirst(policy).evictor.next()).toBeUndefined();
  });

  it('answers with one object for ever', () => {
    const { source, evictor } = newestFirst(allkeysLru);
    source.set(0, 'a');
    const first = evictor.next();
    expect(evictor.next()).toBe(first);
  });

  it('remembers good candidates that were not needed yet', () => {
    const { source, evictor } = newestFirst(allkeysLru, 2);
    source.set(0, 'old', { lastUse: 1 });
    source.set(0, 'older', { lastUse: 0 });
    expect(keyOf(source, evictor.next())).toBe('older');
    source.delete(0, 'older');
    source.set(0, 'new1');
    source.set(0, 'new2');
    expect(keyOf(source, evictor.next())).toBe('old');
  });

  it('spares pooled keys that were used in the meantime, even if all were', () => {
    const { source, evictor } = newestFirst(allkeysLru, 20);
    for (let i = 0; i < 20; i += 1) source.set(0, `pooled${i}`, { lastUse: i });
    expect(keyOf(source, evictor.next())).toBe('pooled0');
    for (let i = 0; i < 20; i += 1) {
      // Under another handle, so that only its key tells that the record is pooled.
      source.move(0, `pooled${i}`);
      source.get(0, `pooled${i}`)!.lastUse = source.now;
    }
    for (let i = 0; i < 5; i += 1) source.set(0, `idle${i}`, { lastUse: 500 + i });
    evictor.samples = 5;
    expect(keyOf(source, evictor.next())).toBe('idle0');
  });

  it('evicts a pooled key that was used in the meantime if it is still the best', () => {
    const { source, evictor } = newestFirst(allkeysLru, 3);
    source.set(0, 'first', { lastUse: 0 });
    source.set(0, 'second', { lastUse: 1 });
    source.set(0, 'third', { lastUse: 100 });
    expect(keyOf(source, evictor.next())).toBe('first');
    source.get(0, 'second')!.lastUse = 50;
    for (const key of ['new1', 'new2', 'new3']) source.set(0, key);
    expect(keyOf(source, evictor.next())).toBe('second');
  });

  it('passes over pooled keys that are gone and keys that no longer expire', () => {
    const { source, evictor } = newestFirst(volatileTtl);
    for (let i = 0; i < 10; i += 1) source.set(0, `k${i}`, { expireAt: i });
    expect(keyOf(source, evictor.next())).toBe('k0');
    for (let i = 0; i < 4; i += 1) source.delete(0, `k${i}`);
    source.setExpireAt(0, 'k4', undefined);
    source.setExpireAt(0, 'k5', 99);
    expect(keyOf(source, evictor.next())).toBe('k6');
  });

  it('does not take another record for a pooled one that left it its handle', () => {
    const { source, evictor } = newestFirst(allkeysLru);
    source.set(0, 'a', { lastUse: 0 });
    source.set(0, 'b', { lastUse: 1 });
    source.set(0, 'c', { lastUse: 2 });
    expect(keyOf(source, evictor.next())).toBe('a');
    source.delete(0, 'a');
    source.delete(0, 'b');
    source.set(0, 'busy1');
    source.set(0, 'busy2');
    expect(keyOf(source, evictor.next())).toBe('c');
  });

  it('evicts keys of any length and with any bytes', () => {
    const { source, evictor } = newestFirst(allkeysLru);
    const keys = ['', 'x'.repeat(255), 'y'.repeat(256), 'z'.repeat(100_000), '\0\r\n', 'é'.repeat(128)];
    for (const [i, key] of keys.entries()) source.set(0, key, { lastUse: i });
    for (const key of keys) {
      expect(keyOf(source, evictor.next())).toBe(key);
      source.delete(0, key);
    }
    expect(evictor.next()).toBeUndefined();
  });

  it('follows a change of policy at once, pooled candidates of the old one included', () => {
    const { source, evictor } = newestFirst(allkeysLru);
    source.set(0, 'idle', { lastUse: 0, frequency: 100 });
    source.set(0, 'rare', { lastUse: 900, frequency: 1 });
    expect(keyOf(source, evictor.next())).toBe('idle');
    evictor.policy = allkeysLfu;
    expect(keyOf(source, evictor.next())).toBe('rare');
    evictor.policy = volatileLru;
    expect(evictor.next()).toBeUndefined();
    evictor.policy = noeviction;
    expect(evictor.next()).toBeUndefined();
    expect(evictor.policy).toBe(noeviction);
  });

  it('draws as many candidates as samples says, from each database that has any', () => {
    const source = new ModelSource(3, seededRandom(1));
    source.set(0, 'a');
    source.set(2, 'b');
    const evictor = new Evictor(source, { policy: allkeysLru, samples: 7 });
    evictor.next();
    expect(source.drawn.map(({ db }) => db).join('')).toBe('00000002222222');
    source.drawn.length = 0;
    evictor.samples = 1;
    evictor.next();
    expect(source.drawn.map(({ db }) => db).join('')).toBe('02');
    expect(evictor.samples).toBe(1);
  });

  it('takes the highest samples that Redis allows without drawing that many', () => {
    const source = new ModelSource(1, seededRandom(1));
    source.set(0, 'a');
    const evictor = new Evictor(source, { policy: allkeysLru, samples: 2 ** 31 - 1 });
    evictor.next();
    expect(evictor.samples).toBe(2 ** 31 - 1);
    expect(source.drawn).toHaveLength(1024);
  });

  it('refuses samples that are not a positive integer', () => {
    const source = new ModelSource(1, seededRandom(1));
    for (const samples of [0, -1, 2.5, NaN, Infinity]) {
      expect(() => new Evictor(source, { policy: allkeysLru, samples })).toThrow(RangeError);
    }
  });
});

// Steps over few keys, so that they meet: keys come back, and handles go from one to the other.
const anyKey = fc.record({ db: fc.nat(1), key: fc.oneof(fc.nat(25).map(String), fc.constant('long'.repeat(100))) });
const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set'), at: anyKey, n: fc.integer({ min: 0, max: 255 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('use'), at: anyKey, n: fc.integer({ min: 0, max: 255 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), at: anyKey, n: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move'), at: anyKey, n: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire'), at: anyKey, n: fc.integer({ min: -20, max: 99 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('evict'), at: anyKey, n: fc.nat(1) }) },
);

function apply(source: ModelSource, step: { do: string; at: { db: number; key: string }; n: number }): void {
  const { db, key } = step.at;
  source.now += 1;
  const record = source.get(db, key);
  if (step.do === 'set') source.set(db, key, { frequency: step.n, ...(step.n % 3 > 0 && { expireAt: step.n }) });
  else if (step.do === 'delete') source.delete(db, key);
  else if (step.do === 'move') source.move(db, key);
  else if (step.do === 'expire') source.setExpireAt(db, key, step.n < 0 ? undefined : step.n);
  else if (step.do === 'use' && record !== undefined) {
    record.lastUse = source.now;
    record.frequency = step.n;
  }
}

describe.each(policies.map((policy) => [policy.name, policy] as const))('whatever happens, %s', (_, policy) => {
  const volatileOnly = policy.candidates === 'volatile';
  const anySamples = fc.integer({ min: 1, max: 6 });

  it('names a living candidate as long as there is one, and none that is better kept than one just sampled', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), anySamples, fc.integer(), (steps, samples, seed) => {
        const source = new ModelSource(2, seededRandom(seed));
        const evictor = new Evictor(source, { policy, samples });
        for (const step of steps) {
          if (step.do !== 'evict') {
            apply(source, step);
            continue;
          }
          const candidates =
            policy.candidates === 'none' ? 0 : source.count(0, volatileOnly) + source.count(1, volatileOnly);
          source.drawn.length = 0;
          const victim = evictor.next();
          expect(victim === undefined).toBe(candidates === 0);
          if (victim === undefined) continue;
          const record = source.at(victim.handle, victim.db);
          if (volatileOnly) expect(record.expireAt).toBeDefined();
          const { score } = policy;
          if (score !== undefined) {
            const scores = source.drawn.map(({ db, handle }) => score(source, handle, db));
            expect(score(source, victim.handle, victim.db)).toBeGreaterThanOrEqual(Math.max(...scores));
          }
          // The caller may also think better of it.
          if (step.n === 1) source.delete(victim.db, record.key);
        }
      }),
    );
  });
});
