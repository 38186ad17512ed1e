/**
 * Who looks at which keys: clients that wait for them, sessions that watch them. A holder may have 200,000 keys and a key 10,000
 * holders; making and removing a link takes constant time, and no object.
 *
 * Keys and links are records of integers (`Slots`). The links of a key form a list in the order in which they were made, those of a
 * holder another one. The bytes of a key are kept by its holders: a key is compared with those of its first link.
 *
 * Every change of any key asks, and nearly always the answer is "nobody": a look-up takes the hash, which the request's key has had
 * computed already, and an empty chain ends it. The table of chains grows and shrinks by one chain at a time (linear hashing), so that no
 * single call does it all.
 */
import type { Keyspace } from '@clone/core-store';
import { Slots } from './slots.js';

/** Whoever looks at keys. The fields belong to `KeyLinks`, but for `bytes`. */
export interface KeyHolder {
  /** Holds the bytes of its keys. May be replaced by a larger array that begins with the same bytes. */
  bytes: Uint8Array;
  /** Its place among all holders; -1 while it has no key. */
  place: number;
  firstLink: number;
  linkCount: number;
}

// Fields of a key.
const NEXT_IN_CHAIN = 0;
const HASH = 1;
const DB = 2;
const FIRST = 3;
const LAST = 4;
const LINK_COUNT = 5;
/** For the owner of the table: two integers for each key, 0 at first. */
const KEY_NOTE = 6;

// Fields of a link.
const PREVIOUS = 0;
const NEXT = 1;
const KEY = 2;
const HOLDER = 3;
const OFFSET = 4;
const LENGTH = 5;
const NEXT_OF_HOLDER = 6;
/** For the owner of the table: an integer for each link. */
const LINK_NOTE = 7;

const LEAST_CHAINS = 64;

export class KeyLinks<H extends KeyHolder> {
  readonly #keyspace: Keyspace;
  readonly #keys = new Slots();
  readonly #links = new Slots();
  /** First key of each chain. Chains beyond `#half` are the split halves of those from 0 on. */
  readonly #chains: number[] = [];
  /** A power of two: there are at least so many chains, and fewer than twice as many. */
  #half = LEAST_CHAINS;
  #size = 0;
  readonly #holders: (H | undefined)[] = [];
  readonly #freePlaces: number[] = [];
  /** See `forEachHolder`. */
  #cursor = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** Different keys. */
  get size(): number {
    return this.#size;
  }

  /** The number of a key, which it has as long as it has a link; 0: nobody looks at it. */
  find(db: number, bytes: Uint8Array, offset: number, length: number): number {
    if (this.#size === 0) return 0;
    return this.#find(this.#hash(bytes, offset, length), db, bytes, offset, length);
  }

  #find(hash: number, db: number, bytes: Uint8Array, offset: number, length: number): number {
    const keys = this.#keys;
    let key = this.#chains[this.#chainOf(hash)] ?? 0;
    while (key !== 0) {
      if (keys.get(key, HASH) === hash && keys.get(key, DB) === db && this.#isKey(key, bytes, offset, length))
        return key;
      key = keys.get(key, NEXT_IN_CHAIN);
    }
    return 0;
  }

  #isKey(key: number, bytes: Uint8Array, offset: number, length: number): boolean {
    const link = this.#keys.get(key, FIRST);
    if (this.#links.get(link, LENGTH) !== length) return false;
    const own = this.holderOf(link).bytes;
    const from = this.#links.get(link, OFFSET);
    for (let i = 0; i < length; i++) if (own[from + i] !== bytes[offset + i]) return false;
    return true;
  }

  /** Whether the holder has a link to this key. Takes time by the shorter of both lists. */
  has(holder: H, key: number): boolean {
    if (key === 0 || holder.linkCount === 0) return false;
    if (this.holderOf(this.#keys.get(key, LAST)) === holder) return true;
    if (holder.linkCount < this.#keys.get(key, LINK_COUNT)) {
      for (let link = holder.firstLink; link !== 0; link = this.nextOfHolder(link))
        if (this.keyOf(link) === key) return true;
      return false;
    }
    for (let link = this.#keys.get(key, FIRST); link !== 0; link = this.#links.get(link, NEXT)) {
      if (this.holderOf(link) === holder) return true;
    }
    return false;
  }

  /** Links the holder to a key whose name is in its `bytes`. Nothing happens when it has it already: 0. Else the link. */
  add(holder: H, db: number, offset: number, length: number): number {
    const hash = this.#hash(holder.bytes, offset, length);
    let key = this.#size === 0 ? 0 : this.#find(hash, db, holder.bytes, offset, length);
    if (this.has(holder, key)) return 0;
    if (holder.place < 0) this.#admit(holder);
    const links = this.#links;
    const link = links.take();
    if (key === 0) key = this.#newKey(hash, db, link);
    const last = this.#keys.get(key, LAST);
    links.set(link, PREVIOUS, last);
    links.set(link, NEXT, 0);
    links.set(link, KEY, key);
    links.set(link, HOLDER, holder.place);
    links.set(link, OFFSET, offset);
    links.set(link, LENGTH, length);
    links.set(link, NEXT_OF_HOLDER, holder.firstLink);
    links.set(link, LINK_NOTE, 0);
    if (last !== 0) links.set(last, NEXT, link);
    this.#keys.set(key, LAST, link);
    this.#keys.set(key, LINK_COUNT, this.#keys.get(key, LINK_COUNT) + 1);
    holder.firstLink = link;
    holder.linkCount++;
    return link;
  }

  #admit(holder: H): void {
    holder.place = this.#freePlaces.pop() ?? this.#holders.length;
    this.#holders[holder.place] = holder;
  }

  #newKey(hash: number, db: number, first: number): number {
    const keys = this.#keys;
    const key = keys.take();
    keys.set(key, HASH, hash);
    keys.set(key, DB, db);
    keys.set(key, FIRST, first);
    keys.set(key, LAST, 0);
    keys.set(key, LINK_COUNT, 0);
    keys.set(key, KEY_NOTE, 0);
    keys.set(key, KEY_NOTE + 1, 0);
    if (this.#chains.length === 0) for (let i = 0; i < LEAST_CHAINS; i++) this.#chains.push(0);
    const chain = this.#chainOf(hash);
    keys.set(key, NEXT_IN_CHAIN, this.#chains[chain]!);
    this.#chains[chain] = key;
    if (++this.#size > this.#chains.length) this.#split();
    return key;
  }

  /** Removes all links of a holder. */
  remove(holder: H): void {
    for (let link = holder.firstLink; link !== 0;) {
      const next = this.nextOfHolder(link);
      this.#unlink(link);
      link = next;
    }
    if (holder.place >= 0) {
      this.#holders[holder.place] = undefined;
      this.#freePlaces.push(holder.place);
    }
    holder.place = -1;
    holder.firstLink = 0;
    holder.linkCount = 0;
  }

  #unlink(link: number): void {
    const links = this.#links;
    const keys = this.#keys;
    const key = links.get(link, KEY);
    const previous = links.get(link, PREVIOUS);
    const next = links.get(link, NEXT);
    if (link === this.#cursor) this.#cursor = next;
    links.giveBack(link);
    if (previous === 0 && next === 0) {
      this.#removeKey(key);
      return;
    }
    if (previous === 0) keys.set(key, FIRST, next);
    else links.set(previous, NEXT, next);
    if (next === 0) keys.set(key, LAST, previous);
    else links.set(next, PREVIOUS, previous);
    keys.set(key, LINK_COUNT, keys.get(key, LINK_COUNT) - 1);
  }

  #removeKey(key: number): void {
    const keys = this.#keys;
    const chain = this.#chainOf(keys.get(key, HASH));
    const next = keys.get(key, NEXT_IN_CHAIN);
    let before = this.#chains[chain]!;
    if (before === key) this.#chains[chain] = next;
    else {
      while (keys.get(before, NEXT_IN_CHAIN) !== key) before = keys.get(before, NEXT_IN_CHAIN);
      keys.set(before, NEXT_IN_CHAIN, next);
    }
    // Somebody may have kept the number, and look at its notes.
    keys.set(key, KEY_NOTE, 0);
    keys.set(key, KEY_NOTE + 1, 0);
    keys.giveBack(key);
    if (--this.#size < this.#chains.length >> 2 && this.#chains.length > LEAST_CHAINS) this.#merge();
  }

  // ── what is linked ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Calls back with each key of a database, or of all. No link may be made or removed meanwhile. */
  forEachKey(db: number | undefined, each: (key: number) => void): void {
    for (let key of this.#chains) {
      for (; key !== 0; key = this.#keys.get(key, NEXT_IN_CHAIN)) {
        if (db === undefined || this.#keys.get(key, DB) === db) each(key);
      }
    }
  }

  /**
   * Calls back with each link of a key, in the order in which they were made, until it returns false. Links may be removed meanwhile.
   * Not to be nested.
   */
  forEachLink(key: number, each: (link: number) => boolean): void {
    let link = this.#keys.get(key, FIRST);
    while (link !== 0) {
      this.#cursor = this.#links.get(link, NEXT);
      if (!each(link)) break;
      link = this.#cursor;
    }
    this.#cursor = 0;
  }

  /** The link of a key that was made first. */
  firstLinkOf(key: number): number {
    return this.#keys.get(key, FIRST);
  }

  holderOf(link: number): H {
    return this.#holders[this.#links.get(link, HOLDER)]!;
  }

  keyOf(link: number): number {
    return this.#links.get(link, KEY);
  }

  dbOf(key: number): number {
    return this.#keys.get(key, DB);
  }

  /** Where the bytes of the key begin in those of the link's holder. */
  offsetOf(link: number): number {
    return this.#links.get(link, OFFSET);
  }

  lengthOf(link: number): number {
    return this.#links.get(link, LENGTH);
  }

  /** The next link of the same holder; 0: none. The first one is `KeyHolder.firstLink`. */
  nextOfHolder(link: number): number {
    return this.#links.get(link, NEXT_OF_HOLDER);
  }

  /** @param which 0 or 1 */
  keyNote(key: number, which: number): number {
    return this.#keys.get(key, KEY_NOTE + which);
  }

  setKeyNote(key: number, which: number, value: number): void {
    this.#keys.set(key, KEY_NOTE + which, value);
  }

  linkNote(link: number): number {
    return this.#links.get(link, LINK_NOTE);
  }

  setLinkNote(link: number, value: number): void {
    this.#links.set(link, LINK_NOTE, value);
  }

  // ── chains ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #chainOf(hash: number): number {
    const wide = hash & (2 * this.#half - 1);
    return wide < this.#chains.length ? wide : wide & (this.#half - 1);
  }

  /** One chain becomes two. */
  #split(): void {
    const keys = this.#keys;
    const added = this.#chains.length;
    const source = added - this.#half;
    let key = this.#chains[source]!;
    let stays = 0;
    let moves = 0;
    while (key !== 0) {
      const next = keys.get(key, NEXT_IN_CHAIN);
      if ((keys.get(key, HASH) & (2 * this.#half - 1)) === added) {
        keys.set(key, NEXT_IN_CHAIN, moves);
        moves = key;
      } else {
        keys.set(key, NEXT_IN_CHAIN, stays);
        stays = key;
      }
      key = next;
    }
    this.#chains[source] = stays;
    this.#chains.push(moves);
    if (this.#chains.length === 2 * this.#half) this.#half *= 2;
  }

  /** The last chain is appended to the one that it was split from. */
  #merge(): void {
    if (this.#chains.length === this.#half) this.#half /= 2;
    let key = this.#chains.pop()!;
    const target = this.#chains.length - this.#half;
    while (key !== 0) {
      const next = this.#keys.get(key, NEXT_IN_CHAIN);
      this.#keys.set(key, NEXT_IN_CHAIN, this.#chains[target]!);
      this.#chains[target] = key;
      key = next;
    }
  }

  #hash(bytes: Uint8Array, offset: number, length: number): number {
    return this.#keyspace.prefetch.hash(bytes, offset, length);
  }
}
