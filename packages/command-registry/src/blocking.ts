/**
 * Clients that wait for keys (BLPOP, XREAD BLOCK, …) or for time alone (WAIT).
 *
 * A handler that finds nothing calls `ctx.block`. Its request is copied and the session hears nothing until
 * - a key it waits for changes: once the command that changed it is done, the request is executed again, as if it came just
 *   then, and if it finds something, that is the reply. If not, the client keeps its place. Per key, clients are
 *   served in the order in which they blocked;
 * - its time is over: the reply is what `timedOut` writes;
 * - `unblock` (CLIENT UNBLOCK), or the end of the session (`forget`).
 *
 * Nothing here looks at data types: which type a key must have is part of the wait. The keyspace tells of every change
 * through one hook, set only while somebody waits; a change of a key that nobody waits for costs one look into a table (`KeyLinks`).
 *
 * There is no timer: the host asks for `nextDeadline` and calls `expire`.
 */
import { type Database, type KeyWaiters } from '@clone/core-store';
import { REPLY_PIECE, ReplyWriter, type Request } from '@clone/resp-codec';
import type { Command } from './command.js';
import type { CommandContext } from './context.js';
import { copyRequest, withArguments } from './copy-request.js';
import type { Dispatcher } from './dispatcher.js';
import { type KeyHolder, KeyLinks } from './key-links.js';
import { ReplyMode, type Session } from './session.js';

/** What the owner of the sessions does about it. */
export interface BlockingHost {
  /** No further request of this session may be executed until `answered`. `nextDeadline` may have become earlier. */
  blocked(session: Session): void;
  /** It may be answered next: what it was sent until now comes before that, what it is sent from here on behind it. */
  beforeAnswer(session: Session): void;
  /** It waits for the end of a pause now, and its request is then to be given again. */
  postponed(session: Session, request: Request): void;
  /** The reply of the request that blocked; lent for the duration of the call. */
  answered(session: Session, reply: ReplyWriter): void;
}

/** What a command that found nothing waits for, as it tells `CommandContext.block`. */
export interface BlockOptions {
  /** The type that a key must have for the request to be tried again, one of `ValueType`; -1: any change of a key will do, its removal too. */
  readonly type: number;
  /** Arguments `[firstKey, firstKey + keys)` are the keys; 0 keys: time alone. */
  readonly firstKey: number;
  readonly keys: number;
  /** Milliseconds from now, 0: for ever. */
  readonly timeout: number;
  /** Writes the reply when time is over; a null array when absent. */
  readonly timedOut?: (reply: ReplyWriter) => void;
  /** Arguments that are something else when the request is executed again (`$` of XREAD, as the id it stands for). */
  readonly replace?: ReadonlyMap<number, Uint8Array>;
}

/** A client that waits. It holds the keys that it waits for. */
class Waiter implements KeyHolder {
  readonly session: Session;
  readonly command: Command;
  /** What is executed again. */
  readonly request: Request;
  /** What the client sent: for the slow log. */
  readonly sent: Request;
  readonly type: number;
  /** ms since epoch, Infinity: never. */
  readonly deadline: number;
  readonly timedOut: (reply: ReplyWriter) => void;
  /** CLIENT REPLY OFF or SKIP was in effect when it came: its reply is dropped. */
  readonly isSilent: boolean;
  /** Microseconds that its executions took so far. */
  usec: number;
  bytes: Uint8Array;
  place = -1;
  firstLink = 0;
  linkCount = 0;
  /** Where it is in the heap of deadlines. */
  heapPlace = -1;

  constructor(ctx: CommandContext, options: BlockOptions) {
    this.session = ctx.session;
    this.command = ctx.command;
    this.sent = copyRequest(ctx.request);
    this.request = options.replace === undefined ? this.sent : withArguments(this.sent, options.replace);
    this.bytes = this.request.bytes;
    this.type = options.type;
    this.deadline = options.timeout === 0 ? Infinity : ctx.keyspace.now + options.timeout;
    this.timedOut = options.timedOut ?? nullArray;
    this.isSilent = ctx.session.replyMode !== ReplyMode.on;
    this.usec = 0;
  }
}

/** Notes of a key: whether it is to be served, and how many look at any change of it. */
const READY = 0;
const CURIOUS = 1;

const nullArray = (reply: ReplyWriter): void => reply.nullArray();

/**
 * The clients of one dispatcher that wait: `dispatcher.blocked`. Its `host` is told who blocks and who is answered, and
 * calls `expire` at `nextDeadline`; without one, no command can block.
 */
export class BlockedClients implements KeyWaiters {
  host: BlockingHost | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #keys: KeyLinks<Waiter>;
  readonly #bySession = new Map<number, Waiter>();
  readonly #deadlines = new DeadlineHeap();
  readonly #writer = new ReplyWriter(1024, REPLY_PIECE);
  /** Keys to be served; a key that has gone meanwhile is not marked any more. */
  #ready: number[] = [];
  #serving = false;
  /** The one whose request is being executed again, and whether it still has to wait. */
  #retried: Waiter | undefined;
  #stillWaits = false;
  /** It was executed, and not refused. */
  #hasWorked = false;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
    this.#keys = new KeyLinks(dispatcher.keyspace);
  }

  /** Blocked sessions. */
  get count(): number {
    return this.#bySession.size;
  }

  /** Those of them who will not wait for ever. */
  get timed(): number {
    return this.#deadlines.size;
  }

  /** Keys that are waited for. */
  get keys(): number {
    return this.#keys.size;
  }

  /** Keys whose removal, too, is waited for. */
  get curiousKeys(): number {
    let count = 0;
    this.#keys.forEachKey(undefined, (key) => {
      if (this.#keys.keyNote(key, CURIOUS) > 0) count++;
    });
    return count;
  }

  isBlocked(session: Session): boolean {
    return this.#bySession.has(session.id);
  }

  /** The request that a session waits with. */
  requestOf(session: Session): Request | undefined {
    return this.#bySession.get(session.id)?.sent;
  }

  /** Something changed that a blocked client waits for: `serve` is to be called. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** When the next client's time is over, ms since epoch; Infinity: never. */
  get nextDeadline(): number {
    return this.#deadlines.first?.deadline ?? Infinity;
  }

  /** Called through `ctx.block`. */
  block(ctx: CommandContext, options: BlockOptions): void {
    const { session } = ctx;
    if (this.#retried?.session === session) {
      this.#stillWaits = true;
      return;
    }
    const waiter = new Waiter(ctx, options);
    const { offsets, lengths } = waiter.request;
    for (let i = options.firstKey; i < options.firstKey + options.keys; i++) {
      const link = this.#keys.add(waiter, ctx.db.index, offsets[i]!, lengths[i]!);
      if (link !== 0 && waiter.type < 0) this.#countCurious(this.#keys.keyOf(link), 1);
    }
    this.#bySession.set(session.id, waiter);
    if (waiter.deadline !== Infinity) this.#deadlines.add(waiter);
    if (waiter.linkCount > 0) this.#dispatcher.observers.add(this);
    this.host?.blocked(session);
  }

  #countCurious(key: number, more: number): void {
    this.#keys.setKeyNote(key, CURIOUS, this.#keys.keyNote(key, CURIOUS) + more);
  }

  /** For the dispatcher: an execution of the request of a session that waits took so long. */
  worked(session: Session, usec: number): void {
    const waiter = this.#bySession.get(session.id);
    if (waiter !== undefined) waiter.usec += usec;
    this.#hasWorked = true;
  }

  // ── what the keyspace tells ───────────────────────────────────────────────────────────────────────────────────────

  touched(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const key = this.#keys.find(db.index, bytes, offset, length);
    if (key !== 0) this.#makeReady(key);
  }

  replaced(db: Database | undefined): void {
    this.#keys.forEachKey(db?.index, (key) => this.#makeReady(key));
  }

  #makeReady(key: number): void {
    if (this.#keys.keyNote(key, READY) === 1) return;
    this.#keys.setKeyNote(key, READY, 1);
    this.#ready.push(key);
  }

  // ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Serves whoever can be served, in order; what they do may make further keys ready. Not from within a command. */
  serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    try {
      while (this.#ready.length > 0) {
        const ready = this.#ready;
        this.#ready = [];
        for (const key of ready) {
          if (this.#keys.keyNote(key, READY) !== 1) continue;
          this.#keys.setKeyNote(key, READY, 0);
          this.#serveKey(key);
        }
      }
    } finally {
      this.#serving = false;
    }
  }

  #serveKey(key: number): void {
    const keys = this.#keys;
    const db = this.#dispatcher.keyspace.databases[keys.dbOf(key)]!;
    keys.forEachLink(key, (link) => {
      const waiter = keys.holderOf(link);
      const record = db.peek(waiter.bytes, keys.offsetOf(link), keys.lengthOf(link));
      if (record === 0 && keys.keyNote(key, CURIOUS) === 0) return false;
      if (waiter.type < 0 || (record !== 0 && db.typeOf(record) === waiter.type)) this.#retry(waiter);
      return true;
    });
  }

  #retry(waiter: Waiter): void {
    const { session } = waiter;
    const reply = this.#writer;
    reply.reset();
    this.host?.beforeAnswer(session);
    // That may have closed it: then it must not take anything.
    if (this.#bySession.get(session.id) !== waiter) return;
    this.#retried = waiter;
    this.#stillWaits = false;
    this.#hasWorked = false;
    this.#dispatcher.again(session, waiter.request, reply, waiter.isSilent);
    this.#retried = undefined;
    if (this.#mustWaitOn()) return;
    this.#remove(waiter);
    if (session.postponed) {
      session.postponed = false;
      if (waiter.isSilent && session.replyMode === ReplyMode.on) session.replyMode = ReplyMode.skip;
      this.host?.postponed(session, waiter.request);
      return;
    }
    if (this.#wasExecuted()) this.#dispatcher.countTime(session, waiter.command, waiter.sent, waiter.usec);
    this.host?.answered(session, reply);
  }

  /** Whether the request that was executed again found nothing. */
  #mustWaitOn(): boolean {
    return this.#stillWaits;
  }

  #wasExecuted(): boolean {
    return this.#hasWorked;
  }

  /** Answers those whose time is over. @param now ms since epoch @param most how many at a time */
  expire(now: number, most = Infinity): void {
    for (let ended = 0; ended < most; ended++) {
      const waiter = this.#deadlines.first;
      if (waiter === undefined || waiter.deadline > now) return;
      this.#end(waiter, waiter.timedOut);
    }
  }

  /** Ends a wait: as if its time were over, or with an error. False when the session does not wait. */
  unblock(id: number, withError: boolean): boolean {
    const waiter = this.#bySession.get(id);
    if (waiter === undefined) return false;
    this.#end(
      waiter,
      withError ? (reply) => reply.error('UNBLOCKED client unblocked via CLIENT UNBLOCK') : waiter.timedOut,
    );
    return true;
  }

  /** Whether the wait that began with this `timedOut` goes on. */
  isWaitingWith(id: number, timedOut: (reply: ReplyWriter) => void): boolean {
    return this.#bySession.get(id)?.timedOut === timedOut;
  }

  /** Ends the wait that began with this `timedOut`, as if its time were over. Nothing when it has ended already. */
  wake(id: number, timedOut: (reply: ReplyWriter) => void): void {
    const waiter = this.#bySession.get(id);
    if (waiter?.timedOut === timedOut) this.#end(waiter, timedOut);
  }

  #end(waiter: Waiter, write: (reply: ReplyWriter) => void): void {
    const { session, command } = waiter;
    this.#remove(waiter);
    const reply = this.#writer;
    reply.reset();
    reply.protocol = session.protocol;
    write(reply);
    this.#dispatcher.unblocked(session, command, waiter.sent, reply, waiter.usec);
    if (waiter.isSilent) reply.truncate(0);
    session.tracking?.requestEnded(command);
    this.host?.beforeAnswer(session);
    this.host?.answered(session, reply);
  }

  /** The session is over. */
  forget(session: Session): void {
    const waiter = this.#bySession.get(session.id);
    if (waiter !== undefined) this.#remove(waiter);
  }

  #remove(waiter: Waiter): void {
    this.#bySession.delete(waiter.session.id);
    if (waiter.deadline !== Infinity) this.#deadlines.remove(waiter);
    if (waiter.type < 0) {
      for (let link = waiter.firstLink; link !== 0; link = this.#keys.nextOfHolder(link)) {
        this.#countCurious(this.#keys.keyOf(link), -1);
      }
    }
    this.#keys.remove(waiter);
    if (this.#keys.size === 0) this.#dispatcher.observers.remove(this);
  }
}

/** A binary heap by deadline that knows where each waiter is. */
class DeadlineHeap {
  readonly #heap: Waiter[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get first(): Waiter | undefined {
    return this.#heap[0];
  }

  add(waiter: Waiter): void {
    this.#up(this.#heap.length, waiter);
  }

  remove(waiter: Waiter): void {
    const place = waiter.heapPlace;
    if (place < 0) return;
    waiter.heapPlace = -1;
    const last = this.#heap.pop()!;
    if (last === waiter) return;
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent!.deadline > last.deadline) this.#up(place, last);
    else this.#down(place, last);
  }

  #put(place: number, waiter: Waiter): void {
    this.#heap[place] = waiter;
    waiter.heapPlace = place;
  }

  #up(from: number, waiter: Waiter): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above]!;
      if (parent.deadline <= waiter.deadline) break;
      this.#put(place, parent);
      place = above;
    }
    this.#put(place, waiter);
  }

  #down(from: number, waiter: Waiter): void {
    let place = from;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && this.#heap[child + 1]!.deadline < this.#heap[child]!.deadline) child++;
      if (this.#heap[child]!.deadline >= waiter.deadline) break;
      this.#put(place, this.#heap[child]!);
      place = child;
    }
    this.#put(place, waiter);
  }
}
