import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDouble } from './format-double.js';
import { formatDouble17, integerLength, parseBigInteger, parseFloat64, parseInteger, writeInteger } from './numbers.js';

/** Applies a parser to a text that lies in the middle of other digits. */
function within<T>(parse: (bytes: Uint8Array, offset: number, length: number) => T, text: string): T {
  const bytes = Uint8Array.from(`99${text}99`, (c) => c.charCodeAt(0));
  return parse(bytes, 2, text.length);
}

const NOT_INTEGERS = ['', '-', '+1', '01', '-0', '-01', '00', ' 1', '1 ', '1.0', '1e3', '0x1', 'a', '1a', '--1', '१'];

describe('parseInteger and parseBigInteger', () => {
  it('read canonical integers of 64 bits', () => {
    for (const text of [
      '0',
      '1',
      '-1',
      '10',
      '999999999999999',
      '1000000000000000',
      '-9007199254740991',
      '9007199254740992',
    ]) {
      expect(within(parseInteger, text)).toBe(Number(text));
      expect(within(parseBigInteger, text)).toBe(BigInt(text));
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
        expect(within(parseBigInteger, String(n))).toBe(n);
        expect(within(parseInteger, String(n))).toBe(Number(n));
      }),
    );
  });

  it('know the edges of 64 bits', () => {
    expect(within(parseBigInteger, '9223372036854775807')).toBe(2n ** 63n - 1n);
    expect(within(parseBigInteger, '-9223372036854775808')).toBe(-(2n ** 63n));
    expect(within(parseInteger, '9223372036854775807')).toBe(2 ** 63);
    for (const text of [
      '9223372036854775808',
      '-9223372036854775809',
      '99999999999999999999',
      '100000000000000000000000',
    ]) {
      expect(within(parseBigInteger, text)).toBeUndefined();
      expect(within(parseInteger, text)).toBeNaN();
    }
  });

  it('refuse every other spelling', () => {
    for (const text of NOT_INTEGERS) {
      expect(within(parseInteger, text), text).toBeNaN();
      expect(within(parseBigInteger, text), text).toBeUndefined();
      const long = `${text}0000000000000000`;
      if (text !== '') expect(within(parseInteger, long), long).toBeNaN();
    }
  });
});

describe('writeInteger', () => {
  it('writes what integerLength announces', () => {
    const out = new Uint8Array(40);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -100, max: 100 })), (n) => {
        const end = writeInteger(out, 5, n);
        expect(String.fromCharCode(...out.subarray(5, end))).toBe(String(n));
        expect(integerLength(n)).toBe(end - 5);
      }),
    );
    for (let e = 0; e < 16; e++) {
      for (const n of [10 ** e - 1, 10 ** e, -(10 ** e)]) {
        expect(String.fromCharCode(...out.subarray(5, writeInteger(out, 5, n)))).toBe(String(n));
      }
    }
    expect(integerLength(9007199254740992)).toBe(16);
  });
});

describe('parseFloat64', () => {
  it('reads what strtod reads', () => {
    const cases: [string, number][] = [
      ['3', 3],
      ['-3', -3],
      ['+3', 3],
      ['007', 7],
      ['3.25', 3.25],
      ['1.', 1],
      ['.5', 0.5],
      ['-.5e1', -5],
      ['1e5', 100000],
      ['1e+5', 100000],
      ['1E-5', 0.00001],
      ['0.1', 0.1],
      ['9007199254740993', 9007199254740992],
      ['1e-320', 1e-320],
      ['0e999999', 0],
      ['0x10', 16],
      ['0x1p3', 8],
      ['0X1.8P3', 12],
      ['0x.8', 0.5],
      ['0x8.', 8],
      ['0x1p-1074', 5e-324],
      ['0x1.fffffffffffffp1023', Number.MAX_VALUE],
      ['0x3p-1075', 1e-323],
      ['0x1.00000000000008p0', 1],
      ['0x1.00000000000018p0', 1 + 2 ** -51],
      ['-0x0p9', -0],
      ['inf', Infinity],
      ['+inf', Infinity],
      ['-INF', -Infinity],
      ['Infinity', Infinity],
      ['-infinity', -Infinity],
      ['-0', -0],
      ['12345678901234567890', 12345678901234567890],
    ];
    for (const [text, value] of cases) expect(within(parseFloat64, text), text).toBe(value);
  });

  it('refuses what Redis refuses', () => {
    const refused = [
      '',
      '-',
      '+',
      '.',
      'e5',
      ' 1',
      '1 ',
      '1e',
      '1e+',
      '--1',
      '1_0',
      '1,5',
      'nan',
      '-nan',
      'nan(1)',
      'infin',
      'in',
      '1e400',
      '-1e400',
      '1e-400',
      '0x',
      '0x.',
      '0x1p',
      '0xg',
      '0x1p-1075',
      '0x1p1024',
      '1\0',
    ];
    for (const text of refused) expect(within(parseFloat64, text), text).toBeNaN();
  });

  it('reads decimals of any length as they are meant', () => {
    const digits = fc.string({
      unit: fc.integer({ min: 0x30, max: 0x39 }).map((c) => String.fromCharCode(c)),
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.constantFrom('', '-'), digits, digits, (sign, whole, fraction) => {
        fc.pre(whole.length + fraction.length > 0);
        const text = `${sign}${whole}.${fraction}`;
        expect(within(parseFloat64, text), text).toBe(Number(text));
      }),
    );
  });

  it('reads back every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        expect(within(parseFloat64, formatDouble(x))).toBe(x);
      }),
    );
  });
});

describe('formatDouble17', () => {
  it('prints as C does with %.17g', () => {
    const cases: [number, string][] = [
      [3, '3'],
      [-0, '-0'],
      [0, '0'],
      [0.1, '0.10000000000000001'],
      [0.3, '0.29999999999999999'],
      [-1.5, '-1.5'],
      [1e15, '1000000000000000'],
      [1e16, '10000000000000000'],
      [99999999999999999, '1e+17'],
      [1e20, '1e+20'],
      [1e300, '1.0000000000000001e+300'],
      [1e-4, '0.0001'],
      [-1.5e-4, '-0.00014999999999999999'],
      [1e-5, '1.0000000000000001e-05'],
      [1.5e-7, '1.4999999999999999e-07'],
      [12345678901234567, '12345678901234568'],
      [2 ** 55, '36028797018963968'],
      [123456789.123, '123456789.123'],
      [2408145.16064453125, '2408145.1606445312'],
      [-2408145.16064453125, '-2408145.1606445312'],
      [1.00000000000000355, '1.0000000000000036'],
      [2 ** -25, '2.9802322387695312e-08'],
      [3 * 2 ** -26, '4.4703483581542969e-08'],
      [5e-324, '4.9406564584124654e-324'],
      [Number.MAX_VALUE, '1.7976931348623157e+308'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
      [NaN, 'nan'],
    ];
    for (const [x, text] of cases) expect(formatDouble17(x)).toBe(text);
  });
});
