// Clients that mean harm, or break: what they may take of the server's memory, and how long the others wait meanwhile.
// The server is a process of its own, so that its memory is not the test's.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Client, dial, request } from './support/client.js';
import { socketPath, temporaryDirectory, until } from './support/server.js';

const MEGABYTE = 1024 * 1024;
const program = fileURLToPath(new URL('../bin/clone-server.js', import.meta.url));
/** Nobody who is served meanwhile may wait longer: bounds, not goals; on a busy machine the processor is what they wait for. */
const LONGEST_WAIT_MS = 1500;

let child: ChildProcess | undefined;

afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Resolves to the path of its socket. */
async function daemon(...options: readonly string[]): Promise<string> {
  const path = socketPath();
  const words = ['--port', '0', '--unixsocket', path, '--dir', temporaryDirectory()];
  child = spawn(process.execPath, [program, ...words, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  await new Promise<void>((resolve) => {
    child?.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready')) resolve();
    });
  });
  return path;
}

/** Does `work` while another client says PING. @returns its longest wait, and by how much the process has grown at most */
async function watching(witness: Client, work: () => Promise<void>): Promise<{ wait: number; grown: number }> {
  const resident = async (): Promise<number> => Number(await witness.info('used_memory_rss'));
  const before = await resident();
  let grown = 0;
  let wait = 0;
  const state = { done: false };
  const watch = (async (): Promise<void> => {
    for (let i = 0; !state.done; i++) {
      const start = performance.now();
      expect(await witness.call('PING')).toBe('PONG');
      wait = Math.max(wait, performance.now() - start);
      if (i % 16 === 0) grown = Math.max(grown, (await resident()) - before);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  await work();
  state.done = true;
  await watch;
  grown = Math.max(grown, (await resident()) - before);
  return { wait, grown };
}

/** Connections that send the same and never read. */
async function deaf(path: string, count: number, bytes: string): Promise<Duplex[]> {
  const streams: Duplex[] = [];
  for (let i = 0; i < count; i++) {
    const stream = await dial({ path });
    stream.on('error', () => undefined);
    stream.pause();
    stream.write(bytes);
    streams.push(stream);
  }
  return streams;
}

const clients = async (witness: Client): Promise<number> => Number(await witness.info('connected_clients'));

test('who has not authenticated takes next to nothing, however much is sent or announced', async () => {
  const path = await daemon('--requirepass', 'secret');
  const witness = await Client.open({ path });
  expect(await witness.call('AUTH', 'secret')).toBe('OK');
  const { wait, grown } = await watching(witness, async () => {
    for (const bytes of [
      '*1000000\r\n',
      '*2\r\n$3\r\nGET\r\n$100000000\r\n',
      request('GET', 'k').repeat(20_000),
      'PING\r\n'.repeat(20_000),
      'x'.repeat(60_000),
    ]) {
      await deaf(path, 40, bytes);
    }
    // Announced too much, or left too much unread: closed. What has no end of a line may go on to 64 KB.
    await until(async () => (await clients(witness)) <= 1 + 40);
  });
  expect(grown).toBeLessThan(48 * MEGABYTE);
  expect(wait).toBeLessThan(LONGEST_WAIT_MS);
});

test('a value that is announced and never sent costs what has arrived of it', async () => {
  const path = await daemon();
  const witness = await Client.open({ path });
  let streams: Duplex[] = [];
  const { wait, grown } = await watching(witness, async () => {
    streams = await deaf(path, 400, `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\n${'x'.repeat(1000)}`);
    streams.push(...(await deaf(path, 100, '*2147483647\r\n$1\r\na\r\n')));
    await until(async () => (await clients(witness)) === 501);
  });
  expect(grown).toBeLessThan(40 * MEGABYTE);
  expect(wait).toBeLessThan(LONGEST_WAIT_MS);
  for (const stream of streams) stream.destroy();
  await until(async () => (await clients(witness)) === 1);
  expect(await witness.call('EXISTS', 'k')).toBe(0);
});

test('connections of which one side has ended, or that vanish amid a request, are gone', async () => {
  const path = await daemon();
  const witness = await Client.open({ path });
  const halves = await deaf(path, 100, '*2\r\n$3\r\nGET\r\n$10\r\nabc');
  for (const half of halves) half.end();
  for (const whole of await deaf(path, 100, '*2\r\n$5\r\nBLPOP')) whole.destroy();
  for (const waiting of await deaf(path, 100, request('BLPOP', 'k', '0'))) waiting.end();
  await until(async () => (await clients(witness)) === 1);
  expect(await witness.info('blocked_clients')).toBe('0');
});

test('a hundred thousand subscriptions of one client go by unnoticed, and leave nothing behind', async () => {
  const path = await daemon();
  const witness = await Client.open({ path });
  const { wait, grown } = await watching(witness, async () => {
    const subscriber = await Client.open({ path });
    const channels = (from: number): string[] => Array.from({ length: 1000 }, (_, i) => `channel:${from + i}`);
    for (let from = 0; from < 100_000; from += 1000) {
      subscriber.stream.write(request('SUBSCRIBE', ...channels(from)));
      subscriber.stream.write(request('PSUBSCRIBE', ...channels(from).map((name) => `${name}*`)));
    }
    await until(async () => (await witness.info('pubsub_patterns')) === '100000');
    expect(await witness.info('pubsub_channels')).toBe('100000');
    await subscriber.close();
    await until(async () => (await witness.info('pubsub_channels')) === '0');
  });
  expect(await witness.info('pubsub_patterns')).toBe('0');
  expect(grown).toBeLessThan(150 * MEGABYTE);
  expect(wait).toBeLessThan(LONGEST_WAIT_MS);
});

test('a subscriber that does not read is closed at its limit, and the others get their messages', async () => {
  const path = await daemon('--client-output-buffer-limit', 'pubsub 4mb 0 0');
  const witness = await Client.open({ path });
  const { wait, grown } = await watching(witness, async () => {
    await deaf(path, 5, request('SUBSCRIBE', 'news'));
    await until(async () => (await clients(witness)) === 6);
    const publisher = await Client.open({ path });
    const message = 'x'.repeat(10_000);
    for (let sent = 0; (await clients(witness)) > 2; sent += 100) {
      expect(sent).toBeLessThan(10_000);
      await publisher.pipeline(Array.from({ length: 100 }, () => ['PUBLISH', 'news', message]));
    }
  });
  expect(await witness.info('client_output_buffer_limit_disconnections')).toBe('5');
  expect(grown).toBeLessThan(80 * MEGABYTE);
  expect(wait).toBeLessThan(LONGEST_WAIT_MS);
});
