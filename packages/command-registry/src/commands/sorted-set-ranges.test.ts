import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

it('a range of scores has the members that a look at all of them finds, whatever its limit', () => {
  const score = fc.integer({ min: 0, max: 12 });
  const bound = fc.record({
    value: fc.constantFrom(-Infinity, -1, 0, 3, 3.5, 7, 12, 13, Infinity),
    open: fc.boolean(),
  });
  const text = ({ value, open }: { value: number; open: boolean }): string =>
    `${open ? '(' : ''}${Math.abs(value) === Infinity ? (value > 0 ? '+inf' : '-inf') : value}`;
  fc.assert(
    fc.property(
      // Small ones, and such as have an index of several leaves.
      fc.array(score, { minLength: 1, maxLength: 400, size: 'max' }),
      bound,
      bound,
      fc.boolean(),
      fc.constantFrom(0, 1, 5),
      fc.constantFrom(-1, 0, 1, 3, 10, 64, 65, 1000),
      (scores, min, max, reverse, offset, limit) => {
        const h = new Harness();
        const members = scores.map((value, i) => ({ value, name: `m${String(i).padStart(4, '0')}` }));
        h.run('ZADD', 'z', ...members.flatMap(({ value, name }) => [value, name]));
        const found = members
          .filter(({ value }) => (min.open ? value > min.value : value >= min.value))
          .filter(({ value }) => (max.open ? value < max.value : value <= max.value))
          .sort((a, b) => a.value - b.value || (a.name < b.name ? -1 : 1));
        if (reverse) found.reverse();
        const expected = found.slice(offset, limit < 0 ? undefined : offset + limit);
        const ends = reverse ? [text(max), text(min)] : [text(min), text(max)];
        const command = reverse ? 'ZREVRANGEBYSCORE' : 'ZRANGEBYSCORE';
        const words = expected.flatMap(({ value, name }) => [name, String(value)]);
        const reply = [`*${words.length}`, ...words.flatMap((word) => [`$${word.length}`, word])].join(' ');
        expect(h.run(command, 'z', ...ends, 'LIMIT', offset, limit, 'WITHSCORES')).toBe(reply);
      },
    ),
    { numRuns: 300 },
  );
});
