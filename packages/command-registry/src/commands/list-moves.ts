/**
 * Lists: from one to another (LMOVE, RPOPLPUSH) and from the first of several (LMPOP), for the commands that wait as well.
 */
import { EventClass, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { afterRemoval, createList, lookupList, popSeveral } from './list-ends.js';
import { WRONG_TYPE } from './typed-lookup.js';

const COUNT_NOT_POSITIVE = 'ERR count should be greater than 0';

const view = new View();
/** An element on its way from one list to another: neither may be looked at while the other is written. */
let carried = new Uint8Array(256);
const KEPT_BYTES = 65536;

/** 1: LEFT, 0: RIGHT, -1: neither; then the error is written. */
export function endArgument(ctx: CommandContext, i: number): number {
  if (ctx.is(i, 'LEFT')) return 1;
  if (ctx.is(i, 'RIGHT')) return 0;
  ctx.reply.error(errors.syntax);
  return -1;
}

/**
 * Moves an element from an end of the list under key argument 1 to one of that under 2, and replies it. False, and nothing is
 * replied or done, when there is no source.
 */
export function moveElement(ctx: CommandContext, fromLeft: boolean, toLeft: boolean): boolean {
  const { lists } = ctx.keyspace;
  const source = lookupList(ctx, 1, true);
  if (source === 0) return false;
  if (source === WRONG_TYPE) return true;
  lists.get(source, fromLeft ? 0 : -1, view);
  const { length } = view;
  // What the store keeps as an integer does not count for the encoding of the other list.
  const announced = view.bytes === view.digits ? 0 : length;
  if (carried.length < length) carried = new Uint8Array(length);
  if (length > 48) carried.set(view.bytes.subarray(view.offset, view.offset + length));
  else for (let i = 0; i < length; i++) carried[i] = view.bytes[view.offset + i]!;
  let target = lookupList(ctx, 2, true);
  if (target === WRONG_TYPE) return true;
  // Popped first, a list that is rotated keeps its encoding.
  if (source === target) lists.pop(source, fromLeft, view);
  else if (target === 0) target = createList(ctx, 2);
  lists.willGrow(target, announced, 1);
  lists.pushAnnounced(target, toLeft, carried, 0, length);
  ctx.changed(2, EventClass.list, toLeft ? 'lpush' : 'rpush');
  ctx.reply.bulk(carried, 0, length);
  if (carried.length > KEPT_BYTES) carried = new Uint8Array(KEPT_BYTES);
  // The key that changes next must be the one that was looked up last.
  if (source !== target) lists.pop(ctx.lookupWrite(1), fromLeft, view);
  // A move is one change.
  afterRemoval(ctx, 1, lists.length(source) === 0, fromLeft ? 'lpop' : 'rpop', 0);
  return true;
}

function lmove(ctx: CommandContext): void {
  const from = endArgument(ctx, 3);
  if (from < 0) return;
  const to = endArgument(ctx, 4);
  if (to >= 0 && !moveElement(ctx, from === 1, to === 1)) ctx.reply.null();
}

function rpoplpush(ctx: CommandContext): void {
  if (!moveElement(ctx, false, true)) ctx.reply.null();
}

/** What LMPOP and BLMPOP are asked for; filled by `readPop`. */
export const wanted = { firstKey: 0, keys: 0, left: false, count: 0 };

/** Reads `numkeys key … LEFT|RIGHT [COUNT n]` from argument `at` on; false when it is wrong: then the error is written. */
export function readPop(ctx: CommandContext, at: number): boolean {
  const { reply } = ctx;
  const keys = ctx.integer(at);
  if (!(keys > 0)) {
    reply.error(errors.numkeysNotPositive);
    return false;
  }
  const where = at + 1 + keys;
  if (where >= ctx.argc) {
    reply.error(errors.syntax);
    return false;
  }
  const end = endArgument(ctx, where);
  if (end < 0) return false;
  let count = 1;
  if (where + 1 < ctx.argc) {
    if (!ctx.is(where + 1, 'COUNT') || where + 2 === ctx.argc) {
      reply.error(errors.syntax);
      return false;
    }
    count = ctx.integer(where + 2);
    if (!(count > 0)) {
      reply.error(COUNT_NOT_POSITIVE);
      return false;
    }
    if (where + 3 < ctx.argc) {
      reply.error(errors.syntax);
      return false;
    }
  }
  wanted.firstKey = at + 1;
  wanted.keys = keys;
  wanted.left = end === 1;
  wanted.count = count;
  return true;
}

/** Pops from the first of the requested lists that is there. False, and nothing is replied, when none is. */
export function popFirst(ctx: CommandContext): boolean {
  const { firstKey, keys, left } = wanted;
  for (let i = firstKey; i < firstKey + keys; i++) {
    const h = lookupList(ctx, i, true);
    if (h === WRONG_TYPE) return true;
    if (h === 0) continue;
    const count = Math.min(wanted.count, ctx.keyspace.lists.length(h));
    ctx.reply.array(2);
    ctx.reply.bulk(ctx.bytes, ctx.offset(i), ctx.length(i));
    popSeveral(ctx, i, h, left, count);
    if (!ctx.feeding) return true;
    ctx.beginEffect(3);
    ctx.effectText(left ? 'LPOP' : 'RPOP');
    ctx.effectArgument(i);
    ctx.effectInteger(count);
    return true;
  }
  return false;
}

function lmpop(ctx: CommandContext): void {
  if (readPop(ctx, 1) && !popFirst(ctx)) ctx.reply.nullArray();
}

export function registerListMoves(registry: Registry): void {
  registry.register('lmove', lmove);
  registry.register('rpoplpush', rpoplpush);
  registry.register('lmpop', lmpop);
}
