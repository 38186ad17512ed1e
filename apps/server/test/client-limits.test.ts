// Clients that take too much: what they have not read, what they have sent without end, all of them together; and clients that are paused.
import type { Server } from '@clone/server';
import { expect, test } from 'vitest';
import { dial, request } from './support/client.js';
import { connect, start, temporaryDirectory, until } from './support/server.js';

const MEGABYTE = 1024 * 1024;

/** A client that sends and never reads; resolves when the server has closed it. */
async function deafClient(server: Server, bytes: string): Promise<{ closed: Promise<void> }> {
  const stream = await dial({ port: server.port, host: server.host });
  stream.pause();
  stream.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  stream.write(bytes);
  // A paused socket hears nothing of a reset: writing shows it.
  const knock = setInterval(() => stream.write('\r\n'), 20);
  void closed.then(() => clearInterval(knock));
  return { closed };
}

test('a client that leaves more unread than client-output-buffer-limit is closed, and the others are served', async () => {
  const server = await start({ config: { 'client-output-buffer-limit': 'normal 20mb 0 0' } });
  const other = await connect(server);
  await other.call('SET', 'big', 'x'.repeat(30 * MEGABYTE));
  const deaf = await deafClient(server, request('GET', 'big'));
  await deaf.closed;
  expect(await other.call('PING')).toBe('PONG');
  expect(await other.info('client_output_buffer_limit_disconnections')).toBe('1');
});

test('without a limit it stays, and costs no more than its last reply', async () => {
  const server = await start();
  const other = await connect(server);
  await other.call('SET', 'big', 'x'.repeat(4 * MEGABYTE));
  await deafClient(server, request('GET', 'big').repeat(20));
  await until(async () => Number(await other.info('client_recent_max_output_buffer')) > 0);
  expect(Number(await other.info('client_recent_max_output_buffer'))).toBeLessThan(10 * MEGABYTE);
  expect(await other.info('connected_clients')).toBe('2');
});

test('a request without end is cut off at client-query-buffer-limit', async () => {
  const server = await start({ config: { 'client-query-buffer-limit': '1mb' } });
  const other = await connect(server);
  const stream = await dial({ port: server.port, host: server.host });
  stream.on('error', () => undefined);
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.resume();
  stream.write('*2\r\n$3\r\nGET\r\n$100000000\r\n');
  for (let i = 0; i < 30; i++) stream.write('x'.repeat(100_000));
  await closed;
  expect(await other.info('client_query_buffer_limit_disconnections')).toBe('1');
});

test('a transaction without end is cut off there, too', async () => {
  const server = await start({ config: { 'client-query-buffer-limit': '1mb' } });
  const client = await connect(server);
  void client.call('MULTI');
  for (let i = 0; i < 30; i++) void client.call('SET', 'k', 'x'.repeat(100_000));
  await client.closed;
  expect(await (await connect(server)).info('client_query_buffer_limit_disconnections')).toBe('1');
});

test('the largest clients go when all of them hold more than maxmemory-clients', async () => {
  const server = await start();
  const [small, large, safe] = [await connect(server), await connect(server), await connect(server)];
  await safe.call('CLIENT', 'NO-EVICT', 'ON');
  for (const client of [large, safe]) client.stream.write(`*2\r\n$3\r\nGET\r\n$3000000\r\n${'x'.repeat(2_000_000)}`);
  await until(async () => (await small.text('CLIENT', 'LIST')).match(/qbuf=2\d{6}/g)?.length === 2);
  await small.call('CONFIG', 'SET', 'maxmemory-clients', '3mb');
  await large.closed;
  expect(await small.info('evicted_clients')).toBe('1');
  expect(await small.info('connected_clients')).toBe('2');
});

test('paused commands are executed in their order when the pause is over', async () => {
  const server = await start();
  const [boss, a, b] = [await connect(server), await connect(server), await connect(server)];
  await boss.call('CLIENT', 'PAUSE', 60_000, 'WRITE');
  const first = a.pipeline([['RPUSH', 'list', 'a'], ['LRANGE', 'list', 0, -1], ['PING']]);
  await until(async () => (await boss.text('CLIENT', 'LIST')).includes(' flags=b '));
  const second = b.call('RPUSH', 'list', 'b');
  await until(async () => (await boss.text('CLIENT', 'LIST')).match(/ flags=b /g)?.length === 2);
  expect(await boss.call('EXISTS', 'list')).toBe(0);
  expect(await boss.call('CLIENT', 'UNPAUSE')).toBe('OK');
  expect(await first).toEqual([1, ['a'], 'PONG']);
  expect(await second).toBe(2);
});

test('a pause ends by itself, and a client that leaves meanwhile is forgotten', async () => {
  const server = await start();
  const [boss, gone] = [await connect(server), await connect(server)];
  await boss.call('CLIENT', 'PAUSE', 50);
  void gone.call('SET', 'k', 'v');
  await gone.close();
  expect(await boss.call('EXISTS', 'k')).toBe(0);
});

test('a monitor sees the commands of others, without secrets', async () => {
  const server = await start({ config: { unixsocket: '' } });
  const [monitor, other] = [await connect(server), await connect(server)];
  expect(await monitor.call('MONITOR')).toBe('OK');
  const line = monitor.next();
  await other.call('SET', 'k', 'a"\n\x01');
  expect(await line).toMatch(/^\d+\.\d{6} \[0 [^ ]+:\d+\] "SET" "k" "a\\"\\n\\x01"$/);
  const secret = monitor.next();
  await other.call('AUTH', 'somebody', 'secret');
  expect(await secret).toMatch(/ "AUTH" "\(redacted\)" "\(redacted\)"$/);
  expect(await monitor.call('GET', 'k')).toBe("-ERR Replica can't interact with the keyspace");
  expect(await monitor.call('RESET')).toBe('RESET');
  await other.call('PING');
  expect(await monitor.call('GET', 'k')).toBe('a"\n\x01');
});

test('a subscriber that is cut off in the middle of a command takes nothing from the keyspace, nor from the log', async () => {
  let now = 1_700_000_000_000;
  const options = {
    clock: () => now,
    config: {
      appendonly: 'yes',
      dir: temporaryDirectory(),
      'notify-keyspace-events': 'KEAnm',
      'client-output-buffer-limit': 'pubsub 100kb 0 0',
    },
  };
  const server = await start(options);
  const other = await connect(server);
  const keys = Array.from({ length: 2000 }, (_, i) => `${i}:${'x'.repeat(100)}`);
  const mortal = keys.map((key) => `mortal:${key}`);
  // What is deleted, what expires when it is asked for, and what is missed then.
  for (const command of [
    ['DEL', ...keys],
    ['EXISTS', ...mortal],
    ['EXISTS', ...keys],
  ]) {
    const isExpiry = command[1] === mortal[0];
    await other.call('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    await other.call('MSET', ...(isExpiry ? mortal : keys).flatMap((key) => [key, 'v']));
    if (isExpiry) await other.pipeline(mortal.map((key) => ['PEXPIRE', key, 1000]));
    else if (command[0] === 'EXISTS') await other.call('UNLINK', ...keys);
    const deaf = await deafClient(server, request('PSUBSCRIBE', '*'));
    await until(async () => (await other.call('PUBSUB', 'NUMPAT')) === 1);
    now += 2000;
    expect(await other.call(...command)).toBe(command[0] === 'DEL' ? keys.length : 0);
    await deaf.closed;
    expect(await other.call('PUBSUB', 'NUMPAT')).toBe(0);
  }
  expect(await other.info('client_output_buffer_limit_disconnections')).toBe('3');
  expect(await other.call('DBSIZE')).toBe(0);
  await server.stop();
  // As if nothing were past its time: the log says what is gone.
  now = 1_700_000_000_000;
  expect(await (await connect(await start(options))).call('DBSIZE')).toBe(0);
});
