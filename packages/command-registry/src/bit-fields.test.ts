import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldValue, fitField, Overflow, readField, writeField } from './bit-fields.js';

interface Type {
  readonly bits: number;
  readonly signed: boolean;
}

const type: fc.Arbitrary<Type> = fc
  .record({ bits: fc.integer({ min: 1, max: 64 }), signed: fc.boolean() })
  .map(({ bits, signed }) => ({ bits, signed: signed || bits === 64 }));
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const at = fc.nat(100);

/** As a request's argument is read: a number within ±2^52. */
const argument = (value: bigint): FieldValue => {
  const near = value <= 2n ** 52n && value >= -(2n ** 52n);
  return near ? Number(value) : value;
};

const inField = (value: bigint, { bits, signed }: Type): bigint =>
  signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);

/** A value of a field in the form that `readField` gives it. */
const held = (value: bigint, { bits }: Type): FieldValue => (bits <= 52 ? Number(value) : value);

describe('fields of bits', () => {
  it('are read as they were written, and leave their neighbors alone', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 24 }),
        type,
        at,
        int64,
        fc.nat(3),
        (bytes, each, from, n, skip) => {
          const value = inField(n, each);
          const before = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
          writeField(bytes, skip, from, each.bits, held(value, each));
          const after = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
          const start = skip * 8 + from;
          const digits = BigInt.asUintN(each.bits, value).toString(2).padStart(each.bits, '0');
          expect(after).toBe(before.slice(0, start) + digits + before.slice(start + each.bits));
          expect(readField(bytes, skip, from, each.bits, each.signed)).toBe(held(value, each));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('take a sum as arithmetic without limits says', () => {
    fc.assert(
      fc.property(type, int64, int64, fc.nat(2), (each, a, increment, overflow) => {
        const old = inField(a, each);
        const sum = old + increment;
        const min = each.signed ? -(2n ** BigInt(each.bits - 1)) : 0n;
        const max = min + 2n ** BigInt(each.bits) - 1n;
        const fitted = fitField(held(old, each), argument(increment), each.bits, each.signed, overflow);
        if (sum >= min && sum <= max) expect(fitted).toBe(held(sum, each));
        else if (overflow === Overflow.fail) expect(fitted).toBeUndefined();
        else if (overflow === Overflow.saturate) expect(fitted).toBe(held(sum > max ? max : min, each));
        else expect(fitted).toBe(held(inField(sum, each), each));
      }),
      { numRuns: 1000 },
    );
  });

  it('are numbers up to 52 bits, at the edges of every width', () => {
    for (let bits = 1; bits <= 52; bits++) {
      const max = 2 ** bits - 1;
      expect(fitField(max, 1, bits, false, Overflow.wrap)).toBe(0);
      expect(fitField(0, -1, bits, false, Overflow.wrap)).toBe(max);
      expect(fitField(max, 2 ** 52, bits, false, Overflow.saturate)).toBe(max);
      expect(fitField((max - 1) / 2, 1, bits, true, Overflow.wrap)).toBe(-(max + 1) / 2);
      expect(fitField(-(max + 1) / 2, -(2 ** 52), bits, true, Overflow.saturate)).toBe(-(max + 1) / 2);
    }
  });
});
