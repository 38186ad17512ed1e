import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

describe('SORT', () => {
  it('is logged only if it stores', () => {
    const server = new Harness();
    server.prepare('RPUSH l 3 1 2');
    expect(server.trace('SORT', 'l')).toEqual({ reply: '*3 $1 1 $1 2 $1 3', effects: [], events: [] });
    expect(server.trace('SORT', 'l', 'STORE', 'd')).toEqual({
      reply: ':3',
      effects: ['0: SORT l STORE d'],
      events: ['0: sortstore d'],
    });
    expect(server.trace('SORT', 'missing', 'STORE', 'd')).toEqual({
      reply: ':0',
      effects: ['0: SORT missing STORE d'],
      events: ['0: del d'],
    });
    expect(server.trace('SORT', 'missing', 'STORE', 'd')).toEqual({ reply: ':0', effects: [], events: [] });
  });

  it('is logged as its result if that depends on the order of a set', () => {
    const server = new Harness();
    server.prepare('SADD s 3 1 2');
    const effects = (...request: (string | number)[]): string[] => server.trace(...request).effects;
    const asked = ['SORT', 's', 'BY', 'w_*', 'ALPHA', 'STORE', 'd'];
    expect(effects(...asked)).toEqual(['0: MULTI', '0: DEL d', '0: RPUSH d 1 2 3', '0: EXEC']);
    expect(effects(...asked, 'LIMIT', 9, 1)).toEqual(['0: SORT s BY w_* ALPHA STORE d LIMIT 9 1']);
    expect(effects(...asked, 'LIMIT', 9, 1)).toEqual([]);
    server.prepare('SADD many ' + Array.from({ length: 70 }, (_, i) => i).join(' '));
    expect(effects('SORT', 'many', 'BY', 'w_*', 'ALPHA', 'STORE', 'd')).toHaveLength(5);
    expect(effects('SORT', 's', 'BY', 'w_*', 'STORE', 'd')).toEqual(['0: SORT s BY w_* STORE d']);
  });

  it('does not see keys that have expired', () => {
    const server = new Harness();
    server.prepare('RPUSH l 1 2', 'SET w_1 9 PX 10', 'SET w_2 5');
    expect(server.run('SORT', 'l', 'BY', 'w_*')).toBe('*2 $1 2 $1 1');
    server.advance(11);
    expect(server.trace('SORT', 'l', 'BY', 'w_*', 'GET', 'w_*')).toMatchObject({
      reply: '*2 $-1 $1 5',
      events: ['0: expired w_1'],
    });
  });

  it('leaves nothing behind when a weight is no number', () => {
    const server = new Harness();
    server.prepare('RPUSH l 1 2', 'SET w_1 x');
    const before = server.keyspace.usedMemory;
    expect(server.run('SORT', 'l', 'BY', 'w_*', 'STORE', 'd')).toContain("can't be converted into double");
    expect(server.keyspace.usedMemory).toBe(before);
  });
});
