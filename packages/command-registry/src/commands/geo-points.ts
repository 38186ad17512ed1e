/**
 * Places that a search has found, in growing columns: no object for each. Kept for the next search, unless they became
 * big.
 */
import type { ByteView } from '@clone/core-store';
import type { Place } from './geohash.js';

const FIRST_CAPACITY = 64;
const KEPT_CAPACITY = 65536;

export class GeoPoints {
  count = 0;
  /** From the center, in meters. */
  distances: Float64Array = new Float64Array(FIRST_CAPACITY);
  scores: Float64Array = new Float64Array(FIRST_CAPACITY);
  longitudes: Float64Array = new Float64Array(FIRST_CAPACITY);
  latitudes: Float64Array = new Float64Array(FIRST_CAPACITY);
  /** Member i is `bytes[starts[i], starts[i + 1])`. */
  bytes: Uint8Array = new Uint8Array(FIRST_CAPACITY * 16);
  starts: Float64Array = new Float64Array(FIRST_CAPACITY + 1);
  /** Points in the order asked for: as found, until `sort`. */
  order: Uint32Array = new Uint32Array(FIRST_CAPACITY);

  clear(): void {
    this.count = 0;
    if (this.distances.length > KEPT_CAPACITY) this.#resize(FIRST_CAPACITY);
    if (this.bytes.length > KEPT_CAPACITY * 16) this.bytes = new Uint8Array(FIRST_CAPACITY * 16);
  }

  /** @param distance from the center, in meters */
  add(member: ByteView, score: number, place: Place, distance: number): void {
    const i = this.count++;
    if (i === this.distances.length) this.#resize(i * 2);
    this.distances[i] = distance;
    this.scores[i] = score;
    this.longitudes[i] = place.longitude;
    this.latitudes[i] = place.latitude;
    this.order[i] = i;
    const start = this.starts[i]!;
    const end = start + member.length;
    if (end > this.bytes.length) {
      const wider = new Uint8Array(end * 2);
      wider.set(this.bytes.subarray(0, start));
      this.bytes = wider;
    }
    const { bytes, offset, length } = member;
    if (length < 48) for (let k = 0; k < length; k++) this.bytes[start + k] = bytes[offset + k]!;
    else this.bytes.set(bytes.subarray(offset, offset + length), start);
    this.starts[i + 1] = end;
  }

  /**
   * Puts the nearest (or the farthest) first; equal ones stay as they were found. Only the first `wanted` points are put
   * in order. @param wanted at most `count`
   */
  sort(nearestFirst: boolean, wanted: number): void {
    const { distances } = this;
    const sign = nearestFirst ? 1 : -1;
    const compare = (a: number, b: number): number => sign * (distances[a]! - distances[b]!) || a - b;
    if (wanted < this.count / 8) this.#select(compare, wanted);
    this.order.subarray(0, wanted < this.count / 8 ? wanted : this.count).sort(compare);
  }

  /** Brings the first `wanted` of the order, themselves in no order, to its beginning: a heap whose top is the last of them. */
  #select(compare: (a: number, b: number) => number, wanted: number): void {
    const { order } = this;
    for (let i = wanted >> 1; i >= 0; i--) siftDown(order, compare, i, wanted);
    for (let i = wanted; i < this.count; i++) {
      if (compare(order[i]!, order[0]!) > 0) continue;
      order[0] = order[i]!;
      siftDown(order, compare, 0, wanted);
    }
  }

  #resize(capacity: number): void {
    this.distances = resized(this.distances, capacity);
    this.scores = resized(this.scores, capacity);
    this.longitudes = resized(this.longitudes, capacity);
    this.latitudes = resized(this.latitudes, capacity);
    this.starts = resized(this.starts, capacity + 1);
    const order = new Uint32Array(capacity);
    order.set(this.order.subarray(0, capacity));
    this.order = order;
  }
}

function resized(column: Float64Array, capacity: number): Float64Array {
  const copy = new Float64Array(capacity);
  copy.set(column.subarray(0, capacity));
  return copy;
}

function siftDown(heap: Uint32Array, compare: (a: number, b: number) => number, from: number, size: number): void {
  const moved = heap[from]!;
  let at = from;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= size) break;
    if (child + 1 < size && compare(heap[child + 1]!, heap[child]!) > 0) child++;
    if (compare(heap[child]!, moved) <= 0) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = moved;
}
