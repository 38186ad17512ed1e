/**
 * The header of a stream and the directory of its nodes.
 *
 * ```
 * header   word 0 directory (0: none), 1 first node, 2 nodes, 3 there are groups, 4–7 last id, 8–11 greatest deleted id,
 *          12–15 id of the first entry, 16–17 entries, 18–19 entries ever added
 * directory entry   words 0–3 id of the node's master entry, 4 the node
 * ```
 *
 * Nodes lie in one sorted array, found by binary search over ids that are next to each other in memory. Streams grow at
 * the end and are trimmed at the front: the array doubles when its end is reached, and its front is an offset, so that
 * both take constant time.
 */
import type { Arena, Handle } from './arena.js';
import { StreamId } from './stream-id.js';

const DIRECTORY = 0;
const FIRST = 1;
const NODES = 2;
export const HAS_GROUPS = 3;
export const LAST_ID = 4;
export const MAX_DELETED_ID = 8;
export const FIRST_ID = 12;
export const LENGTH = 16;
export const ADDED = 18;
const HEADER_BYTES = 80;

const ENTRY_WORDS = 5;
const ENTRY_BYTES = 20;
const NODE = 4;

export class StreamDirectory {
  readonly #arena: Arena;
  readonly #id = new StreamId();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** The header of an empty stream. */
  create(): Handle {
    return this.#arena.allocZeroed(HEADER_BYTES);
  }

  /** A header of its own with a directory of its own; the nodes are still the other's. */
  copy(header: Handle): Handle {
    const copy = this.#arena.alloc(HEADER_BYTES);
    this.#arena.copyBlock(header, copy, HEADER_BYTES);
    const nodes = this.count(header);
    const words = this.words(copy);
    const w = (copy & 0x7ffff) << 1;
    words[w + DIRECTORY] = nodes === 0 ? 0 : this.#fit(header, nodes);
    words[w + FIRST] = 0;
    return copy;
  }

  /** Frees header and directory; the nodes are the caller's. */
  free(header: Handle): void {
    const directory = this.#word(header, DIRECTORY);
    if (directory !== 0) this.#arena.free(directory);
    this.#arena.free(header);
  }

  /** Bytes of header and directory. */
  memory(header: Handle): number {
    const directory = this.#word(header, DIRECTORY);
    return this.#arena.sizeOf(header) + (directory === 0 ? 0 : this.#arena.sizeOf(directory));
  }

  /** The words that hold a header; its word `i` is at `((header & 0x7ffff) << 1) + i`. */
  words(header: Handle): Int32Array {
    return this.#arena.i32[header >>> 19]!;
  }

  #word(header: Handle, index: number): number {
    return this.#arena.i32[header >>> 19]![((header & 0x7ffff) << 1) + index]!;
  }

  /** The block of the directory itself, 0 when there is none. */
  block(header: Handle): Handle {
    return this.#word(header, DIRECTORY);
  }

  /** Number of nodes. */
  count(header: Handle): number {
    return this.#word(header, NODES);
  }

  /** Index of the first word of entry `index`, in the words of the directory's chunk. */
  #entry(header: Handle, directory: Handle, index: number): number {
    return ((directory & 0x7ffff) << 1) + (this.#word(header, FIRST) + index) * ENTRY_WORDS;
  }

  node(header: Handle, index: number): Handle {
    const directory = this.#word(header, DIRECTORY);
    return this.#arena.i32[directory >>> 19]![this.#entry(header, directory, index) + NODE]!;
  }

  /** The node has moved. */
  setNode(header: Handle, index: number, node: Handle): void {
    const directory = this.#word(header, DIRECTORY);
    this.#arena.i32[directory >>> 19]![this.#entry(header, directory, index) + NODE] = node;
  }

  /** Shows the id of a node's master entry: no entry of the node has a smaller one. */
  masterId(header: Handle, index: number, into: StreamId): void {
    const directory = this.#word(header, DIRECTORY);
    into.load(this.#arena.i32[directory >>> 19]!, this.#entry(header, directory, index));
  }

  /** Index of the last node whose master id is not above `id`, -1 when there is none. */
  find(header: Handle, id: StreamId): number {
    const directory = this.#word(header, DIRECTORY);
    let low = 0;
    let high = this.#word(header, NODES);
    if (high === 0) return -1;
    const words = this.#arena.i32[directory >>> 19]!;
    const base = this.#entry(header, directory, 0);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#id.load(words, base + middle * ENTRY_WORDS).compare(id) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Adds a node at the end. @param id greater than all master ids */
  append(header: Handle, id: StreamId, node: Handle): void {
    const first = this.#word(header, FIRST);
    const nodes = this.#word(header, NODES);
    const capacity = this.#capacity(header);
    if (first + nodes === capacity) {
      // Sliding by at least as many places as there are entries pays for itself.
      if (first > nodes) this.#slide(header);
      else this.#resize(header, Math.max(1, nodes * 2));
    }
    const directory = this.#word(header, DIRECTORY);
    const words = this.#arena.i32[directory >>> 19]!;
    const entry = this.#entry(header, directory, nodes);
    id.store(words, entry);
    words[entry + NODE] = node;
    this.words(header)[((header & 0x7ffff) << 1) + NODES] = nodes + 1;
  }

  /** Takes a node out; the node itself is the caller's to free. */
  remove(header: Handle, index: number): void {
    const words = this.words(header);
    const w = (header & 0x7ffff) << 1;
    const nodes = words[w + NODES]! - 1;
    if (index === 0) {
      words[w + FIRST] = words[w + FIRST]! + 1;
    } else if (index < nodes) {
      const directory = words[w + DIRECTORY]!;
      const entry = this.#entry(header, directory, index);
      const end = this.#entry(header, directory, nodes + 1);
      this.#arena.i32[directory >>> 19]!.copyWithin(entry, entry + ENTRY_WORDS, end);
    }
    words[w + NODES] = nodes;
    if (nodes * 4 < this.#capacity(header)) this.#resize(header, nodes * 2);
  }

  #capacity(header: Handle): number {
    const directory = this.#word(header, DIRECTORY);
    return directory === 0 ? 0 : Math.floor(this.#arena.sizeOf(directory) / ENTRY_BYTES);
  }

  /** Moves the entries to the front of the block. */
  #slide(header: Handle): void {
    const directory = this.#word(header, DIRECTORY);
    const from = this.#entry(header, directory, 0);
    const end = this.#entry(header, directory, this.#word(header, NODES));
    this.#arena.i32[directory >>> 19]!.copyWithin((directory & 0x7ffff) << 1, from, end);
    this.words(header)[((header & 0x7ffff) << 1) + FIRST] = 0;
  }

  /** Gives the directory room for so many entries, at least those it has; none for 0. */
  #resize(header: Handle, entries: number): void {
    const old = this.#word(header, DIRECTORY);
    const moved = entries === 0 ? 0 : this.#fit(header, entries);
    if (old !== 0) this.#arena.free(old);
    const words = this.words(header);
    const w = (header & 0x7ffff) << 1;
    words[w + DIRECTORY] = moved;
    words[w + FIRST] = 0;
  }

  /** A block with room for so many entries that begins with those of the stream. */
  #fit(header: Handle, entries: number): Handle {
    const block = this.#arena.alloc(entries * ENTRY_BYTES);
    const directory = this.#word(header, DIRECTORY);
    if (directory === 0) return block;
    const from = this.#entry(header, directory, 0);
    const end = this.#entry(header, directory, this.#word(header, NODES));
    this.#arena.i32[block >>> 19]!.set(this.#arena.i32[directory >>> 19]!.subarray(from, end), (block & 0x7ffff) << 1);
    return block;
  }
}
