/**
 * The server: what it is made of, and in which order it starts and stops.
 *
 * The parts know the server as the commands do (`ServerContext`), and are handed the other parts that they need. Clients are in
 * `connections.ts`, work without a client in `housekeeping.ts`, CONFIG SET in `follow-config.ts`.
 *
 * `createServer` is the whole API for embedding: several servers may run side by side in one process, each with its own
 * data; a stopped server leaves no handle open. Signals, exit codes and log output are the CLI's (`cli.ts`).
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { CommandFlag, Dispatcher, registerDataCommands, Registry, Session } from '@clone/command-registry';
import { Keyspace } from '@clone/core-store';
import { type FileSystem, NodeFileSystem } from '@clone/persistence-aof';
import type { ReplyWriter } from '@clone/resp-codec';
import { Acl } from './acl/acl.js';
import { AppendOnlyLog } from './append-only-log.js';
import { ClientPause } from './client-pause.js';
import { registerServerCommands } from './commands/index.js';
import { refuseProtected } from './commands/permission.js';
import { Config, refused } from './config/config.js';
import type { ConfigRecord } from './config/config-record.js';
import { Connections } from './connections.js';
import type { DirectoryLockedError } from './directory-lock.js';
import { DurabilityWaits } from './durability-waits.js';
import { followConfig } from './follow-config.js';
import { type Ends, FrontDoor, type FrontDoorHost } from './front-door.js';
import { Housekeeping } from './housekeeping.js';
import { KeyspaceListeners } from './keyspace-listeners.js';
import { LatencyMonitor } from './latency-monitor.js';
import { MemoryLimit } from './memory-limit.js';
import type { MetricsEndpoint } from './metrics/metrics-endpoint.js';
import { Monitors } from './monitors.js';
import { readProcessFacts, type ProcessFacts } from './process-facts.js';
import { KeyspaceNotifications } from './pubsub/keyspace-notifications.js';
import { PubSub } from './pubsub/pub-sub.js';
import { ReplyGate } from './reply-gate.js';
import type { AppendOnlyStatus, Client, RewriteStart, ServerContext, ShutdownOptions } from './server-context.js';
import { checkServerConfig, checkServerOptions } from './server-options.js';
import { SlowLog } from './slow-log.js';
import { ServerStatistics } from './statistics.js';
import { Tracking } from './tracking/tracking.js';
import { findUnreadData } from './unread-data.js';
import { REDIS_VERSION, VERSION } from './version.js';
import { monotonicMilliseconds, unixMicroseconds, unixMilliseconds } from './wall-clock.js';

/** How much a line of the log matters, in Redis's words. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

/** What `createServer` takes. An option that it does not know is refused. */
export interface ServerOptions {
  /** TCP port; 0 (the default): any free one. False: no TCP at all. */
  readonly port?: number | false;
  /** Port for TLS; 0: any free one. By default what `config` says in `tls-port`, where 0 means none. */
  readonly tlsPort?: number | false;
  /** Address to listen on; by default 127.0.0.1. An array listens on each (see `bind` in redis.conf). */
  readonly host?: string | readonly string[];
  /** Parameters of redis.conf by name, such as `{ maxmemory: '100mb', appendonly: true }`. */
  readonly config?: ConfigRecord | Config;
  /** Where log lines go; by default nowhere. */
  readonly log?: (level: LogLevel, message: string) => void;
  /** Milliseconds since the epoch; for tests that move time. Default `Date.now`, as it is when it is called. */
  readonly clock?: () => number;
  /** The disk; for tests. */
  readonly fileSystem?: FileSystem;
  /** What is known of this process and others, for the lock of the data directory; for tests. */
  readonly processFacts?: ProcessFacts;
  /** Sockets are read with `'data'` events instead of the fast path; for tests. */
  readonly plainSockets?: boolean;
}

/** A running server. It emits `'error'` when it had to stop because its data could not be kept safe. */
export interface Server {
  /** The TCP port, 0 when there is none. */
  readonly port: number;
  /** The TCP port for TLS, 0 when there is none. */
  readonly tlsPort: number;
  /** The TCP address, '' when there is none. */
  readonly host: string;
  readonly config: Config;
  readonly keyspace: Keyspace;
  /**
   * What lies in `dir` and was not read, a line for each; also in the log. Empty where there is no
   * `log`.
   */
  readonly unreadData: readonly string[];
  /** Settles when the server has stopped; rejects when it had to because its data could not be kept safe. */
  readonly closed: Promise<void>;
  /** A connection without a socket. */
  connect(): Socket;
  /** Stops: closes all connections, writes what is pending to the disk. @param options as those of SHUTDOWN */
  stop(options?: Partial<ShutdownOptions>): Promise<void>;
}

/** How long a client may take to read its last replies when the server stops. */
const STOP_PATIENCE_MS = 500;

/**
 * Starts a server and resolves when it accepts commands.
 *
 * @throws ConfigError for an option or a parameter that is not valid or not known;
 * DirectoryLockedError when another server keeps its data in the same directory; AofError when the
 * append-only file cannot be trusted; the
 * system's error when the port cannot be had or the directory not be written
 */
export async function createServer(options: ServerOptions = {}): Promise<Server & EventEmitter> {
  const server = new RedisServer(options);
  await server.start();
  return server;
}

/** For the daemon, which can stop a server that is still loading. Emits `listening` before it loads. */
export function makeServer(options: ServerOptions): Server & EventEmitter & { start(): Promise<boolean> } {
  return new RedisServer(options);
}

class RedisServer extends EventEmitter implements Server, ServerContext, FrontDoorHost {
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
  readonly clients: ReadonlyMap<number, Client>;
  readonly pubsub = new PubSub();
  readonly tracking: Tracking;
  readonly acl: Acl;
  readonly startedAt: number;
  readonly startupMemory: number;
  readonly startupResident = process.memoryUsage.rss();
  readonly closed: Promise<void>;
  activeExpire = true;
  cronPaused = false;
  unreadData: readonly string[] = [];

  readonly #options: ServerOptions;
  readonly #fileSystem: FileSystem;
  readonly #log: AppendOnlyLog;
  readonly #gate = new ReplyGate(monotonicMilliseconds);
  readonly #durabilityWaits = new DurabilityWaits();
  readonly #connections: Connections;
  readonly #door: FrontDoor;
  readonly #memory: MemoryLimit;
  readonly #housekeeping: Housekeeping;
  readonly #applyConfig: () => void;
  #metrics: MetricsEndpoint | undefined;
  /** Settles when the data are loaded, or could not be. */
  #loading: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  /** SHUTDOWN FORCE: the stop does not wait for the rewrite that switches the log on. */
  #forced = false;
  #settleClosed: { resolve: () => void; reject: (error: unknown) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  };

  // ── what it is made of ────────────────────────────────────────────────────────────────────────────────────────────

  constructor(options: ServerOptions) {
    super();
    this.#options = options;
    this.config = configOf(options);
    const now = options.clock ?? unixMilliseconds;
    this.startedAt = now();
    const seed = randomBytes(8);
    this.keyspace = new Keyspace({
      clock: { now, elapsed: monotonicMilliseconds },
      random: Math.random,
      hashSeed: [seed.readInt32LE(0), seed.readInt32LE(4)],
      databases: this.config.databases,
    });
    const registry = new Registry();
    registerDataCommands(registry);
    this.dispatcher = new Dispatcher({ registry, keyspace: this.keyspace, server: this });
    const listeners = new KeyspaceListeners(this.keyspace);
    this.#fileSystem = options.fileSystem ?? new NodeFileSystem({ syncedWrites: process.platform === 'linux' });
    this.#log = this.#makeLog(listeners);
    const work = (): void => this.#housekeeping.cron.work();
    this.#connections = new Connections(this, {
      log: this.#log,
      gate: this.#gate,
      plainSockets: options.plainSockets === true,
      work,
    });
    this.clients = this.#connections.clients;
    this.monitors = new Monitors(this.dispatcher, this.clients, () => this.unixMicroseconds());
    this.pause = new ClientPause(this.dispatcher, () => this.#applyConfig());
    this.tracking = new Tracking(this.#connections);
    this.acl = new Acl(this);
    registerServerCommands(registry, this);
    for (const directive of this.config.directives('rename-command')) {
      const [from = '', to = ''] = directive.args;
      const reason = registry.rename(from, to);
      if (reason !== '') throw refused(directive, reason);
    }
    this.#listenToDispatcher();
    this.#memory = new MemoryLimit(this.keyspace, this.config);
    const notifications = new KeyspaceNotifications(this.keyspace, listeners, this.pubsub);
    this.#door = new FrontDoor(this);
    const parts = { server: this, connections: this.#connections, log: this.#log, memory: this.#memory };
    this.#housekeeping = new Housekeeping({ ...parts, door: this.#door, durabilityWaits: this.#durabilityWaits });
    this.startupMemory = this.keyspace.usedMemory;
    this.closed = new Promise((resolve, reject) => {
      this.#settleClosed = { resolve, reject };
    });
    // Who does not look at `closed` hears of a failure through 'error'.
    this.closed.catch(() => undefined);
    this.#applyConfig = followConfig({ ...parts, notifications, work });
    this.#applyConfig();
  }

  #makeLog(listeners: KeyspaceListeners): AppendOnlyLog {
    return new AppendOnlyLog({
      keyspace: this.keyspace,
      listeners,
      dispatcher: this.dispatcher,
      config: this.config,
      fileSystem: this.#fileSystem,
      facts: this.#options.processFacts ?? readProcessFacts(),
      log: (level, message) => this.log(level, message),
      gather: () => this.#gate.gather(),
      durable: (offset) => {
        this.#gate.release(offset);
        this.#durabilityWaits.serve(this.#log.nothingToWaitFor, this.dispatcher.blocked);
      },
      fatal: (error) => this.#fail("Can't recover from an AOF write error when the fsync policy is 'always'", error),
      lost: (error: DirectoryLockedError) => this.#fail('The data directory is lost', error),
    });
  }

  #listenToDispatcher(): void {
    const { dispatcher } = this;
    dispatcher.refuseProtected = (session, command) => refuseProtected(this, session, command);
    dispatcher.onInternalError = (error, command) =>
      this.log(
        'warning',
        `Internal error in ${command.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    dispatcher.onForgedRequest = (session) =>
      this.log(
        'warning',
        `Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands (connection from ${session.address}). Connection aborted.`,
      );
    dispatcher.onSlow = (session, command, request, microseconds) => {
      const { now } = this.keyspace;
      const least = this.config.slowlogLogSlowerThan;
      if (least >= 0 && microseconds >= least && (command.flags & CommandFlag.skip_slowlog) === 0) {
        this.slowLog.add(session, command, request, microseconds, now);
      }
      const event = (command.flags & CommandFlag.fast) !== 0 ? 'fast-command' : 'command';
      this.latencyMonitor.record(event, microseconds / 1000, now);
    };
  }

  // ── start and stop ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves to false when it was stopped while it was loading. */
  async start(): Promise<boolean> {
    try {
      this.acl.start();
      await this.#door.listen(this.#options);
      await this.#openMetrics();
      if (this.isStopping) throw new Error('stopped');
      this.emit('listening');
      if (this.config.appendOnly) await this.#load();
      if (this.#options.log !== undefined) await this.#tellOfUnreadData();
    } catch (error) {
      // Stopped meanwhile: that is no failure.
      if (this.#stopping !== undefined) {
        await Promise.all([this.#stopping, this.#stopListening()]);
        return false;
      }
      this.#housekeeping.cron.stop();
      this.#connections.destroy();
      await Promise.all([this.#stopListening(), this.#connections.allGone()]);
      await this.#log.close().catch(() => undefined);
      await this.#log.unlock();
      this.#settleClosed.resolve();
      throw error;
    }
    if (this.#stopping !== undefined) return false;
    this.#housekeeping.cron.start();
    return true;
  }

  /** What it needs is loaded only when it is wanted. */
  async #openMetrics(): Promise<void> {
    const { metricsPort, metricsBind } = this.config;
    if (metricsPort === 0) return;
    const { MetricsEndpoint } = await import('./metrics/metrics-endpoint.js');
    this.#metrics = new MetricsEndpoint(this);
    await this.#metrics.listen(metricsPort, metricsBind);
  }

  async #tellOfUnreadData(): Promise<void> {
    this.unreadData = await findUnreadData(this.#fileSystem, this.config);
    for (const line of this.unreadData) this.log('warning', line);
  }

  async #load(): Promise<void> {
    const loading = this.#log.start(new Session({ id: 0, mustObey: true }));
    this.#loading = loading.catch(() => undefined);
    await loading;
    // What was loaded may be more than is allowed now.
    this.#memory.configure();
    this.#housekeeping.cron.work();
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
    this.#housekeeping.cron.stop();
    this.pause.stop();
    const notListening = this.#stopListening();
    this.#connections.end();
    this.#log.giveUpLoading();
    try {
      await this.#loading;
      if (!this.#forced) await this.#log.finishFirstRewrite();
      await this.#log.close();
    } finally {
      await this.#log.unlock();
      this.#housekeeping.cron.stop();
      this.#gate.drop();
      const patience = setTimeout(() => this.#connections.destroy(), STOP_PATIENCE_MS);
      await Promise.all([notListening, this.#connections.allGone()]);
      clearTimeout(patience);
      this.dispatcher.feed = undefined;
      this.keyspace.listener = undefined;
      this.keyspace.flush(undefined, false);
    }
  }

  #stopListening(): Promise<unknown> {
    return Promise.all([this.#door.close(), this.#metrics?.close()]);
  }

  /** The data cannot be kept as promised: nothing more is executed or answered. */
  #fail(reason: string, error: unknown): void {
    if (this.#stopping !== undefined) return;
    this.log('warning', `${reason}: ${error instanceof Error ? error.message : String(error)}. Stopping`);
    this.#housekeeping.cron.stop();
    this.#connections.destroy();
    const notListening = this.#stopListening();
    this.#gate.drop();
    const done = async (): Promise<void> => {
      await this.#log.close().catch(() => undefined);
      await this.#log.unlock();
      await Promise.all([notListening, this.#connections.allGone()]);
      this.#housekeeping.cron.stop();
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

  // ── FrontDoorHost and Server ──────────────────────────────────────────────────────────────────────────────────────

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  welcome(socket: Socket, ends: Ends): void {
    this.#connections.welcome(socket, ends);
  }

  connect(): Socket {
    if (this.#stopping !== undefined) throw new Error('the server has stopped');
    return this.#connections.connect();
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

  // ── ServerContext ─────────────────────────────────────────────────────────────────────────────────────────────────

  get aof(): AppendOnlyStatus {
    return this.#log.status();
  }

  get aofIsWaiting(): boolean {
    return this.#log.isWaiting;
  }

  get loading(): boolean {
    return this.dispatcher.loading;
  }

  get hz(): number {
    return this.#housekeeping.hz;
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

  unixMicroseconds(): number {
    return this.#options.clock === undefined ? unixMicroseconds() : this.#options.clock() * 1000;
  }

  monotonicMilliseconds(): number {
    return monotonicMilliseconds();
  }

  startAofRewrite(): RewriteStart {
    return this.#log.startRewrite();
  }

  applyWithDirectory(session: Session, apply: () => string, refused: (reason: string) => string): void {
    const connection = this.#connections.clients.get(session.id);
    connection?.suspend();
    const answer = (error: string): void => connection?.answer(Buffer.from(error === '' ? '+OK\r\n' : `-${error}\r\n`));
    this.#log.prepare().then(
      async () => {
        const error = this.#stopping === undefined ? apply() : refused('the server is stopping');
        answer(error);
        await this.#log.prepared();
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.log('warning', `Cannot switch the append only file on: ${reason}`);
        answer(refused(reason));
      },
    );
  }

  reloadAof(session: Session, rewrite: boolean): void {
    const connection = this.#connections.clients.get(session.id);
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
    this.keyspace.dirty = 0;
  }

  get logPosition(): number {
    return this.#log.position;
  }

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
  checkServerOptions(options);
  if (options.config instanceof Config) return options.config;
  const { config: record = {} } = options;
  checkServerConfig(record);
  const config = new Config({ directory: resolve('.') });
  // A server inside another program keeps nothing on disk unless it is told to.
  config.loadRecord({ save: '', ...record });
  return config;
}

function newId(): string {
  return randomBytes(20).toString('hex');
}
