/**
 * Taking members from either end of sorted sets: ZPOPMIN, ZPOPMAX, ZMPOP, and those that wait for a member to take:
 * BZPOPMIN, BZPOPMAX, BZMPOP.
 *
 * What is logged names the key that was found and how many members were taken: ZPOPMIN or ZPOPMAX.
 */
import { type Handle, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyScore } from './score-range.js';
import { reportRemoval } from './sorted-set-lookup.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

/** The first key that holds a sorted set is argument `foundKey`. */
let foundKey = 0;

/** The sorted set of the first of these key arguments that exists, 0 when none does; `WRONG_TYPE`, the error being written. */
function lookupFirst(ctx: CommandContext, firstKey: number, keys: number): number {
  for (let i = firstKey; i < firstKey + keys; i++) {
    const h = lookupTyped(ctx, i, ValueType.zset, true);
    if (h === 0) continue;
    foundKey = i;
    return h;
  }
  return 0;
}

/** Writes `count` members from one end, each with its score, as pairs if `nested`; then removes them, and the key with the last one. */
function take(ctx: CommandContext, key: number, h: Handle, max: boolean, count: number, nested: boolean): void {
  const { sortedSets } = ctx.keyspace;
  const { reply } = ctx;
  const length = sortedSets.length(h);
  const cursor = sortedSets.walker(h);
  const { member } = cursor;
  let found = cursor.seek(max ? length - 1 : 0);
  for (let left = count; found && left > 0; left--) {
    if (nested) reply.array(2);
    reply.bulkFrom(member);
    replyScore(reply, cursor.score);
    if (left > 1) found = max ? cursor.previous() : cursor.next();
  }
  // A set that loses all its members is freed as a whole, in slices.
  if (count < length) sortedSets.removeRange(h, max ? length - count : 0, count);
  reportRemoval(ctx, key, count === length, max ? 'zpopmax' : 'zpopmin', count);
}

/** @param count how many were taken; 0: one, which needs no saying */
function logPop(ctx: CommandContext, key: number, max: boolean, count: number): void {
  if (!ctx.feeding) return;
  ctx.beginEffect(count === 0 ? 2 : 3);
  ctx.effectText(max ? 'ZPOPMAX' : 'ZPOPMIN');
  ctx.effectArgument(key);
  if (count > 0) ctx.effectInteger(count);
}

function pop(ctx: CommandContext, max: boolean): void {
  const { reply } = ctx;
  if (ctx.argc > 3) {
    reply.error(errors.syntax);
    return;
  }
  let wanted = 1;
  if (ctx.argc === 3) {
    wanted = ctx.integer(2);
    if (!(wanted >= 0)) {
      reply.error(errors.notPositive);
      return;
    }
  }
  const h = lookupTyped(ctx, 1, ValueType.zset, true);
  if (h === WRONG_TYPE) return;
  if (h === 0 || wanted === 0) {
    reply.array(0);
    return;
  }
  const count = Math.min(wanted, ctx.keyspace.sortedSets.length(h));
  const nested = reply.protocol === 3 && ctx.argc === 3;
  reply.array(nested ? count : count * 2);
  take(ctx, 1, h, max, count, nested);
}

function blockingPop(ctx: CommandContext, max: boolean): void {
  const timeout = ctx.timeout(ctx.argc - 1);
  if (Number.isNaN(timeout)) return;
  const keys = ctx.argc - 2;
  const h = lookupFirst(ctx, 1, keys);
  if (h === WRONG_TYPE) return;
  const { reply } = ctx;
  if (h !== 0) {
    const key = foundKey;
    reply.array(3);
    reply.bulk(ctx.bytes, ctx.offset(key), ctx.length(key));
    take(ctx, key, h, max, 1, false);
    logPop(ctx, key, max, 0);
  } else if (!ctx.block({ type: ValueType.zset, firstKey: 1, keys, timeout })) {
    reply.nullArray();
  }
}

/** ZMPOP, or BZMPOP with its timeout before everything else. @param numkeys argument with the number of keys */
function popOfSeveral(ctx: CommandContext, numkeys: number): void {
  const { reply } = ctx;
  const keys = ctx.integer(numkeys);
  if (!(keys > 0)) {
    reply.error(errors.numkeysNotPositive);
    return;
  }
  const where = numkeys + keys + 1;
  const max = where < ctx.argc && ctx.is(where, 'MAX');
  if (where >= ctx.argc || (!max && !ctx.is(where, 'MIN'))) {
    reply.error(errors.syntax);
    return;
  }
  let wanted = 1;
  if (ctx.argc > where + 1) {
    if (ctx.argc < where + 3 || !ctx.is(where + 1, 'COUNT')) {
      reply.error(errors.syntax);
      return;
    }
    wanted = ctx.integer(where + 2);
    if (!(wanted > 0)) {
      reply.error('ERR count should be greater than 0');
      return;
    }
    if (ctx.argc > where + 3) {
      reply.error(errors.syntax);
      return;
    }
  }
  const timeout = numkeys === 2 ? ctx.timeout(1) : 0;
  if (Number.isNaN(timeout)) return;
  const h = lookupFirst(ctx, numkeys + 1, keys);
  if (h === WRONG_TYPE) return;
  if (h !== 0) {
    const key = foundKey;
    const count = Math.min(wanted, ctx.keyspace.sortedSets.length(h));
    reply.array(2);
    reply.bulk(ctx.bytes, ctx.offset(key), ctx.length(key));
    reply.array(count);
    take(ctx, key, h, max, count, true);
    logPop(ctx, key, max, count);
  } else if (numkeys !== 2 || !ctx.block({ type: ValueType.zset, firstKey: 3, keys, timeout })) {
    reply.nullArray();
  }
}

export function registerSortedSetPops(registry: Registry): void {
  registry.register('zpopmin', (ctx) => pop(ctx, false));
  registry.register('zpopmax', (ctx) => pop(ctx, true));
  registry.register('bzpopmin', (ctx) => blockingPop(ctx, false));
  registry.register('bzpopmax', (ctx) => blockingPop(ctx, true));
  registry.register('zmpop', (ctx) => popOfSeveral(ctx, 1));
  registry.register('bzmpop', (ctx) => popOfSeveral(ctx, 2));
}
