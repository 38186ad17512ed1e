// docs/persistence.md, "To move over from Redis": the page's own commands, against `redis-server`
// with its defaults and against one that has a log already, while a client writes.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { missing } from './support/redis.js';
import { start, temporaryDirectory, until } from './support/server.js';

const page = readFileSync(new URL('../../../docs/persistence.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('## To move over from Redis\n');
const lines = (/```sh\n([^`]*)```/.exec(section)?.[1] ?? '').trim().split('\n');

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await new Promise((resolve) => socket.once('listening', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

/** Counts up until the server is gone. @returns the last number that was acknowledged */
async function count(client: Client): Promise<number> {
  for (let acknowledged = 0; ; acknowledged++) {
    if ((await client.call('INCR', 'n')) !== acknowledged + 1) return acknowledged;
  }
}

describe.skipIf(missing('redis-server') || missing('redis-cli'))('moving over from redis-server', () => {
  test.each([
    ['with its defaults', []],
    ['with an append-only file already', ['--appendonly', 'yes']],
  ])('%s loses nothing that it acknowledged', async (_, options) => {
    const dir = temporaryDirectory();
    const port = await freePort();
    child = spawn('redis-server', ['--port', String(port), '--dir', dir, ...options], { stdio: 'ignore' });
    const opened: { client: Client | undefined } = { client: undefined };
    await until(async () => {
      opened.client = await Client.open({ port, host: '127.0.0.1' }).catch(() => undefined);
      return opened.client !== undefined;
    });
    await opened.client!.call('SET', 'before', 'it');
    const counting = count(opened.client!);

    const last = lines.at(-1)!;
    expect(last).toMatch(/ start --appendonly yes --dir \/var\/lib\/redis$/);
    const script = [`redis-cli() { command redis-cli -p ${port} "$@"; }`, ...lines.slice(0, -1)].join('\n');
    await promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', script]);
    const acknowledged = await counting;
    expect(acknowledged).toBeGreaterThan(0);

    const log: string[] = [];
    const words = last.split(' --').slice(1);
    const config = Object.fromEntries(words.map((word) => word.split(' ') as [string, string]));
    const server = await start({ config: { ...config, dir }, log: (_level, line) => log.push(line) });
    const client = new Client(server.connect());
    expect(await client.call('GET', 'before')).toBe('it');
    // The one that was under way when Redis stopped may be there, too.
    expect([acknowledged, acknowledged + 1]).toContain(Number(await client.call('GET', 'n')));
    expect(log.filter((line) => line.includes('dump.rdb'))).toHaveLength(1);
  });
});
