import { expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

function prepared(...lines: readonly string[]): Harness {
  const h = new Harness();
  h.prepare(...lines);
  return h;
}

it('ZMPOP and the blocking pops are logged as the ZPOPMIN or ZPOPMAX that they were', () => {
  const h = prepared('ZADD z 1 a 2 b 3 c 4 d 5 e 6 f');
  expect(h.trace('BZPOPMIN', 'missing', 'z', 0).effects).toEqual(['0: ZPOPMIN z']);
  expect(h.trace('BZPOPMAX', 'z', 0).effects).toEqual(['0: ZPOPMAX z']);
  expect(h.trace('ZMPOP', 2, 'missing', 'z', 'MAX', 'COUNT', 2).effects).toEqual(['0: ZPOPMAX z 2']);
  expect(h.trace('BZMPOP', 0, 1, 'z', 'MIN', 'COUNT', 100)).toEqual({
    reply: '*2 $1 z *2 *2 $1 b $1 2 *2 $1 c $1 3',
    effects: ['0: ZPOPMIN z 2'],
    events: ['0: zpopmin z', '0: del z'],
  });
  expect(h.trace('ZMPOP', 1, 'z', 'MIN')).toEqual({ reply: '*-1', effects: [], events: [] });
});

it('a session that may not wait is answered as if time were over', () => {
  const h = prepared();
  expect(h.trace('ZPOPMIN', 'z').reply).toBe('*0');
  expect(h.session.mayBlock).toBe(false);
  expect(h.run('BZPOPMIN', 'z', 0)).toBe('*-1');
  expect(h.run('BZMPOP', 0, 1, 'z', 'MIN')).toBe('*-1');
  expect(h.dispatcher.blocked.count).toBe(0);
});

it('a client that waits gets what comes, and it is logged', () => {
  const h = prepared();
  h.session.mayBlock = true;
  const replies: string[] = [];
  h.dispatcher.blocked.host = {
    blocked: () => undefined,
    postponed: () => undefined,
    beforeAnswer: () => undefined,
    answered: (session, reply) =>
      replies.push(`${session.id}: ${String.fromCharCode(...reply.buffer.subarray(0, reply.length))}`),
  };
  expect(h.run('BZPOPMAX', 'x', 'z', 5)).toBe('');
  const { effects } = h.trace('ZADD', 'z', '1.5', 'a', 2, 'b');
  h.dispatcher.blocked.serve();
  expect(replies).toEqual(['1: *3\r\n$1\r\nz\r\n$1\r\nb\r\n$1\r\n2\r\n']);
  expect([...effects, ...h.takeEffects()]).toEqual(['0: ZADD z 1.5 a 2 b', '0: ZPOPMAX z']);
  expect(h.run('ZRANGE', 'z', 0, -1)).toBe('*1 $1 a');
});
