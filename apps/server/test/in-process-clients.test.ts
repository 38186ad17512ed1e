// Clients that are handed the stream of `server.connect()` take it for a socket, and find what they call.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import type { Server } from '@clone/server';
import { afterEach, describe, expect, test } from 'vitest';
import { start, turn } from './support/server.js';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A client of ioredis on streams of the server; `streams` gathers them. */
function open(server: Server, options: Omit<RedisOptions, 'replyMapping'> = {}, streams: Socket[] = []): Redis {
  class InProcess extends AbstractConnector {
    constructor() {
      super(100);
    }
    override connect(): Promise<Socket> {
      this.stream = server.connect();
      streams.push(this.stream);
      return Promise.resolve(this.stream);
    }
  }
  const client = new Redis({ ...options, Connector: InProcess, retryStrategy: () => 1 });
  client.on('error', () => undefined);
  closing.push(() => client.disconnect());
  return client;
}

describe('ioredis on server.connect()', () => {
  test.each([
    {},
    { noDelay: true, keepAlive: 1000, connectTimeout: 5000, socketTimeout: 5000 },
    { tls: {} },
    { protocol: 3, db: 3 },
    { enableReadyCheck: false, enableOfflineQueue: true, lazyConnect: true },
  ] as const)('commands with the options %j', async (options) => {
    const client = open(await start({ port: false }), options);
    expect(await client.set('k', 'v', 'EX', 100)).toBe('OK');
    expect(await client.get('k')).toBe('v');
    await expect(client.hget('k', 'a')).rejects.toThrow('WRONGTYPE');
    expect(await client.quit()).toBe('OK');
  });

  test('pipelines, transactions and auto-pipelining', async () => {
    const client = open(await start({ port: false }), { enableAutoPipelining: true });
    const pipeline = client.pipeline();
    for (let i = 0; i < 5000; i++) pipeline.incr('n');
    expect((await pipeline.exec())?.[4999]).toEqual([null, 5000]);
    expect(await client.multi().incr('n').get('n').exec()).toEqual([
      [null, 5001],
      [null, '5001'],
    ]);
    const values = await Promise.all(Array.from({ length: 500 }, (_, i) => client.echo(String(i))));
    expect(values).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
  });

  test.each([2, 3] as const)('publish and subscribe over RESP%i', async (protocol) => {
    const server = await start({ port: false });
    const [subscriber, publisher] = [open(server, { protocol }), open(server, { protocol })];
    await subscriber.subscribe('news');
    await subscriber.psubscribe('n*');
    const heard = Promise.all([once(subscriber, 'message'), once(subscriber, 'pmessage')]);
    expect(await publisher.publish('news', 'hello')).toBe(2);
    expect(await heard).toEqual([
      ['news', 'hello'],
      ['n*', 'news', 'hello'],
    ]);
    await subscriber.unsubscribe('news');
    await subscriber.punsubscribe('n*');
    expect(await subscriber.ping()).toBe('PONG');
  });

  test('blocking commands wait for another client', async () => {
    const server = await start({ port: false });
    const [waiting, other] = [open(server), open(server)];
    const popped = waiting.blpop('list', 0);
    await other.ping();
    expect(await other.rpush('list', 'item')).toBe(1);
    expect(await popped).toEqual(['list', 'item']);
    expect(await waiting.blpop('list', 0.01)).toBe(null);
  });

  test('large values, both ways', async () => {
    const client = open(await start({ port: false }));
    const value = randomBytes(20 << 20);
    await client.set('large', value);
    expect((await client.getBuffer('large'))?.equals(value)).toBe(true);
  });

  test('a server that ends the connection is found again, and one that a client ends is closed', async () => {
    const server = await start({ port: false });
    const streams: Socket[] = [];
    const [client, admin] = [open(server, {}, streams), open(server)];
    const id = await client.client('ID');
    const closed = once(client, 'close');
    expect(await admin.client('KILL', 'ID', id)).toBe(1);
    await closed;
    expect(await client.ping()).toBe('PONG');
    expect(streams).toHaveLength(2);
    client.disconnect();
    await once(streams[1]!, 'close');
    expect(await admin.info('clients')).toContain('connected_clients:1\r\n');
  });

  test('MONITOR', async () => {
    const server = await start({ port: false });
    const [client, other] = [open(server), open(server)];
    const monitor = await client.monitor();
    closing.push(() => monitor.disconnect());
    const seen = once(monitor, 'monitor');
    await other.set('k', 'v');
    expect((await seen)[1]).toEqual(['set', 'k', 'v']);
  });
});

/** Runs a program with the built server; resolves to what it printed, and the code it ended with. */
function run(program: string): Promise<readonly [output: string, code: number]> {
  const server = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
  const source = `const { createServer } = await import(${server});\n${program}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', source], { timeout: 20_000 }, (error, stdout) => {
      resolve([stdout, typeof error?.code === 'number' ? error.code : 0]);
    });
  });
}

describe('the stream keeps the process alive, as a socket does', () => {
  const begin = `
    const server = await createServer({ port: false });
    const stream = server.connect();
    stream.write('BLPOP nothing 0.05\\r\\n');`;
  const reply = `const reply = await new Promise((resolve) => stream.once('data', resolve));`;

  test('while a reply is due, and no longer than it is open', async () => {
    const program = `${begin} ${reply} stream.destroy(); console.log(String(reply).trim());`;
    expect(await run(program)).toEqual(['*-1\n', 0]);
  });

  test('but not after unref', async () => {
    // 13: what was awaited never came.
    expect(await run(`${begin} stream.unref(); ${reply}`)).toEqual(['', 13]);
  });

  test('nor after the server has stopped, whether it was read or not', async () => {
    expect(await run(`${begin} await server.stop(); console.log('stopped');`)).toEqual(['stopped\n', 0]);
  });
});

describe('the stream is used as a socket is', () => {
  async function connected(): Promise<{ server: Server; stream: Socket }> {
    const server = await start({ port: false });
    const stream = server.connect();
    closing.push(() => stream.destroy());
    return { server, stream };
  }

  test('it says that it is connected one turn later, and takes what is written before', async () => {
    const { stream } = await connected();
    expect([stream.connecting, stream.pending, stream.readyState]).toEqual([true, true, 'opening']);
    const events: string[] = [];
    for (const event of ['connect', 'secureConnect', 'ready', 'data']) stream.on(event, () => events.push(event));
    stream.write('PING\r\n');
    await once(stream, 'data');
    expect(events).toEqual(['connect', 'secureConnect', 'ready', 'data']);
    expect([stream.connecting, stream.pending, stream.readyState]).toEqual([false, false, 'open']);
  });

  test('what concerns a network does nothing, and returns the stream', async () => {
    const { stream } = await connected();
    expect(stream.setNoDelay(true).setKeepAlive(true, 1000).unref().ref()).toBe(stream);
    expect([stream.remoteAddress, stream.remotePort, stream.localAddress]).toEqual([undefined, undefined, undefined]);
    expect(stream.address()).toEqual({});
    expect('encrypted' in stream).toBe(false);
    expect(() => stream.connect(6379)).toThrow('is open already');
  });

  test('it counts the bytes of both directions', async () => {
    const { stream } = await connected();
    stream.write('PING\r\n');
    expect(stream.bytesWritten).toBe(6);
    stream.write('PING\r\n');
    expect([stream.bytesWritten, stream.writableLength]).toEqual([12, 12]);
    while (stream.bytesRead < 14) await once(stream, 'data');
    expect([stream.bytesRead, stream.bytesWritten, stream.writableLength]).toEqual([14, 12, 0]);
  });

  test("an idle stream emits 'timeout' and stays open; activity puts it off", async () => {
    const { stream } = await connected();
    let calls = 0;
    expect(stream.setTimeout(30, () => calls++)).toBe(stream);
    expect(stream.timeout).toBe(30);
    const since = performance.now();
    for (let i = 0; i < 8; i++) {
      stream.write('PING\r\n');
      await once(stream, 'data');
    }
    const lastActivity = performance.now();
    await once(stream, 'timeout');
    // Timers count whole milliseconds.
    expect(performance.now() - lastActivity).toBeGreaterThan(28);
    expect(performance.now() - since).toBeGreaterThan(28);
    expect(calls).toBe(1);
    stream.write('PING\r\n');
    expect(String((await once(stream, 'data'))[0])).toBe('+PONG\r\n');
    await once(stream, 'timeout');
    expect(calls).toBe(1);
  });

  test('setTimeout(0) ends the watch, and takes its callback away', async () => {
    const { stream } = await connected();
    const callback = (): void => expect.unreachable();
    stream.setTimeout(1, callback);
    expect(stream.listenerCount('timeout')).toBe(1);
    stream.setTimeout(0, callback);
    expect([stream.timeout, stream.listenerCount('timeout')]).toEqual([0, 0]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test.each([-1, NaN, Infinity])('setTimeout(%d) is refused as by a socket', async (ms) => {
    const { stream } = await connected();
    expect(() => stream.setTimeout(ms)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(() => stream.setTimeout('1' as unknown as number)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  test("'close' says whether there was an error, and comes behind it", async () => {
    const { stream } = await connected();
    stream.destroy();
    expect(await once(stream, 'close')).toEqual([false]);
    const { stream: other } = await connected();
    const events: unknown[] = [];
    other.on('error', (error) => events.push(error.message));
    other.on('close', (hadError) => events.push(hadError));
    other.destroy(new Error('enough'));
    while (events.length < 2) await turn();
    expect(events).toEqual(['enough', true]);
    expect([other.readyState, other.closed]).toEqual(['closed', true]);
  });

  test('destroySoon sends what was written; resetAndDestroy does not wait', async () => {
    const { server, stream } = await connected();
    stream.write('SET a 1\r\n');
    stream.destroySoon();
    await once(stream, 'close');
    expect(server.keyspace.databases[0]!.size).toBe(1);
    const other = server.connect();
    other.resetAndDestroy();
    expect(other.destroyed).toBe(true);
  });

  test('what was written while corked is taken in one turn', async () => {
    const { stream } = await connected();
    await once(stream, 'connect');
    stream.cork();
    for (let i = 0; i < 100; i++) stream.write('PING\r\n');
    stream.uncork();
    await turn();
    await turn();
    expect(stream.readableLength).toBe(100 * 7);
  });

  test('a reader that takes a large reply as it comes is served on', async () => {
    const { server, stream } = await connected();
    const value = 'x'.repeat(5 << 20);
    await open(server).set('large', value);
    const replies: string[] = [];
    stream.on('data', (chunk: Buffer) => replies.push(chunk.toString('latin1')));
    stream.write('GET large\r\n');
    const whole = `$${value.length}\r\n${value}\r\n`;
    while (stream.bytesRead < whole.length) await turn();
    stream.write('PING\r\n');
    while (replies.at(-1) !== '+PONG\r\n') await turn();
    expect(replies.join('')).toBe(`${whole}+PONG\r\n`);
  });

  test('a reader that is slow holds up a corked batch, and loses nothing of it', async () => {
    const { server, stream } = await connected();
    const helper = open(server);
    await helper.set('big', 'x'.repeat(1 << 20));
    stream.cork();
    for (let i = 0; i < 20; i++) stream.write('GET big\r\n');
    stream.write(`${'PING\r\n'.repeat(20000)}ECHO end\r\n`);
    stream.uncork();
    await turn();
    await turn();
    expect(stream.readableLength).toBeLessThan(3 << 20);
    expect(await helper.ping()).toBe('PONG');
    let length = 0;
    let tail = '';
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-16);
      if (tail.endsWith('$3\r\nend\r\n')) break;
    }
    expect(length).toBe(20 * ((1 << 20) + '$1048576\r\n\r\n'.length) + 20000 * 7 + '$3\r\nend\r\n'.length);
  });

  test('a server that stops ends the stream, and a write to it fails through its callback', async () => {
    const { server, stream } = await connected();
    stream.resume();
    const closed = Promise.all([once(stream, 'end'), once(stream, 'close')]);
    await server.stop();
    await closed;
    const refused = new Promise((resolve) => stream.write('PING\r\n', resolve));
    expect(await refused).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' });
  });
});
