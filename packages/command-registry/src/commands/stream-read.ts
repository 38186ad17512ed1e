/**
 * XREAD: what several streams have behind given ids, waiting for it if asked to.
 */
import { StreamId, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { formatStreamId, MissingSequence, parseStrictStreamId, streamIdText } from './stream-ids.js';
import { replyEntries } from './stream-replies.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const UNBALANCED = "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.";
const GROUP_REFUSED = 'ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.';
const NOACK_REFUSED = 'ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.';
const NEW_REFUSED =
  'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.';

const DOLLAR = 0x24;
const GREATER = 0x3e;

/** 2^63: what a C `long long` of milliseconds holds. */
const MAX_TIMEOUT = 9223372036854775807;

/** What was asked for; one object, reused for every request. */
const asked = {
  /** ms; -1: without BLOCK. */
  timeout: -1,
  /** Entries per stream, 0: all. */
  count: 0,
  /** Argument with the first key; the ids follow the keys. */
  keys: 0,
  streams: 0,
};

/** Argument `i` as a time to wait, in ms (0: for ever); NaN when it is none: then the error is written. */
export function blockTimeout(ctx: CommandContext, i: number): number {
  const timeout = ctx.integer(i);
  if (Number.isNaN(timeout)) ctx.reply.error(errors.timeoutNotInteger);
  else if (timeout < 0) ctx.reply.error(errors.timeoutNegative);
  else if (timeout > MAX_TIMEOUT - ctx.keyspace.now) ctx.reply.error(errors.timeoutOutOfRange);
  else return timeout;
  return NaN;
}

/** False: the arguments are not valid, and the error is written. */
function parse(ctx: CommandContext): boolean {
  const { argc, reply } = ctx;
  asked.timeout = -1;
  asked.count = 0;
  for (let i = 1; i < argc; i++) {
    const more = argc - 1 - i;
    if (more > 0 && ctx.is(i, 'BLOCK')) {
      asked.timeout = blockTimeout(ctx, ++i);
      if (Number.isNaN(asked.timeout)) return false;
    } else if (more > 0 && ctx.is(i, 'COUNT')) {
      asked.count = Math.max(ctx.integer(++i), 0);
      if (Number.isNaN(asked.count)) {
        reply.error(errors.notInteger);
        return false;
      }
    } else if (more > 0 && ctx.is(i, 'STREAMS')) {
      asked.keys = i + 1;
      asked.streams = more / 2;
      if ((more & 1) === 0) return true;
      reply.error(UNBALANCED);
      return false;
    } else {
      if (more > 1 && ctx.is(i, 'GROUP')) reply.error(GROUP_REFUSED);
      else reply.error(ctx.is(i, 'NOACK') ? NOACK_REFUSED : errors.syntax);
      return false;
    }
  }
  reply.error(errors.syntax);
  return false;
}

/** Ids behind which the streams are read, by stream; grows and stays. */
const starts: StreamId[] = [];
const last = new StreamId();
const least = new StreamId();
const greatest = new StreamId().setMax();

/** Whether argument `i` is this one byte, or, as a C string, ends behind it. */
function isByte(ctx: CommandContext, i: number, byte: number): boolean {
  const length = ctx.length(i);
  const offset = ctx.offset(i);
  return length > 0 && ctx.bytes[offset] === byte && (length === 1 || ctx.bytes[offset + 1] === 0);
}

/** Fills `starts`; false when a key or an id is not valid: then the error is written. */
function parseStarts(ctx: CommandContext): boolean {
  const { keys, streams } = asked;
  while (starts.length < streams) starts.push(new StreamId());
  for (let k = 0; k < streams; k++) {
    const start = starts[k]!;
    const i = keys + streams + k;
    const h = lookupTyped(ctx, keys + k, ValueType.stream, false);
    if (h === WRONG_TYPE) return false;
    if (isByte(ctx, i, DOLLAR)) {
      if (h === 0) start.setMin();
      else ctx.keyspace.streams.lastId(h, start);
    } else if (isByte(ctx, i, GREATER)) {
      ctx.reply.error(NEW_REFUSED);
      return false;
    } else if (!parseStrictStreamId(ctx, i, start, MissingSequence.zero)) {
      return false;
    }
  }
  return true;
}

/** Whether the stream has an entry behind this id. */
function hasNews(ctx: CommandContext, h: number, start: StreamId): boolean {
  const { streams } = ctx.keyspace;
  if (h === 0 || streams.length(h) === 0) return false;
  streams.lastId(h, last);
  if (last.compare(start) <= 0) return false;
  // The last id may be that of an entry that was deleted.
  const entries = streams.iterator(h, least, greatest, true);
  return entries.next() && entries.id.compare(start) > 0;
}

/** Replies the news of all streams; false, and no reply, when there are none. */
function replyNews(ctx: CommandContext): boolean {
  const { reply } = ctx;
  let token = -1;
  let found = 0;
  for (let k = 0; k < asked.streams; k++) {
    const key = asked.keys + k;
    const h = ctx.lookupRead(key);
    const start = starts[k]!;
    if (!hasNews(ctx, h, start)) continue;
    if (found++ === 0) token = reply.beginDeferred();
    if (reply.protocol === 2) reply.array(2);
    reply.bulk(ctx.bytes, ctx.offset(key), ctx.length(key));
    last.copy(start).increment();
    replyEntries(reply, ctx.keyspace.streams.iterator(h, last, greatest, false), asked.count);
  }
  if (found === 0) return false;
  if (reply.protocol === 2) reply.endDeferredArray(token, found);
  else reply.endDeferredMap(token, found);
  return true;
}

/** For a request that is executed again: `$` stays the id that it was when the client blocked. */
function fixedStarts(ctx: CommandContext): Map<number, Uint8Array> {
  const fixed = new Map<number, Uint8Array>();
  const ids = asked.keys + asked.streams;
  for (let k = 0; k < asked.streams; k++) {
    if (!isByte(ctx, ids + k, DOLLAR)) continue;
    const length = formatStreamId(starts[k]!);
    fixed.set(ids + k, streamIdText.slice(0, length));
  }
  return fixed;
}

function xread(ctx: CommandContext): void {
  if (!parse(ctx) || !parseStarts(ctx) || replyNews(ctx)) return;
  const { timeout, keys: firstKey, streams: keys } = asked;
  if (timeout >= 0) {
    const replace = fixedStarts(ctx);
    if (ctx.block({ type: ValueType.stream, firstKey, keys, timeout, replace })) return;
  }
  ctx.reply.nullArray();
}

export function registerStreamRead(registry: Registry): void {
  registry.register('xread', xread);
}
