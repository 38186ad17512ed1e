import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const FIELDS = 60;

/** Both encodings, filled with f0 … f59; random numbers from a fixed sequence. */
function filled(encoding: 'listpack' | 'hashtable'): Harness {
  let seed = 7;
  const h = new Harness(() => (seed = (seed * 16807) % 2147483647) / 2147483647);
  if (encoding === 'hashtable') h.keyspace.hashMaxListpackEntries = 0;
  for (let i = 0; i < FIELDS; i++) h.run('HSET', 'h', `f${i}`, `v${i}`);
  return h;
}

/** The bulk strings of a reply, whose texts have no blanks, nested or not. */
function bulks(reply: string): string[] {
  const words = reply.split(' ');
  return words.filter((_, i) => words[i - 1]?.startsWith('$') === true);
}

describe.each(['listpack', 'hashtable'] as const)('HRANDFIELD of a %s', (encoding) => {
  it.each([1, 5, 19, 20, 21, 59])('answers %d different fields', (count) => {
    const found = bulks(filled(encoding).run('HRANDFIELD', 'h', count));
    expect([found.length, new Set(found).size]).toEqual([count, count]);
  });

  it('answers all when asked for more', () => {
    expect(new Set(bulks(filled(encoding).run('HRANDFIELD', 'h', 1000))).size).toBe(FIELDS);
  });

  it('repeats fields for a negative count', () => {
    expect(bulks(filled(encoding).run('HRANDFIELD', 'h', -500))).toHaveLength(500);
  });

  it.each([7, 40, 59, -30])('answers the values of %d fields', (count) => {
    const h = filled(encoding);
    const flat = bulks(h.run('HRANDFIELD', 'h', count, 'WITHVALUES'));
    expect(flat).toHaveLength(2 * Math.abs(count));
    for (let i = 0; i < flat.length; i += 2) expect(flat[i + 1]).toBe(flat[i]?.replace('f', 'v'));
    h.session.protocol = 3;
    expect(h.run('HRANDFIELD', 'h', count, 'WITHVALUES')).toMatch(new RegExp(`^\\*${Math.abs(count)} \\*2 \\$`));
  });

  it('gives every field the same chance, whatever the count', () => {
    const h = filled(encoding);
    for (const count of [1, 6, 45]) {
      const seen = new Map<string, number>();
      const rounds = Math.ceil(12_000 / count);
      for (let i = 0; i < rounds; i++) {
        for (const field of bulks(h.run('HRANDFIELD', 'h', count))) seen.set(field, (seen.get(field) ?? 0) + 1);
      }
      const expected = (rounds * count) / FIELDS;
      expect(seen.size).toBe(FIELDS);
      for (const times of seen.values()) expect(Math.abs(times - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});

describe('HSCAN', () => {
  it('answers a listpack at once, whatever COUNT says', () => {
    const [cursor, ...rest] = bulks(filled('listpack').run('HSCAN', 'h', 0, 'COUNT', 1));
    expect([cursor, rest.length]).toEqual(['0', 2 * FIELDS]);
  });

  it('goes through a table in steps, with or without values', () => {
    const h = filled('hashtable');
    for (const novalues of [false, true]) {
      const found = new Set<string>();
      let cursor = '0';
      let calls = 0;
      do {
        const words = bulks(h.run('HSCAN', 'h', cursor, 'COUNT', 5, ...(novalues ? ['NOVALUES'] : [])));
        cursor = words[0] ?? '';
        for (const word of words.slice(1)) found.add(word);
        calls++;
      } while (cursor !== '0');
      expect(found.size).toBe(novalues ? FIELDS : 2 * FIELDS);
      expect(calls).toBeGreaterThan(4);
    }
  });

  it('answers all at once for a huge COUNT', () => {
    const [cursor, ...rest] = bulks(filled('hashtable').run('HSCAN', 'h', 0, 'COUNT', '9223372036854775807'));
    expect([cursor, rest.length]).toEqual(['0', 2 * FIELDS]);
  });

  it('filters fields, not values', () => {
    const h = filled('hashtable');
    expect(bulks(h.run('HSCAN', 'h', 0, 'MATCH', 'f1?', 'COUNT', 1000))).toHaveLength(1 + 2 * 10);
    expect(bulks(h.run('HSCAN', 'h', 0, 'MATCH', 'v*', 'COUNT', 1000))).toEqual(['0']);
  });
});
