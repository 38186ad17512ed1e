// Clients that wait for keys, as seen from their sockets.
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { Client, Wire } from './support/client.js';
import { ControlledDisk } from './support/controlled-disk.js';
import { connect, start, temporaryDirectory, until } from './support/server.js';

/** Resolves once so many clients are blocked. */
async function blocked(client: Client, count: number): Promise<void> {
  await until(async () => (await client.info('blocked_clients')) === String(count));
}

async function pair(config: Record<string, string> = {}): Promise<{ server: Server; waiting: Client; other: Client }> {
  const server = await start({ config });
  return { server, waiting: await connect(server), other: await connect(server) };
}

describe('A client that waits', () => {
  test('is answered when another pushes, and what it sent meanwhile is executed after that, in order', async () => {
    const { waiting, other } = await pair();
    const replies = waiting.pipeline([
      ['BLPOP', 'queue', '0'],
      ['LLEN', 'queue'],
      ['ECHO', 'done'],
    ]);
    await blocked(other, 1);
    const later = waiting.call('ECHO', 'later');
    expect(await other.call('RPUSH', 'queue', 'a', 'b')).toBe(2);
    expect(await replies).toEqual([['queue', 'a'], 1, 'done']);
    expect(await later).toBe('later');
    await blocked(other, 0);
  });

  test('is served in the order in which it came, and may block again at once', async () => {
    const { server, waiting, other } = await pair();
    const second = await connect(server);
    const first = waiting.pipeline([
      ['BLPOP', 'queue', '0'],
      ['BLPOP', 'queue', '0'],
    ]);
    await blocked(other, 1);
    const third = second.call('BLPOP', 'queue', '0');
    await blocked(other, 2);
    expect(await other.call('RPUSH', 'queue', '1')).toBe(1);
    await blocked(other, 2);
    await other.call('RPUSH', 'queue', '2');
    expect(await third).toEqual(['queue', '2']);
    await other.call('RPUSH', 'queue', '3');
    expect(await first).toEqual([
      ['queue', '1'],
      ['queue', '3'],
    ]);
  });

  test('gets a null array when its time is over, and not earlier', async () => {
    const { waiting } = await pair();
    const began = performance.now();
    expect(await waiting.call('BLPOP', 'queue', '0.03')).toBeNull();
    expect(performance.now() - began).toBeGreaterThan(28);
    expect(await waiting.call('WAIT', '1', '5')).toBe(0);
  });

  test('that goes away is forgotten, and the element stays for the next', async () => {
    const { server, waiting, other } = await pair();
    void waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    await waiting.close();
    await blocked(other, 0);
    expect(await other.call('RPUSH', 'queue', 'a')).toBe(1);
    expect(await other.call('LLEN', 'queue')).toBe(1);
    // The same for one that only ends its side of the stream.
    const half = new Wire((await connect(server)).stream);
    half.send('BLPOP nothing 0\r\n');
    await blocked(other, 1);
    half.stream.end();
    expect(await half.ended).toBe('');
    await blocked(other, 0);
  });

  test('may be unblocked, with or without an error, or killed', async () => {
    const { server, waiting, other } = await pair();
    const id = Number(await waiting.call('CLIENT', 'ID'));
    let reply = waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    expect(await other.text('CLIENT', 'LIST', 'ID', id)).toContain(' flags=b ');
    expect(await other.call('CLIENT', 'UNBLOCK', id)).toBe(1);
    expect(await reply).toBeNull();
    expect(await other.call('CLIENT', 'UNBLOCK', id)).toBe(0);
    reply = waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    expect(await other.call('CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(1);
    expect(await reply).toBe('-UNBLOCKED client unblocked via CLIENT UNBLOCK');
    reply = waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    expect(await other.call('CLIENT', 'KILL', 'ID', id)).toBe(1);
    expect(await reply).toBe('(closed)');
    expect(server.port).toBeGreaterThan(0);
  });

  test('is not idle: `timeout` leaves it alone', async () => {
    const { waiting, other } = await pair({ timeout: '1' });
    const reply = waiting.call('BLPOP', 'queue', '1.5');
    // The other one stays busy.
    const ping = setInterval(() => void other.call('PING'), 100);
    expect(await reply).toBeNull();
    clearInterval(ping);
  });

  test('does not hold up the end of the server', async () => {
    const { server, waiting, other } = await pair();
    const reply = waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    const began = performance.now();
    await server.stop();
    expect(performance.now() - began).toBeLessThan(500);
    expect(await reply).toBe('(closed)');
  });

  test('inside the process is served too', async () => {
    const server = await start();
    const waiting = new Client(server.connect());
    const other = new Client(server.connect());
    const reply = waiting.call('BLPOP', 'queue', '0');
    await blocked(other, 1);
    await other.call('RPUSH', 'queue', 'a');
    expect(await reply).toEqual(['queue', 'a']);
  });
});

test('under appendfsync always the woken client waits for the disk, like the one who woke it', async () => {
  const disk = new ControlledDisk();
  const config = { appendonly: 'yes', appendfsync: 'always', dir: temporaryDirectory() };
  const server = await start({ config, fileSystem: disk });
  const waiting = await Wire.open({ port: server.port });
  const other = await connect(server);
  waiting.send('BLPOP queue 0\r\n');
  await blocked(other, 1);
  disk.hold('sync');
  const pushed = other.call('RPUSH', 'queue', 'a');
  await until(() => disk.waiting('sync') === 1);
  expect(waiting.received).toBe('');
  disk.release('sync');
  expect(await pushed).toBe(1);
  expect(await waiting.reached(22)).toBe('*2\r\n$5\r\nqueue\r\n$1\r\na\r\n');
});
