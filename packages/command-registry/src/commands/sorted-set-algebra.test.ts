import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

/** Members and scores of a reply WITHSCORES. */
function pairs(reply: string): [string, number][] {
  const words = reply.split(' ').filter((_, i) => i > 0 && i % 2 === 0);
  return words.flatMap((word, i) => (i % 2 === 0 ? [[word, Number(words[i + 1])] as [string, number]] : []));
}

const contents = fc.dictionary(fc.stringMatching(/^[a-f]{1,2}$/), fc.integer({ min: -5, max: 5 }), { maxKeys: 30 });

describe('unions, intersections and differences', () => {
  it('are those of sets, with combined scores, whatever the encodings', () => {
    fc.assert(
      fc.property(
        contents,
        contents,
        fc.constantFrom(0, 4, 128),
        fc.constantFrom('SUM', 'MIN', 'MAX'),
        (a, b, limit, how) => {
          const h = new Harness();
          h.keyspace.zsetMaxListpackEntries = limit;
          for (const [key, set] of Object.entries({ a, b })) {
            for (const [member, score] of Object.entries(set)) h.run('ZADD', key, score, member);
          }
          const combine = { SUM: (x: number, y: number) => x + y, MIN: Math.min, MAX: Math.max }[how];
          const both = (members: string[]): [string, number][] =>
            members.map((m): [string, number] => {
              const [x, y] = [a[m], b[m]];
              return [m, x === undefined ? (y ?? NaN) : y === undefined ? x : combine(x, y)];
            });
          const inOrder = (list: [string, number][]): [string, number][] =>
            list.sort((x, y) => x[1] - y[1] || (x[0] < y[0] ? -1 : 1));
          const inA = Object.keys(a);
          const union = inOrder(both([...new Set([...inA, ...Object.keys(b)])]));
          const common = inA.filter((m) => b[m] !== undefined);
          expect(pairs(h.run('ZUNION', 2, 'a', 'b', 'AGGREGATE', how, 'WITHSCORES'))).toEqual(union);
          expect(pairs(h.run('ZINTER', 2, 'a', 'b', 'AGGREGATE', how, 'WITHSCORES'))).toEqual(inOrder(both(common)));
          const rest = inA.filter((m) => b[m] === undefined);
          expect(pairs(h.run('ZDIFF', 2, 'a', 'b', 'WITHSCORES'))).toEqual(inOrder(both(rest)));
          expect(h.run('ZINTERCARD', 2, 'a', 'b')).toBe(`:${common.length}`);
          expect(h.run('ZUNIONSTORE', 'a', 2, 'a', 'b', 'AGGREGATE', how)).toBe(`:${union.length}`);
          expect(pairs(h.run('ZRANGE', 'a', 0, -1, 'WITHSCORES'))).toEqual(union);
        },
      ),
    );
  });

  it('are logged as they were asked for, an empty result too if there was something to remove', () => {
    const h = new Harness();
    h.prepare('ZADD a 1 x', 'SET d v');
    expect(h.trace('ZINTERSTORE', 'd', 2, 'a', 'missing')).toEqual({
      reply: ':0',
      effects: ['0: ZINTERSTORE d 2 a missing'],
      events: ['0: del d'],
    });
    expect(h.trace('ZINTERSTORE', 'd', 2, 'a', 'missing')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('ZRANGESTORE', 'd', 'a', 0, -1)).toEqual({
      reply: ':1',
      effects: ['0: ZRANGESTORE d a 0 -1'],
      events: ['0: zrangestore d'],
    });
  });

  it('are logged by rank where a range of members depends on the encoding', () => {
    const h = new Harness();
    h.prepare('ZADD a 1 c 2 b 3 a 4 d 5 e', 'SET d v');
    const effects = (...request: (string | number)[]): string[] => h.trace(...request).effects;
    expect(effects('ZRANGESTORE', 'd', 'a', '[b', '[c', 'BYLEX', 'LIMIT', 1, 1)).toEqual(['0: ZRANGESTORE d a 1 1']);
    expect(effects('ZRANGESTORE', 'd', 'a', '(c', '[a', 'BYLEX')).toEqual(['0: ZRANGESTORE d a 1 0']);
    expect(effects('ZRANGESTORE', 'd', 'a', '(c', '[a', 'BYLEX')).toEqual([]);
    expect(effects('ZREMRANGEBYLEX', 'a', '(e', '+')).toEqual([]);
    expect(effects('ZREMRANGEBYLEX', 'a', '[b', '[c')).toEqual(['0: ZREMRANGEBYRANK a 0 2']);
    expect(effects('ZRANGESTORE', 'a', 'a', '[e', '+', 'BYLEX')).toEqual(['0: ZRANGESTORE a a 1 1']);
    h.prepare('ZADD e 0 a 0 b');
    expect(effects('ZREMRANGEBYLEX', 'e', '[b', '[c')).toEqual(['0: ZREMRANGEBYLEX e [b [c']);
  });

  it('keep scores of -0 in replies', () => {
    const h = new Harness();
    h.prepare('ZADD a 0 x');
    expect(h.run('ZUNION', 1, 'a', 'WEIGHTS', -1, 'WITHSCORES')).toBe('*2 $1 x $2 -0');
  });
});
