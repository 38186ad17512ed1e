/**
 * What the server is and has, for Prometheus: memory by kind, keys, clients, the log. Read when somebody asks.
 */
import { Counter, Gauge, type Registry as Metrics } from 'prom-client';
import { memoryFigures } from '../commands/memory-figures.js';
import type { ServerContext } from '../server-context.js';

export function serverMetrics(server: ServerContext, metrics: Metrics): void {
  const { keyspace, statistics, dispatcher } = server;
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `clone_${name}`,
      help,
      registers: [metrics],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `clone_${name}_total`,
      help,
      registers: [metrics],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };

  new Gauge({
    name: 'clone_info',
    help: 'Versions; always 1',
    labelNames: ['version', 'redis_version', 'node_version'],
    registers: [metrics],
  }).set({ version: server.version, redis_version: server.redisVersion, node_version: process.versions.node }, 1);
  gauge('uptime_seconds', 'Since the start', () => (keyspace.now - server.startedAt) / 1000);

  new Gauge({
    name: 'clone_memory_bytes',
    help: 'data: used by keys, values and their dictionaries; arena: taken from the system for them; clients: held by connections; heap and resident: of the process',
    labelNames: ['kind'],
    registers: [metrics],
    collect() {
      const figures = memoryFigures(server);
      this.set({ kind: 'data' }, figures.used);
      this.set({ kind: 'arena' }, figures.reserved);
      this.set({ kind: 'clients' }, figures.clients);
      this.set({ kind: 'heap' }, process.memoryUsage().heapUsed);
      this.set({ kind: 'resident' }, figures.resident);
    },
  });
  gauge('memory_max_bytes', 'maxmemory; 0: no limit', () => server.config.maxMemory);

  const perDatabase = (
    name: string,
    help: string,
    read: (db: ServerContext['keyspace']['databases'][number]) => number,
  ): void => {
    new Gauge({
      name: `clone_${name}`,
      help,
      labelNames: ['db'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const db of keyspace.databases) if (db.size > 0) this.set({ db: String(db.index) }, read(db));
      },
    });
  };
  perDatabase('keys', 'Keys', (db) => db.size);
  perDatabase('volatile_keys', 'Keys with a time to live', (db) => db.volatileSize);
  counter('expired_keys', 'Keys whose time had come', () => keyspace.stats.expired);
  counter('evicted_keys', 'Keys that went because memory was full', () => keyspace.stats.evicted);
  counter('keyspace_hits', 'Lookups that found their key', () => keyspace.stats.hits);
  counter('keyspace_misses', 'Lookups that did not', () => keyspace.stats.misses);

  gauge('clients', 'Connected clients', () => server.clients.size);
  gauge('clients_blocked', 'Clients that wait in a blocking command', () => dispatcher.blocked.count);
  counter('connections', 'Connections accepted', () => statistics.connectionsReceived);
  counter('connections_rejected', 'Connections refused because of maxclients', () => statistics.connectionsRejected);
  counter('net_input_bytes', 'Bytes from clients', () => statistics.netInputBytes);
  counter('net_output_bytes', 'Bytes to clients', () => statistics.netOutputBytes);
  counter('error_replies', 'Error replies', () => dispatcher.errorReplies);

  gauge('aof_enabled', 'Whether there is an append-only file', () => Number(server.aof.enabled));
  gauge('aof_size_bytes', 'Size of the append-only file', () => server.aof.currentSize);
  gauge('aof_pending_bytes', 'Bytes that wait to be written to it', () => server.aof.bufferLength);
  gauge('aof_last_write_ok', 'Whether the last write succeeded', () => Number(server.aof.lastWriteOk));
  gauge('aof_rewrite_in_progress', 'Whether it is being rewritten', () => Number(server.aof.rewriteInProgress));
  gauge('aof_last_rewrite_ok', 'Whether the last rewrite succeeded', () => Number(server.aof.lastRewriteOk));
}
