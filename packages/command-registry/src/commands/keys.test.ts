import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

/** Random numbers from a fixed sequence. */
function sequence(): () => number {
  let seed = 1;
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}

describe('DEL and UNLINK', () => {
  it('report each key that was there, and are fed as they came', () => {
    const h = new Harness();
    h.prepare('MSET a 1 b 2', 'HSET h f v');
    expect(h.trace('DEL', 'a', 'none', 'h', 'a')).toEqual({
      reply: ':2',
      effects: ['0: DEL a none h a'],
      events: ['0: del a', '0: del h'],
    });
    expect(h.trace('UNLINK', 'b')).toEqual({ reply: ':1', effects: ['0: UNLINK b'], events: ['0: del b'] });
    expect(h.trace('DEL', 'a')).toEqual({ reply: ':0', effects: [], events: [] });
  });

  it.each([
    [['UNLINK', 's'], 1],
    [['UNLINK', 's', 's'], 1],
    [['DEL', 's'], 0],
    [['UNLINK', 'small', 'hash'], 0],
    [['UNLINK', 'big'], 1],
    [['UNLINK', 'list'], 1],
    [['FLUSHALL', 'ASYNC'], 5],
    [['FLUSHDB', 'ASYNC'], 5],
    [['FLUSHALL', 'SYNC'], 0],
  ])('%j counts %i objects as freed in the background, as Redis does', (command, count) => {
    const h = new Harness();
    h.prepare('SET small 1', 'HSET hash f v', 'XGROUP CREATE s g 0 MKSTREAM', 'XGROUP CREATE s h 0');
    for (let i = 1; i <= 70; i++) {
      h.run('XADD', 's', `${i}-1`, 'f', 'v');
      h.run('SADD', 'big', `member ${i}`);
      h.run('RPUSH', 'list', `${i}`.padEnd(9000, 'x'));
    }
    h.run('SADD', 'big', 'x'.repeat(100));
    for (let i = 0; i < 100; i++) h.run('SADD', 'big', `more ${i}`);
    h.run('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>');
    h.run(...command);
    expect(h.keyspace.stats.lazyFreed).toBe(count);
  });

  it.each([
    ['userDel', ['DEL big']],
    ['serverDel', ['SET big v']],
    ['serverDel', ['SETEX big 10 v']],
    ['serverDel', ['SET n 1', 'RENAME n big']],
    ['serverDel', ['SET n 1', 'COPY n big REPLACE']],
    ['serverDel', ['SINTERSTORE big none']],
    ['serverDel', ['ZADD z 1 a', 'ZRANGESTORE big z 0 -1']],
    ['serverDel', ['SADD one 1', 'SORT one STORE big']],
    ['serverDel', ['BITOP NOT big none']],
    ['expire', ['EXPIRE big 0']],
  ] as const)('with lazyfree-lazy-%s alone, %j counts a big value as freed in the background', (when, commands) => {
    for (const on of [true, false]) {
      const h = new Harness();
      for (let i = 0; i < 200; i++) h.run('SADD', 'big', `member ${i}`);
      const all = { userDel: !on, serverDel: !on, expire: !on, eviction: !on };
      Object.assign(h.keyspace.lazyFreeing, all, { [when]: on });
      h.prepare(...commands);
      expect(h.keyspace.stats.lazyFreed).toBe(on ? 1 : 0);
    }
  });

  it.each([
    [['expire'], 'GET big', 1],
    [['expire'], 'SET big v', 1],
    [['expire'], 'UNLINK big', 1],
    [['userDel', 'serverDel', 'eviction'], 'UNLINK big', 0],
  ] as const)('an expired value counts with lazyfree-lazy-%j, whatever comes upon it: %s', (flags, command, count) => {
    const h = new Harness();
    for (let i = 0; i < 200; i++) h.run('SADD', 'big', `member ${i}`);
    h.prepare('PEXPIRE big 1');
    h.advance(2);
    for (const flag of flags) h.keyspace.lazyFreeing[flag] = true;
    h.run(...command.split(' '));
    expect(h.keyspace.stats.lazyFreed).toBe(count);
  });

  it('a value of which nothing is left, and one that is moved, are not freed in the background', () => {
    const h = new Harness();
    Object.assign(h.keyspace.lazyFreeing, { userDel: true, serverDel: true, expire: true, eviction: true });
    const members = Array.from({ length: 200 }, (_, i) => `member-${i}`);
    h.run('SADD', 'gone', ...members);
    h.run('SADD', 'moved', ...members);
    h.prepare('MOVE moved 1');
    h.run('SREM', 'gone', ...members);
    expect(h.keyspace.stats.lazyFreed).toBe(0);
  });

  it('do not count what has expired', () => {
    const h = new Harness();
    h.prepare('SET k v PX 1');
    h.advance(2);
    expect(h.trace('DEL', 'k')).toEqual({ reply: ':0', effects: [], events: ['0: expired k'] });
  });
});

describe('EXISTS, TYPE and TOUCH', () => {
  it('leave nothing behind; only TOUCH is a use of the key', () => {
    const h = new Harness();
    h.prepare('SET s v', 'HSET h f v');
    h.advance(100_000);
    expect(h.trace('EXISTS', 's', 's', 'none')).toEqual({ reply: ':2', effects: [], events: [] });
    expect(h.trace('TYPE', 'h').reply).toBe('+hash');
    expect(h.run('OBJECT', 'IDLETIME', 's')).toBe(':100');
    expect(h.trace('TOUCH', 's', 'h', 'none')).toEqual({ reply: ':2', effects: [], events: [] });
    expect(h.run('OBJECT', 'IDLETIME', 's')).toBe(':0');
  });

  it('TOUCH is a use even for a client with NO-TOUCH', () => {
    const h = new Harness();
    h.prepare('SET s v');
    h.session.noTouch = true;
    h.advance(100_000);
    h.run('GET', 's');
    expect(h.run('OBJECT', 'IDLETIME', 's')).toBe(':100');
    h.run('TOUCH', 's');
    expect(h.run('OBJECT', 'IDLETIME', 's')).toBe(':0');
  });
});

describe('RENAME and RENAMENX', () => {
  it('report both names', () => {
    const h = new Harness();
    h.prepare('SET a v EX 100', 'SET b w');
    expect(h.trace('RENAME', 'a', 'b')).toEqual({
      reply: '+OK',
      effects: ['0: RENAME a b'],
      events: ['0: rename_from a', '0: rename_to b'],
    });
    expect(h.run('TTL', 'b')).toBe(':100');
    expect(h.trace('RENAMENX', 'b', 'c').events).toEqual(['0: rename_from b', '0: rename_to c']);
  });

  it('leave nothing behind when nothing changes', () => {
    const h = new Harness();
    h.prepare('MSET a 1 b 2');
    expect(h.trace('RENAME', 'a', 'a')).toEqual({ reply: '+OK', effects: [], events: [] });
    expect(h.trace('RENAMENX', 'a', 'b')).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('RENAME', 'none', 'b')).toEqual({ reply: '-ERR no such key', effects: [], events: [] });
  });

  it('take an expired name for a free one', () => {
    const h = new Harness();
    h.prepare('SET a 1', 'SET b 2 PX 1');
    h.advance(2);
    expect(h.trace('RENAMENX', 'a', 'b').events).toEqual(['0: expired b', '0: rename_from a', '0: rename_to b']);
    expect(h.run('TTL', 'b')).toBe(':-1');
  });
});

describe('COPY and MOVE', () => {
  it('report in the database where it happened, and are fed in that of the client', () => {
    const h = new Harness();
    h.prepare('SET k v EX 100');
    expect(h.trace('COPY', 'k', 'l', 'DB', 2)).toEqual({
      reply: ':1',
      effects: ['0: COPY k l DB 2'],
      events: ['2: copy_to l'],
    });
    expect(h.trace('MOVE', 'k', 2)).toEqual({
      reply: ':1',
      effects: ['0: MOVE k 2'],
      events: ['0: move_from k', '2: move_to k'],
    });
    h.run('SELECT', 2);
    expect([h.run('TTL', 'k'), h.run('TTL', 'l')]).toEqual([':100', ':100']);
  });

  it('leave nothing behind when the name is taken', () => {
    const h = new Harness();
    h.prepare('SET k v', 'COPY k k DB 1');
    const refused = { reply: ':0', effects: [], events: [] };
    expect(h.trace('COPY', 'k', 'k', 'DB', 1)).toEqual(refused);
    expect(h.trace('MOVE', 'k', 1)).toEqual(refused);
    expect(h.trace('COPY', 'none', 'x')).toEqual(refused);
  });

  it('a copy is a value of its own', () => {
    const h = new Harness();
    h.keyspace.hashMaxListpackEntries = 1;
    h.prepare('HSET small f v', 'HSET big f v g w', 'COPY small small2', 'COPY big big2');
    h.run('HSET', 'small', 'f', 'x');
    h.run('HDEL', 'big', 'f');
    expect([h.run('HGET', 'small2', 'f'), h.run('HGET', 'big2', 'f')]).toEqual(['$1 v', '$1 v']);
  });
});

describe('databases', () => {
  it('FLUSHDB and FLUSHALL are fed even when nothing was there', () => {
    const h = new Harness();
    h.prepare('SELECT 1');
    expect(h.trace('FLUSHDB', 'ASYNC')).toEqual({
      reply: '+OK',
      effects: ['1: FLUSHDB ASYNC'],
      events: ['1: flushed'],
    });
    expect(h.trace('FLUSHALL')).toEqual({ reply: '+OK', effects: ['1: FLUSHALL'], events: ['all flushed'] });
    expect(h.trace('FLUSHALL', 'NOW')).toEqual({ reply: '-ERR syntax error', effects: [], events: [] });
  });

  it.each([
    [['FLUSHDB'], false, 0],
    [['FLUSHDB'], true, 2],
    [['FLUSHDB', 'SYNC'], true, 0],
    [['FLUSHDB', 'ASYNC'], false, 2],
  ])('%j with lazyfree-lazy-user-flush %j leaves %i dictionaries for later', (command, lazy, left) => {
    const h = new Harness();
    h.server.lazyUserFlush = lazy;
    h.prepare('SET a 1', 'SELECT 1', 'SET b 2');
    h.run(...command);
    expect(h.keyspace.lazyFreePending).toBe(left);
  });

  it('SWAPDB is fed as it came', () => {
    const h = new Harness();
    h.prepare('SET k zero');
    expect(h.trace('SWAPDB', 0, 1).effects).toEqual(['0: SWAPDB 0 1']);
    expect(h.run('GET', 'k')).toBe('$-1');
    h.run('SELECT', 1);
    expect(h.run('GET', 'k')).toBe('$4 zero');
  });

  it('RANDOMKEY removes expired keys that it comes upon', () => {
    const h = new Harness(sequence());
    h.prepare('SET a v PX 1');
    h.advance(2);
    expect(h.trace('RANDOMKEY')).toEqual({ reply: '$-1', effects: [], events: ['0: expired a'] });
  });

  it('RANDOMKEY finds every key', () => {
    const h = new Harness(sequence());
    const names = Array.from({ length: 20 }, (_, i) => `key${i}`);
    for (const name of names) h.run('SET', name, 1);
    const found = new Set(Array.from({ length: 1000 }, () => h.run('RANDOMKEY').split(' ')[1]));
    expect([...found].sort()).toEqual(names.sort());
  });
});
