/**
 * Small sorted sets: a listpack of member, score, member, score … in the order of (score, member), as Redis keeps them.
 * A pair is named by the position of its member; 0 is none.
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import { entryBytes, type Listpack, loadInteger } from './listpack.js';
import { compareScore, formatScore, parseScore } from './score-text.js';
import { View } from './view.js';

/** Bytes before the first element of a listpack, and what stands behind the last. */
const HEADER = 6;
const END = 0xff;
/** More than what a pair takes beside its member. */
const PAIR_OVERHEAD = 64;

export class SortedListpack {
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #view = new View();
  readonly #int = new Int64();
  readonly #text = new Uint8Array(32);
  /** A pair that is about to be added. */
  #pair = new Uint8Array(256);

  constructor(arena: Arena, listpack: Listpack) {
    this.#arena = arena;
    this.#listpack = listpack;
  }

  /** The pair of a member. */
  find(h: Handle, b: Uint8Array, o: number, n: number): number {
    return this.#listpack.find(h, this.#listpack.first(h), b, o, n, 1);
  }

  score(h: Handle, pair: number): number {
    return this.#scoreAt(h, this.#listpack.next(h, pair));
  }

  #scoreAt(h: Handle, position: number): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const at = ((h & 0x7ffff) << 3) + position;
    if (isText(bytes[at]!)) return parseScore(bytes, at + 1, bytes[at]! & 63);
    loadInteger(bytes, at, this.#int);
    return this.#int.toNumber();
  }

  next(h: Handle, pair: number): number {
    return this.#listpack.next(h, this.#listpack.next(h, pair));
  }

  previous(h: Handle, pair: number): number {
    const score = this.#listpack.previous(h, pair);
    return score === 0 ? 0 : this.#listpack.previous(h, score);
  }

  /** The pair with this rank. */
  seek(h: Handle, rank: number): number {
    return this.#listpack.seek(h, rank * 2);
  }

  rank(h: Handle, pair: number): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    const start = (h & 0x7ffff) << 3;
    let entries = 0;
    for (let p = start + HEADER; p < start + pair; p += entryBytes(bytes, p)) entries++;
    return entries >>> 1;
  }

  /** Adds a member that is not there. */
  insert(h: Handle, b: Uint8Array, o: number, n: number, score: number): Handle {
    const listpack = this.#listpack;
    if (n + PAIR_OVERHEAD > this.#pair.length) this.#pair = new Uint8Array((n + PAIR_OVERHEAD) * 2);
    let length = listpack.write(this.#pair, 0, b, o, n);
    if (Number.isSafeInteger(score)) {
      this.#int.setNumber(score);
      length = listpack.writeInteger(this.#pair, length, this.#int.hi, this.#int.lo);
    } else {
      length = listpack.write(this.#pair, length, this.#text, 0, formatScore(score, this.#text));
    }
    return listpack.insertEncoded(h, this.#placeOf(h, b, o, n, score), this.#pair, length, 2);
  }

  /** The position before which a new pair belongs. */
  #placeOf(h: Handle, b: Uint8Array, o: number, n: number, score: number): number {
    const end = this.#listpack.bytes(h) - 1;
    const last = this.#listpack.last(h);
    const bytes = this.#arena.u8[h >>> 19]!;
    const start = (h & 0x7ffff) << 3;
    if (last === 0 || this.#compareScore(bytes, start + last, score) < 0) return end;
    let p = start + HEADER;
    while (bytes[p] !== END) {
      const at = p + entryBytes(bytes, p);
      const order = this.#compareScore(bytes, at, score);
      if (order > 0 || (order === 0 && this.#compare(h, p - start, b, o, n) > 0)) return p - start;
      p = at + entryBytes(bytes, at);
    }
    return end;
  }

  /** Removes `count` pairs. */
  remove(h: Handle, pair: number, count: number): Handle {
    return this.#listpack.remove(h, pair, count * 2);
  }

  countBelow(h: Handle, score: number, orEqual: boolean): number {
    const bytes = this.#arena.u8[h >>> 19]!;
    let p = ((h & 0x7ffff) << 3) + HEADER;
    let count = 0;
    while (bytes[p] !== END) {
      const at = p + entryBytes(bytes, p);
      const order = this.#compareScore(bytes, at, score);
      if (order > 0 || (order === 0 && !orEqual)) break;
      count++;
      p = at + entryBytes(bytes, at);
    }
    return count;
  }

  countBefore(h: Handle, b: Uint8Array, o: number, n: number, orEqual: boolean): number {
    let count = 0;
    for (let p = this.#listpack.first(h); p !== 0; p = this.next(h, p)) {
      const order = this.#compare(h, p, b, o, n);
      if (order > 0 || (order === 0 && !orEqual)) break;
      count++;
    }
    return count;
  }

  /** The score at `p` against another one: negative, 0 or positive. */
  #compareScore(bytes: Uint8Array, p: number, score: number): number {
    if (isText(bytes[p]!)) return compareScore(bytes, p + 1, bytes[p]! & 63, score);
    loadInteger(bytes, p, this.#int);
    const value = this.#int.toNumber();
    return value < score ? -1 : value > score ? 1 : 0;
  }

  /** A member against other bytes: negative, 0 or positive. */
  #compare(h: Handle, pair: number, b: Uint8Array, o: number, n: number): number {
    const view = this.#view;
    this.#listpack.read(h, pair, view);
    const common = Math.min(view.length, n);
    for (let i = 0; i < common; i++) {
      const difference = view.bytes[view.offset + i]! - b[o + i]!;
      if (difference !== 0) return difference;
    }
    return view.length - n;
  }
}

/** Whether an entry is text; that of a score is always shorter than 64 bytes. */
function isText(first: number): boolean {
  return (first & 0xc0) === 0x80;
}
