// The built command as a process: signals, exit codes, one line for what goes wrong.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { run } from './support/program.js';
import { socketPath, start, temporaryDirectory } from './support/server.js';

test('--version and --help are answered with exit code 0', async () => {
  const [version, help] = [run('--version'), run('--help')];
  expect(await Promise.all([version.exit, help.exit])).toEqual([0, 0]);
  expect(version.output()).toMatch(/^clone-server v=\S+ redis=7\.2\.4 node=\S+\n$/);
  expect(help.output()).toMatch(/^Usage: clone-server/);
});

describe.skipIf(process.platform === 'win32')('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s writes what is pending and exits with 0', async (signal) => {
    const dir = temporaryDirectory();
    const path = socketPath();
    const pidFile = join(dir, 'pid');
    const words = ['--port', '0', '--unixsocket', path, '--dir', dir, '--appendonly', 'yes', '--pidfile', pidFile];
    const server = run(...words);
    await server.seen('ready');
    const client = await Client.open({ path });
    await client.pipeline(Array.from({ length: 1000 }, (_, i) => ['SET', `k${i}`, i]));
    expect(readFileSync(pidFile, 'utf8').trim()).toBe(String(server.child.pid));
    server.child.kill(signal);
    expect(await server.exit).toBe(0);
    expect(server.errors()).toBe('');
    expect(existsSync(pidFile)).toBe(false);
    const again = await start({ port: false, config: { appendonly: 'yes', dir } });
    expect(await new Client(again.connect()).call('DBSIZE')).toBe(1000);
  });
});

test('SHUTDOWN exits with 0', async () => {
  const path = socketPath();
  const server = run('--port', '0', '--unixsocket', path);
  await server.seen('ready');
  expect(await (await Client.open({ path })).call('SHUTDOWN')).toBe('(closed)');
  expect(await server.exit).toBe(0);
});

test('a port in use, a damaged append-only file and a bad option are one line and exit code 1', async () => {
  const other = await start();
  const damaged = temporaryDirectory();
  mkdirSync(join(damaged, 'appendonlydir'));
  writeFileSync(join(damaged, 'appendonlydir', 'appendonly.aof.manifest'), 'nonsense\n');
  const words = ['--port', '0', '--unixsocket', socketPath(), '--appendonly', 'yes', '--dir', damaged];
  const inUse = ['--bind', '127.0.0.1', '--port', String(other.port)];
  for (const each of [run(...inUse), run(...words), run('--nonsense', '1')]) {
    expect(await each.exit).toBe(1);
    expect(each.errors()).toMatch(/^clone-server: [^\n]+\n$/);
  }
});
