import { beforeEach, describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const NOW = 1_700_000_000_000;
let h: Harness;

beforeEach(() => {
  h = new Harness();
});

/** Both forms of a hash: the same tests run with a limit of fields that makes each of them. */
const forms = [
  ['listpackex', 512],
  ['hashtable', 0],
] as const;

describe('changes that are counted', () => {
  // The numbers of redis-server 8.0.2.
  it.each([
    ['HSETEX h FIELDS 3 a 1 b 2 c 3', 3],
    ['HSETEX h PX 100000 FIELDS 3 a 1 b 2 c 3', 3],
    ['HSETEX h PXAT 1 FIELDS 2 a 1 b 2', 2],
    ['HSETEX h PXAT 1 FIELDS 4 a 1 b 2 c 3 d 4', 4],
    ['HSETEX h FNX FIELDS 2 a 1 e 2', 0],
    ['HGETEX h FIELDS 3 a b c', 0],
    ['HGETEX h PX 100000 FIELDS 3 a b x', 2],
    ['HGETEX h PERSIST FIELDS 3 a b d', 1],
    ['HGETEX h PXAT 1 FIELDS 2 a b', 2],
    ['HEXPIRE h 1000 FIELDS 3 a b c', 3],
    ['HEXPIRE h 1000 NX FIELDS 3 a d x', 1],
    ['HPERSIST h FIELDS 4 a b d x', 1],
    ['HPEXPIREAT h 1 FIELDS 2 c d', 2],
    ['HPEXPIREAT h 1 FIELDS 4 a b c d', 4],
    ['HGETDEL h FIELDS 3 a b x', 2],
    ['HGETDEL h FIELDS 4 a b c d', 4],
    ['HDEL h a b c d x', 4],
  ])('%s: %d', (line, changes) => {
    h.prepare('HSET h a 1 b 2 c 3 d 4', 'HEXPIRE h 100 FIELDS 1 d');
    const before = h.keyspace.dirty;
    h.run(...line.split(' '));
    expect(h.keyspace.dirty - before).toBe(changes);
  });
});

describe.each(forms)('fields that expire, in a %s', (encoding, entries) => {
  beforeEach(() => {
    h.keyspace.hashMaxListpackEntries = entries;
    h.prepare('HSET h a 1 b 2 c 3');
  });

  it('get a time in all four ways, logged as an absolute one in milliseconds', () => {
    expect(h.trace('HEXPIRE', 'h', 10, 'FIELDS', 2, 'a', 'b')).toEqual({
      reply: '*2 :1 :1',
      effects: [`0: HPEXPIREAT h ${NOW + 10_000} FIELDS 2 a b`],
      events: ['0: hexpire h'],
    });
    expect(h.trace('HPEXPIRE', 'h', 1500, 'fields', 1, 'c').effects).toEqual([
      `0: HPEXPIREAT h ${NOW + 1500} FIELDS 1 c`,
    ]);
    expect(h.run('OBJECT', 'ENCODING', 'h')).toBe(`$${encoding.length} ${encoding}`);
    expect(h.run('HTTL', 'h', 'FIELDS', 4, 'a', 'b', 'c', 'x')).toBe('*4 :10 :10 :2 :-2');
    expect(h.run('HPTTL', 'h', 'FIELDS', 2, 'a', 'c')).toBe('*2 :10000 :1500');
    expect(h.run('HEXPIRETIME', 'h', 'FIELDS', 2, 'a', 'c')).toBe('*2 :1700000010 :1700000002');
    expect(h.run('HPEXPIRETIME', 'h', 'FIELDS', 1, 'c')).toBe('*1 :1700000001500');
    h.prepare('HEXPIREAT h 1700000100 FIELDS 1 a', 'HPEXPIREAT h 1700000100001 FIELDS 1 b');
    expect(h.run('HPTTL', 'h', 'FIELDS', 2, 'a', 'b')).toBe('*2 :100000 :100001');
    expect(h.run('HTTL', 'h', 'FIELDS', 2, 'b', 'a')).toBe('*2 :101 :100');
  });

  it('log only what was set, and nothing when nothing was', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 1 b');
    expect(h.trace('HPEXPIRE', 'h', 5000, 'NX', 'FIELDS', 4, 'a', 'b', 'x', 'c')).toEqual({
      reply: '*4 :1 :0 :-2 :1',
      effects: [`0: HPEXPIREAT h ${NOW + 5000} FIELDS 2 a c`],
      events: ['0: hexpire h'],
    });
    expect(h.trace('HPEXPIRE', 'h', 5000, 'NX', 'FIELDS', 2, 'a', 'x')).toEqual({
      reply: '*2 :0 :-2',
      effects: [],
      events: [],
    });
    expect(h.trace('HPEXPIRE', 'none', 5000, 'FIELDS', 2, 'a', 'x')).toEqual({
      reply: '*2 :-2 :-2',
      effects: [],
      events: [],
    });
    expect(h.run('EXISTS', 'none')).toBe(':0');
  });

  it.each([
    ['NX', '*3 :1 :0 :0'],
    ['XX', '*3 :0 :1 :1'],
    // No time counts as an infinite one.
    ['GT', '*3 :0 :1 :0'],
    ['LT', '*3 :1 :0 :1'],
  ])('obey %s', (condition, reply) => {
    h.prepare('HPEXPIRE h 1000 FIELDS 1 b', 'HPEXPIRE h 3000 FIELDS 1 c');
    expect(h.run('HPEXPIRE', 'h', 2000, condition, 'FIELDS', 3, 'a', 'b', 'c')).toBe(reply);
    expect(h.run('HPEXPIRE', 'h', 2000, condition === 'NX' ? 'NX' : 'GT', 'FIELDS', 1, 'x')).toBe('*1 :-2');
  });

  it('go at once when the time is past, and the hash with the last of them', () => {
    expect(h.trace('HEXPIRE', 'h', 0, 'FIELDS', 3, 'a', 'a', 'b')).toEqual({
      reply: '*3 :2 :-2 :2',
      effects: ['0: HDEL h a b'],
      events: ['0: hdel h'],
    });
    expect(h.trace('HPEXPIREAT', 'h', NOW - 1, 'XX', 'FIELDS', 1, 'c').reply).toBe('*1 :0');
    expect(h.trace('HPEXPIREAT', 'h', NOW, 'LT', 'FIELDS', 1, 'c')).toEqual({
      reply: '*1 :2',
      effects: ['0: HDEL h c'],
      events: ['0: hdel h', '0: del h'],
    });
    expect(h.run('EXISTS', 'h')).toBe(':0');
  });

  it('keep their value until their time, and lose their time by HPERSIST', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 2 a b');
    expect(h.trace('HPERSIST', 'h', 'FIELDS', 3, 'a', 'c', 'x')).toEqual({
      reply: '*3 :1 :-1 :-2',
      effects: ['0: HPERSIST h FIELDS 1 a'],
      events: ['0: hpersist h'],
    });
    expect(h.trace('HPERSIST', 'h', 'FIELDS', 1, 'a')).toEqual({ reply: '*1 :-1', effects: [], events: [] });
    expect(h.run('HPERSIST', 'none', 'FIELDS', 2, 'a', 'b')).toBe('*2 :-2 :-2');
    h.advance(1000);
    expect(h.run('HGET', 'h', 'b')).toBe('$1 2');
    expect(h.run('HPTTL', 'h', 'FIELDS', 1, 'b')).toBe('*1 :0');
    h.advance(1);
    expect(h.run('HGET', 'h', 'b')).toBe('$-1');
    expect(h.run('HGET', 'h', 'a')).toBe('$1 1');
  });

  it.each([
    [['HGET', 'h', 'b'], '$-1'],
    [['HMGET', 'h', 'a', 'b'], '*2 $1 1 $-1'],
    [['HEXISTS', 'h', 'b'], ':0'],
    [['HSTRLEN', 'h', 'b'], ':0'],
    [['HGETALL', 'h'], '*2 $1 a $1 1'],
    [['HKEYS', 'h'], '*1 $1 a'],
    [['HVALS', 'h'], '*1 $1 1'],
    [['HSCAN', 'h', 0], '*2 $1 0 *2 $1 a $1 1'],
    [['HRANDFIELD', 'h'], '$1 a'],
    [['HRANDFIELD', 'h', 5], '*1 $1 a'],
    [['HRANDFIELD', 'h', -2], '*2 $1 a $1 a'],
    [['HTTL', 'h', 'FIELDS', 2, 'a', 'b'], '*2 :-1 :-2'],
    [['HDEL', 'h', 'b'], ':0'],
    [['HPERSIST', 'h', 'FIELDS', 1, 'b'], '*1 :-2'],
    [['HGETEX', 'h', 'FIELDS', 2, 'b', 'a'], '*2 $-1 $1 1'],
    [['HSETEX', 'h', 'FXX', 'FIELDS', 1, 'b', 'x'], ':0'],
  ])('are not there for %j when their time is past, removed or only hidden', (words, reply) => {
    h.prepare('HPEXPIRE h 1000 FIELDS 2 b c');
    h.advance(1001);
    h.keyspace.expireEnabled = false;
    expect(h.trace(...words)).toEqual({ reply, effects: [], events: [] });
    h.keyspace.expireEnabled = true;
    const removed =
      encoding === 'listpackex' || words[0] !== '' ? ['0: field h.b', '0: field h.c', '0: hexpired h'] : [];
    const { reply: again, events, effects } = h.trace(...words);
    expect(again).toBe(reply);
    expect(events.sort()).toEqual(removed);
    expect(effects).toEqual([]);
    expect(h.trace(...words)).toEqual({ reply, effects: [], events: [] });
  });

  it('are counted by HLEN until they are removed', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 2 b c');
    h.advance(1001);
    h.keyspace.expireEnabled = false;
    expect(h.run('HLEN', 'h')).toBe(':3');
    h.keyspace.expireEnabled = true;
    expect(h.run('HLEN', 'h')).toBe(':1');
  });

  it('make room for others when they are past', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 3 a b c');
    h.advance(1001);
    h.keyspace.expireEnabled = false;
    expect(h.run('HSETNX', 'h', 'a', 'new')).toBe(':1');
    expect(h.run('HSET', 'h', 'b', 'new')).toBe(':1');
    expect(h.run('HINCRBY', 'h', 'c', 5)).toBe(':5');
    expect(h.run('HTTL', 'h', 'FIELDS', 3, 'a', 'b', 'c')).toBe('*3 :-1 :-1 :-1');
  });

  it('take the hash along when the last of them goes', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 3 a b c');
    h.advance(1001);
    const { reply, events } = h.trace('HGETALL', 'h');
    expect(reply).toBe('*0');
    expect(events.slice(0, 3).sort()).toEqual(['0: field h.a', '0: field h.b', '0: field h.c']);
    expect(events.slice(3)).toEqual(['0: hexpired h', '0: del h']);
    expect(h.trace('HSET', 'h', 'new', 1)).toEqual({
      reply: ':1',
      effects: ['0: HSET h new 1'],
      events: ['0: hset h'],
    });
  });

  it('go actively too', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 2 a b', 'SELECT 3', 'HSET i f v', 'HPEXPIRE i 500 FIELDS 1 f');
    h.advance(600);
    h.keyspace.activeExpireCycle(10);
    expect(h.takeEvents()).toEqual(['3: field i.f', '3: hexpired i', '3: del i']);
    h.advance(600);
    h.keyspace.activeExpireCycle(10);
    expect(h.takeEvents().sort()).toEqual(['0: field h.a', '0: field h.b', '0: hexpired h']);
    expect(h.keyspace.stats.expiredFields).toBe(3);
    expect(h.takeEffects()).toEqual([]);
  });

  it('lose their time when they are set, and keep it when they are incremented', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 3 a b c');
    expect(h.run('HSET', 'h', 'a', 'x')).toBe(':0');
    h.takeEffects();
    expect(h.trace('HINCRBY', 'h', 'b', 1000).effects).toEqual(['0: HINCRBY h b 1000']);
    expect(h.trace('HINCRBYFLOAT', 'h', 'c', '0.5').effects).toEqual(['0: HSETEX h KEEPTTL FIELDS 1 c 3.5']);
    expect(h.run('HPTTL', 'h', 'FIELDS', 3, 'a', 'b', 'c')).toBe('*3 :-1 :1000 :1000');
    expect(h.run('HMGET', 'h', 'a', 'b', 'c')).toBe('*3 $1 x $4 1002 $3 3.5');
    h.run('HMSET', 'h', 'b', 'y');
    expect(h.run('HPTTL', 'h', 'FIELDS', 1, 'b')).toBe('*1 :-1');
  });

  it('keep their time through RENAME, COPY, MOVE and SWAPDB', () => {
    h.prepare('HPEXPIRE h 1000 FIELDS 1 a', 'COPY h copy', 'RENAME h r', 'MOVE r 1', 'SELECT 1', 'SWAPDB 0 1');
    expect(h.run('HPTTL', 'copy', 'FIELDS', 2, 'a', 'b')).toBe('*2 :1000 :-1');
    h.advance(1001);
    h.keyspace.activeExpireCycle(10);
    expect(h.takeEvents().sort()).toEqual(['0: field r.a', '0: hexpired r', '1: field copy.a', '1: hexpired copy']);
  });

  it('do not expire while a log is loaded', () => {
    h.keyspace.loading = true;
    expect(h.run('HPEXPIREAT', 'h', 0, 'FIELDS', 1, 'a')).toBe('*1 :1');
    expect(h.run('HPEXPIREAT', 'h', 5, 'FIELDS', 1, 'b')).toBe('*1 :1');
    expect(h.run('HLEN', 'h')).toBe(':3');
    h.keyspace.loading = false;
    expect(h.run('HLEN', 'h')).toBe(':1');
  });
});

describe('a hash of which very many fields are due', () => {
  const FIELDS = 10_000;

  beforeEach(() => {
    const pairs = Array.from({ length: FIELDS }, (_, i) => [`f${i}`, 'v']).flat();
    h.run('HSETEX', 'h', 'PX', 1000, 'FIELDS', FIELDS, ...pairs);
    h.prepare('HSET h stays 1');
    h.advance(1001);
  });

  it('shows none of them, and loses some at each access', () => {
    const left = Number(h.run('HLEN', 'h').slice(1));
    expect(h.takeEvents().length - 1).toBe(FIELDS + 1 - left);
    expect(left).toBeLessThanOrEqual(FIELDS);
    expect(left).toBeGreaterThan(FIELDS - 1000);
    expect(h.run('HGETALL', 'h')).toBe('*2 $5 stays $1 1');
    expect(h.run('HRANDFIELD', 'h')).toBe('$5 stays');
    expect(h.run('HRANDFIELD', 'h', 3)).toBe('*1 $5 stays');
    expect(h.run('HRANDFIELD', 'h', -3)).toBe('*3 $5 stays $5 stays $5 stays');
    let cursor = '0';
    const found: string[] = [];
    do {
      const [, , next, , ...rest] = h.run('HSCAN', 'h', cursor, 'COUNT', 500, 'NOVALUES').split(' ');
      found.push(...rest);
      cursor = next!;
    } while (cursor !== '0');
    expect(found).toEqual(['$5', 'stays']);
  });

  it('removes those that a command would write to first, so that a log repeats it', () => {
    for (const words of [
      ['HSETNX', 'h', 'f4000', 'new'],
      ['HDEL', 'h', 'f5000', 'f5001'],
      ['HINCRBY', 'h', 'f6000', '1'],
      ['HGETEX', 'h', 'PX', '5', 'FIELDS', '1', 'f7000'],
    ]) {
      const named = words.filter((word) => word.startsWith('f'));
      const before = h.keyspace.hashes.hasDue(h.keyspace.databases[0]!.peek(Buffer.from('h'), 0, 1));
      expect(before).toBe(true);
      const { events } = h.trace(...words);
      for (const name of named) expect(events).toContain(`0: field h.${name}`);
    }
    expect(h.run('HMGET', 'h', 'f4000', 'f6000', 'f7000')).toBe('*3 $3 new $1 1 $-1');
  });

  it('stays until the last one is removed, though it looks empty', () => {
    expect(h.run('HDEL', 'h', 'stays')).toBe(':1');
    expect(h.run('HKEYS', 'h')).toBe('*0');
    expect(h.run('HRANDFIELD', 'h')).toBe('$-1');
    expect(h.run('HRANDFIELD', 'h', -4)).toBe('*0');
    expect(h.run('EXISTS', 'h')).toBe(':1');
    h.takeEvents();
    h.keyspace.activeExpireCycle(10_000);
    expect(h.takeEvents().slice(-2)).toEqual(['0: hexpired h', '0: del h']);
    expect(h.run('EXISTS', 'h')).toBe(':0');
  });
});

describe('HGETEX', () => {
  beforeEach(() => h.prepare('HSET h a 1 b 2 c 3'));

  it.each([
    ['EX', 2, NOW + 2000],
    ['PX', 3, NOW + 3],
    ['EXAT', 1_700_000_005, NOW + 5000],
    ['PXAT', NOW + 7, NOW + 7],
  ])('answers values, and gives their fields a time with %s', (word, time, expected) => {
    expect(h.trace('HGETEX', 'h', word, time, 'FIELDS', 3, 'a', 'x', 'b')).toEqual({
      reply: '*3 $1 1 $-1 $1 2',
      effects: [`0: HPEXPIREAT h ${expected} FIELDS 2 a b`],
      events: ['0: hexpire h'],
    });
    expect(h.run('HPEXPIRETIME', 'h', 'FIELDS', 2, 'a', 'c')).toBe(`*2 :${expected} :-1`);
  });

  it('only reads without an option, takes times away with PERSIST, deletes with a time that is past', () => {
    expect(h.trace('HGETEX', 'h', 'FIELDS', 1, 'a')).toEqual({ reply: '*1 $1 1', effects: [], events: [] });
    expect(h.trace('HGETEX', 'h', 'PERSIST', 'FIELDS', 1, 'a')).toEqual({ reply: '*1 $1 1', effects: [], events: [] });
    h.prepare('HEXPIRE h 5 FIELDS 1 b');
    expect(h.trace('HGETEX', 'h', 'persist', 'FIELDS', 2, 'a', 'b')).toEqual({
      reply: '*2 $1 1 $1 2',
      effects: ['0: HPERSIST h FIELDS 1 b'],
      events: ['0: hpersist h'],
    });
    expect(h.trace('HGETEX', 'h', 'EX', 0, 'FIELDS', 3, 'a', 'b', 'c')).toEqual({
      reply: '*3 $1 1 $1 2 $1 3',
      effects: ['0: HDEL h a b c'],
      events: ['0: hdel h', '0: del h'],
    });
    expect(h.run('HGETEX', 'h', 'EX', 0, 'FIELDS', 1, 'a')).toBe('*1 $-1');
  });
});

describe('HGETDEL', () => {
  it('answers values and removes the fields, the hash with the last', () => {
    h.prepare('HSET h a 1 b 2', 'HEXPIRE h 5 FIELDS 1 a');
    expect(h.trace('HGETDEL', 'h', 'FIELDS', 1, 'x')).toEqual({ reply: '*1 $-1', effects: [], events: [] });
    expect(h.trace('HGETDEL', 'h', 'FIELDS', 3, 'a', 'x', 'a')).toEqual({
      reply: '*3 $1 1 $-1 $-1',
      effects: ['0: HDEL h a'],
      events: ['0: hdel h'],
    });
    expect(h.trace('HGETDEL', 'h', 'FIELDS', 1, 'b').events).toEqual(['0: hdel h', '0: del h']);
    expect(h.run('HGETDEL', 'h', 'FIELDS', 1, 'b')).toBe('*1 $-1');
    h.session.protocol = 3;
    expect(h.run('HGETDEL', 'h', 'FIELDS', 1, 'b')).toBe('*1 _');
  });
});

describe('HSETEX', () => {
  it('sets all fields with a time, logged as an absolute one', () => {
    expect(h.trace('HSETEX', 'h', 'EX', 10, 'FIELDS', 2, 'a', 1, 'b', 2)).toEqual({
      reply: ':1',
      effects: [`0: HSETEX h PXAT ${NOW + 10_000} FIELDS 2 a 1 b 2`],
      events: ['0: hset h', '0: hexpire h'],
    });
    expect(h.run('HTTL', 'h', 'FIELDS', 2, 'a', 'b')).toBe('*2 :10 :10');
    h.run('HSETEX', 'h', 'PXAT', NOW + 20_000, 'FXX', 'FIELDS', 1, 'a', 'x');
    expect(h.run('HPTTL', 'h', 'FIELDS', 1, 'a')).toBe('*1 :20000');
    expect(h.run('HMGET', 'h', 'a', 'b')).toBe('*2 $1 x $1 2');
  });

  it('without a time takes times away, unless KEEPTTL', () => {
    h.prepare('HSETEX h EX 10 FIELDS 2 a 1 b 2');
    expect(h.trace('HSETEX', 'h', 'FIELDS', 1, 'a', 'x')).toEqual({
      reply: ':1',
      effects: ['0: HSETEX h FIELDS 1 a x'],
      events: ['0: hset h'],
    });
    h.run('HSETEX', 'h', 'KEEPTTL', 'FIELDS', 1, 'b', 'y');
    expect(h.run('HTTL', 'h', 'FIELDS', 2, 'a', 'b')).toBe('*2 :-1 :10');
  });

  it('sets all or none under FNX and FXX', () => {
    expect(h.trace('HSETEX', 'h', 'FXX', 'FIELDS', 1, 'a', 1)).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.run('EXISTS', 'h')).toBe(':0');
    expect(h.run('HSETEX', 'h', 'FNX', 'EX', 5, 'FIELDS', 2, 'a', 1, 'a', 2)).toBe(':1');
    expect(h.run('HSETEX', 'h', 'FNX', 'FIELDS', 2, 'b', 1, 'a', 3)).toBe(':0');
    expect(h.run('HSETEX', 'h', 'fxx', 'FIELDS', 2, 'a', 1, 'b', 3)).toBe(':0');
    expect(h.run('HGETALL', 'h')).toBe('*2 $1 a $1 2');
  });

  it('leaves nothing behind when the time is past', () => {
    expect(h.trace('HSETEX', 'h', 'PXAT', 5, 'FIELDS', 2, 'a', 1, 'b', 2)).toEqual({
      reply: ':1',
      effects: ['0: HDEL h a b'],
      events: ['0: hset h', '0: hdel h', '0: del h'],
    });
    expect(h.run('EXISTS', 'h')).toBe(':0');
  });
});

describe('errors', () => {
  const MISPLACED = '-ERR Mandatory argument FIELDS is missing or not at the right position';
  const DIFFERENT = '-ERR The `numfields` parameter must match the number of arguments';
  const SETTING = '-ERR Parameter `numFields` should be greater than 0';
  const READING = '-ERR Number of fields must be a positive integer';
  const INTEGER = '-ERR value is not an integer or out of range';
  const NEGATIVE = '-ERR invalid expire time, must be >= 0';
  const arity = (name: string): string => `-ERR wrong number of arguments for '${name}' command`;
  const late = (name: string): string => `-ERR invalid expire time in '${name}' command`;

  it.each([
    ['HEXPIRE h 10 FIELDS 1', arity('hexpire')],
    ['HEXPIRE h 10 FIELD 1 a', MISPLACED],
    ['HEXPIRE h 10 NX XX FIELDS 1 a', MISPLACED],
    ['HEXPIRE h 10 FIELDS 2 a', DIFFERENT],
    ['HEXPIRE h 10 NX FIELDS 1', DIFFERENT],
    ['HEXPIRE h 10 FIELDS 1 a b', DIFFERENT],
    ['HEXPIRE h 10 FIELDS 0 a', SETTING],
    ['HEXPIRE h 10 FIELDS x a', SETTING],
    ['HEXPIRE h ten FIELDS 1 a', INTEGER],
    ['HEXPIRE h -1 FIELDS 1 a', NEGATIVE],
    ['HEXPIRE h 70368744178 FIELDS 1 a', late('hexpire')],
    ['HPEXPIRE h 70368744177663 FIELDS 1 a', late('hpexpire')],
    ['HEXPIREAT h 70368744178 FIELDS 1 a', late('hexpireat')],
    ['HPEXPIREAT h 70368744177664 FIELDS 1 a', late('hpexpireat')],
    ['HPEXPIREAT h 9223372036854775807 FIELDS 1 a', late('hpexpireat')],
    ['HTTL h FIELDS 1', arity('httl')],
    ['HTTL h FIELD 1 a', MISPLACED],
    ['HPTTL h FIELDS 0 a', READING],
    ['HEXPIRETIME h FIELDS a a', READING],
    ['HPEXPIRETIME h FIELDS 2 a', DIFFERENT],
    ['HPERSIST h FIELDS -1 a', READING],
    ['HPERSIST h FIELDS 2 a', DIFFERENT],
    ['HPERSIST h X 1 a', MISPLACED],
    ['HGETDEL h FIELDS 1', arity('hgetdel')],
    ['HGETDEL h X 1 a', MISPLACED],
    ['HGETDEL h FIELDS 0 a', READING],
    ['HGETDEL h FIELDS 3 a b', DIFFERENT],
    ['HGETEX h FIELDS 1', arity('hgetex')],
    ['HGETEX h X 1 a', MISPLACED],
    ['HGETEX h PXAT 1 1', MISPLACED],
    ['HGETEX h EX 1 FIELDS', arity('hgetex')],
    ['HGETEX h PERSIST 1 FIELDS 1 a', MISPLACED],
    ['HGETEX h FIELDS 9223372036854775808 a', READING],
    ['HGETEX h EX bla FIELDS 1 a', INTEGER],
    ['HGETEX h PX -1 FIELDS 1 a', NEGATIVE],
    ['HGETEX h EX 281474976710656 FIELDS 1 a', late('hgetex')],
    ['HSETEX h FIELDS 1 a', arity('hsetex')],
    ['HSETEX h FIELDS 2 a b c', arity('hsetex')],
    ['HSETEX h FIELDS 2 a b', arity('hsetex')],
    ['HSETEX h FNX FNX FIELDS 1 a b', '-ERR Only one of FXX or FNX arguments can be specified'],
    ['HSETEX h FNX FXX FIELDS 1 a b', '-ERR Only one of FXX or FNX arguments can be specified'],
    ['HSETEX h EX 1 PX 1 FIELDS 1 a b', '-ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified'],
    ['HSETEX h EX 1 KEEPTTL FIELDS 1 a b', '-ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified'],
    ['HSETEX h FXX KEEPTTL KEEPTTL EX', '-ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified'],
    ['HSETEX h FXX X 1 a b', '-ERR unknown argument: X'],
    ['HSETEX h FXX EX 1 PX', '-ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified'],
    ['HSETEX h FXX KEEPTTL FIELDS 1', arity('hsetex')],
    ['HSETEX h FIELDS 0 a b', '-ERR invalid number of fields'],
    ['HSETEX h FIELDS 2147483648 a b', '-ERR invalid number of fields'],
    ['HSETEX h EX x FIELDS 1 a b', INTEGER],
    ['HSETEX h EX -5 FIELDS 1 a b', NEGATIVE],
    ['HSETEX h PX 70368744177664 FIELDS 1 a b', late('hsetex')],
  ])('%s: %s', (line, error) => {
    h.prepare('HSET h a 1');
    expect(h.trace(...line.split(' '))).toEqual({ reply: error, effects: [], events: [] });
    expect(h.run('HGETALL', 'h')).toBe('*2 $1 a $1 1');
  });

  it.each([
    'HEXPIRE s 10 FIELDS 1 a',
    'HPEXPIREAT s 10 FIELDS 1 a',
    'HTTL s FIELDS 1 a',
    'HPERSIST s FIELDS 1 a',
    'HGETEX s FIELDS 1 a',
    'HGETDEL s FIELDS 1 a',
    'HSETEX s FIELDS 1 a b',
  ])('%s: WRONGTYPE', (line) => {
    h.prepare('SET s v');
    expect(h.run(...line.split(' '))).toBe('-WRONGTYPE Operation against a key holding the wrong kind of value');
  });

  it('the largest time is 2^46 - 1 ms', () => {
    h.prepare('HSET h a 1');
    expect(h.run('HPEXPIREAT', 'h', 70368744177663, 'FIELDS', 1, 'a')).toBe('*1 :1');
    expect(h.run('HPEXPIRETIME', 'h', 'FIELDS', 1, 'a')).toBe('*1 :70368744177663');
  });
});
