// The clients that programs use, as they use them: ioredis and node-redis.
import { Redis, type RedisOptions } from 'ioredis';
import { createClient, RESP_TYPES, WatchError } from 'redis';
import type { Server } from '@clone/server';
import { afterEach, describe, expect, test } from 'vitest';
import { socketPath, start, temporaryDirectory } from './support/server.js';

const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

/** Ends of clients, run after each test and before the servers stop. */
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('ioredis', () => {
  function open(options: Omit<RedisOptions, 'replyMapping'>): Redis {
    const client = new Redis({ ...options, retryStrategy: () => 10 });
    client.on('error', () => undefined);
    closing.push(() => client.disconnect());
    return client;
  }

  test.each([2, 3] as const)('everyday commands over RESP%i', async (protocol) => {
    const server = await start();
    const client = open({ port: server.port, protocol });
    expect(await client.set('k', 'v', 'EX', 100)).toBe('OK');
    expect(await client.get('k')).toBe('v');
    expect(await client.get('missing')).toBe(null);
    expect(await client.hset('h', { a: '1', b: '2' })).toBe(2);
    expect(await client.hgetall('h')).toEqual({ a: '1', b: '2' });
    expect(await client.incrbyfloat('f', 1.5)).toBe('1.5');
    expect(await client.mget('k', 'missing')).toEqual(['v', null]);
    await expect(client.hget('k', 'a')).rejects.toThrow('WRONGTYPE');
    expect(await client.scan('0', 'COUNT', 100)).toEqual(['0', expect.arrayContaining(['k', 'h', 'f'])]);
    expect(await client.client('INFO')).toContain(`resp=${protocol}`);
  });

  test('log in as a user, who may do what his rules say', async () => {
    const server = await start({ config: { user: ['alice on >secret ~app:* +@all -@dangerous'] } });
    const client = open({ port: server.port, username: 'alice', password: 'secret', enableReadyCheck: false });
    expect(await client.set('app:1', 'v')).toBe('OK');
    await expect(client.get('other')).rejects.toThrow('NOPERM No permissions to access a key');
    await expect(client.flushall()).rejects.toThrow(
      "NOPERM User alice has no permissions to run the 'flushall' command",
    );
    expect(await client.acl('WHOAMI')).toBe('alice');
    await expect(client.auth('alice', 'wrong')).rejects.toThrow('WRONGPASS');
  });

  test('transactions, which another client makes fail by changing what is watched', async () => {
    const server = await start();
    const [client, other] = [open({ port: server.port }), open({ port: server.port })];
    const replies = await client.multi().set('n', '1').incr('n').lpush('n', 'x').exec();
    expect(replies?.slice(0, 2)).toEqual([
      [null, 'OK'],
      [null, 2],
    ]);
    expect(replies?.[2]?.[0]?.message).toContain('WRONGTYPE');
    await client.watch('n');
    await other.set('n', '10');
    expect(await client.multi().incr('n').exec()).toBe(null);
    expect(await client.multi().incr('n').exec()).toEqual([[null, 11]]);
    await expect(client.multi().call('nonsense').exec()).rejects.toThrow('EXECABORT');
  });

  test('pipelines', async () => {
    const server = await start();
    const client = open({ port: server.port });
    const pipeline = client.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.incr('n');
    pipeline.hget('n', 'f');
    const replies = await pipeline.exec();
    expect(replies).toHaveLength(1001);
    expect(replies?.[999]).toEqual([null, 1000]);
    expect(replies?.[1000]?.[0]?.message).toContain('WRONGTYPE');
  });

  test('auto-pipelining', async () => {
    const server = await start();
    const client = open({ port: server.port, enableAutoPipelining: true });
    await Promise.all(Array.from({ length: 500 }, (_, i) => client.set(`k${i}`, i)));
    const values = await Promise.all(Array.from({ length: 500 }, (_, i) => client.get(`k${i}`)));
    expect(values).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
  });

  test('binary keys and values', async () => {
    const server = await start();
    const client = open({ port: server.port });
    await client.set(binary, binary);
    expect(await client.getBuffer(binary)).toEqual(binary);
    await client.hset('h', new Map([[binary, binary]]));
    expect(await client.hgetBuffer('h', binary)).toEqual(binary);
  });

  test('a Unix socket, a password and a database', async () => {
    const server = await start({ port: false, config: { unixsocket: socketPath(), requirepass: 'secret' } });
    const client = open({ path: server.config.unixSocket, password: 'secret', db: 5 });
    await client.set('k', 'v');
    expect(server.keyspace.databases[5]!.size).toBe(1);
  });

  test('finds the server again after a restart, with its data', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const first = await start({ config });
    const client = open({ port: first.port });
    await client.set('k', 'v');
    const lost = new Promise<void>((resolve) => client.once('close', resolve));
    await first.stop();
    await lost;
    await start({ config, port: first.port });
    expect(await client.get('k')).toBe('v');
  });
});

describe('node-redis', () => {
  async function open(server: Server, RESP: 2 | 3, socket?: { path: string }) {
    const client = createClient({
      RESP,
      socket: { ...(socket ?? { port: server.port, host: '127.0.0.1' }), reconnectStrategy: () => 10 },
    });
    client.on('error', () => undefined);
    closing.push(() => {
      client.destroy();
    });
    await client.connect();
    return client;
  }

  test.each([2, 3] as const)('logs in as a user over RESP%i, who may do what his rules say', async (RESP) => {
    const server = await start({ config: { user: ['alice on >secret ~app:* +@all -@dangerous'] } });
    const client = createClient({ RESP, url: `redis://alice:secret@127.0.0.1:${server.port}` });
    closing.push(() => client.destroy());
    await client.connect();
    expect(await client.set('app:1', 'v')).toBe('OK');
    await expect(client.get('other')).rejects.toThrow('NOPERM No permissions to access a key');
    expect(await client.aclWhoAmI()).toBe('alice');
    const admin = await open(server, RESP);
    expect(await admin.aclGetUser('alice')).toMatchObject({ keys: '~app:*', commands: '+@all -@dangerous' });
    expect((await admin.aclLog())[0]).toMatchObject({ reason: 'key', object: 'other', username: 'alice' });
  });

  test.each([2, 3] as const)('everyday commands over RESP%i', async (protocol) => {
    const server = await start();
    const client = await open(server, protocol);
    expect(await client.set('k', 'v', { expiration: { type: 'EX', value: 100 } })).toBe('OK');
    expect(await client.get('k')).toBe('v');
    expect(await client.get('missing')).toBe(null);
    expect(await client.hSet('h', { a: '1', b: '2' })).toBe(2);
    expect({ ...(await client.hGetAll('h')) }).toEqual({ a: '1', b: '2' });
    expect(await client.incrByFloat('f', 1.5)).toBe('1.5');
    expect(await client.mGet(['k', 'missing'])).toEqual(['v', null]);
    await expect(client.hGet('k', 'a')).rejects.toThrow('WRONGTYPE');
    expect((await client.scan('0', { COUNT: 100 })).keys.sort()).toEqual(['f', 'h', 'k']);
    expect(await client.sendCommand(['CLIENT', 'INFO'])).toContain(`resp=${protocol}`);
  });

  test('transactions, which another client makes fail by changing what is watched', async () => {
    const server = await start();
    const [client, other] = [await open(server, 3), await open(server, 2)];
    expect(await client.multi().set('n', '1').incr('n').get('n').exec()).toEqual(['OK', 2, '2']);
    await client.watch('n');
    await other.set('n', '10');
    await expect(client.multi().incr('n').exec()).rejects.toThrow(WatchError);
    expect(await client.multi().incr('n').exec()).toEqual([11]);
  });

  test('pipelines', async () => {
    const server = await start();
    const client = await open(server, 3);
    // Commands of one turn go out together.
    const replies = await Promise.all(Array.from({ length: 1000 }, () => client.incr('n')));
    expect(replies[999]).toBe(1000);
    const pipeline = client.multi();
    for (let i = 0; i < 100; i++) pipeline.incr('n');
    expect((await pipeline.execAsPipeline())[99]).toBe(1100);
  });

  test('binary keys and values', async () => {
    const server = await start();
    const client = (await open(server, 3)).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    await client.set(binary, binary);
    expect(await client.get(binary)).toEqual(binary);
  });

  test('a Unix socket', async () => {
    const path = socketPath();
    const server = await start({ port: false, config: { unixsocket: path } });
    const client = await open(server, 3, { path });
    expect(await client.ping()).toBe('PONG');
  });

  test('finds the server again after a restart, with its data', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const first = await start({ config });
    const client = await open(first, 3);
    await client.set('k', 'v');
    const lost = new Promise<void>((resolve) => client.once('reconnecting', resolve));
    await first.stop();
    await lost;
    await start({ config, port: first.port });
    expect(await client.get('k')).toBe('v');
  });
});
