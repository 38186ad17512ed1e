import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLongDoubles, formatLongDouble, longDoubleAdd, longDoubleOf, parseLongDouble } from './long-double.js';

// The expectations of this file are what redis-server 7.0.15 on x86-64 answers to SET k <a> and INCRBYFLOAT k <b>;
// test/differential compares thousands of random pairs with it.

describe('longDoubleAdd', () => {
  it('gives the sums that people expect', () => {
    expect(longDoubleAdd('10.5', '0.1')).toBe('10.6');
    expect(longDoubleAdd('0.1', '0.2')).toBe('0.3');
    expect(longDoubleAdd('3.0e3', '200')).toBe('3200');
    expect(longDoubleAdd('5.0e3', '2.0e2')).toBe('5200');
    expect(longDoubleAdd('10.6', '-5')).toBe('5.6');
    expect(longDoubleAdd('1', '-1')).toBe('0');
    expect(longDoubleAdd('0x10', '0x.8')).toBe('16.5');
  });

  it('shows the limits of 64 bits where Redis shows them', () => {
    expect(longDoubleAdd('123456.789', '0.001')).toBe('123456.78999999999999915');
    expect(longDoubleAdd('18446744073709551615', '1')).toBe('18446744073709551616');
    expect(longDoubleAdd('18446744073709551616', '1')).toBe('18446744073709551616');
    expect(longDoubleAdd('18446744073709551616', '3')).toBe('18446744073709551620');
    expect(longDoubleAdd('1e20', '0')).toBe('100000000000000000000');
  });

  it('prints what rounds to nothing as 0, without a sign', () => {
    expect(longDoubleAdd('-0', '-0')).toBe('0');
    expect(longDoubleAdd('-1e-20', '0')).toBe('0');
    expect(longDoubleAdd('-1e-17', '0')).toBe('-0.00000000000000001');
    expect(longDoubleAdd('2e-4951', '0')).toBe('0');
  });

  it('tells when the sum is not a number that can be kept', () => {
    expect(longDoubleAdd('inf', '1')).toBe('inf');
    expect(longDoubleAdd('1', '-Infinity')).toBe('-inf');
    expect(longDoubleAdd('inf', '-inf')).toBe('nan');
    expect(longDoubleAdd('inf', '+inf')).toBe('inf');
    expect(longDoubleAdd('1e4932', '1e4932')).toBe('inf');
  });

  it('refuses what is not a number', () => {
    const refused = [
      '',
      '.',
      '-',
      ' 1',
      '1 ',
      '1e',
      '--1',
      '1_0',
      'nan',
      'infin',
      '0x',
      '0x.',
      '0x1p',
      '1e5000',
      '1e-5000',
    ];
    for (const text of [...refused, '1e99999999999', '1e-99999999999', '0x1p16384', '0x1p-16446', '1'.repeat(5120)]) {
      expect(longDoubleAdd(text, '1'), text).toBeUndefined();
      expect(longDoubleAdd('1', text), text).toBeUndefined();
    }
    expect(longDoubleAdd('0e99999999999', '1')).toBe('1');
    expect(longDoubleAdd('1e0000000000000000000002', '1')).toBe('101');
  });
});

describe('a long double', () => {
  it('rounds to the nearest of its neighbors, to the even one in the middle', () => {
    const mantissa = (text: string): bigint | undefined => parseLongDouble(text)?.mantissa;
    expect(mantissa('36893488147419103233')).toBe(1n << 63n);
    expect(mantissa('36893488147419103234')).toBe(1n << 63n);
    expect(mantissa('36893488147419103235')).toBe((1n << 63n) + 1n);
    expect(mantissa('36893488147419103238')).toBe((1n << 63n) + 2n);
    expect(mantissa('36893488147419103231')).toBe(1n << 63n);
  });

  it('loses precision below 2^-16382, and is zero no sooner than half of its smallest value', () => {
    expect(parseLongDouble('0x1p-16445')?.mantissa).toBe(1n);
    expect(parseLongDouble('0x1.8p-16446')?.mantissa).toBe(1n);
    expect(parseLongDouble('0x1p-16446')).toBeUndefined();
    expect(parseLongDouble('0x1.8p-16445')?.mantissa).toBe(2n);
  });

  it('holds every double exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const y = longDoubleOf(x);
        const shift = Math.max(-1000, y.exponent);
        expect((y.negative ? -1 : 1) * Number(y.mantissa) * 2 ** shift * 2 ** (y.exponent - shift)).toBe(x);
      }),
    );
  });

  it('adds in any order, and takes away what was added when nothing was lost', () => {
    const exact = fc.integer().map((n) => longDoubleOf(n / 1024));
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        const sum = addLongDoubles(a, b);
        expect(sum).toEqual(addLongDoubles(b, a));
        expect(formatLongDouble(addLongDoubles(sum, { ...b, negative: !b.negative }))).toBe(formatLongDouble(a));
      }),
    );
  });
});

describe('formatLongDouble', () => {
  it('prints a double in fixed notation with up to 17 decimals', () => {
    expect(formatLongDouble(0.1)).toBe('0.10000000000000001');
    expect(formatLongDouble(3)).toBe('3');
    expect(formatLongDouble(-1.5)).toBe('-1.5');
    expect(formatLongDouble(1e22)).toBe('10000000000000000000000');
    expect(formatLongDouble(5e-324)).toBe('0');
    expect(formatLongDouble(-0)).toBe('0');
    expect(formatLongDouble(NaN)).toBe('nan');
    expect(formatLongDouble(-Infinity)).toBe('-inf');
  });
});
