/**
 * Sorted sets at random and in steps: ZRANDMEMBER and ZSCAN.
 */
import { type Handle, View } from '@clone/core-store';
import { formatDouble, formatDouble17 } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import type { Registry } from '../registry.js';
import { asked, beginPairs, readRandomCount } from './random-count.js';
import { type PickSource, replyPicks } from './random-picks.js';
import { replyScan, scanned, type ScanStep } from './scan.js';
import { replyMember } from './score-range.js';
import { lookupSortedSet } from './sorted-set-lookup.js';
import { WRONG_TYPE } from './typed-lookup.js';

const member = new View();
const lookup = (ctx: CommandContext): number => lookupSortedSet(ctx, false);

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
  if (!readRandomCount(ctx, 'WITHSCORES')) return;
  const { count, withPairs } = asked;
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  if (h === 0 || count === 0n) ctx.reply.array(0);
  else if (count < 0n) replyPicks(ctx, picks, h, ctx.keyspace.sortedSets.length(h), -count, withPairs);
  else randomDistinct(ctx, h, Number(count), withPairs);
}

const picks: PickSource = {
  pick(ctx, h, withPairs, reply) {
    const score = ctx.keyspace.sortedSets.random(h, member);
    replyMember(reply, member, score, withPairs);
  },
  all(ctx, h, withPairs, reply, ended) {
    const cursor = ctx.keyspace.sortedSets.walker(h);
    for (let found = cursor.seek(0); found; found = cursor.next()) {
      replyMember(reply, cursor.member, cursor.score, withPairs);
      ended();
    }
  },
};

function randomDistinct(ctx: CommandContext, h: Handle, count: number, withScores: boolean): void {
  const { random, sortedSets } = ctx.keyspace;
  const total = sortedSets.length(h);
  const wanted = Math.min(count, total);
  beginPairs(ctx.reply, wanted, withScores);
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

/** A skiplist shows its scores with 17 digits here, and only here. */
const zscanStep: ScanStep = (ctx, h, cursor, options) => {
  const format = ctx.db.encodingOf(h) === 'skiplist' ? formatDouble17 : formatDouble;
  return ctx.keyspace.sortedSets.scan(h, cursor, options.count, (name, score) => {
    if (!options.matches(ctx, name)) return;
    ctx.reply.bulk(name.bytes, name.offset, name.length);
    ctx.reply.bulkLatin1(format(score));
    scanned.count += 2;
  });
};

function zscan(ctx: CommandContext): void {
  replyScan(ctx, lookup, false, zscanStep);
}

export function registerSortedSetWalks(registry: Registry): void {
  registry.register('zrandmember', zrandmember);
  registry.register('zscan', zscan);
}
