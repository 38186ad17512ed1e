/**
 * Hashes: fields one by one and several at once. HRANDFIELD and HSCAN are in `hash-walks.ts`.
 */
import { EventClass, Int64, ValueType, View } from '@clone/core-store';
import { longDoubleAdd } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { latin1 } from './counters.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const view = new View();
const int = new Int64();

/** Fields past their time that one command removes from a hash; the rest is hidden until its turn comes. */
const MOST_EXPIRED = 128;

/** As `lookupTyped` for key argument 1. Fields past their time are not there. */
export function lookupHash(ctx: CommandContext, forWrite: boolean): number {
  const h = lookupTyped(ctx, 1, ValueType.hash, forWrite);
  return h !== 0 && h !== WRONG_TYPE && ctx.keyspace.hashes.hasDue(h) ? withoutDue(ctx, h, forWrite) : h;
}

/** The hash after fields past their time have been removed, 0 when it went with them. */
function withoutDue(ctx: CommandContext, h: number, forWrite: boolean): number {
  if (!ctx.keyspace.expireEnabled) return h;
  if (!ctx.db.expireFields(h, MOST_EXPIRED)) return 0;
  if (!forWrite) return h;
  // What the command writes to must not be there when it is repeated from the log, where nothing expires by itself: a
  // field that an argument may name has to go in any case.
  const { bytes, offsets, lengths, argc } = ctx.request;
  for (let i = 2; i < argc && ctx.keyspace.hashes.hasDue(h); i++) {
    if (!ctx.db.expireField(h, bytes, offsets[i]!, lengths[i]!)) return 0;
  }
  return h;
}

/** As `lookupHash` for writing, but a missing key becomes an empty hash. */
export function hashToWrite(ctx: CommandContext): number {
  const h = lookupHash(ctx, true);
  return h === 0 ? ctx.db.createHash(ctx.bytes, ctx.offset(1), ctx.length(1)) : h;
}

/** Sets the field of one argument to the value of another; true when it is new. */
export function setField(ctx: CommandContext, h: number, field: number, value: number, keepTtl: boolean): boolean {
  const { bytes, offsets, lengths } = ctx.request;
  if (keepTtl) {
    return ctx.db.hashUpdate(h, bytes, offsets[field]!, lengths[field]!, bytes, offsets[value]!, lengths[value]!);
  }
  return ctx.db.hashSet(h, bytes, offsets[field]!, lengths[field]!, bytes, offsets[value]!, lengths[value]!);
}

/** Sets all pairs; answers how many fields are new, -1 when nothing could be done: then the error is written. */
function setPairs(ctx: CommandContext): number {
  if ((ctx.argc & 1) === 1) {
    ctx.reply.error(errors.wrongArity(ctx.command.name));
    return -1;
  }
  const h = hashToWrite(ctx);
  if (h === WRONG_TYPE) return -1;
  ctx.keyspace.hashes.expect(h, (ctx.argc - 2) / 2);
  let created = 0;
  for (let i = 2; i < ctx.argc; i += 2) if (setField(ctx, h, i, i + 1, false)) created++;
  ctx.changed(1, EventClass.hash, 'hset', (ctx.argc - 2) / 2);
  return created;
}

function hset(ctx: CommandContext): void {
  const created = setPairs(ctx);
  if (created >= 0) ctx.reply.integer(created);
}

function hmset(ctx: CommandContext): void {
  if (setPairs(ctx) >= 0) ctx.reply.ok();
}

function hsetnx(ctx: CommandContext): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  if (h !== 0 && findField(ctx, h, 2)) {
    ctx.reply.integer(0);
    return;
  }
  setField(ctx, h === 0 ? hashToWrite(ctx) : h, 2, 3, false);
  ctx.changed(1, EventClass.hash, 'hset');
  ctx.reply.integer(1);
}

/** Shows the field named by argument `i` in `view`; false when there is none. */
export function findField(ctx: CommandContext, h: number, i: number): boolean {
  return ctx.db.hashGet(h, ctx.bytes, ctx.offset(i), ctx.length(i), view);
}

/** Replies with the field named by argument `i`, or null; true when it is there. */
export function replyField(ctx: CommandContext, h: number, i: number): boolean {
  const found = h !== 0 && findField(ctx, h, i);
  if (found) ctx.reply.bulkFrom(view);
  else ctx.reply.null();
  return found;
}

function hget(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  if (h !== WRONG_TYPE) replyField(ctx, h, 2);
}

function hmget(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) replyField(ctx, h, i);
}

function hgetall(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.map(h === 0 ? 0 : ctx.db.hashLength(h));
  if (h === 0) return;
  const { reply } = ctx;
  const iterator = ctx.db.hashIterator(h);
  const { field, value } = iterator;
  while (iterator.next()) {
    reply.bulk(field.bytes, field.offset, field.length);
    reply.bulk(value.bytes, value.offset, value.length);
  }
}

function listHalf(ctx: CommandContext, values: boolean): void {
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(h === 0 ? 0 : ctx.db.hashLength(h));
  if (h === 0) return;
  const iterator = ctx.db.hashIterator(h);
  const shown = values ? iterator.value : iterator.field;
  while (iterator.next()) ctx.reply.bulk(shown.bytes, shown.offset, shown.length);
}

function hlen(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  // As in Redis, fields past their time count until they are removed; this access has removed them, or many of them.
  if (h !== WRONG_TYPE) ctx.reply.integer(h === 0 ? 0 : ctx.db.hashCount(h));
}

function hstrlen(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h !== 0 && findField(ctx, h, 2) ? view.length : 0);
}

function hexists(ctx: CommandContext): void {
  const h = lookupHash(ctx, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h !== 0 && findField(ctx, h, 2) ? 1 : 0);
}

function hdel(ctx: CommandContext): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  let deleted = 0;
  let empty = false;
  if (h !== 0) {
    const { bytes, offsets, lengths } = ctx.request;
    for (let i = 2; i < ctx.argc && !empty; i++) {
      if (!ctx.db.hashDelete(h, bytes, offsets[i]!, lengths[i]!)) continue;
      deleted++;
      empty = ctx.db.hashCount(h) === 0;
    }
    if (empty) ctx.db.delete(bytes, offsets[1]!, lengths[1]!);
    if (deleted > 0) ctx.changed(1, EventClass.hash, 'hdel', deleted);
    if (empty) ctx.changed(1, EventClass.generic, 'del', 0);
  }
  ctx.reply.integer(deleted);
}

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

function hincrby(ctx: CommandContext): void {
  const delta = ctx.integer(3);
  if (Number.isNaN(delta)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  int.setNumber(0);
  if (h !== 0 && findField(ctx, h, 2) && !int.parse(view.bytes, view.offset, view.length)) {
    ctx.reply.error(errors.hashNotInteger);
    return;
  }
  const sum = int.toNumber() + delta;
  if (int.isSafe() && Math.abs(delta) <= MAX_SAFE && Math.abs(sum) <= MAX_SAFE) {
    int.setNumber(sum);
  } else {
    const exact = int.toBigInt() + (ctx.bigInteger(3) ?? 0n);
    if (BigInt.asIntN(64, exact) !== exact) {
      ctx.reply.error(errors.overflow);
      return;
    }
    int.setBigInt(exact);
  }
  const length = int.format(digits, 0);
  const target = h === 0 ? hashToWrite(ctx) : h;
  ctx.db.hashUpdate(target, ctx.bytes, ctx.offset(2), ctx.length(2), digits, 0, length);
  ctx.changed(1, EventClass.hash, 'hincrby');
  if (int.isSafe()) ctx.reply.integer(int.toNumber());
  else ctx.reply.bigInteger(int.toBigInt());
}

const digits = new Uint8Array(24);
const encoder = new TextEncoder();

function hincrbyfloat(ctx: CommandContext): void {
  const text = ctx.latin1(3);
  const delta = longDoubleAdd('0', text);
  if (delta === undefined) {
    ctx.reply.error(errors.notFloat);
    return;
  }
  if (delta === 'nan' || delta.endsWith('inf')) {
    ctx.reply.error(errors.notFinite);
    return;
  }
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  const old = h !== 0 && findField(ctx, h, 2) ? latin1(view) : '0';
  const sum = longDoubleAdd(old, text);
  if (sum === undefined) {
    ctx.reply.error(errors.hashNotFloat);
    return;
  }
  if (sum === 'nan' || sum.endsWith('inf')) {
    ctx.reply.error(errors.incrementNotFinite);
    return;
  }
  const bytes = encoder.encode(sum);
  const target = h === 0 ? hashToWrite(ctx) : h;
  ctx.db.hashUpdate(target, ctx.bytes, ctx.offset(2), ctx.length(2), bytes, 0, bytes.length);
  ctx.changed(1, EventClass.hash, 'hincrbyfloat');
  ctx.reply.bulkLatin1(sum);
  if (!ctx.feeding) return;
  // HSET is what every version knows; it would take the field's time to live away.
  const expires = ctx.db.hashExpireAt(target, ctx.bytes, ctx.offset(2), ctx.length(2)) >= 0;
  ctx.beginEffect(expires ? 7 : 4);
  ctx.effectText(expires ? 'HSETEX' : 'HSET');
  ctx.effectArgument(1);
  if (expires) {
    ctx.effectText('KEEPTTL');
    ctx.effectText('FIELDS');
    ctx.effectInteger(1);
  }
  ctx.effectArgument(2);
  ctx.effectText(sum);
}

export function registerHashes(registry: Registry): void {
  registry.register('hset', hset);
  registry.register('hmset', hmset);
  registry.register('hsetnx', hsetnx);
  registry.register('hget', hget);
  registry.register('hmget', hmget);
  registry.register('hgetall', hgetall);
  registry.register('hkeys', (ctx) => listHalf(ctx, false));
  registry.register('hvals', (ctx) => listHalf(ctx, true));
  registry.register('hlen', hlen);
  registry.register('hstrlen', hstrlen);
  registry.register('hexists', hexists);
  registry.register('hdel', hdel);
  registry.register('hincrby', hincrby);
  registry.register('hincrbyfloat', hincrbyfloat);
}
