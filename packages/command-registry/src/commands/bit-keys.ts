/** What the commands on bits and on fields of bits have in common: the string that they write to. */
import type { View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { lookupString, NOT_A_STRING } from './strings.js';

export const BIT_OFFSET_OUT_OF_RANGE = 'ERR bit offset is not an integer or out of range';

/**
 * Shows the string of key argument 1 for writing, at least `length` bytes of it; it is made when it is missing. The old
 * length, -1 for none; NaN when it is no string: then the error is written.
 */
export function openForBits(ctx: CommandContext, length: number, into: View): number {
  const h = lookupString(ctx, 1, true);
  if (h === NOT_A_STRING) return NaN;
  const { db, request } = ctx;
  if (h !== 0) {
    const old = db.stringLength(h);
    db.openString(h, length, into);
    return old;
  }
  const offset = request.offsets[1]!;
  const keyLength = request.lengths[1]!;
  const made = db.makeString(request.bytes, offset, keyLength, length, into);
  into.bytes.fill(0, into.offset, into.offset + length);
  db.add(made, request.bytes, offset, keyLength);
  return -1;
}
