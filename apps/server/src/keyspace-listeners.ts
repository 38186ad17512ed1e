/**
 * Who hears of every event of the keyspace: the log, and keyspace notifications.
 *
 * The keyspace has one door for this (`Keyspace.listener`), and a write costs a call only while it is open. With one listener the
 * door leads straight to it; with several, here.
 */
import type { Database, Keyspace, KeyspaceListener } from '@clone/core-store';

export class KeyspaceListeners implements KeyspaceListener {
  readonly #keyspace: Keyspace;
  /** Replaced, not changed: a listener may go while others are still to be told (its client is closed by what it is sent). */
  #listeners: readonly KeyspaceListener[] = [];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** From now on `listener` hears of events; nothing happens when it does already. */
  add(listener: KeyspaceListener): void {
    if (!this.#listeners.includes(listener)) this.#use([...this.#listeners, listener]);
  }

  remove(listener: KeyspaceListener): void {
    if (this.#listeners.includes(listener)) this.#use(this.#listeners.filter((each) => each !== listener));
  }

  #use(listeners: readonly KeyspaceListener[]): void {
    this.#listeners = listeners;
    this.#keyspace.listener = listeners.length > 1 ? this : listeners[0];
  }

  event(db: Database, bytes: Uint8Array, offset: number, length: number, eventClass: number, event: string): void {
    for (const each of this.#listeners) each.event(db, bytes, offset, length, eventClass, event);
  }

  removed(db: Database, bytes: Uint8Array, offset: number, length: number, reason: 'expired' | 'evicted'): void {
    for (const each of this.#listeners) each.removed(db, bytes, offset, length, reason);
  }

  fieldExpired(
    db: Database,
    key: Uint8Array,
    keyOffset: number,
    keyLength: number,
    field: Uint8Array,
    fieldOffset: number,
    fieldLength: number,
  ): void {
    for (const each of this.#listeners) {
      each.fieldExpired(db, key, keyOffset, keyLength, field, fieldOffset, fieldLength);
    }
  }

  flushed(db: Database | undefined): void {
    for (const each of this.#listeners) each.flushed(db);
  }
}
