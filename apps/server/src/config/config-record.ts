// Made of the table in parameters.ts by documentation.test.ts: change that, and run this with UPDATE_DOCS=1.

/** Any text, so that an object written elsewhere need not be `as const`; editors offer the words before it nevertheless. */
type Text = string & {};

/**
 * Parameters of redis.conf by name, as `createServer` takes them. Numbers stand for themselves, sizes are in bytes unless they are texts
 * such as `'100mb'`; `true` is `yes`. docs/configuration.md says what each does.
 */
export interface ConfigRecord {
  /** Users of the access control list, a line of redis.conf each: `'alice on >secret ~app:* +@all'`. */
  readonly user?: string | readonly string[];
  /** Commands with another name, or none, a line each: `'FLUSHALL ""'`. */
  readonly 'rename-command'?: string | readonly string[];
  /** Accepts one of allchannels, resetchannels. By default `resetchannels`. */
  readonly 'acl-pubsub-default'?: 'allchannels' | 'resetchannels' | Text;
  /** Accepts a text. By default empty. */
  readonly aclfile?: string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `128`. */
  readonly 'acllog-max-len'?: number | string;
  /** Accepts a whole number from 1 to 99. By default `25`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-cycle-max'?: number | string;
  /** Accepts a whole number from 1 to 99. By default `1`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-cycle-min'?: number | string;
  /** Accepts a size from 1 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `104857600`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-ignore-bytes'?: number | bigint | string;
  /** Accepts a whole number from 1 to 9223372036854775807. By default `1000`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-max-scan-fields'?: number | string;
  /** Accepts a whole number from 0 to 1000. By default `10`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-threshold-lower'?: number | string;
  /** Accepts a whole number from 0 to 1000. By default `100`. Accepted without effect: the arena gives pages back by itself. */
  readonly 'active-defrag-threshold-upper'?: number | string;
  /** Accepts a whole number from 1 to 10. By default `1`. */
  readonly 'active-expire-effort'?: number | string;
  /** Accepts true, false, yes or no. By default `no`. Only the default: Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution. */
  readonly activedefrag?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: dictionaries grow and shrink by one bucket with each write. */
  readonly activerehashing?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly 'always-show-logo'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: files of before a rewrite always go. */
  readonly 'aof-disable-auto-gc'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly 'aof-load-skip-rejected'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'aof-load-truncated'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: a rewrite is written in pieces and synced at its end. */
  readonly 'aof-rewrite-incremental-fsync'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: the log has no timestamps yet. */
  readonly 'aof-timestamp-enabled'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: the base of the log is made of commands. */
  readonly 'aof-use-rdb-preamble'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a text. By default empty. Accepted without effect: Node.js cannot bind threads to processors. */
  readonly aof_rewrite_cpulist?: string;
  /** Accepts a text. By default `appendonlydir`. */
  readonly appenddirname?: string;
  /** Accepts a text. By default `appendonly.aof`. */
  readonly appendfilename?: string;
  /** Accepts one of everysec, always, no. By default `everysec`. */
  readonly appendfsync?: 'everysec' | 'always' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly appendonly?: boolean | 'yes' | 'no' | Text;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `67108864`. */
  readonly 'auto-aof-rewrite-min-size'?: number | bigint | string;
  /** Accepts a whole number from 0 to 2147483647. By default `100`. */
  readonly 'auto-aof-rewrite-percentage'?: number | string;
  /** Accepts a text. By default empty. Accepted without effect: Node.js cannot bind threads to processors. */
  readonly bgsave_cpulist?: string;
  /** Accepts up to 16 addresses. By default `* -::*`. */
  readonly bind?: string | number | readonly (string | number)[];
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly 'bind-source-addr'?: string;
  /** Accepts a text. By default empty. Accepted without effect: Node.js cannot bind threads to processors. */
  readonly bio_cpulist?: string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `5000`. Accepted without effect: there are no scripts yet. */
  readonly 'busy-reply-threshold'?: number | string;
  /** The older name of `busy-reply-threshold`. */
  readonly 'lua-time-limit'?: number | string;
  /** Accepts four words for each class, such as 'pubsub 32mb 8mb 60'. By default `normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60`. */
  readonly 'client-output-buffer-limit'?: string | number | readonly (string | number)[];
  /** Accepts a size from 1048576 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `1073741824`. */
  readonly 'client-query-buffer-limit'?: number | bigint | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'close-on-replica-write'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-allow-pubsubshard-when-down'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-allow-reads-when-down'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-allow-replica-migration'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 65535. By default `0`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-bus-port'?: number | string;
  /** Accepts a text. By default empty. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-hostname'?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-human-nodename'?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-ip'?: string;
  /** Accepts a whole number from 0 to 65535. By default `0`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-port'?: number | string;
  /** Accepts a whole number from 0 to 65535. By default `0`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-announce-tls-port'?: number | string;
  /** Accepts a text. By default `nodes.conf`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-config-file'?: string;
  /** Accepts true, false, yes or no. By default `no`. Only the default: cluster mode is not there yet. */
  readonly 'cluster-enabled'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a size from 0 to 18446744073709551615: a number of bytes, or a text such as 100mb. By default `0`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-link-sendbuf-limit'?: number | bigint | string;
  /** Accepts a whole number from 0 to 2147483647. By default `1`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-migration-barrier'?: number | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `15000`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-node-timeout'?: number | string;
  /** Accepts a whole number from 0 to 65535. By default `0`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-port'?: number | string;
  /** Accepts one of ip, hostname, unknown-endpoint. By default `ip`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-preferred-endpoint-type'?: 'ip' | 'hostname' | 'unknown-endpoint' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-replica-no-failover'?: boolean | 'yes' | 'no' | Text;
  /** The older name of `cluster-replica-no-failover`. */
  readonly 'cluster-slave-no-failover'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `10`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-replica-validity-factor'?: number | string;
  /** The older name of `cluster-replica-validity-factor`. */
  readonly 'cluster-slave-validity-factor'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no cluster mode yet. */
  readonly 'cluster-require-full-coverage'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: Node.js reports a crash in its own way. */
  readonly 'crash-log-enabled'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: Node.js reports a crash in its own way. */
  readonly 'crash-memcheck-enabled'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: the server stays in the foreground: let a supervisor keep it. */
  readonly daemonize?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 1 to 2147483647. By default `16`. */
  readonly databases?: number | string;
  /** Accepts a text. By default `dump.rdb`. Accepted without effect: there are no RDB files yet. */
  readonly dbfilename?: string;
  /** Accepts the path of a directory that exists. By default empty. */
  readonly dir?: string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: Node.js cannot set it for its process. */
  readonly 'disable-thp'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'dynamic-hz'?: boolean | 'yes' | 'no' | Text;
  /** Accepts one of no, yes, local. By default `no`. */
  readonly 'enable-debug-command'?: boolean | 'no' | 'yes' | 'local' | Text;
  /** Accepts one of no, yes, local. By default `no`. Accepted without effect: there are no modules. */
  readonly 'enable-module-command'?: boolean | 'no' | 'yes' | 'local' | Text;
  /** Accepts one of no, yes, local. By default `no`. */
  readonly 'enable-protected-configs'?: boolean | 'no' | 'yes' | 'local' | Text;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `512`. */
  readonly 'hash-max-listpack-entries'?: number | string;
  /** The older name of `hash-max-listpack-entries`. */
  readonly 'hash-max-ziplist-entries'?: number | string;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `64`. */
  readonly 'hash-max-listpack-value'?: number | bigint | string;
  /** The older name of `hash-max-listpack-value`. */
  readonly 'hash-max-ziplist-value'?: number | bigint | string;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `3000`. */
  readonly 'hll-sparse-max-bytes'?: number | bigint | string;
  /** Accepts a whole number from 0 to 2147483647. By default `10`. */
  readonly hz?: number | string;
  /** Accepts a text. By default empty. Accepted without effect: the one that it can silence is about forking. */
  readonly 'ignore-warnings'?: string;
  /** Accepts a whole number from 1 to 128. By default `1`. Accepted without effect: one thread reads, executes and writes. */
  readonly 'io-threads'?: number | string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: one thread reads, executes and writes. */
  readonly 'io-threads-do-reads'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: memory comes from an arena of our own. */
  readonly 'jemalloc-bg-thread'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from -2147483648 to 2147483647. By default `0`. Accepted without effect: a switch for Redis's own tests. */
  readonly 'key-load-delay'?: number | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `0`. */
  readonly 'latency-monitor-threshold'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'latency-tracking'?: boolean | 'yes' | 'no' | Text;
  /** Accepts numbers from 0 to 100, or '' for none. By default `50 99 99.9`. */
  readonly 'latency-tracking-info-percentiles'?: string | number | readonly (string | number)[];
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: what is big is freed in slices either way, and no client waits for it; only `lazyfreed_objects` counts by it. */
  readonly 'lazyfree-lazy-eviction'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: what is big is freed in slices either way, and no client waits for it; only `lazyfreed_objects` counts by it. */
  readonly 'lazyfree-lazy-expire'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: what is big is freed in slices either way, and no client waits for it; only `lazyfreed_objects` counts by it. */
  readonly 'lazyfree-lazy-server-del'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: what is big is freed in slices either way, and no client waits for it; only `lazyfreed_objects` counts by it. */
  readonly 'lazyfree-lazy-user-del'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly 'lazyfree-lazy-user-flush'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `1`. */
  readonly 'lfu-decay-time'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `10`. */
  readonly 'lfu-log-factor'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `0`. Accepted without effect: nodes of a list are packed, not compressed. */
  readonly 'list-compress-depth'?: number | string;
  /** Accepts a whole number from -2147483648 to 2147483647. By default `-2`. */
  readonly 'list-max-listpack-size'?: number | string;
  /** The older name of `list-max-listpack-size`. */
  readonly 'list-max-ziplist-size'?: number | string;
  /** Accepts a whole number from 1024 to 2147483647. By default `2097152`. Accepted without effect: loading gives way to clients by time. */
  readonly 'loading-process-events-interval-bytes'?: number | string;
  /** Accepts a text. By default empty. Accepted without effect: `SORT … ALPHA` compares bytes, as in the locale C. */
  readonly 'locale-collate'?: string;
  /** Accepts a text. By default empty. */
  readonly logfile?: string;
  /** Accepts one of debug, verbose, notice, warning, nothing. By default `notice`. */
  readonly loglevel?: 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there are no scripts yet. */
  readonly 'lua-enable-deprecated-api'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly masterauth?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly masteruser?: string;
  /** Accepts a whole number from 1 to 4294967295. By default `10000`. */
  readonly maxclients?: number | string;
  /** Accepts a size from 0 to 18446744073709551615: a number of bytes, or a text such as 100mb. By default `0`. */
  readonly maxmemory?: number | bigint | string;
  /** Accepts a size: a number of bytes, a text such as 100mb, or a percentage such as 5%. By default `0`. */
  readonly 'maxmemory-clients'?: number | bigint | string;
  /** Accepts a whole number from 0 to 100. By default `10`. */
  readonly 'maxmemory-eviction-tenacity'?: number | string;
  /** Accepts one of volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction. By default `noeviction`. */
  readonly 'maxmemory-policy'?:
    | 'volatile-lru'
    | 'volatile-lfu'
    | 'volatile-random'
    | 'volatile-ttl'
    | 'allkeys-lru'
    | 'allkeys-lfu'
    | 'allkeys-random'
    | 'noeviction'
    | Text;
  /** Accepts a whole number from 1 to 2147483647. By default `5`. */
  readonly 'maxmemory-samples'?: number | string;
  /** Accepts a text. By default `127.0.0.1`. */
  readonly 'metrics-bind'?: string;
  /** Accepts a whole number from 0 to 65535. By default `0`. */
  readonly 'metrics-port'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `10`. */
  readonly 'min-replicas-max-lag'?: number | string;
  /** The older name of `min-replicas-max-lag`. */
  readonly 'min-slaves-max-lag'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `0`. */
  readonly 'min-replicas-to-write'?: number | string;
  /** The older name of `min-replicas-to-write`. */
  readonly 'min-slaves-to-write'?: number | string;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly 'no-appendfsync-on-rewrite'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a text of the letters Ag$lshzxeKEtmdn, or ''. By default empty. */
  readonly 'notify-keyspace-events'?: string;
  /** Accepts one of no, yes, relative, absolute. By default `no`. */
  readonly 'oom-score-adj'?: boolean | 'no' | 'yes' | 'relative' | 'absolute' | Text;
  /** Accepts three whole numbers from -2000 to 2000. By default `0 200 800`. */
  readonly 'oom-score-adj-values'?: string | number | readonly (string | number)[];
  /** Accepts a text. By default empty. */
  readonly pidfile?: string;
  /** Accepts a whole number from 0 to 65535. By default `6379`. */
  readonly port?: number | string;
  /** Accepts a text. By default `{title} {listen-addr} {server-mode}`. */
  readonly 'proc-title-template'?: string;
  /** Accepts one of ignore, panic, panic-on-replicas. By default `ignore`. Accepted without effect: there is no replication yet. */
  readonly 'propagation-error-behavior'?: 'ignore' | 'panic' | 'panic-on-replicas' | Text;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'protected-mode'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a size from 1048576 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `536870912`. */
  readonly 'proto-max-bulk-len'?: number | bigint | string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no replication yet. */
  readonly 'rdb-del-sync-files'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from -2147483648 to 2147483647. By default `0`. Accepted without effect: a switch for Redis's own tests. */
  readonly 'rdb-key-save-delay'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there are no RDB files yet. */
  readonly 'rdb-save-incremental-fsync'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there are no RDB files yet. */
  readonly rdbchecksum?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there are no RDB files yet. */
  readonly rdbcompression?: boolean | 'yes' | 'no' | Text;
  /** Accepts a size from 1 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `1048576`. Accepted without effect: there is no replication yet. */
  readonly 'repl-backlog-size'?: number | bigint | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `3600`. Accepted without effect: there is no replication yet. */
  readonly 'repl-backlog-ttl'?: number | string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no replication yet. */
  readonly 'repl-disable-tcp-nodelay'?: boolean | 'yes' | 'no' | Text;
  /** Accepts one of disabled, on-empty-db, swapdb. By default `disabled`. Accepted without effect: there is no replication yet. */
  readonly 'repl-diskless-load'?: 'disabled' | 'on-empty-db' | 'swapdb' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'repl-diskless-sync'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `5`. Accepted without effect: there is no replication yet. */
  readonly 'repl-diskless-sync-delay'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `0`. Accepted without effect: there is no replication yet. */
  readonly 'repl-diskless-sync-max-replicas'?: number | string;
  /** Accepts a whole number from 1 to 2147483647. By default `10`. Accepted without effect: there is no replication yet. */
  readonly 'repl-ping-replica-period'?: number | string;
  /** The older name of `repl-ping-replica-period`. */
  readonly 'repl-ping-slave-period'?: number | string;
  /** Accepts a whole number from 1 to 2147483647. By default `60`. Accepted without effect: there is no replication yet. */
  readonly 'repl-timeout'?: number | string;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly 'replica-announce-ip'?: string;
  /** The older name of `replica-announce-ip`. */
  readonly 'slave-announce-ip'?: string;
  /** Accepts a whole number from 0 to 65535. By default `0`. Accepted without effect: there is no replication yet. */
  readonly 'replica-announce-port'?: number | string;
  /** The older name of `replica-announce-port`. */
  readonly 'slave-announce-port'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'replica-announced'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no replication yet. */
  readonly 'replica-ignore-disk-write-errors'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'replica-ignore-maxmemory'?: boolean | 'yes' | 'no' | Text;
  /** The older name of `replica-ignore-maxmemory`. */
  readonly 'slave-ignore-maxmemory'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no replication yet. */
  readonly 'replica-lazy-flush'?: boolean | 'yes' | 'no' | Text;
  /** The older name of `replica-lazy-flush`. */
  readonly 'slave-lazy-flush'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `100`. Accepted without effect: there is no replication yet. */
  readonly 'replica-priority'?: number | string;
  /** The older name of `replica-priority`. */
  readonly 'slave-priority'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'replica-read-only'?: boolean | 'yes' | 'no' | Text;
  /** The older name of `replica-read-only`. */
  readonly 'slave-read-only'?: boolean | 'yes' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there is no replication yet. */
  readonly 'replica-serve-stale-data'?: boolean | 'yes' | 'no' | Text;
  /** The older name of `replica-serve-stale-data`. */
  readonly 'slave-serve-stale-data'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a list of words, or a text of them. By default empty. Only the default: replication is not there yet. */
  readonly replicaof?: string | number | readonly (string | number)[];
  /** The older name of `replicaof`. */
  readonly slaveof?: string | number | readonly (string | number)[];
  /** Accepts a text. By default empty. */
  readonly requirepass?: string;
  /** Accepts one of no, yes, clients. By default `no`. Accepted without effect: `RESTORE` is not there yet. */
  readonly 'sanitize-dump-payload'?: boolean | 'no' | 'yes' | 'clients' | Text;
  /** Accepts pairs of seconds and changes, such as ['3600 1', '60 100'], or '' for none. By default `3600 1 300 100 60 10000`. Accepted without effect: nothing is saved to RDB files, which are not there yet. */
  readonly save?: string | number | readonly (string | number)[];
  /** Accepts a text. By default empty. Accepted without effect: Node.js cannot bind threads to processors. */
  readonly server_cpulist?: string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `512`. */
  readonly 'set-max-intset-entries'?: number | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `128`. */
  readonly 'set-max-listpack-entries'?: number | string;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `64`. */
  readonly 'set-max-listpack-value'?: number | bigint | string;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'set-proc-title'?: boolean | 'yes' | 'no' | Text;
  /** Accepts one or several of default, save, nosave, now, force. By default `default`. */
  readonly 'shutdown-on-sigint'?: string | number | readonly (string | number)[];
  /** Accepts one or several of default, save, nosave, now, force. By default `default`. */
  readonly 'shutdown-on-sigterm'?: string | number | readonly (string | number)[];
  /** Accepts a whole number from 0 to 2147483647. By default `10`. Accepted without effect: there are no replicas to wait for. */
  readonly 'shutdown-timeout'?: number | string;
  /** Accepts a whole number from -1 to 9223372036854775807. By default `10000`. */
  readonly 'slowlog-log-slower-than'?: number | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `128`. */
  readonly 'slowlog-max-len'?: number | string;
  /** Accepts a whole number from 0 to 4294967295. By default `0`. Accepted without effect: Node.js cannot mark sockets. */
  readonly 'socket-mark-id'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. Accepted without effect: there are no RDB files yet. */
  readonly 'stop-writes-on-bgsave-error'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `4096`. */
  readonly 'stream-node-max-bytes'?: number | bigint | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `100`. */
  readonly 'stream-node-max-entries'?: number | string;
  /** Accepts one of upstart, systemd, auto, no. By default `no`. Accepted without effect: no supervisor is notified: with systemd, use `Type=exec`. */
  readonly supervised?: 'upstart' | 'systemd' | 'auto' | 'no' | Text;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: the log goes to `logfile` or standard output. */
  readonly 'syslog-enabled'?: boolean | 'yes' | 'no' | Text;
  /** Accepts one of user, local0, local1, local2, local3, local4, local5, local6, local7. By default `local0`. Accepted without effect: the log goes to `logfile` or standard output. */
  readonly 'syslog-facility'?:
    'user' | 'local0' | 'local1' | 'local2' | 'local3' | 'local4' | 'local5' | 'local6' | 'local7' | Text;
  /** Accepts a text. By default `redis`. Accepted without effect: the log goes to `logfile` or standard output. */
  readonly 'syslog-ident'?: string;
  /** Accepts a whole number from 0 to 2147483647. By default `511`. */
  readonly 'tcp-backlog'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `300`. */
  readonly 'tcp-keepalive'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `0`. */
  readonly timeout?: number | string;
  /** Accepts one of no, yes, optional. By default `yes`. */
  readonly 'tls-auth-clients'?: boolean | 'no' | 'yes' | 'optional' | Text;
  /** Accepts a text. By default empty. */
  readonly 'tls-ca-cert-dir'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-ca-cert-file'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-cert-file'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-ciphers'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-ciphersuites'?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly 'tls-client-cert-file'?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly 'tls-client-key-file'?: string;
  /** Accepts a text. By default empty. Accepted without effect: there is no replication yet. */
  readonly 'tls-client-key-file-pass'?: string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no cluster mode yet. */
  readonly 'tls-cluster'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a text. By default empty. */
  readonly 'tls-dh-params-file'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-key-file'?: string;
  /** Accepts a text. By default empty. */
  readonly 'tls-key-file-pass'?: string;
  /** Accepts a whole number from 0 to 65535. By default `0`. */
  readonly 'tls-port'?: number | string;
  /** Accepts true, false, yes or no. By default `no`. */
  readonly 'tls-prefer-server-ciphers'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a text. By default empty. */
  readonly 'tls-protocols'?: string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: there is no replication yet. */
  readonly 'tls-replication'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `20480`. Accepted without effect: clients keep their TLS sessions themselves, in tickets. */
  readonly 'tls-session-cache-size'?: number | string;
  /** Accepts a whole number from 0 to 2147483647. By default `300`. */
  readonly 'tls-session-cache-timeout'?: number | string;
  /** Accepts true, false, yes or no. By default `yes`. */
  readonly 'tls-session-caching'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `1000000`. */
  readonly 'tracking-table-max-keys'?: number | string;
  /** Accepts a text. By default empty. */
  readonly unixsocket?: string;
  /** Accepts a file mode: a number such as 0o700, or a text such as 700. By default `0`. */
  readonly unixsocketperm?: number | string;
  /** Accepts true, false, yes or no. By default `no`. Accepted without effect: a switch for Redis's own tests. */
  readonly 'use-exit-on-panic'?: boolean | 'yes' | 'no' | Text;
  /** Accepts a whole number from 0 to 2147483647. By default `0`. Accepted without effect: a switch for Redis's own tests. */
  readonly 'watchdog-period'?: number | string;
  /** Accepts a whole number from 0 to 9223372036854775807. By default `128`. */
  readonly 'zset-max-listpack-entries'?: number | string;
  /** The older name of `zset-max-listpack-entries`. */
  readonly 'zset-max-ziplist-entries'?: number | string;
  /** Accepts a size from 0 to 9223372036854775807: a number of bytes, or a text such as 100mb. By default `64`. */
  readonly 'zset-max-listpack-value'?: number | bigint | string;
  /** The older name of `zset-max-listpack-value`. */
  readonly 'zset-max-ziplist-value'?: number | bigint | string;
}
