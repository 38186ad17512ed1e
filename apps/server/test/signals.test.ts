// Every signal, sent to the built daemon and to redis-server: both live, stop or end in the same way.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Client } from './support/client.js';
import { launch, run, runInShell, runWith, type Run } from './support/program.js';
import { missing } from './support/redis.js';
import { connect, start, temporaryDirectory, until } from './support/server.js';

interface Target extends Run {
  readonly directory: string;
  readonly client: Client;
}

type Start = (words: readonly string[], directory: string) => Run;
const ours: Start = (words, cwd) => runWith({ cwd }, ...words);
// A crash leaves its core in the working directory. The report that Redis writes of one takes long, and may crash itself.
const redis: Start = (words, cwd) => launch('redis-server', [...words, '--crash-log-enabled', 'no'], { cwd });

async function started(launchIt: Start, ...words: readonly string[]): Promise<Target> {
  const directory = temporaryDirectory();
  const path = join(directory, 's');
  const server = launchIt(['--port', '0', '--unixsocket', path, '--dir', directory, '--save', '', ...words], directory);
  await server.seen('eady to accept connections');
  return { ...server, directory, client: await Client.open({ path }) };
}

const state = (pid: number): string => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? '';

/** Whether the process handles SIGHUP, the one that Node leaves alone: then it handles the others as well. */
function hasHandlers(pid: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << BigInt(constants.signals.SIGHUP - 1))) !== 0n;
}

const STOPS: readonly string[] = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
/** They end a server, some of them after a while. */
const ENDS: readonly string[] = ['SIGTERM', 'SIGINT', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT'];

/** Milliseconds for the start of sixty processes on a machine that has other things to do. */
const LONG = 120_000;

/** What a signal does to a server: its exit code, the signal it died of, `stops` or `lives`. */
async function fate(start: Start, signal: NodeJS.Signals): Promise<string> {
  const { child, exit, client } = await started(start);
  const pid = child.pid ?? 0;
  child.kill(signal);
  if (ENDS.includes(signal)) return String(await exit);
  if (STOPS.includes(signal)) {
    // The kernel stops nothing in an orphaned process group, but by SIGSTOP: it depends on who started the tests.
    const seen = { answer: false };
    const answer = client.text('PING').then((text) => {
      seen.answer = true;
      return text;
    });
    await until(() => seen.answer || state(pid) === 'T');
    if (seen.answer) return 'lives';
    child.kill('SIGCONT');
    return `stops, then ${await answer}`;
  }
  // A signal that ends the process does so before it answers anything.
  return (await client.call('PING')) === 'PONG' ? 'lives' : String(await exit);
}

// Each number once: some have two names.
const named = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]));

describe.skipIf(process.platform !== 'linux' || missing('redis-server'))('beside redis-server', () => {
  // Node ignores SIGXFSZ, so that a file at its limit (`ulimit -f`) is an error that we answer; it would end Redis.
  const compared = [...named.values()].filter((signal) => signal !== 'SIGXFSZ');

  test(
    'each signal does to the server what it does to redis-server',
    async () => {
      const [own, reference]: Record<string, string>[] = [{}, {}];
      const left = [...compared];
      const worker = async (): Promise<void> => {
        for (let signal = left.pop(); signal !== undefined; signal = left.pop()) {
          [own![signal], reference![signal]] = await Promise.all([fate(ours, signal), fate(redis, signal)]);
        }
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      expect(reference).toMatchObject({
        SIGHUP: 'lives',
        SIGUSR1: 'SIGUSR1',
        SIGTERM: '0',
        SIGSTOP: 'stops, then PONG',
      });
      expect(own).toEqual(reference);
    },
    LONG,
  );
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  test('SIGUSR1 opens no inspector', async () => {
    const { child, exit, errors } = await started(ours);
    child.kill('SIGUSR1');
    expect(await exit).toBe('SIGUSR1');
    expect(errors()).toBe('');
  });

  test('a log at the limit of file sizes stops the server with a line, and loses nothing that was acknowledged', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 's');
    const words = ['--port', '0', '--unixsocket', path, '--dir', directory, '--appendonly', 'yes'];
    const server = runInShell('ulimit -f 64; exec "$@"', ...words, '--appendfsync', 'always');
    await server.seen('eady to accept');
    const client = await Client.open({ path });
    expect(await client.call('SET', 'k', 'v')).toBe('OK');
    const big = 'x'.repeat(100_000);
    // With `always`, what cannot be kept is not answered: the server stops, with a line that says why.
    expect(await client.call('SET', 'big', big)).toBe('(closed)');
    expect(await server.exit).toBe(1);
    expect(server.output()).toContain('EFBIG');
    const again = run(...words);
    await again.seen('eady to accept');
    expect(await (await Client.open({ path })).call('GET', 'k')).toBe('v');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s before there is a server ends the process with 0', async (signal) => {
    // It waits for a configuration that never comes.
    const { child, exit } = runWith({ stdio: ['pipe', 'pipe', 'pipe'] }, '-');
    await until(() => hasHandlers(child.pid ?? 0));
    child.kill(signal);
    expect(await exit).toBe(0);
  });

  test('SIGHUP is ignored from the first moment, and leaves a server that waits for its configuration', async () => {
    const { child, exit } = runWith({ stdio: ['pipe', 'pipe', 'pipe'] }, '-');
    await until(() => hasHandlers(child.pid ?? 0));
    child.kill('SIGHUP');
    child.stdin?.end('nonsense 1\n');
    expect(await exit).toBe(1);
  });

  test('a terminal or a pipe that is gone, and a disk that is full, do not stop a server that logs to it', async () => {
    const piped = await started(ours, '--loglevel', 'debug');
    piped.child.stdout?.destroy();
    const directory = temporaryDirectory();
    const path = join(directory, 's');
    const full = runInShell('exec "$@" > /dev/full', '--port', '0', '--unixsocket', path, '--dir', directory);
    let client: Client | undefined;
    await until(async () => {
      client = await Client.open({ path }).catch(() => undefined);
      return client !== undefined;
    });
    for (const each of [piped.client, client!]) {
      for (const value of ['yes', 'no', 'yes']) {
        expect(await each.call('CONFIG', 'SET', 'appendonly', value)).toBe('OK');
      }
      expect(await each.call('PING')).toBe('PONG');
    }
    expect([piped.errors(), full.errors()]).toEqual(['', '']);
  });
});

describe.skipIf(process.platform === 'win32')('while it loads', () => {
  /** A directory with a log that takes a while to load. */
  function directoryWithLog(): string {
    const directory = temporaryDirectory();
    const files = join(directory, 'appendonlydir');
    mkdirSync(files);
    writeFileSync(join(files, 'appendonly.aof.manifest'), 'file appendonly.aof.1.incr.aof seq 1 type i\n');
    const words = 'x '.repeat(2000).trim();
    const command = `*2001\r\n$5\r\nRPUSH\r\n$1\r\n${words.replaceAll(' ', '\r\n$1\r\n')}\r\n`;
    writeFileSync(join(files, 'appendonly.aof.1.incr.aof'), command.repeat(2000));
    return directory;
  }

  test.each(['SIGTERM', 'SIGINT', 'SHUTDOWN'] as const)(
    '%s gives up, changes nothing on disk, and exits with 0',
    async (how) => {
      const directory = directoryWithLog();
      const path = join(directory, 's');
      const words = ['--port', '0', '--unixsocket', path, '--dir', directory, '--appendonly', 'yes'];
      const server = run(...words, '--pidfile', join(directory, 'pid'));
      await until(() => existsSync(join(directory, 'pid')));
      if (how === 'SHUTDOWN') expect(await (await Client.open({ path })).call(how)).toBe('(closed)');
      else server.child.kill(how);
      expect(await server.exit).toBe(0);
      expect(server.output()).toContain(how === 'SHUTDOWN' ? 'stopped, bye' : `${how}: stopping`);
      expect(server.output()).not.toContain('eady to accept');
      expect(server.errors()).toBe('');
      expect(readdirSync(directory)).toEqual(['appendonlydir']);
      expect(readdirSync(join(directory, 'appendonlydir')).sort()).toEqual([
        'appendonly.aof.1.incr.aof',
        'appendonly.aof.manifest',
      ]);
    },
  );
});

test('a server inside another process leaves its signals and its output alone', async () => {
  const listeners = (): string => [...named.values()].map((signal) => process.listenerCount(signal)).join(' ');
  const before = listeners();
  const written = vi.spyOn(process.stdout, 'write');
  const server = await start();
  await (await connect(server)).call('CONFIG', 'SET', 'hz', '20');
  expect(listeners()).toBe(before);
  await server.stop();
  expect(listeners()).toBe(before);
  expect(written).not.toHaveBeenCalled();
  written.mockRestore();
});

test.skipIf(process.platform === 'win32')(
  'a server that listens to nothing any more goes on until it is stopped',
  async () => {
    const other = await start();
    const { port } = other;
    await other.stop();
    const server = run('--bind', '127.0.0.1', '--port', String(port));
    await server.seen('eady to accept connections tcp');
    const client = await Client.open({ port, host: '127.0.0.1' });
    expect(await client.call('CONFIG', 'SET', 'port', '0')).toBe('OK');
    const left = run('--version').exit;
    await client.close();
    // As long as another process takes from its start to its end: this one would have ended by itself.
    await left;
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(server.output()).toContain('SIGTERM: stopping');
  },
);
