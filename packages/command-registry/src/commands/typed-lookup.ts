import type { Handle } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';

/** No handle: handles are int32. */
export const WRONG_TYPE = -4294967296;

/**
 * The record of key argument `i` if it holds this type or is missing (0); `WRONG_TYPE` when it is something else: then
 * the error is written. @param type one of `ValueType`
 */
export function lookupTyped(ctx: CommandContext, i: number, type: number, forWrite: boolean): number {
  return checkType(ctx, forWrite ? ctx.lookupWrite(i) : ctx.lookupRead(i), type);
}

/** As `lookupTyped`, for what was looked up before. @param h a record, or 0 */
export function checkType(ctx: CommandContext, h: Handle, type: number): number {
  if (h !== 0 && ctx.db.typeOf(h) !== type) {
    ctx.reply.error(errors.wrongType);
    return WRONG_TYPE;
  }
  return h;
}
