import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { args, bytes } from './bytes.fixture.js';
import { Int64 } from './int64.js';

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;
const edges = [0n, 9n, 10n, 99n, 999999999n, 10n ** 9n, 2n ** 31n, 2n ** 32n, 10n ** 15n, 2n ** 53n, 2n ** 53n - 1n]
  .flatMap((x) => [x, -x, x + 1n, -x - 1n])
  .concat(LEAST, GREATEST);
const integers = fc.oneof(
  fc.constantFrom(...edges),
  fc.bigInt({ min: LEAST, max: GREATEST }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -100000n, max: 100000n }),
);

/** What Redis's string2ll takes, said with an expression and BigInt. */
function isInteger(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text) && BigInt(text) >= LEAST && BigInt(text) <= GREATEST;
}

describe('a 64-bit integer', () => {
  it('is parsed, formatted and converted as BigInt does it', () => {
    const int = new Int64();
    const into = new Uint8Array(24);
    fc.assert(
      fc.property(integers, (value) => {
        expect(int.parse(...args(value.toString()))).toBe(true);
        expect(int.toBigInt()).toBe(value);
        expect(int.toNumber()).toBe(Number(value));
        expect(int.isSafe()).toBe(Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value);
        const length = int.format(into, 2);
        expect(Buffer.from(into.subarray(2, 2 + length)).toString()).toBe(value.toString());
        const other = new Int64();
        other.setBigInt(value);
        expect([other.lo, other.hi]).toEqual([int.lo, int.hi]);
        if (!int.isSafe()) return;
        other.setNumber(Number(value));
        expect([other.lo, other.hi]).toEqual([int.lo, int.hi]);
      }),
      { numRuns: 3000, examples: edges.map((x) => [x]) },
    );
  });

  it('is not made of text that Redis does not take for one', () => {
    const int = new Int64();
    const almost = fc.oneof(
      fc.constantFrom('', '-', '-0', '00', '01', '-01', '+1', ' 1', '1 ', '1.0', '1e1', '0x1', '9223372036854775808'),
      fc.constantFrom(
        '-9223372036854775809',
        '99999999999999999999',
        '999999999999999999999',
        '1\0',
        '--1',
        '1234567:',
      ),
      fc.tuple(integers, fc.nat({ max: 20 }), fc.constantFrom('', '0', '-', '/', ':', 'a')).map(([value, at, c]) => {
        const digits = value.toString();
        return digits.slice(0, at) + c + digits.slice(at);
      }),
      fc.string({ maxLength: 22 }),
    );
    fc.assert(
      fc.property(almost, (text) => {
        const latin1 = Buffer.from(bytes(text)).toString('latin1');
        expect(int.parse(...args(latin1))).toBe(isInteger(latin1));
      }),
      { numRuns: 2000 },
    );
  });
});
