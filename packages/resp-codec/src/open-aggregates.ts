/*
 * The aggregates that have begun and not ended: the innermost in fields, those around it in parallel stacks, which cost no
 * allocation per aggregate.
 */
import type { Reply } from './reply.js';

/** Aggregates up to this size are allocated at once. */
const ROOMY = 1024;

export class OpenAggregates {
  /** The innermost: its elements, how many it wants (0: none is open), how many it has, its type byte. */
  items: Reply[] = [];
  want = 0;
  filled = 0;
  type = 0;
  depth = 0;

  readonly #items: Reply[][] = [];
  readonly #want: number[] = [];
  readonly #filled: number[] = [];
  readonly #type: number[] = [];

  /** @param arrived how many elements may have arrived already: room is made in advance for no more. */
  open(type: number, want: number, arrived: number): void {
    const depth = this.depth++;
    this.#items[depth] = this.items;
    this.#want[depth] = this.want;
    this.#filled[depth] = this.filled;
    this.#type[depth] = this.type;
    this.items = want <= ROOMY && want <= arrived ? new Array<Reply>(want) : [];
    this.want = want;
    this.filled = 0;
    this.type = type;
  }

  /** Leaves the innermost. */
  close(): void {
    const depth = --this.depth;
    this.items = this.#items.pop()!;
    this.want = this.#want[depth]!;
    this.filled = this.#filled[depth]!;
    this.type = this.#type[depth]!;
  }

  reset(): void {
    this.items = [];
    this.want = 0;
    this.filled = 0;
    this.depth = 0;
    this.#items.length = 0;
  }
}
