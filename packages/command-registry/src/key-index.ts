/**
 * Keys that somebody cares for, found by their bytes: those that clients wait for, that are watched, that clients have in their caches.
 *
 * Every change of any key asks, and nearly always the answer is "nobody". So a look-up makes no string and no object: it takes the
 * hash, which the request's key has had computed already, and where the chain of that hash is empty that is all.
 *
 * The number of chains is fixed: nothing is ever rehashed in one go, chains just become longer. Entries stand in columns without
 * holes, some 80 bytes each with a short name; so any of them can be named by a number, and a random one is had at once.
 */
import type { Keyspace } from '@clone/core-store';

const NO_CHAINS = new Int32Array(0);
/** Characters that are made of bytes in one call. */
const PIECE = 4096;

export class KeyIndex<T> {
  readonly #keyspace: Keyspace;
  readonly #chains: number;
  /** By the low bits of the hash: the position of the chain's first entry plus 1, or 0. Made for the first key. */
  #heads = NO_CHAINS;
  /** Of each entry: the next one of its chain, likewise. */
  #nexts: number[] = [];
  #hashes: number[] = [];
  #dbs: number[] = [];
  /** One character per byte. */
  #names: string[] = [];
  #values: T[] = [];

  /** @param chains a power of two, about as many as keys are expected */
  constructor(keyspace: Keyspace, chains = 16384) {
    this.#keyspace = keyspace;
    this.#chains = chains;
  }

  get size(): number {
    return this.#values.length;
  }

  /** By position; not to be changed. */
  get values(): readonly T[] {
    return this.#values;
  }

  /** The position of a key, which counts until the next key is added or removed; -1: it is not there. */
  find(db: number, bytes: Uint8Array, offset: number, length: number): number {
    if (this.#values.length === 0) return -1;
    const hash = this.#hash(bytes, offset, length);
    for (let link = this.#heads[hash & (this.#chains - 1)]!; link !== 0; link = this.#nexts[link - 1]!) {
      const at = link - 1;
      if (this.#hashes[at] === hash && this.#dbs[at] === db && isName(this.#names[at]!, bytes, offset, length)) {
        return at;
      }
    }
    return -1;
  }

  get(db: number, bytes: Uint8Array, offset: number, length: number): T | undefined {
    const at = this.find(db, bytes, offset, length);
    return at < 0 ? undefined : this.#values[at];
  }

  /** The bytes of a key, one character each. */
  nameAt(at: number): string {
    return this.#names[at]!;
  }

  replaceAt(at: number, value: T): void {
    this.#values[at] = value;
  }

  /** The key must not be there. */
  add(db: number, bytes: Uint8Array, offset: number, length: number, value: T): void {
    if (this.#heads.length === 0) this.#heads = new Int32Array(this.#chains);
    const hash = this.#hash(bytes, offset, length);
    const chain = hash & (this.#chains - 1);
    this.#nexts.push(this.#heads[chain]!);
    this.#hashes.push(hash);
    this.#dbs.push(db);
    this.#names.push(nameOf(bytes, offset, length));
    this.#heads[chain] = this.#values.push(value);
  }

  /** The last entry takes the place of the one that goes. */
  removeAt(at: number): void {
    this.#relink(at, this.#nexts[at]!);
    const last = this.#values.length - 1;
    if (at !== last) {
      this.#relink(last, at + 1);
      this.#nexts[at] = this.#nexts[last]!;
      this.#hashes[at] = this.#hashes[last]!;
      this.#dbs[at] = this.#dbs[last]!;
      this.#names[at] = this.#names[last]!;
      this.#values[at] = this.#values[last]!;
    }
    this.#nexts.pop();
    this.#hashes.pop();
    this.#dbs.pop();
    this.#names.pop();
    this.#values.pop();
  }

  /** Nothing happens when the key is not there. */
  remove(db: number, bytes: Uint8Array, offset: number, length: number): void {
    const at = this.find(db, bytes, offset, length);
    if (at >= 0) this.removeAt(at);
  }

  clear(): void {
    this.#heads = NO_CHAINS;
    this.#nexts = [];
    this.#hashes = [];
    this.#dbs = [];
    this.#names = [];
    this.#values = [];
  }

  /** Whatever leads to this entry leads to `link` now. */
  #relink(at: number, link: number): void {
    const chain = this.#hashes[at]! & (this.#chains - 1);
    let each = this.#heads[chain]!;
    if (each === at + 1) {
      this.#heads[chain] = link;
      return;
    }
    while (this.#nexts[each - 1] !== at + 1) each = this.#nexts[each - 1]!;
    this.#nexts[each - 1] = link;
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

/** In pieces rather than character by character, which V8 would keep as a tree. */
function nameOf(bytes: Uint8Array, offset: number, length: number): string {
  let name = '';
  for (let at = 0; at < length; at += PIECE) {
    name += String.fromCharCode(...bytes.subarray(offset + at, offset + Math.min(at + PIECE, length)));
  }
  return name;
}
