import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer, type Server } from './server.js';

/** More than are looked ahead at in a big collection. */
const ELEMENTS = 6000;

const request = (words: readonly (string | number)[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${String(word).length}\r\n${word}\r\n`).join('')}`;

const DATA = request(['SET', 'text', 'x'])
  .concat(...Array.from({ length: ELEMENTS }, (_, i) => request(['ZADD', 'zset', i % 500, `m${i}`])))
  .concat(...Array.from({ length: ELEMENTS }, (_, i) => request(['SADD', 'set', `m${i}`])))
  .concat(...Array.from({ length: ELEMENTS }, (_, i) => request(['HSET', 'hash', `m${i}`, i])));

const servers: Server[] = [];
const clients: Duplex[] = [];

/** Sends these bytes at once and answers what comes back up to the reply of an ECHO behind them. */
async function replies(client: Duplex, bytes: string): Promise<string> {
  let text = '';
  client.write(Buffer.from(bytes + request(['ECHO', 'the end']), 'latin1'));
  while (!text.endsWith('the end\r\n')) {
    const [chunk] = (await once(client, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
  return text.slice(0, -'$7\r\nthe end\r\n'.length);
}

beforeAll(async () => {
  for (let i = 0; i < 2; i++) {
    const server = await createServer({ port: false });
    servers.push(server);
    const client = server.connect();
    clients.push(client);
    await replies(client, DATA);
  }
});

afterAll(async () => {
  for (const server of servers) await server.stop();
});

const any = (i: number): number => (i * 7919) % (ELEMENTS + 1000);
const requestsLike = (words: (i: number) => (string | number)[]): string[] =>
  Array.from({ length: 100 }, (_, i) => request(words(i)));

test.each<[string, string[]]>([
  ['SISMEMBER', requestsLike((i) => ['SISMEMBER', 'set', `m${any(i)}`])],
  ['SADD and SREM', requestsLike((i) => [i % 3 === 0 ? 'SREM' : 'SADD', 'set', `m${any(i >> 1)}`])],
  ['HGET', requestsLike((i) => ['HGET', 'hash', `m${any(i)}`])],
  ['HSET of several fields', requestsLike((i) => ['HSET', 'hash', `m${any(i)}`, i, `m${any(i + 1)}`, i])],
  ['ZSCORE', requestsLike((i) => ['ZSCORE', 'zset', `m${any(i)}`])],
  ['ZRANK', requestsLike((i) => ['ZRANK', 'zset', `m${any(i)}`])],
  ['ZADD', requestsLike((i) => ['ZADD', 'zset', any(i) % 600, `m${any(i >> 1)}`])],
  ['ZADD with options', requestsLike((i) => ['ZADD', 'zset', 'GT', 'CH', `${any(i) % 600}.25`, `m${any(i)}`])],
  ['ZINCRBY', requestsLike((i) => ['ZINCRBY', 'zset', '1.5', `m${any(i)}`])],
  [
    'ZREM and ZADD',
    requestsLike((i) => (i % 2 === 0 ? ['ZREM', 'zset', `m${any(i)}`] : ['ZADD', 'zset', 1, `m${any(i - 1)}`])),
  ],
  ['ZRANGEBYSCORE', requestsLike((i) => ['ZRANGEBYSCORE', 'zset', any(i) % 600, '+inf', 'LIMIT', 0, 10])],
  ['ZCOUNT', requestsLike((i) => ['ZCOUNT', 'zset', `(${any(i) % 600}`, 500])],
  ['ZPOPMIN', requestsLike(() => ['ZPOPMIN', 'zset'])],
  [
    'a mixture',
    requestsLike((i) => [['ZSCORE', 'zset', `m${i}`], ['HGET', 'hash', `m${i}`], ['PING'], ['GET', 'text']][i % 4]!),
  ],
  [
    'errors',
    requestsLike(
      (i) =>
        [
          ['ZADD', 'zset', 'x', 'y'],
          ['ZADD', 'zset'],
          ['ZRANK', 'set', 'm1'],
          ['NONE', 'zset', 1],
        ][i % 4]!,
    ),
  ],
])('%s: a pipeline is answered as its requests one by one would be', async (_, requests) => {
  const together = await replies(clients[0]!, requests.join(''));
  let apart = '';
  for (const each of requests) apart += await replies(clients[1]!, each);
  expect(together).toBe(apart);
});
