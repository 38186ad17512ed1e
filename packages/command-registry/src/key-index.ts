/**
 * Keys that somebody watches, found by their bytes: those that clients have in their caches. (For keys with many holders that come and go:
 * `KeyLinks`.)
 *
 * Every change of any key asks, and nearly always the answer is "nobody". So a look-up makes no string and no object: it takes the
 * hash, which the request's key has had computed already, and where the chain of that hash is empty that is all.
 *
 * Nothing is done for all keys in one go, though there may be a million. The number of chains is fixed: they just become longer. And entries stand
 * in pages, without holes, so that nothing that is there is copied when more come (one array that grew to 900,000 keys stopped the process for
 * 200 ms). A key with a short name takes some 65 bytes. Each can be named by a number, which is how a random one is had.
 */
import { Buffer } from 'node:buffer';
import type { Keyspace } from '@clone/core-store';

const NO_CHAINS = new Int32Array(0);

const PAGE_BITS = 9;
const PAGE = 1 << PAGE_BITS;
const IN_PAGE = PAGE - 1;
/** Numbers of an entry: the next one of its chain, as a position plus 1 or 0; its hash; its database. They are looked at together. */
const NUMBERS = 3;

interface Page<T> {
  readonly numbers: Int32Array;
  /** One character per byte. */
  readonly names: string[];
  readonly values: T[];
}

/**
 * A map from keys of a keyspace (number of the database, bytes) to values of any kind. Bytes are copied when a key is added; a
 * lookup makes no string and no object.
 */
export class KeyIndex<T> {
  readonly #keyspace: Keyspace;
  readonly #chains: number;
  /** By the low bits of the hash: the first entry of the chain, as a position plus 1 or 0. Made for the first key. */
  #heads = NO_CHAINS;
  #pages: Page<T>[] = [];
  #size = 0;

  /** @param chains a power of two, about as many as keys are expected */
  constructor(keyspace: Keyspace, chains = 16384) {
    this.#keyspace = keyspace;
    this.#chains = chains;
  }

  get size(): number {
    return this.#size;
  }

  /** The position of a key, which counts until the next key is added or removed; -1: it is not there. */
  find(db: number, bytes: Uint8Array, offset: number, length: number): number {
    if (this.#size === 0) return -1;
    const hash = this.#hash(bytes, offset, length);
    let link = this.#heads[hash & (this.#chains - 1)]!;
    while (link !== 0) {
      const at = link - 1;
      const { numbers, names } = this.#page(at);
      const i = at & IN_PAGE;
      if (
        numbers[NUMBERS * i + 1] === hash &&
        numbers[NUMBERS * i + 2] === db &&
        isName(names[i]!, bytes, offset, length)
      ) {
        return at;
      }
      link = numbers[NUMBERS * i]!;
    }
    return -1;
  }

  get(db: number, bytes: Uint8Array, offset: number, length: number): T | undefined {
    const at = this.find(db, bytes, offset, length);
    return at < 0 ? undefined : this.valueAt(at);
  }

  /** The bytes of a key, one character each. @param at below `size` */
  nameAt(at: number): string {
    return this.#page(at).names[at & IN_PAGE]!;
  }

  /** @param at below `size` */
  valueAt(at: number): T {
    return this.#page(at).values[at & IN_PAGE]!;
  }

  replaceAt(at: number, value: T): void {
    this.#page(at).values[at & IN_PAGE] = value;
  }

  /** All of them. No key may be added or removed meanwhile. */
  *values(): IterableIterator<T> {
    for (let at = 0; at < this.#size; at++) yield this.valueAt(at);
  }

  /** The key must not be there. */
  add(db: number, bytes: Uint8Array, offset: number, length: number, value: T): void {
    if (this.#heads.length === 0) this.#heads = new Int32Array(this.#chains);
    const at = this.#size++;
    if (at >> PAGE_BITS === this.#pages.length) {
      this.#pages.push({ numbers: new Int32Array(NUMBERS * PAGE), names: [], values: [] });
    }
    const { numbers, names, values } = this.#page(at);
    const hash = this.#hash(bytes, offset, length);
    const chain = hash & (this.#chains - 1);
    const i = at & IN_PAGE;
    numbers[NUMBERS * i] = this.#heads[chain]!;
    numbers[NUMBERS * i + 1] = hash;
    numbers[NUMBERS * i + 2] = db;
    names.push(nameOf(bytes, offset, length));
    values.push(value);
    this.#heads[chain] = at + 1;
  }

  /** The last entry takes the place of the one that goes. */
  removeAt(at: number): void {
    this.#relink(at, this.#number(at, 0));
    const last = this.#size - 1;
    const from = this.#page(last);
    const name = from.names.pop()!;
    const value = from.values.pop()!;
    if (at !== last) {
      this.#relink(last, at + 1);
      const to = this.#page(at);
      const i = at & IN_PAGE;
      for (let k = 0; k < NUMBERS; k++) to.numbers[NUMBERS * i + k] = this.#number(last, k);
      to.names[i] = name;
      to.values[i] = value;
    }
    this.#size = last;
    // One empty page is kept: keys may come and go at its edge.
    if (this.#pages.length > (last >> PAGE_BITS) + 2) this.#pages.pop();
  }

  /** Nothing happens when the key is not there. */
  remove(db: number, bytes: Uint8Array, offset: number, length: number): void {
    const at = this.find(db, bytes, offset, length);
    if (at >= 0) this.removeAt(at);
  }

  clear(): void {
    this.#heads = NO_CHAINS;
    this.#pages = [];
    this.#size = 0;
  }

  /** Whatever leads to this entry leads to `link` now. */
  #relink(at: number, link: number): void {
    const chain = this.#number(at, 1) & (this.#chains - 1);
    let each = this.#heads[chain]!;
    if (each === at + 1) {
      this.#heads[chain] = link;
      return;
    }
    while (this.#number(each - 1, 0) !== at + 1) each = this.#number(each - 1, 0);
    this.#page(each - 1).numbers[NUMBERS * ((each - 1) & IN_PAGE)] = link;
  }

  #page(at: number): Page<T> {
    return this.#pages[at >> PAGE_BITS]!;
  }

  #number(at: number, k: number): number {
    return this.#page(at).numbers[NUMBERS * (at & IN_PAGE) + k]!;
  }

  #hash(bytes: Uint8Array, offset: number, length: number): number {
    return this.#keyspace.prefetch.hash(bytes, offset, length);
  }
}

function isName(name: string, bytes: Uint8Array, offset: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) !== bytes[offset + i]) return false;
  return true;
}

/** Not character by character, which V8 would keep as a tree. */
function nameOf(bytes: Uint8Array, offset: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('latin1');
}
