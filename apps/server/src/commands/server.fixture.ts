// A server without sockets for the tests of commands: a real keyspace, registry and dispatcher, a clock to move, and
// clients that only remember that they were killed.

import { Dispatcher, Registry, registerDataCommands, Session, type SessionOptions } from '@clone/command-registry';
import { Keyspace } from '@clone/core-store';
import { REQUEST, ReplyWriter, RequestParser } from '@clone/resp-codec';
import { Acl } from '../acl/acl.js';
import { Config } from '../config/config.js';
import type { Frame } from '../net/pushes.js';
import { PubSub } from '../pubsub/pub-sub.js';
import type { Client, RewriteStart, ServerContext, ShutdownOptions } from '../server-context.js';
import { ClientPause } from '../client-pause.js';
import { LatencyMonitor } from '../latency-monitor.js';
import { Monitors } from '../monitors.js';
import { SlowLog } from '../slow-log.js';
import { ServerStatistics } from '../statistics.js';
import { Tracking } from '../tracking/tracking.js';
import { registerServerCommands } from './index.js';
import { refuseProtected } from './permission.js';

export const START = 1_700_000_000_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class TestClient implements Client {
  readonly session: Session;
  kind: Client['kind'] = 'normal';
  /** All that was pushed. */
  pushed = '';
  isLocal = true;
  isUnixSocket = false;
  isBlocked = false;
  readonly fileDescriptor = 8;
  readonly queryBufferLength = 26;
  readonly queryBufferFree = 20448;
  pendingOutput = 0;
  memory = 1000;
  pendingPieces = 0;
  readonly gatheredReplies = 0;
  readonly largestReply = 0;
  readonly argumentMemory = 0;
  readonly queueMemory = 0;
  killed = false;

  constructor(session: Session) {
    this.session = session;
  }

  push(frame: Frame): void {
    const { text } = frame.appendedTo(undefined);
    this.pushed += text;
  }

  kill(): void {
    this.killed = true;
  }
}

export class TestServer {
  now = START;
  readonly clients = new Map<number, TestClient>();
  readonly config: Config;
  readonly keyspace = new Keyspace({ clock: { now: () => this.now }, random: () => 0.5, hashSeed: [1, 2] });
  readonly registry = new Registry();
  readonly log: string[] = [];
  readonly shutdowns: ShutdownOptions[] = [];
  readonly reloadedBy: string[] = [];
  rewriteStart: RewriteStart = 'started';
  /** What `requestShutdown` answers. */
  shutdownRefusal = '';
  shuttingDown = false;
  readonly context: Mutable<ServerContext>;
  readonly me: TestClient;

  /** @param file the configuration file that CONFIG REWRITE writes */
  constructor(file?: string) {
    this.config = new Config({ directory: '/', file });
    const services = {
      redisVersion: '7.2.4',
      maxBulkLength: 512 * 1024 * 1024,
      hllSparseMaxBytes: 3000,
      lazyUserFlush: false,
      unixMicroseconds: () => this.now * 1000,
      monotonicMilliseconds: () => this.now,
    };
    const dispatcher = new Dispatcher({ registry: this.registry, keyspace: this.keyspace, server: services });
    const parts = {
      config: this.config,
      keyspace: this.keyspace,
      dispatcher,
      statistics: new ServerStatistics(),
      slowLog: new SlowLog(),
      latencyMonitor: new LatencyMonitor(),
      monitors: new Monitors(dispatcher, this.clients, services.unixMicroseconds),
      pause: new ClientPause(dispatcher, () => undefined),
      clients: this.clients,
      pubsub: new PubSub(),
      log: (level: string, message: string) => this.log.push(`${level} ${message}`),
    };
    this.context = {
      ...services,
      ...parts,
      acl: new Acl(parts),
      tracking: new Tracking({ ...parts, turnWillEnd: () => undefined }),
      aof: {
        enabled: false,
        rewriteInProgress: false,
        rewriteScheduled: false,
        lastRewriteSeconds: -1,
        currentRewriteSeconds: -1,
        lastRewriteOk: true,
        rewrites: 0,
        consecutiveRewriteFailures: 0,
        lastWriteOk: true,
        currentSize: 0,
        baseSize: 0,
        bufferLength: 0,
        pendingFsyncs: 0,
        delayedFsyncs: 0,
        loading: { startedAt: START, total: 0, loaded: 0 },
      },
      version: '0.1.0',
      runId: 'a'.repeat(40),
      replicationId: 'b'.repeat(40),
      startedAt: START,
      port: 6379,
      tlsPort: 0,
      hz: 10,
      loading: false,
      startupMemory: this.keyspace.usedMemory,
      startupResident: process.memoryUsage.rss(),
      activeExpire: true,
      cronPaused: false,
      requestShutdown: (options) => {
        this.shutdowns.push(options);
        return this.shutdownRefusal;
      },
      abortShutdown: () => this.shuttingDown,
      aofIsWaiting: false,
      applyWithDirectory: (_session, apply) => void apply(),
      startAofRewrite: () => this.rewriteStart,
      logPosition: 0,
      isDurable: () => true,
      wakeWhenDurable: () => undefined,
      changeReplicationId: () => {
        this.context.replicationId = 'c'.repeat(40);
      },
      reloadAof: (session, rewrite) => this.reloadedBy.push(`${session.id}${rewrite ? ' rewritten' : ''}`),
    };
    dispatcher.refuseProtected = (session, command) => refuseProtected(this.context, session, command);
    registerDataCommands(this.registry);
    registerServerCommands(this.registry, this.context);
    this.me = this.connect({ address: '127.0.0.1:50001', localAddress: '127.0.0.1:6379' });
  }

  connect(options: Omit<SessionOptions, 'id'> = {}): TestClient {
    const id = this.clients.size + 3;
    const client = new TestClient(new Session({ createdAt: this.now, mayBlock: true, ...options, id }));
    this.context.acl.admit(client.session);
    this.clients.set(id, client);
    return client;
  }

  /** Sends a command as `client`; answers the bytes of the reply, one character per byte. */
  send(client: TestClient, ...args: readonly string[]): string {
    this.keyspace.setTime(this.now);
    const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('');
    const bytes = Buffer.from(`*${args.length}\r\n${parts}`);
    const parser = new RequestParser();
    const reply = new ReplyWriter();
    parser.feed(bytes, 0, bytes.length);
    if (parser.next() !== REQUEST) throw new Error(`no request in ${JSON.stringify(args)}`);
    this.context.dispatcher.execute(client.session, parser.request, reply);
    return Buffer.from(reply.buffer.subarray(0, reply.length)).toString('latin1');
  }

  /** The same from a command line of words without quotes, as the first client. */
  run(line: string): string {
    return this.send(this.me, ...line.split(' ').map((word) => (word === "''" ? '' : word)));
  }
}

/** A bulk string or verbatim reply without its frame. */
export function payload(reply: string): string {
  return reply.slice(reply.indexOf('\r\n') + 2, -2);
}
