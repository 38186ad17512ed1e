/**
 * What the commands know about a connection: who talks, in which protocol, on which database. A session knows no
 * socket; the same class serves TCP, in-process connections, AOF replay and scripts.
 *
 * All fields are set in the constructor, in one order, so that every session has the same hidden class.
 */
import type { Request } from '@clone/resp-codec';
import type { Command } from './command.js';
import type { Permissions } from './permissions.js';
import type { QueuedRequests } from './queued-requests.js';
import type { ReplyRest } from './reply-rest.js';

/** What becomes of replies, as CLIENT REPLY says. */
export const ReplyMode = {
  on: 0,
  off: 1,
  /** The reply of the running command is dropped, then it is `on` again. */
  skip: 2,
  /** CLIENT REPLY SKIP itself was just executed: it has no reply, and the next command is in `skip`. */
  skipNext: 3,
} as const;

/** What a session listens to: names of channels and patterns, one character per byte. */
export interface Subscriptions {
  readonly channels: ReadonlySet<string>;
  readonly patterns: ReadonlySet<string>;
  readonly shardChannels: ReadonlySet<string>;
}

/** A session's part in client-side caching: what the dispatcher tells it, and what CLIENT LIST shows. */
export interface KeyTracking {
  /** It hears of every key, or of those with a prefix, whatever it has read. */
  readonly isBroadcast: boolean;
  /** Id of the client that is told in its place; 0: it is told itself. */
  readonly redirection: number;
  /** That client was gone when there was something to tell. */
  readonly isBroken: boolean;
  /** A command that only reads was executed: the session may have its keys now. */
  hasRead(command: Command, request: Request): void;
  /** A request of the session is over, executed or refused; undefined: there is no such command. */
  requestEnded(command: Command | undefined): void;
}

/** What is known of a connection when it is made. */
export interface SessionOptions {
  /** Unique and rising over the life of a server. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  /** `ip:port` of the client, or the path of a Unix socket with `:0`, as CLIENT LIST shows it. */
  readonly address?: string;
  readonly localAddress?: string;
  /** False when a password is needed first. */
  readonly authenticated?: boolean;
  /** Whether it waits when a command says so, and takes replies in slices; false when absent: all is answered at once, as if time were over. */
  readonly mayBlock?: boolean;
  /** Whether its requests were accepted before, as those of a log; false when absent. */
  readonly mustObey?: boolean;
}

/**
 * The state of one connection as commands see it: protocol, database, user, transaction. It knows no socket.
 */
export class Session {
  readonly id: number;
  readonly createdAt: number;
  readonly address: string;
  readonly localAddress: string;
  /** CLIENT SETNAME. */
  name = '';
  /** CLIENT SETINFO. */
  libName = '';
  libVer = '';
  /** The selected database. */
  dbIndex = 0;
  protocol: 2 | 3 = 2;
  authenticated: boolean;
  user = 'default';
  /** What its user may do; undefined: everything. */
  permissions: Permissions | undefined = undefined;
  /** Between MULTI and EXEC: requests are queued. */
  inTransaction = false;
  /** A request was refused since MULTI: EXEC will execute nothing. */
  transactionRefused = false;
  /** A key that it watches has changed: EXEC will execute nothing. */
  watchedKeyChanged = false;
  /** Kept from one transaction to the next; undefined before the first. */
  queue: QueuedRequests | undefined = undefined;
  /** Undefined while it listens to nothing. With some, a RESP2 session may do little else. */
  subscriptions: Subscriptions | undefined = undefined;
  /** CLIENT NO-TOUCH: reads leave the keys' access time and frequency alone. */
  noTouch = false;
  /** Whether a command may make it wait, or leave a `rest`: it is a client of its own, and in no transaction. */
  mayBlock: boolean;
  /**
   * Its requests were accepted before, perhaps under other settings: a log is being replayed. Limits that protect the
   * server from its clients do not hold.
   */
  readonly mustObey: boolean;
  /** For the dispatcher's caller: the reply goes on with this, and no further request is executed before its end. */
  rest: ReplyRest | undefined = undefined;
  /** MONITOR: it hears of every command, and may not touch data. */
  isMonitor = false;
  /** For the dispatcher's caller: the request was not executed, and is to be given again later (CLIENT PAUSE). */
  postponed = false;
  /** CLIENT NO-EVICT. */
  noEvict = false;
  /** Something is done behind its requests: a reply dropped, or keys remembered. Both for the price of one look. */
  hasAftermath = false;
  /** Set by a command (QUIT, a refused protocol) when the connection ends with this reply. */
  closeAfterReply = false;
  /** The last command that was found, for CLIENT LIST. */
  lastCommand: Command | undefined = undefined;
  /** Milliseconds since the epoch; the owner updates it when bytes arrive. */
  lastActiveAt: number;
  #replyMode: number = ReplyMode.on;
  #tracking: KeyTracking | undefined = undefined;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.createdAt = options.createdAt ?? 0;
    this.address = options.address ?? '';
    this.localAddress = options.localAddress ?? '';
    this.authenticated = options.authenticated ?? true;
    this.mayBlock = options.mayBlock ?? false;
    this.mustObey = options.mustObey ?? false;
    this.lastActiveAt = this.createdAt;
  }

  /** One of `ReplyMode`. */
  get replyMode(): number {
    return this.#replyMode;
  }

  set replyMode(mode: number) {
    this.#replyMode = mode;
    this.#foresee();
  }

  /** CLIENT TRACKING; undefined while it is off. */
  get tracking(): KeyTracking | undefined {
    return this.#tracking;
  }

  set tracking(tracking: KeyTracking | undefined) {
    this.#tracking = tracking;
    this.#foresee();
  }

  #foresee(): void {
    this.hasAftermath = this.#replyMode !== ReplyMode.on || this.#tracking !== undefined;
  }
}
