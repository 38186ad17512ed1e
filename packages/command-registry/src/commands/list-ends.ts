/**
 * What the commands on lists share: finding and making a list, and taking elements from its ends.
 */
import { EventClass, ValueType, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { lookupTyped } from './typed-lookup.js';

const view = new View();

/** As `lookupTyped`. */
export function lookupList(ctx: CommandContext, i: number, forWrite: boolean): number {
  return lookupTyped(ctx, i, ValueType.list, forWrite);
}

/** Puts an empty list under key argument `i`, which does not exist. */
export function createList(ctx: CommandContext, i: number): number {
  const { bytes, offsets, lengths } = ctx.request;
  const h = ctx.keyspace.lists.create(bytes, offsets[i]!, lengths[i]!);
  ctx.db.add(h, bytes, offsets[i]!, lengths[i]!);
  return h;
}

/** Reports that `count` elements are gone; removes the key first if none is left. */
export function afterRemoval(ctx: CommandContext, i: number, empty: boolean, event: string, count: number): void {
  if (empty) ctx.db.delete(ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.changed(i, EventClass.list, event, count);
  if (empty) ctx.changed(i, EventClass.generic, 'del', 0);
}

/** Takes one element from an end, as the reply. */
export function popOne(ctx: CommandContext, i: number, h: number, left: boolean): void {
  ctx.keyspace.lists.pop(h, left, view);
  ctx.reply.bulkFrom(view);
  afterRemoval(ctx, i, ctx.keyspace.lists.length(h) === 0, left ? 'lpop' : 'rpop', 1);
}

/** Takes `count` elements, at least one, and not more than there are, from an end, as an array. */
export function popSeveral(ctx: CommandContext, i: number, h: number, left: boolean, count: number): void {
  const { lists } = ctx.keyspace;
  const length = lists.length(h);
  ctx.reply.array(count);
  lists.range(h, left ? 0 : length - 1, count, !left, ctx.reply);
  // A list that goes as a whole is not taken apart before.
  if (count < length) lists.removeRange(h, left ? 0 : length - count, count);
  afterRemoval(ctx, i, count === length, left ? 'lpop' : 'rpop', count);
}
