// What a client sends all day costs no garbage: from the parsed request to the reply, nothing is allocated.
import type { Request } from '@clone/resp-codec';
import { expect, it } from 'vitest';
import { Harness, requestOf } from './harness.fixture.js';
import { Session } from './session.js';

const REQUESTS = 20_000;
const ROUNDS = 12;

it.each([
  ['GET', 'k'],
  ['GET', 'missing'],
  ['SET', 'k', 'another value'],
  ['SET', 'n', '123456789'],
  ['INCR', 'n'],
  ['MSET', 'a', '1', 'b', 'two', 'c', '3'],
  ['MGET', 'a', 'b', 'missing'],
  ['HSET', 'h', 'f', 'w'],
  ['HGET', 'h', 'f'],
  ['HMGET', 'h', 'f', 'g'],
  ['HINCRBY', 'h', 'n', '1'],
  ['EXISTS', 'k'],
  ['TTL', 'k'],
  ['DEL', 'missing'],
  ['SETNX', 'k', 'v'],
  ['GETSET', 'k', 'v'],
  ['GETEX', 'k'],
  ['SET', 'k', 'v', 'KEEPTTL'],
  ['APPEND', 'k', 'more'],
  ['SETRANGE', 'k', '2', 'x'],
  ['STRLEN', 'k'],
  ['HDEL', 'h', 'missing'],
  ['LPUSH', 'l', 'x'],
  ['RPUSH', 'l', '12'],
  ['RPOPLPUSH', 'l', 'l'],
  ['LINDEX', 'l', '1'],
  ['LSET', 'l', '0', 'w'],
  ['LPOP', 'long'],
])('%s %s %s allocates nothing', (...words) => {
  const h = new Harness();
  h.dispatcher.feed = undefined;
  h.keyspace.listener = undefined;
  for (const line of ['SET k v', 'SET n 1', 'HSET h f v', 'RPUSH l a b c']) h.run(...line.split(' '));
  const thousand = requestOf('RPUSH', 'long', ...Array.from({ length: 1000 }, () => 'x'));
  for (let i = 0; words[1] === 'long' && i < (REQUESTS * ROUNDS) / 1000; i++) h.execute(thousand);
  const request = requestOf(...words.filter((word) => typeof word === 'string'));
  expect(bytesPerRequest(h, request)).toBeLessThan(2);
});

it('a write to a key that nobody cares for allocates nothing while others are watched and waited for', () => {
  const h = new Harness();
  h.dispatcher.feed = undefined;
  h.keyspace.listener = undefined;
  const [watcher, waiter] = [2, 3].map((id) => new Session({ id, mayBlock: true })) as [Session, Session];
  h.dispatcher.execute(watcher, requestOf('WATCH', ...Array.from({ length: 100 }, (_, i) => `watched:${i}`)), h.reply);
  h.dispatcher.execute(waiter, requestOf('BLPOP', 'list', '0'), h.reply);
  expect(bytesPerRequest(h, requestOf('SET', 'key:000000000001', 'v'))).toBeLessThan(2);
});

/** The least of several rounds: compilation allocates, and a collection in between makes a round worthless. */
function bytesPerRequest(h: Harness, request: Request): number {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < REQUESTS; i++) {
      h.reply.reset();
      h.dispatcher.execute(h.session, request, h.reply);
    }
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown);
  }
  return least / REQUESTS;
}
