import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { ReplyWriter } from '@clone/resp-codec';

const MIN_INT64 = -9223372036854775808n;
/** Of pairs, whose two elements count each. */
const MOST_PAIRS = 4611686018427387903n;

/** What HRANDFIELD and ZRANDMEMBER were asked for: filled by `readRandomCount`. */
export const asked = { count: 0n, withPairs: false };

/** Reads `count [word]` from argument 2 on; false when it is wrong: then the error is written. */
export function readRandomCount(ctx: CommandContext, word: string): boolean {
  const exact = ctx.bigInteger(2);
  const withPairs = ctx.argc === 4;
  if (exact === undefined) ctx.reply.error(errors.notInteger);
  else if (exact === MIN_INT64) ctx.reply.error(errors.outOfRangeSymmetric);
  else if (ctx.argc > 4 || (withPairs && !ctx.is(3, word))) ctx.reply.error(errors.syntax);
  else if (withPairs && (exact > MOST_PAIRS || exact < -MOST_PAIRS)) ctx.reply.error(errors.outOfRange);
  else {
    asked.count = exact;
    asked.withPairs = withPairs;
    return true;
  }
  return false;
}

/** Header of so many elements or, if `withPairs`, of pairs: RESP3 nests each in an array of its own, RESP2 lists them in turns. */
export function beginPairs(reply: ReplyWriter, count: number, withPairs: boolean): void {
  reply.array(withPairs && reply.protocol === 2 ? count * 2 : count);
}
