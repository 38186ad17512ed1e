// Replies that are long: in pieces, in slices, and as far as their reader takes them.
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from './support/certificates.js';
import { Client, dial, request, Wire } from './support/client.js';
import { connect, start, temporaryDirectory, turn, until } from './support/server.js';

const MEGABYTE = 1024 * 1024;

/** Reads so many bytes, and then no more. */
async function read(stream: Duplex, bytes: number): Promise<void> {
  let left = bytes;
  const take = (chunk: Buffer): void => void (left -= chunk.length);
  stream.on('data', take);
  stream.resume();
  while (left > 0) await once(stream, 'data');
  stream.off('data', take);
  stream.pause();
}

const ways: Record<string, (server: Server) => Promise<Duplex> | Duplex> = {
  'a socket': (server) => dial({ port: server.port, host: server.host }),
  'a stream within the process': (server) => server.connect(),
};

describe.each(Object.entries(ways))('more random elements than anybody can read, over %s', (_, open) => {
  test('are made as they are read, beside the other clients, and end with the connection', async () => {
    const server = await start();
    const other = await connect(server);
    await other.call('SADD', 's', 'aaaaaaaa', 'bbbbbbbb');
    const stream = await open(server);
    stream.pause();
    stream.on('error', () => undefined);
    stream.write(request('SRANDMEMBER', 's', '-9223372036854775807'));
    await until(async () => Number(/ omem=(\d+)/.exec(await other.text('CLIENT', 'LIST', 'ID', '2'))?.[1]) >= MEGABYTE);
    await other.call('DEL', 's');
    for (let i = 0; i < 100; i++) await turn();
    const line = await other.text('CLIENT', 'LIST', 'ID', '2');
    expect(Number(/ omem=(\d+)/.exec(line)?.[1])).toBeLessThan(2 * MEGABYTE);
    await read(stream, 30 * MEGABYTE);
    expect(await other.call('PING')).toBe('PONG');
    stream.destroy();
    await until(async () => (await other.info('connected_clients')) === '1');
  });
});

test('a client that reads a long reply is not idle', async () => {
  const server = await start({ config: { timeout: '1' } });
  const other = await connect(server);
  await other.call('SADD', 's', 'aaaaaaaa');
  const stream = await dial({ port: server.port, host: server.host });
  stream.write(request('SRANDMEMBER', 's', '-9223372036854775807'));
  await read(stream, MEGABYTE);
  const idle = (): Promise<string> => other.text('CLIENT', 'LIST', 'ID', '2');
  await until(async () => (await idle()).includes(' idle=1 '));
  await read(stream, 8 * MEGABYTE);
  expect(await idle()).toContain(' idle=0 ');
  stream.destroy();
});

test('a long reply is killed with its client', async () => {
  const server = await start();
  const other = await connect(server);
  await other.call('SADD', 's', 'aaaaaaaa');
  const stream = await dial({ port: server.port, host: server.host });
  stream.on('error', () => undefined);
  stream.write(request('SRANDMEMBER', 's', '-9223372036854775807'));
  await read(stream, MEGABYTE);
  expect(await other.call('CLIENT', 'KILL', 'ID', '2')).toBe(1);
  const closed = once(stream, 'close');
  stream.once('end', () => stream.destroy());
  stream.resume();
  await closed;
  expect(await other.info('connected_clients')).toBe('1');
});

test('what was asked behind a long reply, and what is pushed meanwhile, comes after it', async () => {
  const server = await start();
  const other = await connect(server);
  await other.call('SADD', 's', 'a');
  const wire = await Wire.open({ port: server.port, host: server.host });
  wire.send(request('HELLO', '3') + request('CLIENT', 'TRACKING', 'ON', 'BCAST') + request('PING', 'begin'));
  while (!wire.received.endsWith('begin\r\n')) await turn();
  const begin = wire.received.length;
  wire.stream.pause();
  wire.send(request('SRANDMEMBER', 's', '-3000000') + request('PING', 'end') + request('QUIT'));
  await until(async () => Number(/ omem=(\d+)/.exec(await other.text('CLIENT', 'LIST', 'ID', '2'))?.[1]) > 0);
  await other.call('SET', 'changed', 'v');
  wire.stream.resume();
  const received = (await wire.ended).slice(begin);
  const reply = `*3000000\r\n${'$1\r\na\r\n'.repeat(3_000_000)}`;
  expect(received.startsWith(reply)).toBe(true);
  expect(received.slice(reply.length)).toBe('>2\r\n$10\r\ninvalidate\r\n*1\r\n$7\r\nchanged\r\n$3\r\nend\r\n+OK\r\n');
});

test('what replied at length is replayed', async () => {
  const config = { appendonly: 'yes', appendfsync: 'always', dir: temporaryDirectory() };
  const first = await start({ config });
  const client = await connect(first);
  await client.call('RPUSH', 'list', ...Array.from({ length: 50 }, (_, i) => String(i % 10).repeat(100_000)));
  expect(await client.call('LPOP', 'list', 49)).toHaveLength(49);
  await first.stop();
  const again = await connect(await start({ config }));
  expect(await again.call('LRANGE', 'list', 0, -1)).toEqual(['9'.repeat(100_000)]);
});

test('many long messages in one turn arrive in their order, one by one and at once', async () => {
  const server = await start();
  const [subscriber, other] = [await connect(server), await connect(server)];
  await subscriber.call('SUBSCRIBE', 'ch');
  void other.call('MULTI');
  const messages = Array.from({ length: 60 }, (_, i) => String(i % 10).repeat(i % 7 === 0 ? MEGABYTE : 100_000));
  for (const message of messages) void other.call('PUBLISH', 'ch', message);
  const heard = Promise.all(messages.map(() => subscriber.next()));
  await other.call('EXEC');
  expect(JSON.stringify(await heard) === JSON.stringify(messages.map((each) => ['message', 'ch', each]))).toBe(true);
});

describe('a reply of many pieces', () => {
  const value = 'v'.repeat(3 * MEGABYTE);
  const small = 's'.repeat(700_000);
  const names = Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 'large' : 'small'));

  async function check(client: Client): Promise<void> {
    expect(await client.call('MSET', 'large', value, 'small', small)).toBe('OK');
    const [many, once] = await client.pipeline([
      ['MGET', ...names],
      ['GET', 'small'],
    ]);
    const wanted = names.map((name) => (name === 'large' ? value : small));
    expect(Array.isArray(many) && many.every((each, i) => each === wanted[i]) && many.length === 12).toBe(true);
    expect(once === small).toBe(true);
    void client.call('MULTI');
    void client.call('SET', 'more', 'x');
    void client.call('MGET', ...names);
    const executed = await client.call('EXEC');
    expect(JSON.stringify(executed) === JSON.stringify(['OK', wanted])).toBe(true);
  }

  test('arrives as it is over a socket and within the process', async () => {
    const server = await start();
    await check(await connect(server));
    await check(new Client(server.connect()));
  });

  test('arrives as it is when it waits for the disk', async () => {
    const server = await start({
      config: { appendonly: 'yes', appendfsync: 'always', dir: temporaryDirectory() },
    });
    await check(await connect(server));
  });

  test('arrives as it is over TLS', async () => {
    const authority = makeCertificate('authority', { isAuthority: true });
    const own = makeCertificate('server', { issuer: authority });
    const server = await start({
      tlsPort: 0,
      config: {
        'tls-cert-file': own.certFile,
        'tls-key-file': own.keyFile,
        'tls-ca-cert-file': authority.certFile,
        'tls-auth-clients': 'no',
      },
    });
    await check(await Client.open({ port: server.tlsPort, host: '127.0.0.1', ca: authority.cert }));
  });

  test('of a client that was blocked arrives as it is', async () => {
    const server = await start();
    const [waiting, other] = [await connect(server), await connect(server)];
    const reply = waiting.call('BLMPOP', 0, 1, 'list', 'LEFT', 'COUNT', 100);
    await until(async () => (await other.info('blocked_clients')) === '1');
    await other.call('RPUSH', 'list', value, small, value, small);
    expect(JSON.stringify(await reply) === JSON.stringify(['list', [value, small, value, small]])).toBe(true);
  });

  test('is given up on the way when it is more than client-output-buffer-limit', async () => {
    const server = await start({ config: { 'client-output-buffer-limit': 'normal 8mb 0 0' } });
    const [client, other] = [await connect(server), await connect(server)];
    await other.call('SET', 'large', value);
    const before = process.memoryUsage().arrayBuffers;
    const reply = client.call('MGET', ...Array.from({ length: 300 }, () => 'large'));
    await client.closed;
    expect(await reply).toBe('(closed)');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MEGABYTE);
    expect(await other.info('client_output_buffer_limit_disconnections')).toBe('1');
  });
});
