/**
 * What the configuration says, brought to the parts that keep it: at the start, after CONFIG SET, and when CLIENT PAUSE begins or ends.
 *
 * A part that reads a parameter whenever it needs it is not in here, and the front door follows its parameters itself.
 */
import type { AppendOnlyLog } from './append-only-log.js';
import type { Connections } from './connections.js';
import type { MemoryLimit } from './memory-limit.js';
import { mostClients } from './open-files.js';
import type { KeyspaceNotifications } from './pubsub/keyspace-notifications.js';
import type { ServerContext } from './server-context.js';
import { monotonicMilliseconds } from './wall-clock.js';

/** Parameters that `apply` looks at. */
const APPLIED = [
  'active-expire-effort',
  'hash-max-listpack-entries',
  'hash-max-listpack-value',
  'hll-sparse-max-bytes',
  'lazyfree-lazy-eviction',
  'lazyfree-lazy-expire',
  'lazyfree-lazy-server-del',
  'lazyfree-lazy-user-del',
  'list-max-listpack-size',
  'set-max-intset-entries',
  'set-max-listpack-entries',
  'set-max-listpack-value',
  'stream-node-max-bytes',
  'stream-node-max-entries',
  'zset-max-listpack-entries',
  'zset-max-listpack-value',
  'proto-max-bulk-len',
  'maxmemory',
  'maxmemory-policy',
  'maxmemory-eviction-tenacity',
  'maxmemory-samples',
  'min-replicas-max-lag',
  'min-replicas-to-write',
  'lfu-log-factor',
  'lfu-decay-time',
  'latency-tracking',
  'slowlog-log-slower-than',
  'slowlog-max-len',
  'notify-keyspace-events',
  'latency-monitor-threshold',
];

export interface Followers {
  readonly server: ServerContext;
  readonly connections: Connections;
  readonly log: AppendOnlyLog;
  readonly memory: MemoryLimit;
  readonly notifications: KeyspaceNotifications;
  /** There may be something to do in slices. */
  readonly work: () => void;
}

/** Begins to follow. @returns what takes over everything anew */
export function followConfig({ server, connections, log, memory, notifications, work }: Followers): () => void {
  const { config, keyspace, dispatcher, slowLog, latencyMonitor, pause, tracking } = server;

  const apply = (): void => {
    Object.assign(keyspace, config.encodingLimits);
    Object.assign(keyspace.lazyFreeing, config.lazyFreeing);
    // While clients are paused the data stand still: nothing expires, nothing is evicted.
    keyspace.expireEnabled = !pause.isOn;
    keyspace.expiryCycle.effort = config.activeExpireEffort - 1;
    connections.followLimits();
    memory.configure();
    dispatcher.replicasMissing = config.minReplicasToWrite > 0 && config.minReplicasMaxLag > 0;
    dispatcher.latencyTracking = config.latencyTracking;
    slowLog.limit = config.slowlogMaxLen;
    notifications.choose(config.notifyKeyspaceEvents);
    latencyMonitor.threshold = config.latencyMonitorThreshold;
    dispatcher.slowMicroseconds = Math.min(
      config.slowlogLogSlowerThan < 0 ? Infinity : config.slowlogLogSlowerThan,
      config.latencyMonitorThreshold === 0 ? Infinity : config.latencyMonitorThreshold * 1000,
    );
    dispatcher.makeRoom = config.maxMemory > 0 && !pause.isOn ? makeRoom() : undefined;
    work();
  };

  const makeRoom = (): MemoryLimit['makeRoom'] => {
    if (latencyMonitor.threshold === 0) return memory.makeRoom;
    return (request, command) => {
      const start = monotonicMilliseconds();
      const isRoom = memory.makeRoom(request, command);
      latencyMonitor.record('eviction-cycle', monotonicMilliseconds() - start, keyspace.now);
      return isRoom;
    };
  };

  const follow = (names: readonly string[], change: () => void): void => {
    for (const name of names) {
      config.onChange(name, () => {
        change();
        return '';
      });
    }
  };

  const { maxClients } = config;
  const most = mostClients();
  if (maxClients > most) {
    config.adopt('maxclients', String(most));
    const reason = `${maxClients} want more open files than the system allows (ulimit -n)`;
    server.log('warning', `maxclients is ${most}: ${reason}`);
  }
  config.onChange('maxclients', () => {
    const most = mostClients();
    if (config.maxClients <= most) return '';
    return `The operating system is not able to handle the specified number of clients, try with ${most}`;
  });
  config.onChange('maxmemory', () => {
    const { maxMemory } = config;
    const used = keyspace.usedMemory;
    if (maxMemory === 0 || used <= maxMemory) return '';
    const consequence = 'keys are evicted, or writes refused, as maxmemory-policy says';
    server.log('warning', `maxmemory is now ${maxMemory}, less than the ${used} bytes in use: ${consequence}`);
    return '';
  });
  config.onChange('dir', () => log.moveTo(config.dir));
  config.onChange('appendonly', (value) => log.switch(value === 'yes'));
  follow(['appendfsync', 'no-appendfsync-on-rewrite'], () => log.followPolicy());
  follow(['tracking-table-max-keys'], () => tracking.limitChanged());
  follow(APPLIED, apply);
  return apply;
}
