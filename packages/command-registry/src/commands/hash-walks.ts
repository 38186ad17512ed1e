/**
 * Hashes at random and in steps: HRANDFIELD and HSCAN.
 */
import { type ByteView, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { latin1 } from '../context.js';
import { lookupHash } from './hashes.js';
import { cursorArgument, insertCursor, ScanOptions } from './scan.js';
import { WRONG_TYPE } from './typed-lookup.js';

const field = new View();
const value = new View();
const options = new ScanOptions();

const MIN_INT64 = -9223372036854775808n;
/** With values, each is counted twice. */
const MOST_PAIRS = 4611686018427387903n;

function hrandfield(ctx: CommandContext): void {
  if (ctx.argc === 2) {
    const h = lookupHash(ctx, false);
    if (h === WRONG_TYPE) return;
    if (h !== 0 && ctx.db.hashRandom(h, field, value)) ctx.reply.bulk(field.bytes, field.offset, field.length);
    else ctx.reply.null();
    return;
  }
  const exact = ctx.bigInteger(2);
  if (exact === undefined) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  if (exact === MIN_INT64) {
    ctx.reply.error(errors.outOfRangeSymmetric);
    return;
  }
  if (ctx.argc > 4 || (ctx.argc === 4 && !ctx.is(3, 'WITHVALUES'))) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const withValues = ctx.argc === 4;
  if (withValues && (exact > MOST_PAIRS || exact < -MOST_PAIRS)) {
    ctx.reply.error(errors.outOfRange);
    return;
  }
  const count = Number(exact);
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  if (h === 0 || count === 0 || ctx.db.hashLength(h) === 0) ctx.reply.array(0);
  else if (count < 0) randomWithRepeats(ctx, h, -count, withValues);
  else randomDistinct(ctx, h, count, withValues);
}

/** RESP3 nests each pair in an array of its own; RESP2 lists fields and values in turns. */
function beginPairs(ctx: CommandContext, count: number, withValues: boolean): void {
  ctx.reply.array(withValues && ctx.reply.protocol === 2 ? count * 2 : count);
}

function replyPair(ctx: CommandContext, f: ByteView, v: ByteView, withValues: boolean): void {
  const { reply } = ctx;
  if (withValues && reply.protocol === 3) reply.array(2);
  reply.bulk(f.bytes, f.offset, f.length);
  if (withValues) reply.bulk(v.bytes, v.offset, v.length);
}

function randomWithRepeats(ctx: CommandContext, h: number, count: number, withValues: boolean): void {
  beginPairs(ctx, count, withValues);
  for (let i = 0; i < count; i++) {
    ctx.db.hashRandom(h, field, value);
    replyPair(ctx, field, value, withValues);
  }
}

function randomDistinct(ctx: CommandContext, h: number, count: number, withValues: boolean): void {
  const total = ctx.db.hashLength(h);
  const wanted = Math.min(count, total);
  beginPairs(ctx, wanted, withValues);
  if (wanted * 3 < total) {
    const seen = new Set<string>();
    while (seen.size < wanted) {
      ctx.db.hashRandom(h, field, value);
      const name = latin1(field.bytes, field.offset, field.length);
      if (seen.has(name)) continue;
      seen.add(name);
      replyPair(ctx, field, value, withValues);
    }
    return;
  }
  // Selection sampling (Knuth, algorithm S): one walk, each subset as likely as any other.
  let needed = wanted;
  let left = total;
  const iterator = ctx.db.hashIterator(h);
  while (needed > 0 && iterator.next()) {
    if (ctx.keyspace.random() * left < needed) {
      replyPair(ctx, iterator.field, iterator.value, withValues);
      needed--;
    }
    left--;
  }
}

function hscan(ctx: CommandContext): void {
  const cursor = cursorArgument(ctx, 2);
  if (cursor === -1) return;
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  const { reply } = ctx;
  if (h === 0) {
    reply.array(2);
    reply.bulkLatin1('0');
    reply.array(0);
    return;
  }
  if (!options.parse(ctx, 3, false)) return;
  reply.array(2);
  const start = reply.length;
  const list = reply.beginDeferred();
  let found = 0;
  const next = ctx.db.hashScan(h, cursor, options.count, (f, v) => {
    if (!options.matches(ctx, f)) return;
    reply.bulk(f.bytes, f.offset, f.length);
    found++;
    if (options.noValues) return;
    reply.bulk(v.bytes, v.offset, v.length);
    found++;
  });
  reply.endDeferredArray(list, found);
  insertCursor(ctx, start, next);
}

export function registerHashWalks(registry: Registry): void {
  registry.register('hrandfield', hrandfield);
  registry.register('hscan', hscan);
}
