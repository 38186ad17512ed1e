// INFO, made comparable: sections and field names in order, values by kind, or as they are where both servers, started
// alike, owe the same.

// In 7.2 and not in 7.0. (A Unix socket, all that the kit listens on, is listener 1.)
const newFields = [
  ...['listener1', 'total_blocking_keys', 'total_blocking_keys_on_nokey', 'eventloop_cycles', 'eventloop_duration_sum'],
  ...['eventloop_duration_cmd_sum', 'instantaneous_eventloop_cycles_per_sec'],
  ...['instantaneous_eventloop_duration_usec', 'acl_access_denied_auth', 'acl_access_denied_cmd'],
  ...['acl_access_denied_key', 'acl_access_denied_channel'],
];
// Counts that Redis has since 7.4, and what is our own.
const ofNeither = ['client_query_buffer_limit_disconnections', 'client_output_buffer_limit_disconnections'];
const newInAnySection = new Set([...newFields, ...ofNeither, 'clone_version', 'node_version']);
// Same on both, as the kit starts them.
const stable = new Set([
  ...['redis_mode', 'arch_bits', 'hz', 'configured_hz', 'cluster_connections', 'maxclients', 'blocked_clients'],
  ...['tracking_clients', 'clients_in_timeout_table', 'maxmemory', 'maxmemory_human', 'maxmemory_policy', 'loading'],
  ...['async_loading', 'rdb_bgsave_in_progress', 'rdb_last_bgsave_status', 'aof_enabled', 'aof_rewrite_in_progress'],
  ...['aof_rewrite_scheduled', 'aof_last_bgrewrite_status', 'aof_last_write_status', 'role', 'connected_slaves'],
  ...['master_failover_state', 'second_repl_offset', 'repl_backlog_active', 'repl_backlog_size', 'cluster_enabled'],
  ...['pubsub_channels', 'pubsub_patterns', 'process_supervised', 'number_of_cached_scripts', 'number_of_functions'],
]);

function isField(line: string): boolean {
  return line.includes(':') && !line.startsWith('#');
}

/** Sections, field names and kinds of values; a keyspace line as it is, but for its average time to live. */
export function comparableInfo(text: string): string {
  const lines = text.split('\r\n').flatMap((line) => {
    if (!isField(line)) return [line];
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    if (newInAnySection.has(name) || newIn80.has(name)) return [];
    if (stable.has(name)) return [line];
    if (/^db\d+$/.test(name))
      return [`${name}:${value.replace(/avg_ttl=\d+/, 'avg_ttl=#').replace(',subexpiry=0', '')}`];
    if (/^(cmdstat_|errorstat_|latency_percentiles_usec_)/.test(name)) return [];
    return [`${name}:${/^-?\d+(\.\d+)?%?$/.test(value) ? 'number' : 'text'}`];
  });
  return lines.join('\r\n');
}

// In 8.0 and not in 7.2.
const newIn80 = new Set([
  ...['allocator_muzzy', 'evicted_scripts', 'expired_subkeys', 'io_thread_0', 'mem_overhead_db_hashtable_rehashing'],
  ...['mem_replica_full_sync_buffer', 'module', 'pubsub_clients', 'total_watched_keys', 'watching_clients'],
]);

/** The names of the fields that are in 7.2 and not in 7.0, sorted. */
export function fieldsNewIn72(text: string): string {
  const present = new Set(text.split('\r\n').map((line) => line.split(':', 1)[0] ?? ''));
  return newFields
    .filter((name) => present.has(name))
    .sort()
    .join(' ');
}

/** The lines that count what was found, not found and removed. */
export function hitsAndMisses(text: string): string {
  const wanted = /^(keyspace_hits|keyspace_misses|expired_keys|evicted_keys|total_error_replies):/;
  return text
    .split('\r\n')
    .filter((line) => wanted.test(line))
    .join('\r\n');
}

/** The lines of `commandstats` and `latencystats`, sorted, their times hidden. */
export function commandStatistics(text: string): string {
  return text
    .split('\r\n')
    .map((line) => line.replace(/(usec|usec_per_call|p[\d.]+)=[\d.]+/g, '$1=#'))
    .sort()
    .join('\r\n');
}

/** The lines that count keys and prefixes of client-side caching. */
export function trackingCounts(text: string): string {
  return text
    .split('\r\n')
    .filter((line) => line.startsWith('tracking_total_'))
    .join('\r\n');
}
