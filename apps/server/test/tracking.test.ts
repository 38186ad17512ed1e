// Client-side caching: with a client that programs use, and what only a whole server can show.
import { BasicClientSideCache, createClient } from 'redis';
import { afterEach, expect, test, vi } from 'vitest';
import { dial } from './support/client.js';
import { connect, start } from './support/server.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test('node-redis keeps copies of what it has read, until another client changes it', async () => {
  const { port } = await start();
  const cache = new BasicClientSideCache({ maxEntries: 100, recordStats: true });
  const [reader, writer] = [cache, undefined].map((clientSideCache) => {
    const client = createClient({ socket: { port }, RESP: 3, ...(clientSideCache && { clientSideCache }) });
    client.on('error', () => undefined);
    closing.push(() => {
      client.destroy();
    });
    return client;
  });
  await reader!.connect();
  await writer!.connect();
  await writer!.set('k', 'first');
  await writer!.hSet('h', { f: '1' });
  for (let i = 0; i < 10; i++) {
    expect(await reader!.get('k')).toBe('first');
    expect({ ...(await reader!.hGetAll('h')) }).toEqual({ f: '1' });
  }
  expect(cache.stats()).toMatchObject({ hitCount: 18, missCount: 2 });

  await writer!.set('k', 'second');
  await vi.waitFor(async () => expect(await reader!.get('k')).toBe('second'));
  expect({ ...(await reader!.hGetAll('h')) }).toEqual({ f: '1' });
  expect(cache.stats().missCount).toBe(3);

  await writer!.pExpire('h', 20);
  await vi.waitFor(async () => expect({ ...(await reader!.hGetAll('h')) }).toEqual({}));
  expect(await reader!.get('k')).toBe('second');

  await writer!.flushAll();
  await vi.waitFor(async () => expect(await reader!.get('k')).toBe(null));
  expect(cache.stats().hitCount).toBeGreaterThanOrEqual(20);
});

/** What a connection receives behind `begin`, a bulk string, until it ends with `end`. */
async function receive(port: number, text: string, begin: string, end: string): Promise<string> {
  const socket = await dial({ port, host: '127.0.0.1' });
  closing.push(() => socket.destroy());
  return new Promise((resolve) => {
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (received.endsWith(end)) resolve(received.slice(received.indexOf(begin) + begin.length));
    });
    socket.write(text);
  });
}

test('what a command evicts is told before its reply, what it changes behind it', async () => {
  const server = await start();
  const other = await connect(server);
  await other.call('SET', 'old', 'x'.repeat(100_000), 'EX', 1000);
  await other.call('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
  await other.call('CONFIG', 'SET', 'maxmemory', String(server.keyspace.usedMemory + 50_000));
  const received = await receive(
    server.port,
    'HELLO 3\r\nPING begin\r\nCLIENT TRACKING ON\r\nSTRLEN old\r\nGET new\r\n' +
      `*3\r\n$3\r\nSET\r\n$3\r\nnew\r\n$80000\r\n${'y'.repeat(80_000)}\r\nPING end\r\n`,
    '$5\r\nbegin\r\n',
    '$3\r\nend\r\n',
  );
  expect(received).toBe(
    '+OK\r\n:100000\r\n_\r\n>2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nold\r\n+OK\r\n>2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nnew\r\n$3\r\nend\r\n',
  );
});

test('a client that leaves what it is told unread is closed at its limit', async () => {
  const server = await start({ config: { 'client-output-buffer-limit': 'normal 1mb 0 0' } });
  const slow = await connect(server);
  const other = await connect(server);
  await slow.call('HELLO', '3');
  await slow.call('CLIENT', 'TRACKING', 'ON', 'BCAST');
  slow.stream.pause();
  const key = 'k'.repeat(10_000);
  const isThere = async (): Promise<boolean> => (await other.text('CLIENT', 'LIST')).split('\n').length > 2;
  let turns = 0;
  while ((await isThere()) && turns < 1000) {
    turns++;
    await other.pipeline(Array.from({ length: 100 }, (_, i) => ['SET', `${key}${i}`, 'v']));
  }
  expect(turns).toBeLessThan(1000);
  expect(await other.info('tracking_clients')).toBe('0');
  expect(server.keyspace.waiters).toBeUndefined();
});
