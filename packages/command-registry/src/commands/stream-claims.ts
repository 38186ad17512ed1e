/**
 * Taking over what another consumer has not acknowledged: XCLAIM by id, XAUTOCLAIM whatever is idle.
 */
import {
  type Consumer,
  countUp,
  GroupProgress,
  INT64_MAX,
  type PendingEntry,
  type StreamGroup,
  StreamId,
  type StreamIterator,
  ValueType,
} from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { EntryFinder } from './stream-entry-finder.js';
import {
  effectClaim,
  effectGroupPosition,
  findGroup,
  lookupStream,
  quoted,
  refuseGroup,
  seeConsumer,
} from './stream-group-lookup.js';
import { MissingSequence, parseRangeId, parseStrictStreamId, replyStreamId, tryStrictStreamId } from './stream-ids.js';
import { replyEntry } from './stream-replies.js';
import { checkType, WRONG_TYPE } from './typed-lookup.js';

/** Options of XCLAIM, reused for every request. */
const options = {
  /** Index behind the last id. */
  end: 0,
  /** ms since epoch. */
  deliveryTime: 0,
  /** Negative: not given. */
  retryCount: -1n,
  force: false,
  justId: false,
  lastId: new StreamId(),
};
const id = new StreamId();
const progress = new GroupProgress();

/** Reads the options behind the ids. False: they are not valid, and the error is written. */
function parseOptions(ctx: CommandContext): boolean {
  const { argc } = ctx;
  const { now } = ctx.keyspace;
  let i = 5;
  while (i < argc && tryStrictStreamId(ctx, i, id, MissingSequence.zero)) i++;
  options.end = i;
  options.deliveryTime = now;
  options.retryCount = -1n;
  options.force = false;
  options.justId = false;
  options.lastId.setMin();
  for (; i < argc; i++) {
    const more = i + 1 < argc;
    if (ctx.is(i, 'FORCE')) {
      options.force = true;
    } else if (ctx.is(i, 'JUSTID')) {
      options.justId = true;
    } else if (more && ctx.is(i, 'IDLE')) {
      options.deliveryTime = now - milliseconds(ctx, ++i, 'IDLE option');
    } else if (more && ctx.is(i, 'TIME')) {
      options.deliveryTime = milliseconds(ctx, ++i, 'TIME option');
    } else if (more && ctx.is(i, 'RETRYCOUNT')) {
      const count = ctx.bigInteger(++i);
      if (count === undefined) {
        ctx.reply.error('ERR Invalid RETRYCOUNT option argument for XCLAIM');
        return false;
      }
      // In a log, a negative one has wrapped around.
      options.retryCount = count < 0n && ctx.keyspace.loading ? INT64_MAX : count;
    } else if (more && ctx.is(i, 'LASTID')) {
      if (!parseStrictStreamId(ctx, ++i, options.lastId, MissingSequence.zero)) return false;
    } else {
      ctx.reply.error(`ERR Unrecognized XCLAIM option '${quoted(ctx, i)}'`);
      return false;
    }
    if (Number.isNaN(options.deliveryTime)) return false;
  }
  // Clients compute times from clocks of their own: what cannot be is taken for now.
  if (options.deliveryTime < 0 || options.deliveryTime > now) options.deliveryTime = now;
  return true;
}

/** Argument `i` as an int64; NaN when it is none: then the error is written. */
function milliseconds(ctx: CommandContext, i: number, what: string): number {
  const n = ctx.integer(i);
  if (Number.isNaN(n)) ctx.reply.error(`ERR Invalid ${what} argument for XCLAIM`);
  return n;
}

function xclaim(ctx: CommandContext): void {
  const h = lookupStream(ctx, 1);
  if (h === WRONG_TYPE) return;
  const group = findGroup(ctx, h, 2);
  if (group === undefined) {
    refuseGroup(ctx, 1, 2);
    return;
  }
  const minIdle = ctx.integer(4);
  if (Number.isNaN(minIdle)) {
    ctx.reply.error('ERR Invalid min-idle-time argument for XCLAIM');
    return;
  }
  if (!parseOptions(ctx)) return;
  ctx.db.willChange();
  ctx.suppressEffect();
  const moved = options.lastId.compare(group.lastId) > 0;
  if (moved) moveOn(ctx, h, group);
  const consumer = seeConsumer(ctx, group, 1, 3);
  const { reply } = ctx;
  const finder = new EntryFinder(ctx.keyspace.streams, h);
  const token = reply.beginDeferred();
  let claimed = 0;
  let effects = 0;
  for (let i = 5; i < options.end; i++) {
    parseStrictStreamId(ctx, i, id, MissingSequence.zero);
    let entry = group.pending.find(id);
    const found = finder.find(id);
    if (found === undefined && entry !== undefined) {
      forget(ctx, group, entry, i);
      effects++;
      continue;
    }
    if (entry === undefined) {
      // A rewritten log says by FORCE what is pending, whether the stream still has it or not.
      if (!options.force || (found === undefined && !ctx.keyspace.loading)) continue;
      entry = group.deliver(id, consumer, 0, 1n);
    } else if (isBusy(ctx, entry, minIdle)) {
      continue;
    }
    claim(ctx, group, consumer, entry, i);
    effects++;
    if (found === undefined) continue;
    replyClaimed(ctx, found);
    claimed++;
  }
  reply.endDeferredArray(token, claimed);
  ctx.keyspace.dirty += effects;
  // With the effect of any entry goes the last id.
  if (!moved || effects > 0) return;
  effectGroupPosition(ctx, 1, 2, group);
  ctx.keyspace.dirty++;
}

/**
 * Sets the group's last id, as LASTID says. Redis up to 7.2.4 leaves the count of entries read as it was, so after a restart the
 * lag is wrong. In the log of a server, LASTID is the id that is claimed where XREADGROUP has delivered it: that counts.
 */
function moveOn(ctx: CommandContext, h: number, group: StreamGroup): void {
  const { lastId } = options;
  const isDelivery = ctx.keyspace.loading && tryStrictStreamId(ctx, 5, id, MissingSequence.zero) && id.equals(lastId);
  if (isDelivery) progress.load(ctx.keyspace.streams, h).advance(group, lastId);
  else group.lastId.copy(lastId);
}

/** Whether an entry was delivered too short a time ago to be claimed. @param minIdle ms, 0 or less: no time is too short */
function isBusy(ctx: CommandContext, entry: PendingEntry, minIdle: number): boolean {
  return minIdle > 0 && ctx.keyspace.now - entry.deliveryTime < minIdle;
}

/** An entry that the stream does not have any more ends to be pending. @param idArgument argument with its id, or 0 */
function forget(ctx: CommandContext, group: StreamGroup, entry: PendingEntry, idArgument: number): void {
  effectClaim(ctx, 1, 2, 0, idArgument, entry, group.lastId);
  group.acknowledge(entry.id);
}

/** Gives an entry to the consumer, as `options` say. @param idArgument argument with its id, or 0 */
function claim(
  ctx: CommandContext,
  group: StreamGroup,
  consumer: Consumer,
  entry: PendingEntry,
  idArgument: number,
): void {
  group.assign(entry, consumer);
  let count = entry.deliveryCount;
  if (options.retryCount >= 0n) count = options.retryCount;
  else if (!options.justId) count = countUp(count);
  group.redeliver(entry, options.deliveryTime, count);
  consumer.activeTime = ctx.keyspace.now;
  effectClaim(ctx, 1, 2, 3, idArgument, entry, group.lastId);
}

function replyClaimed(ctx: CommandContext, entry: StreamIterator): void {
  if (options.justId) replyStreamId(ctx.reply, entry.id);
  else replyEntry(ctx.reply, entry);
}

// ── XAUTOCLAIM ──────────────────────────────────────────────────────────────────────────────────────────────────────

const COUNT_TOO_HIGH = 'ERR Insufficient memory, failed allocating transient memory, COUNT too high.';
/** How many entries are looked at for each that is wanted. */
const ATTEMPTS = 10;
const DEFAULT_COUNT = 100;
/** Redis could not count the bytes of so many ids. */
const TOO_MANY = 576460752303423488n;
/** The bytes of so many ids, 16 each, are more than a process can have: Redis, which makes room for all of them, says so. */
const MORE_THAN_MEMORY = 8_000_000_000_000;

/** Reads COUNT and JUSTID; the count, or 0 when they are not valid: then the error is written. */
function parseAutomaticOptions(ctx: CommandContext): number {
  let count = DEFAULT_COUNT;
  options.justId = false;
  options.retryCount = -1n;
  options.deliveryTime = ctx.keyspace.now;
  for (let i = 6; i < ctx.argc; i++) {
    if (ctx.is(i, 'COUNT') && i + 1 < ctx.argc) {
      const exact = ctx.bigInteger(++i) ?? 0n;
      count = Number(exact);
      if (exact >= 1n && exact < TOO_MANY) continue;
      ctx.reply.error('ERR COUNT must be > 0');
      return 0;
    }
    if (!ctx.is(i, 'JUSTID')) {
      ctx.reply.error(errors.syntax);
      return 0;
    }
    options.justId = true;
  }
  return count;
}

const at = new StreamId();

function xautoclaim(ctx: CommandContext): void {
  // Before the arguments are judged: a miss counts all the same.
  const found = ctx.lookupRead(1);
  const minIdle = ctx.integer(4);
  if (Number.isNaN(minIdle)) {
    ctx.reply.error('ERR Invalid min-idle-time argument for XAUTOCLAIM');
    return;
  }
  if (!parseRangeId(ctx, 5, at, true)) return;
  const count = parseAutomaticOptions(ctx);
  if (count === 0) return;
  const h = checkType(ctx, found, ValueType.stream);
  if (h === WRONG_TYPE) return;
  const group = findGroup(ctx, h, 2);
  if (group === undefined) {
    refuseGroup(ctx, 1, 2);
    return;
  }
  if (count > MORE_THAN_MEMORY) {
    ctx.reply.error(COUNT_TOO_HIGH);
    return;
  }
  ctx.db.willChange();
  ctx.suppressEffect();
  const consumer = seeConsumer(ctx, group, 1, 3);
  // The first element of the reply is where the walk ends.
  const claimed: PendingEntry[] = [];
  const deleted: PendingEntry[] = [];
  const finder = new EntryFinder(ctx.keyspace.streams, h);
  let attempts = count * ATTEMPTS;
  let entry = group.pending.atOrAfter(at);
  for (; entry !== undefined && attempts > 0 && claimed.length + deleted.length < count; attempts--) {
    if (finder.find(entry.id) === undefined) {
      forget(ctx, group, entry, 0);
      deleted.push(entry);
    } else if (!isBusy(ctx, entry, minIdle)) {
      claim(ctx, group, consumer, entry, 0);
      claimed.push(entry);
    }
    entry = at.copy(entry.id).increment() ? group.pending.atOrAfter(at) : undefined;
  }
  ctx.keyspace.dirty += claimed.length + deleted.length;
  const { reply } = ctx;
  reply.array(3);
  replyStreamId(reply, entry === undefined ? at.setMin() : entry.id);
  reply.array(claimed.length);
  for (const { id } of claimed) {
    const found = options.justId ? undefined : finder.find(id);
    if (found === undefined) replyStreamId(reply, id);
    else replyEntry(reply, found);
  }
  reply.array(deleted.length);
  for (const each of deleted) replyStreamId(reply, each.id);
}

export function registerStreamClaims(registry: Registry): void {
  registry.register('xclaim', xclaim);
  registry.register('xautoclaim', xautoclaim);
}
