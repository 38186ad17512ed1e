// Tests of programs move the clock with fake timers. The server's time is `Date`; its own work goes on in real turns of the
// event loop, or nothing would be answered while timers stand still.
import { mock } from 'node:test';
import { Redis } from 'ioredis';
import { createServer, type Server } from '@clone/server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Client } from './support/client.js';
import { temporaryDirectory } from './support/server.js';

let server: Server | undefined;
afterEach(async () => {
  vi.useRealTimers();
  mock.timers.reset();
  await server?.stop();
  server = undefined;
});

const BEGIN = Date.UTC(2030, 0, 1);

/** Fakes, and a way to move them on. */
const kinds: readonly (readonly [name: string, fake: () => void, advance: (ms: number) => void])[] = [
  [
    "vi.useFakeTimers({ toFake: ['Date'] })",
    () => vi.useFakeTimers({ toFake: ['Date'], now: BEGIN }),
    (ms) => vi.setSystemTime(Date.now() + ms),
  ],
  ['vi.useFakeTimers()', () => vi.useFakeTimers({ now: BEGIN }), (ms) => vi.advanceTimersByTime(ms)],
  [
    "mock.timers.enable({ apis: ['Date'] })",
    () => mock.timers.enable({ apis: ['Date'], now: BEGIN }),
    (ms) => mock.timers.setTime(Date.now() + ms),
  ],
  [
    'mock.timers.enable()',
    () => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: BEGIN }),
    (ms) => mock.timers.tick(ms),
  ],
];

describe.each(kinds)('under %s', (_name, fake, advance) => {
  test.each(['before', 'after'])('times to live follow it when the server was started %s', async (when) => {
    if (when === 'after') fake();
    server = await createServer();
    if (when === 'before') fake();
    const client = new Client(server.connect());
    expect(await client.call('SET', 'k', 'v', 'PX', 5000)).toBe('OK');
    advance(4999);
    expect(await client.call('PTTL', 'k')).toBe(1);
    advance(2);
    expect(await client.call('GET', 'k')).toBe(null);
    expect(await client.call('TIME')).toEqual([String(BEGIN / 1000 + 5), expect.stringMatching(/^1\d{3}$/)]);
    expect(await client.text('XADD', 's', '*', 'f', 'v')).toBe(`${BEGIN + 5001}-0`);
  });

  test('keys that nobody asks for are removed, too', async () => {
    server = await createServer();
    fake();
    const client = new Client(server.connect());
    for (let i = 0; i < 1000; i++) await client.call('SET', `k${i}`, 'v', 'EX', 10);
    expect(server.keyspace.databases[0]!.size).toBe(1000);
    advance(10_001);
    while (server.keyspace.databases[0]!.size > 0) await client.call('PING');
    expect(await client.info('expired_keys')).toBe('1000');
  });

  test('clients over TCP, a log that waits for the disk, and a stop need no timers', async () => {
    const dir = temporaryDirectory();
    fake();
    const config = { appendonly: true, appendfsync: 'always', dir };
    server = await createServer({ config });
    const redis = new Redis({ port: server.port });
    const pusher = new Client(server.connect());
    await redis.set('k', 'v', 'EX', 100);
    expect(await redis.get('k')).toBe('v');
    const [popped] = await Promise.all([redis.blpop('list', 0), pusher.call('RPUSH', 'list', 'item')]);
    expect(popped).toEqual(['list', 'item']);
    redis.disconnect();
    await server.stop();
    server = await createServer({ config });
    const client = new Client(server.connect());
    expect(await client.call('TTL', 'k')).toBe(100);
    advance(100_001);
    expect(await client.call('EXISTS', 'k')).toBe(0);
  });
});

test('time that passes without fakes is that of the system', async () => {
  server = await createServer({ port: false });
  const client = new Client(server.connect());
  const before = Date.now();
  const [seconds, micros] = (await client.call('TIME')) as [string, string];
  const time = Number(seconds) * 1000 + Number(micros) / 1000;
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThan(Date.now() + 1);
});
