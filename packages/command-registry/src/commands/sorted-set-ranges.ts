/**
 * Ranges of sorted sets: ZRANGE and its older forms, counting, and removing by range.
 */
import type { Handle, SortedSetCursor } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import type { Registry } from '../registry.js';
import { beginPairs } from './random-count.js';
import { RangeBy, replyMember, SortedSetRange } from './score-range.js';
import { lookupSortedSet, reportRemoval } from './sorted-set-lookup.js';
import { WRONG_TYPE } from './typed-lookup.js';

const range = new SortedSetRange();

function replyRange(ctx: CommandContext, by: number, reverse: boolean | undefined): void {
  if (!range.parse(ctx, 2, by, reverse, false)) return;
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  const { reply } = ctx;
  if (h === 0) {
    reply.array(0);
    return;
  }
  const walk = ctx.keyspace.sortedSets.walker(h);
  const { withScores } = range;
  let left = range.isShort && walk.isIndexed ? range.seek(walk) : seekByRank(ctx, h, walk);
  beginPairs(reply, left, withScores);
  if (left === 0) return;
  for (;;) {
    replyMember(reply, walk.member, walk.score, withScores);
    if (--left === 0) return;
    if (range.reverse) walk.previous();
    else walk.next();
  }
}

/** Goes to the first member of the range; answers how many there are. */
function seekByRank(ctx: CommandContext, h: Handle, walk: SortedSetCursor): number {
  range.resolve(ctx, h);
  const { count } = range;
  if (count > 0) walk.seek(range.first, count < 4 ? 0 : range.reverse ? -1 : 1);
  return count;
}

function count(ctx: CommandContext, by: number): void {
  if (!range.parseEnds(ctx, 2, by)) return;
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  if (h !== 0) range.resolve(ctx, h);
  ctx.reply.integer(h === 0 ? 0 : range.count);
}

function removeRange(ctx: CommandContext, by: number, event: string): void {
  if (!range.parseEnds(ctx, 2, by)) return;
  const h = lookupSortedSet(ctx, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.integer(0);
    return;
  }
  const { sortedSets } = ctx.keyspace;
  range.resolve(ctx, h);
  if (range.count > 0) {
    if (ctx.feeding && range.isUncertain(ctx, h)) {
      ctx.beginEffect(4);
      ctx.effectText('ZREMRANGEBYRANK');
      ctx.effectArgument(1);
      range.effectRanks(ctx);
    }
    const empty = range.count === sortedSets.length(h);
    // A set that loses all its members is freed as a whole, in slices.
    if (!empty) sortedSets.removeRange(h, range.first, range.count);
    reportRemoval(ctx, 1, empty, event, range.count);
  }
  ctx.reply.integer(range.count);
}

export function registerSortedSetRanges(registry: Registry): void {
  registry.register('zrange', (ctx) => replyRange(ctx, RangeBy.auto, undefined));
  registry.register('zrevrange', (ctx) => replyRange(ctx, RangeBy.rank, true));
  registry.register('zrangebyscore', (ctx) => replyRange(ctx, RangeBy.score, false));
  registry.register('zrevrangebyscore', (ctx) => replyRange(ctx, RangeBy.score, true));
  registry.register('zrangebylex', (ctx) => replyRange(ctx, RangeBy.lex, false));
  registry.register('zrevrangebylex', (ctx) => replyRange(ctx, RangeBy.lex, true));
  registry.register('zcount', (ctx) => count(ctx, RangeBy.score));
  registry.register('zlexcount', (ctx) => count(ctx, RangeBy.lex));
  registry.register('zremrangebyrank', (ctx) => removeRange(ctx, RangeBy.rank, 'zremrangebyrank'));
  registry.register('zremrangebyscore', (ctx) => removeRange(ctx, RangeBy.score, 'zremrangebyscore'));
  registry.register('zremrangebylex', (ctx) => removeRange(ctx, RangeBy.lex, 'zremrangebylex'));
}
