/**
 * Strings as numbers: INCR and its relatives. A value that is kept as an integer, and stays within 2^53, is changed in
 * place; BigInt takes over at the edges of int64.
 */
import { EventClass, View } from '@clone/core-store';
import { longDoubleAdd } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { lookupString, NOT_A_STRING } from './strings.js';

const view = new View();

function add(ctx: CommandContext, delta: number | bigint): void {
  const h = lookupString(ctx, 1, true);
  if (h === NOT_A_STRING) return;
  if (h !== 0 && typeof delta === 'number') {
    const sum = ctx.db.addInPlace(h, delta);
    if (!Number.isNaN(sum)) {
      ctx.changed(1, EventClass.string, 'incrby');
      ctx.reply.integer(sum);
      return;
    }
  }
  addExactly(ctx, h, BigInt(delta));
}

function addExactly(ctx: CommandContext, h: number, delta: bigint): void {
  const old = h === 0 ? 0n : ctx.db.stringAsBigInt(h);
  if (old === undefined) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const sum = old + delta;
  if (BigInt.asIntN(64, sum) !== sum) {
    ctx.reply.error(errors.overflow);
    return;
  }
  const { bytes, offsets, lengths } = ctx.request;
  ctx.db.setInteger(bytes, offsets[1]!, lengths[1]!, sum, true);
  ctx.changed(1, EventClass.string, 'incrby');
  ctx.reply.bigInteger(sum);
}

function incr(ctx: CommandContext): void {
  add(ctx, 1);
}

function decr(ctx: CommandContext): void {
  add(ctx, -1);
}

/** Argument 2 as a delta, exact; undefined when it is no integer: then the error is written. */
function delta(ctx: CommandContext): number | bigint | undefined {
  const value = ctx.integer(2);
  if (Number.isSafeInteger(value)) return value;
  const exact = ctx.bigInteger(2);
  if (exact === undefined) ctx.reply.error(errors.notInteger);
  return exact;
}

function incrby(ctx: CommandContext): void {
  const by = delta(ctx);
  if (by !== undefined) add(ctx, by);
}

function decrby(ctx: CommandContext): void {
  const by = delta(ctx);
  if (by === undefined) return;
  if (by === -9223372036854775808n) ctx.reply.error(errors.decrementOverflow);
  else add(ctx, -by);
}

const encoder = new TextEncoder();

function incrbyfloat(ctx: CommandContext): void {
  const h = lookupString(ctx, 1, true);
  if (h === NOT_A_STRING) return;
  let old = '0';
  if (h !== 0) {
    ctx.db.readString(h, view);
    old = latin1(view);
  }
  const sum = longDoubleAdd(old, ctx.latin1(2));
  if (sum === undefined) {
    ctx.reply.error(errors.notFloat);
    return;
  }
  if (sum === 'nan' || sum.endsWith('inf')) {
    ctx.reply.error(errors.incrementNotFinite);
    return;
  }
  const { bytes, offsets, lengths } = ctx.request;
  const text = encoder.encode(sum);
  ctx.db.setText(bytes, offsets[1]!, lengths[1]!, text, 0, text.length, true);
  ctx.changed(1, EventClass.string, 'incrbyfloat');
  ctx.reply.bulkLatin1(sum);
  if (!ctx.feeding) return;
  ctx.beginEffect(4);
  ctx.effectText('SET');
  ctx.effectArgument(1);
  ctx.effectText(sum);
  ctx.effectText('KEEPTTL');
}

/** The bytes of a view, one character each; what is too long for a number is cut. */
export function latin1(from: View): string {
  let text = '';
  const end = from.offset + Math.min(from.length, 6000);
  for (let i = from.offset; i < end; i++) text += String.fromCharCode(from.bytes[i]!);
  return text;
}

export function registerCounters(registry: Registry): void {
  registry.register('incr', incr);
  registry.register('decr', decr);
  registry.register('incrby', incrby);
  registry.register('decrby', decrby);
  registry.register('incrbyfloat', incrbyfloat);
}
