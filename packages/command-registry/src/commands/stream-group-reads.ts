/**
 * Reading as a consumer: XREADGROUP and XACK.
 */
import {
  type Consumer,
  countUp,
  GroupProgress,
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
  effectNewConsumer,
  findGroup,
  createConsumer,
  isSign,
  lookupStream,
  quoted,
} from './stream-group-lookup.js';
import { MissingSequence, parseStrictStreamId, replyStreamId } from './stream-ids.js';
import { blockTimeout } from './stream-read.js';
import { replyEntry } from './stream-replies.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const DOLLAR_REFUSED =
  'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.';
const UNBALANCED = "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.";

/** Arguments of XREADGROUP, reused for every request. */
const request = {
  /** ms; -1: without BLOCK. */
  timeout: -1,
  /** Entries per stream, 0: all. */
  count: 0,
  noAck: false,
  /** Argument with the group's name, the consumer's behind it; 0: not given. */
  group: 0,
  /** Argument with the first key; the ids follow the keys. */
  keys: 0,
  streams: 0,
};

/** False: the arguments are not valid, and the error is written. */
function parseRequest(ctx: CommandContext): boolean {
  const { argc, reply } = ctx;
  request.timeout = -1;
  request.count = 0;
  request.noAck = false;
  request.group = 0;
  request.keys = 0;
  for (let i = 1; i < argc; i++) {
    const more = argc - 1 - i;
    if (more > 0 && ctx.is(i, 'BLOCK')) {
      request.timeout = blockTimeout(ctx, ++i);
      if (Number.isNaN(request.timeout)) return false;
    } else if (more > 0 && ctx.is(i, 'COUNT')) {
      const count = ctx.integer(++i);
      if (Number.isNaN(count)) {
        reply.error(errors.notInteger);
        return false;
      }
      request.count = Math.max(count, 0);
    } else if (more > 0 && ctx.is(i, 'STREAMS')) {
      request.keys = i + 1;
      if ((more & 1) === 1) {
        reply.error(UNBALANCED);
        return false;
      }
      request.streams = more / 2;
      break;
    } else if (more > 1 && ctx.is(i, 'GROUP')) {
      request.group = i + 1;
      i += 2;
    } else if (ctx.is(i, 'NOACK')) {
      request.noAck = true;
    } else {
      reply.error(errors.syntax);
      return false;
    }
  }
  if (request.keys > 0 && request.group > 0) return true;
  reply.error(request.keys === 0 ? errors.syntax : 'ERR Missing GROUP option for XREADGROUP');
  return false;
}

const from = new StreamId();
const end = new StreamId().setMax();
const progress = new GroupProgress();

/** Reads the id in argument `i` into `from`: what the consumer wants is behind it. `>` is the greatest id. */
function parseFrom(ctx: CommandContext, i: number): boolean {
  if (isSign(ctx, i, '$')) {
    ctx.reply.error(DOLLAR_REFUSED);
    return false;
  }
  if (!isSign(ctx, i, '>')) return parseStrictStreamId(ctx, i, from, MissingSequence.zero);
  from.setMax();
  return true;
}

/** Whether all streams have the group and all ids are valid; else the error is written. */
function checkStreams(ctx: CommandContext): boolean {
  for (let i = request.keys; i < request.keys + request.streams; i++) {
    const h = lookupStream(ctx, i);
    if (h === WRONG_TYPE) return false;
    if (findGroup(ctx, h, request.group) === undefined) {
      ctx.reply.error(
        `NOGROUP No such key '${quoted(ctx, i)}' or consumer group '${quoted(ctx, request.group)}' in XREADGROUP with GROUP option`,
      );
      return false;
    }
    if (!parseFrom(ctx, i + request.streams)) return false;
  }
  return true;
}

function xreadgroup(ctx: CommandContext): void {
  if (!parseRequest(ctx) || !checkStreams(ctx)) return;
  const { reply } = ctx;
  ctx.suppressEffect();
  const token = reply.beginDeferred();
  let served = 0;
  for (let i = request.keys; i < request.keys + request.streams; i++) if (serve(ctx, i)) served++;
  if (served > 0) {
    if (reply.protocol === 2) reply.endDeferredArray(token, served);
    else reply.endDeferredMap(token, served);
    return;
  }
  reply.truncate(token);
  const { timeout } = request;
  if (timeout >= 0 && ctx.block({ type: -1, firstKey: request.keys, keys: request.streams, timeout })) return;
  reply.nullArray();
}

/** Replies what the stream at key argument `key` has for the consumer; false: nothing, and nothing is written. */
function serve(ctx: CommandContext, key: number): boolean {
  const h = lookupTyped(ctx, key, ValueType.stream, false);
  const group = findGroup(ctx, h, request.group);
  if (group === undefined || !parseFrom(ctx, key + request.streams)) return false;
  ctx.db.willChange();
  const consumer = reader(ctx, group, key);
  if (!from.isMax()) {
    beginStream(ctx, key);
    replyHistory(ctx, h, group, consumer);
    ctx.keyspace.dirty++;
    return true;
  }
  from.copy(group.lastId);
  if (!from.increment()) return false;
  const entries = ctx.keyspace.streams.iterator(h, from, end, false);
  if (!entries.next()) return false;
  beginStream(ctx, key);
  progress.load(ctx.keyspace.streams, h);
  replyNew(ctx, key, group, consumer, entries);
  ctx.keyspace.dirty++;
  return true;
}

function reader(ctx: CommandContext, group: StreamGroup, key: number): Consumer {
  const name = request.group + 1;
  let consumer = group.consumers.get(ctx.latin1(name));
  if (consumer === undefined) {
    consumer = createConsumer(ctx, group, key, name);
    // Otherwise its first pending entry will make it.
    if (request.noAck) effectNewConsumer(ctx, key, request.group, name);
  }
  consumer.seenTime = ctx.keyspace.now;
  return consumer;
}

function beginStream(ctx: CommandContext, key: number): void {
  if (ctx.reply.protocol === 2) ctx.reply.array(2);
  ctx.reply.bulk(ctx.bytes, ctx.offset(key), ctx.length(key));
}

/** Entries that the consumer was given before and has not acknowledged, those behind `from`; a deleted one as null. */
function replyHistory(ctx: CommandContext, h: number, group: StreamGroup, consumer: Consumer): void {
  const { reply, keyspace } = ctx;
  const token = reply.beginDeferred();
  let n = 0;
  from.increment();
  const finder = new EntryFinder(keyspace.streams, h);
  for (const entry of consumer.pending.from(from)) {
    const found = finder.find(entry.id);
    if (found !== undefined) {
      replyEntry(reply, found);
      group.redeliver(entry, keyspace.now, countUp(entry.deliveryCount));
    } else {
      reply.array(2);
      replyStreamId(reply, entry.id);
      reply.nullArray();
    }
    if (++n === request.count) break;
  }
  reply.endDeferredArray(token, n);
}

/** Entries that the group has not seen. `entries` stands on the first. */
function replyNew(
  ctx: CommandContext,
  key: number,
  group: StreamGroup,
  consumer: Consumer,
  entries: StreamIterator,
): void {
  const { reply } = ctx;
  const token = reply.beginDeferred();
  let n = 0;
  do {
    progress.advance(group, entries.id);
    replyEntry(reply, entries);
    if (!request.noAck) deliver(ctx, key, group, consumer, entries.id);
  } while (++n !== request.count && entries.next());
  reply.endDeferredArray(token, n);
  if (request.noAck) effectGroupPosition(ctx, key, request.group, group);
}

function deliver(ctx: CommandContext, key: number, group: StreamGroup, consumer: Consumer, id: StreamId): void {
  const { now } = ctx.keyspace;
  // It may be pending already: XGROUP SETID lets a group read again what it has read.
  let entry = group.pending.find(id);
  if (entry === undefined) {
    entry = group.deliver(id, consumer, now, 1n);
  } else {
    group.assign(entry, consumer);
    group.redeliver(entry, now, 1n);
  }
  consumer.activeTime = now;
  effectClaim(ctx, key, request.group, request.group + 1, 0, entry, group.lastId);
}

const id = new StreamId();

function xack(ctx: CommandContext): void {
  const h = lookupStream(ctx, 1);
  if (h === WRONG_TYPE) return;
  const group = findGroup(ctx, h, 2);
  if (group === undefined) {
    ctx.reply.integer(0);
    return;
  }
  for (let i = 3; i < ctx.argc; i++) if (!parseStrictStreamId(ctx, i, id, MissingSequence.zero)) return;
  ctx.db.willChange();
  let acknowledged = 0;
  for (let i = 3; i < ctx.argc; i++) {
    parseStrictStreamId(ctx, i, id, MissingSequence.zero);
    if (group.acknowledge(id)) acknowledged++;
  }
  ctx.keyspace.dirty += acknowledged;
  ctx.reply.integer(acknowledged);
}

export function registerStreamGroupReads(registry: Registry): void {
  registry.register('xreadgroup', xreadgroup);
  registry.register('xack', xack);
}
