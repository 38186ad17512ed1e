// Publish and subscribe with the clients that programs use, and with many channels and many subscribers.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { start, temporaryDirectory } from './support/server.js';

const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.each([2, 3] as const)('over RESP%i', (protocol) => {
  test('ioredis subscribes to channels and patterns, and publishes', async () => {
    const { port } = await start();
    const [subscriber, publisher] = [0, 1].map(() => {
      const client = new Redis({ port, protocol });
      closing.push(() => client.disconnect());
      return client;
    }) as [Redis, Redis];
    const heard: unknown[] = [];
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => heard.push([channel.toString(), message]));
    subscriber.on('pmessage', (...parts: string[]) => heard.push(parts));
    expect(await subscriber.subscribe('a', 'b')).toBe(2);
    expect(await subscriber.psubscribe('n*')).toBe(3);
    expect(await publisher.publish('a', binary)).toBe(1);
    expect(await publisher.publish('news', 'x')).toBe(1);
    expect(await publisher.publish('nobody', 'x')).toBe(1);
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard).toEqual([
      ['a', binary],
      ['n*', 'news', 'x'],
      ['n*', 'nobody', 'x'],
    ]);
    // Without names ioredis waits for ever, also for redis-server.
    expect(await subscriber.unsubscribe('a', 'b')).toBe(1);
    expect(await subscriber.punsubscribe('n*')).toBe(0);
    expect(await subscriber.set('k', 'v')).toBe('OK');
    expect(await publisher.pubsub('CHANNELS')).toEqual([]);
  });

  test('ioredis hears that a key has expired, with the log on and off', async () => {
    for (const appendonly of ['no', 'yes']) {
      const { port } = await start({
        config: { 'notify-keyspace-events': 'Ex', appendonly, dir: temporaryDirectory() },
      });
      const [subscriber, writer] = [0, 1].map(() => {
        const client = new Redis({ port, protocol });
        closing.push(() => client.disconnect());
        return client;
      }) as [Redis, Redis];
      const heard = once(subscriber, 'pmessage');
      await subscriber.psubscribe('__keyevent@0__:expired');
      expect(await writer.set('session:1', 'x', 'PX', 20)).toBe('OK');
      expect(await heard).toEqual(['__keyevent@0__:expired', '__keyevent@0__:expired', 'session:1']);
      expect(await writer.exists('session:1')).toBe(0);
    }
  });

  test('node-redis subscribes to channels, patterns and shard channels, and publishes', async () => {
    const { port } = await start();
    const [subscriber, publisher] = [0, 1].map(() => {
      const client = createClient({ socket: { port }, RESP: protocol });
      client.on('error', () => undefined);
      closing.push(() => {
        client.destroy();
      });
      return client;
    });
    await subscriber!.connect();
    await publisher!.connect();
    const heard: unknown[] = [];
    const listener = (message: string, channel: string): void => {
      heard.push([channel, message]);
    };
    await subscriber!.subscribe(['a', 'b'], listener);
    await subscriber!.pSubscribe('n*', listener);
    await subscriber!.sSubscribe('s', listener);
    expect(await publisher!.publish('a', 'x')).toBe(1);
    expect(await publisher!.publish('news', 'y')).toBe(1);
    expect(await publisher!.sPublish('s', 'z')).toBe(1);
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard).toEqual([
      ['a', 'x'],
      ['news', 'y'],
      ['s', 'z'],
    ]);
    if (protocol === 3) expect(await subscriber!.get('k')).toBe(null);
    await subscriber!.unsubscribe();
    await subscriber!.pUnsubscribe();
    await subscriber!.sUnsubscribe();
    expect(await publisher!.publish('a', 'x')).toBe(0);
    expect(await subscriber!.exists('k')).toBe(0);
  });
});

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  closing.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Counts what arrives, and resolves when it is as much. */
function receives(socket: Socket, bytes: number): Promise<void> {
  let missing = bytes;
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      missing -= chunk.length;
      if (missing === 0) resolve();
    });
  });
}

test('a client listens to a hundred thousand channels, and all are forgotten when it leaves', async () => {
  const { port } = await start();
  const watcher = new Redis({ port });
  closing.push(() => watcher.disconnect());
  const client = await open(port);
  const names = Array.from({ length: 100_000 }, (_, i) => `channel:${100_000 + i}`);
  // `*3 $9 subscribe $14 channel:… :n`, and n has up to six digits.
  const counts = names.reduce((sum, _, i) => sum + String(i + 1).length, 0);
  const confirmed = receives(client, names.length * ('*3\r\n$9\r\nsubscribe\r\n$14\r\n'.length + 14 + 2 + 3) + counts);
  client.write(`*${names.length + 1}\r\n$9\r\nSUBSCRIBE\r\n${names.map((name) => `$14\r\n${name}\r\n`).join('')}`);
  await confirmed;
  expect(await watcher.publish('channel:199999', 'x')).toBe(1);
  expect(await watcher.pubsub('NUMSUB', 'channel:100000', 'channel:1')).toEqual(['channel:100000', 1, 'channel:1', 0]);
  client.destroy();
  await vi.waitFor(async () => expect(await watcher.info('stats')).toContain('pubsub_channels:0\r\n'));
});

test('a thousand subscribers get every message in order', async () => {
  const { port } = await start();
  const publisher = new Redis({ port });
  closing.push(() => publisher.disconnect());
  const messages = Array.from({ length: 50 }, (_, i) => `message ${i}`);
  const frames = messages.map((text) => `*3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$${text.length}\r\n${text}\r\n`).join('');
  const expected = `*3\r\n$9\r\nsubscribe\r\n$2\r\nch\r\n:1\r\n${frames}`;
  const received: Promise<string>[] = [];
  for (let i = 0; i < 1000; i++) {
    const socket = await open(port);
    let text = '';
    received.push(
      new Promise((resolve) => {
        socket.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
          if (text.length >= expected.length) resolve(text);
        });
      }),
    );
    socket.write('SUBSCRIBE ch\r\n');
  }
  await vi.waitFor(async () => expect(await publisher.pubsub('NUMSUB', 'ch')).toEqual(['ch', 1000]), 10_000);
  const pipeline = publisher.pipeline();
  for (const message of messages) pipeline.publish('ch', message);
  expect((await pipeline.exec())?.every(([, count]) => count === 1000)).toBe(true);
  expect(new Set(await Promise.all(received))).toEqual(new Set([expected]));
});
