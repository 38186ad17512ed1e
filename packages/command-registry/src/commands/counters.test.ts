import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Harness } from '../harness.fixture.js';

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -5n, max: 5n }).chain((near) => fc.constantFrom(-(2n ** 53n), 2n ** 53n, 0n).map((x) => x + near)),
);

describe('INCRBY', () => {
  it('is exact over all of int64, and refuses what is beyond', () => {
    const h = new Harness();
    fc.assert(
      fc.property(int64, int64, (old, delta) => {
        h.run('SET', 'k', String(old));
        const sum = old + delta;
        const fits = BigInt.asIntN(64, sum) === sum;
        expect(h.run('INCRBY', 'k', String(delta))).toBe(
          fits ? `:${sum}` : '-ERR increment or decrement would overflow',
        );
        const kept = String(fits ? sum : old);
        expect(h.run('GET', 'k')).toBe(`$${kept.length} ${kept}`);
        expect(h.run('OBJECT', 'ENCODING', 'k')).toBe('$3 int');
      }),
    );
  });
});

describe('counters', () => {
  it.each([
    ['INCR', ['INCR', 'k'], ':6'],
    ['DECR', ['DECR', 'k'], ':4'],
    ['INCRBY', ['INCRBY', 'k', 3], ':8'],
    ['DECRBY', ['DECRBY', 'k', 3], ':2'],
  ])('%s is fed as it came, and reported as incrby', (_, words, reply) => {
    const h = new Harness();
    h.prepare('SET k 5 EX 100');
    expect(h.trace(...words)).toEqual({ reply, effects: [`0: ${words.join(' ')}`], events: ['0: incrby k'] });
    expect(h.run('TTL', 'k')).toBe(':100');
  });

  it('leave nothing behind when they fail', () => {
    const h = new Harness();
    h.prepare('SET k x', 'SET max 9223372036854775807');
    expect(h.trace('INCR', 'k')).toMatchObject({ effects: [], events: [] });
    expect(h.trace('INCR', 'max')).toMatchObject({ effects: [], events: [] });
    expect(h.trace('DECRBY', 'none', '-9223372036854775808')).toMatchObject({ effects: [], events: [] });
    expect(h.run('EXISTS', 'none')).toBe(':0');
  });

  it('count text of digits as a number', () => {
    const h = new Harness();
    h.prepare('APPEND k 4', 'APPEND k 1');
    expect(h.run('OBJECT', 'ENCODING', 'k')).toBe('$3 raw');
    expect(h.run('INCR', 'k')).toBe(':42');
    expect(h.run('OBJECT', 'ENCODING', 'k')).toBe('$3 int');
  });

  it('start anew when the key has expired', () => {
    const h = new Harness();
    h.prepare('SET k 5 PX 1');
    h.advance(2);
    expect(h.trace('INCR', 'k')).toEqual({
      reply: ':1',
      effects: ['0: INCR k'],
      events: ['0: expired k', '0: incrby k'],
    });
    expect(h.run('TTL', 'k')).toBe(':-1');
  });
});

describe('INCRBYFLOAT', () => {
  it('is fed as the SET of its result, with the time kept', () => {
    const h = new Harness();
    h.prepare('SET k 10.5 EX 100');
    expect(h.trace('INCRBYFLOAT', 'k', '0.1')).toEqual({
      reply: '$4 10.6',
      effects: ['0: SET k 10.6 KEEPTTL'],
      events: ['0: incrbyfloat k'],
    });
    expect(h.run('TTL', 'k')).toBe(':100');
  });

  it('leaves nothing behind when it fails', () => {
    const h = new Harness();
    h.prepare('SET k x');
    expect(h.trace('INCRBYFLOAT', 'k', 1)).toEqual({
      reply: '-ERR value is not a valid float',
      effects: [],
      events: [],
    });
    expect(h.trace('INCRBYFLOAT', 'none', 'inf')).toEqual({
      reply: '-ERR increment would produce NaN or Infinity',
      effects: [],
      events: [],
    });
  });
});
