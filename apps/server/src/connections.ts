/**
 * Who is connected: how clients come and go, what all of them together may hold, and when those who block have waited long enough.
 *
 * Connections call back here with every read (`ConnectionHost`): what they call makes a comparison or two as a rule. A
 * client is forgotten as soon as it is none any more; its transport may close later, and `allGone` waits for that.
 */
import type { Socket } from 'node:net';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { type BlockingHost, type Dispatcher, Session } from '@clone/command-registry';
import { REPLY_PIECE, ReplyWriter, type Request, type RequestLimits } from '@clone/resp-codec';
import type { AppendOnlyLog } from './append-only-log.js';
import { clientMemoryLimit, clientsToEvict } from './client-eviction.js';
import { clientLine } from './commands/client-line.js';
import type { Config } from './config/config.js';
import type { Ends } from './front-door.js';
import { Connection, type ConnectionHost } from './net/connection.js';
import { InProcessTransport } from './net/in-process-transport.js';
import { SocketTransport } from './net/socket-transport.js';
import type { ReplyGate } from './reply-gate.js';
import type { ServerContext } from './server-context.js';
import type { ServerStatistics } from './statistics.js';

/** The longest time that a timer of Node takes. */
const MAX_TIMER_MS = 2147483647;
/** Waits that end in one turn because their time is over: each costs a write to a socket. */
const ENDED_AT_ONCE = 256;

export interface ConnectionsOptions {
  readonly log: AppendOnlyLog;
  readonly gate: ReplyGate;
  /** See `ServerOptions`. */
  readonly plainSockets: boolean;
  /** There is something to free, and no need to wait for the next tick. */
  readonly work: () => void;
}

export class Connections implements ConnectionHost, BlockingHost {
  /** By session id, in the order of their arrival. */
  readonly clients = new Map<number, Connection>();
  readonly dispatcher: Dispatcher;
  readonly config: Config;
  readonly statistics: ServerStatistics;
  readonly writer = new ReplyWriter(undefined, REPLY_PIECE);
  limits: RequestLimits;
  readonly #server: ServerContext;
  readonly #options: ConnectionsOptions;
  readonly #log: AppendOnlyLog;
  #nextId = 1;
  /** Connections whose transport is not closed yet, and who waits for the last one. */
  #transports = 0;
  #whenAllGone: (() => void) | undefined;
  /** Are not read from until the log has caught up. */
  readonly #waitingForLog: Connection[] = [];
  /** Have something to send that nobody asked for. */
  readonly #pushed: Connection[] = [];
  #awaitsEndOfTurn = false;
  /** When the timer for those who block goes off, ms since the epoch; -Infinity: the time of waiting is over. */
  #deadline = Infinity;
  #deadlineTimer: NodeJS.Timeout | undefined;

  constructor(server: ServerContext, options: ConnectionsOptions) {
    this.#server = server;
    this.#options = options;
    this.#log = options.log;
    this.dispatcher = server.dispatcher;
    this.config = server.config;
    this.statistics = server.statistics;
    this.limits = limitsOf(server.config);
    this.dispatcher.blocked.host = this;
  }

  // ── coming and going ──────────────────────────────────────────────────────────────────────────────────────────────

  welcome(socket: Socket, ends: Ends): void {
    const connection = this.#add(ends);
    const transport = new SocketTransport(socket, connection, {
      keepAlive: ends.isUnixSocket ? 0 : this.config.tcpKeepAlive,
      events: this.#options.plainSockets,
    });
    connection.attach(transport);
  }

  /** A connection without a socket. */
  connect(): Socket {
    const address = 'in-process:0';
    const connection = this.#add({ address, localAddress: address, isLocal: true, isUnixSocket: false });
    const transport = new InProcessTransport(connection);
    connection.attach(transport);
    // No instance, but all that one has.
    const stream: Pick<Socket, keyof Socket> = transport.stream;
    return stream;
  }

  #add({ address, localAddress, isLocal, isUnixSocket }: Ends): Connection {
    const { keyspace, acl } = this.#server;
    keyspace.readClock();
    const session = new Session({
      id: this.#nextId++,
      createdAt: keyspace.now,
      address,
      localAddress,
      mayBlock: true,
    });
    acl.admit(session);
    const connection = new Connection(this, session, { isLocal, isUnixSocket });
    this.clients.set(session.id, connection);
    this.#transports++;
    this.statistics.connectionsReceived++;
    return connection;
  }

  forget(connection: Connection): void {
    const { session } = connection;
    const { pubsub, tracking, monitors, pause } = this.#server;
    this.clients.delete(session.id);
    this.dispatcher.blocked.forget(session);
    this.dispatcher.transactions.end(session);
    pubsub.forget(session);
    tracking.forget(session);
    monitors.remove(session);
    pause.forget(connection);
  }

  gone(): void {
    if (--this.#transports === 0) this.#whenAllGone?.();
  }

  /** Nothing is executed from here on. Replies that wait for the disk still leave. */
  end(): void {
    this.#endDeadlines();
    for (const client of this.clients.values()) client.end();
  }

  /** Closes all at once; they get nothing more. */
  destroy(): void {
    this.#endDeadlines();
    for (const client of this.clients.values()) client.destroy();
  }

  /** Resolves when the last transport has closed. */
  allGone(): Promise<void> {
    if (this.#transports === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenAllGone = resolve;
    });
  }

  // ── turns of the event loop ───────────────────────────────────────────────────────────────────────────────────────

  /** Takes over the limits that the configuration has now. */
  followLimits(): void {
    this.limits = limitsOf(this.config);
    for (const client of this.clients.values()) client.limits = this.limits;
  }

  beginTurn(): void {
    this.dispatcher.keyspace.readClock();
    if (this.#deadline <= this.dispatcher.keyspace.now) this.expireWaits();
  }

  endTurn(connection: Connection): boolean {
    // What commands dropped is freed from the next turn on, not only at the next tick.
    if (this.dispatcher.keyspace.lazyFreePending > 0) this.#options.work();
    if (!this.#log.isBehind) return true;
    this.#waitingForLog.push(connection);
    return false;
  }

  /** The log has caught up. */
  resume(): void {
    for (const connection of this.#waitingForLog.splice(0)) connection.resume();
  }

  mustHold(): boolean {
    return this.#log.replyOffset !== 0;
  }

  hold(connection: Connection, bytes: Uint8Array): void {
    this.#options.gate.hold(connection, bytes, this.#log.replyOffset);
  }

  held(connection: Connection): void {
    this.#server.pause.postponed(connection);
  }

  pushed(connection: Connection): void {
    this.#pushed.push(connection);
    this.turnWillEnd();
  }

  turnWillEnd(): void {
    if (this.#awaitsEndOfTurn) return;
    this.#awaitsEndOfTurn = true;
    setImmediate(() => {
      const goesOn = this.#server.tracking.endTurn();
      this.#awaitsEndOfTurn = false;
      for (const each of this.#pushed.splice(0)) each.flushPushed();
      if (goesOn) this.turnWillEnd();
    });
  }

  // ── clients that block ────────────────────────────────────────────────────────────────────────────────────────────

  blocked(session: Session): void {
    this.clients.get(session.id)?.block();
    this.#waitForDeadline();
  }

  postponed(session: Session, request: Request): void {
    this.clients.get(session.id)?.postpone(request);
  }

  beforeAnswer(session: Session): void {
    this.clients.get(session.id)?.flushPushed();
  }

  answered(session: Session, reply: ReplyWriter): void {
    this.clients.get(session.id)?.answer(reply.buffer, reply.used, reply.pieces);
  }

  /** One timer for all clients that wait. */
  #waitForDeadline(): void {
    const { blocked, keyspace } = this.dispatcher;
    const { nextDeadline } = blocked;
    if (nextDeadline >= this.#deadline) return;
    clearTimeout(this.#deadlineTimer);
    this.#deadline = nextDeadline;
    const wait = Math.min(Math.max(nextDeadline - keyspace.now, 0), MAX_TIMER_MS);
    this.#deadlineTimer = setTimeout(() => {
      this.#deadline = Infinity;
      keyspace.readClock();
      this.expireWaits();
      this.#waitForDeadline();
    }, wait);
    // As long as the client is connected, its socket keeps the process alive.
    this.#deadlineTimer.unref();
  }

  /** Answers those whose time is over. The clock may have been moved, so that the timer is late: also called as often as it is read. */
  expireWaits(): void {
    const { blocked, keyspace } = this.dispatcher;
    if (this.#deadline === -Infinity || blocked.nextDeadline > keyspace.now) return;
    clearTimeout(this.#deadlineTimer);
    this.#deadline = Infinity;
    blocked.expire(keyspace.now, ENDED_AT_ONCE);
    this.#waitForDeadline();
  }

  #endDeadlines(): void {
    clearTimeout(this.#deadlineTimer);
    this.#deadline = -Infinity;
  }

  // ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────

  get #memoryLimit(): number {
    return clientMemoryLimit(this.config.maxMemoryClients, this.config.maxMemory);
  }

  clientGrew(connection: Connection): void {
    // Ten times a second all are looked at, but this one alone is too much already.
    if (this.#memoryLimit < connection.memory) this.evict();
  }

  /** Closes those that hold most while all together hold more than `maxmemory-clients`. */
  evict(): void {
    const limit = this.#memoryLimit;
    if (limit === Infinity) return;
    for (const client of clientsToEvict(this.clients.values(), limit)) {
      this.statistics.clientsEvicted++;
      this.#server.log('notice', `Evicting client: ${this.#line(client)}`);
      client.destroy();
    }
  }

  /** Once a second: closes who has been idle for `timeout`, or leaves too much unread for too long. */
  check(): void {
    const { dispatcher, statistics } = this;
    const { timeout } = this.config;
    for (const client of this.clients.values()) {
      statistics.largestQueryBuffer = Math.max(statistics.largestQueryBuffer, client.queryBufferLength);
      statistics.largestOutput = Math.max(statistics.largestOutput, client.pendingOutput);
      client.checkOutput();
      if (timeout === 0 || client.kind === 'pubsub' || dispatcher.blocked.isBlocked(client.session)) continue;
      if (dispatcher.keyspace.now - client.session.lastActiveAt > timeout * 1000) client.destroy();
    }
  }

  overLimit(connection: Connection, which: 'output' | 'query'): void {
    if (which === 'query') {
      this.statistics.queryBufferLimitDisconnections++;
      this.#server.log('warning', `Closing client that reached max query buffer length: ${this.#line(connection)}`);
    } else {
      this.statistics.outputBufferLimitDisconnections++;
      this.#server.log('warning', `Client ${this.#line(connection)} closed for overcoming of output buffer limits.`);
    }
  }

  protocolError(connection: Connection, error: string): void {
    this.#server.log('verbose', `Protocol error (${error}) from client: ${connection.session.address}`);
  }

  #line(connection: Connection): string {
    return clientLine(connection, this.dispatcher.keyspace.now).trim();
  }
}

function limitsOf(config: Config): RequestLimits {
  return { inline: 65536, multibulk: 2147483647, bulk: config.protoMaxBulkLength };
}
