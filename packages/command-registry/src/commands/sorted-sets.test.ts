import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

describe('ZADD', () => {
  it('reports once if anything changed, and is fed as it came', () => {
    const h = new Harness();
    expect(h.trace('ZADD', 'z', 1, 'a', 2, 'b', 3, 'a')).toEqual({
      reply: ':2',
      effects: ['0: ZADD z 1 a 2 b 3 a'],
      events: ['0: zadd z'],
    });
    expect(h.trace('ZADD', 'z', 3, 'a')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('ZADD', 'z', 'NX', 4, 'a')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('ZADD', 'z', 'INCR', 1, 'a')).toEqual({
      reply: '$1 4',
      effects: ['0: ZADD z INCR 1 a'],
      events: ['0: zincr z'],
    });
    expect(h.trace('ZINCRBY', 'z', 0, 'a')).toEqual({ reply: '$1 4', effects: [], events: [] });
  });

  it('makes no key when it fails, or may only change members', () => {
    const h = new Harness();
    expect(h.run('ZADD', 'z', 1, 'a', 'x', 'b')).toBe('-ERR value is not a valid float');
    expect(h.run('ZADD', 'z', 1, 'a', 2)).toBe('-ERR syntax error');
    expect(h.run('ZADD', 'z', 'XX', 1, 'a')).toBe(':0');
    expect(h.run('EXISTS', 'z')).toBe(':0');
    expect([h.takeEffects(), h.takeEvents()]).toEqual([[], []]);
  });

  it('takes many pairs at once', () => {
    const h = new Harness();
    const pairs = Array.from({ length: 5000 }, (_, i) => [i, `m${i}`]).flat();
    expect(h.run('ZADD', 'z', ...pairs)).toBe(':5000');
    expect(h.run('ZADD', 'z', 'CH', ...pairs)).toBe(':0');
    expect(h.run('ZRANK', 'z', 'm1234')).toBe(':1234');
  });

  it('begins anew when the set has expired', () => {
    const h = new Harness();
    h.prepare('ZADD z 1 old', 'PEXPIRE z 1');
    h.advance(2);
    expect(h.trace('ZADD', 'z', 1, 'new')).toEqual({
      reply: ':1',
      effects: ['0: ZADD z 1 new'],
      events: ['0: expired z', '0: zadd z'],
    });
    expect([h.run('ZRANGE', 'z', 0, -1), h.run('TTL', 'z')]).toEqual(['*1 $3 new', ':-1']);
  });
});

describe('removing members', () => {
  it('reports the removal, and the key that goes with the last of them', () => {
    const h = new Harness();
    h.prepare('ZADD z 1 a 2 b 3 c 4 d');
    expect(h.trace('ZREM', 'z', 'none')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('ZREM', 'z', 'a', 'a').events).toEqual(['0: zrem z']);
    expect(h.trace('ZREMRANGEBYSCORE', 'z', 9, 10)).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('ZREMRANGEBYSCORE', 'z', 2, 2).events).toEqual(['0: zremrangebyscore z']);
    expect(h.trace('ZREMRANGEBYLEX', 'z', '[c', '[c').events).toEqual(['0: zremrangebylex z']);
    expect(h.trace('ZREMRANGEBYRANK', 'z', 0, -1)).toEqual({
      reply: ':1',
      effects: ['0: ZREMRANGEBYRANK z 0 -1'],
      events: ['0: zremrangebyrank z', '0: del z'],
    });
  });
});

describe('a range', () => {
  it('is as long as the set, whatever is asked for', () => {
    const h = new Harness();
    h.prepare('ZADD z 1 a 2 b');
    const huge = '9223372036854775807';
    expect(h.run('ZRANGE', 'z', 0, huge)).toBe('*2 $1 a $1 b');
    expect(h.run('ZRANGEBYSCORE', 'z', '-inf', '+inf', 'LIMIT', 0, huge)).toBe('*2 $1 a $1 b');
    expect(h.run('ZRANGEBYSCORE', 'z', '-inf', '+inf', 'LIMIT', huge, huge)).toBe('*0');
    expect(h.run('ZREVRANGE', 'z', `-${huge}`, huge)).toBe('*2 $1 b $1 a');
  });
});
