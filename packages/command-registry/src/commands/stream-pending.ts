/**
 * XPENDING: what a group has delivered and nobody has acknowledged.
 */
import { byName, type Consumer, type PendingEntry, type StreamGroup, StreamId } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { findGroup, lookupStream, refuseGroup } from './stream-group-lookup.js';
import { parseRangeId, replyStreamId } from './stream-ids.js';
import { WRONG_TYPE } from './typed-lookup.js';

/** Arguments of the extended form, reused for every request. */
const request = {
  /** ms since the last delivery, at least; 0 or less: any. */
  minIdle: 0,
  from: new StreamId(),
  to: new StreamId(),
  count: 0,
  /** Argument with a consumer's name, 0: all. */
  consumer: 0,
};

/** False: the arguments are not valid, and the error is written. */
function parseRequest(ctx: CommandContext): boolean {
  let i = 3;
  request.minIdle = 0;
  if (ctx.is(3, 'IDLE')) {
    request.minIdle = ctx.integer(4);
    if (Number.isNaN(request.minIdle)) {
      ctx.reply.error(errors.notInteger);
      return false;
    }
    if (ctx.argc < 8) {
      ctx.reply.error(errors.syntax);
      return false;
    }
    i = 5;
  }
  request.count = ctx.integer(i + 2);
  if (Number.isNaN(request.count)) {
    ctx.reply.error(errors.notInteger);
    return false;
  }
  if (!parseRangeId(ctx, i, request.from, true) || !parseRangeId(ctx, i + 1, request.to, false)) return false;
  request.consumer = i + 3 < ctx.argc ? i + 3 : 0;
  return true;
}

function xpending(ctx: CommandContext): void {
  const { argc, reply } = ctx;
  const isSummary = argc === 3;
  if (!isSummary && (argc < 6 || argc > 9)) {
    reply.error(errors.syntax);
    return;
  }
  if (!isSummary && !parseRequest(ctx)) return;
  const h = lookupStream(ctx, 1);
  if (h === WRONG_TYPE) return;
  const group = findGroup(ctx, h, 2);
  if (group === undefined) refuseGroup(ctx, 1, 2);
  else if (isSummary) replySummary(ctx, group);
  else replyEntries(ctx, group);
}

function replySummary(ctx: CommandContext, group: StreamGroup): void {
  const { reply } = ctx;
  const { first, last, size } = group.pending;
  reply.array(4);
  reply.integer(size);
  if (first === undefined || last === undefined) {
    reply.null();
    reply.null();
    reply.nullArray();
    return;
  }
  replyStreamId(reply, first.id);
  replyStreamId(reply, last.id);
  const busy = byName(group.consumers).filter((consumer) => consumer.pending.size > 0);
  reply.array(busy.length);
  for (const { name, pending } of busy) {
    reply.array(2);
    reply.bulkLatin1(name);
    reply.bulkInteger(pending.size);
  }
}

function replyEntries(ctx: CommandContext, group: StreamGroup): void {
  const { reply } = ctx;
  let owner: StreamGroup | Consumer | undefined = group;
  if (request.consumer > 0) owner = group.consumers.get(ctx.latin1(request.consumer));
  if (owner === undefined || request.count <= 0) {
    reply.array(0);
    return;
  }
  const { now } = ctx.keyspace;
  const { minIdle, to, count } = request;
  const token = reply.beginDeferred();
  let n = 0;
  for (const entry of owner.pending.from(request.from)) {
    if (entry.id.compare(to) > 0) break;
    if (minIdle > 0 && now - entry.deliveryTime < minIdle) continue;
    replyPending(ctx, entry);
    if (++n === count) break;
  }
  reply.endDeferredArray(token, n);
}

function replyPending(ctx: CommandContext, entry: PendingEntry): void {
  const { reply } = ctx;
  reply.array(4);
  replyStreamId(reply, entry.id);
  reply.bulkLatin1(entry.consumer.name);
  reply.integer(Math.max(0, ctx.keyspace.now - entry.deliveryTime));
  reply.bigInteger(entry.deliveryCount);
}

export function registerStreamPending(registry: Registry): void {
  registry.register('xpending', xpending);
}
