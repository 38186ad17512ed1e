/** What the commands on HyperLogLogs have in common: how a key is read, and how it can be wrong. */
import type { CommandContext } from '../context.js';
import type { HllValue } from '../hll/hll-value.js';
import { lookupString, NOT_A_STRING } from './strings.js';

const NOT_VALID = 'WRONGTYPE Key is not a valid HyperLogLog string value.';
export const CORRUPTED = 'INVALIDOBJ Corrupted HLL object detected';

/** A change without a keyspace event. */
export const NO_EVENT = 0;

/**
 * Reads the HyperLogLog of key argument `i`. Its handle, 0 when it is missing; `NOT_A_STRING` when it is none: then the
 * error is written.
 */
export function readHll(ctx: CommandContext, i: number, forWrite: boolean, into: HllValue): number {
  const h = lookupString(ctx, i, forWrite);
  if (h === 0 || h === NOT_A_STRING || into.read(ctx.db, h)) return h;
  ctx.reply.error(NOT_VALID);
  return NOT_A_STRING;
}
