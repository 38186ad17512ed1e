import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

describe('OBJECT IDLETIME', () => {
  it('counts the seconds since a key was used, and is no use itself', () => {
    const h = new Harness();
    h.prepare('SET s v', 'HSET h f v');
    const idle = (): string[] => [h.run('OBJECT', 'IDLETIME', 's'), h.run('OBJECT', 'IDLETIME', 'h')];
    h.advance(30_000);
    expect(idle()).toEqual([':30', ':30']);
    h.run('GET', 's');
    h.run('HSET', 'h', 'g', 'w');
    expect(idle()).toEqual([':0', ':0']);
    h.advance(5000);
    expect(idle()).toEqual([':5', ':5']);
  });

  it('goes along with a renamed key', () => {
    const h = new Harness();
    h.prepare('SET s v');
    h.advance(30_000);
    h.session.noTouch = true;
    h.run('RENAME', 's', 't');
    expect(h.run('OBJECT', 'IDLETIME', 't')).toBe(':30');
  });

  it('is no business of an LFU policy, nor FREQ of another', () => {
    const h = new Harness();
    h.prepare('SET s v');
    expect(h.run('OBJECT', 'FREQ', 's')).toMatch(/^-ERR An LFU maxmemory policy is not selected/);
    h.keyspace.maxmemoryPolicyIsLfu = true;
    expect(h.run('OBJECT', 'IDLETIME', 's')).toMatch(/^-ERR An LFU maxmemory policy is selected/);
  });
});

describe('OBJECT FREQ', () => {
  function lfu(random: number): Harness {
    const h = new Harness(() => random);
    h.keyspace.maxmemoryPolicyIsLfu = true;
    h.advance(0);
    h.prepare('SET s v');
    return h;
  }

  it('counts uses by chance, less likely the more there were', () => {
    const h = lfu(0.05);
    const counts = Array.from({ length: 6 }, () => {
      h.run('GET', 's');
      return h.run('OBJECT', 'FREQ', 's');
    });
    // 1/1, 1/11, then 1/21 < 0.05.
    expect(counts).toEqual([':6', ':7', ':7', ':7', ':7', ':7']);
  });

  it('loses one for each minute without use', () => {
    const h = lfu(0);
    for (let i = 0; i < 5; i++) h.run('GET', 's');
    expect(h.run('OBJECT', 'FREQ', 's')).toBe(':10');
    h.advance(3 * 60_000);
    expect(h.run('OBJECT', 'FREQ', 's')).toBe(':7');
    h.advance(60 * 60_000);
    expect(h.run('OBJECT', 'FREQ', 's')).toBe(':0');
  });
});

describe('OBJECT ENCODING and REFCOUNT', () => {
  it('know how a value is kept', () => {
    const h = new Harness();
    h.prepare('SET i 12345', 'SET e text', `SET r ${'x'.repeat(45)}`, 'HSET h f v', `HSET H f ${'x'.repeat(65)}`);
    const encodings = ['i', 'e', 'r', 'h', 'H'].map((key) => h.run('OBJECT', 'ENCODING', key).split(' ')[1]);
    expect(encodings).toEqual(['int', 'embstr', 'raw', 'listpack', 'hashtable']);
    expect(h.run('OBJECT', 'REFCOUNT', 'i')).toBe(':1');
    h.run('SET', 'i', 9999);
    expect(h.run('OBJECT', 'REFCOUNT', 'i')).toBe(':2147483647');
  });

  it('leave nothing behind, and answer null for a missing key', () => {
    const h = new Harness();
    for (const sub of ['ENCODING', 'REFCOUNT', 'IDLETIME', 'FREQ']) {
      expect(h.trace('OBJECT', sub, 'none')).toEqual({ reply: '$-1', effects: [], events: [] });
    }
  });

  it('HELP lists every subcommand', () => {
    const help = new Harness().run('OBJECT', 'HELP');
    for (const sub of ['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT', 'HELP']) expect(help).toContain(`+${sub}`);
  });
});
