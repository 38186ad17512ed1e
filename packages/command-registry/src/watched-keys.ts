/**
 * WATCH: which sessions are to be told, at their EXEC, that a key of theirs has changed.
 *
 * A change marks the session (`Session.watchedKeyChanged`), whoever made it, and that is all until EXEC asks. What counts as a change is what the keyspace
 * reports: a write, an expiry, an eviction, and another content of the whole database. A key that was missing and
 * still is has not changed, whatever was done to its database: so a key whose time had come before WATCH may be removed
 * afterwards. A key that expires after WATCH and is only hidden so far is found by `isOutdated`.
 */
import type { Database, Keyspace, KeyWaiters } from '@clone/core-store';
import { KeyIndex } from './key-index.js';
import type { KeyObservers } from './key-observers.js';
import type { Session } from './session.js';

interface WatchedKey {
  readonly db: number;
  readonly bytes: Uint8Array;
  /** Who watches it, and whether it was there when they began to. */
  readonly sessions: Map<Session, boolean>;
}

export class WatchedKeys implements KeyWaiters {
  readonly #keyspace: Keyspace;
  readonly #observers: KeyObservers;
  readonly #keys: KeyIndex<WatchedKey>;
  readonly #bySession = new Map<Session, Set<WatchedKey>>();

  constructor(keyspace: Keyspace, observers: KeyObservers) {
    this.#keyspace = keyspace;
    this.#observers = observers;
    this.#keys = new KeyIndex(keyspace);
  }

  /** Sessions that watch something. */
  get sessions(): number {
    return this.#bySession.size;
  }

  /** Keys that are watched, each counted once. */
  get keys(): number {
    return this.#keys.size;
  }

  /** How many keys this session watches. */
  countOf(session: Session): number {
    return this.#bySession.get(session)?.size ?? 0;
  }

  /** Watches a key of a database; the bytes are copied. */
  watch(session: Session, db: Database, bytes: Uint8Array, offset: number, length: number): void {
    let key = this.#keys.get(db.index, bytes, offset, length);
    if (key === undefined) {
      key = { db: db.index, bytes: bytes.slice(offset, offset + length), sessions: new Map() };
      this.#keys.add(db.index, bytes, offset, length, key);
    }
    if (key.sessions.has(session)) return;
    key.sessions.set(session, db.peek(bytes, offset, length) !== 0);
    const mine = this.#bySession.get(session);
    if (mine === undefined) this.#bySession.set(session, new Set([key]));
    else mine.add(key);
    this.#observers.add(this);
  }

  /** Watches nothing any more, and forgets what has changed: UNWATCH, EXEC, DISCARD, the end of the session. */
  unwatch(session: Session): void {
    const mine = this.#bySession.get(session);
    if (mine === undefined) return;
    this.#bySession.delete(session);
    session.watchedKeyChanged = false;
    for (const key of mine) {
      key.sessions.delete(session);
      if (key.sessions.size === 0) this.#keys.remove(key.db, key.bytes, 0, key.bytes.length);
    }
    if (this.#keys.size === 0) this.#observers.remove(this);
  }

  /** Whether a key of this session has changed, or is past its time, since it was watched. */
  isOutdated(session: Session): boolean {
    const mine = this.#bySession.get(session);
    if (mine === undefined) return false;
    if (session.watchedKeyChanged) return true;
    for (const key of mine) {
      if (key.sessions.get(session) === true && !this.#exists(key)) return true;
    }
    return false;
  }

  #exists(key: WatchedKey): boolean {
    return this.#keyspace.databases[key.db]!.peek(key.bytes, 0, key.bytes.length) !== 0;
  }

  touched(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const key = this.#keys.get(db.index, bytes, offset, length);
    if (key !== undefined) this.#touch(key);
  }

  replaced(db: Database | undefined): void {
    for (const key of this.#keys.values()) if (db === undefined || key.db === db.index) this.#touch(key);
  }

  #touch(key: WatchedKey): void {
    const exists = this.#exists(key);
    for (const [session, existed] of key.sessions) if (existed || exists) session.watchedKeyChanged = true;
  }
}
