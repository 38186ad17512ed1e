/**
 * WATCH: which sessions are to be told, at their EXEC, that a key of theirs has changed.
 *
 * A change marks the session (`Session.watchedKeyChanged`), whoever made it, and that is all until EXEC asks. What counts as a change is what the keyspace
 * reports: a write, an expiry, an eviction, and another content of the whole database. A key that was missing and
 * still is has not changed, whatever was done to its database: so a key whose time had come before WATCH may be removed
 * afterwards. A key that expires after WATCH and is only hidden so far is found by `isOutdated`.
 */
import type { Database, Keyspace, KeyWaiters } from '@clone/core-store';
import { type KeyHolder, KeyLinks } from './key-links.js';
import type { KeyObservers } from './key-observers.js';
import type { Session } from './session.js';

/** A session that watches something. The note of a link says whether the key was there when it began to. */
class Watcher implements KeyHolder {
  readonly session: Session;
  bytes = new Uint8Array(256);
  place = -1;
  firstLink = 0;
  linkCount = 0;
  #length = 0;

  constructor(session: Session) {
    this.session = session;
  }

  /** Appends the bytes of a key; returns where they begin. */
  keep(bytes: Uint8Array, offset: number, length: number): number {
    const at = this.#length;
    this.#length += length;
    if (this.#length > this.bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
    }
    this.bytes.set(bytes.subarray(offset, offset + length), at);
    return at;
  }
}

export class WatchedKeys implements KeyWaiters {
  readonly #keyspace: Keyspace;
  readonly #observers: KeyObservers;
  readonly #keys: KeyLinks<Watcher>;
  readonly #bySession = new Map<Session, Watcher>();

  constructor(keyspace: Keyspace, observers: KeyObservers) {
    this.#keyspace = keyspace;
    this.#observers = observers;
    this.#keys = new KeyLinks(keyspace);
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
    return this.#bySession.get(session)?.linkCount ?? 0;
  }

  /** Watches a key of a database; the bytes are copied. */
  watch(session: Session, db: Database, bytes: Uint8Array, offset: number, length: number): void {
    let watcher = this.#bySession.get(session);
    if (watcher === undefined) {
      watcher = new Watcher(session);
      this.#bySession.set(session, watcher);
      this.#observers.add(this);
    } else if (this.#keys.has(watcher, this.#keys.find(db.index, bytes, offset, length))) {
      return;
    }
    const link = this.#keys.add(watcher, db.index, watcher.keep(bytes, offset, length), length);
    const h = db.peekAny(bytes, offset, length);
    if (h !== 0 && !db.isDue(h)) this.#keys.setLinkNote(link, 1);
  }

  /** Watches nothing any more, and forgets what has changed: UNWATCH, EXEC, DISCARD, the end of the session. */
  unwatch(session: Session): void {
    const watcher = this.#bySession.get(session);
    if (watcher === undefined) return;
    this.#bySession.delete(session);
    session.watchedKeyChanged = false;
    this.#keys.remove(watcher);
    if (this.#keys.size === 0) this.#observers.remove(this);
  }

  /** Whether a key of this session has changed, or is past its time, since it was watched. */
  isOutdated(session: Session): boolean {
    const watcher = this.#bySession.get(session);
    if (watcher === undefined) return false;
    if (session.watchedKeyChanged) return true;
    const keys = this.#keys;
    for (let link = watcher.firstLink; link !== 0; link = keys.nextOfHolder(link)) {
      if (keys.linkNote(link) === 1 && !this.#exists(link)) return true;
    }
    return false;
  }

  #exists(link: number): boolean {
    const keys = this.#keys;
    const db = this.#keyspace.databases[keys.dbOf(keys.keyOf(link))]!;
    return db.peek(keys.holderOf(link).bytes, keys.offsetOf(link), keys.lengthOf(link)) !== 0;
  }

  touched(db: Database, bytes: Uint8Array, offset: number, length: number): void {
    const key = this.#keys.find(db.index, bytes, offset, length);
    if (key !== 0) this.#touch(key, db.peek(bytes, offset, length) !== 0);
  }

  replaced(db: Database | undefined): void {
    this.#keys.forEachKey(db?.index, (key) => this.#touch(key, this.#exists(this.#keys.firstLinkOf(key))));
  }

  #touch(key: number, exists: boolean): void {
    this.#keys.forEachLink(key, (link) => {
      if (exists || this.#keys.linkNote(link) === 1) this.#keys.holderOf(link).session.watchedKeyChanged = true;
      return true;
    });
  }
}
