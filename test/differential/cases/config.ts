// CONFIG GET and SET of every parameter, with values of every kind, and what Redis says to wrong ones.
import { Config } from '@clone/server';
import { differing, differs, expected, masked, on, startedWith, t, unorderedPairs, type Case } from '../steps.js';

// Here in cases of their own, because a value would end the connection, change what is listened on or be another one in
// 7.2, or in none: what only 7.2 has.
const apart = new Set([
  ...[
    'aof-load-skip-rejected',
    'bind',
    'port',
    'tls-port',
    'maxclients',
    'maxmemory-clients',
    'client-output-buffer-limit',
    'requirepass',
  ],
  ...['dir', 'unixsocket', 'logfile', 'pidfile', 'save', 'appendonly', 'loglevel', 'tls-cluster', 'tls-replication'],
  ...['locale-collate', 'cluster-announce-human-nodename', 'set-max-listpack-entries', 'set-max-listpack-value'],
  ...['metrics-port', 'metrics-bind'],
  // Certificates are read at once.
  ...['tls-ca-cert-dir', 'tls-ca-cert-file', 'tls-cert-file', 'tls-key-file', 'tls-dh-params-file', 'tls-ciphers'],
  ...['tls-ciphersuites', 'tls-protocols', 'tls-client-cert-file', 'tls-client-key-file', 'tls-auth-clients'],
]);

const values = [
  ...['""', '0', '1', '2', '3', '10', '64', '99', '101', '777', '-1', '-2', '+1', '01', '-0', '1.5', '1e3', '0x10'],
  ...['1k', '1kb', '1MB', '5gb', '1x', '50%', '100%', '101%', '0%', '-1%', '2147483647', '2147483648', '4294967296'],
  ...['9223372036854775807', '9223372036854775808', '99999999999999999999999', 'yes', 'NO', 'maybe', 'true', 'abc'],
  ...['"a b"', 'a/b', '" 1"', '"1 "', '"1 2"', '"1 2 3"', '"\\x00"', '"yes\\x00x"', '"\\xff\\x80"', 'é'],
];

// prettier-ignore
const words: Readonly<Record<string, readonly string[]>> = {
  'maxmemory-policy': ['allkeys-lru', 'VOLATILE-TTL', '"allkeys-lru noeviction"'],
  'appendfsync': ['always', 'everysec'],
  'oom-score-adj': ['relative', 'absolute', 'yes', 'no'],
  'oom-score-adj-values': ['"1 2 2000"', '"2001 0 0"', '"-2000 0 1"', '"1  2 3"', '"+1 +2 +3"', '"1 2 3 "'],
  'repl-diskless-load': ['swapdb', 'on-empty-db'],
  'sanitize-dump-payload': ['clients'],
  'cluster-preferred-endpoint-type': ['hostname', 'unknown-endpoint'],
  'propagation-error-behavior': ['panic', 'panic-on-replicas', 'ignore'],
  'notify-keyspace-events': ['KEA', 'KEg$lshzxetd', 'AKEmn', 'g$x', 'nm', 'Q', 'AA', '"KEA "', 'd', 't'],
  'latency-tracking-info-percentiles': ['"50 99.9 100"', '100.1', '33.333333333333336', '1e-7', 'nan', 'inf', '"50  60"'],
  'shutdown-on-sigterm': ['"save now"', '"now force save"', '"save nosave"', 'DEFAULT', '"default save"'],
  'shutdown-on-sigint': ['"nosave force"', '"nosave save"'],
  'proc-title-template': ['{title}', '"{title} {server-mode}"', '{port}', '"{title} {listen-addr}"', '{{x}', '{', '}', '{x}'],
  'cluster-announce-hostname': ['a.b-c', 'a_b', 'a'.repeat(255), 'a'.repeat(256)],
  'acl-pubsub-default': ['allchannels', 'resetchannels'],
  'dbfilename': ['x.rdb'],
};

const changedIn80 = new Set(['io-threads-do-reads', 'maxmemory-samples']);

const every: readonly Case[] = [...new Config({ directory: '/' }).names()]
  .filter((name) => !apart.has(name))
  .map((name) => ({
    ...t(
      `CONFIG SET ${name} takes and refuses what Redis does`,
      ...[...values, ...(words[name] ?? [])].flatMap((value) => [`CONFIG SET ${name} ${value}`, `CONFIG GET ${name}`]),
    ),
    ...(changedIn80.has(name) ? { differs: 'config-8.0' } : {}),
  }));

const set = (name: string, ...all: readonly string[]): string[] =>
  all.flatMap((value) => [`CONFIG SET ${name} ${value}`, `CONFIG GET ${name}`]);

const hidden = ['key-load-delay', 'rdb-key-save-delay', 'watchdog-period', 'use-exit-on-panic'];

// prettier-ignore
const single: readonly Case[] = [
  t('CONFIG GET of a parameter that is not listed wants its name',
    ...hidden.map((name) => `CONFIG GET ${name}`), 'CONFIG GET key-load-*', 'CONFIG GET lua-enable-deprecated-api',
    'CONFIG SET lua-enable-deprecated-api yes', 'CONFIG SET key-load-delay x', 'CONFIG SET watchdog-period -1',
    differs('CONFIG GET loading-process-events-interval-bytes', 'config-8.0'), 'CONFIG SET loading-process-events-interval-bytes 5'),
  t('CONFIG GET of the parameters of 7.2',
    expected('CONFIG GET set-max-listpack-entries', 'config-parameters', '*2\r\n$24\r\nset-max-listpack-entries\r\n$3\r\n128\r\n', '%1\r\n$24\r\nset-max-listpack-entries\r\n$3\r\n128\r\n'),
    expected('CONFIG SET locale-collate C', 'config-parameters', '+OK\r\n'),
    expected('CONFIG GET metrics-port', 'config-parameters', '*2\r\n$12\r\nmetrics-port\r\n$1\r\n0\r\n', '%1\r\n$12\r\nmetrics-port\r\n$1\r\n0\r\n')),
  t('CONFIG SET save takes pairs',
    ...set('save', '"3600 1 900 5"', '"3600 0"', '"0 1"', '"3600 -1"', '"3600 1 900"', '"3600  1"', '" 3600 1"', '"+3600 1"', '"03600 1"', '"3600 "',
      '"3600 99999999999"', '"999999999999 1"', '"3600 1\\x00 5"', '"\\x00"', '"a 1"', '"3600 a"', '""')),
  t('CONFIG SET client-output-buffer-limit amends the classes it names',
    ...set('client-output-buffer-limit', '"normal 10mb 5mb 3"', '"replica 1gb 1mb 0"', '"SLAVE 2gb 0 1"', '"pubsub -1 0 0"', '"normal 0 0 -1"', '"normal 0 0 1.5"',
      '"normal 0 0 0 pubsub 1gb 1gb 1"', '"normal 0 0"', '"master 0 0 0"', '"normal a 0 0"', '"normal 0 a 0"', '"normal 0 0 a"', '"normal  0 0 0"', '"normal 0 0 +3"',
      '"normal 0 0 99999999999999999999"', '"normal 0 0 4294967296"', '"normal 0 0 2147483648"', '""')),
  t('CONFIG SET maxmemory-clients takes bytes and percent', ...set('maxmemory-clients', '1gb', '50%', '100%', '101%', '-5%', '%', '0%', '1x', '""', '0')),
  t('CONFIG SET requirepass is any bytes',
    ...set('requirepass', '"a b"', '"\\xff\\x00\\x01"', '""'), 'AUTH x', on('b', 'PING')),
  t('CONFIG SET maxclients has a least and a most',
    ...set('maxclients', '0', '-1', 'x', '4294967296', '1000', '1000000', '10000')),
  t('CONFIG SET of names that are no parameters',
    'CONFIG SET a\\x00b 1', '"CONFIG" SET "a\\r\\nb" 1', 'CONFIG SET "a\\xff" 1', 'CONFIG SET "" 1', 'CONFIG SET user x', 'CONFIG SET include x',
    'CONFIG SET rename-command x', 'CONFIG SET loadmodule x', 'CONFIG SET list-max-ziplist-entries 5', 'CONFIG GET list-max-ziplist-entries'),
  t('CONFIG SET of several: the first one that is wrong is named, and nothing changes',
    'CONFIG SET foo 1 databases 2', 'CONFIG SET databases 2 foo 1', 'CONFIG SET dir / foo 1', 'CONFIG SET hz 20 timeout x', 'CONFIG SET timeout x hz y',
    'CONFIG SET hz 20 HZ 30', 'CONFIG SET slave-priority 5 replica-priority 6', 'CONFIG GET *-priority', 'CONFIG SET hz 20 maxmemory-samples 7 lfu-decay-time 3',
    'CONFIG GET hz', 'CONFIG SET hz 30 activedefrag yes', 'CONFIG GET hz', 'CONFIG SET activedefrag yes hz 30', 'CONFIG SET hz 30 maxmemory-samples', 'CONFIG GET hz'),
  t('CONFIG GET takes several patterns, in any case',
    'CONFIG GET HZ hz h[z]', 'CONFIG GET h[xyz]', 'CONFIG GET hz timeout', 'CONFIG GET timeou?', 'CONFIG GET [^a-z]*', 'CONFIG GET hz\\x00', 'CONFIG GET \\hz'),
  t('min-replicas-to-write refuses writes without replicas',
    'CONFIG SET min-replicas-to-write 1', 'SET k v', 'GET k', 'PING', 'DEL k', 'MULTI', 'SET k v', 'EXEC', 'MULTI', 'GET k', 'EXEC', 'CONFIG SET min-replicas-max-lag 0',
    'SET k v', 'CONFIG SET min-replicas-max-lag 10', 'FLUSHALL', 'CONFIG SET min-slaves-to-write 0', 'SET k v', 'GET k'),
  t('lazyfree-lazy-user-flush changes nothing that a client sees',
    'CONFIG SET lazyfree-lazy-user-flush yes', 'SET k v', 'FLUSHDB', 'GET k', 'SET k v', 'FLUSHALL', 'DBSIZE'),
];

const withProtected = { config: { 'enable-protected-configs': 'yes' } };

// prettier-ignore
const unlocked: readonly Case[] = startedWith(withProtected,
  t('CONFIG SET dir wants a directory', ...set('dir', '/', '/nowhere', '/etc/passwd', '""', '/tmp/..', '"/tmp\\x00x"', '.')),
  t('CONFIG SET dbfilename wants a name', ...set('dbfilename', 'x.rdb', 'a/b', '"a\\x00b"', '""')),
  t('CONFIG SET bind without a port keeps what it is told', ...set('bind', '127.0.0.1', '"* -::*"', '""', '"127.0.0.1  ::1"', `"${'127.0.0.1 '.repeat(16)}::1"`)),
);

const renaming = {
  config: {
    'rename-command': ['GET fetch', 'SET "put it"', 'DEL ""', 'CONFIG settings', 'OBJECT Look', 'EXPIRE set'],
  },
};

// prettier-ignore
const renamed: readonly Case[] = startedWith(renaming,
  ...differing('renamed-8.0', t('a renamed command has its new name, in any case, and not the old one',
    '"PUT it" k v', 'FETCH k', 'fetch k', differs('GET k', 'renamed-8.0'), 'get', 'fetch', 'fetch a b', 'SET k 100', 'TTL missing', 'set k', 'fetch missing', 'DEL k', 'del', 'UNLINK k')),
  t('a renamed container has its subcommands', 'settings GET hz', 'SETTINGS get', 'settings', 'settings NO', 'CONFIG GET hz', 'look ENCODING missing', 'look x', 'OBJECT ENCODING k'),
  t('COMMAND knows a renamed command by its new name',
    masked('COMMAND INFO get', 'command-info'), masked('COMMAND INFO fetch', 'command-info'), masked('COMMAND INFO del', 'command-info'),
    'COMMAND LIST FILTERBY PATTERN get', 'COMMAND LIST FILTERBY PATTERN fetch', 'COMMAND LIST FILTERBY PATTERN del', 'COMMAND GETKEYS fetch k',
    'COMMAND GETKEYS get k', 'COMMAND GETKEYS "put it" k v', 'COMMAND GETKEYS set k 10'),
  t('a renamed command is queued, and unknown ones spoil the transaction',
    'MULTI', '"put it" k v', 'fetch k', 'EXEC', 'MULTI', 'GET k', 'EXEC'),
);

/** Redis lists parameters in the order of a table with a random seed. */
const inAnyOrder = (each: Case): Case => ({
  ...each,
  steps: each.steps.map((step) =>
    /^config get/i.test(step.line) && step.order === 'exact' ? unorderedPairs(step) : step,
  ),
});

export const config: readonly Case[] = [...every, ...single, ...unlocked, ...renamed].map(inAnyOrder);
