// Fields with a time to live through the server and its log: they have the same time after a restart, and those whose time
// came are gone for good.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server } from '@clone/server';
import { beforeEach, expect, test } from 'vitest';
import { Client, request } from './support/client.js';
import { start, temporaryDirectory, until } from './support/server.js';

let now: number;
let config: Record<string, string>;

beforeEach(() => {
  now = 1_700_000_000_000;
  config = { appendonly: 'yes', dir: temporaryDirectory() };
});

const open = (): Promise<Server> => start({ config, clock: () => now });
const attach = (server: Server): Client => new Client(server.connect());
const digest = (client: Client): Promise<string> => client.text('DEBUG', 'DIGEST');

function log(kind: 'base' | 'incr'): string {
  const directory = join(config.dir!, 'appendonlydir');
  const files = readdirSync(directory).filter((name) => name.includes(`.${kind}.`));
  return files.map((name) => readFileSync(join(directory, name), 'latin1')).join('');
}

const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `f${i}`);

async function fill(client: Client): Promise<void> {
  const big = names(1000).flatMap((name) => [name, name.repeat(3)]);
  const replies = await client.pipeline([
    ['HSET', 'small', 'a', 1, 'b', 2, 'c', 3],
    ['HPEXPIRE', 'small', 1000, 'FIELDS', 1, 'a'],
    ['HEXPIRE', 'small', 100, 'FIELDS', 1, 'b'],
    ['HSET', 'big', ...big],
    ['HPEXPIRE', 'big', 1000, 'FIELDS', 300, ...names(300)],
    ['HEXPIRE', 'big', 100, 'FIELDS', 2, 'f700', 'f800'],
    ['HPERSIST', 'big', 'FIELDS', 1, 'f700'],
    ['HINCRBYFLOAT', 'small', 'b', '0.5'],
    ['HSETEX', 'more', 'EX', 50, 'FIELDS', 2, 'x', 1, 'y', 2],
    ['HSET', 'more', 'y', 3],
    ['HGETEX', 'more', 'PX', 70, 'FIELDS', 1, 'x'],
    ['HSET', 'going', 'f', 'v'],
    ['HPEXPIRE', 'going', 500, 'FIELDS', 1, 'f'],
    ['EXPIRE', 'small', 1000],
  ]);
  expect(replies.filter((reply) => typeof reply === 'string' && reply.startsWith('-'))).toEqual([]);
}

async function times(client: Client): Promise<unknown> {
  return client.pipeline([
    ['HPEXPIRETIME', 'small', 'FIELDS', 3, 'a', 'b', 'c'],
    ['HPEXPIRETIME', 'big', 'FIELDS', 5, 'f0', 'f299', 'f300', 'f700', 'f800'],
    ['HPEXPIRETIME', 'more', 'FIELDS', 2, 'x', 'y'],
    ['HPEXPIRETIME', 'going', 'FIELDS', 1, 'f'],
    ['PEXPIRETIME', 'small'],
    ['OBJECT', 'ENCODING', 'small'],
    ['OBJECT', 'ENCODING', 'big'],
    ['HGETALL', 'small'],
  ]);
}

test('fields keep their times through a restart, from the log as from its base', async () => {
  const server = await open();
  const client = attach(server);
  await fill(client);
  const before = [await times(client), await digest(client)];
  await server.stop();

  const second = await open();
  const again = attach(second);
  expect([await times(again), await digest(again)]).toEqual(before);
  await again.call('BGREWRITEAOF');
  await until(async () => (await again.info('aof_rewrite_in_progress')) === '0');
  await second.stop();
  expect(log('base')).toContain(request('HPEXPIREAT', 'going', String(now + 500), 'FIELDS', '1', 'f'));
  expect(log('incr')).toBe('');

  const third = await open();
  const last = attach(third);
  expect([await times(last), await digest(last)]).toEqual(before);
  await third.stop();
});

test('fields that expire are logged as HDEL, whether somebody asked for them or not', async () => {
  const server = await open();
  const client = attach(server);
  await fill(client);
  await client.call('DEBUG', 'SET-ACTIVE-EXPIRE', 0);
  now += 1001;
  expect(await client.call('HGET', 'small', 'a')).toBe(null);
  expect(await client.call('HLEN', 'big')).toBeGreaterThan(700);
  expect(await client.call('HKEYS', 'big')).toHaveLength(700);
  expect(await client.call('EXISTS', 'going')).toBe(1);
  await client.call('DEBUG', 'SET-ACTIVE-EXPIRE', 1);
  await until(async () => (await client.call('EXISTS', 'going')) === 0);
  await until(() => Promise.resolve(server.keyspace.stats.expiredFields === 303));
  const before = [await times(client), await digest(client)];
  await server.stop();
  for (const removed of [request('HDEL', 'small', 'a'), request('HDEL', 'going', 'f'), request('HDEL', 'big', 'f7')]) {
    expect(log('incr')).toContain(removed);
  }
  expect(log('incr')).not.toContain('HGET');

  now -= 1001;
  const second = await open();
  const again = attach(second);
  expect(await again.call('EXISTS', 'going')).toBe(0);
  expect([await times(again), await digest(again)]).toEqual(before);
  await second.stop();
});

test('fields that expire while the log is rewritten are in neither of its parts afterwards', async () => {
  const server = await open();
  const client = attach(server);
  await fill(client);
  await client.pipeline(names(5000).map((name) => ['SET', name, 'x'.repeat(100)]));
  await client.call('BGREWRITEAOF');
  now += 1001;
  await client.pipeline([
    ['HGETALL', 'small'],
    ['HSETNX', 'big', 'f5', 'new'],
    ['HSET', 'going', 'g', 'v'],
  ]);
  await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
  await until(() => Promise.resolve(server.keyspace.stats.expiredFields >= 302));
  const before = [await times(client), await digest(client)];
  await server.stop();
  const second = await open();
  const again = attach(second);
  expect([await times(again), await digest(again)]).toEqual(before);
  await second.stop();
});
