/**
 * Hashes at random and in steps: HRANDFIELD and HSCAN.
 */
import { type ByteView, View } from '@clone/core-store';
import type { ReplyWriter } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import type { Registry } from '../registry.js';
import { latin1 } from '../context.js';
import { lookupHash } from './hashes.js';
import { asked, beginPairs, readRandomCount } from './random-count.js';
import { type PickSource, replyPicks } from './random-picks.js';
import { replyScan, scanned, type ScanStep } from './scan.js';
import { WRONG_TYPE } from './typed-lookup.js';

const field = new View();
const value = new View();

const lookup = (ctx: CommandContext): number => lookupHash(ctx, false);

function hrandfield(ctx: CommandContext): void {
  if (ctx.argc === 2) {
    const h = lookupHash(ctx, false);
    if (h === WRONG_TYPE) return;
    if (h !== 0 && ctx.db.hashRandom(h, field, value)) ctx.reply.bulk(field.bytes, field.offset, field.length);
    else ctx.reply.null();
    return;
  }
  if (!readRandomCount(ctx, 'WITHVALUES')) return;
  const { count, withPairs } = asked;
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  const length = h === 0 ? 0 : ctx.db.hashLength(h);
  if (length === 0 || count === 0n) ctx.reply.array(0);
  else if (count < 0n) replyPicks(ctx, picks, h, length, -count, withPairs);
  else randomDistinct(ctx, h, Number(count), withPairs);
}

function replyPair(reply: ReplyWriter, f: ByteView, v: ByteView, withValues: boolean): void {
  if (withValues && reply.protocol === 3) reply.array(2);
  reply.bulk(f.bytes, f.offset, f.length);
  if (withValues) reply.bulk(v.bytes, v.offset, v.length);
}

const picks: PickSource = {
  pick(ctx, h, withPairs, reply) {
    ctx.db.hashRandom(h, field, value);
    replyPair(reply, field, value, withPairs);
  },
  all(ctx, h, withPairs, reply, ended) {
    const iterator = ctx.db.hashIterator(h);
    while (iterator.next()) {
      replyPair(reply, iterator.field, iterator.value, withPairs);
      ended();
    }
  },
};

function randomDistinct(ctx: CommandContext, h: number, count: number, withValues: boolean): void {
  const total = ctx.db.hashLength(h);
  const wanted = Math.min(count, total);
  beginPairs(ctx.reply, wanted, withValues);
  if (wanted * 3 < total) {
    const seen = new Set<string>();
    while (seen.size < wanted) {
      ctx.db.hashRandom(h, field, value);
      const name = latin1(field.bytes, field.offset, field.length);
      if (seen.has(name)) continue;
      seen.add(name);
      replyPair(ctx.reply, field, value, withValues);
    }
    return;
  }
  // Selection sampling (Knuth, algorithm S): one walk, each subset as likely as any other.
  let needed = wanted;
  let left = total;
  const iterator = ctx.db.hashIterator(h);
  while (needed > 0 && iterator.next()) {
    if (ctx.keyspace.random() * left < needed) {
      replyPair(ctx.reply, iterator.field, iterator.value, withValues);
      needed--;
    }
    left--;
  }
}

const hscanStep: ScanStep = (ctx, h, cursor, options) =>
  ctx.db.hashScan(h, cursor, options.count, (f, v) => {
    if (!options.matches(ctx, f)) return;
    ctx.reply.bulk(f.bytes, f.offset, f.length);
    scanned.count++;
    if (options.noValues) return;
    ctx.reply.bulk(v.bytes, v.offset, v.length);
    scanned.count++;
  });

function hscan(ctx: CommandContext): void {
  replyScan(ctx, lookup, true, hscanStep);
}

export function registerHashWalks(registry: Registry): void {
  registry.register('hrandfield', hrandfield);
  registry.register('hscan', hscan);
}
