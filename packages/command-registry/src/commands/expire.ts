/**
 * Expiry: EXPIRE and its relatives, TTL and its relatives, PERSIST.
 */
import { EventClass } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';

const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;

/** The conditions from argument 3 on; -1: they are not valid, and the error is written. */
function conditions(ctx: CommandContext): number {
  let set = 0;
  for (let i = 3; i < ctx.argc; i++) {
    if (ctx.is(i, 'NX')) set |= NX;
    else if (ctx.is(i, 'XX')) set |= XX;
    else if (ctx.is(i, 'GT')) set |= GT;
    else if (ctx.is(i, 'LT')) set |= LT;
    else {
      ctx.reply.error(errors.unsupportedOption(ctx.latin1(i)));
      return -1;
    }
  }
  if ((set & NX) !== 0 && set !== NX) {
    ctx.reply.error(errors.expireNxWithOthers);
    return -1;
  }
  if ((set & (GT | LT)) === (GT | LT)) {
    ctx.reply.error(errors.expireGtAndLt);
    return -1;
  }
  return set;
}

const MAX_INT64 = 9223372036854775807n;
const MIN_INT64 = -9223372036854775808n;

/** Argument 2 as ms since epoch, a bigint beyond 2^53; undefined when not valid: then the error is written. */
function timeArgument(ctx: CommandContext, seconds: boolean, relative: boolean): number | bigint | undefined {
  const value = ctx.integer(2);
  if (Number.isNaN(value)) {
    ctx.reply.error(errors.notInteger);
    return undefined;
  }
  const base = relative ? ctx.keyspace.now : 0;
  if (Math.abs(value) < 4e12) return value * (seconds ? 1000 : 1) + base;
  const exact = (ctx.bigInteger(2) ?? 0n) * (seconds ? 1000n : 1n);
  if (exact > MAX_INT64 - BigInt(base) || exact < MIN_INT64) {
    ctx.reply.error(errors.invalidExpireTime(ctx.command.name));
    return undefined;
  }
  return exact + BigInt(base);
}

function allowed(ctx: CommandContext, h: number, set: number, when: number | bigint): boolean {
  if (set === 0) return true;
  let current: number | bigint = ctx.db.expireAt(h);
  if (current > Number.MAX_SAFE_INTEGER) current = ctx.db.expireAtBig(h);
  if ((set & NX) !== 0) return current === -1;
  if ((set & XX) !== 0 && current === -1) return false;
  if ((set & GT) !== 0) return current !== -1 && when > current;
  return (set & LT) === 0 || current === -1 || when < current;
}

function setExpiry(ctx: CommandContext, seconds: boolean, relative: boolean): void {
  const set = conditions(ctx);
  if (set === -1) return;
  const when = timeArgument(ctx, seconds, relative);
  if (when === undefined) return;
  const h = ctx.lookupWrite(1);
  if (h === 0 || !allowed(ctx, h, set, when)) {
    ctx.reply.integer(0);
    return;
  }
  if (when <= ctx.keyspace.now && !ctx.keyspace.loading) {
    const { bytes, offsets, lengths } = ctx.request;
    ctx.db.delete(bytes, offsets[1]!, lengths[1]!, ctx.keyspace.lazyFreeing.expire);
    ctx.changed(1, EventClass.generic, 'del');
    if (ctx.feeding) {
      ctx.beginEffect(2);
      ctx.effectText('DEL');
      ctx.effectArgument(1);
    }
  } else {
    ctx.db.setExpireAt(h, when);
    ctx.changed(1, EventClass.generic, 'expire');
    if (ctx.feeding) {
      ctx.beginEffect(ctx.argc);
      ctx.effectText('PEXPIREAT');
      ctx.effectArgument(1);
      ctx.effectInteger(when);
      for (let i = 3; i < ctx.argc; i++) ctx.effectArgument(i);
    }
  }
  ctx.reply.integer(1);
}

function remaining(ctx: CommandContext, seconds: boolean, absolute: boolean): void {
  const h = ctx.lookupNoTouch(1);
  if (h === 0) {
    ctx.reply.integer(-2);
    return;
  }
  const when = ctx.db.expireAt(h);
  if (when === -1) {
    ctx.reply.integer(-1);
    return;
  }
  if (when > Number.MAX_SAFE_INTEGER) {
    const time = ctx.db.expireAtBig(h) - BigInt(absolute ? 0 : ctx.keyspace.now);
    ctx.reply.bigInteger(seconds ? (time + 500n) / 1000n : time);
    return;
  }
  const time = absolute ? when : Math.max(when - ctx.keyspace.now, 0);
  ctx.reply.integer(seconds ? Math.floor((time + 500) / 1000) : time);
}

function persist(ctx: CommandContext): void {
  const h = ctx.lookupWrite(1);
  if (h === 0 || !ctx.db.persist(h)) {
    ctx.reply.integer(0);
    return;
  }
  ctx.changed(1, EventClass.generic, 'persist');
  ctx.reply.integer(1);
}

export function registerExpire(registry: Registry): void {
  registry.register('expire', (ctx) => setExpiry(ctx, true, true));
  registry.register('pexpire', (ctx) => setExpiry(ctx, false, true));
  registry.register('expireat', (ctx) => setExpiry(ctx, true, false));
  registry.register('pexpireat', (ctx) => setExpiry(ctx, false, false));
  registry.register('ttl', (ctx) => remaining(ctx, true, false));
  registry.register('pttl', (ctx) => remaining(ctx, false, false));
  registry.register('expiretime', (ctx) => remaining(ctx, true, true));
  registry.register('pexpiretime', (ctx) => remaining(ctx, false, true));
  registry.register('persist', persist);
}
