/**
 * The server: composes keyspace, commands, log and sockets.
 *
 * `createServer` is the whole API for embedding: several servers may run side by side in one process, each with its own
 * data; a stopped server leaves no handle open. Signals, exit codes and log output are the CLI's (`cli.ts`).
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { CommandFlag, Dispatcher, registerDataCommands, Registry, Session } from '@clone/command-registry';
import { Keyspace } from '@clone/core-store';
import { type FileSystem, NodeFileSystem } from '@clone/persistence-aof';
import { ReplyWriter, type RequestLimits } from '@clone/resp-codec';
import { Acl } from './acl/acl.js';
import { AppendOnlyLog } from './append-only-log.js';
import { clientLine } from './commands/client-line.js';
import { registerServerCommands } from './commands/index.js';
import { Config, refused } from './config/config.js';
import { refuseProtected } from './commands/permission.js';
import { clientMemoryLimit, clientsToEvict } from './client-eviction.js';
import { ClientPause } from './client-pause.js';
import { Cron } from './cron.js';
import { DurabilityWaits } from './durability-waits.js';
import { type Ends, FrontDoor, type FrontDoorHost } from './front-door.js';
import { KeyspaceListeners } from './keyspace-listeners.js';
import { LatencyMonitor } from './latency-monitor.js';
import { MemoryLimit } from './memory-limit.js';
import type { MetricsEndpoint } from './metrics/metrics-endpoint.js';
import { Connection, type ConnectionHost } from './net/connection.js';
import { InProcessTransport } from './net/in-process-transport.js';
import { SocketTransport } from './net/socket-transport.js';
import { KeyspaceNotifications } from './pubsub/keyspace-notifications.js';
import { PubSub } from './pubsub/pub-sub.js';
import { Tracking } from './tracking/tracking.js';
import { mostClients } from './open-files.js';
import { ReplyGate } from './reply-gate.js';
import type { AppendOnlyStatus, RewriteStart, ServerContext, ShutdownOptions } from './server-context.js';
import { Monitors } from './monitors.js';
import { SlowLog } from './slow-log.js';
import { ServerStatistics } from './statistics.js';
import { REDIS_VERSION, VERSION } from './version.js';

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

export interface ServerOptions {
  /** TCP port; 0 (the default): any free one. False: no TCP at all. `config.port` is not looked at. */
  readonly port?: number | false;
  /** Port for TLS; 0: any free one. By default what `config` says in `tls-port`, where 0 means none. */
  readonly tlsPort?: number | false;
  /** Address to listen on; by default 127.0.0.1. An array listens on each (see `bind` in redis.conf). */
  readonly host?: string | readonly string[];
  /** Parameters of redis.conf by name, such as `{ maxmemory: '100mb', appendonly: 'yes' }`. */
  readonly config?: Readonly<Record<string, string | readonly string[]>> | Config;
  /** Where log lines go; by default nowhere. */
  readonly log?: (level: LogLevel, message: string) => void;
  /** Milliseconds since the epoch; for tests that move time. Default `Date.now`. */
  readonly clock?: () => number;
  /** The disk; for tests. */
  readonly fileSystem?: FileSystem;
  /** Sockets are read with `'data'` events instead of the fast path; for tests. */
  readonly plainSockets?: boolean;
}

export interface Server {
  /** The TCP port, 0 when there is none. */
  readonly port: number;
  /** The TCP port for TLS, 0 when there is none. */
  readonly tlsPort: number;
  /** The TCP address, '' when there is none. */
  readonly host: string;
  readonly config: Config;
  readonly keyspace: Keyspace;
  /** Settles when the server has stopped; rejects when it had to because its data could not be kept safe. */
  readonly closed: Promise<void>;
  /** A connection without a socket. */
  connect(): Duplex;
  /** Stops: closes all connections, writes what is pending to the disk. @param options as those of SHUTDOWN */
  stop(options?: Partial<ShutdownOptions>): Promise<void>;
}

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
/** The longest time that a timer of Node takes. */
const MAX_TIMER_MS = 2147483647;
/** How long a client may take to read its last replies when the server stops. */
const STOP_PATIENCE_MS = 500;

/**
 * Starts a server and resolves when it accepts commands.
 *
 * @throws ConfigError for a parameter that is not valid; AofError when the append-only file cannot be trusted; the
 * system's error when the port cannot be had or the directory not be written
 */
export async function createServer(options: ServerOptions = {}): Promise<Server & EventEmitter> {
  const server = new RedisServer(options);
  await server.start();
  return server;
}

class RedisServer extends EventEmitter implements Server, ServerContext, ConnectionHost, FrontDoorHost {
  readonly redisVersion = REDIS_VERSION;
  readonly version = VERSION;
  readonly runId = newId();
  replicationId = newId();
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly dispatcher: Dispatcher;
  readonly statistics = new ServerStatistics();
  readonly slowLog = new SlowLog();
  readonly latencyMonitor = new LatencyMonitor();
  readonly monitors: Monitors;
  readonly pause: ClientPause;
  readonly clients = new Map<number, Connection>();
  readonly pubsub = new PubSub();
  readonly tracking: Tracking;
  readonly acl: Acl;
  readonly writer = new ReplyWriter();
  readonly startedAt: number;
  readonly startupMemory: number;
  readonly closed: Promise<void>;
  limits: RequestLimits;
  activeExpire = true;
  cronPaused = false;

  readonly #options: ServerOptions;
  readonly #door: FrontDoor;
  readonly #log: AppendOnlyLog;
  readonly #notifications: KeyspaceNotifications;
  readonly #gate = new ReplyGate(() => performance.now());
  readonly #memory: MemoryLimit;
  readonly #cron: Cron;
  readonly #durabilityWaits = new DurabilityWaits();
  #nextClientId = 1;
  #expiryLeft = 0;
  #ticks = 0;
  /** Connections whose transport is not closed yet, and who waits for the last one. */
  #transports = 0;
  #whenAllGone: (() => void) | undefined;
  /** Are not read from until the log has caught up. */
  #waitingForLog: Connection[] = [];
  /** Have something to send that nobody asked for. */
  readonly #pushed: Connection[] = [];
  #awaitsEndOfTurn = false;
  #metrics: MetricsEndpoint | undefined;
  #deadline = Infinity;
  #deadlineTimer: NodeJS.Timeout | undefined;
  /** Settles when the data are loaded, or could not be. */
  #loading: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  /** SHUTDOWN FORCE: the stop does not wait for the rewrite that switches the log on. */
  #forced = false;
  #settleClosed: { resolve: () => void; reject: (error: unknown) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  };

  constructor(options: ServerOptions) {
    super();
    this.#options = options;
    this.config = configOf(options);
    const now = options.clock ?? Date.now;
    this.startedAt = now();
    const seed = randomBytes(8);
    this.keyspace = new Keyspace({
      clock: { now, elapsed: () => performance.now() },
      random: Math.random,
      hashSeed: [seed.readInt32LE(0), seed.readInt32LE(4)],
      databases: this.config.databases,
    });
    const registry = new Registry();
    registerDataCommands(registry);
    this.dispatcher = new Dispatcher({ registry, keyspace: this.keyspace, server: this });
    this.monitors = new Monitors(this.dispatcher, this.clients, () => this.unixMicroseconds());
    this.pause = new ClientPause(this.dispatcher, () => this.#paused());
    this.tracking = new Tracking(this);
    this.acl = new Acl(this);
    registerServerCommands(registry, this);
    for (const directive of this.config.directives('rename-command')) {
      const [from = '', to = ''] = directive.args;
      const reason = registry.rename(from, to);
      if (reason !== '') throw refused(directive, reason);
    }
    this.dispatcher.refuseProtected = (session, command) => refuseProtected(this, session, command);
    this.dispatcher.onInternalError = (error, command) =>
      this.log(
        'warning',
        `Internal error in ${command.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    this.dispatcher.onForgedRequest = (session) =>
      this.log(
        'warning',
        `Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands (connection from ${session.address}). Connection aborted.`,
      );
    this.dispatcher.onSlow = (session, command, request, microseconds) => {
      const { now } = this.keyspace;
      const least = this.config.slowlogLogSlowerThan;
      if (least >= 0 && microseconds >= least && (command.flags & CommandFlag.skip_slowlog) === 0) {
        this.slowLog.add(session, command, request, microseconds, now);
      }
      const event = (command.flags & CommandFlag.fast) !== 0 ? 'fast-command' : 'command';
      this.latencyMonitor.record(event, microseconds / 1000, now);
    };
    this.limits = { inline: 65536, multibulk: 2147483647, bulk: this.config.protoMaxBulkLength };
    this.#memory = new MemoryLimit(this.keyspace, this.config);
    const listeners = new KeyspaceListeners(this.keyspace);
    this.#notifications = new KeyspaceNotifications(this.keyspace, listeners, this.pubsub);
    this.#log = new AppendOnlyLog({
      keyspace: this.keyspace,
      listeners,
      dispatcher: this.dispatcher,
      config: this.config,
      fileSystem: options.fileSystem ?? new NodeFileSystem({ syncedWrites: process.platform === 'linux' }),
      log: (level, message) => this.log(level, message),
      gather: () => this.#gate.gather(),
      durable: (offset) => {
        this.#gate.release(offset);
        this.#durabilityWaits.serve(this.#nothingToWaitFor, this.dispatcher.blocked);
      },
      fatal: (error) => this.#fail("Can't recover from an AOF write error when the fsync policy is 'always'", error),
    });
    this.#door = new FrontDoor(this);
    this.dispatcher.blocked.host = {
      blocked: (session) => {
        this.clients.get(session.id)?.block();
        this.#waitForDeadline();
      },
      beforeAnswer: (session) => this.clients.get(session.id)?.flushPushed(),
      answered: (session, reply) => this.clients.get(session.id)?.answer(reply.buffer, reply.length),
    };
    this.#cron = new Cron(() => this.#tick(), [this.#expireSlice, this.#freeSlice, this.#shrinkSlice]);
    this.startupMemory = this.keyspace.usedMemory;
    this.closed = new Promise((resolve, reject) => {
      this.#settleClosed = { resolve, reject };
    });
    // Who does not look at `closed` hears of a failure through 'error'.
    this.closed.catch(() => undefined);
    this.#lowerMaxClients();
    this.#followConfig();
    this.#applyConfig();
  }

  // ── configuration ─────────────────────────────────────────────────────────────────────────────────────────────────

  #applyConfig(): void {
    const { config, keyspace } = this;
    Object.assign(keyspace, config.encodingLimits);
    this.limits = { inline: 65536, multibulk: 2147483647, bulk: config.protoMaxBulkLength };
    for (const client of this.clients.values()) client.limits = this.limits;
    this.#memory.configure();
    this.keyspace.expiryCycle.effort = config.activeExpireEffort - 1;
    this.dispatcher.replicasMissing = config.minReplicasToWrite > 0 && config.minReplicasMaxLag > 0;
    this.dispatcher.latencyTracking = config.latencyTracking;
    this.slowLog.limit = config.slowlogMaxLen;
    this.#notifications.choose(config.notifyKeyspaceEvents);
    this.latencyMonitor.threshold = config.latencyMonitorThreshold;
    this.dispatcher.slowMicroseconds = Math.min(
      config.slowlogLogSlowerThan < 0 ? Infinity : config.slowlogLogSlowerThan,
      config.latencyMonitorThreshold === 0 ? Infinity : config.latencyMonitorThreshold * 1000,
    );
    this.dispatcher.makeRoom = config.maxMemory > 0 && !this.pause.isOn ? this.#makeRoom() : undefined;
    this.#cron.work();
  }

  /** To what the system allows. */
  #lowerMaxClients(): void {
    const { maxClients } = this.config;
    const most = mostClients();
    if (maxClients <= most) return;
    this.config.adopt('maxclients', String(most));
    this.log('warning', `maxclients is ${most}: ${maxClients} want more open files than the system allows (ulimit -n)`);
  }

  /** While clients are paused the data stand still: nothing expires, nothing is evicted. */
  #paused(): void {
    this.keyspace.expireEnabled = !this.pause.isOn;
    this.#applyConfig();
  }

  #makeRoom(): Dispatcher['makeRoom'] {
    const { makeRoom } = this.#memory;
    if (this.latencyMonitor.threshold === 0) return makeRoom;
    return (request, command) => {
      const start = performance.now();
      const isRoom = makeRoom(request, command);
      this.latencyMonitor.record('eviction-cycle', performance.now() - start, this.keyspace.now);
      return isRoom;
    };
  }

  #followConfig(): void {
    const apply = (): string => {
      this.#applyConfig();
      return '';
    };
    for (const name of [
      'active-expire-effort',
      'hash-max-listpack-entries',
      'hash-max-listpack-value',
      'hll-sparse-max-bytes',
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
    ]) {
      this.config.onChange(name, apply);
    }
    this.config.onChange('maxclients', () => {
      const most = mostClients();
      if (this.config.maxClients <= most) return '';
      return `The operating system is not able to handle the specified number of clients, try with ${most}`;
    });
    this.config.onChange('tracking-table-max-keys', () => {
      this.tracking.limitChanged();
      return '';
    });
    this.config.onChange('appendonly', (value) => this.#log.switch(value === 'yes'));
    for (const name of ['appendfsync', 'no-appendfsync-on-rewrite']) {
      this.config.onChange(name, () => {
        this.#log.followPolicy();
        return '';
      });
    }
  }

  get hllSparseMaxBytes(): number {
    return this.config.hllSparseMaxBytes;
  }

  get lazyUserFlush(): boolean {
    return this.config.lazyFreeUserFlush;
  }

  get maxBulkLength(): number {
    return this.config.protoMaxBulkLength;
  }

  // ── start and stop ────────────────────────────────────────────────────────────────────────────────────────────────

  async start(): Promise<void> {
    try {
      this.acl.start();
      await this.#door.listen(this.#options);
      await this.#openMetrics();
      if (this.config.appendOnly) await this.#load();
    } catch (error) {
      // SHUTDOWN while loading: that is no failure.
      if (this.#stopping !== undefined) return this.#stopping;
      this.#cron.stop();
      for (const client of this.clients.values()) client.destroy();
      await Promise.all([this.#door.close(), this.#metrics?.close(), this.#allGone()]);
      this.#settleClosed.resolve();
      throw error;
    }
    if (this.#stopping === undefined) this.#cron.start();
  }

  /** What it needs is loaded only when it is wanted. */
  async #openMetrics(): Promise<void> {
    const { metricsPort, metricsBind } = this.config;
    if (metricsPort === 0) return;
    const { MetricsEndpoint } = await import('./metrics/metrics-endpoint.js');
    this.#metrics = new MetricsEndpoint(this);
    await this.#metrics.listen(metricsPort, metricsBind);
  }

  async #load(): Promise<void> {
    const loading = this.#log.start(new Session({ id: 0 }));
    this.#loading = loading.catch(() => undefined);
    await loading;
    // What was loaded may be more than is allowed now.
    this.#memory.configure();
    this.#cron.work();
  }

  stop({ force = false }: Partial<ShutdownOptions> = {}): Promise<void> {
    this.#forced ||= force;
    this.#stopping ??= this.#stop().then(
      () => this.#settleClosed.resolve(),
      (error: unknown) => {
        this.#settleClosed.reject(error);
        throw error;
      },
    );
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#cron.stop();
    this.pause.stop();
    clearTimeout(this.#deadlineTimer);
    const notListening = Promise.all([this.#door.close(), this.#metrics?.close()]);
    // Nothing is executed from here on. Replies that wait for the disk still leave.
    for (const client of this.clients.values()) client.end();
    this.#log.giveUpLoading();
    try {
      await this.#loading;
      if (!this.#forced) await this.#log.finishFirstRewrite();
      await this.#log.close();
    } finally {
      this.#cron.stop();
      this.#gate.drop();
      const patience = setTimeout(() => {
        for (const client of this.clients.values()) client.destroy();
      }, STOP_PATIENCE_MS);
      await Promise.all([notListening, this.#allGone()]);
      clearTimeout(patience);
      this.dispatcher.feed = undefined;
      this.keyspace.listener = undefined;
      this.keyspace.flush(undefined, false);
    }
  }

  #allGone(): Promise<void> {
    if (this.#transports === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenAllGone = resolve;
    });
  }

  /** The data cannot be kept as promised: nothing more is executed or answered. */
  #fail(reason: string, error: unknown): void {
    if (this.#stopping !== undefined) return;
    this.log('warning', `${reason}: ${error instanceof Error ? error.message : String(error)}. Stopping`);
    this.#cron.stop();
    clearTimeout(this.#deadlineTimer);
    for (const client of this.clients.values()) client.destroy();
    const notListening = Promise.all([this.#door.close(), this.#metrics?.close()]);
    this.#gate.drop();
    const done = async (): Promise<void> => {
      await this.#log.close().catch(() => undefined);
      await Promise.all([notListening, this.#allGone()]);
      this.#cron.stop();
    };
    this.#stopping = done();
    void this.#stopping.then(() => {
      this.#settleClosed.reject(error);
      if (this.listenerCount('error') > 0) this.emit('error', error);
    });
  }

  requestShutdown(options: ShutdownOptions): string {
    if (this.#log.isWaiting && !options.force) {
      this.log('warning', "The first append only file is still being written, can't exit");
      return 'ERR Errors trying to SHUTDOWN. Check logs.';
    }
    if (options.save === true && !this.#log.enabled && !options.force) {
      this.log('warning', "SHUTDOWN SAVE: RDB files are not supported yet, and appendonly is off. Can't exit");
      return 'ERR Errors trying to SHUTDOWN. Check logs.';
    }
    void this.stop(options).catch(() => undefined);
    return '';
  }

  abortShutdown(): boolean {
    return false;
  }

  // ── clients ───────────────────────────────────────────────────────────────────────────────────────────────────────

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  welcome(socket: Socket, ends: Ends): void {
    const connection = this.#addClient(ends);
    const transport = new SocketTransport(socket, connection, {
      keepAlive: ends.isUnixSocket ? 0 : this.config.tcpKeepAlive,
      events: this.#options.plainSockets === true,
    });
    connection.attach(transport);
  }

  #addClient({ address, localAddress, isLocal, isUnixSocket }: Ends): Connection {
    this.keyspace.readClock();
    const session = new Session({
      id: this.#nextClientId++,
      createdAt: this.keyspace.now,
      address,
      localAddress,
      mayBlock: true,
    });
    this.acl.admit(session);
    const connection = new Connection(this, session, { isLocal, isUnixSocket });
    this.clients.set(session.id, connection);
    this.#transports++;
    this.statistics.connectionsReceived++;
    return connection;
  }

  connect(): Duplex {
    if (this.#stopping !== undefined) throw new Error('the server has stopped');
    const address = 'in-process:0';
    const connection = this.#addClient({ address, localAddress: address, isLocal: true, isUnixSocket: false });
    const transport = new InProcessTransport(connection);
    connection.attach(transport);
    return transport.stream;
  }

  // ── ConnectionHost ────────────────────────────────────────────────────────────────────────────────────────────────

  beginTurn(): void {
    this.keyspace.readClock();
  }

  endTurn(connection: Connection): boolean {
    // What commands dropped is freed from the next turn on, not only at the next tick.
    if (this.keyspace.lazyFreePending > 0) this.#cron.work();
    if (!this.#log.isBehind) return true;
    this.#waitingForLog.push(connection);
    return false;
  }

  mustHold(): boolean {
    return this.#log.replyOffset !== 0;
  }

  hold(connection: Connection, bytes: Uint8Array): void {
    this.#gate.hold(connection, bytes, this.#log.replyOffset);
  }

  forget(connection: Connection): void {
    this.clients.delete(connection.session.id);
    this.dispatcher.blocked.forget(connection.session);
    this.dispatcher.transactions.end(connection.session);
    this.pubsub.forget(connection.session);
    this.tracking.forget(connection.session);
    this.monitors.remove(connection.session);
    this.pause.forget(connection);
  }

  postponed(connection: Connection): void {
    this.pause.postponed(connection);
  }

  clientGrew(connection: Connection): void {
    // Ten times a second all are looked at, but this one alone is too much already.
    if (this.#clientMemoryLimit < connection.memory) this.#evictClients();
  }

  overLimit(connection: Connection, which: 'output' | 'query'): void {
    const line = clientLine(connection, this.keyspace.now).trim();
    if (which === 'query') {
      this.statistics.queryBufferLimitDisconnections++;
      this.log('warning', `Closing client that reached max query buffer length: ${line}`);
    } else {
      this.statistics.outputBufferLimitDisconnections++;
      this.log('warning', `Client ${line} closed for overcoming of output buffer limits.`);
    }
  }

  pushed(connection: Connection): void {
    this.#pushed.push(connection);
    this.turnWillEnd();
  }

  turnWillEnd(): void {
    if (this.#awaitsEndOfTurn) return;
    this.#awaitsEndOfTurn = true;
    setImmediate(() => {
      const goesOn = this.tracking.endTurn();
      this.#awaitsEndOfTurn = false;
      for (const each of this.#pushed.splice(0)) each.flushPushed();
      if (goesOn) this.turnWillEnd();
    });
  }

  gone(): void {
    if (--this.#transports === 0) this.#whenAllGone?.();
  }

  protocolError(connection: Connection, error: string): void {
    this.log('verbose', `Protocol error (${error}) from client: ${connection.session.address}`);
  }

  /** One timer for all clients that wait. */
  #waitForDeadline(): void {
    const { nextDeadline } = this.dispatcher.blocked;
    if (nextDeadline >= this.#deadline) return;
    clearTimeout(this.#deadlineTimer);
    this.#deadline = nextDeadline;
    const wait = Math.min(Math.max(nextDeadline - this.keyspace.now, 0), MAX_TIMER_MS);
    this.#deadlineTimer = setTimeout(() => {
      this.#deadline = Infinity;
      if (this.#stopping !== undefined) return;
      this.keyspace.readClock();
      this.dispatcher.blocked.expire(this.keyspace.now);
      this.#waitForDeadline();
    }, wait);
    // As long as the client is connected, its socket keeps the process alive.
    this.#deadlineTimer.unref();
  }

  // ── ten times a second ────────────────────────────────────────────────────────────────────────────────────────────

  /** Rounds of work per second that the configuration asks for. */
  get hz(): number {
    let { hz } = this.config;
    if (this.config.dynamicHz) while (this.clients.size / hz > CLIENTS_PER_TICK && hz < MOST_HZ) hz *= 2;
    return Math.min(hz, MOST_HZ);
  }

  #tick(): void {
    if (this.cronPaused) return;
    const { keyspace, statistics } = this;
    keyspace.readClock();
    statistics.peakMemory = Math.max(statistics.peakMemory, keyspace.usedMemory);
    this.#log.tick(keyspace.now);
    // The first rewrite may have made the log whole, or it was switched off: no fsync tells of that.
    this.#durabilityWaits.serve(this.#nothingToWaitFor, this.dispatcher.blocked);
    this.#durabilityWaits.prune(this.dispatcher.blocked);
    if (!this.#log.isBehind) for (const connection of this.#waitingForLog.splice(0)) connection.resume();
    this.#evictClients();
    const { rate } = this.#cron;
    const share = EXPIRY_SHARE + EXPIRY_SHARE_STEP * keyspace.expiryCycle.effort;
    this.#expiryLeft = (1000 / rate) * share;
    this.#ticks++;
    if (this.#ticks % Math.round(rate / 10) === 0) statistics.sample(keyspace.now, this.dispatcher.commandsProcessed);
    if (this.#ticks % rate === 0) {
      this.#door.expire(keyspace.now);
      this.#closeIdleClients();
    }
    this.#cron.rate = Math.max(this.hz, LEAST_TICKS_PER_SECOND);
  }

  get #clientMemoryLimit(): number {
    return clientMemoryLimit(this.config.maxMemoryClients, this.config.maxMemory);
  }

  #evictClients(): void {
    const limit = this.#clientMemoryLimit;
    if (limit === Infinity) return;
    for (const client of clientsToEvict(this.clients.values(), limit)) {
      this.statistics.clientsEvicted++;
      this.log('notice', `Evicting client: ${clientLine(client, this.keyspace.now).trim()}`);
      client.destroy();
    }
  }

  #closeIdleClients(): void {
    const { timeout } = this.config;
    for (const client of this.clients.values()) {
      statisticsOf(this.statistics, client);
      client.checkOutput();
      if (timeout === 0 || client.kind === 'pubsub' || this.dispatcher.blocked.isBlocked(client.session)) continue;
      if (this.keyspace.now - client.session.lastActiveAt > timeout * 1000) client.destroy();
    }
  }

  readonly #expireSlice = (): boolean => {
    if (!this.activeExpire || this.#expiryLeft <= 0) return false;
    const before = this.keyspace.expiryCycle.timeLimitReached;
    const start = performance.now();
    this.keyspace.activeExpireCycle(EXPIRY_SLICE_MS);
    this.latencyMonitor.record('expire-cycle', performance.now() - start, this.keyspace.now);
    this.#expiryLeft -= EXPIRY_SLICE_MS;
    // Only a cycle that was cut short has more to do now.
    return this.keyspace.expiryCycle.timeLimitReached !== before && this.#expiryLeft > 0;
  };

  readonly #freeSlice = (): boolean => this.keyspace.lazyFree(LAZY_FREE_SLICE_MS) && !this.keyspace.snapshotRunning;

  readonly #shrinkSlice = (): boolean => this.#memory.shrink();

  // ── ServerContext ─────────────────────────────────────────────────────────────────────────────────────────────────

  get aof(): AppendOnlyStatus {
    return this.#log.status();
  }

  get port(): number {
    return this.#door.port;
  }

  get tlsPort(): number {
    return this.#door.tlsPort;
  }

  get host(): string {
    return this.#door.host;
  }

  get loading(): boolean {
    return this.dispatcher.loading;
  }

  unixMicroseconds(): number {
    return this.#options.clock === undefined
      ? Math.floor((performance.timeOrigin + performance.now()) * 1000)
      : this.#options.clock() * 1000;
  }

  monotonicMilliseconds(): number {
    return performance.now();
  }

  startAofRewrite(): RewriteStart {
    return this.#log.startRewrite();
  }

  reloadAof(session: Session, rewrite: boolean): void {
    const connection = this.clients.get(session.id);
    connection?.suspend();
    const rewritten = rewrite ? this.#log.rewrite() : Promise.resolve(true);
    rewritten
      .then(async (done) => {
        // A stop that came meanwhile has the file.
        if (done && this.#stopping === undefined) await this.#reload();
        return done;
      })
      .then(
        (done) =>
          connection?.answer(
            Buffer.from(done ? '+OK\r\n' : '-ERR The append only file was not rewritten, check server logs.\r\n'),
          ),
        // As in Redis, there is nothing to go on with.
        (error: unknown) => this.#fail('The append only file cannot be loaded again', error),
      );
  }

  async #reload(): Promise<void> {
    this.dispatcher.loading = true;
    await this.#log.close();
    this.keyspace.flush(undefined, false);
    await this.#load();
  }

  get logPosition(): number {
    return this.#log.position;
  }

  readonly #nothingToWaitFor = (position: number): boolean => !this.#log.enabled || this.#log.isDurable(position);

  isDurable(position: number): boolean {
    return this.#log.isDurable(position);
  }

  wakeWhenDurable(session: Session, position: number, timedOut: (reply: ReplyWriter) => void): void {
    this.#durabilityWaits.add(session.id, position, timedOut);
  }

  changeReplicationId(): void {
    this.replicationId = newId();
  }

  log(level: LogLevel, message: string): void {
    this.#options.log?.(level, message);
  }
}

function configOf(options: ServerOptions): Config {
  if (options.config instanceof Config) return options.config;
  const config = new Config({ directory: resolve('.') });
  // A server inside another program keeps nothing on disk unless it is told to.
  config.loadRecord({ save: '', ...options.config });
  return config;
}

function newId(): string {
  return randomBytes(20).toString('hex');
}

function statisticsOf(statistics: ServerStatistics, client: Connection): void {
  statistics.largestQueryBuffer = Math.max(statistics.largestQueryBuffer, client.queryBufferLength);
  statistics.largestOutput = Math.max(statistics.largestOutput, client.pendingOutput);
}
