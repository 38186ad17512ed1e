import { describe, expect, it } from 'vitest';
import { formatDouble } from './format-double.js';

describe('formatDouble', () => {
  it('prints what Redis 8.0 and Valkey 8.1 print, in their layout', () => {
    const cases: [number, string][] = [
      [3, '3'],
      [-0, '-0'],
      [0, '0'],
      [0.1, '0.1'],
      [-1.5, '-1.5'],
      [1e18, '1000000000000000000'],
      [999999999999999900, '999999999999999872'],
      [2 ** 62, '4611686018427387904'],
      [2 ** 63, '9223372036854776000'],
      [1e19, '1e+19'],
      [-1.2345678901234568e22, '-12345678901234568000000'],
      [1e300, '1e+300'],
      [0.001, '0.001'],
      [0.000001, '0.000001'],
      [1.5e-6, '1.5e-6'],
      [1.2345678901234567e-4, '1.2345678901234567e-4'],
      [9.999999999999998e-4, '9.999999999999998e-4'],
      [12345.678901234567, '1.2345678901234567e+4'],
      [27367.0987485111, '2.73670987485111e+4'],
      [123456789.123, '123456789.123'],
      [5e-324, '5e-324'],
      [1.5e-321, '1.5e-321'],
      [Number.MAX_VALUE, '1.7976931348623157e+308'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
      [NaN, 'nan'],
    ];
    for (const [x, text] of cases) expect(formatDouble(x)).toBe(text);
  });

  it('does not look for a shorter or a nearer text where Grisu2 does not', () => {
    expect(formatDouble(1e23)).toBe('99999999999999990000000');
    expect(formatDouble(1e126)).toBe('9.999999999999999e+125');
    expect(formatDouble(-1234567890123456.8)).toBe('-1234567890123456.7');
    expect(formatDouble(1879617340194654.2)).toBe('1879617340194654.3');
  });
});
