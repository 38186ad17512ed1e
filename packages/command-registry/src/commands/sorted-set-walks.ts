/**
 * Sorted sets at random and in steps: ZRANDMEMBER and ZSCAN.
 */
import { type ByteView, type Handle, View } from '@clone/core-store';
import { formatDouble } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { cursorArgument, insertCursor, ScanOptions } from './scan.js';
import { beginMembers, replyMember } from './score-range.js';
import { lookupSortedSet } from './sorted-set-lookup.js';
import { WRONG_TYPE } from './typed-lookup.js';

const member = new View();
const options = new ScanOptions();

const MIN_INT64 = -9223372036854775808n;
/** With scores, each is counted twice. */
const MOST_PAIRS = 4611686018427387903n;

function zrandmember(ctx: CommandContext): void {
  if (ctx.argc === 2) {
    const h = lookupSortedSet(ctx, false);
    if (h === WRONG_TYPE) return;
    if (h === 0) {
      ctx.reply.null();
      return;
    }
    ctx.keyspace.sortedSets.random(h, member);
    ctx.reply.bulkFrom(member);
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
  if (ctx.argc > 4 || (ctx.argc === 4 && !ctx.is(3, 'WITHSCORES'))) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const withScores = ctx.argc === 4;
  if (withScores && (exact > MOST_PAIRS || exact < -MOST_PAIRS)) {
    ctx.reply.error(errors.outOfRange);
    return;
  }
  const count = Number(exact);
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  if (h === 0 || count === 0) ctx.reply.array(0);
  else if (count < 0) randomWithRepeats(ctx, h, -count, withScores);
  else randomDistinct(ctx, h, count, withScores);
}

function randomWithRepeats(ctx: CommandContext, h: Handle, count: number, withScores: boolean): void {
  const { sortedSets } = ctx.keyspace;
  beginMembers(ctx.reply, count, withScores);
  for (let i = 0; i < count; i++) {
    const score = sortedSets.random(h, member);
    replyMember(ctx.reply, member, score, withScores);
  }
}

function randomDistinct(ctx: CommandContext, h: Handle, count: number, withScores: boolean): void {
  const { random, sortedSets } = ctx.keyspace;
  const total = sortedSets.length(h);
  const wanted = Math.min(count, total);
  beginMembers(ctx.reply, wanted, withScores);
  const cursor = sortedSets.walker(h);
  if (wanted * 3 < total) {
    const seen = new Set<number>();
    while (seen.size < wanted) {
      const rank = Math.floor(random() * total);
      if (seen.has(rank)) continue;
      seen.add(rank);
      cursor.seek(rank);
      replyMember(ctx.reply, cursor.member, cursor.score, withScores);
    }
    return;
  }
  // Selection sampling (Knuth, algorithm S): one walk, each subset as likely as any other. Redis begins with the highest.
  let needed = wanted;
  let left = total;
  for (let found = cursor.seek(total - 1); found && needed > 0; found = cursor.previous()) {
    if (random() * left < needed) {
      replyMember(ctx.reply, cursor.member, cursor.score, withScores);
      needed--;
    }
    left--;
  }
}

function zscan(ctx: CommandContext): void {
  const cursor = cursorArgument(ctx, 2);
  if (cursor === -1) return;
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  const { reply } = ctx;
  if (h === 0) {
    reply.array(2);
    reply.bulkLatin1('0');
    reply.array(0);
    return;
  }
  if (!options.parse(ctx, 3, false)) return;
  if (options.noValues) {
    reply.error(errors.syntax);
    return;
  }
  reply.array(2);
  const start = reply.length;
  const list = reply.beginDeferred();
  let found = 0;
  const next = ctx.keyspace.sortedSets.scan(h, cursor, options.count, (name: ByteView, score: number) => {
    if (!options.matches(ctx, name)) return;
    reply.bulk(name.bytes, name.offset, name.length);
    reply.bulkLatin1(formatDouble(score));
    found += 2;
  });
  reply.endDeferredArray(list, found);
  insertCursor(ctx, start, next);
}

export function registerSortedSetWalks(registry: Registry): void {
  registry.register('zrandmember', zrandmember);
  registry.register('zscan', zscan);
}
