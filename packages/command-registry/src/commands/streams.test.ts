import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const MORNING = 1_700_000_000_000;

describe('XADD with *', () => {
  it('takes the time of the command, and goes on from the last id while the clock stands still or goes back', () => {
    const h = new Harness();
    expect(h.run('XADD', 's', '*', 'f', 'v')).toBe(`$15 ${MORNING}-0`);
    expect(h.run('XADD', 's', '*', 'f', 'v')).toBe(`$15 ${MORNING}-1`);
    h.advance(5);
    expect(h.run('XADD', 's', '*', 'f', 'v')).toBe(`$15 ${MORNING + 5}-0`);
    h.advance(-5000);
    expect(h.run('XADD', 's', '*', 'f', 'v')).toBe(`$15 ${MORNING + 5}-1`);
  });

  it('is logged with the id that it got', () => {
    const h = new Harness();
    expect(h.trace('XADD', 's', 'MAXLEN', '5', '*', 'f', 'v')).toEqual({
      reply: `$15 ${MORNING}-0`,
      effects: [`0: XADD s MAXLEN 5 ${MORNING}-0 f v`],
      events: ['0: xadd s'],
    });
    expect(h.trace('XADD', 's', '9999999999999-*', 'f', 'v').effects).toEqual(['0: XADD s 9999999999999-0 f v']);
    expect(h.trace('XADD', 's', '09999999999999-7', 'f', 'v').effects).toEqual(['0: XADD s 09999999999999-7 f v']);
  });
});

describe('approximate trimming', () => {
  it('is logged as exact, with its limit, and takes that away when it is loaded', () => {
    const h = new Harness();
    h.keyspace.streamNodeMaxEntries = 2;
    for (let i = 1; i <= 9; i++) h.run('XADD', 's', `${i}-1`, 'f', 'v');
    h.takeEffects();
    expect(h.trace('XTRIM', 's', 'MAXLEN', '~', 4, 'LIMIT', 3)).toMatchObject({
      reply: ':2',
      effects: ['0: XTRIM s MAXLEN = 7 LIMIT 3'],
      events: [...Array.from({ length: 9 }, () => '0: xadd s'), '0: xtrim s'],
    });
    expect(h.trace('XTRIM', 's', 'MINID', '~', '6-1').effects).toEqual(['0: XTRIM s MINID = 5-1']);
    expect(h.trace('XTRIM', 's', 'MINID', '~', '100').effects).toEqual([
      '0: XTRIM s MINID = 18446744073709551615-18446744073709551615',
    ]);
    for (let i = 1; i <= 3; i++) h.run('XADD', 's', `1${i}-1`, 'f', 'v');
    expect(h.run('XTRIM', 's', 'MAXLEN', '=', 1, 'LIMIT', 1)).toContain('LIMIT cannot be used');
    h.keyspace.loading = true;
    expect(h.run('XTRIM', 's', 'MAXLEN', '=', 1, 'LIMIT', 1)).toBe(':2');
  });
});

describe('XREAD', () => {
  it('replies as if time were over where the session may not block', () => {
    const h = new Harness();
    expect(h.run('XREAD', 'BLOCK', 0, 'STREAMS', 's', '$')).toBe('*-1');
  });
});

describe('the reply of XADD', () => {
  it('is the id, whatever id was replied before', () => {
    const h = new Harness();
    for (const id of ['0-1', '1-1', '1-2', '4294967296-0', '4294967297-1', '4294967297-18446744073709551615']) {
      expect(h.run('XADD', 's', id, 'f', 'v')).toBe(`$${id.length} ${id}`);
    }
  });
});
