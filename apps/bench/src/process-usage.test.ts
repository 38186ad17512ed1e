import { describe, expect, it } from 'vitest';
import { parseCpuTime, parseResidentBytes } from './process-usage.js';

describe('parseCpuTime', () => {
  it('finds user and system time behind a name that holds spaces and parentheses', () => {
    const line =
      '11641 (a b) (c) S 11615 11641 11641 0 -1 4194560 2488 127028 0 6 123 45 623 102 20 0 1 0 441579 5124096 973\n';
    expect(parseCpuTime(line)).toEqual({ user: 1_230_000, system: 450_000 });
  });

  it('refuses what is no such line', () => {
    expect(() => parseCpuTime('1 (x) S 1 2')).toThrow('/proc');
  });
});

describe('parseResidentBytes', () => {
  it('reads VmRSS in bytes', () => {
    expect(parseResidentBytes('VmHWM:\t  999 kB\nVmRSS:\t   3892 kB\nRssAnon:\t 1 kB\n')).toBe(3892 * 1024);
  });

  it('refuses a status without memory, as a zombie has', () => {
    expect(() => parseResidentBytes('Name:\tx\nState:\tZ (zombie)\n')).toThrow('VmRSS');
  });
});
