import type { Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';
import { register as registerAcl } from './acl.js';
import { register as registerClient } from './client.js';
import { register as registerCluster } from './cluster.js';
import { register as registerConfig } from './config.js';
import { register as registerConnection } from './connection.js';
import { register as registerDebug } from './debug.js';
import { register as registerInfo } from './info.js';
import { register as registerLatency } from './latency.js';
import { register as registerMemory } from './memory.js';
import { register as registerModules } from './modules.js';
import { register as registerPersistence } from './persistence.js';
import { register as registerPubSub } from './pubsub.js';
import { register as registerReplication } from './replication.js';
import { register as registerScripting } from './scripting.js';
import { register as registerSlowlog } from './slowlog.js';
import { register as registerTracking } from './tracking.js';
import { register as registerWaitAof } from './wait-aof.js';

/** Registers the commands that need the server itself; the data commands come from `@clone/command-registry`. */
export function registerServerCommands(registry: Registry, server: ServerContext): void {
  registerConnection(registry, server);
  registerAcl(registry, server);
  registerClient(registry, server);
  registerTracking(registry, server);
  registerConfig(registry, server);
  registerInfo(registry, server);
  registerMemory(registry, server);
  registerSlowlog(registry, server);
  registerLatency(registry, server);
  registerDebug(registry, server);
  registerPersistence(registry, server);
  registerPubSub(registry, server);
  registerWaitAof(registry, server);
  registerReplication(registry);
  registerCluster(registry);
  registerModules(registry, server);
  registerScripting(registry);
}
