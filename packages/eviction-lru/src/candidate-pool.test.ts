import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CandidatePool, POOL_KEY_LIMIT, POOL_SIZE } from './candidate-pool.js';

function offer(pool: CandidatePool, score: number, handle: number, db = 0, keyLength = 1): boolean {
  const place = pool.offer(score, db, handle);
  if (place >= 0) pool.named(place, keyLength);
  return place >= 0;
}

function takeAll(pool: CandidatePool): number[] {
  const handles: number[] = [];
  while (pool.size > 0) handles.push(pool.handle[pool.takeBest()]!);
  return handles;
}

describe('CandidatePool', () => {
  it('gives candidates back best first', () => {
    const pool = new CandidatePool();
    for (const score of [3, -1, 7, 0.5]) offer(pool, score, score * 10 + 100);
    expect(pool.bestScore()).toBe(7);
    expect(takeAll(pool)).toEqual([170, 130, 105, 90]);
  });

  it('gives equals back in the order they came', () => {
    const pool = new CandidatePool();
    for (const handle of [1, 2, 3]) offer(pool, 5, handle);
    expect(takeAll(pool)).toEqual([1, 2, 3]);
  });

  it('refuses, when full, whoever is no better than the worst', () => {
    const pool = new CandidatePool();
    for (let i = 1; i <= POOL_SIZE; i += 1) offer(pool, i, i);
    expect(offer(pool, 1, 100)).toBe(false);
    expect(pool.size).toBe(POOL_SIZE);
  });

  it('drops the worst, when full, for a better one', () => {
    const pool = new CandidatePool();
    for (let i = 1; i <= POOL_SIZE; i += 1) offer(pool, i, i);
    expect(offer(pool, 8.5, 100)).toBe(true);
    expect(takeAll(pool)).toEqual([16, 15, 14, 13, 12, 11, 10, 9, 100, 8, 7, 6, 5, 4, 3, 2]);
  });

  it('holds a record once, with the score it had last', () => {
    const pool = new CandidatePool();
    offer(pool, 9, 1);
    offer(pool, 5, 2);
    offer(pool, 1, 1);
    expect(takeAll(pool)).toEqual([2, 1]);
  });

  it('tells equal handles of two databases apart', () => {
    const pool = new CandidatePool();
    offer(pool, 9, 1, 0);
    offer(pool, 5, 1, 1);
    expect(pool.size).toBe(2);
  });

  it('trusts handles for one round', () => {
    const pool = new CandidatePool();
    pool.beginRound();
    offer(pool, 2, 1);
    pool.beginRound();
    offer(pool, 1, 2);
    expect(pool.isCurrent(pool.takeBest())).toBe(false);
    expect(pool.isCurrent(pool.takeBest())).toBe(true);
  });

  it.each([POOL_KEY_LIMIT + 1, 2 ** 33])(
    'dismisses a key of %i bytes after its round, and none within the limit',
    (length) => {
      const pool = new CandidatePool();
      pool.beginRound();
      offer(pool, 1, 1, 0, POOL_KEY_LIMIT);
      offer(pool, 2, 2, 0, length);
      offer(pool, 3, 3, 0, 0);
      expect(pool.size).toBe(3);
      pool.beginRound();
      expect(takeAll(pool)).toEqual([3, 1]);
    },
  );

  it('behaves as a sorted list cut to its size (any sequence of offers and takes)', () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ score: fc.integer({ min: -9, max: 9 }), handle: fc.integer({ min: 1, max: 40 }) }),
      },
      { weight: 1, arbitrary: fc.constant('take' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pool = new CandidatePool();
        // Best last; equals: who came first is later in the list.
        let model: { score: number; handle: number }[] = [];
        for (const next of steps) {
          if (next === 'take') {
            if (pool.size === 0) continue;
            const place = pool.takeBest();
            expect({ score: pool.score[place], handle: pool.handle[place] }).toEqual(model.pop());
            continue;
          }
          const entered = offer(pool, next.score, next.handle);
          model = model.filter((entry) => entry.handle !== next.handle);
          const better = model.filter((entry) => entry.score >= next.score);
          const worse = model.filter((entry) => entry.score < next.score);
          expect(entered).toBe(model.length < POOL_SIZE || worse.length > 0);
          model = [...worse, next, ...better].slice(-POOL_SIZE);
        }
        expect(takeAll(pool)).toEqual(model.reverse().map((entry) => entry.handle));
      }),
    );
  });
});
