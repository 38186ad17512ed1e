/**
 * Client-side caching: clients that keep copies of what they have read, and are told when it is out of date.
 *
 * A client is told of a key once, and then not again until it has read it once more; or, as a broadcast, of every key with one of its
 * prefixes. Redis tells at once, behind the command that changed the key, but what it broadcasts is gathered until the end of the
 * event loop's turn; who changes a key himself hears of it behind the reply. `Connection.push` sees to that.
 *
 * Changes come through `KeyObservers`, like those that WATCH hears of, from the first CLIENT TRACKING ON until nobody tracks and a client
 * leaves: CLIENT TRACKING OFF forgets no key, as in Redis, so that what was read before is told when the client is back. Reads come from the
 * dispatcher, for sessions that track.
 *
 * When the table of read keys is full, any of them goes, and its readers are told as if it had changed.
 */
import { type Command, type Dispatcher, findKeys, KeyPositions, type Session } from '@clone/command-registry';
import type { Database, KeyWaiters } from '@clone/core-store';
import type { Request } from '@clone/resp-codec';
import type { Config } from '../config/config.js';
import { TextBytes } from '../latin1.js';
import type { Receiver } from '../pubsub/subscriber.js';
import { Invalidation, RedirectionBroken } from './invalidation.js';
import { Prefixes } from './prefixes.js';
import { ReadKeys, type Readers } from './read-keys.js';
import { Tracker, type TrackingOptions } from './tracker.js';

/** What it needs of the server. */
export interface TrackingHost {
  readonly dispatcher: Dispatcher;
  readonly config: Config;
  /** By session id. */
  readonly clients: ReadonlyMap<number, Receiver>;
  /** `endTurn` is to be called at the end of the event loop's turn. */
  turnWillEnd(): void;
}

/** Keys that are forgotten at a time when there are too many, besides as many as have just come. */
const FORGOTTEN = 100;

export class Tracking implements KeyWaiters {
  readonly #host: TrackingHost;
  readonly #trackers = new Map<number, Tracker>();
  readonly #readKeys: ReadKeys;
  readonly #prefixes = new Prefixes();
  readonly #invalidation = new Invalidation();
  readonly #positions = new KeyPositions();
  readonly #name = new TextBytes();

  constructor(host: TrackingHost) {
    this.#host = host;
    this.#readKeys = new ReadKeys(host.dispatcher.keyspace);
  }

  /** Clients that track. */
  get clients(): number {
    return this.#trackers.size;
  }

  /** Keys that are remembered, and the same counted once for each client. */
  get keys(): number {
    return this.#readKeys.size;
  }

  get items(): number {
    return this.#readKeys.items;
  }

  /** Different prefixes of all broadcasts. */
  get prefixes(): number {
    return this.#prefixes.size;
  }

  /** The tracker of a session; undefined while it does not track. */
  trackerOf(session: Session): Tracker | undefined {
    return this.#trackers.get(session.id);
  }

  /** @param prefixes of a broadcast, besides those that it has; they must not overlap. None: every key */
  switchOn(receiver: Receiver, options: TrackingOptions, prefixes: readonly string[]): void {
    const { session } = receiver;
    let tracker = this.#trackers.get(session.id);
    if (tracker === undefined) {
      tracker = new Tracker(receiver, this.#remember);
      this.#trackers.set(session.id, tracker);
      session.tracking = tracker;
      this.#host.dispatcher.observers.add(this);
    }
    tracker.configure(options);
    if (!options.isBroadcast) return;
    for (const prefix of prefixes.length > 0 ? prefixes : ['']) this.#prefixes.add(prefix, tracker);
  }

  /** Nothing happens when the session does not track. */
  switchOff(session: Session): void {
    const tracker = this.#trackers.get(session.id);
    if (tracker === undefined) return;
    this.#prefixes.forget(tracker);
    this.#trackers.delete(session.id);
    session.tracking = undefined;
    this.#restIfIdle();
  }

  /** The session is over. */
  forget(session: Session): void {
    this.switchOff(session);
    if (this.#trackers.size > 0 || this.#readKeys.size === 0) return;
    this.#readKeys.clear();
    this.#restIfIdle();
  }

  #restIfIdle(): void {
    if (this.#trackers.size === 0 && this.#readKeys.size === 0) this.#host.dispatcher.observers.remove(this);
  }

  // ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────

  readonly #remember = (tracker: Tracker, command: Command, request: Request): void => {
    const positions = this.#positions;
    findKeys(command, request, positions);
    const before = this.#readKeys.size;
    const { id } = tracker.receiver.session;
    for (let i = 0; i < positions.count; i++) {
      const at = positions.indexes[i]!;
      this.#readKeys.add(request.bytes, request.offsets[at]!, request.lengths[at]!, id);
    }
    if (this.#isOver) this.#forgetSome(FORGOTTEN + this.#readKeys.size - before);
  };

  get #isOver(): boolean {
    return this.#readKeys.isOver(this.#host.config.trackingTableMaxKeys);
  }

  /** Brings the table to its limit, or nearer. */
  #forgetSome(most: number): void {
    for (let i = 0; i < most && this.#isOver; i++) {
      this.#readKeys.takeAny((name, readers) => {
        const { bytes, length } = this.#name.set(name);
        this.#invalidate(bytes, 0, length, readers, undefined);
      });
    }
    if (this.#isOver) this.#host.turnWillEnd();
  }

  /** `tracking-table-max-keys` may be less now. */
  limitChanged(): void {
    if (this.#isOver) this.#host.turnWillEnd();
  }

  // ── what changes ──────────────────────────────────────────────────────────────────────────────────────────────────

  touched(_db: Database, bytes: Uint8Array, offset: number, length: number, byCommand: boolean): void {
    if (this.#prefixes.size > 0) {
      const author = byCommand ? this.#host.dispatcher.running : undefined;
      if (this.#prefixes.gather(bytes, offset, length, author)) this.#host.turnWillEnd();
    }
    const readers = this.#readKeys.take(bytes, offset, length);
    if (readers !== undefined) this.#invalidate(bytes, offset, length, readers, this.#host.dispatcher.running);
  }

  /** Of a flush everybody is told, whatever he has read and of whatever database. */
  replaced(_db: Database | undefined, emptied: boolean): void {
    // SWAPDB: databases are not told apart.
    if (!emptied) return;
    this.#readKeys.clear();
    for (const tracker of this.#trackers.values()) {
      this.#tell(tracker, this.#invalidation.ofAll(tracker.receiver.session.protocol));
    }
    this.#invalidation.end();
  }

  /** Sends the broadcasts, and forgets keys that are too many; true when there is more to do in the next turn. */
  endTurn(): boolean {
    this.#prefixes.broadcast((trackers, names) => {
      const invalidation = this.#invalidation.ofKeys(names);
      for (const tracker of trackers) this.#tell(tracker, invalidation);
      invalidation.end();
    });
    if (this.#isOver) this.#forgetSome(FORGOTTEN);
    return this.#isOver;
  }

  /** @param author whose command it is; clients that track with NOLOOP are not told of their own */
  #invalidate(bytes: Uint8Array, offset: number, length: number, readers: Readers, author: Session | undefined): void {
    const invalidation = this.#invalidation.ofKey(bytes, offset, length);
    if (typeof readers === 'number') this.#tellReader(readers, invalidation, author);
    else for (const reader of readers) this.#tellReader(reader, invalidation, author);
    invalidation.end();
  }

  #tellReader(id: number, invalidation: Invalidation, author: Session | undefined): void {
    const tracker = this.#trackers.get(id);
    if (tracker === undefined || tracker.isBroadcast) return;
    if (!tracker.noLoop || tracker.receiver.session !== author) this.#tell(tracker, invalidation);
  }

  #tell(tracker: Tracker, invalidation: Invalidation): void {
    const { redirection, receiver } = tracker;
    if (redirection === 0) {
      if (receiver.session.protocol === 3) receiver.push(invalidation.frame(3));
      return;
    }
    const other = this.#host.clients.get(redirection);
    if (other === undefined) {
      tracker.isBroken = true;
      if (receiver.session.protocol === 3) receiver.push(new RedirectionBroken(redirection).begin(3));
    } else if (other.session.protocol === 3) {
      other.push(invalidation.frame(3));
    } else if (other.session.subscriptions !== undefined) {
      other.push(invalidation.frame(2));
    }
  }
}
