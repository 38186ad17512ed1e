/**
 * Strings: SET and GET and their relatives. Counters are in `counters.ts`, parts of strings in `string-ranges.ts`.
 */
import { EventClass, ValueType, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { expiryTime, ExpiryForm, SetOptions } from './set-options.js';

const STRING = ValueType.string;
const options = new SetOptions();
const view = new View();

/**
 * The record of key argument `i`, if it is a string or missing (0); -1 when it is something else: then the error is
 * written.
 */
export function lookupString(ctx: CommandContext, i: number, forWrite: boolean): number {
  const h = forWrite ? ctx.lookupWrite(i) : ctx.lookupRead(i);
  if (h !== 0 && ctx.db.typeOf(h) !== STRING) {
    ctx.reply.error(errors.wrongType);
    return NOT_A_STRING;
  }
  return h;
}

/** No handle: handles are int32. */
export const NOT_A_STRING = -4294967296;

function replyString(ctx: CommandContext, h: number): void {
  ctx.db.readString(h, view);
  ctx.reply.bulkFrom(view);
}

/** GET of argument `i` as a reply; false when that was an error. */
function replyGet(ctx: CommandContext, i: number): boolean {
  const h = lookupString(ctx, i, false);
  if (h === NOT_A_STRING) return false;
  if (h === 0) ctx.reply.null();
  else replyString(ctx, h);
  return true;
}

function setArgument(ctx: CommandContext, keyIndex: number, valueIndex: number, keepTtl: boolean): void {
  const { bytes, offsets, lengths } = ctx.request;
  ctx.db.setString(
    bytes,
    offsets[keyIndex]!,
    lengths[keyIndex]!,
    bytes,
    offsets[valueIndex]!,
    lengths[valueIndex]!,
    keepTtl,
  );
  ctx.changed(keyIndex, EventClass.string, 'set');
}

/** Sets key argument 1 until `when`, ms since epoch. */
function setUntil(ctx: CommandContext, valueIndex: number, when: number | bigint): void {
  const { bytes, offsets, lengths } = ctx.request;
  ctx.db.setStringUntil(bytes, offsets[1]!, lengths[1]!, bytes, offsets[valueIndex]!, lengths[valueIndex]!, when);
  ctx.changed(1, EventClass.string, 'set');
  ctx.changed(1, EventClass.generic, 'expire', 0);
  if (!ctx.feeding) return;
  ctx.beginEffect(5);
  ctx.effectText('SET');
  ctx.effectArgument(1);
  ctx.effectArgument(valueIndex);
  ctx.effectText('PXAT');
  ctx.effectInteger(when);
}

function get(ctx: CommandContext): void {
  replyGet(ctx, 1);
}

function set(ctx: CommandContext): void {
  if (ctx.argc === 3) {
    setArgument(ctx, 1, 2, false);
    ctx.reply.ok();
    return;
  }
  if (!options.parse(ctx, 3, false)) return;
  const { form, timeArgument, keepTtl, onlyNew, onlyExisting, get: wantsOld } = options;
  let when: number | bigint = 0;
  if (form !== ExpiryForm.none) {
    when = formTime(ctx, form, timeArgument);
    if (when === -1) return;
  }
  const replyStart = ctx.reply.length;
  if (wantsOld && !replyGet(ctx, 1)) return;
  if ((onlyNew || onlyExisting) && !mayBeSet(ctx, onlyNew)) {
    if (!wantsOld) ctx.reply.null();
    return;
  }
  if (form !== ExpiryForm.none) {
    setUntil(ctx, 2, when);
  } else {
    setArgument(ctx, 1, 2, keepTtl);
    if (wantsOld && ctx.feeding) feedSetWithoutGet(ctx);
  }
  if (ctx.reply.length === replyStart) ctx.reply.ok();
}

/** Whether key argument 1 is missing, or is there. A key that is not set is touched here, others by setting them. */
function mayBeSet(ctx: CommandContext, onlyNew: boolean): boolean {
  const { db } = ctx;
  const h = db.peek(ctx.bytes, ctx.offset(1), ctx.length(1));
  if (onlyNew === (h === 0)) return true;
  if (h !== 0) db.touch(h);
  return false;
}

function formTime(ctx: CommandContext, form: number, i: number): number | bigint {
  const seconds = form === ExpiryForm.ex || form === ExpiryForm.exat;
  return expiryTime(ctx, i, seconds, form === ExpiryForm.ex || form === ExpiryForm.px);
}

/** The request to the feed as it is, but for GET: that changes nothing. */
function feedSetWithoutGet(ctx: CommandContext): void {
  let argc = ctx.argc;
  for (let i = 3; i < ctx.argc; i++) if (ctx.is(i, 'GET')) argc--;
  ctx.beginEffect(argc);
  for (let i = 0; i < ctx.argc; i++) if (i < 3 || !ctx.is(i, 'GET')) ctx.effectArgument(i);
}

function setnx(ctx: CommandContext): void {
  if (!mayBeSet(ctx, true)) {
    ctx.reply.integer(0);
    return;
  }
  setArgument(ctx, 1, 2, false);
  ctx.reply.integer(1);
}

function setWithTtl(ctx: CommandContext, seconds: boolean): void {
  const when = expiryTime(ctx, 2, seconds, true);
  if (when === -1) return;
  setUntil(ctx, 3, when);
  ctx.reply.ok();
}

function setex(ctx: CommandContext): void {
  setWithTtl(ctx, true);
}

function psetex(ctx: CommandContext): void {
  setWithTtl(ctx, false);
}

function getset(ctx: CommandContext): void {
  if (!replyGet(ctx, 1)) return;
  setArgument(ctx, 1, 2, false);
  if (!ctx.feeding) return;
  ctx.beginEffect(3);
  ctx.effectText('SET');
  ctx.effectArgument(1);
  ctx.effectArgument(2);
}

function deleteKey(ctx: CommandContext): void {
  const { bytes, offsets, lengths } = ctx.request;
  ctx.db.delete(bytes, offsets[1]!, lengths[1]!);
  ctx.changed(1, EventClass.generic, 'del');
  if (ctx.feeding) feedKeyCommand(ctx, 'DEL');
}

function feedKeyCommand(ctx: CommandContext, name: string): void {
  ctx.beginEffect(2);
  ctx.effectText(name);
  ctx.effectArgument(1);
}

function getdel(ctx: CommandContext): void {
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  replyString(ctx, h);
  deleteKey(ctx);
}

function getex(ctx: CommandContext): void {
  if (!options.parse(ctx, 2, true)) return;
  const { form, timeArgument, persist } = options;
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  let when: number | bigint = 0;
  if (form !== ExpiryForm.none) {
    when = formTime(ctx, form, timeArgument);
    if (when === -1) return;
  }
  replyString(ctx, h);
  ctx.db.willChange();
  if (form === ExpiryForm.none) {
    if (!persist || !ctx.db.persist(h)) return;
    ctx.changed(1, EventClass.generic, 'persist');
    if (ctx.feeding) feedKeyCommand(ctx, 'PERSIST');
    return;
  }
  if ((form === ExpiryForm.exat || form === ExpiryForm.pxat) && when <= ctx.keyspace.now && !ctx.keyspace.loading) {
    deleteKey(ctx);
    return;
  }
  ctx.db.setExpireAt(h, when);
  ctx.changed(1, EventClass.generic, 'expire');
  if (!ctx.feeding) return;
  ctx.beginEffect(3);
  ctx.effectText('PEXPIREAT');
  ctx.effectArgument(1);
  ctx.effectInteger(when);
}

function mget(ctx: CommandContext): void {
  const { argc, db, reply } = ctx;
  reply.array(argc - 1);
  for (let i = 1; i < argc; i++) {
    const h = ctx.lookupRead(i);
    if (h === 0 || db.typeOf(h) !== STRING) reply.null();
    else replyString(ctx, h);
  }
}

function msetPairs(ctx: CommandContext): void {
  for (let i = 1; i < ctx.argc; i += 2) setArgument(ctx, i, i + 1, false);
}

function hasPairs(ctx: CommandContext): boolean {
  if ((ctx.argc & 1) === 1) return true;
  ctx.reply.error(errors.wrongArity(ctx.command.name));
  return false;
}

function mset(ctx: CommandContext): void {
  if (!hasPairs(ctx)) return;
  msetPairs(ctx);
  ctx.reply.ok();
}

function msetnx(ctx: CommandContext): void {
  if (!hasPairs(ctx)) return;
  for (let i = 1; i < ctx.argc; i += 2) {
    if (ctx.lookupWrite(i) !== 0) {
      ctx.reply.integer(0);
      return;
    }
  }
  msetPairs(ctx);
  ctx.reply.integer(1);
}

function strlen(ctx: CommandContext): void {
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  ctx.reply.integer(h === 0 ? 0 : ctx.db.stringLength(h));
}

export function registerStrings(registry: Registry): void {
  registry.register('get', get);
  registry.register('set', set);
  registry.register('setnx', setnx);
  registry.register('setex', setex);
  registry.register('psetex', psetex);
  registry.register('getset', getset);
  registry.register('getdel', getdel);
  registry.register('getex', getex);
  registry.register('mget', mget);
  registry.register('mset', mset);
  registry.register('msetnx', msetnx);
  registry.register('strlen', strlen);
}
