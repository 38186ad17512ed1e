import { describe, expect, it } from 'vitest';
import { Harness, unit } from '../harness.fixture.js';

/** A harness with draws that look random, but come again. */
function shuffled(): Harness {
  let state = 1;
  return new Harness(() => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  });
}

const words = (reply: string): string[] => reply.split(' ').filter((word) => !/^[*$]/.test(word));

describe('sets report what changed', () => {
  it('once per command, and not when nothing did', () => {
    const server = new Harness();
    expect(server.trace('SADD', 's', 'a', 'b', 'a')).toEqual({
      reply: ':2',
      effects: ['0: SADD s a b a'],
      events: ['0: sadd s'],
    });
    expect(server.trace('SADD', 's', 'a')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(server.trace('SREM', 's', 'x')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(server.trace('SREM', 's', 'a', 'b')).toEqual({
      reply: ':2',
      effects: ['0: SREM s a b'],
      events: ['0: srem s', '0: del s'],
    });
  });

  it('of both keys of SMOVE', () => {
    const server = new Harness();
    server.prepare('SADD s a b', 'SADD t b');
    expect(server.trace('SMOVE', 's', 't', 'a').events).toEqual(['0: srem s', '0: sadd t']);
    expect(server.trace('SMOVE', 's', 't', 'b').events).toEqual(['0: srem s', '0: del s']);
    expect(server.trace('SMOVE', 't', 't', 'b').events).toEqual([]);
    expect(server.trace('SMOVE', 't', 'u', 'x').effects).toEqual([]);
  });

  it('of a stored result, which may replace one of its sources', () => {
    const server = new Harness();
    server.prepare('SADD a 1 2 3', 'SADD b 2 3 4');
    expect(server.trace('SINTERSTORE', 'a', 'a', 'b')).toEqual({
      reply: ':2',
      effects: ['0: SINTERSTORE a a b'],
      events: ['0: sinterstore a'],
    });
    expect(server.run('SMEMBERS', 'a')).toBe('*2 $1 2 $1 3');
    expect(server.trace('SDIFFSTORE', 'a', 'a', 'b')).toEqual({
      reply: ':0',
      effects: ['0: SDIFFSTORE a a b'],
      events: ['0: del a'],
    });
    expect(server.trace('SUNIONSTORE', 'a', 'x', 'y')).toEqual({ reply: ':0', effects: [], events: [] });
  });
});

describe('SPOP', () => {
  it('is repeated as the removal of what it drew', () => {
    const server = new Harness();
    server.prepare('SADD s a');
    expect(server.trace('SPOP', 's')).toEqual({
      reply: '$1 a',
      effects: ['0: SREM s a'],
      events: ['0: spop s', '0: del s'],
    });
    expect(server.trace('SPOP', 's')).toEqual({ reply: '$-1', effects: [], events: [] });
  });

  it('with a count is repeated as one removal per member, and one event', () => {
    const server = shuffled();
    server.prepare('SADD s a b c d 1 2');
    const { reply, effects, events } = server.trace('SPOP', 's', 4);
    expect(effects).toEqual(unit(...words(reply).map((member) => `0: SREM s ${member}`)));
    expect(new Set(words(reply)).size).toBe(4);
    expect(events).toEqual(['0: spop s']);
    expect(server.run('SCARD', 's')).toBe(':2');
  });

  it('of everything is repeated as DEL', () => {
    const server = new Harness();
    server.prepare('SADD s 1 2');
    expect(server.trace('SPOP', 's', 5)).toEqual({
      reply: '*2 $1 1 $1 2',
      effects: ['0: DEL s'],
      events: ['0: spop s', '0: del s'],
    });
  });

  it.each([
    ['intset', '', 50],
    ['listpack', 'm', 50],
    ['hashtable', 'm', 200],
  ])('and SRANDMEMBER take different members of a set that is a %s', (encoding, prefix, count) => {
    const server = shuffled();
    const members = Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    server.run('SADD', 's', ...members);
    expect(server.run('OBJECT', 'ENCODING', 's')).toContain(encoding);
    for (const wanted of [1, count / 2, count - 1]) {
      expect(new Set(words(server.run('SRANDMEMBER', 's', wanted))).size).toBe(wanted);
    }
    expect(words(server.run('SRANDMEMBER', 's', -3 * count))).toHaveLength(3 * count);
    const taken = [10, 20, count].flatMap((wanted) => words(server.run('SPOP', 's', wanted)));
    expect(taken.sort()).toEqual(members.sort());
    expect(server.run('EXISTS', 's')).toBe(':0');
  });
});

describe('a difference', () => {
  it('is the same by either of its ways', () => {
    const server = new Harness();
    const big = Array.from({ length: 300 }, (_, i) => `m${i}`);
    server.run('SADD', 'big', ...big);
    server.prepare('SADD few m0 m1', 'SADD more m2 m3 x');
    // Few sets that are longer than the first: it is walked over. Many short ones: they are.
    expect(words(server.run('SDIFF', 'few', 'big'))).toEqual([]);
    expect(words(server.run('SDIFF', 'more', 'big'))).toEqual(['x']);
    expect(words(server.run('SDIFF', 'big', 'few', 'more', 'few', 'more')).sort()).toEqual(big.slice(4).sort());
    expect(server.keyspace.lazyFree(Infinity)).toBe(false);
  });
});
