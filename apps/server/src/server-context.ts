// What the server's own commands (CONFIG, CLIENT, INFO, DEBUG, …) see of the server around them. `server.ts` implements
// it; tests hand in an object literal. The data commands need none of this.

import type { Dispatcher, ServerServices, Session } from '@clone/command-registry';
import type { Keyspace } from '@clone/core-store';
import type { ReplyWriter } from '@clone/resp-codec';
import type { Acl } from './acl/acl.js';
import type { Config } from './config/config.js';
import type { ClientPause } from './client-pause.js';
import type { LatencyMonitor } from './latency-monitor.js';
import type { Monitors } from './monitors.js';
import type { Frame } from './net/pushes.js';
import type { PubSub } from './pubsub/pub-sub.js';
import type { SlowLog } from './slow-log.js';
import type { ServerStatistics } from './statistics.js';
import type { Tracking } from './tracking/tracking.js';

/** A connection, seen from the commands that list and end connections. */
export interface Client {
  readonly session: Session;
  readonly kind: ClientKind;
  /** TCP from this machine, a Unix socket, or a stream of this process. */
  readonly isLocal: boolean;
  readonly isUnixSocket: boolean;
  /** Waits in a blocking command. */
  readonly isBlocked: boolean;
  /** Number of the file descriptor, -1 when there is none or it is not known. */
  readonly fileDescriptor: number;
  /** Bytes received that are not done with: of the request that is executed, those after it, one that is incomplete; the room after them. */
  readonly queryBufferLength: number;
  readonly queryBufferFree: number;
  /** Bytes of replies that wait for the client to read. */
  readonly pendingOutput: number;
  /** The same in how many pieces. */
  readonly pendingPieces: number;
  /** Bytes of replies of the requests that are executed, which have not been written. */
  readonly gatheredReplies: number;
  /** Most bytes of replies that were written at once. */
  readonly largestReply: number;
  /** Bytes of the arguments of the request that is executed, or waits. */
  readonly argumentMemory: number;
  /** Bytes of what MULTI has queued. */
  readonly queueMemory: number;
  /** All bytes that this connection holds. */
  readonly memory: number;
  /** Sends what the client did not ask for. */
  push(frame: Frame): void;
  /** Ends the connection: at once, or behind the reply when the client is the one whose command is running. */
  kill(): void;
}

export type ClientKind = 'normal' | 'replica' | 'primary' | 'pubsub';

/** State of the append-only file for INFO. Sizes in bytes, times in seconds, -1 where there is none. */
export interface AppendOnlyStatus {
  readonly enabled: boolean;
  readonly rewriteInProgress: boolean;
  readonly rewriteScheduled: boolean;
  readonly lastRewriteSeconds: number;
  readonly currentRewriteSeconds: number;
  readonly lastRewriteOk: boolean;
  readonly rewrites: number;
  readonly consecutiveRewriteFailures: number;
  readonly lastWriteOk: boolean;
  readonly currentSize: number;
  readonly baseSize: number;
  /** Bytes that wait to be written. */
  readonly bufferLength: number;
  /** Fsyncs under way. */
  readonly pendingFsyncs: number;
  /** Writes that had to wait for an fsync, ever. */
  readonly delayedFsyncs: number;
  /** How far the loading of the log has come, or came the last time. */
  readonly loading: LoadingProgress;
}

export interface LoadingProgress {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Bytes of the log; 0 until it is known how many. */
  readonly total: number;
  readonly loaded: number;
}

/** How a server stops, as the options of SHUTDOWN say. */
export interface ShutdownOptions {
  /** True: SAVE, false: NOSAVE, undefined: as the configuration says. */
  readonly save: boolean | undefined;
  /** Wait for nobody. */
  readonly now: boolean;
  /** Go even if what should be saved cannot be. */
  readonly force: boolean;
}

export type RewriteStart = 'started' | 'scheduled' | 'in progress' | 'failed';

export interface ServerContext extends ServerServices {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly dispatcher: Dispatcher;
  readonly statistics: ServerStatistics;
  readonly slowLog: SlowLog;
  readonly latencyMonitor: LatencyMonitor;
  readonly monitors: Monitors;
  readonly pause: ClientPause;
  readonly acl: Acl;
  /** Connections by session id, in the order of their arrival. */
  readonly clients: ReadonlyMap<number, Client>;
  readonly pubsub: PubSub;
  readonly tracking: Tracking;
  readonly aof: AppendOnlyStatus;
  /** Switched on at run time, and not whole yet. */
  readonly aofIsWaiting: boolean;
  /** The version of this package. */
  readonly version: string;
  /** 40 hexadecimal digits, new with every start. */
  readonly runId: string;
  /** 40 hexadecimal digits that name the stream of changes; new with every start. */
  readonly replicationId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Port that TCP listens on, without TLS and with it; 0 when it does not. */
  readonly port: number;
  readonly tlsPort: number;
  /** Rounds of background work per second, as `hz` and `dynamic-hz` have it. */
  readonly hz: number;
  /** The append-only file is being read. */
  readonly loading: boolean;
  /** What `keyspace.usedMemory` was before the first key, bytes. */
  readonly startupMemory: number;
  /** What the process had in memory when the server was made, bytes: Node.js, this program, and what it is part of. */
  readonly startupResident: number;
  /** DEBUG SET-ACTIVE-EXPIRE: whether expired keys are removed in the background. */
  activeExpire: boolean;
  /** DEBUG PAUSE-CRON: whether what is done ten times a second rests. */
  cronPaused: boolean;
  /** @returns an error text when the server cannot go, '' when it does: then no reply is sent */
  requestShutdown(options: ShutdownOptions): string;
  /** @returns false when no shutdown was under way */
  abortShutdown(): boolean;
  startAofRewrite(): RewriteStart;
  /** Behind everything that the log has been given, counted in bytes; 0 without a log. */
  readonly logPosition: number;
  /** Whether the log is on the disk up to a position. */
  isDurable(position: number): boolean;
  /** WAITAOF: ends the wait of a session that blocked with this `timedOut` as soon as the log is on the disk so far. */
  wakeWhenDurable(session: Session, position: number, timedOut: (reply: ReplyWriter) => void): void;
  /**
   * For a change that makes the server write to the data directory: locks it before, and answers
   * this session, which waits, by OK or by an error with its code.
   * @param apply makes the change; '' or an error
   * @param refused the error for a directory that cannot be had
   */
  applyWithDirectory(session: Session, apply: () => string, refused: (reason: string) => string): void;
  /** DEBUG CHANGE-REPL-ID: another `replicationId`. */
  changeReplicationId(): void;
  /**
   * DEBUG LOADAOF and RELOAD: writes what is pending, reads the file anew, and only then answers this session, which waits.
   * @param rewrite the file is rewritten before that; if it cannot be, the answer is an error and the data stay
   */
  reloadAof(session: Session, rewrite: boolean): void;
  log(level: 'debug' | 'verbose' | 'notice' | 'warning', message: string): void;
}
