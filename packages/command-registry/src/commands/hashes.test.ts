import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Harness } from '../harness.fixture.js';

describe('HSET and its relatives', () => {
  it('report once, and are fed as they came', () => {
    const h = new Harness();
    expect(h.trace('HSET', 'h', 'f', 1, 'g', 2, 'f', 3)).toEqual({
      reply: ':2',
      effects: ['0: HSET h f 1 g 2 f 3'],
      events: ['0: hset h'],
    });
    // Also when nothing is new, or the value is what it was.
    expect(h.trace('HSET', 'h', 'f', 3)).toEqual({ reply: ':0', effects: ['0: HSET h f 3'], events: ['0: hset h'] });
    expect(h.trace('HMSET', 'h', 'i', 1).events).toEqual(['0: hset h']);
    expect(h.trace('HSETNX', 'h', 'j', 1).events).toEqual(['0: hset h']);
    expect(h.trace('HSETNX', 'h', 'j', 2)).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('HSETNX', 'h', 'j', 2)).toEqual({ reply: ':0', effects: [], events: [] });
  });

  it('make no key when they fail', () => {
    const h = new Harness();
    expect(h.run('HSET', 'h', 'f', 1, 'g')).toBe("-ERR wrong number of arguments for 'hset' command");
    expect(h.run('HINCRBY', 'h', 'f', 'x')).toBe('-ERR value is not an integer or out of range');
    expect(h.run('HINCRBYFLOAT', 'h', 'f', 'x')).toBe('-ERR value is not a valid float');
    expect(h.run('EXISTS', 'h')).toBe(':0');
    expect([h.takeEffects(), h.takeEvents()]).toEqual([[], []]);
  });

  it('begin anew when the hash has expired', () => {
    const h = new Harness();
    h.prepare('HSET h old v', 'PEXPIRE h 1');
    h.advance(2);
    expect(h.trace('HSET', 'h', 'new', 1)).toEqual({
      reply: ':1',
      effects: ['0: HSET h new 1'],
      events: ['0: expired h', '0: hset h'],
    });
    expect([h.run('HKEYS', 'h'), h.run('TTL', 'h')]).toEqual(['*1 $3 new', ':-1']);
  });

  it('become a hash table at the limits', () => {
    const h = new Harness();
    h.keyspace.hashMaxListpackEntries = 2;
    const encoding = (): string => h.run('OBJECT', 'ENCODING', 'h');
    h.prepare('HSET h a 1 b 2');
    expect(encoding()).toBe('$8 listpack');
    h.prepare('HSETNX h c 3');
    expect(encoding()).toBe('$9 hashtable');
    h.prepare('DEL h', 'HSET h a 1', `HSET h a ${'x'.repeat(65)}`);
    expect(encoding()).toBe('$9 hashtable');
  });
});

describe('HDEL', () => {
  it('reports the fields, and the key that goes with the last of them', () => {
    const h = new Harness();
    h.prepare('HSET h f 1 g 2');
    expect(h.trace('HDEL', 'h', 'none')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('HDEL', 'h', 'f', 'f')).toEqual({ reply: ':1', effects: ['0: HDEL h f f'], events: ['0: hdel h'] });
    expect(h.trace('HDEL', 'h', 'g', 'f')).toEqual({
      reply: ':1',
      effects: ['0: HDEL h g f'],
      events: ['0: hdel h', '0: del h'],
    });
    expect(h.run('EXISTS', 'h')).toBe(':0');
  });
});

describe('HINCRBY', () => {
  it('is exact over all of int64, in a listpack and in a table', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    for (const entries of [512, 0]) {
      const h = new Harness();
      h.keyspace.hashMaxListpackEntries = entries;
      fc.assert(
        fc.property(int64, int64, (old, delta) => {
          h.run('HSET', 'h', 'f', String(old));
          const sum = old + delta;
          const fits = BigInt.asIntN(64, sum) === sum;
          expect(h.run('HINCRBY', 'h', 'f', String(delta))).toBe(
            fits ? `:${sum}` : '-ERR increment or decrement would overflow',
          );
          const kept = String(fits ? sum : old);
          expect(h.run('HGET', 'h', 'f')).toBe(`$${kept.length} ${kept}`);
        }),
      );
    }
  });

  it('is fed as it came; HINCRBYFLOAT as the HSET of its result', () => {
    const h = new Harness();
    expect(h.trace('HINCRBY', 'h', 'f', 5)).toEqual({
      reply: ':5',
      effects: ['0: HINCRBY h f 5'],
      events: ['0: hincrby h'],
    });
    expect(h.trace('HINCRBYFLOAT', 'h', 'f', '0.1')).toEqual({
      reply: '$3 5.1',
      effects: ['0: HSET h f 5.1'],
      events: ['0: hincrbyfloat h'],
    });
  });
});

describe('reading a hash', () => {
  it('answers maps in RESP3, flat arrays in RESP2', () => {
    const h = new Harness();
    h.prepare('HSET h f 1 g 2');
    expect(h.run('HGETALL', 'h')).toBe('*4 $1 f $1 1 $1 g $1 2');
    h.session.protocol = 3;
    expect(h.run('HGETALL', 'h')).toBe('%2 $1 f $1 1 $1 g $1 2');
    expect([h.run('HGETALL', 'none'), h.run('HGET', 'h', 'x'), h.run('HKEYS', 'none')]).toEqual(['%0', '_', '*0']);
  });

  it('leaves nothing behind', () => {
    const h = new Harness();
    h.prepare('HSET h f 1');
    for (const words of [
      ['HGET', 'h', 'f'],
      ['HMGET', 'h', 'f'],
      ['HLEN', 'h'],
      ['HGETALL', 'h'],
      ['HVALS', 'h'],
    ]) {
      expect(h.trace(...words)).toMatchObject({ effects: [], events: [] });
    }
  });
});
