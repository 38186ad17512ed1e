import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBitRange, countBits, findBit } from './bit-strings.js';

/** Long runs of equal bits, so that words are skipped. */
const bytes = fc
  .array(fc.tuple(fc.constantFrom(0, 255, 0, 255, 1, 128, 90), fc.nat(70)), { maxLength: 8 })
  .map((runs) => Uint8Array.from(runs.flatMap(([byte, count]) => Array.from({ length: count }, () => byte))));

const bitsOf = (source: Uint8Array): number[] =>
  Array.from(source).flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));

/** The bytes behind `offset` others, all ones: what is read outside of the range shows. */
function placed(source: Uint8Array, offset: number): DataView {
  const room = new Uint8Array(source.length + offset + 9).fill(255);
  room.set(source, offset);
  return new DataView(room.buffer);
}

describe('counting bits', () => {
  it('counts those of the range and no others, at any alignment', () => {
    fc.assert(
      fc.property(bytes, fc.nat(7), fc.nat(4000), fc.nat(4000), (source, offset, a, b) => {
        const bits = bitsOf(source);
        const data = placed(source, offset);
        expect(countBits(data, offset, offset + source.length)).toBe(bits.filter((bit) => bit === 1).length);
        const from = Math.min(a % (bits.length + 1), b % (bits.length + 1));
        const to = Math.max(a % (bits.length + 1), b % (bits.length + 1));
        const expected = bits.slice(from, to).filter((bit) => bit === 1).length;
        expect(countBitRange(data, offset, from, to)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('counts every bit of a long run of ones', () => {
    const data = new DataView(new Uint8Array(1_000_003).fill(255).buffer);
    expect(countBits(data, 0, 1_000_003)).toBe(8_000_024);
    expect(countBits(data, 1, 1_000_001)).toBe(8_000_000);
  });

  it('counts random bytes as one does by hand', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600, size: 'max' }), (source) => {
        const data = new DataView(source.buffer, source.byteOffset, source.length);
        expect(countBits(data, 0, source.length)).toBe(bitsOf(source).filter((bit) => bit === 1).length);
      }),
    );
  });
});

describe('finding a bit', () => {
  it('finds the first one in the range, at any alignment', () => {
    fc.assert(
      fc.property(bytes, fc.nat(7), fc.nat(1), fc.nat(4000), fc.nat(4000), (source, offset, bit, a, b) => {
        const bits = bitsOf(source);
        const from = a % (bits.length + 1);
        const to = b % (bits.length + 1);
        const found = bits.slice(0, to).indexOf(bit, from);
        expect(findBit(placed(source, offset), offset, bit, from, to)).toBe(found);
      }),
      { numRuns: 1000 },
    );
  });
});
