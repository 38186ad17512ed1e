/**
 * Keyspace notifications: events of the keyspace, published as messages.
 *
 * An event has up to two messages: of the channel of its key, `__keyspace@<db>__:<key>`, the event; and then of the channel of the
 * event, `__keyevent@<db>__:<event>`, the key. `notify-keyspace-events` says which of them, and for which classes of events.
 *
 * This listens to the keyspace only while something is chosen and somebody listens to anything: else a write costs nothing.
 */
import { type Database, EventClass, type Keyspace, type KeyspaceListener } from '@clone/core-store';
import { ReplyWriter } from '@clone/resp-codec';
import type { KeyspaceListeners } from '../keyspace-listeners.js';
import { latin1 } from '../latin1.js';
import type { PubSub } from './pub-sub.js';

// Bits of `notify-keyspace-events` beside those of `EventClass`: which channels.
const KEYSPACE = 1;
const KEYEVENT = 2;

export class KeyspaceNotifications implements KeyspaceListener {
  readonly #keyspace: Keyspace;
  readonly #listeners: KeyspaceListeners;
  readonly #pubsub: PubSub;
  /** Channel and message, as `Body` has them; used again, because whoever is sent a message copies it. */
  readonly #writer = new ReplyWriter(256);
  #chosen = 0;

  constructor(keyspace: Keyspace, listeners: KeyspaceListeners, pubsub: PubSub) {
    this.#keyspace = keyspace;
    this.#listeners = listeners;
    this.#pubsub = pubsub;
    pubsub.onAudience = () => this.#listen();
  }

  /** What `notify-keyspace-events` says, as bits. */
  choose(bits: number): void {
    this.#chosen = bits;
    this.#listen();
  }

  #listen(): void {
    const chosen = (this.#chosen & (KEYSPACE | KEYEVENT)) !== 0 && this.#pubsub.hasListeners ? this.#chosen : 0;
    this.#keyspace.tellsMisses = (chosen & EventClass.keymiss) !== 0;
    this.#keyspace.tellsNewKeys = (chosen & EventClass.newkey) !== 0;
    if ((chosen & ~(KEYSPACE | KEYEVENT)) !== 0) this.#listeners.add(this);
    else this.#listeners.remove(this);
  }

  event(db: Database, bytes: Uint8Array, offset: number, length: number, eventClass: number, event: string): void {
    const chosen = this.#chosen;
    if ((chosen & eventClass) === 0) return;
    const writer = this.#writer;
    if ((chosen & KEYSPACE) !== 0) {
      const channel = `__keyspace@${db.index}__:${latin1(bytes, offset, length)}`;
      if (this.#begin(channel)) {
        writer.bulkLatin1(event);
        this.#publish(channel);
      }
    }
    if ((chosen & KEYEVENT) !== 0) {
      const channel = `__keyevent@${db.index}__:${event}`;
      if (this.#begin(channel)) {
        writer.bulk(bytes, offset, length);
        this.#publish(channel);
      }
    }
  }

  /** False: nobody would get the message. */
  #begin(channel: string): boolean {
    if (!this.#pubsub.mayReach(channel)) return false;
    this.#writer.reset();
    this.#writer.bulkLatin1(channel);
    return true;
  }

  #publish(channel: string): void {
    const { buffer, length } = this.#writer;
    this.#pubsub.publish({ channel, bytes: buffer, offset: 0, length });
  }

  removed(db: Database, bytes: Uint8Array, offset: number, length: number, reason: 'expired' | 'evicted'): void {
    this.event(db, bytes, offset, length, EventClass[reason], reason);
  }

  fieldExpired(): void {
    // The event of the hash follows.
  }

  flushed(): void {
    // Redis tells nobody, either.
  }
}
