import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

/** The cursor and the names of a SCAN reply whose names have no blanks. */
function parts(reply: string): { cursor: string; names: string[] } {
  const [, , cursor = '', , ...rest] = reply.split(' ');
  return { cursor, names: rest.filter((_, i) => i % 2 === 1) };
}

function filled(count: number): Harness {
  const h = new Harness();
  for (let i = 0; i < count; i++) h.run('SET', `key:${i}`, i);
  h.takeEffects();
  h.takeEvents();
  return h;
}

describe('SCAN', () => {
  it('answers every key that stays, while others come and go', () => {
    const h = filled(1000);
    const found = new Set<string>();
    let cursor = '0';
    let added = 0;
    do {
      const part = parts(h.run('SCAN', cursor, 'COUNT', 7));
      for (const name of part.names) found.add(name);
      cursor = part.cursor;
      h.run('DEL', `key:${2 * added}`);
      for (let i = 0; i < 20; i++) h.run('SET', `new:${added++}`, 1);
    } while (cursor !== '0');
    const stayed = Array.from({ length: 500 }, (_, i) => `key:${2 * i + 1}`);
    expect(stayed.filter((name) => !found.has(name))).toEqual([]);
  });

  it('does no more in a call than its COUNT asks for', () => {
    const h = filled(5000);
    expect(parts(h.run('SCAN', 0)).names.length).toBeLessThan(40);
    expect(parts(h.run('SCAN', 0, 'COUNT', 100)).names.length).toBeLessThan(200);
    // Nothing matches: the call ends all the same, before it has seen all keys.
    expect(parts(h.run('SCAN', 0, 'MATCH', 'nothing', 'COUNT', 10)).cursor).not.toBe('0');
    expect(parts(h.run('SCAN', 0, 'COUNT', '9223372036854775807')).names).toHaveLength(5000);
  });

  it('removes the expired keys that match, of any type', () => {
    const h = new Harness();
    h.prepare('SET a v PX 1', 'SET b v', 'HSET c f v', 'PEXPIRE c 1');
    h.advance(2);
    expect(h.trace('SCAN', 0, 'MATCH', 'x')).toEqual({ reply: '*2 $1 0 *0', effects: [], events: [] });
    expect(h.trace('SCAN', 0, 'TYPE', 'string')).toEqual({
      reply: '*2 $1 0 *1 $1 b',
      effects: [],
      events: ['0: expired a', '0: expired c'],
    });
    expect(h.run('DBSIZE')).toBe(':1');
  });

  it('hides expired keys that may not be removed', () => {
    const h = new Harness();
    h.prepare('SET a v PX 1', 'SET b v');
    h.advance(2);
    h.keyspace.expireEnabled = false;
    expect(h.trace('SCAN', 0)).toEqual({ reply: '*2 $1 0 *1 $1 b', effects: [], events: [] });
    expect(h.run('DBSIZE')).toBe(':2');
  });

  it('survives any cursor', () => {
    const h = filled(100);
    for (const cursor of ['1', '4294967295', '4294967296', '18446744073709551615', '+7']) {
      expect(h.run('SCAN', cursor)).toMatch(/^\*2 /);
    }
    for (const cursor of ['x', '-1', '', '1 ', '-', '18446744073709551616', '9'.repeat(1000)]) {
      expect(h.run('SCAN', cursor)).toBe('-ERR invalid cursor');
    }
  });
});

describe('KEYS', () => {
  it('answers all that match, and removes nothing', () => {
    const h = new Harness();
    h.prepare('SET a v PX 1', 'SET b v', 'SET bc v');
    h.advance(2);
    expect(h.trace('KEYS', 'b')).toEqual({ reply: '*1 $1 b', effects: [], events: [] });
    expect(h.trace('KEYS', 'a')).toEqual({ reply: '*0', effects: [], events: [] });
    expect(h.run('KEYS', '*').startsWith('*2 ')).toBe(true);
    expect(h.run('DBSIZE')).toBe(':3');
  });
});
