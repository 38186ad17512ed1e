import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOverlap } from './prefixes.js';

const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

test('the overlap that is found is the first one of a comparison of all with all', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\xff'), maxLength: 4 });
  const apart = fc
    .array(text)
    .map((all) => all.filter((each, i) => all.every((other, k) => k >= i || !overlap(each, other))));
  fc.assert(
    fc.property(apart, fc.array(text), (existing, wanted) => {
      const found = findOverlap(new Set(existing), wanted);
      const first = wanted.findIndex(
        (each, i) =>
          existing.some((other) => overlap(each, other)) || wanted.slice(i + 1).some((o) => overlap(each, o)),
      );
      if (first < 0) {
        expect(found).toBeUndefined();
        return;
      }
      const prefix = wanted[first]!;
      const theirs = [...existing].sort().find((other) => overlap(prefix, other));
      const other = theirs ?? wanted.slice(first + 1).find((each) => overlap(prefix, each));
      expect(found).toEqual({ prefix, other, isExisting: theirs !== undefined });
    }),
    { numRuns: 1000 },
  );
});

test('a hundred thousand prefixes are looked at in no time', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => `user:${100_000 + i}:`);
  const start = performance.now();
  expect(findOverlap(new Set(many), ['other:'])).toBeUndefined();
  expect(findOverlap(new Set(), [...many, 'user:199999:x'])).toEqual({
    prefix: 'user:199999:',
    other: 'user:199999:x',
    isExisting: false,
  });
  // A comparison of all with all would take minutes.
  expect(performance.now() - start).toBeLessThan(5000);
});
