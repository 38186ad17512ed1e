/**
 * Small hashes some of whose fields expire: a listpack of field, value, time, field, value, time … (Redis's "listpackex").
 * The time is ms since epoch, 0 for a field that stays. Those that go stand first, the next one to go before the others, so
 * that the earliest time is read in one step and what is due is a run at the beginning.
 *
 * A position is that of a field. Methods that write answer the listpack, which may move, and invalidate positions.
 */
import type { Arena, Handle } from './arena.js';
import { Int64 } from './int64.js';
import type { Listpack } from './listpack.js';
import { View } from './view.js';

const ZERO = Uint8Array.of(0x30);

export class HashTriples {
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #int = new Int64();
  readonly #view = new View();
  readonly #digits = new Uint8Array(24);
  /** A field and its value, while their triple is moved. */
  #carried = new Uint8Array(256);

  constructor(arena: Arena, listpack: Listpack) {
    this.#arena = arena;
    this.#listpack = listpack;
  }

  /** The triples of a listpack of pairs, which is freed. */
  fromPairs(pairs: Handle): Handle {
    const listpack = this.#listpack;
    let lp = listpack.create();
    for (let p = listpack.first(pairs); p !== 0; p = listpack.next(pairs, p)) {
      listpack.read(pairs, p, this.#view);
      lp = listpack.append(lp, this.#view.bytes, this.#view.offset, this.#view.length);
      p = listpack.next(pairs, p);
      listpack.read(pairs, p, this.#view);
      lp = listpack.append(lp, this.#view.bytes, this.#view.offset, this.#view.length);
      lp = listpack.append(lp, ZERO, 0, 1);
    }
    listpack.free(pairs);
    return lp;
  }

  count(lp: Handle): number {
    return this.#listpack.length(lp) / 3;
  }

  /** Position of the first field, 0 when there is none. */
  first(lp: Handle): number {
    return this.#listpack.first(lp);
  }

  next(lp: Handle, at: number): number {
    return this.#listpack.next(lp, this.#timeAt(lp, at));
  }

  /** Position of the field with this index, in the order of their times. */
  seek(lp: Handle, index: number): number {
    return this.#listpack.seek(lp, index * 3);
  }

  /** Position of a field, 0 when there is none of that name. */
  find(lp: Handle, fb: Uint8Array, fo: number, fn: number): number {
    return this.#listpack.find(lp, this.#listpack.first(lp), fb, fo, fn, 2);
  }

  readField(lp: Handle, at: number, view: View): void {
    this.#listpack.read(lp, at, view);
  }

  readValue(lp: Handle, at: number, view: View): void {
    this.#listpack.read(lp, this.#listpack.next(lp, at), view);
  }

  /** When a field goes, 0 for never. */
  time(lp: Handle, at: number): number {
    this.#listpack.readInteger(lp, this.#timeAt(lp, at), this.#int);
    return this.#int.toNumber();
  }

  /** When the next field goes, 0 for never. */
  earliest(lp: Handle): number {
    const at = this.#listpack.first(lp);
    return at === 0 ? 0 : this.time(lp, at);
  }

  /** How many fields go before this time. */
  countBefore(lp: Handle, time: number): number {
    let n = 0;
    for (let p = this.#listpack.first(lp); p !== 0; p = this.next(lp, p)) {
      const own = this.time(lp, p);
      if (own === 0 || own >= time) break;
      n++;
    }
    return n;
  }

  /** Adds a field that stays. */
  append(lp: Handle, fb: Uint8Array, fo: number, fn: number, vb: Uint8Array, vo: number, vn: number): Handle {
    const listpack = this.#listpack;
    return listpack.append(listpack.append(listpack.append(lp, fb, fo, fn), vb, vo, vn), ZERO, 0, 1);
  }

  /** Gives a field another value; positions up to its own stay valid. */
  setValue(lp: Handle, at: number, vb: Uint8Array, vo: number, vn: number): Handle {
    return this.#listpack.replace(lp, this.#listpack.next(lp, at), vb, vo, vn);
  }

  /** Gives a field another time, and the place that goes with it. */
  setTime(lp: Handle, at: number, time: number): Handle {
    const listpack = this.#listpack;
    const length = this.#writeDigits(time);
    const behind = this.next(lp, at);
    const before = this.#placeFor(lp, at, time);
    if (before === behind) return listpack.replace(lp, this.#timeAt(lp, at), this.#digits, 0, length);
    const fieldLength = this.#carry(lp, at, 0);
    const valueLength = this.#carry(lp, listpack.next(lp, at), fieldLength);
    const size = behind === 0 ? 0 : behind - at;
    let moved = this.remove(lp, at, 1);
    const end = listpack.bytes(moved) - 1;
    const place = before === 0 ? end : before > at ? before - size : before;
    moved = listpack.insert(moved, place, this.#digits, 0, length);
    moved = listpack.insert(moved, place, this.#carried, fieldLength, valueLength);
    return listpack.insert(moved, place, this.#carried, 0, fieldLength);
  }

  /** Takes out `count` fields from a position on. */
  remove(lp: Handle, at: number, count: number): Handle {
    return this.#listpack.remove(lp, at, count * 3);
  }

  /** Position of the field before which one with this time belongs, 0 for the end. That at `self` does not count. */
  #placeFor(lp: Handle, self: number, time: number): number {
    if (time === 0) return 0;
    for (let p = this.#listpack.first(lp); p !== 0; p = this.next(lp, p)) {
      if (p === self) continue;
      const own = this.time(lp, p);
      if (own === 0 || own > time) return p;
    }
    return 0;
  }

  #timeAt(lp: Handle, at: number): number {
    return this.#listpack.next(lp, this.#listpack.next(lp, at));
  }

  #writeDigits(time: number): number {
    this.#int.setNumber(time);
    return this.#int.format(this.#digits, 0);
  }

  /** Copies an element to `#carried`; answers its length in bytes. */
  #carry(lp: Handle, position: number, to: number): number {
    const view = this.#view;
    this.#listpack.read(lp, position, view);
    if (to + view.length > this.#carried.length) {
      const wider = new Uint8Array((to + view.length) * 2);
      wider.set(this.#carried.subarray(0, to));
      this.#carried = wider;
    }
    this.#carried.set(view.bytes.subarray(view.offset, view.offset + view.length), to);
    return view.length;
  }

  /** A block of its own with the same triples. */
  copy(lp: Handle): Handle {
    const bytes = this.#listpack.bytes(lp);
    const copy = this.#arena.alloc(bytes);
    this.#arena.copyBlock(lp, copy, bytes);
    return copy;
  }
}
