import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from './config/config.js';
import { PARAMETERS } from './config/parameters.js';
import type { ShutdownOptions } from './server-context.js';
import { runDaemon, type Host, type RunningServer, type MakeServer } from './daemon.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'clone-daemon-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A process that only remembers what happened to it. */
class TestHost implements Host {
  readonly version = '0.1.0';
  readonly pid = 4711;
  readonly directory = directory;
  terminal = false;
  environment: Record<string, string> = {};
  output = '';
  errors = '';
  input = '';
  title = '';
  clock = 0;
  readonly #handlers = new Map<string, () => void>();

  write(text: string): void {
    this.output += text;
  }

  writeError(text: string): void {
    this.errors += text;
  }

  readStandardInput(): Promise<string> {
    return Promise.resolve(this.input);
  }

  onSignal(signal: string, handler: () => void): void {
    this.#handlers.set(signal, handler);
  }

  now(): number {
    return this.clock;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  signal(name: 'SIGTERM' | 'SIGINT'): void {
    this.#handlers.get(name)?.();
  }
}

class TestServer implements RunningServer {
  port = 7000;
  tlsPort = 0;
  readonly unreadData: string[] = [];
  readonly stops: ShutdownOptions[] = [];
  starting = Promise.resolve(true);
  fail: (error: Error) => void = () => undefined;
  #listening = (): void => undefined;
  close!: () => void;
  readonly closed = new Promise<void>((settle) => {
    this.close = settle;
  });

  stop(options: ShutdownOptions): Promise<void> {
    this.stops.push(options);
    return this.closed;
  }

  start(): Promise<boolean> {
    this.#listening();
    return this.starting;
  }

  on(event: 'error' | 'listening', listener: (error: Error) => void): void {
    if (event === 'error') this.fail = listener;
    else this.#listening = listener as () => void;
  }
}

interface Run {
  readonly host: TestHost;
  readonly server: TestServer;
  readonly exit: Promise<number>;
  /** Settles when signals are listened to. */
  readonly up: Promise<void>;
}

function run(args: readonly string[], host = new TestHost(), make?: MakeServer): Run {
  const server = new TestServer();
  let isUp = (): void => undefined;
  const up = new Promise<void>((settle) => {
    isUp = settle;
  });
  const setTitle = host.setTitle.bind(host);
  host.setTitle = (title) => {
    setTitle(title);
    queueMicrotask(isUp);
  };
  const exit = runDaemon(['--logfile', join(directory, 'log'), ...args], host, make ?? (() => server));
  return { host, server, exit, up };
}

const plain = async (...args: readonly string[]): Promise<[number, string, string]> => {
  const host = new TestHost();
  const code = await runDaemon(args, host, () => {
    throw new Error('must not start');
  });
  return [code, host.output, host.errors];
};

describe('without a server', () => {
  test('help and version are printed', async () => {
    for (const words of [['--help'], ['-h'], ['--help', 'port']]) {
      const [code, output, errors] = await plain(...words);
      expect([code, errors]).toEqual([0, '']);
      expect(output).toMatch(/^Usage: clone-server/);
      // Every parameter, once.
      const list = output.slice(output.indexOf('Options and their defaults'));
      for (const { name, hidden } of PARAMETERS) {
        expect(list.match(new RegExp(`--${name}(?![a-z0-9-])`, 'g')) ?? [], name).toHaveLength(hidden ? 0 : 1);
      }
      expect(output).toMatch(/^ {2}--maxmemory-policy +noeviction$/m);
      expect(output).toMatch(/^ {2}--databases +16 {2}\(at start only\)$/m);
      expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    }
    const [code, output] = await plain('-v', 'x');
    expect([code, output]).toEqual([0, `clone-server v=0.1.0 redis=7.2.4 node=${process.versions.node}\n`]);
  });

  test.each([
    [['/nowhere/x.conf'], "can't open config file '/nowhere/x.conf': No such file or directory"],
    [
      ['--foo', 'bar'],
      'command line: \'--foo "bar"\': Bad directive or wrong number of arguments; see clone-server --help',
    ],
    [
      ['--port', '70000'],
      'command line: \'--port "70000"\': argument must be between 0 and 65535 inclusive; see clone-server --help',
    ],
    [['--port', '0'], 'there is nothing to listen on: give a port and an address to bind, or a unixsocket'],
    [['--bind', ''], 'there is nothing to listen on: give a port and an address to bind, or a unixsocket'],
    [['--logfile', '/nowhere/log'], "can't open the log file '/nowhere/log': No such file or directory"],
    [['--dir', '/nowhere'], 'command line: \'--dir "/nowhere"\': No such file or directory; see clone-server --help'],
  ])('%j ends in one line and exit code 1', async (args, message) => {
    expect(await plain(...args)).toEqual([1, '', `clone-server: ${message}\n`]);
  });

  test.each([
    [
      { code: 'EADDRINUSE', syscall: 'listen', address: '::', port: 6379 },
      "can't listen on port 6379 on ::: Address already in use; another program has it: stop that one, or choose another port",
    ],
    [
      { code: 'EADDRNOTAVAIL', syscall: 'listen', address: '1.2.3.4', port: 6379 },
      "can't listen on port 6379 on 1.2.3.4: Cannot assign requested address; it is no address of this machine",
    ],
    [
      { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: '1.2.3.400' },
      "can't listen on 1.2.3.400: Name or service not known",
    ],
    [
      { code: 'EACCES', syscall: 'listen', address: '::', port: 22 },
      "can't listen on port 22 on ::: Permission denied",
    ],
    [
      { code: 'EACCES', syscall: 'listen', address: '/x/y.sock', port: -1 },
      "can't listen on /x/y.sock: Permission denied",
    ],
    [{ code: 'EACCES', path: '/data/appendonlydir' }, "'/data/appendonlydir': Permission denied"],
    [{}, 'first line second line'],
  ])('a start that fails with %j ends in one line', async (fields, message) => {
    const failure = Object.assign(new Error('first line\n  second line'), fields);
    const server = new TestServer();
    server.starting = Promise.reject(failure);
    const { exit, host } = run([], new TestHost(), () => server);
    expect(await exit).toBe(1);
    expect(host.errors).toBe(`clone-server: ${message}\n`);
  });
});

describe('with a server', () => {
  test('configuration comes from the file, standard input and options, in this order', async () => {
    const path = join(directory, 'redis.conf');
    writeFileSync(path, 'port 1\nhz 20\nmaxclients 5\n');
    const host = new TestHost();
    host.input = 'port 2\nhz 30\n';
    const server = new TestServer();
    server.close();
    let seen: Config | undefined;
    const args = [path, '--port', '3', '--logfile', join(directory, 'log'), '-'];
    const code = await runDaemon(args, host, (config) => {
      seen = config;
      return server;
    });
    expect(code).toBe(0);
    expect(seen).toMatchObject({ port: 3, hz: 30, maxClients: 5, file: path });
  });

  test('SIGTERM and the first SIGINT stop it cleanly', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { host, server, up, exit } = run([]);
      await up;
      host.signal(signal);
      host.signal('SIGTERM');
      expect(server.stops).toEqual([{ save: undefined, now: false, force: false }]);
      server.close();
      expect(await exit).toBe(0);
    }
  });

  test('a signal stops it with the options that the configuration gives it', async () => {
    const { host, server, up, exit } = run([
      '--shutdown-on-sigterm',
      'nosave',
      'force',
      '--shutdown-on-sigint',
      'save',
    ]);
    await up;
    host.signal('SIGTERM');
    expect(server.stops).toEqual([{ save: false, now: false, force: true }]);
    server.close();
    await exit;
  });

  test('a second SIGINT ends it at once with 1, but not the echo of the first', async () => {
    const { host, up, exit } = run([]);
    await up;
    host.signal('SIGINT');
    host.clock = 100;
    host.signal('SIGINT');
    expect(await Promise.race([exit, Promise.resolve('waiting')])).toBe('waiting');
    host.clock = 2000;
    host.signal('SIGINT');
    expect(await exit).toBe(1);
  });

  test('an error that stops the server makes the exit code 1', async () => {
    const { server, up, exit } = run([]);
    await up;
    server.fail(new Error('the append-only file cannot be written'));
    server.close();
    expect(await exit).toBe(1);
    expect(readFileSync(join(directory, 'log'), 'utf8')).toContain('the append-only file cannot be written');
  });

  test('the pid file lives as long as the server', async () => {
    const path = join(directory, 'pid');
    const { server, up, exit } = run(['--pidfile', path]);
    await up;
    await Promise.resolve();
    expect(readFileSync(path, 'utf8')).toBe('4711\n');
    server.close();
    await exit;
    expect(existsSync(path)).toBe(false);
  });

  test('the log is JSON and says that nothing is kept, and how to change it', async () => {
    const log = join(directory, 'log');
    rmSync(log);
    const { server, up, exit, host } = run(['--daemonize', 'yes']);
    await up;
    server.close();
    await exit;
    const lines = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines[0]).toMatch(/^daemonize yes has no effect: the server stays in the foreground/);
    expect(lines[1]).toBe(
      'clone-server 0.1.0 (Redis 7.2.4), pid 4711, ready on port 7000; nothing is kept on disk; to keep it, start with: --appendonly yes; connect with: redis-cli -p 7000',
    );
    expect(host.title).toBe('clone-server *:7000');
    // Who looks at the terminal must see it, too.
    expect(host.errors).toBe(`clone-server: warning: ${lines[0]}\n`);
  });

  test('a terminal gets a banner', async () => {
    const host = new TestHost();
    host.terminal = true;
    const server = new TestServer();
    server.unreadData.push('dump.rdb in /data is not read');
    server.close();
    const code = await runDaemon(['--appendonly', 'yes', '--loglevel', 'nothing'], host, () => server);
    expect(code).toBe(0);
    expect(host.output).toBe(
      '\n  clone-server 0.1.0, compatible with Redis 7.2.4\n\n' +
        '  ready on  port 7000\n  pid       4711\n' +
        `  data      append-only file in ${join(directory, 'appendonlydir')}, fsync everysec\n  not read  dump.rdb in /data is not read\n` +
        '  connect   redis-cli -p 7000\n  stop      Ctrl-C, or SHUTDOWN, or kill 4711\n\n',
    );
  });
});
