/**
 * From a request to its reply: find the command, refuse what must be refused, run the handler, count, and pass the
 * effect on.
 *
 * The order of the checks is that of Redis's `processCommand` (7.2), because clients see which error comes first:
 * unknown command or subcommand, arity, protected command, transaction, authentication, permissions, memory, disk,
 * subscriptions, loading.
 * A request that passes all of them between MULTI and EXEC is queued instead of executed (`transactions.ts`).
 *
 * Hot path: one call allocates nothing and makes no closure. Each hook is an optional field that costs one comparison
 * when it is not set. `execute` is re-entrant: a handler may call it for another request and gets a context of its own.
 *
 * Time: reading the clock costs some 100 ns (Node 20), two readings are a quarter of a pipelined GET. So what may take long is
 * timed each time: a command that is not quick by its nature (`Command.timedFrom`), one with many or long arguments. Of the others
 * the first 64 executions are timed, later ones one in 32, which counts for 32: sums are right on average. While somebody wants to hear
 * of executions below a millisecond (`slowMicroseconds`), all are timed.
 */
import type { Keyspace } from '@clone/core-store';
import type { ReplyWriter, Request } from '@clone/resp-codec';
import { BlockedClients } from './blocking.js';
import { Command, CommandFlag } from './command.js';
import { FOLD } from './command-table.js';
import { CommandContext, EffectMode, latin1 } from './context.js';
import { type EffectFeed, mayBeLogged } from './effects.js';
import { errors, Refusal } from './errors.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { Registry } from './registry.js';
import type { ServerServices } from './services.js';
import type { Session } from './session.js';
import { ReplyMode } from './session.js';
import { placeholderFacts } from './table/command-facts.js';
import { KeyObservers } from './key-observers.js';
import { Transactions } from './transactions.js';

const WRITE = CommandFlag.write;
const READONLY = CommandFlag.readonly;
const DENYOOM = CommandFlag.denyoom;
const LOADING = CommandFlag.loading;
const NO_AUTH = CommandFlag.no_auth;
const PROTECTED = CommandFlag.protected;
const TOUCHES_DATA = CommandFlag.write | CommandFlag.readonly | CommandFlag.may_replicate;
const NO_MULTI = CommandFlag.no_multi;

const TIMED_CALLS = 64;
const SAMPLE = 32;
/** A request of so many bytes is always timed. */
const LONG_REQUEST = 16384;
/** Nobody calls less than this slow without having all executions timed. */
const PRECISE_BELOW = 1000;
/** Bytes of arguments that the error for an unknown command quotes. */
const QUOTED = 128;

const NO_BYTES = new Uint8Array(0);
/** Around effects that are one unit in the log. */
const MULTI = new TextEncoder().encode('*1\r\n$5\r\nMULTI\r\n');
const EXEC = new TextEncoder().encode('*1\r\n$4\r\nEXEC\r\n');

/**
 * What a dispatcher is made of: the commands, the data, what surrounds them, and who takes the effects.
 */
export interface DispatcherOptions {
  readonly registry: Registry;
  readonly keyspace: Keyspace;
  readonly server: ServerServices;
  readonly feed?: EffectFeed;
}

/**
 * Executes requests: checks them in Redis's order, runs the handler, counts, and gives the effect to the feed.
 *
 * `execute(session, request, reply)` appends the reply of one request to a writer. The bytes of the request are lent for the
 * call. It throws nothing: an error of a handler becomes `-ERR internal error`, and `onInternalError` is called. Call
 * `keyspace.readClock()` before each batch of requests.
 */
export class Dispatcher {
  readonly registry: Registry;
  readonly keyspace: Keyspace;
  readonly server: ServerServices;

  /** Who hears of changed keys. */
  readonly observers: KeyObservers;
  /** Clients that wait. */
  readonly blocked: BlockedClients;
  readonly transactions: Transactions;

  /** Receives every change; may be attached and taken away at any time. */
  feed: EffectFeed | undefined;
  /**
   * Set while `maxmemory` is: called before each command (but not while loading), evicts what it must, and answers
   * whether memory is below the limit. If not, commands that need memory (flag `denyoom`) get `-OOM`.
   */
  makeRoom: ((request: Request, command: Command) => boolean) | undefined = undefined;
  /** The error that writes and PING get while they cannot be made durable (`MISCONF …`), else empty. */
  writesDenied = '';
  /** Fewer replicas are there than a write wants (`min-replicas-to-write`). */
  replicasMissing = false;
  /** Whether durations are kept for percentiles (`latency-tracking`). */
  latencyTracking = true;
  /** While the data are being loaded, only commands with the flag `loading` are executed. */
  loading = false;
  /** The default user is on and has no password: sessions that have not authenticated may do what it may. */
  openToAll = false;
  /** Asked for commands with the flag `protected` (DEBUG): an error text, or empty to allow it. */
  refuseProtected: ((session: Session, command: Command) => string) | undefined = undefined;
  /** A client sent `POST` or `Host:`, perhaps a web page made its browser do so. It gets no reply. */
  onForgedRequest: ((session: Session) => void) | undefined = undefined;
  /** Executions that took so many microseconds or more go to `onSlow`; Infinity: none. */
  slowMicroseconds = Infinity;
  onSlow: ((session: Session, command: Command, request: Request, microseconds: number) => void) | undefined =
    undefined;
  /** Behind each execution of a request, those of transactions included, but not what blocked and is executed again (MONITOR). */
  onExecuted: ((session: Session, command: Command, request: Request) => void) | undefined = undefined;
  /**
   * Whether a request is not to be executed now (CLIENT PAUSE). Then `session.postponed` is set, nothing else has happened, and the
   * caller gives it again later. `flags` of EXEC are those of its queue, too.
   */
  postpone: ((flags: number) => boolean) | undefined = undefined;
  /** A handler threw: a bug, or no memory. The client got `-ERR internal error`. */
  onInternalError: ((error: unknown, command: Command) => void) | undefined = undefined;

  /** Executions, all commands. */
  commandsProcessed = 0;
  /** Error replies, refusals included. */
  errorReplies = 0;
  /** Error replies by code (`ERR`, `WRONGTYPE`), for INFO errorstats. */
  readonly errorCounts = new Map<string, number>();

  readonly #contexts: CommandContext[] = [];
  /** What is executed has been executed before, and blocked. */
  #isAgain = false;
  #depth = 0;
  /** A unit of effects is open; see `beginUnit`. Its first effect waits for a second one: only then it needs a MULTI. */
  #inUnit = false;
  #unitSize = 0;
  #firstOfUnit: Uint8Array = NO_BYTES;
  #unitDb = 0;

  constructor(options: DispatcherOptions) {
    this.registry = options.registry;
    this.keyspace = options.keyspace;
    this.server = options.server;
    this.feed = options.feed;
    this.observers = new KeyObservers(options.keyspace);
    this.blocked = new BlockedClients(this);
    this.transactions = new Transactions(this);
    this.#addContext();
  }

  /** The context of requests that are not nested in another. */
  get context(): CommandContext {
    return this.#contexts[0]!;
  }

  /** Whose command is being executed: within EXEC, whose EXEC. Undefined between two commands. */
  get running(): Session | undefined {
    return this.#depth === 0 ? undefined : this.#contexts[0]!.session;
  }

  /**
   * Executes one request and appends its reply to `reply`. Never throws because of what the request says or what a
   * handler does. `keyspace.now` is the caller's to keep: once per batch of requests is enough.
   */
  execute(session: Session, request: Request, reply: ReplyWriter): void {
    reply.protocol = session.protocol;
    const command = this.#find(request);
    if (command === undefined) {
      this.#unknown(session, request, reply);
      return;
    }
    session.lastCommand = command;
    if (command.handler === undefined || !command.acceptsArgc(request.argc)) {
      this.#refuse(session, command, reply, errors.wrongArity(command.name));
      return;
    }
    let flags = command.flags;
    if ((flags & PROTECTED) !== 0 && this.refuseProtected !== undefined) {
      const refusal = this.refuseProtected(session, command);
      if (refusal !== '') {
        this.#refuse(session, command, reply, refusal);
        return;
      }
    }
    const { inTransaction } = session;
    if (inTransaction && (flags & NO_MULTI) !== 0) {
      this.#refuse(session, command, reply, errors.notInTransaction);
      return;
    }
    if (!session.authenticated && !this.openToAll && (flags & NO_AUTH) === 0) {
      this.#refuse(session, command, reply, errors.noAuth);
      return;
    }
    if (session.permissions !== undefined && (flags & NO_AUTH) === 0) {
      const refusal = session.permissions.refuse(session, command, request, false);
      if (refusal !== '') {
        this.#refuse(session, command, reply, refusal);
        return;
      }
    }
    if (inTransaction) {
      // EXEC needs what its queue needs. And a queue must not grow while memory is full.
      if (command.name === 'exec') flags |= this.transactions.queuedFlags(session);
      else if (!command.isImmediate) flags |= DENYOOM;
    }
    if (this.makeRoom !== undefined && !this.loading) {
      if (!this.makeRoom(request, command) && (flags & DENYOOM) !== 0) {
        this.#refuse(session, command, reply, errors.outOfMemory);
        return;
      }
    }
    if (this.writesDenied !== '' && ((flags & WRITE) !== 0 || command.name === 'ping')) {
      this.#refuse(session, command, reply, this.writesDenied);
      return;
    }
    if (this.replicasMissing && (flags & WRITE) !== 0) {
      this.#refuse(session, command, reply, errors.replicasMissing);
      return;
    }
    if (session.subscriptions !== undefined && session.protocol === 2 && !command.isForSubscribers) {
      this.#refuse(session, command, reply, errors.listening(command.name));
      return;
    }
    if (this.loading && (flags & LOADING) === 0) {
      this.#refuse(session, command, reply, errors.loading);
      return;
    }
    if (session.isMonitor && (flags & TOUCHES_DATA) !== 0) {
      this.#refuse(session, command, reply, errors.monitorNoData);
      return;
    }
    if (this.postpone?.(flags) === true) {
      session.postponed = true;
      return;
    }
    if (inTransaction && !command.isImmediate) {
      if (!this.transactions.queue(session, command, request)) {
        this.#refuse(session, command, reply, errors.transactionTooLong);
        return;
      }
      const start = reply.length;
      reply.simple('QUEUED');
      if (session.replyMode !== ReplyMode.on) endReply(session, reply, start);
      return;
    }
    this.#run(session, request, reply, command);
    if (this.onExecuted !== undefined && !this.#isAgain) this.onExecuted(session, command, request);
  }

  /** Executes a request that MULTI queued, for EXEC. It was accepted then; only what its user may do is looked at again. */
  executeQueued(session: Session, command: Command, request: Request, reply: ReplyWriter): void {
    const refusal =
      session.permissions !== undefined && (command.flags & NO_AUTH) === 0
        ? session.permissions.refuse(session, command, request, true)
        : '';
    if (refusal === '') {
      this.#run(session, request, reply, command);
      if (this.onExecuted !== undefined) this.onExecuted(session, command, request);
      return;
    }
    const start = reply.length;
    reply.error(refusal);
    this.#countError(reply, start);
  }

  // ── effects ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * What is fed from here to `endUnit` happens as a whole or not at all: two effects or more stand between MULTI and EXEC.
   * Nothing awaits in between.
   */
  beginUnit(): void {
    this.#inUnit = true;
    this.#unitSize = 0;
  }

  endUnit(): void {
    const { feed } = this;
    this.#inUnit = false;
    if (feed === undefined) return;
    if (this.#unitSize > 1) feed.append(this.#unitDb, EXEC, 0, EXEC.length);
    else if (this.#unitSize === 1) feed.append(this.#unitDb, this.#firstOfUnit, 0, this.#firstOfUnit.length);
    this.#firstOfUnit = NO_BYTES;
  }

  /** Feeds one command, a RESP multibulk whose bytes are lent: the one way to the feed. */
  propagate(db: number, bytes: Uint8Array, offset: number, length: number): void {
    const { feed } = this;
    if (feed === undefined) return;
    if (this.#inUnit) {
      this.#unitSize++;
      if (this.#unitSize === 1) {
        this.#firstOfUnit = bytes.slice(offset, offset + length);
        this.#unitDb = db;
        return;
      }
      if (this.#unitSize === 2) {
        feed.append(this.#unitDb, MULTI, 0, MULTI.length);
        feed.append(this.#unitDb, this.#firstOfUnit, 0, this.#firstOfUnit.length);
      }
      this.#unitDb = db;
    }
    feed.append(db, bytes, offset, length);
  }

  /**
   * Executes a request that was accepted before, as the AOF replays it: none of the refusals but the first two.
   *
   * @returns false when there is no such command or its arity is wrong; nothing has been executed or written then.
   */
  replay(session: Session, request: Request, reply: ReplyWriter): boolean {
    reply.protocol = session.protocol;
    const { bytes, offsets, lengths } = request;
    const { registry } = this;
    // A log of redis-server has the name that was called.
    const found = registry.findOwn(bytes, offsets[0]!, lengths[0]!) ?? registry.find(bytes, offsets[0]!, lengths[0]!);
    const command = subcommandOf(found, request);
    if (command?.handler === undefined || !command.acceptsArgc(request.argc)) return false;
    this.#run(session, request, reply, command);
    return true;
  }

  /**
   * Executes the request of a client that was blocked once more, for `BlockedClients`. All that could refuse or postpone it may have
   * changed meanwhile, so all is looked at again.
   * @param isSilent the reply is dropped
   */
  again(session: Session, request: Request, reply: ReplyWriter, isSilent: boolean): void {
    const { replyMode } = session;
    if (isSilent) session.replyMode = ReplyMode.off;
    this.#isAgain = true;
    this.execute(session, request, reply);
    this.#isAgain = false;
    if (isSilent) session.replyMode = replyMode;
  }

  /** The wait of a client ended otherwise: counts its request. @param usec that its executions took */
  unblocked(session: Session, command: Command, request: Request, reply: ReplyWriter, usec: number): void {
    command.calls++;
    this.commandsProcessed++;
    if (reply.isErrorAt(0)) {
      command.failed++;
      this.#countError(reply, 0);
    }
    this.countTime(session, command, request, usec);
  }

  /** Sets all counters to zero (CONFIG RESETSTAT). */
  resetStatistics(): void {
    this.commandsProcessed = 0;
    this.errorReplies = 0;
    this.errorCounts.clear();
    this.registry.resetStatistics();
  }

  #find(request: Request): Command | undefined {
    return subcommandOf(this.registry.find(request.bytes, request.offsets[0]!, request.lengths[0]!), request);
  }

  #run(session: Session, request: Request, reply: ReplyWriter, command: Command): void {
    const keyspace = this.keyspace;
    const depth = this.#depth;
    const ctx = this.#contexts[depth] ?? this.#addContext();
    const replyStart = reply.length;
    const dirtyBefore = keyspace.dirty;
    ctx.request = request;
    ctx.reply = reply;
    ctx.session = session;
    ctx.command = command;
    ctx.db = keyspace.databases[session.dbIndex]!;
    ctx.feeding = this.feed !== undefined;
    ctx.dirtyBefore = dirtyBefore;
    keyspace.touching = touches(session, command);

    const { calls } = command;
    this.#depth = depth + 1;
    if (
      calls < TIMED_CALLS ||
      request.argc >= command.timedFrom ||
      request.end - request.start > LONG_REQUEST ||
      this.slowMicroseconds < PRECISE_BELOW
    ) {
      this.#callTimed(ctx, command, replyStart, 1);
    } else if ((calls & (SAMPLE - 1)) === 0) {
      this.#callTimed(ctx, command, replyStart, SAMPLE);
    } else {
      this.#call(ctx, command, replyStart);
    }
    this.#depth = depth;
    // Behind the handler, as in Redis: INFO does not show its own call, and CONFIG RESETSTAT counts behind its reset.
    command.calls++;
    this.commandsProcessed++;
    const isBlocked = ctx.blocked;
    if (isBlocked) this.#uncount(ctx, command);

    if (reply.isErrorAt(replyStart)) {
      command.failed++;
      this.#countError(reply, replyStart);
    }
    if (keyspace.dirty !== ctx.dirtyBefore || ctx.effectMode !== EffectMode.request) this.#propagate(ctx);
    // What a nested request changed has gone to the feed already, and is none of the outer request's changes.
    if (depth > 0) {
      const outer = this.#contexts[depth - 1]!;
      outer.dirtyBefore += keyspace.dirty - dirtyBefore;
      keyspace.touching = touches(outer.session, outer.command);
    }
    if (session.hasAftermath) this.#settle(session, command, request, reply, replyStart, isBlocked);
    if (depth === 0 && this.blocked.hasReady) this.blocked.serve();
  }

  /** What some sessions want behind each of their requests. What is pushed to them from here on comes behind the reply. */
  #settle(
    session: Session,
    command: Command,
    request: Request,
    reply: ReplyWriter,
    replyStart: number,
    isBlocked: boolean,
  ): void {
    const isOuter = this.#depth === 0;
    if (isOuter && session.replyMode !== ReplyMode.on) endReply(session, reply, replyStart);
    const { tracking } = session;
    if (tracking === undefined) return;
    if ((command.flags & READONLY) !== 0) tracking.hasRead(command, request);
    if (isOuter && !isBlocked) tracking.requestEnded(command);
  }

  /** A request that blocked counts when it is done. */
  #uncount(ctx: CommandContext, command: Command): void {
    ctx.blocked = false;
    command.calls--;
    this.commandsProcessed--;
  }

  #call(ctx: CommandContext, command: Command, replyStart: number): void {
    try {
      command.handler!(ctx);
    } catch (error) {
      ctx.reply.truncate(replyStart);
      if (error instanceof Refusal) {
        ctx.reply.error(error.message);
        return;
      }
      ctx.reply.error(errors.internal);
      this.onInternalError?.(error, command);
    }
  }

  /** @param weight executions that this one stands for */
  #callTimed(ctx: CommandContext, command: Command, replyStart: number, weight: number): void {
    const start = this.server.monotonicMilliseconds();
    this.#call(ctx, command, replyStart);
    const usec = (this.server.monotonicMilliseconds() - start) * 1000;
    // The time of a request that blocks counts when it is over, altogether.
    if (ctx.blocked || this.#isAgain) this.blocked.worked(ctx.session, usec);
    else this.countTime(ctx.session, command, ctx.request, usec, weight);
  }

  /** How long an execution took. @param weight executions that this one stands for */
  countTime(session: Session, command: Command, request: Request, usec: number, weight = 1): void {
    command.usec += usec * weight;
    if (this.latencyTracking) (command.latency ??= new LatencyHistogram()).record(usec, weight);
    if (usec >= this.slowMicroseconds) this.onSlow?.(session, command, request, usec);
  }

  #propagate(ctx: CommandContext): void {
    const { feed } = this;
    const { effects, request } = ctx;
    const db = ctx.db.index;
    const isRequest = ctx.effectMode === EffectMode.request || ctx.effectMode === EffectMode.always;
    if (feed === undefined || ctx.effectMode === EffectMode.none) {
      // Nobody listens, or nobody shall hear.
    } else if (isRequest && !ctx.command.isRenamed && mayBeLogged(request)) {
      this.propagate(db, request.bytes, request.start, request.end - request.start);
    } else {
      if (isRequest) {
        ctx.beginEffect(request.argc);
        // A renamed command is logged by its own name: whoever reads the log need not know of the other.
        const { isRenamed, name, parent } = ctx.command;
        if (isRenamed) ctx.effectText((parent?.name ?? name).toUpperCase());
        else ctx.effectArgument(0);
        for (let i = 1; i < request.argc; i++) ctx.effectArgument(i);
      }
      const isUnit = effects.count > 1 && !this.#inUnit;
      if (isUnit) this.beginUnit();
      let from = 0;
      for (const { buffer, end } of effects.aside) {
        this.#propagateEffects(db, effects.ends, from, end, buffer);
        from = end;
      }
      this.#propagateEffects(db, effects.ends, from, effects.count, effects.buffer);
      if (isUnit) this.endUnit();
    }
    effects.clear();
    ctx.effectMode = EffectMode.request;
  }

  /** Feeds the commands `[from, to)`, which lie one behind the other in `buffer`. */
  #propagateEffects(db: number, ends: readonly number[], from: number, to: number, buffer: Uint8Array): void {
    let start = 0;
    for (let i = from; i < to; i++) {
      const end = ends[i]!;
      this.propagate(db, buffer, start, end - start);
      start = end;
    }
  }

  #refuse(session: Session, command: Command, reply: ReplyWriter, text: string): void {
    command.rejected++;
    if (command.name !== 'exec') {
      this.#error(session, command, reply, text);
      return;
    }
    this.transactions.end(session);
    const reason = text.startsWith('ERR ') ? text.slice(4) : text;
    this.#error(session, command, reply, `EXECABORT Transaction discarded because of: ${reason}`);
  }

  #error(session: Session, command: Command | undefined, reply: ReplyWriter, text: string): void {
    if (session.inTransaction) session.transactionRefused = true;
    const start = reply.length;
    reply.error(text);
    this.#countError(reply, start);
    if (session.replyMode !== ReplyMode.on) endReply(session, reply, start);
    session.tracking?.requestEnded(command);
  }

  #countError(reply: ReplyWriter, start: number): void {
    const code = reply.errorCodeAt(start);
    this.errorReplies++;
    this.errorCounts.set(code, (this.errorCounts.get(code) ?? 0) + 1);
  }

  #unknown(session: Session, request: Request, reply: ReplyWriter): void {
    session.lastCommand = undefined;
    const { bytes, offsets, lengths } = request;
    if (isWord(request, 'post') || isWord(request, 'host:')) {
      session.closeAfterReply = true;
      // Nor do the requests before it that have not been answered yet.
      reply.truncate(0);
      this.onForgedRequest?.(session);
      return;
    }
    const container = this.registry.find(bytes, offsets[0]!, lengths[0]!);
    const text =
      container === undefined
        ? unknownCommand(request)
        : errors.unknownSubcommand(quote(request, 1, QUOTED), quote(request, 0, QUOTED));
    this.#error(session, undefined, reply, text);
  }

  #addContext(): CommandContext {
    const context = new CommandContext(
      this.keyspace,
      this.server,
      new Command(placeholderFacts, -1),
      this.blocked,
      this.transactions,
    );
    this.#contexts.push(context);
    return context;
  }
}

/** Whether a command's lookups count as uses of the keys: not under CLIENT NO-TOUCH, but TOUCH itself always does. */
function touches(session: Session, command: Command): boolean {
  return !session.noTouch || command.name === 'touch';
}

/** The end of a reply while CLIENT REPLY is not ON. */
function endReply(session: Session, reply: ReplyWriter, start: number): void {
  reply.truncate(start);
  if (session.replyMode === ReplyMode.skipNext) session.replyMode = ReplyMode.skip;
  else if (session.replyMode === ReplyMode.skip) session.replyMode = ReplyMode.on;
}

/** Quotes arguments until 128 bytes are full; the last one is cut. As Redis does, a zero byte ends an argument. */
function unknownCommand(request: Request): string {
  let args = '';
  for (let i = 1; i < request.argc && args.length < QUOTED; i++) {
    args += `'${quote(request, i, QUOTED - args.length)}' `;
  }
  return `ERR unknown command '${quote(request, 0, QUOTED)}', with args beginning with: ${args}`;
}

/** At most `limit` bytes of argument `i` as latin1, so that the reply has the client's bytes. */
function quote(request: Request, i: number, limit: number): string {
  const offset = request.offsets[i]!;
  const length = Math.min(request.lengths[i]!, limit);
  const zero = request.bytes.subarray(offset, offset + length).indexOf(0);
  return latin1(request.bytes, offset, zero < 0 ? length : zero);
}

/** What a request for `command` asks for: itself, or one of its subcommands. */
function subcommandOf(command: Command | undefined, request: Request): Command | undefined {
  if (command?.subcommands === undefined || request.argc === 1) return command;
  return command.subcommands.find(request.bytes, request.offsets[1]!, request.lengths[1]!);
}

/** Whether the command's name is this lower-case word, in any case. */
function isWord(request: Request, word: string): boolean {
  if (request.lengths[0] !== word.length) return false;
  const offset = request.offsets[0]!;
  for (let k = 0; k < word.length; k++) {
    if (FOLD[request.bytes[offset + k]!] !== word.charCodeAt(k)) return false;
  }
  return true;
}
