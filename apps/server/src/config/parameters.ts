// Every parameter of Redis 7.2.4, as data, with those that CONFIG GET does not list and our own. One that has no meaning
// for this server says why in `idle`: it is accepted, kept and shown, so that configuration files and tools that set it
// work. One that would promise something the server does not do says so in `unsupported`, and only its default is
// accepted. The table in docs/configuration.md is made of this one.

import {
  choice,
  flag,
  INT64_MAX,
  INT_MAX,
  INT_MIN,
  integer,
  memory,
  memoryOrPercent,
  octal,
  text,
  UINT32_MAX,
  UINT64_MAX,
  type Parameter,
} from './parameter.js';
import {
  bind,
  checkTitleTemplate,
  clientOutputBufferLimit,
  dir,
  hz,
  latencyTrackingPercentiles,
  notifyKeyspaceEvents,
  oomScoreAdjValues,
  replicaof,
  save,
  shutdownOn,
} from './special-parameters.js';

const immutable = { mutable: false };
const MEGABYTE = 1048576n;
const PORT_MAX = 65535n;
const WHO_MAY = ['no', 'yes', 'local'];
/** Redis keeps no text for it when it is empty. */
const unset = { unwritten: '' };
/** A file that may have changed when its name is set again. */
const reread = { ...unset, reread: true };

// Why a parameter changes nothing here.
const defrag = { idle: 'the arena gives pages back by itself' };
const replication = { idle: 'there is no replication yet' };
const cluster = { idle: 'there is no cluster mode yet' };
const snapshots = { idle: 'there are no RDB files yet' };
const cpus = { ...immutable, ...unset, idle: 'Node.js cannot bind threads to processors' };
const scripts = { idle: 'there are no scripts yet' };
const inSlices = {
  idle: 'what is big is freed in slices either way, and no client waits for it; only `lazyfreed_objects` counts by it',
};
const syslog = { ...immutable, idle: 'the log goes to `logfile` or standard output' };
const sessions = { idle: 'clients keep their TLS sessions themselves, in tickets' };
const crashes = { idle: 'Node.js reports a crash in its own way' };
const threads = { ...immutable, idle: 'one thread reads, executes and writes' };
const tests = { hidden: true, idle: "a switch for Redis's own tests" };

const fileName =
  (name: string, what: string) =>
  (value: string): string =>
    /[/\\]/.test(value) ? `${name} can't be a path, just a ${what}` : '';

const notEmpty =
  (name: string, check: (value: string) => string) =>
  (value: string): string =>
    value === '' ? `${name} can't be empty` : check(value);

const checkHostname = (value: string): string => {
  if (value.length >= 256) return 'Hostnames must be less than 256 characters';
  return /^[a-zA-Z0-9.-]*$/.test(value) ? '' : 'Hostnames may only contain alphanumeric characters, hyphens or dots';
};

export const PARAMETERS: readonly Parameter[] = [
  choice('acl-pubsub-default', 'resetchannels', ['allchannels', 'resetchannels']),
  text('aclfile', '', immutable),
  integer('acllog-max-len', 128, 0n, INT64_MAX),
  integer('active-defrag-cycle-max', 25, 1n, 99n, defrag),
  integer('active-defrag-cycle-min', 1, 1n, 99n, defrag),
  memory('active-defrag-ignore-bytes', '104857600', 1n, INT64_MAX, defrag),
  integer('active-defrag-max-scan-fields', 1000, 1n, INT64_MAX, defrag),
  integer('active-defrag-threshold-lower', 10, 0n, 1000n, defrag),
  integer('active-defrag-threshold-upper', 100, 0n, 1000n, defrag),
  integer('active-expire-effort', 1, 1n, 10n),
  // The refusal is Redis's own, of a build whose allocator cannot do it.
  flag('activedefrag', 'no', {
    unsupported:
      'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution',
  }),
  flag('activerehashing', 'yes', { idle: 'dictionaries grow and shrink by one bucket with each write' }),
  flag('always-show-logo', 'no', immutable),
  flag('aof-disable-auto-gc', 'no', { hidden: true, idle: 'files of before a rewrite always go' }),
  flag('aof-load-skip-rejected', 'no', { ours: true }),
  flag('aof-load-truncated', 'yes'),
  flag('aof-rewrite-incremental-fsync', 'yes', { idle: 'a rewrite is written in pieces and synced at its end' }),
  flag('aof-timestamp-enabled', 'no', { idle: 'the log has no timestamps yet' }),
  flag('aof-use-rdb-preamble', 'yes', { idle: 'the base of the log is made of commands' }),
  text('aof_rewrite_cpulist', '', cpus),
  text('appenddirname', 'appendonlydir', immutable, notEmpty('appenddirname', fileName('appenddirname', 'dirname'))),
  text(
    'appendfilename',
    'appendonly.aof',
    immutable,
    notEmpty('appendfilename', fileName('appendfilename', 'filename')),
  ),
  choice('appendfsync', 'everysec', ['everysec', 'always', 'no']),
  flag('appendonly', 'no'),
  memory('auto-aof-rewrite-min-size', '67108864', 0n, INT64_MAX),
  integer('auto-aof-rewrite-percentage', 100, 0n, INT_MAX),
  text('bgsave_cpulist', '', cpus),
  bind,
  text('bind-source-addr', '', { ...unset, ...replication }),
  text('bio_cpulist', '', cpus),
  integer('busy-reply-threshold', 5000, 0n, INT64_MAX, { alias: 'lua-time-limit', ...scripts }),
  clientOutputBufferLimit,
  memory('client-query-buffer-limit', '1073741824', MEGABYTE, INT64_MAX),
  flag('close-on-replica-write', 'yes', { hidden: true, ...replication }),
  flag('cluster-allow-pubsubshard-when-down', 'yes', cluster),
  flag('cluster-allow-reads-when-down', 'no', cluster),
  flag('cluster-allow-replica-migration', 'yes', cluster),
  integer('cluster-announce-bus-port', 0, 0n, PORT_MAX, cluster),
  text('cluster-announce-hostname', '', { ...unset, ...cluster }, checkHostname),
  text('cluster-announce-human-nodename', '', { ...unset, ...cluster }),
  text('cluster-announce-ip', '', { ...unset, ...cluster }),
  integer('cluster-announce-port', 0, 0n, PORT_MAX, cluster),
  integer('cluster-announce-tls-port', 0, 0n, PORT_MAX, cluster),
  text('cluster-config-file', 'nodes.conf', { ...immutable, ...cluster }),
  flag('cluster-enabled', 'no', { ...immutable, unsupported: 'cluster mode is not there yet' }),
  memory('cluster-link-sendbuf-limit', '0', 0n, UINT64_MAX, cluster),
  integer('cluster-migration-barrier', 1, 0n, INT_MAX, cluster),
  integer('cluster-node-timeout', 15000, 0n, INT64_MAX, cluster),
  integer('cluster-port', 0, 0n, PORT_MAX, { ...immutable, ...cluster }),
  choice('cluster-preferred-endpoint-type', 'ip', ['ip', 'hostname', 'unknown-endpoint'], cluster),
  flag('cluster-replica-no-failover', 'no', { alias: 'cluster-slave-no-failover', ...cluster }),
  integer('cluster-replica-validity-factor', 10, 0n, INT_MAX, { alias: 'cluster-slave-validity-factor', ...cluster }),
  flag('cluster-require-full-coverage', 'yes', cluster),
  flag('crash-log-enabled', 'yes', crashes),
  flag('crash-memcheck-enabled', 'yes', crashes),
  flag('daemonize', 'no', { ...immutable, idle: 'the server stays in the foreground: let a supervisor keep it' }),
  integer('databases', 16, 1n, INT_MAX, immutable),
  text('dbfilename', 'dump.rdb', { protected: true, ...snapshots }, fileName('dbfilename', 'filename')),
  dir,
  flag('disable-thp', 'yes', { ...immutable, idle: 'Node.js cannot set it for its process' }),
  flag('dynamic-hz', 'yes'),
  choice('enable-debug-command', 'no', WHO_MAY, immutable),
  choice('enable-module-command', 'no', WHO_MAY, { ...immutable, idle: 'there are no modules' }),
  choice('enable-protected-configs', 'no', WHO_MAY, immutable),
  integer('hash-max-listpack-entries', 512, 0n, INT64_MAX, { alias: 'hash-max-ziplist-entries' }),
  memory('hash-max-listpack-value', '64', 0n, INT64_MAX, { alias: 'hash-max-ziplist-value' }),
  memory('hll-sparse-max-bytes', '3000', 0n, INT64_MAX),
  hz,
  text('ignore-warnings', '', { idle: 'the one that it can silence is about forking' }),
  integer('io-threads', 1, 1n, 128n, threads),
  flag('io-threads-do-reads', 'no', threads),
  flag('jemalloc-bg-thread', 'yes', { idle: 'memory comes from an arena of our own' }),
  integer('key-load-delay', 0, INT_MIN, INT_MAX, tests),
  integer('latency-monitor-threshold', 0, 0n, INT64_MAX),
  flag('latency-tracking', 'yes'),
  latencyTrackingPercentiles,
  flag('lazyfree-lazy-eviction', 'no', inSlices),
  flag('lazyfree-lazy-expire', 'no', inSlices),
  flag('lazyfree-lazy-server-del', 'no', inSlices),
  flag('lazyfree-lazy-user-del', 'no', inSlices),
  flag('lazyfree-lazy-user-flush', 'no'),
  integer('lfu-decay-time', 1, 0n, INT_MAX),
  integer('lfu-log-factor', 10, 0n, INT_MAX),
  integer('list-compress-depth', 0, 0n, INT_MAX, { idle: 'nodes of a list are packed, not compressed' }),
  integer('list-max-listpack-size', -2, INT_MIN, INT_MAX, { alias: 'list-max-ziplist-size' }),
  integer('loading-process-events-interval-bytes', 2097152, 1024n, INT_MAX, {
    hidden: true,
    idle: 'loading gives way to clients by time',
  }),
  text('locale-collate', '', { idle: '`SORT … ALPHA` compares bytes, as in the locale C' }),
  text('logfile', '', immutable),
  choice('loglevel', 'notice', ['debug', 'verbose', 'notice', 'warning', 'nothing']),
  flag('lua-enable-deprecated-api', 'no', { ...immutable, hidden: true, ...scripts }),
  text('masterauth', '', { ...unset, binary: true, ...replication }),
  text('masteruser', '', { ...unset, ...replication }),
  integer('maxclients', 10000, 1n, UINT32_MAX),
  memory('maxmemory', '0', 0n, UINT64_MAX),
  memoryOrPercent('maxmemory-clients', '0'),
  integer('maxmemory-eviction-tenacity', 10, 0n, 100n),
  choice('maxmemory-policy', 'noeviction', [
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'noeviction',
  ]),
  integer('maxmemory-samples', 5, 1n, INT_MAX),
  text('metrics-bind', '127.0.0.1', { ...immutable, ours: true }),
  integer('metrics-port', 0, 0n, PORT_MAX, { ...immutable, ours: true }),
  integer('min-replicas-max-lag', 10, 0n, INT_MAX, { alias: 'min-slaves-max-lag' }),
  integer('min-replicas-to-write', 0, 0n, INT_MAX, { alias: 'min-slaves-to-write' }),
  flag('no-appendfsync-on-rewrite', 'no'),
  notifyKeyspaceEvents,
  choice('oom-score-adj', 'no', ['no', 'yes', 'relative', 'absolute'], {}, { relative: 'yes' }),
  oomScoreAdjValues,
  text('pidfile', '', { ...immutable, ...unset }),
  integer('port', 6379, 0n, PORT_MAX),
  text('proc-title-template', '{title} {listen-addr} {server-mode}', {}, checkTitleTemplate),
  choice('propagation-error-behavior', 'ignore', ['ignore', 'panic', 'panic-on-replicas'], replication),
  flag('protected-mode', 'yes'),
  memory('proto-max-bulk-len', '536870912', MEGABYTE, INT64_MAX),
  flag('rdb-del-sync-files', 'no', replication),
  integer('rdb-key-save-delay', 0, INT_MIN, INT_MAX, tests),
  flag('rdb-save-incremental-fsync', 'yes', snapshots),
  flag('rdbchecksum', 'yes', { ...immutable, ...snapshots }),
  flag('rdbcompression', 'yes', snapshots),
  memory('repl-backlog-size', '1048576', 1n, INT64_MAX, { atLeast: 16384n, ...replication }),
  integer('repl-backlog-ttl', 3600, 0n, INT64_MAX, replication),
  flag('repl-disable-tcp-nodelay', 'no', replication),
  choice('repl-diskless-load', 'disabled', ['disabled', 'on-empty-db', 'swapdb'], replication),
  flag('repl-diskless-sync', 'yes', replication),
  integer('repl-diskless-sync-delay', 5, 0n, INT_MAX, replication),
  integer('repl-diskless-sync-max-replicas', 0, 0n, INT_MAX, replication),
  integer('repl-ping-replica-period', 10, 1n, INT_MAX, { alias: 'repl-ping-slave-period', ...replication }),
  integer('repl-timeout', 60, 1n, INT_MAX, replication),
  text('replica-announce-ip', '', { alias: 'slave-announce-ip', ...unset, ...replication }),
  integer('replica-announce-port', 0, 0n, PORT_MAX, { alias: 'slave-announce-port', ...replication }),
  flag('replica-announced', 'yes', replication),
  flag('replica-ignore-disk-write-errors', 'no', replication),
  flag('replica-ignore-maxmemory', 'yes', { alias: 'slave-ignore-maxmemory', ...replication }),
  flag('replica-lazy-flush', 'no', { alias: 'slave-lazy-flush', ...replication }),
  integer('replica-priority', 100, 0n, INT_MAX, { alias: 'slave-priority', ...replication }),
  flag('replica-read-only', 'yes', { alias: 'slave-read-only', ...replication }),
  flag('replica-serve-stale-data', 'yes', { alias: 'slave-serve-stale-data', ...replication }),
  replicaof,
  text('requirepass', '', { ...unset, binary: true }),
  choice('sanitize-dump-payload', 'no', ['no', 'yes', 'clients'], { idle: '`RESTORE` is not there yet' }),
  save,
  text('server_cpulist', '', cpus),
  integer('set-max-intset-entries', 512, 0n, INT64_MAX),
  integer('set-max-listpack-entries', 128, 0n, INT64_MAX),
  memory('set-max-listpack-value', '64', 0n, INT64_MAX),
  flag('set-proc-title', 'yes', immutable),
  shutdownOn('shutdown-on-sigint'),
  shutdownOn('shutdown-on-sigterm'),
  integer('shutdown-timeout', 10, 0n, INT_MAX, { idle: 'there are no replicas to wait for' }),
  integer('slowlog-log-slower-than', 10000, -1n, INT64_MAX),
  integer('slowlog-max-len', 128, 0n, INT64_MAX),
  integer('socket-mark-id', 0, 0n, UINT32_MAX, { ...immutable, idle: 'Node.js cannot mark sockets' }),
  flag('stop-writes-on-bgsave-error', 'yes', snapshots),
  memory('stream-node-max-bytes', '4096', 0n, INT64_MAX),
  integer('stream-node-max-entries', 100, 0n, INT64_MAX),
  choice('supervised', 'no', ['upstart', 'systemd', 'auto', 'no'], {
    ...immutable,
    idle: 'no supervisor is notified: with systemd, use `Type=exec`',
  }),
  flag('syslog-enabled', 'no', syslog),
  choice(
    'syslog-facility',
    'local0',
    ['user', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
    syslog,
  ),
  text('syslog-ident', 'redis', syslog),
  integer('tcp-backlog', 511, 0n, INT_MAX, immutable),
  integer('tcp-keepalive', 300, 0n, INT_MAX),
  integer('timeout', 0, 0n, INT_MAX),
  choice('tls-auth-clients', 'yes', ['no', 'yes', 'optional']),
  text('tls-ca-cert-dir', '', reread),
  text('tls-ca-cert-file', '', reread),
  text('tls-cert-file', '', reread),
  text('tls-ciphers', '', unset),
  text('tls-ciphersuites', '', unset),
  text('tls-client-cert-file', '', { ...reread, ...replication }),
  text('tls-client-key-file', '', { ...reread, ...replication }),
  text('tls-client-key-file-pass', '', { ...unset, ...replication }),
  flag('tls-cluster', 'no', cluster),
  text('tls-dh-params-file', '', reread),
  text('tls-key-file', '', reread),
  text('tls-key-file-pass', '', unset),
  integer('tls-port', 0, 0n, PORT_MAX),
  flag('tls-prefer-server-ciphers', 'no'),
  text('tls-protocols', '', unset),
  flag('tls-replication', 'no', replication),
  integer('tls-session-cache-size', 20480, 0n, INT_MAX, sessions),
  integer('tls-session-cache-timeout', 300, 0n, INT_MAX),
  flag('tls-session-caching', 'yes'),
  integer('tracking-table-max-keys', 1000000, 0n, INT64_MAX),
  text('unixsocket', '', { ...immutable, ...unset }),
  octal('unixsocketperm', '0', 0o777n, immutable),
  flag('use-exit-on-panic', 'no', tests),
  integer('watchdog-period', 0, 0n, INT_MAX, tests),
  integer('zset-max-listpack-entries', 128, 0n, INT64_MAX, { alias: 'zset-max-ziplist-entries' }),
  memory('zset-max-listpack-value', '64', 0n, INT64_MAX, { alias: 'zset-max-ziplist-value' }),
];

/** Parameters of older versions: a line with one of them is read and has no effect. */
export const DEPRECATED: ReadonlySet<string> = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
]);

/** Directives that redis.conf knows and this server cannot honor, with the reason. */
export const UNSUPPORTED_DIRECTIVES: Readonly<Record<string, string>> = {
  loadmodule: 'modules cannot be loaded',
  sentinel: 'sentinel directive while not in sentinel mode',
};
