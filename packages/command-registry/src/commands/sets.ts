/**
 * Sets: members one by one, at random and in steps. Several sets at once are in `set-algebra.ts`.
 */
import { EventClass, ValueType, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { registerSetAlgebra } from './set-algebra.js';
import { type PickSource, replyPicks } from './random-picks.js';
import { replyScan, scanned, type ScanStep } from './scan.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const view = new View();
const lookup = (ctx: CommandContext): number => lookupSet(ctx, 1, false);

const MIN_INT64 = -9223372036854775808n;

/** As `lookupTyped` for key argument `i`. */
function lookupSet(ctx: CommandContext, i: number, forWrite: boolean): number {
  return lookupTyped(ctx, i, ValueType.set, forWrite);
}

/** A new set under key argument `i`, which is missing. */
function addSet(ctx: CommandContext, i: number): number {
  const h = ctx.keyspace.sets.create(ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.db.add(h, ctx.bytes, ctx.offset(i), ctx.length(i));
  return h;
}

/** Deletes key argument `i`, whose set has become empty, and says so. */
function dropEmpty(ctx: CommandContext, i: number): void {
  ctx.db.delete(ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.changed(i, EventClass.generic, 'del', 0);
}

function sadd(ctx: CommandContext): void {
  let h = lookupSet(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  const { sets } = ctx.keyspace;
  const { argc, bytes, offsets, lengths } = ctx.request;
  if (h === 0) h = addSet(ctx, 1);
  sets.expect(h, argc - 2, bytes, offsets[2]!, lengths[2]!);
  let added = 0;
  for (let i = 2; i < argc; i++) if (sets.add(h, bytes, offsets[i]!, lengths[i]!)) added++;
  if (added > 0) ctx.changed(1, EventClass.set, 'sadd', added);
  ctx.reply.integer(added);
}

function srem(ctx: CommandContext): void {
  const h = lookupSet(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  let removed = 0;
  let empty = false;
  if (h !== 0) {
    const { sets } = ctx.keyspace;
    const { argc, bytes, offsets, lengths } = ctx.request;
    for (let i = 2; i < argc && !empty; i++) {
      if (!sets.remove(h, bytes, offsets[i]!, lengths[i]!)) continue;
      removed++;
      empty = sets.length(h) === 0;
    }
    if (removed > 0) ctx.changed(1, EventClass.set, 'srem', removed);
    if (empty) dropEmpty(ctx, 1);
  }
  ctx.reply.integer(removed);
}

function isMember(ctx: CommandContext, h: number, i: number): number {
  return h !== 0 && ctx.keyspace.sets.has(h, ctx.bytes, ctx.offset(i), ctx.length(i)) ? 1 : 0;
}

function sismember(ctx: CommandContext): void {
  const h = lookupSet(ctx, 1, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(isMember(ctx, h, 2));
}

function smismember(ctx: CommandContext): void {
  const h = lookupSet(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) ctx.reply.integer(isMember(ctx, h, i));
}

function scard(ctx: CommandContext): void {
  const h = lookupSet(ctx, 1, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h === 0 ? 0 : ctx.keyspace.sets.length(h));
}

function replyMembers(ctx: CommandContext, h: number): void {
  const walk = ctx.keyspace.sets.walk(h);
  const { member } = walk;
  while (walk.next()) ctx.reply.bulk(member.bytes, member.offset, member.length);
}

function smembers(ctx: CommandContext): void {
  const h = lookupSet(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.set(h === 0 ? 0 : ctx.keyspace.sets.length(h));
  if (h !== 0) replyMembers(ctx, h);
}

function smove(ctx: CommandContext): void {
  const source = ctx.lookupWrite(1);
  if (source === 0) {
    ctx.reply.integer(0);
    return;
  }
  let target = ctx.lookupWrite(2);
  if (ctx.db.typeOf(source) !== ValueType.set || (target !== 0 && ctx.db.typeOf(target) !== ValueType.set)) {
    ctx.reply.error(errors.wrongType);
    return;
  }
  const moved = isMember(ctx, source, 3);
  ctx.reply.integer(moved);
  if (moved === 0 || source === target) return;
  const { sets } = ctx.keyspace;
  // Each key is looked up for writing right before it is changed.
  sets.remove(ctx.lookupWrite(1), ctx.bytes, ctx.offset(3), ctx.length(3));
  ctx.changed(1, EventClass.set, 'srem');
  if (sets.length(source) === 0) dropEmpty(ctx, 1);
  target = ctx.lookupWrite(2);
  if (target === 0) target = addSet(ctx, 2);
  if (sets.add(target, ctx.bytes, ctx.offset(3), ctx.length(3))) ctx.changed(2, EventClass.set, 'sadd');
}

// ── at random ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Shows, reports for the feed and removes a random member; the reply takes it before. */
function popOne(ctx: CommandContext, h: number): void {
  const { sets } = ctx.keyspace;
  sets.random(h, view);
  ctx.reply.bulkFrom(view);
  if (ctx.feeding) {
    ctx.beginEffect(3);
    ctx.effectText('SREM');
    ctx.effectArgument(1);
    ctx.effectBytes(view.bytes, view.offset, view.length);
  }
  sets.removeDrawn(h);
}

function spop(ctx: CommandContext): void {
  if (ctx.argc > 2) {
    spopCount(ctx);
    return;
  }
  const h = lookupSet(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  popOne(ctx, h);
  ctx.changed(1, EventClass.set, 'spop');
  if (ctx.keyspace.sets.length(h) === 0) dropEmpty(ctx, 1);
}

function spopCount(ctx: CommandContext): void {
  if (ctx.argc > 3) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const count = ctx.integer(2);
  if (Number.isNaN(count) || count < 0) {
    ctx.reply.error(errors.notPositive);
    return;
  }
  const h = lookupSet(ctx, 1, true);
  if (h === WRONG_TYPE) return;
  const { sets } = ctx.keyspace;
  const length = h === 0 ? 0 : sets.length(h);
  ctx.reply.set(Math.min(count, length));
  if (length === 0 || count === 0) return;
  if (count >= length) {
    replyMembers(ctx, h);
    ctx.changed(1, EventClass.set, 'spop', length);
    dropEmpty(ctx, 1);
    if (!ctx.feeding) return;
    ctx.beginEffect(2);
    ctx.effectText('DEL');
    ctx.effectArgument(1);
    return;
  }
  for (let i = 0; i < count; i++) popOne(ctx, h);
  ctx.changed(1, EventClass.set, 'spop', count);
}

function srandmember(ctx: CommandContext): void {
  if (ctx.argc > 2) {
    srandmemberCount(ctx);
    return;
  }
  const h = lookupSet(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  ctx.keyspace.sets.random(h, view);
  ctx.reply.bulkFrom(view);
}

const picks: PickSource = {
  pick(ctx, h, _withPairs, reply) {
    ctx.keyspace.sets.random(h, view);
    reply.bulkFrom(view);
  },
  all(ctx, h, _withPairs, reply, ended) {
    const walk = ctx.keyspace.sets.walk(h);
    const { member } = walk;
    while (walk.next()) {
      reply.bulk(member.bytes, member.offset, member.length);
      ended();
    }
  },
};

function srandmemberCount(ctx: CommandContext): void {
  const { reply } = ctx;
  if (ctx.argc > 3) {
    reply.error(errors.syntax);
    return;
  }
  const exact = ctx.bigInteger(2);
  if (exact === undefined) {
    reply.error(errors.notInteger);
    return;
  }
  if (exact === MIN_INT64) {
    reply.error(errors.outOfRangeSymmetric);
    return;
  }
  const h = lookupSet(ctx, 1, false);
  if (h === WRONG_TYPE) return;
  const { sets } = ctx.keyspace;
  const length = h === 0 ? 0 : sets.length(h);
  if (length === 0 || exact === 0n) {
    reply.array(0);
  } else if (exact < 0n) {
    // The same member may come again and again.
    replyPicks(ctx, picks, h, length, -exact, false);
  } else {
    const count = Math.min(Number(exact), length);
    reply.array(count);
    sets.sample(h, count, (member) => {
      reply.bulkFrom(member);
    });
  }
}

const sscanStep: ScanStep = (ctx, h, cursor, options) =>
  ctx.keyspace.sets.scan(h, cursor, options.count, (member) => {
    if (!options.matches(ctx, member)) return;
    ctx.reply.bulk(member.bytes, member.offset, member.length);
    scanned.count++;
  });

function sscan(ctx: CommandContext): void {
  replyScan(ctx, lookup, false, sscanStep);
}

export function registerSets(registry: Registry): void {
  registry.register('sadd', sadd);
  registry.register('srem', srem);
  registry.register('sismember', sismember);
  registry.register('smismember', smismember);
  registry.register('scard', scard);
  registry.register('smembers', smembers);
  registry.register('smove', smove);
  registry.register('spop', spop);
  registry.register('srandmember', srandmember);
  registry.register('sscan', sscan);
  registerSetAlgebra(registry);
}
