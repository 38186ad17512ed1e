import { EventClass, type Handle, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { lookupTyped } from './typed-lookup.js';

/** As `lookupTyped` for key argument 1. */
export function lookupSortedSet(ctx: CommandContext, forWrite: boolean): Handle {
  return lookupTyped(ctx, 1, ValueType.zset, forWrite);
}

/** `count` members of the set in key argument `i` are gone: deletes a set that is empty now, and reports both. */
export function reportRemoval(ctx: CommandContext, i: number, empty: boolean, event: string, count: number): void {
  if (empty) ctx.db.delete(ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.changed(i, EventClass.zset, event, count);
  if (empty) ctx.changed(i, EventClass.generic, 'del', 0);
}
