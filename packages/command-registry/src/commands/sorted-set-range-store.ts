/**
 * ZRANGESTORE: what ZRANGE would reply with, stored.
 */
import { ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import type { Registry } from '../registry.js';
import { RangeBy, SortedSetRange } from './score-range.js';
import { beginResult, storeNothing, storeResult } from './sorted-set-store.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const range = new SortedSetRange();

function zrangestore(ctx: CommandContext): void {
  if (!range.parse(ctx, 3, RangeBy.auto, undefined, true)) return;
  const h = lookupTyped(ctx, 2, ValueType.zset, false);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    storeNothing(ctx, 1);
    return;
  }
  const { sortedSets } = ctx.keyspace;
  range.resolve(ctx, h);
  const result = beginResult(ctx);
  const walk = sortedSets.walker(h);
  const { member } = walk;
  let left = range.count;
  for (let found = left > 0 && walk.seek(range.lowest); found && left > 0; left--, found = walk.next()) {
    result.addNew(member.bytes, member.offset, member.length, walk.score);
  }
  // Asked before the set is replaced, since it may be stored in its own place.
  const byRank = ctx.feeding && range.isUncertain(ctx, h);
  const { dirty } = ctx.keyspace;
  storeResult(ctx, 1, result, 'zrangestore', 1);
  if (!byRank || ctx.keyspace.dirty === dirty) return;
  ctx.beginEffect(5);
  ctx.effectText('ZRANGESTORE');
  ctx.effectArgument(1);
  ctx.effectArgument(2);
  range.effectRanks(ctx);
}

export function registerSortedSetRangeStore(registry: Registry): void {
  registry.register('zrangestore', zrangestore);
}
