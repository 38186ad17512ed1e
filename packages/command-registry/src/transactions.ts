/**
 * MULTI, EXEC and WATCH: requests are queued per session and executed as one unit.
 *
 * The dispatcher queues instead of executing while `Session.inTransaction`, and says when it refused something: then EXEC answers
 * EXECABORT. EXEC runs the queue through the dispatcher, one nesting level deeper, so that each queued request is an ordinary
 * execution: counted, timed, with effects of its own. Their effects leave as one unit (`Dispatcher.beginUnit`). Nothing blocks in
 * there, and the clients that what happened makes ready are served behind it.
 */
import { Request } from '@clone/resp-codec';
import type { Command } from './command.js';
import type { CommandContext } from './context.js';
import type { Dispatcher } from './dispatcher.js';
import { errors } from './errors.js';
import { QueuedRequests } from './queued-requests.js';
import type { Session } from './session.js';
import { WatchedKeys } from './watched-keys.js';

export class Transactions {
  readonly watched: WatchedKeys;
  readonly #dispatcher: Dispatcher;
  /** The request that EXEC executes. One is enough: what is queued cannot contain another EXEC. */
  readonly #request = new Request();

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
    this.watched = new WatchedKeys(dispatcher.keyspace, dispatcher.observers);
  }

  /** Called by the dispatcher in place of executing. False: the transaction is longer than can be queued. */
  queue(session: Session, command: Command, request: Request): boolean {
    // EXEC will refuse: what follows need not be kept.
    if (session.transactionRefused || session.watchedKeyChanged) return true;
    return (session.queue ??= new QueuedRequests()).add(command, request);
  }

  /** All flags of what is queued. */
  queuedFlags(session: Session): number {
    return session.queue?.flags ?? 0;
  }

  begin(ctx: CommandContext): void {
    const { session } = ctx;
    if (session.inTransaction) {
      ctx.reply.error(errors.nestedMulti);
      return;
    }
    session.inTransaction = true;
    ctx.reply.ok();
  }

  discard(ctx: CommandContext): void {
    if (!ctx.session.inTransaction) {
      ctx.reply.error(errors.discardWithoutMulti);
      return;
    }
    this.end(ctx.session);
    ctx.reply.ok();
  }

  watch(ctx: CommandContext): void {
    if (ctx.session.inTransaction) {
      ctx.reply.error(errors.watchInMulti);
      return;
    }
    for (let i = 1; i < ctx.argc; i++) {
      this.watched.watch(ctx.session, ctx.db, ctx.bytes, ctx.offset(i), ctx.length(i));
    }
    ctx.reply.ok();
  }

  exec(ctx: CommandContext): void {
    const { session, reply } = ctx;
    if (!session.inTransaction) {
      reply.error(errors.execWithoutMulti);
      return;
    }
    if (session.transactionRefused) {
      this.end(session);
      reply.error(errors.execAborted);
      return;
    }
    if (this.watched.isOutdated(session)) {
      this.end(session);
      reply.nullArray();
      return;
    }
    this.watched.unwatch(session);
    const { queue } = session;
    const count = queue?.count ?? 0;
    reply.array(count);
    const mayBlock = session.mayBlock;
    session.mayBlock = false;
    if (queue !== undefined) this.#run(session, queue, ctx);
    session.mayBlock = mayBlock;
    this.end(session);
    // It may have taken long; within it time stood still.
    ctx.keyspace.readClock();
  }

  #run(session: Session, queue: QueuedRequests, ctx: CommandContext): void {
    const dispatcher = this.#dispatcher;
    const request = this.#request;
    dispatcher.beginUnit();
    const { reply } = ctx;
    let at = 0;
    // Whoever ends itself, with CLIENT KILL, hears nothing of what comes behind. It is executed even so.
    let end = -1;
    for (const command of queue.commands) {
      at = queue.read(at, request);
      dispatcher.executeQueued(session, command, request, reply);
      if (end >= 0) reply.truncate(end);
      else if (session.closeAfterReply) end = reply.length;
    }
    dispatcher.endUnit();
  }

  /** Forgets what is queued and watched: DISCARD, RESET, the end of the session. */
  end(session: Session): void {
    session.inTransaction = false;
    session.transactionRefused = false;
    session.queue?.clear();
    this.watched.unwatch(session);
  }
}
