import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

/** No event has a name: the change itself is reported. */
const CHANGED = '0:  h';

describe('HyperLogLogs', () => {
  it('are fed and reported when registers change', () => {
    const h = new Harness();
    expect(h.trace('PFADD', 'h', 'a')).toEqual({ reply: ':1', effects: ['0: PFADD h a'], events: ['0: pfadd h'] });
    expect(h.trace('PFADD', 'h', 'a')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('PFMERGE', 'h').effects).toEqual(['0: PFMERGE h']);
  });

  it('are changed by PFCOUNT, once, because it keeps the number', () => {
    const h = new Harness();
    h.prepare('PFADD h a b');
    expect(h.trace('PFCOUNT', 'h')).toEqual({ reply: ':2', effects: ['0: PFCOUNT h'], events: [CHANGED] });
    expect(h.trace('PFCOUNT', 'h')).toEqual({ reply: ':2', effects: [], events: [] });
    expect(h.trace('PFCOUNT', 'h', 'h')).toEqual({ reply: ':2', effects: [], events: [] });
  });

  it('of 100,000 elements are counted with an error below 2 %, and take 12 KB', () => {
    const h = new Harness();
    for (let i = 0; i < 100_000; i += 500) {
      h.run('PFADD', 'h', ...Array.from({ length: 500 }, (_, k) => `element:${i + k}`));
    }
    expect(h.run('STRLEN', 'h')).toBe(':12304');
    const counted = Number(h.run('PFCOUNT', 'h').slice(1));
    expect(Math.abs(counted / 100_000 - 1)).toBeLessThan(0.02);
  });

  it('are the same, however elements come to them', () => {
    const h = new Harness();
    const elements = Array.from({ length: 700 }, (_, i) => String(i));
    h.run('PFADD', 'all', ...elements);
    for (const element of elements) h.run('PFADD', 'single', element);
    h.run('PFADD', 'first', ...elements.slice(0, 400));
    h.run('PFADD', 'second', ...elements.slice(300));
    h.run('PFMERGE', 'merged', 'first', 'second');
    const registers = h.run('PFDEBUG', 'GETREG', 'all');
    for (const key of ['single', 'merged']) expect(h.run('PFDEBUG', 'GETREG', key)).toBe(registers);
    expect(h.run('PFCOUNT', 'first', 'second')).toBe(h.run('PFCOUNT', 'all'));
  });

  it('that are damaged are refused', () => {
    const h = new Harness();
    h.prepare('PFADD h a');
    h.run('SETRANGE', 'h', 16, 'zz');
    for (const request of [
      ['PFCOUNT', 'h', 'h'],
      ['PFMERGE', 'd', 'h'],
      ['PFDEBUG', 'TODENSE', 'h'],
    ]) {
      expect(h.run(...request)).toBe('-INVALIDOBJ Corrupted HLL object detected');
    }
    h.run('SETRANGE', 'h', 0, 'x');
    expect(h.run('PFADD', 'h', 'a')).toBe('-WRONGTYPE Key is not a valid HyperLogLog string value.');
    expect(h.run('EXISTS', 'd')).toBe(':0');
  });
});
