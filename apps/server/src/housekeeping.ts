/**
 * What the server does some ten times a second without being asked, and what of it is done in slices (see `cron.ts`).
 *
 * A tick looks at everything that goes by time: the log, clients that wait or are too large, handshakes, statistics; some of it every
 * tenth of a second or every second, whatever the rate is. It also says for how long expiry may run until the next one.
 */
import type { AppendOnlyLog } from './append-only-log.js';
import type { Connections } from './connections.js';
import { Cron, type Slice } from './cron.js';
import type { DurabilityWaits } from './durability-waits.js';
import type { FrontDoor } from './front-door.js';
import type { MemoryLimit } from './memory-limit.js';
import type { ServerContext } from './server-context.js';
import { monotonicMilliseconds } from './wall-clock.js';

/** Milliseconds of active expiry per slice. */
const EXPIRY_SLICE_MS = 1;
/** The share of the time that it may take in all, and how much more with each step of effort; as Redis's slow cycle. */
const EXPIRY_SHARE = 0.25;
const EXPIRY_SHARE_STEP = 0.02;
/** Fewer ticks would make clients wait that wait for the log. */
const LEAST_TICKS_PER_SECOND = 10;
/** `dynamic-hz` doubles the rate until there are no more clients than this for each tick. */
const CLIENTS_PER_TICK = 200;
const MOST_HZ = 500;
const LAZY_FREE_SLICE_MS = 1;

export interface Household {
  readonly server: ServerContext;
  readonly connections: Connections;
  readonly door: FrontDoor;
  readonly log: AppendOnlyLog;
  readonly durabilityWaits: DurabilityWaits;
  readonly memory: MemoryLimit;
}

export class Housekeeping {
  readonly cron: Cron;
  readonly #of: Household;
  /** Milliseconds of expiry that are left until the next tick. */
  #expiryLeft = 0;
  #ticks = 0;

  constructor(household: Household) {
    this.#of = household;
    const { memory, server } = household;
    const { keyspace } = server;
    this.cron = new Cron(
      () => this.#tick(),
      [
        () => this.#serveAfter(() => this.#expire()),
        () => keyspace.lazyFree(LAZY_FREE_SLICE_MS) && !keyspace.snapshotRunning,
        () => this.#serveAfter(() => memory.shrink()),
      ],
    );
  }

  /** Rounds of work per second that the configuration asks for. */
  get hz(): number {
    const { config, clients } = this.#of.server;
    let { hz } = config;
    if (config.dynamicHz) while (clients.size / hz > CLIENTS_PER_TICK && hz < MOST_HZ) hz *= 2;
    return Math.min(hz, MOST_HZ);
  }

  #tick(): void {
    const { server, connections, door, log, durabilityWaits } = this.#of;
    const { keyspace, statistics, dispatcher } = server;
    if (server.cronPaused) return;
    keyspace.readClock();
    connections.expireWaits();
    server.pause.endIfOver();
    statistics.peakMemory = Math.max(statistics.peakMemory, keyspace.usedMemory);
    log.tick(keyspace.now);
    // The first rewrite may have made the log whole, or it was switched off: no fsync tells of that.
    durabilityWaits.serve(log.nothingToWaitFor, dispatcher.blocked);
    durabilityWaits.prune(dispatcher.blocked);
    if (!log.isBehind) connections.resume();
    connections.evict();
    const { rate } = this.cron;
    const share = EXPIRY_SHARE + EXPIRY_SHARE_STEP * keyspace.expiryCycle.effort;
    this.#expiryLeft = (1000 / rate) * share;
    this.#ticks++;
    if (this.#ticks % Math.round(rate / 10) === 0) statistics.sample(keyspace.now, dispatcher.commandsProcessed);
    if (this.#ticks % rate === 0) {
      door.expire(keyspace.now);
      connections.check();
    }
    this.cron.rate = Math.max(this.hz, LEAST_TICKS_PER_SECOND);
  }

  /** Keys that go without a command may be waited for, too: XREADGROUP ends with its stream. */
  #serveAfter(slice: Slice): boolean {
    const more = slice();
    const { blocked } = this.#of.server.dispatcher;
    if (blocked.hasReady) blocked.serve();
    return more;
  }

  /** A slice of active expiry; true when there is more. */
  #expire(): boolean {
    const { activeExpire, keyspace, latencyMonitor } = this.#of.server;
    if (!activeExpire || this.#expiryLeft <= 0) return false;
    const before = keyspace.expiryCycle.timeLimitReached;
    const start = monotonicMilliseconds();
    keyspace.activeExpireCycle(EXPIRY_SLICE_MS);
    latencyMonitor.record('expire-cycle', monotonicMilliseconds() - start, keyspace.now);
    this.#expiryLeft -= EXPIRY_SLICE_MS;
    // Only a cycle that was cut short has more to do now.
    return keyspace.expiryCycle.timeLimitReached !== before && this.#expiryLeft > 0;
  }
}
