import { describe, expect, it } from 'vitest';
import { parseOptions, SECTIONS, UsageError } from './options.js';

describe('parseOptions', () => {
  it('runs everything in full when nothing is said', () => {
    expect(parseOptions([])).toMatchObject({ sections: SECTIONS, rounds: 5, scale: 1, only: '', noise: false });
    expect(parseOptions(['all']).sections).toEqual(SECTIONS);
  });

  it('takes sections in the order of the list, once each', () => {
    expect(parseOptions(['memory', 'throughput', 'memory']).sections).toEqual(['throughput', 'memory']);
  });

  it('lets --rounds override the rounds of --quick', () => {
    expect(parseOptions(['--quick']).rounds).toBe(2);
    expect(parseOptions(['--quick']).scale).toBeLessThan(0.1);
    expect(parseOptions(['--quick', '--rounds', '7']).rounds).toBe(7);
  });

  it.each([['speed'], ['--rounds', '0'], ['--rounds', 'x'], ['--rounds', '1.5'], ['--fast']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow(UsageError);
    },
  );
});
