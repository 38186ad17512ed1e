import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const NOW = 1_700_000_000_000;

describe('SET', () => {
  it('is fed as it came, also with conditions', () => {
    const h = new Harness();
    expect(h.trace('set', 'k', 'v')).toEqual({ reply: '+OK', effects: ['0: set k v'], events: ['0: set k'] });
    expect(h.trace('SET', 'k', 'w', 'XX', 'KEEPTTL').effects).toEqual(['0: SET k w XX KEEPTTL']);
  });

  it.each([
    ['EX', 10, NOW + 10_000],
    ['PX', 1500, NOW + 1500],
    ['EXAT', 1_800_000_000, 1_800_000_000_000],
    ['PXAT', 1_800_000_000_001, 1_800_000_000_001],
  ])('feeds the absolute time of %s', (word, given, time) => {
    const h = new Harness();
    const { effects, events } = h.trace('SET', 'k', 'v', 'NX', word, given);
    expect(effects).toEqual([`0: SET k v PXAT ${time}`]);
    expect(events).toEqual(['0: set k', '0: expire k']);
    expect(h.run('PEXPIRETIME', 'k')).toBe(`:${time}`);
  });

  it('feeds the largest time exactly', () => {
    const h = new Harness();
    expect(h.trace('SET', 'k', 'v', 'PXAT', '9223372036854775807').effects).toEqual([
      '0: SET k v PXAT 9223372036854775807',
    ]);
  });

  it('feeds no GET, because that changes nothing', () => {
    const h = new Harness();
    expect(h.trace('SET', 'k', 'GET', 'GET')).toMatchObject({
      reply: '$-1',
      effects: ['0: SET k GET'],
    });
    expect(h.trace('set', 'k', 'w', 'get', 'XX', 'KEEPTTL').effects).toEqual(['0: set k w XX KEEPTTL']);
    expect(h.trace('SET', 'k', 'x', 'GET', 'PX', 5).effects).toEqual([`0: SET k x PXAT ${NOW + 5}`]);
  });

  it('leaves nothing behind when a condition refuses it', () => {
    const h = new Harness();
    h.prepare('SET k v');
    const nothing = { effects: [], events: [] };
    expect(h.trace('SET', 'k', 'w', 'NX')).toEqual({ reply: '$-1', ...nothing });
    expect(h.trace('SET', 'k', 'w', 'NX', 'GET')).toEqual({ reply: '$1 v', ...nothing });
    expect(h.trace('SET', 'none', 'w', 'XX', 'EX', 5)).toEqual({ reply: '$-1', ...nothing });
    expect(h.trace('SET', 'k', 'w', 'EX', 0)).toEqual({
      reply: "-ERR invalid expire time in 'set' command",
      ...nothing,
    });
  });

  it('removes an expired key first, and says so', () => {
    const h = new Harness();
    h.prepare('SET k v PX 5', 'SET l v PX 5');
    h.advance(6);
    expect(h.trace('SET', 'k', 'w', 'KEEPTTL').events).toEqual(['0: expired k', '0: set k']);
    expect(h.run('TTL', 'k')).toBe(':-1');
    expect(h.trace('SET', 'l', 'w', 'XX')).toEqual({ reply: '$-1', effects: [], events: ['0: expired l'] });
    expect(h.keyspace.stats.expired).toBe(2);
  });

  it('keeps a key until its very millisecond has passed', () => {
    const h = new Harness();
    h.prepare('SET k v PX 5');
    h.advance(5);
    expect(h.run('GET', 'k')).toBe('$1 v');
    h.advance(1);
    expect(h.run('GET', 'k')).toBe('$-1');
  });
});

describe('SETEX and PSETEX', () => {
  it('are fed as SET with an absolute time', () => {
    const h = new Harness();
    expect(h.trace('SETEX', 'k', 10, 'v')).toEqual({
      reply: '+OK',
      effects: [`0: SET k v PXAT ${NOW + 10_000}`],
      events: ['0: set k', '0: expire k'],
    });
    expect(h.trace('psetex', 'k', 10, 'w').effects).toEqual([`0: SET k w PXAT ${NOW + 10}`]);
  });
});

describe('GETSET and GETDEL', () => {
  it('are fed as SET and DEL', () => {
    const h = new Harness();
    expect(h.trace('GETSET', 'k', 'v')).toEqual({ reply: '$-1', effects: ['0: SET k v'], events: ['0: set k'] });
    expect(h.trace('GETDEL', 'k')).toEqual({ reply: '$1 v', effects: ['0: DEL k'], events: ['0: del k'] });
    expect(h.trace('GETDEL', 'k')).toEqual({ reply: '$-1', effects: [], events: [] });
  });
});

describe('GETEX', () => {
  it('is fed as what it did to the time', () => {
    const h = new Harness();
    h.prepare('SET k v');
    expect(h.trace('GETEX', 'k')).toEqual({ reply: '$1 v', effects: [], events: [] });
    expect(h.trace('GETEX', 'k', 'EX', 10)).toEqual({
      reply: '$1 v',
      effects: [`0: PEXPIREAT k ${NOW + 10_000}`],
      events: ['0: expire k'],
    });
    expect(h.trace('GETEX', 'k', 'PERSIST')).toEqual({
      reply: '$1 v',
      effects: ['0: PERSIST k'],
      events: ['0: persist k'],
    });
    expect(h.trace('GETEX', 'k', 'PERSIST').effects).toEqual([]);
    expect(h.trace('GETEX', 'k', 'PXAT', NOW)).toEqual({ reply: '$1 v', effects: ['0: DEL k'], events: ['0: del k'] });
  });
});

describe('MSET and MSETNX', () => {
  it('report each key, and are fed once', () => {
    const h = new Harness();
    expect(h.trace('MSET', 'a', 1, 'b', 2)).toEqual({
      reply: '+OK',
      effects: ['0: MSET a 1 b 2'],
      events: ['0: set a', '0: set b'],
    });
    expect(h.trace('MSETNX', 'c', 1, 'b', 2)).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.run('EXISTS', 'c')).toBe(':0');
    expect(h.trace('MSETNX', 'c', 1, 'd', 2).events).toEqual(['0: set c', '0: set d']);
  });
});

describe('reading', () => {
  it('is not fed, but a key that is found expired is removed', () => {
    const h = new Harness();
    h.prepare('SET a v PX 1', 'SET b v');
    expect(h.trace('MGET', 'a', 'b', 'none').effects).toEqual([]);
    h.advance(2);
    expect(h.trace('MGET', 'a', 'b', 'none')).toEqual({
      reply: '*3 $-1 $1 v $-1',
      effects: [],
      events: ['0: expired a'],
    });
    expect(h.run('DBSIZE')).toBe(':1');
  });

  it('takes place in the selected database', () => {
    const h = new Harness();
    h.prepare('SELECT 3');
    expect(h.trace('SET', 'k', 'v')).toEqual({ reply: '+OK', effects: ['3: SET k v'], events: ['3: set k'] });
    h.run('SELECT', 0);
    expect(h.run('GET', 'k')).toBe('$-1');
  });
});
