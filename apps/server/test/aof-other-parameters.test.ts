// A log is replayed with other parameters than those it was written with: the data are the same, whatever has changed
// between the two runs. The list of parameters is that of the server; one that is new must say here what is tried.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandArgument, Reply } from '@clone/resp-codec';
import type { Server } from '@clone/server';
import { expect, test } from 'vitest';
import { datasetDigest } from '../src/commands/debug-digest.js';
import type { Parameter } from '../src/config/parameter.js';
import { PARAMETERS } from '../src/config/parameters.js';
import { Client } from './support/client.js';
import { everyKind } from './support/data.js';
import { start, temporaryDirectory } from './support/server.js';

type Values = readonly string[];
interface Trial {
  readonly values: Values;
  /** Why nothing can be written under these values: they are tried at the second run alone. */
  readonly secondRunOnly?: string;
}

const flag: Trial = { values: ['yes', 'no'] };
/** For numbers from zero: the smallest, a small one, and more than there is of anything. */
const count: Trial = { values: ['0', '1', '2147483647'] };
const some = (...values: Values): Trial => ({ values });
const notTried = (reason: string): { readonly reason: string } => ({ reason });

const GUARDED = 'clients of this test have no password and no certificate';
const noSocket = notTried('where clients come in');
const noTls = notTried('how clients come in: without tls-port it is not looked at');
const process = notTried('of the process, and only set by the command line');

/** What is tried of each parameter that has an effect, or why nothing is. */
const trials: Readonly<Record<string, Trial | { readonly reason: string }>> = {
  'acl-pubsub-default': some('allchannels', 'resetchannels'),
  aclfile: { values: ['users.acl'], secondRunOnly: GUARDED },
  'acllog-max-len': count,
  'active-expire-effort': some('1', '10'),
  'always-show-logo': flag,
  'aof-load-skip-rejected': flag,
  'aof-load-truncated': flag,
  appenddirname: notTried('another name is another log'),
  appendfilename: notTried('another name is another log'),
  appendfsync: some('always', 'everysec', 'no'),
  appendonly: notTried('without it nothing is written or read'),
  'auto-aof-rewrite-min-size': some('0', '9223372036854775807'),
  'auto-aof-rewrite-percentage': count,
  bind: noSocket,
  'client-output-buffer-limit': { values: ['normal 1 1 1'], secondRunOnly: 'no client hears a reply' },
  'client-query-buffer-limit': { values: ['1048576'], secondRunOnly: 'requests of the data are longer' },
  databases: some('8', '100'),
  dir: notTried('another directory is another log'),
  'dynamic-hz': flag,
  'enable-debug-command': some('no', 'yes', 'local'),
  'enable-protected-configs': some('no', 'yes', 'local'),
  'hash-max-listpack-entries': count,
  'hash-max-listpack-value': count,
  'hll-sparse-max-bytes': count,
  hz: some('1', '500'),
  'latency-monitor-threshold': count,
  'latency-tracking': flag,
  'latency-tracking-info-percentiles': some('', '1 100'),
  'lazyfree-lazy-user-flush': flag,
  'lfu-decay-time': count,
  'lfu-log-factor': count,
  'list-max-listpack-size': some('-5', '-1', '0', '1', '32767'),
  logfile: process,
  loglevel: some('debug', 'nothing'),
  maxclients: some('1', '4294967295'),
  maxmemory: { values: ['1'], secondRunOnly: 'nothing may be written' },
  'maxmemory-clients': { values: ['1'], secondRunOnly: 'no client stays' },
  'maxmemory-eviction-tenacity': some('0', '100'),
  'maxmemory-policy': some(
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-ttl',
    'volatile-lru',
    'volatile-lfu',
  ),
  'maxmemory-samples': some('1', '2147483647'),
  'metrics-bind': noSocket,
  'metrics-port': noSocket,
  'min-replicas-max-lag': count,
  'min-replicas-to-write': { values: ['1'], secondRunOnly: 'nothing may be written' },
  'no-appendfsync-on-rewrite': flag,
  'notify-keyspace-events': some('', 'KEAmn'),
  'oom-score-adj': process,
  'oom-score-adj-values': process,
  pidfile: process,
  port: noSocket,
  'proc-title-template': process,
  'protected-mode': flag,
  'proto-max-bulk-len': { values: ['1048576'], secondRunOnly: 'values of the data are longer' },
  requirepass: { values: ['secret'], secondRunOnly: GUARDED },
  'set-max-intset-entries': count,
  'set-max-listpack-entries': count,
  'set-max-listpack-value': count,
  'set-proc-title': process,
  'shutdown-on-sigint': some('nosave', 'force now'),
  'shutdown-on-sigterm': some('nosave', 'force now'),
  'slowlog-log-slower-than': some('-1', '0'),
  'slowlog-max-len': count,
  'stream-node-max-bytes': count,
  'stream-node-max-entries': count,
  'tcp-backlog': noSocket,
  'tcp-keepalive': count,
  timeout: count,
  'tls-auth-clients': noTls,
  'tls-ca-cert-dir': noTls,
  'tls-ca-cert-file': noTls,
  'tls-cert-file': noTls,
  'tls-ciphers': noTls,
  'tls-ciphersuites': noTls,
  'tls-dh-params-file': noTls,
  'tls-key-file': noTls,
  'tls-key-file-pass': noTls,
  'tls-port': noSocket,
  'tls-prefer-server-ciphers': noTls,
  'tls-protocols': noTls,
  'tls-session-cache-timeout': noTls,
  'tls-session-caching': noTls,
  'tracking-table-max-keys': count,
  unixsocket: noSocket,
  unixsocketperm: noSocket,
  'zset-max-listpack-entries': count,
  'zset-max-listpack-value': count,
};

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));

/** Values of all types in all encodings and sizes, and commands whose outcome could depend on either. */
function dataSet(): CommandArgument[][] {
  // Longer than the least `proto-max-bulk-len`.
  const long = 1_050_000;
  const members = numbers(0, 600);
  return [
    ...everyKind(),
    ...numbers(1, 400).map((i): CommandArgument[] => ['XADD', 'entries', `${i}-0`, 'field', `value ${i}`]),
    ['SETRANGE', 'sparse', long, 'x'],
    ['SET', 'long', 'x'],
    ['APPEND', 'long', 'y'.repeat(long)],
    ['SETBIT', 'bits', 8 * long, 1],
    ['BITFIELD', 'fields', 'SET', 'u8', 8 * long, 200, 'OVERFLOW', 'FAIL', 'INCRBY', 'u8', 8 * long, 100],
    ['BITOP', 'OR', 'united bits', 'bits', 'fields'],
    ['RPUSH', 'long elements', 'x'.repeat(long), 'y', 'z'],
    ['LSET', 'long elements', 1, 'short'],
    ['HSET', 'long fields', 'f', 'x'.repeat(long), 'g', '1'],
    ['SADD', 'integers', ...members],
    ['SADD', 'small integers', '1', '2', '3'],
    ['SADD', 'words', ...members.map((each) => `word ${each}`)],
    ['SADD', 'small words', 'a', 'b', 'c', 'x'.repeat(100)],
    ['ZADD', 'scores', ...members.flatMap((each) => [Number(each) / 8, `m${each}`])],
    ['ZADD', 'small scores', '1', 'a', '-inf', 'b', '2.5', 'x'.repeat(100)],
    ['PFADD', 'hll', ...members],
    ['PFADD', 'small hll', 'a', 'b'],
    ['PFMERGE', 'merged hll', 'hll', 'small hll'],
    // What is taken is drawn at random, or stands first in an order that the encoding makes.
    ['SPOP', 'integers', 10],
    ['SPOP', 'words', 10],
    ['SPOP', 'small words'],
    ['ZPOPMIN', 'scores', 5],
    ['SORT', 'words', 'BY', 'nosort', 'LIMIT', 3, 20, 'STORE', 'sorted words'],
    ['SORT', 'integers', 'BY', 'nosort', 'STORE', 'sorted integers'],
    // Equal weights stay in the order of the set.
    ['SADD', 'few integers', ...numbers(0, 50)],
    ['SORT', 'few integers', 'BY', 'weight of *', 'ALPHA', 'LIMIT', 1, 40, 'STORE', 'few by weight'],
    ['SORT', 'words', 'BY', 'weight of *', 'ALPHA', 'GET', '#', 'GET', 'weight of *', 'STORE', 'words by weight'],
    ['SET', 'emptied by SORT', 'x'],
    ['SORT', 'few integers', 'BY', 'weight of *', 'ALPHA', 'LIMIT', 60, 1, 'STORE', 'emptied by SORT'],
    ['SORT', 'scores', 'BY', 'nosort', 'GET', '#', 'STORE', 'sorted scores'],
    ['SUNIONSTORE', 'union', 'integers', 'words'],
    ['SDIFFSTORE', 'difference', 'union', 'small integers'],
    ['ZUNIONSTORE', 'scored union', 2, 'scores', 'words', 'WEIGHTS', 2, 3],
    ['ZRANGESTORE', 'scored range', 'scores', 3, 40],
    ['ZADD', 'same scores', ...members.flatMap((each) => [0, `m${each}`])],
    ['ZREMRANGEBYLEX', 'same scores', '-', '[m3'],
    // Ranges of members are nothing certain where scores differ: which they are depends on the encoding.
    ['ZADD', 'several scores', ...numbers(0, 100).flatMap((each) => [Number(each) % 5, `m${each}`])],
    ['ZRANGESTORE', 'range by members', 'several scores', '[m2', '[m70', 'BYLEX', 'LIMIT', 1, 10],
    ['ZRANGESTORE', 'reverse range by members', 'several scores', '[m70', '(m2', 'BYLEX', 'REV'],
    ['SET', 'empty range by members', 'x'],
    ['ZRANGESTORE', 'empty range by members', 'several scores', '(m2', '[m2', 'BYLEX'],
    ['ZREMRANGEBYLEX', 'several scores', '(m31', '(m6'],
    ['ZADD', 'many scores', ...members.flatMap((each) => [Number(each) % 7, `m${each}`])],
    ['ZREMRANGEBYLEX', 'many scores', '[m2', '[m70'],
    ['ZADD', 'all of several scores', 1, 'a', 2, 'b'],
    ['ZREMRANGEBYLEX', 'all of several scores', '-', '+'],
    ['GEOADD', 'places', 13.36, 38.11, 'Palermo', 15.08, 37.5, 'Catania'],
    ['GEORADIUS', 'places', 15, 37, 200, 'km', 'ASC', 'STORE', 'near'],
    ['GEOSEARCHSTORE', 'far', 'places', 'FROMLONLAT', 15, 37, 'BYRADIUS', 9000, 'km', 'STOREDIST'],
    ['XTRIM', 'entries', 'MAXLEN', '~', 250],
    ['XADD', 'entries', 'MINID', '~', '300-0', 'LIMIT', 150, '9999999-1', 'f', 'v'],
    ['XADD', 'groups', '1-1', 'a', 'b'],
    ['XADD', 'groups', '2-1', 'a', 'b'],
    ['XGROUP', 'CREATE', 'groups', 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'groups', '>'],
    ['XDEL', 'groups', '1-1'],
    ['XAUTOCLAIM', 'groups', 'g', 'd', 0, '0'],
    ['HSET', 'times', 'a', '1', 'b', '2', 'c', '3'],
    ['HPEXPIRE', 'times', 100_000_000, 'FIELDS', 2, 'a', 'b'],
    ['HGETEX', 'times', 'PERSIST', 'FIELDS', 1, 'b'],
    ['HSETEX', 'times', 'EX', 100_000, 'FIELDS', 1, 'd', '4'],
    ['GETEX', 'integer', 'EX', 100_000],
    ['MULTI'],
    ['INCR', 'counter'],
    ['SELECT', 7],
    ['INCRBYFLOAT', 'counter', '0.1'],
    ['EXEC'],
    ['SWAPDB', 5, 7],
    ['COPY', 'counter', 'copied', 'DB', 3],
    ['SELECT', 5],
    ['MOVE', 'counter', 7],
    ['SELECT', 0],
    ['RENAME', 'small words', 'renamed'],
  ];
}

type Config = Readonly<Record<string, string>>;

/** A server over the log of a directory. */
function run(dir: string, config: Config): Promise<Server> {
  return start({ port: false, config: { appendonly: 'yes', appendfsync: 'no', dir, ...config } });
}

const dataOf = (server: Server): string => datasetDigest(server.keyspace);

/** Writes the data set under a configuration. */
async function write(config: Config): Promise<{ dir: string; data: string; counts: Reply[] }> {
  const dir = temporaryDirectory();
  const server = await run(dir, config);
  const client = new Client(server.connect());
  const replies = await client.pipeline(dataSet());
  expect(replies.filter((reply) => typeof reply === 'string' && /^[-(]/.test(reply))).toEqual([]);
  // PFCOUNT notes what it has counted, in the key.
  const counts = await countsOf(server);
  const data = dataOf(server);
  await server.stop();
  return { dir, data, counts };
}

const HLL_LIMIT = 'hll-sparse-max-bytes';
const hyperLogLogs = ['hll', 'small hll', 'merged hll'];

/** What the HyperLogLogs count. */
function countsOf(server: Server): Promise<Reply[]> {
  return new Client(server.connect()).pipeline(hyperLogLogs.map((key) => ['PFCOUNT', key]));
}

/** The digest of all other keys: the bytes of a HyperLogLog are those of the parameter. */
async function dataWithoutHyperLogLogs(server: Server): Promise<string> {
  await new Client(server.connect()).call('DEL', ...hyperLogLogs);
  return dataOf(server);
}

function trialsOf(name: string): Trial | undefined {
  const trial = trials[name];
  return trial !== undefined && 'values' in trial ? trial : undefined;
}

test('of each parameter that has an effect some values are tried, or it is said why not', () => {
  const working = PARAMETERS.filter((each) => each.idle === undefined && each.unsupported === undefined);
  expect(Object.keys(trials).sort()).toEqual(working.map(({ name }) => name).sort());
});

/** Stops a server before the next one takes its directory. */
async function during<T>(starting: Promise<Server>, use: (server: Server) => T | Promise<T>): Promise<T> {
  const server = await starting;
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** The n-th values of all parameters at once, but for those that are left out; as many as one has values. */
function rounds(leftOut: (name: string, trial: Trial) => boolean): Config[] {
  const tried = Object.keys(trials).flatMap((name) => {
    const trial = trialsOf(name);
    return trial === undefined || leftOut(name, trial) ? [] : [[name, trial.values] as const];
  });
  const most = Math.max(...tried.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, n) =>
    Object.fromEntries(tried.map(([name, values]) => [name, values[Math.min(n, values.length - 1)]!])),
  );
}

test('what was written with the defaults is there under every other value', async () => {
  const { dir, data, counts } = await write({});
  writeFileSync(join(dir, 'users.acl'), 'user default on nopass -@all +ping\n');
  const guards = Object.keys(trials).filter((name) => trialsOf(name)?.secondRunOnly !== undefined);
  const alone = guards.flatMap((name) => trialsOf(name)!.values.map((value): Config => ({ [name]: value })));
  const together = rounds((name, trial) => trial.secondRunOnly !== undefined || name === HLL_LIMIT);
  for (const config of [...alone, ...together]) {
    expect(await during(run(dir, config), dataOf), JSON.stringify(config)).toBe(data);
  }
  for (const value of trialsOf(HLL_LIMIT)!.values) {
    expect(await during(run(dir, { [HLL_LIMIT]: value }), countsOf), `${HLL_LIMIT} ${value}`).toEqual(counts);
  }
});

test('what was written with other values is there with the defaults', async () => {
  for (const config of rounds((_, trial) => trial.secondRunOnly !== undefined)) {
    const { dir, counts } = await write({ ...config, maxclients: '100' });
    const written = await during(run(dir, config), dataWithoutHyperLogLogs);
    // That run has removed them.
    expect(await during(run(dir, {}), dataOf), JSON.stringify(config)).toBe(written);
    expect(counts.every((each) => Number(each) > 0)).toBe(true);
  }
});

test('parameters without an effect have none on the log either', async () => {
  const { dir, data } = await write({});
  const isFlag = (each: Parameter): boolean =>
    ['yes', 'no'].includes(each.default) && !/^supervised|^tls-/.test(each.name);
  const idle = PARAMETERS.filter((each) => each.idle !== undefined && isFlag(each));
  const flipped = Object.fromEntries(idle.map((each) => [each.name, each.default === 'yes' ? 'no' : 'yes']));
  expect(await during(run(dir, flipped), dataOf)).toBe(data);
});
