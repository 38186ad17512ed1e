// The built command as a process: signals, exit codes, one line for what goes wrong.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { launch, program, run, runWith } from './support/program.js';
import { socketPath, start, temporaryDirectory, until } from './support/server.js';
import { terminalMissing } from './support/terminal.js';

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

describe.skipIf(process.platform === 'win32' || terminalMissing())('in a terminal', () => {
  /** Everything that a terminal is sent, from the start to the end of a server. */
  async function screen(environment: Readonly<Record<string, string>>): Promise<string> {
    const path = socketPath();
    const inherited = Object.entries(process.env).filter(([name]) => name !== 'NO_COLOR' && name !== 'FORCE_COLOR');
    const command = [process.execPath, program, '--port', '0', '--unixsocket', path].join(' ');
    const terminal = launch('script', ['-qefc', command, '/dev/null'], {
      env: { ...Object.fromEntries(inherited), TERM: 'xterm', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await terminal.seen('Ready to accept connections unix');
    await (await Client.open({ path })).call('SHUTDOWN');
    await terminal.exit;
    return terminal.output();
  }
  const COLOR = '\u001b[';

  test('the log is in color, and follows NO_COLOR, FORCE_COLOR and TERM', async () => {
    const [plain, no, none, dumb, off, forced] = await Promise.all(
      [
        {},
        { NO_COLOR: '1' },
        { NO_COLOR: '' },
        { TERM: 'dumb' },
        { FORCE_COLOR: '0' },
        { FORCE_COLOR: '1', TERM: 'dumb' },
      ].map(screen),
    );
    for (const each of [plain, none, forced]) expect(each).toContain(COLOR);
    for (const each of [no, dumb, off]) expect(each).not.toContain(COLOR);
    // The banner first, then the line that tools wait for.
    expect(no).toMatch(/compatible with Redis[^]*INFO: Ready to accept connections unix/);
  });
});

test('without a terminal there are no colors, whatever FORCE_COLOR says; the line that tools wait for is on stdout', async () => {
  const path = socketPath();
  const env = { ...process.env, FORCE_COLOR: '1' };
  const server = runWith({ env, stdio: ['ignore', 'pipe', 'pipe'] }, '--port', '0', '--unixsocket', path);
  await server.seen('"msg":"Ready to accept connections unix"}\n');
  expect(server.output()).not.toContain('\u001b');
});

test('with a log file the line that tools wait for is there, after loading', async () => {
  const directory = temporaryDirectory();
  const path = socketPath();
  const log = join(directory, 'log');
  const words = ['--port', '0', '--unixsocket', path, '--dir', directory, '--appendonly', 'yes', '--logfile', log];
  const server = run(...words);
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('Ready to accept connections unix'));
  expect(await (await Client.open({ path })).info('loading')).toBe('0');
  expect(server.output()).toBe('');
});

test('CONFIG SET and CONFIG REWRITE leave a line in the log, without secrets', async () => {
  const directory = temporaryDirectory();
  const [path, file] = [socketPath(), join(directory, 'redis.conf')];
  writeFileSync(file, `port 0\nunixsocket ${path}\n`);
  const server = run(file);
  await server.seen('Ready to accept connections unix');
  const client = await Client.open({ path });
  await client.call('CONFIG', 'SET', 'hz', '20', 'maxmemory', '1kb');
  await client.call('CONFIG', 'SET', 'HZ', 'nonsense');
  await client.call('CONFIG', 'SET', 'maxmemory', '0', 'masterauth', 'secret', 'proc-title-template', 'a\nb {title}');
  expect(await client.call('CONFIG', 'REWRITE')).toBe('OK');
  rmSync(file);
  mkdirSync(file);
  expect(await client.call('CONFIG', 'REWRITE')).toBe('-ERR Rewriting config file: Is a directory');
  await server.seen('CONFIG REWRITE failed');
  const lines = server
    .output()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg)
    .filter((line) => /CONFIG|maxmemory/.test(line));
  expect(lines).toEqual([
    expect.stringMatching(
      /^maxmemory is now 1024, less than the \d+ bytes in use: keys are evicted, or writes refused/,
    ),
    `CONFIG SET hz "20", maxmemory "1kb" (user "default", ${path}:0)`,
    `CONFIG SET maxmemory "0", masterauth (redacted), proc-title-template "a\\nb {title}" (user "default", ${path}:0)`,
    'CONFIG REWRITE executed with success.',
    'CONFIG REWRITE failed: Is a directory',
  ]);
});
