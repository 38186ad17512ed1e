// What keeps a server from starting: one clear line, exit code 1 as from redis-server, and nothing on disk has changed.
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createNetServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { launch, run, runInShell, runWith } from './support/program.js';
import { missing } from './support/redis.js';
import { start, temporaryDirectory } from './support/server.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Something else that listens there. */
function occupy(at: { port?: number; host?: string; path?: string }): Promise<Server> {
  const server = createNetServer();
  servers.push(server);
  return new Promise((resolve) => server.listen(at, () => resolve(server)));
}

const portOf = (server: Server): string => String((server.address() as AddressInfo).port);

/** What it prepares in a directory, and the words of the command line. */
type Prepare = (directory: string) => readonly string[] | Promise<readonly string[]>;

const inDirectory = (file: string, content: string, ...words: readonly string[]): Prepare => {
  return (directory) => {
    writeFileSync(join(directory, file), content);
    return words.map((word) => word.replace('DIR', directory));
  };
};
const words = (...given: readonly string[]): Prepare => {
  return (directory) => given.map((word) => word.replace('DIR', directory));
};
const config = (content: string): Prepare => inDirectory('redis.conf', content, 'DIR/redis.conf');

interface Failure {
  readonly because: string;
  readonly prepare: Prepare;
  /** What the line says. */
  readonly says: RegExp | string;
  /** Redis starts: the reason why we do not. */
  readonly unlikeRedis?: string;
}

const socket = ['--port', '0', '--unixsocket', 'DIR/s'] as const;
const tls = ['--port', '0', '--tls-port', '21999', '--tls-auth-clients', 'no'] as const;

const FAILURES: readonly Failure[] = [
  {
    because: 'a port in use',
    prepare: async () => ['--bind', '127.0.0.1', '--port', portOf(await occupy({ port: 0, host: '127.0.0.1' }))],
    says: /^can't listen on port \d+ on 127\.0\.0\.1: Address already in use; another program has it/,
  },
  {
    because: 'an optional address whose port is in use',
    prepare: async () => ['--bind', '-127.0.0.1', '--port', portOf(await occupy({ port: 0, host: '127.0.0.1' }))],
    says: /^can't listen on port \d+ on 127\.0\.0\.1: Address already in use/,
  },
  {
    because: 'a text that is no address',
    prepare: words('--bind', '1.2.3.400', '--port', '21999'),
    says: /^can't listen on 1\.2\.3\.400: /,
  },
  {
    because: 'an address of another machine',
    prepare: words('--bind', '1.2.3.4', '--port', '21999'),
    says: "can't listen on port 21999 on 1.2.3.4: Cannot assign requested address; it is no address of this machine",
  },
  {
    because: 'optional addresses of which this machine has none',
    prepare: words('--bind', '-1.2.3.4 -1.2.3.5', '--port', '21999'),
    says: 'bind -1.2.3.4 -1.2.3.5: no address of this machine, and no unixsocket: nothing to listen on',
  },
  {
    because: 'no port and no socket',
    prepare: words('--port', '0'),
    says: 'there is nothing to listen on: give a port and an address to bind, or a unixsocket',
  },
  {
    because: 'a socket path that the system would cut',
    prepare: words('--port', '0', '--unixsocket', `DIR/${'x'.repeat(120)}`),
    says: /^can't listen on the Unix socket \/.*x: path too long \(\d+\), must be under 108 bytes$/,
  },
  {
    because: 'a socket in a directory that is not there',
    prepare: words('--port', '0', '--unixsocket', 'DIR/no/s'),
    says: /^can't listen on the Unix socket .*\/no\/s: No such file or directory$/,
  },
  {
    because: 'a directory where the socket shall be',
    prepare: (directory) => {
      mkdirSync(join(directory, 's'));
      return socket.map((word) => word.replace('DIR', directory));
    },
    says: /^can't listen on the Unix socket .*\/s: there is a file which is no socket, and is not removed$/,
  },
  {
    because: 'a file where the socket shall be',
    prepare: inDirectory('s', 'precious', ...socket),
    says: /^can't listen on the Unix socket .*\/s: there is a file which is no socket, and is not removed$/,
    unlikeRedis: 'it removes the file',
  },
  {
    because: 'a symbolic link where the socket shall be',
    prepare: (directory) => {
      symlinkSync(join(directory, 'target'), join(directory, 's'));
      return socket.map((word) => word.replace('DIR', directory));
    },
    says: /^can't listen on the Unix socket .*\/s: there is a file which is no socket, and is not removed$/,
    unlikeRedis: 'it removes the link',
  },
  {
    because: 'a socket that another server listens on',
    prepare: async (directory) => {
      await occupy({ path: join(directory, 's') });
      return socket.map((word) => word.replace('DIR', directory));
    },
    says: /^can't listen on the Unix socket .*\/s: Address already in use; another server listens there$/,
    unlikeRedis: 'it takes the path away from the other server',
  },
  {
    because: 'a mode of the socket that is none',
    prepare: words(...socket, '--unixsocketperm', '999'),
    says: /^command line: .*: argument couldn't be parsed as an octal number; see clone-server --help$/,
  },
  {
    because: 'a directory that is not there',
    prepare: words('--dir', 'DIR/no'),
    says: /^command line: .*: No such file or directory; see/,
  },
  {
    because: 'a directory that is a file',
    prepare: inDirectory('f', '', '--dir', 'DIR/f'),
    says: /^command line: .*: Not a directory; see/,
  },
  {
    because: 'a file where the append-only directory shall be',
    prepare: inDirectory('appendonlydir', '', ...socket, '--dir', 'DIR', '--appendonly', 'yes'),
    says: /appendonlydir/,
  },
  {
    because: 'a log file in a directory that is not there',
    prepare: words('--logfile', 'DIR/no/log'),
    says: /^can't open the log file '.*\/no\/log': No such file or directory$/,
  },
  {
    because: 'a log file that is a directory',
    prepare: words('--logfile', 'DIR'),
    says: /^can't open the log file '.*': Is a directory$/,
  },
  {
    because: 'an ACL file that is not there',
    prepare: words(...socket, '--aclfile', 'DIR/no'),
    says: /^ACL errors: Error loading ACLs, opening file '.*\/no': No such file or directory$/,
  },
  {
    because: 'an ACL file that is a directory',
    prepare: words(...socket, '--aclfile', 'DIR'),
    says: /^ACL errors: Error loading ACLs, opening file '.*': Is a directory$/,
    unlikeRedis: 'it reads it as an empty one',
  },
  {
    because: 'an ACL file with an unknown rule',
    prepare: inDirectory('acl', 'user x on +nonsense\n', ...socket, '--aclfile', 'DIR/acl'),
    says: /Unknown command or category name in ACL/,
  },
  {
    because: 'a user with an unknown rule',
    prepare: config('port 21999\nuser bob on +nonsense\n'),
    says: /redis\.conf, line 2: 'user bob on \+nonsense': Error in user declaration '\+nonsense': Unknown command/,
  },
  {
    because: 'users in two places',
    prepare: config('port 21999\nuser bob on\naclfile /no/x\n'),
    says: /but not both\.$/,
  },
  {
    because: 'a configuration file that is not there',
    prepare: words('DIR/no.conf'),
    says: /^can't open config file '.*\/no\.conf': No such file or directory$/,
  },
  {
    because: 'a configuration file that is a directory',
    prepare: words('DIR'),
    says: /^can't open config file '.*': Is a directory$/,
    unlikeRedis: 'it reads it as an empty one',
  },
  {
    because: 'an included file that is not there',
    prepare: config('include /no/x\n'),
    says: "can't open config file '/no/x': No such file or directory",
  },
  {
    because: 'a bad value in a file',
    prepare: config('hz 10\nport abc\n'),
    says: /redis\.conf, line 2: 'port abc': argument couldn't be parsed into an integer$/,
  },
  {
    because: 'an unknown directive',
    prepare: config('\nfoo bar\n'),
    says: /redis\.conf, line 2: 'foo bar': Bad directive or wrong number of arguments$/,
  },
  {
    because: 'quotes without an end',
    prepare: config('requirepass "abc\n'),
    says: /redis\.conf, line 1: 'requirepass "abc': Unbalanced quotes in configuration line$/,
  },
  {
    because: 'an option without a value',
    prepare: words('--port'),
    says: "command line: '--port': wrong number of arguments; see clone-server --help",
  },
  {
    because: 'a command to rename that is none',
    prepare: config('rename-command FOO ""\n'),
    says: /redis\.conf, line 1: 'rename-command FOO ""': No such command in rename-command$/,
  },
  {
    because: 'TLS without a certificate',
    prepare: words(...tls),
    says: /^No tls-cert-file configured!/,
  },
  {
    because: 'a certificate that is not there',
    prepare: words(...tls, '--tls-cert-file', 'DIR/c', '--tls-key-file', 'DIR/k'),
    says: /^Failed to load certificate: .*\/c: No such file or directory$/,
  },
  {
    because: 'a certificate that is none',
    prepare: inDirectory('c', 'x', ...tls, '--tls-cert-file', 'DIR/c', '--tls-key-file', 'DIR/c'),
    says: /^Failed to load certificate: .*\/c: /,
  },
];

/** Milliseconds for the start of forty processes on a machine that has other things to do. */
const LONG = 120_000;

interface Outcome {
  readonly code: unknown;
  readonly errors: string;
  readonly output: string;
  readonly changes: readonly string[];
}

async function outcomeOf({ prepare }: Failure): Promise<Outcome> {
  const directory = temporaryDirectory();
  const given = await prepare(directory);
  const before = readdirSync(directory);
  // A configuration file comes first, and our own words before those of the case, which count.
  const at = given[0]?.startsWith('-') === false ? 1 : 0;
  const own = ['--pidfile', join(directory, 'pid'), '--dir', directory];
  const { exit, errors, output } = runWith({ cwd: directory }, ...given.slice(0, at), ...own, ...given.slice(at));
  const code = await exit;
  const after = readdirSync(directory);
  return { code, errors: errors(), output: output(), changes: after.filter((name) => !before.includes(name)) };
}

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  const outcomes = new Map<Failure, Outcome>();
  // All before the first test, some at a time: one after the other would take four times as long.
  beforeAll(async () => {
    const left = [...FAILURES];
    const worker = async (): Promise<void> => {
      for (let failure = left.pop(); failure !== undefined; failure = left.pop()) {
        outcomes.set(failure, await outcomeOf(failure));
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
  }, LONG);

  test.each(FAILURES)('$because is one line, exit code 1, and changes nothing', (failure) => {
    const { code, errors, output, changes } = outcomes.get(failure)!;
    expect(code).toBe(1);
    expect(errors).toMatch(/^clone-server: [^\n]+\n$/);
    const line = errors.slice('clone-server: '.length, -1);
    if (failure.says instanceof RegExp) expect(line).toMatch(failure.says);
    else expect(line).toBe(failure.says);
    expect(output).not.toContain('eady to accept');
    expect(changes).toEqual([]);
  });

  test.skipIf(missing('redis-server'))(
    'redis-server fails as well, but where it is said that it does not',
    async () => {
      const codes = await Promise.all(
        FAILURES.map(async ({ because, prepare, unlikeRedis }) => {
          const directory = temporaryDirectory();
          const redis = launch('redis-server', await prepare(directory), { cwd: directory });
          if (unlikeRedis === undefined) return [because, await redis.exit];
          await redis.seen('eady to accept connections');
          return [because, 0];
        }),
      );
      expect(Object.fromEntries(codes)).toEqual(
        Object.fromEntries(FAILURES.map(({ because, unlikeRedis }) => [because, unlikeRedis === undefined ? 1 : 0])),
      );
    },
  );

  test('a file that stood where the socket shall be is as it was, and so is the other server', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'f'), 'precious');
    expect(await run('--port', '0', '--unixsocket', join(directory, 'f')).exit).toBe(1);
    expect(readFileSync(join(directory, 'f'), 'utf8')).toBe('precious');

    const path = join(directory, 's');
    await start({ port: false, config: { unixsocket: path } });
    await expect(start({ port: false, config: { unixsocket: path } })).rejects.toThrow('Address already in use');
    expect(await (await Client.open({ path })).call('PING')).toBe('PONG');
  });

  test('a socket that a killed server has left is taken over', async () => {
    const path = join(temporaryDirectory(), 's');
    const first = run('--port', '0', '--unixsocket', path);
    await first.seen('eady to accept connections unix');
    first.child.kill('SIGKILL');
    await first.exit;
    const second = run('--port', '0', '--unixsocket', path);
    await second.seen('eady to accept connections unix');
    expect(await (await Client.open({ path })).call('PING')).toBe('PONG');
  });

  test('an optional address that is not there is a warning as long as there is another', async () => {
    const path = join(temporaryDirectory(), 's');
    const server = run('--bind', '-1.2.3.4', '--port', '21999', '--unixsocket', path);
    await server.seen('eady to accept connections unix');
    expect(server.output()).toContain('Not listening on 1.2.3.4:21999: Cannot assign requested address');
    expect(server.output()).not.toContain('connections tcp');
  });

  test('a pid file that cannot be written is a warning, as in Redis', async () => {
    const directory = temporaryDirectory();
    const server = run('--port', '0', '--unixsocket', join(directory, 's'), '--pidfile', join(directory, 'no', 'pid'));
    await server.seen('eady to accept connections unix');
    expect(server.output()).toMatch(/the pid file '.*\/no\/pid' cannot be written: No such file or directory/);
  });

  test('the log file has the reason as well', async () => {
    const log = join(temporaryDirectory(), 'log');
    const { exit } = run('--bind', '1.2.3.4', '--logfile', log);
    expect(await exit).toBe(1);
    expect(readFileSync(log, 'utf8')).toContain('it is no address of this machine');
  });

  // How many files Node opens at once to load a program differs from version to version.
  test.each([64, 128])('with %i open files it starts, or says that they are too few', async (limit) => {
    const path = join(temporaryDirectory(), 's');
    const server = runInShell(`ulimit -n ${limit}; exec "$@"`, '--port', '0', '--unixsocket', path);
    await Promise.race([server.exit, server.seen('eady to accept connections unix')]);
    const line = `the system allows only ${limit} open files (ulimit -n): the server needs at least 256 to start`;
    expect(server.errors()).toBe(server.output() === '' ? `clone-server: ${line}\n` : '');
  });

  test('with 256 open files it starts, and serves as many clients as they allow', async () => {
    const path = join(temporaryDirectory(), 's');
    const server = runInShell('ulimit -n 256; exec "$@"', '--port', '0', '--unixsocket', path);
    await server.seen('eady to accept connections unix');
    expect(server.output()).toContain('maxclients is 224: 10000 want more open files than the system allows');
  });

  test('a directory that may not be entered or written is one line', async () => {
    const directory = temporaryDirectory();
    const [closed, fixed, free] = [join(directory, 'closed'), join(directory, 'fixed'), join(directory, 'free')];
    for (const each of [closed, fixed, free]) mkdirSync(each, { recursive: true });
    const isRoot = process.getuid?.() === 0;
    const asNobody = isRoot ? { uid: 65534 } : {};
    chmodSync(directory, 0o755);
    chmodSync(free, 0o777);
    chmodSync(closed, 0o600);
    chmodSync(fixed, 0o555);
    const socketAt = (path: string): readonly string[] => ['--port', '0', '--unixsocket', join(path, 's')];
    const runs = [
      runWith(asNobody, '--dir', closed),
      runWith(asNobody, ...socketAt(free), '--dir', fixed, '--appendonly', 'yes'),
      runWith(asNobody, ...socketAt(fixed)),
      runWith(asNobody, ...socketAt(free), '--logfile', join(fixed, 'log')),
    ];
    for (const { exit, errors } of runs) {
      expect(await exit).toBe(1);
      expect(errors()).toMatch(/^clone-server: [^\n]+\n$/);
      expect(errors()).toContain('Permission denied');
    }
    chmodSync(closed, 0o755);
    expect([readdirSync(closed), readdirSync(fixed)]).toEqual([[], []]);
  });
});
