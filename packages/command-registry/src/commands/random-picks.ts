/**
 * Random elements with repetition (a negative count of SRANDMEMBER, HRANDFIELD, ZRANDMEMBER): the one reply whose length neither the data
 * nor the request bounds.
 *
 * Many picks of few elements are made in slices (`ReplyRest`). What comes after the first slice is picked from a copy of all
 * elements, so the whole reply is of the value as it was when the command ran. Where a reply has to be made in one go,
 * which is in a transaction, one that is longer than `MOST_AT_ONCE` is refused.
 */
import type { Handle } from '@clone/core-store';
import { REPLY_PIECE, ReplyWriter } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import { REPLY_SLICE, type ReplyRest } from '../reply-rest.js';

/** Bytes of a reply that is made in one go, when the picks are more than the elements. */
const MOST_AT_ONCE = 16 * 1024 * 1024;
/** An element of no bytes. */
const LEAST_ELEMENT = 6;

/** A collection to pick from. */
export interface PickSource {
  /** Appends an element by chance. */
  pick(ctx: CommandContext, h: Handle, withPairs: boolean, reply: ReplyWriter): void;
  /** Appends all elements, and calls `ended` after each. */
  all(ctx: CommandContext, h: Handle, withPairs: boolean, reply: ReplyWriter, ended: () => void): void;
}

/** Elements in RESP, and how many more of them to pick. */
class RandomPicks implements ReplyRest {
  readonly #elements: ReplyWriter;
  /** Where each element begins, and the end of the last. */
  readonly #places: Float64Array;
  /** Where each piece of `#elements` begins, and the end of the last. */
  readonly #starts: number[] = [0];
  readonly #random: () => number;
  #left: number;

  /** @param left beyond 2^53 it does not count down, and nobody reads that far */
  constructor(elements: ReplyWriter, places: Float64Array, left: number, random: () => number) {
    this.#elements = elements;
    this.#places = places;
    this.#left = left;
    this.#random = random;
    let end = 0;
    for (const { length } of elements.pieces) this.#starts.push((end += length));
    this.#starts.push(elements.length);
  }

  get memory(): number {
    return this.#elements.length + this.#places.byteLength;
  }

  write(reply: ReplyWriter): boolean {
    const places = this.#places;
    const start = reply.length;
    while (this.#left > 0 && reply.length - start < REPLY_SLICE) {
      const i = Math.floor(this.#random() * (places.length - 1));
      this.#append(reply, places[i]!, places[i + 1]!);
      this.#left--;
    }
    return this.#left === 0;
  }

  #append(reply: ReplyWriter, from: number, to: number): void {
    const { pieces, buffer } = this.#elements;
    let at = from;
    for (let i = this.#pieceOf(from); at < to; i++) {
      const start = this.#starts[i]!;
      const end = Math.min(to, this.#starts[i + 1]!);
      reply.raw(pieces[i]?.bytes ?? buffer, at - start, end - at);
      at = end;
    }
  }

  #pieceOf(position: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** @param elements in the value, more than 0; @param count of picks, more than 0; @param withPairs each pick has two parts */
export function replyPicks(
  ctx: CommandContext,
  source: PickSource,
  h: Handle,
  elements: number,
  count: bigint,
  withPairs: boolean,
): void {
  const { reply } = ctx;
  const start = reply.length;
  const inSlices = ctx.mayReplyInSlices;
  let left = Number(count);
  const isLong = left > elements;
  if (isLong && !inSlices && left * LEAST_ELEMENT > MOST_AT_ONCE) {
    reply.error(errors.replyTooLong);
    return;
  }
  reply.longArray(withPairs && reply.protocol === 2 ? count * 2n : count);
  const most = inSlices ? REPLY_SLICE : MOST_AT_ONCE;
  for (; left > 0; left--) {
    if (isLong && reply.length - start > most) break;
    source.pick(ctx, h, withPairs, reply);
  }
  if (left === 0) return;
  if (inSlices) {
    ctx.replyInSlices(copyOf(ctx, source, h, elements, withPairs, left));
    return;
  }
  reply.truncate(start);
  reply.error(errors.replyTooLong);
}

function copyOf(
  ctx: CommandContext,
  source: PickSource,
  h: Handle,
  elements: number,
  withPairs: boolean,
  left: number,
): RandomPicks {
  const copy = new ReplyWriter(undefined, REPLY_PIECE);
  copy.protocol = ctx.reply.protocol;
  const places = new Float64Array(elements + 1);
  let i = 0;
  source.all(ctx, h, withPairs, copy, () => {
    places[++i] = copy.length;
  });
  return new RandomPicks(copy, places.subarray(0, i + 1), left, ctx.keyspace.random);
}
