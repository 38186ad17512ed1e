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
 * through one hook, set only while somebody waits; a change of a key that nobody waits for costs one look into a table (`KeyIndex`).
 *
 * There is no timer: the host asks for `nextDeadline` and calls `expire`.
 */
import { type Database, type KeyWaiters } from '@clone/core-store';
import { REPLY_PIECE, ReplyWriter, type Request } from '@clone/resp-codec';
import type { Command } from './command.js';
import type { CommandContext } from './context.js';
import { copyRequest } from './copy-request.js';
import type { Dispatcher } from './dispatcher.js';
import { KeyIndex } from './key-index.js';
import type { Session } from './session.js';

/** What the owner of the sessions does about it. */
export interface BlockingHost {
  /** No further request of this session may be executed until `answered`. `nextDeadline` may have become earlier. */
  blocked(session: Session): void;
  /** It may be answered next: what it was sent until now comes before that, what it is sent from here on behind it. */
  beforeAnswer(session: Session): void;
  /** The reply of the request that blocked; lent for the duration of the call. */
  answered(session: Session, reply: ReplyWriter): void;
}

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

interface Waiter {
  readonly session: Session;
  readonly command: Command;
  readonly request: Request;
  readonly type: number;
  readonly keys: readonly WaitedKey[];
  /** ms since epoch, Infinity: never. */
  readonly deadline: number;
  readonly timedOut: (reply: ReplyWriter) => void;
}

interface WaitedKey {
  readonly db: number;
  readonly bytes: Uint8Array;
  /** In the order in which they blocked. */
  readonly waiters: Set<Waiter>;
  /** How many of them look at any change. */
  curious: number;
  isReady: boolean;
}

const nullArray = (reply: ReplyWriter): void => reply.nullArray();

export class BlockedClients implements KeyWaiters {
  host: BlockingHost | undefined;
  readonly #dispatcher: Dispatcher;
  readonly #keys: KeyIndex<WaitedKey>;
  readonly #bySession = new Map<number, Waiter>();
  readonly #deadlines = new DeadlineHeap();
  readonly #writer = new ReplyWriter(1024, REPLY_PIECE);
  #ready: WaitedKey[] = [];
  #serving = false;
  /** The one whose request is being executed again, and whether it still has to wait. */
  #retried: Waiter | undefined;
  #stillWaits = false;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
    this.#keys = new KeyIndex(dispatcher.keyspace);
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
    for (const key of this.#keys.values()) if (key.curious > 0) count++;
    return count;
  }

  isBlocked(session: Session): boolean {
    return this.#bySession.has(session.id);
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
    const db = ctx.db.index;
    const request = copyRequest(ctx.request, options.replace);
    const keys = new Set<WaitedKey>();
    for (let i = options.firstKey; i < options.firstKey + options.keys; i++) {
      keys.add(this.#key(db, request.bytes, request.offsets[i]!, request.lengths[i]!));
    }
    const waiter: Waiter = {
      session,
      command: ctx.command,
      request,
      type: options.type,
      keys: [...keys],
      deadline: options.timeout === 0 ? Infinity : ctx.keyspace.now + options.timeout,
      timedOut: options.timedOut ?? nullArray,
    };
    for (const key of waiter.keys) {
      key.waiters.add(waiter);
      if (waiter.type < 0) key.curious++;
    }
    this.#bySession.set(session.id, waiter);
    if (waiter.deadline !== Infinity) this.#deadlines.add(waiter);
    this.#dispatcher.observers.add(this);
    this.host?.blocked(session);
  }

  #key(db: number, bytes: Uint8Array, offset: number, length: number): WaitedKey {
    let key = this.#keys.get(db, bytes, offset, length);
    if (key === undefined) {
      key = { db, bytes: bytes.slice(offset, offset + length), waiters: new Set(), curious: 0, isReady: false };
      this.#keys.add(db, bytes, offset, length, key);
    }
    return key;
  }

  // ── what the keyspace tells ───────────────────────────────────────────────────────────────────────────────────────

  touched(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const key = this.#keys.get(db.index, bytes, offset, length);
    if (key !== undefined) this.#makeReady(key);
  }

  replaced(db: Database | undefined): void {
    for (const key of this.#keys.values()) if (db === undefined || key.db === db.index) this.#makeReady(key);
  }

  #makeReady(key: WaitedKey): void {
    if (key.isReady) return;
    key.isReady = true;
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
          key.isReady = false;
          this.#serveKey(key);
        }
      }
    } finally {
      this.#serving = false;
    }
  }

  #serveKey(key: WaitedKey): void {
    const { keyspace } = this.#dispatcher;
    const db = keyspace.databases[key.db]!;
    for (const waiter of key.waiters) {
      const record = db.peek(key.bytes, 0, key.bytes.length);
      if (record === 0 && key.curious === 0) return;
      if (waiter.type < 0 || (record !== 0 && db.typeOf(record) === waiter.type)) this.#retry(waiter);
    }
  }

  #retry(waiter: Waiter): void {
    const reply = this.#writer;
    reply.reset();
    this.host?.beforeAnswer(waiter.session);
    this.#retried = waiter;
    this.#stillWaits = false;
    this.#dispatcher.again(waiter.session, waiter.command, waiter.request, reply);
    this.#retried = undefined;
    if (this.#mustWaitOn()) return;
    this.#remove(waiter);
    this.host?.answered(waiter.session, reply);
  }

  /** Whether the request that was executed again found nothing. */
  #mustWaitOn(): boolean {
    return this.#stillWaits;
  }

  /** Answers everybody whose time is over. @param now ms since epoch */
  expire(now: number): void {
    for (;;) {
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
    this.#remove(waiter);
    const reply = this.#writer;
    reply.reset();
    reply.protocol = waiter.session.protocol;
    write(reply);
    waiter.session.tracking?.requestEnded(waiter.command);
    this.host?.beforeAnswer(waiter.session);
    this.host?.answered(waiter.session, reply);
  }

  /** The session is over. */
  forget(session: Session): void {
    const waiter = this.#bySession.get(session.id);
    if (waiter !== undefined) this.#remove(waiter);
  }

  #remove(waiter: Waiter): void {
    this.#bySession.delete(waiter.session.id);
    if (waiter.deadline !== Infinity) this.#deadlines.remove(waiter);
    for (const key of waiter.keys) {
      key.waiters.delete(waiter);
      if (waiter.type < 0) key.curious--;
      if (key.waiters.size === 0) this.#keys.remove(key.db, key.bytes, 0, key.bytes.length);
    }
    if (this.#keys.size === 0) this.#dispatcher.observers.remove(this);
  }
}

/** A binary heap by deadline that knows where each waiter is. */
class DeadlineHeap {
  readonly #heap: Waiter[] = [];
  readonly #places = new Map<Waiter, number>();

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
    const place = this.#places.get(waiter);
    if (place === undefined) return;
    this.#places.delete(waiter);
    const last = this.#heap.pop()!;
    if (last === waiter) return;
    const parent = this.#heap[(place - 1) >> 1];
    if (place > 0 && parent!.deadline > last.deadline) this.#up(place, last);
    else this.#down(place, last);
  }

  #put(place: number, waiter: Waiter): void {
    this.#heap[place] = waiter;
    this.#places.set(waiter, place);
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
