import { globMatch } from '@clone/command-registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches } from './patterns.js';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '*', '?', '[', ']', '^', '-', '\\', '\xff', '\0'),
  maxLength: 12,
});

test('a pattern matches a name exactly when globMatch says so', () => {
  const pairs = fc
    .tuple(text, text)
    .map(([pattern, rest]) => [pattern, pattern.replace(/[*?[\\]/g, 'a') + rest] as const);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(text, text), pairs), ([pattern, name]) => {
      const p = Buffer.from(pattern, 'latin1');
      const n = Buffer.from(name, 'latin1');
      expect(matches(pattern, name)).toBe(globMatch(p, 0, p.length, n, 0, n.length));
    }),
    { numRuns: 2000 },
  );
});
