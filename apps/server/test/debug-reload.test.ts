// DEBUG RELOAD by the append-only file: everything goes through a rewrite and a load, and is the same behind it.
import type { ReplyError } from '@clone/resp-codec';
import { expect, test } from 'vitest';
import { ControlledDisk } from './support/controlled-disk.js';
import { everyKind } from './support/data.js';
import { connect, start, temporaryDirectory } from './support/server.js';

const config = (): Record<string, string> => ({ appendonly: 'yes', dir: temporaryDirectory() });

test('the data are the same behind it, and what follows in the pipeline waits', async () => {
  const server = await start({ config: config() });
  const client = await connect(server);
  await client.pipeline(everyKind());
  const digest = await client.text('DEBUG', 'DIGEST');
  const keys = server.keyspace.databases[0]!.size;
  const replies = await client.pipeline([
    ['DEBUG', 'RELOAD'],
    ['DEBUG', 'DIGEST'],
    ['DBSIZE'],
    ['SET', 'later', '1'],
    ['DEBUG', 'RELOAD', 'NOSAVE'],
    ['GET', 'later'],
  ]);
  expect(replies).toEqual(['OK', digest, keys, 'OK', 'OK', '1']);
  expect(await client.info('aof_rewrites')).toBe('1');
});

test('keys that no log has are there still, since the rewrite has them', async () => {
  const server = await start({ config: config() });
  const client = await connect(server);
  const replies = await client.pipeline([
    ['DEBUG', 'POPULATE', '2000'],
    ['DEBUG', 'RELOAD'],
    ['DBSIZE'],
    ['GET', 'key:1999'],
  ]);
  expect(replies).toEqual(['OK', 'OK', 2000, 'value:1999']);
});

test('a rewrite that fails leaves the data and says so', async () => {
  const disk = new ControlledDisk();
  const server = await start({ config: config(), fileSystem: disk });
  const client = await connect(server);
  await client.call('SET', 'k', 'v');
  await client.call('WAITAOF', '1', '0', '0');
  disk.full = true;
  expect(await client.call('DEBUG', 'RELOAD')).toBe('-ERR The append only file was not rewritten, check server logs.');
  expect(await client.call('GET', 'k')).toBe('v');
  disk.full = false;
});

test('inside a transaction it is refused', async () => {
  const server = await start({ config: config() });
  const client = await connect(server);
  const replies = await client.pipeline([['MULTI'], ['DEBUG', 'RELOAD'], ['EXEC'], ['PING']]);
  expect(replies.slice(0, 2)).toEqual(['OK', 'QUEUED']);
  const [refusal] = replies[2] as ReplyError[];
  expect(refusal?.message).toContain('cannot be loaded again');
  expect(replies[3]).toBe('PONG');
});

test('a server whose cron is paused does not expire, and does again', async () => {
  const server = await start();
  const client = await connect(server);
  await client.pipeline([
    ['DEBUG', 'PAUSE-CRON', '1'],
    ['SET', 'k', 'v', 'PX', '1'],
  ]);
  await client.call('BLPOP', 'nothing', '0.3');
  expect(server.keyspace.databases[0]!.size).toBe(1);
  await client.call('DEBUG', 'PAUSE-CRON', '0');
  await client.call('BLPOP', 'nothing', '0.3');
  expect(server.keyspace.databases[0]!.size).toBe(0);
});
