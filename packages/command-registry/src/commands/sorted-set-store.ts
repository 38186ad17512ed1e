/**
 * How commands that make a sorted set end (ZUNIONSTORE, ZRANGESTORE, GEOSEARCHSTORE, …): the result is built while the
 * old value of its key, which may be an operand, is still there; then one takes the place of the other.
 */
import { EventClass, type Keyspace, SortedSetBuilder } from '@clone/core-store';
import type { CommandContext } from '../context.js';

let lastKeyspace: Keyspace | undefined;
let lastBuilder: SortedSetBuilder | undefined;

/** The builder of this keyspace, begun. As a rule there is one keyspace in a process. */
export function beginResult({ keyspace }: CommandContext): SortedSetBuilder {
  if (lastBuilder === undefined || lastKeyspace !== keyspace) lastBuilder = new SortedSetBuilder(keyspace);
  lastKeyspace = keyspace;
  lastBuilder.begin();
  return lastBuilder;
}

/**
 * Puts the result under key argument `i`, whatever that held; an empty one leaves no key. Replies how many members there
 * are. @param event the keyspace event
 * @param changes as many as Redis counts; each member is one when it is absent
 */
export function storeResult(
  ctx: CommandContext,
  i: number,
  builder: SortedSetBuilder,
  event: string,
  changes = builder.count,
): void {
  const { count } = builder;
  if (count === 0) {
    builder.drop();
    storeNothing(ctx, i);
    return;
  }
  builder.sort();
  const made = builder.finish(ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.db.put(made, ctx.bytes, ctx.offset(i), ctx.length(i));
  ctx.changed(i, EventClass.zset, event, changes);
  ctx.reply.integer(count);
}

/** The result is empty: the key goes. */
export function storeNothing(ctx: CommandContext, i: number): void {
  if (ctx.db.deleteAny(ctx.bytes, ctx.offset(i), ctx.length(i))) ctx.changed(i, EventClass.generic, 'del');
  ctx.reply.integer(0);
}
