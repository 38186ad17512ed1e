import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const NOW = 1_700_000_000_000;

describe('EXPIRE and its relatives', () => {
  it.each([
    ['EXPIRE', 10, NOW + 10_000],
    ['PEXPIRE', 1500, NOW + 1500],
    ['EXPIREAT', 1_800_000_000, 1_800_000_000_000],
    ['PEXPIREAT', 1_800_000_000_001, 1_800_000_000_001],
  ])('%s is fed as PEXPIREAT, with its condition', (name, given, time) => {
    const h = new Harness();
    h.prepare('SET k v');
    expect(h.trace(name, 'k', given, 'nx')).toEqual({
      reply: ':1',
      effects: [`0: PEXPIREAT k ${time} nx`],
      events: ['0: expire k'],
    });
    expect(h.run('PEXPIRETIME', 'k')).toBe(`:${time}`);
  });

  it.each([
    ['EXPIRE', 0],
    ['PEXPIRE', -1],
    ['EXPIREAT', 1],
    ['PEXPIREAT', NOW],
  ])('%s in the past deletes, and is fed as DEL', (name, given) => {
    const h = new Harness();
    h.prepare('SET k v EX 100');
    expect(h.trace(name, 'k', given, 'LT')).toEqual({ reply: ':1', effects: ['0: DEL k'], events: ['0: del k'] });
    expect(h.run('EXISTS', 'k')).toBe(':0');
  });

  it('a time in the past does not delete while a log is loaded', () => {
    const h = new Harness();
    h.prepare('SET k v');
    h.keyspace.loading = true;
    h.prepare('PEXPIREAT k 1');
    h.keyspace.loading = false;
    expect(h.trace('GET', 'k')).toEqual({ reply: '$-1', effects: [], events: ['0: expired k'] });
  });

  it('leave nothing behind when refused', () => {
    const h = new Harness();
    h.prepare('SET k v EX 100');
    const refused = { reply: ':0', effects: [], events: [] };
    expect(h.trace('EXPIRE', 'none', 10)).toEqual(refused);
    expect(h.trace('EXPIRE', 'k', 10, 'NX')).toEqual(refused);
    expect(h.trace('EXPIRE', 'k', 50, 'GT')).toEqual(refused);
    expect(h.trace('EXPIRE', 'k', 200, 'LT')).toEqual(refused);
    expect(h.trace('EXPIRE', 'k', 'x')).toMatchObject({ effects: [], events: [] });
  });

  it('compare times beyond 2^53 exactly', () => {
    const h = new Harness();
    h.prepare('SET k v', 'PEXPIREAT k 9223372036854775806');
    expect(h.run('PEXPIREAT', 'k', '9223372036854775806', 'GT')).toBe(':0');
    expect(h.run('PEXPIREAT', 'k', '9223372036854775807', 'GT')).toBe(':1');
    expect(h.run('PEXPIREAT', 'k', '9223372036854775807', 'LT')).toBe(':0');
    expect(h.run('PEXPIRETIME', 'k')).toBe(':9223372036854775807');
  });
});

describe('TTL and its relatives', () => {
  it('count down as time goes on', () => {
    const h = new Harness();
    h.prepare('SET k v PX 2600');
    const ttl = (): string[] => [h.run('TTL', 'k'), h.run('PTTL', 'k'), h.run('PEXPIRETIME', 'k')];
    expect(ttl()).toEqual([':3', ':2600', `:${NOW + 2600}`]);
    h.advance(1200);
    expect(ttl()).toEqual([':1', ':1400', `:${NOW + 2600}`]);
    h.advance(1400);
    expect(ttl()).toEqual([':0', ':0', `:${NOW + 2600}`]);
    h.advance(1);
    expect(ttl()).toEqual([':-2', ':-2', ':-2']);
  });
});

describe('PERSIST', () => {
  it('is fed and reported when there was a time', () => {
    const h = new Harness();
    h.prepare('SET k v EX 100');
    expect(h.trace('PERSIST', 'k')).toEqual({ reply: ':1', effects: ['0: PERSIST k'], events: ['0: persist k'] });
    expect(h.trace('PERSIST', 'k')).toEqual({ reply: ':0', effects: [], events: [] });
  });
});
