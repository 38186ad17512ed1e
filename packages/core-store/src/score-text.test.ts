import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareScore, formatScore, parseScore } from './score-text.js';

const written = (score: number): string => {
  const bytes = new Uint8Array(32);
  return Buffer.from(bytes.subarray(0, formatScore(score, bytes))).toString('latin1');
};
const parsed = (text: string): number => parseScore(Buffer.from(`??${text}`), 2, text.length);

describe('the text of a score', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [-12, '-12'],
    [0.1, '0.1'],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    [1.5e-9, '1.5e-9'],
    [2 ** 53, '9007199254740992'],
    [2 ** 60, '1152921504606846976'],
    [-(2 ** 61), '-2305843009213693952'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('of %d is short', (score, text) => {
    expect(written(score)).toBe(text);
    expect(parsed(text)).toBe(score + 0);
  });

  it('reads back as the same double', () => {
    const anyScore = fc.oneof(
      fc.double({ noNaN: true }),
      fc.maxSafeInteger(),
      fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([n, e]) => n / 10 ** e),
    );
    fc.assert(
      fc.property(anyScore, (score) => {
        expect(parsed(written(score))).toBe(score + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('compares as the double does, also with its neighbors', () => {
    const neighbor = (score: number, ulps: number): number => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, score);
      view.setBigInt64(0, view.getBigInt64(0) + BigInt(ulps));
      return view.getFloat64(0);
    };
    const others = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }), fc.constant('near' as const));
    fc.assert(
      fc.property(fc.double({ noNaN: true }), others, fc.integer({ min: -40, max: 40 }), (score, any, ulps) => {
        const other = any === 'near' ? neighbor(score, ulps) : any;
        fc.pre(!Number.isNaN(other));
        const text = written(score);
        const order = compareScore(Buffer.from(`??${text}`), 2, text.length, other);
        expect(Math.sign(order)).toBe(score < other ? -1 : score > other ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('is also read as Redis 7.0 writes it, with 17 digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (score) => {
        expect(parsed(score.toPrecision(17)) + 0).toBe(score + 0);
        expect(parsed(score.toExponential(16)) + 0).toBe(score + 0);
      }),
    );
  });
});
