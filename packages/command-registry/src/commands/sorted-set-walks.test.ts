import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const MEMBERS = 60;

/** Both encodings, filled with m0 … m59 of scores 0 … 59; random numbers from a fixed sequence. */
function filled(encoding: 'listpack' | 'skiplist'): Harness {
  let seed = 7;
  const h = new Harness(() => (seed = (seed * 16807) % 2147483647) / 2147483647);
  if (encoding === 'skiplist') h.keyspace.zsetMaxListpackEntries = 0;
  for (let i = 0; i < MEMBERS; i++) h.run('ZADD', 'z', i, `m${i}`);
  return h;
}

/** The bulk strings of a reply, whose texts have no blanks, nested or not. */
function bulks(reply: string): string[] {
  const words = reply.split(' ');
  return words.filter((_, i) => words[i - 1]?.startsWith('$') === true);
}

describe.each(['listpack', 'skiplist'] as const)('ZRANDMEMBER of a %s', (encoding) => {
  it.each([1, 5, 19, 20, 21, 59])('answers %d different members', (count) => {
    const found = bulks(filled(encoding).run('ZRANDMEMBER', 'z', count));
    expect([found.length, new Set(found).size]).toEqual([count, count]);
  });

  it('repeats members for a negative count', () => {
    expect(bulks(filled(encoding).run('ZRANDMEMBER', 'z', -500))).toHaveLength(500);
  });

  it.each([7, 40, 59, -30])('answers the scores of %d members', (count) => {
    const flat = bulks(filled(encoding).run('ZRANDMEMBER', 'z', count, 'WITHSCORES'));
    expect(flat).toHaveLength(2 * Math.abs(count));
    for (let i = 0; i < flat.length; i += 2) expect(`m${flat[i + 1]}`).toBe(flat[i]);
  });

  it('gives every member the same chance, whatever the count', () => {
    const h = filled(encoding);
    for (const count of [1, 6, 45]) {
      const seen = new Map<string, number>();
      const rounds = Math.ceil(12_000 / count);
      for (let i = 0; i < rounds; i++) {
        for (const member of bulks(h.run('ZRANDMEMBER', 'z', count))) seen.set(member, (seen.get(member) ?? 0) + 1);
      }
      const expected = (rounds * count) / MEMBERS;
      expect(seen.size).toBe(MEMBERS);
      for (const times of seen.values()) expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});
