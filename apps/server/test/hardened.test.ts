// Hardened configurations: Debian's own, and one without the commands that hardening guides name. The server starts with
// them and answers as redis-server does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reply } from '@clone/resp-codec';
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { run } from './support/program.js';
import { missing, startRedisWith } from './support/redis.js';
import { temporaryDirectory } from './support/server.js';

/** What guides take away, among it what this server does not have yet. */
const DANGEROUS = [
  ...['FLUSHALL', 'FLUSHDB', 'CONFIG', 'SHUTDOWN', 'DEBUG', 'EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'KEYS', 'SAVE'],
  ...['BGSAVE', 'BGREWRITEAOF', 'MODULE', 'REPLICAOF', 'SLAVEOF', 'MIGRATE', 'RENAME', 'RENAMENX', 'SORT', 'SCRIPT'],
  ...['FUNCTION', 'FCALL', 'FCALL_RO', 'CLUSTER', 'FAILOVER', 'SYNC', 'PSYNC', 'REPLCONF', 'RESTORE', 'DUMP', 'MOVE'],
  ...['MONITOR', 'SLOWLOG', 'CLIENT', 'PFDEBUG', 'PFSELFTEST', 'SPOP', 'SWAPDB', 'LATENCY', 'ACL', 'RANDOMKEY', 'WAIT'],
  ...['OBJECT', 'INFO', 'ROLE', 'LASTSAVE', 'READONLY', 'READWRITE', 'ASKING', 'RESTORE-ASKING', 'MEMORY', 'COMMAND'],
];

/** Debian's /etc/redis/redis.conf without its comments. */
const debian = readFileSync(fileURLToPath(new URL('./support/debian.conf', import.meta.url)), 'utf8');

const HARDENED = [
  'port 0',
  'protected-mode yes',
  'requirepass "a long secret"',
  'maxclients 100',
  'timeout 300',
  'tcp-keepalive 60',
  'loglevel notice',
  'maxmemory 256mb',
  'maxmemory-policy allkeys-lru',
  'unixsocketperm 700',
  'enable-debug-command no',
  'enable-module-command no',
  'enable-protected-configs no',
  'rename-command SET put',
  'rename-command GET "fetch \\"it\\""',
  ...DANGEROUS.map((name) => `rename-command ${name} ""`),
].join('\n');

const CALLS: readonly (readonly string[])[] = [
  ['PING'],
  ['AUTH', 'wrong'],
  ['AUTH', 'a long secret'],
  ['SET', 'k', 'v'],
  ['PUT', 'k', 'v'],
  ['GET', 'k'],
  ['fetch "it"', 'k'],
  ['DEL', 'k'],
  ...DANGEROUS.flatMap((name) => [[name], [name.toLowerCase(), 'x', 'y z']]),
];

/** The same file for both, in directories of their own. */
function configIn(directory: string, content: string): { file: string; path: string } {
  const [file, path] = [join(directory, 'redis.conf'), join(directory, 's')];
  writeFileSync(file, `${content}\nport 0\nunixsocket ${path}\ndir ${directory}\nlogfile ""\nsave ""\n`);
  return { file, path };
}

async function replies(client: Client, calls: readonly (readonly string[])[]): Promise<Reply[]> {
  const all: Reply[] = [];
  for (const call of calls) all.push(await client.call(...call));
  return all;
}

describe.skipIf(process.platform === 'win32' || missing('redis-server'))('beside redis-server', () => {
  async function both(content: string, calls: readonly (readonly string[])[]): Promise<[Reply[], Reply[]]> {
    const own = configIn(temporaryDirectory(), content);
    const server = run(own.file);
    await server.seen('eady to accept connections unix');
    const reference = configIn(temporaryDirectory(), content.replace('daemonize yes', 'daemonize no'));
    const redis = await startRedisWith(reference.file, reference.path);
    const result: [Reply[], Reply[]] = [
      await replies(await Client.open({ path: own.path }), calls),
      await replies(redis.client, calls),
    ];
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    return result;
  }

  test('without every command that hardening guides name it answers as Redis does', async () => {
    const [own, reference] = await both(HARDENED, CALLS);
    expect(own).toEqual(reference);
    const unknown = own.filter((reply) => typeof reply === 'string' && reply.startsWith('-ERR unknown command'));
    expect(unknown.length).toBe(2 + 2 * DANGEROUS.length);
  });

  test("with Debian's configuration it starts, and CONFIG GET says what Redis says", async () => {
    const names = debian.split('\n').flatMap((line) => /^[a-z0-9-]+/.exec(line)?.[0] ?? []);
    const own = ['dir', 'logfile', 'port', 'daemonize', 'save'];
    const compared = [...new Set(names)].filter((name) => !own.includes(name));
    expect(compared.length).toBeGreaterThan(60);
    const calls = compared.map((name) => ['CONFIG', 'GET', name]);
    const paths = debian.replace(/^pidfile .*$/m, 'pidfile ""').replace(/^(dir|logfile) .*\n/gm, '');
    const [mine, reference] = await both(paths, calls);
    expect(mine).toEqual(reference);
  });
});
