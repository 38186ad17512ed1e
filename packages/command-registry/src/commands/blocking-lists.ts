/**
 * Lists, waited for: what `lists.ts` does at once, done when there is something. A request that waited is executed again
 * as if it came then (Redis 7.2). What is logged are the commands that do not wait.
 */
import { ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import type { Registry } from '../registry.js';
import { endArgument, moveElement, popFirst, readPop, wanted } from './list-moves.js';
import { lookupList, popOne } from './list-ends.js';
import { WRONG_TYPE } from './typed-lookup.js';

function blockingPop(ctx: CommandContext, left: boolean): void {
  const { argc } = ctx.request;
  const timeout = ctx.timeout(argc - 1);
  if (Number.isNaN(timeout)) return;
  for (let i = 1; i < argc - 1; i++) {
    const h = lookupList(ctx, i, true);
    if (h === WRONG_TYPE) return;
    if (h === 0) continue;
    ctx.reply.array(2);
    ctx.reply.bulk(ctx.bytes, ctx.offset(i), ctx.length(i));
    popOne(ctx, i, h, left);
    if (!ctx.feeding) return;
    ctx.beginEffect(2);
    ctx.effectText(left ? 'LPOP' : 'RPOP');
    ctx.effectArgument(i);
    return;
  }
  if (!ctx.block({ type: ValueType.list, firstKey: 1, keys: argc - 2, timeout })) ctx.reply.nullArray();
}

function blmpop(ctx: CommandContext): void {
  if (!readPop(ctx, 2)) return;
  const timeout = ctx.timeout(1);
  if (Number.isNaN(timeout) || popFirst(ctx)) return;
  const { firstKey, keys } = wanted;
  if (!ctx.block({ type: ValueType.list, firstKey, keys, timeout })) ctx.reply.nullArray();
}

/** @param loggedAs what is logged, with the same arguments except the time */
function blockingMove(
  ctx: CommandContext,
  timeout: number,
  fromLeft: boolean,
  toLeft: boolean,
  loggedAs: string,
): void {
  const dirty = ctx.keyspace.dirty;
  if (moveElement(ctx, fromLeft, toLeft)) {
    if (ctx.keyspace.dirty === dirty || !ctx.feeding) return;
    ctx.beginEffect(ctx.argc - 1);
    ctx.effectText(loggedAs);
    for (let i = 1; i < ctx.argc - 1; i++) ctx.effectArgument(i);
    return;
  }
  if (!ctx.block({ type: ValueType.list, firstKey: 1, keys: 1, timeout })) ctx.reply.null();
}

function blmove(ctx: CommandContext): void {
  const from = endArgument(ctx, 3);
  if (from < 0) return;
  const to = endArgument(ctx, 4);
  if (to < 0) return;
  const timeout = ctx.timeout(5);
  if (!Number.isNaN(timeout)) blockingMove(ctx, timeout, from === 1, to === 1, 'LMOVE');
}

function brpoplpush(ctx: CommandContext): void {
  const timeout = ctx.timeout(3);
  if (!Number.isNaN(timeout)) blockingMove(ctx, timeout, false, true, 'RPOPLPUSH');
}

export function registerBlockingLists(registry: Registry): void {
  registry.register('blpop', (ctx) => blockingPop(ctx, true));
  registry.register('brpop', (ctx) => blockingPop(ctx, false));
  registry.register('blmove', blmove);
  registry.register('brpoplpush', brpoplpush);
  registry.register('blmpop', blmpop);
}
