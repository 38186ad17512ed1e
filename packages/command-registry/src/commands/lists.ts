/**
 * Lists: pushes and pops, elements by index and by value. From list to list: `list-moves.ts`; those that wait:
 * `blocking-lists.ts`.
 */
import { EventClass, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { afterRemoval, createList, lookupList, popOne, popSeveral } from './list-ends.js';
import { registerListMoves } from './list-moves.js';
import { WRONG_TYPE } from './typed-lookup.js';

const RANK_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
const INDEX_OUT_OF_RANGE = 'ERR index out of range';
const COUNT_NEGATIVE = "ERR COUNT can't be negative";
const MAXLEN_NEGATIVE = "ERR MAXLEN can't be negative";

const MIN_INT64 = -9223372036854775808n;

const view = new View();

// ── pushes and pops ─────────────────────────────────────────────────────────────────────────────────────────────────

function push(ctx: CommandContext, left: boolean, mustExist: boolean): void {
  let h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    if (mustExist) {
      ctx.reply.integer(0);
      return;
    }
    h = createList(ctx, 1);
  }
  const { lists } = ctx.keyspace;
  const { bytes, offsets, lengths, argc } = ctx.request;
  let length = 0;
  let sum = 0;
  for (let i = 2; i < argc; i++) sum += lengths[i]!;
  lists.willGrow(h, sum, argc - 2);
  for (let i = 2; i < argc; i++) length = lists.pushAnnounced(h, left, bytes, offsets[i]!, lengths[i]!);
  ctx.changed(1, EventClass.list, left ? 'lpush' : 'rpush', argc - 2);
  ctx.reply.integer(length);
}

function pop(ctx: CommandContext, left: boolean): void {
  if (ctx.argc > 3) {
    ctx.reply.error(errors.wrongArity(ctx.command.name));
    return;
  }
  const count = ctx.argc === 3 ? ctx.integer(2) : -1;
  if (ctx.argc === 3 && !(count >= 0)) {
    ctx.reply.error(errors.notPositive);
    return;
  }
  const h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    if (count < 0) ctx.reply.null();
    else ctx.reply.nullArray();
  } else if (count < 0) popOne(ctx, 1, h, left);
  else if (count === 0) ctx.reply.array(0);
  else popSeveral(ctx, 1, h, left, Math.min(count, ctx.keyspace.lists.length(h)));
}

// ── by index ────────────────────────────────────────────────────────────────────────────────────────────────────────

function llen(ctx: CommandContext): void {
  const h = lookupList(ctx, 1, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h === 0 ? 0 : ctx.keyspace.lists.length(h));
}

function lrange(ctx: CommandContext): void {
  const start = ctx.integer(2);
  const end = ctx.integer(3);
  if (Number.isNaN(start) || Number.isNaN(end)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const h = lookupList(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  const length = h === 0 ? 0 : ctx.keyspace.lists.length(h);
  const from = start < 0 ? Math.max(start + length, 0) : start;
  const to = Math.min(end < 0 ? end + length : end, length - 1);
  if (from > to) {
    ctx.reply.array(0);
    return;
  }
  ctx.reply.array(to - from + 1);
  ctx.keyspace.lists.range(h, from, to - from + 1, false, ctx.reply);
}

function ltrim(ctx: CommandContext): void {
  const start = ctx.integer(2);
  const end = ctx.integer(3);
  if (Number.isNaN(start) || Number.isNaN(end)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  ctx.reply.ok();
  if (h === 0) return;
  const { lists } = ctx.keyspace;
  const length = lists.length(h);
  const from = start < 0 ? Math.max(start + length, 0) : start;
  const to = Math.min(end < 0 ? end + length : end, length - 1);
  const empty = from > to;
  if (!empty) {
    lists.removeRange(h, to + 1, length - to - 1);
    lists.removeRange(h, 0, from);
  }
  // The event is reported even when nothing is gone.
  afterRemoval(ctx, 1, empty, 'ltrim', empty ? length : length - (to - from + 1));
}

function lindex(ctx: CommandContext): void {
  const h = lookupList(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  const index = ctx.integer(2);
  if (Number.isNaN(index)) ctx.reply.error(errors.notInteger);
  else if (ctx.keyspace.lists.get(h, index, view)) ctx.reply.bulkFrom(view);
  else ctx.reply.null();
}

function lset(ctx: CommandContext): void {
  const h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  const index = ctx.integer(2);
  if (h === 0) {
    ctx.reply.error(errors.noSuchKey);
  } else if (Number.isNaN(index)) {
    ctx.reply.error(errors.notInteger);
  } else if (ctx.keyspace.lists.set(h, index, ctx.bytes, ctx.offset(3), ctx.length(3))) {
    ctx.changed(1, EventClass.list, 'lset');
    ctx.reply.ok();
  } else {
    ctx.reply.error(INDEX_OUT_OF_RANGE);
  }
}

// ── by value ────────────────────────────────────────────────────────────────────────────────────────────────────────

function linsert(ctx: CommandContext): void {
  const before = ctx.is(2, 'BEFORE');
  if (!before && !ctx.is(2, 'AFTER')) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.integer(0);
    return;
  }
  const { lists } = ctx.keyspace;
  // Before it is known whether the pivot is there, as Redis does: the encoding shows it.
  lists.willGrow(h, ctx.length(4), 1);
  lists.search(h, false);
  if (lists.searchNext(ctx.bytes, ctx.offset(3), ctx.length(3), Infinity) < 0) {
    ctx.reply.integer(-1);
    return;
  }
  lists.insertBesideFound(h, before, ctx.bytes, ctx.offset(4), ctx.length(4));
  ctx.changed(1, EventClass.list, 'linsert');
  ctx.reply.integer(lists.length(h));
}

function lrem(ctx: CommandContext): void {
  const count = ctx.integer(2);
  if (Number.isNaN(count)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  // As a number the neighbors of -2^63 look like it: only those few counts are read exactly.
  if (count <= -(2 ** 63) && ctx.bigInteger(2) === MIN_INT64) {
    ctx.reply.error(errors.outOfRangeSymmetric);
    return;
  }
  const h = lookupList(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.integer(0);
    return;
  }
  const { lists } = ctx.keyspace;
  const { bytes } = ctx;
  const offset = ctx.offset(3);
  const length = ctx.length(3);
  const most = count === 0 ? Infinity : Math.abs(count);
  let gone = 0;
  lists.search(h, count < 0);
  while (gone < most && lists.searchNext(bytes, offset, length, Infinity) >= 0) {
    lists.removeFound(h);
    gone++;
  }
  lists.searchEnded(h);
  if (gone > 0) afterRemoval(ctx, 1, lists.length(h) === 0, 'lrem', gone);
  ctx.reply.integer(gone);
}

function lpos(ctx: CommandContext): void {
  let rank = 1;
  let count = -1;
  let most = 0;
  for (let i = 3; i < ctx.argc; i += 2) {
    const last = i + 1 === ctx.argc;
    if (ctx.is(i, 'RANK') && !last) {
      const exact = ctx.bigInteger(i + 1);
      if (exact === undefined || exact === 0n || exact === MIN_INT64) {
        ctx.reply.error(
          exact === undefined ? errors.notInteger : exact === 0n ? RANK_ZERO : errors.outOfRangeSymmetric,
        );
        return;
      }
      rank = Number(exact);
    } else if (ctx.is(i, 'COUNT') && !last) {
      count = ctx.integer(i + 1);
      if (!(count >= 0)) {
        ctx.reply.error(COUNT_NEGATIVE);
        return;
      }
    } else if (ctx.is(i, 'MAXLEN') && !last) {
      most = ctx.integer(i + 1);
      if (!(most >= 0)) {
        ctx.reply.error(MAXLEN_NEGATIVE);
        return;
      }
    } else {
      ctx.reply.error(errors.syntax);
      return;
    }
  }
  const h = lookupList(ctx, 1, false);
  if (h !== WRONG_TYPE) replyPositions(ctx, h, rank, count, most === 0 ? Infinity : most);
}

/** @param count -1: one position, no array; 0: all */
function replyPositions(ctx: CommandContext, h: number, rank: number, count: number, most: number): void {
  const { reply } = ctx;
  if (h === 0) {
    if (count < 0) reply.null();
    else reply.array(0);
    return;
  }
  const { lists } = ctx.keyspace;
  const token = count < 0 ? 0 : reply.beginDeferred();
  const enough = count < 0 ? 1 : count === 0 ? Infinity : count;
  const last = lists.length(h) - 1;
  let toSkip = Math.abs(rank) - 1;
  let found = 0;
  lists.search(h, rank < 0);
  while (found < enough) {
    const index = lists.searchNext(ctx.bytes, ctx.offset(2), ctx.length(2), most);
    if (index < 0) break;
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    found++;
    reply.integer(rank < 0 ? last - index : index);
  }
  if (count >= 0) reply.endDeferredArray(token, found);
  else if (found === 0) reply.null();
}

export function registerLists(registry: Registry): void {
  registry.register('lpush', (ctx) => push(ctx, true, false));
  registry.register('rpush', (ctx) => push(ctx, false, false));
  registry.register('lpushx', (ctx) => push(ctx, true, true));
  registry.register('rpushx', (ctx) => push(ctx, false, true));
  registry.register('lpop', (ctx) => pop(ctx, true));
  registry.register('rpop', (ctx) => pop(ctx, false));
  registry.register('llen', llen);
  registry.register('lrange', lrange);
  registry.register('lindex', lindex);
  registry.register('lset', lset);
  registry.register('linsert', linsert);
  registry.register('lrem', lrem);
  registry.register('ltrim', ltrim);
  registry.register('lpos', lpos);
  registerListMoves(registry);
}
