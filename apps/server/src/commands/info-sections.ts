// The sections of INFO: fields, order and formats of Redis 7.2, plus `clone_version`. A field of something that this
// server does not have (replicas, scripts, forks, modules) shows what a Redis without any shows.

import { machine, release, totalmem, type } from 'node:os';
import type { Command } from '@clone/command-registry';
import { lruClock } from '@clone/core-store';
import type { ServerContext } from '../server-context.js';
import { formatBytes } from './format-bytes.js';
import { memoryFigures } from './memory-figures.js';

type InfoLine = readonly [name: string, value: string | number];

export interface InfoSection {
  readonly title: string;
  /** Part of INFO without arguments. */
  readonly byDefault: boolean;
  readonly lines: (server: ServerContext) => readonly InfoLine[];
}

export const INFO_SECTIONS: readonly InfoSection[] = [
  { title: 'Server', byDefault: true, lines: serverLines },
  { title: 'Clients', byDefault: true, lines: clientLines },
  { title: 'Memory', byDefault: true, lines: memoryLines },
  { title: 'Persistence', byDefault: true, lines: persistenceLines },
  { title: 'Stats', byDefault: true, lines: statsLines },
  { title: 'Replication', byDefault: true, lines: replicationLines },
  { title: 'CPU', byDefault: true, lines: cpuLines },
  { title: 'Modules', byDefault: true, lines: () => [] },
  { title: 'Commandstats', byDefault: false, lines: commandLines },
  { title: 'Errorstats', byDefault: true, lines: errorLines },
  { title: 'Latencystats', byDefault: false, lines: latencyLines },
  { title: 'Cluster', byDefault: true, lines: () => [['cluster_enabled', 0]] },
  { title: 'Keyspace', byDefault: true, lines: keyspaceLines },
];

const zeros = (...names: readonly string[]): readonly InfoLine[] => names.map((name) => [name, 0]);
const yes = (condition: boolean): number => (condition ? 1 : 0);

function serverLines(server: ServerContext): readonly InfoLine[] {
  const nowMicroseconds = server.unixMicroseconds();
  const now = Math.floor(nowMicroseconds / 1000);
  const uptime = Math.max(0, Math.floor((now - server.startedAt) / 1000));
  const { config } = server;
  return [
    ['redis_version', server.redisVersion],
    ['clone_version', server.version],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_build_id', 'c10e000000000000'],
    ['redis_mode', 'standalone'],
    ['os', `${type()} ${release()} ${machine()}`],
    ['arch_bits', 64],
    ['monotonic_clock', 'process.hrtime'],
    ['multiplexing_api', 'libuv'],
    ['atomicvar_api', 'none'],
    ['gcc_version', '0.0.0'],
    ['node_version', process.versions.node],
    ['process_id', process.pid],
    ['process_supervised', 'no'],
    ['run_id', server.runId],
    ['tcp_port', server.port > 0 ? server.port : server.tlsPort],
    ['server_time_usec', nowMicroseconds],
    ['uptime_in_seconds', uptime],
    ['uptime_in_days', Math.floor(uptime / 86400)],
    ['hz', server.hz],
    ['configured_hz', config.hz],
    ['lru_clock', lruClock(now)],
    ['executable', process.argv[1] ?? process.execPath],
    ['config_file', config.file],
    ['io_threads_active', 0],
    ...listeners(server),
  ];
}

/** Numbered by kind, as in Redis: TCP, Unix, TLS. */
function listeners(server: ServerContext): readonly InfoLine[] {
  const { bind, unixSocket } = server.config;
  const addresses = bind.map((each) => `bind=${each},`).join('');
  return [
    ...(server.port > 0 ? [['listener0', `name=tcp,${addresses}port=${server.port}`] as const] : []),
    ...(unixSocket !== '' ? [['listener1', `name=unix,bind=${unixSocket}`] as const] : []),
    ...(server.tlsPort > 0 ? [['listener2', `name=tls,${addresses}port=${server.tlsPort}`] as const] : []),
  ];
}

function clientLines(server: ServerContext): readonly InfoLine[] {
  const { statistics } = server;
  const { blocked } = server.dispatcher;
  return [
    ['connected_clients', server.clients.size],
    ['cluster_connections', 0],
    ['maxclients', server.config.maxClients],
    ['client_recent_max_input_buffer', statistics.largestQueryBuffer],
    ['client_recent_max_output_buffer', statistics.largestOutput],
    ['blocked_clients', blocked.count + server.pause.count],
    ['tracking_clients', server.tracking.clients],
    ['clients_in_timeout_table', blocked.timed],
    ['total_blocking_keys', blocked.keys],
    ['total_blocking_keys_on_nokey', blocked.curiousKeys],
  ];
}

function memoryLines(server: ServerContext): readonly InfoLine[] {
  const m = memoryFigures(server);
  const { config, keyspace } = server;
  const total = totalmem();
  return [
    ['used_memory', m.used],
    ['used_memory_human', formatBytes(m.used)],
    ['used_memory_rss', m.resident],
    ['used_memory_rss_human', formatBytes(m.resident)],
    ['used_memory_peak', m.peak],
    ['used_memory_peak_human', formatBytes(m.peak)],
    ['used_memory_peak_perc', `${m.peakPercentage.toFixed(2)}%`],
    ['used_memory_overhead', m.overhead],
    ['used_memory_startup', server.startupMemory],
    ['used_memory_dataset', m.dataset],
    ['used_memory_dataset_perc', `${m.datasetPercentage.toFixed(2)}%`],
    ['allocator_allocated', m.used],
    ['allocator_active', m.held],
    ['allocator_resident', m.held],
    ['total_system_memory', total],
    ['total_system_memory_human', formatBytes(total)],
    ...zeros('used_memory_lua', 'used_memory_vm_eval'),
    ['used_memory_lua_human', '0B'],
    ...zeros('used_memory_scripts_eval', 'number_of_cached_scripts', 'number_of_functions', 'number_of_libraries'),
    ...zeros('used_memory_vm_functions', 'used_memory_vm_total'),
    ['used_memory_vm_total_human', '0B'],
    ...zeros('used_memory_functions', 'used_memory_scripts'),
    ['used_memory_scripts_human', '0B'],
    ['maxmemory', config.maxMemory],
    ['maxmemory_human', formatBytes(config.maxMemory)],
    ['maxmemory_policy', config.maxMemoryPolicy],
    ['allocator_frag_ratio', m.fragmentationRatio.toFixed(2)],
    ['allocator_frag_bytes', m.held - m.used],
    ['allocator_rss_ratio', '1.00'],
    ['allocator_rss_bytes', 0],
    ['rss_overhead_ratio', m.rssOverheadRatio.toFixed(2)],
    ['rss_overhead_bytes', m.rssOverheadBytes],
    ['mem_fragmentation_ratio', m.residentRatio.toFixed(2)],
    ['mem_fragmentation_bytes', m.residentBytes],
    ...zeros('mem_not_counted_for_evict', 'mem_replication_backlog', 'mem_total_replication_buffers'),
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', m.clients],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', server.aof.bufferLength],
    ['mem_allocator', 'arena'],
    ['active_defrag_running', 0],
    ['lazyfree_pending_objects', keyspace.lazyFreePending],
    ['lazyfreed_objects', keyspace.stats.lazyFreed],
  ];
}

function persistenceLines(server: ServerContext): readonly InfoLine[] {
  const { aof } = server;
  const status = (ok: boolean): string => (ok ? 'ok' : 'err');
  const always: readonly InfoLine[] = [
    ['loading', yes(server.loading)],
    ...zeros('async_loading', 'current_cow_peak', 'current_cow_size', 'current_cow_size_age'),
    ['current_fork_perc', '0.00'],
    ...zeros('current_save_keys_processed', 'current_save_keys_total'),
    ['rdb_changes_since_last_save', server.keyspace.dirty],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', Math.floor(server.startedAt / 1000)],
    ['rdb_last_bgsave_status', 'ok'],
    ['rdb_last_bgsave_time_sec', -1],
    ['rdb_current_bgsave_time_sec', -1],
    ...zeros('rdb_saves', 'rdb_last_cow_size', 'rdb_last_load_keys_expired', 'rdb_last_load_keys_loaded'),
    ['aof_enabled', yes(aof.enabled)],
    ['aof_rewrite_in_progress', yes(aof.rewriteInProgress)],
    ['aof_rewrite_scheduled', yes(aof.rewriteScheduled)],
    ['aof_last_rewrite_time_sec', aof.lastRewriteSeconds],
    ['aof_current_rewrite_time_sec', aof.currentRewriteSeconds],
    ['aof_last_bgrewrite_status', status(aof.lastRewriteOk)],
    ['aof_rewrites', aof.rewrites],
    ['aof_rewrites_consecutive_failures', aof.consecutiveRewriteFailures],
    ['aof_last_write_status', status(aof.lastWriteOk)],
    ['aof_last_cow_size', 0],
    ...zeros('module_fork_in_progress', 'module_fork_last_cow_size'),
  ];
  if (!aof.enabled && !server.loading) return always;
  return [
    ...always,
    ['aof_current_size', aof.currentSize],
    ['aof_base_size', aof.baseSize],
    ['aof_pending_rewrite', yes(aof.rewriteScheduled)],
    ['aof_buffer_length', aof.bufferLength],
    ['aof_pending_bio_fsync', aof.pendingFsyncs],
    ['aof_delayed_fsync', aof.delayedFsyncs],
    ...(server.loading ? loadingLines(server) : []),
  ];
}

function loadingLines(server: ServerContext): readonly InfoLine[] {
  const { startedAt, total, loaded } = server.aof.loading;
  const seconds = Math.max(0, server.unixMicroseconds() / 1000 - startedAt) / 1000;
  return [
    ['loading_start_time', Math.floor(startedAt / 1000)],
    ['loading_total_bytes', total],
    ['loading_rdb_used_mem', 0],
    ['loading_loaded_bytes', loaded],
    ['loading_loaded_perc', (total === 0 ? 0 : (loaded / total) * 100).toFixed(2)],
    // As if the rest took as long per byte. Redis, too, says 1 as long as nothing is known.
    ['loading_eta_seconds', loaded === 0 ? 1 : Math.round((seconds * (total - loaded)) / loaded)],
  ];
}

function statsLines(server: ServerContext): readonly InfoLine[] {
  const { dispatcher, keyspace, statistics: s } = server;
  return [
    ['total_connections_received', s.connectionsReceived],
    ['total_commands_processed', dispatcher.commandsProcessed],
    ['instantaneous_ops_per_sec', Math.round(s.operationsPerSecond)],
    ['total_net_input_bytes', s.netInputBytes],
    ['total_net_output_bytes', s.netOutputBytes],
    ...zeros('total_net_repl_input_bytes', 'total_net_repl_output_bytes'),
    ['instantaneous_input_kbps', s.inputKilobytesPerSecond.toFixed(2)],
    ['instantaneous_output_kbps', s.outputKilobytesPerSecond.toFixed(2)],
    ['instantaneous_input_repl_kbps', '0.00'],
    ['instantaneous_output_repl_kbps', '0.00'],
    ['rejected_connections', s.connectionsRejected],
    ...zeros('sync_full', 'sync_partial_ok', 'sync_partial_err'),
    ['expired_keys', keyspace.stats.expired],
    ['expired_stale_perc', '0.00'],
    ...zeros('expired_time_cap_reached_count', 'expire_cycle_cpu_milliseconds'),
    ['evicted_keys', keyspace.stats.evicted],
    ['evicted_clients', s.clientsEvicted],
    ...zeros('total_eviction_exceeded_time', 'current_eviction_exceeded_time'),
    ['client_query_buffer_limit_disconnections', s.queryBufferLimitDisconnections],
    ['client_output_buffer_limit_disconnections', s.outputBufferLimitDisconnections],
    ['keyspace_hits', keyspace.stats.hits],
    ['keyspace_misses', keyspace.stats.misses],
    ['pubsub_channels', server.pubsub.channels.size],
    ['pubsub_patterns', server.pubsub.patterns.size],
    ['pubsubshard_channels', server.pubsub.shardChannels.size],
    ...zeros('latest_fork_usec', 'total_forks'),
    ...zeros('migrate_cached_sockets', 'slave_expires_tracked_keys'),
    ...zeros('active_defrag_hits', 'active_defrag_misses', 'active_defrag_key_hits', 'active_defrag_key_misses'),
    ...zeros('total_active_defrag_time', 'current_active_defrag_time'),
    ['tracking_total_keys', server.tracking.keys],
    ['tracking_total_items', server.tracking.items],
    ['tracking_total_prefixes', server.tracking.prefixes],
    ['unexpected_error_replies', 0],
    ['total_error_replies', dispatcher.errorReplies],
    ['dump_payload_sanitizations', 0],
    ['total_reads_processed', s.readsProcessed],
    ['total_writes_processed', s.writesProcessed],
    ...zeros('io_threaded_reads_processed', 'io_threaded_writes_processed'),
    ...zeros('reply_buffer_shrinks', 'reply_buffer_expands'),
    ...zeros('eventloop_cycles', 'eventloop_duration_sum', 'eventloop_duration_cmd_sum'),
    ...zeros('instantaneous_eventloop_cycles_per_sec', 'instantaneous_eventloop_duration_usec'),
    ['acl_access_denied_auth', s.accessDenied.auth],
    ['acl_access_denied_cmd', s.accessDenied.command],
    ['acl_access_denied_key', s.accessDenied.key],
    ['acl_access_denied_channel', s.accessDenied.channel],
  ];
}

function replicationLines(server: ServerContext): readonly InfoLine[] {
  return [
    ['role', 'master'],
    ['connected_slaves', 0],
    ['master_failover_state', 'no-failover'],
    ['master_replid', server.replicationId],
    ['master_replid2', '0'.repeat(40)],
    ['master_repl_offset', 0],
    ['second_repl_offset', -1],
    ['repl_backlog_active', 0],
    ['repl_backlog_size', server.config.get('repl-backlog-size') ?? 0],
    ...zeros('repl_backlog_first_byte_offset', 'repl_backlog_histlen'),
  ];
}

function cpuLines(): readonly InfoLine[] {
  const { system, user } = process.cpuUsage();
  const seconds = (microseconds: number): string => (microseconds / 1e6).toFixed(6);
  return [
    ['used_cpu_sys', seconds(system)],
    ['used_cpu_user', seconds(user)],
    ['used_cpu_sys_children', seconds(0)],
    ['used_cpu_user_children', seconds(0)],
    // Node does not tell its threads apart.
    ['used_cpu_sys_main_thread', seconds(system)],
    ['used_cpu_user_main_thread', seconds(user)],
  ];
}

/** Commands, each followed by its subcommands. */
function allCommands(server: ServerContext): Command[] {
  const commands: Command[] = [];
  for (const command of server.dispatcher.registry.commands()) commands.push(command, ...(command.subcommands ?? []));
  return commands;
}

function commandLines(server: ServerContext): readonly InfoLine[] {
  return allCommands(server)
    .filter((command) => command.calls > 0 || command.rejected > 0)
    .map((command) => {
      const { calls, failed, rejected } = command;
      const usec = Math.round(command.usec);
      const each = (calls === 0 ? 0 : command.usec / calls).toFixed(2);
      const text = `calls=${calls},usec=${usec},usec_per_call=${each},rejected_calls=${rejected},failed_calls=${failed}`;
      return [`cmdstat_${command.name}`, text];
    });
}

function latencyLines(server: ServerContext): readonly InfoLine[] {
  const percents = server.config.latencyTrackingPercentiles;
  return allCommands(server).flatMap(({ name, latency }): InfoLine[] => {
    if (latency === undefined) return [];
    const values = percents.map((percent) => `p${percent}=${latency.percentile(percent).toFixed(3)}`);
    return [[`latency_percentiles_usec_${name}`, values.join(',')]];
  });
}

function errorLines(server: ServerContext): readonly InfoLine[] {
  return [...server.dispatcher.errorCounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);
}

function keyspaceLines(server: ServerContext): readonly InfoLine[] {
  return server.keyspace.databases
    .filter((db) => db.size > 0)
    .map((db) => [`db${db.index}`, `keys=${db.size},expires=${db.volatileSize},avg_ttl=${Math.round(db.averageTtl)}`]);
}
