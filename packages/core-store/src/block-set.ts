/**
 * A set of blocks of an arena: one bit for every place where a block may begin, 64 KB for each chunk that has one of its
 * blocks in the set. Adding and asking take constant time however many there are, which a growing hash table does not.
 *
 * A block that is freed stays in the set: what is said of a handle holds for the block that has it now.
 */
import type { Handle } from './arena.js';

/** Places of a chunk: its offsets in units of 8 bytes. */
const PLACES = 1 << 19;

export class BlockSet {
  readonly #chunks: (Uint32Array | undefined)[] = [];

  has(h: Handle): boolean {
    const bits = this.#chunks[h >>> 19];
    return bits !== undefined && (bits[(h & 0x7ffff) >>> 5]! & (1 << (h & 31))) !== 0;
  }

  add(h: Handle): void {
    const bits = (this.#chunks[h >>> 19] ??= new Uint32Array(PLACES / 32));
    bits[(h & 0x7ffff) >>> 5]! |= 1 << (h & 31);
  }

  delete(h: Handle): void {
    const bits = this.#chunks[h >>> 19];
    if (bits !== undefined) bits[(h & 0x7ffff) >>> 5]! &= ~(1 << (h & 31));
  }
}
