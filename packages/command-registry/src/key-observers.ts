/**
 * Who hears of every key that changed: clients that wait, watched keys, client-side caches.
 *
 * The keyspace has one door for this (`Keyspace.waiters`), and a change costs a call only while it is open. With one
 * observer the door leads straight to it; with several, here.
 */
import type { Database, Keyspace, KeyWaiters } from '@clone/core-store';

/**
 * Passes each change of a key on to several `KeyWaiters`. A keyspace has one, in `Keyspace.waiters`, while anyone observes.
 */
export class KeyObservers implements KeyWaiters {
  readonly #keyspace: Keyspace;
  /** Replaced and never changed: an observer may leave while all are told. */
  #observers: readonly KeyWaiters[] = [];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** From now on `observer` hears of changes; nothing happens when it does already. */
  add(observer: KeyWaiters): void {
    if (this.#observers.includes(observer)) return;
    this.#observers = [...this.#observers, observer];
    this.#open();
  }

  remove(observer: KeyWaiters): void {
    this.#observers = this.#observers.filter((each) => each !== observer);
    this.#open();
  }

  #open(): void {
    this.#keyspace.waiters = this.#observers.length > 1 ? this : this.#observers[0];
  }

  touched(db: Database, bytes: Uint8Array, offset: number, length: number, byCommand: boolean): void {
    for (const observer of this.#observers) observer.touched(db, bytes, offset, length, byCommand);
  }

  replaced(db: Database | undefined, emptied: boolean): void {
    for (const observer of this.#observers) observer.replaced(db, emptied);
  }
}
