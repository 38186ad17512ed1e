/**
 * What the commands on consumer groups share: finding a group and its consumers, telling of changes, and the commands that
 * repeat them.
 *
 * The commands that deliver and claim messages are not repeated as they came: when a message was delivered, to whom, and how
 * often depends on time and on who asked first. Each delivery goes to the feed as an XCLAIM that says all of it.
 */
import { errors } from '../errors.js';
import {
  type Consumer,
  EventClass,
  nameBytes,
  type PendingEntry,
  type StreamGroup,
  type StreamId,
  ValueType,
} from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { formatStreamId, streamIdText } from './stream-ids.js';
import { lookupTyped } from './typed-lookup.js';

/** The stream at key argument `i`, looked up for reading as Redis does, even by commands that change its groups; as `lookupTyped`. */
export function lookupStream(ctx: CommandContext, i: number): number {
  return lookupTyped(ctx, i, ValueType.stream, false);
}

/** The group named by argument `i` of a stream; undefined without one, and without a stream (0). */
export function findGroup(ctx: CommandContext, record: number, i: number): StreamGroup | undefined {
  const { streams } = ctx.keyspace;
  return record !== 0 && streams.hasGroups(record) ? streams.groups(record).get(ctx.latin1(i)) : undefined;
}

/** The error for a stream, key argument `key`, that is missing or does not have the group. */
export function refuseGroup(ctx: CommandContext, key: number, group: number): void {
  ctx.reply.error(`NOGROUP No such key '${quoted(ctx, key)}' or consumer group '${quoted(ctx, group)}'`);
}

/** Whether argument `i` is this one character. */
export function isSign(ctx: CommandContext, i: number, sign: string): boolean {
  return ctx.length(i) === 1 && ctx.bytes[ctx.offset(i)] === sign.charCodeAt(0);
}

/** Argument `i` as an error quotes it: up to a zero byte. */
export function quoted(ctx: CommandContext, i: number): string {
  return ctx.latin1(i).split('\0', 1)[0]!;
}

/** Makes a consumer with the name of argument `name`, which is not there yet. */
export function createConsumer(ctx: CommandContext, group: StreamGroup, key: number, name: number): Consumer {
  const consumer = group.addConsumer(ctx.latin1(name), ctx.keyspace.now);
  ctx.changedAside(key, EventClass.stream, 'xgroup-createconsumer');
  return consumer;
}

/** The consumer with the name of argument `name`, made if need be, seen now. */
export function seeConsumer(ctx: CommandContext, group: StreamGroup, key: number, name: number): Consumer {
  const consumer = group.consumers.get(ctx.latin1(name)) ?? createConsumer(ctx, group, key, name);
  consumer.seenTime = ctx.keyspace.now;
  return consumer;
}

/** Subcommands of XGROUP that take another number of arguments than the table of commands can say. */
export function refuseSubcommand(ctx: CommandContext): void {
  ctx.reply.error(errors.unknownSubcommandOrArity(quoted(ctx, 1).slice(0, 128), 'XGROUP'));
}

// ── effects ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function effectBigInteger(ctx: CommandContext, n: bigint): void {
  ctx.effectInteger(n <= MAX_SAFE ? Number(n) : n);
}

export function effectStreamId(ctx: CommandContext, id: StreamId): void {
  ctx.effectBytes(streamIdText, 0, formatStreamId(id));
}

/**
 * The state of a pending entry goes to the feed. On the other side the entry becomes pending with this state, or ends to be if the
 * stream does not have it any more.
 *
 * @param group argument with the group's name
 * @param consumer argument with the name of the entry's consumer, 0: it is not in the request
 * @param idArgument argument with the entry's id, 0: likewise
 */
export function effectClaim(
  ctx: CommandContext,
  key: number,
  group: number,
  consumer: number,
  idArgument: number,
  entry: PendingEntry,
  lastId: StreamId,
): void {
  if (!ctx.feeding) return;
  ctx.beginEffect(14);
  ctx.effectText('XCLAIM');
  ctx.effectArgument(key);
  ctx.effectArgument(group);
  if (consumer !== 0) {
    ctx.effectArgument(consumer);
  } else {
    const name = nameBytes(entry.consumer.name);
    ctx.effectBytes(name, 0, name.length);
  }
  ctx.effectText('0');
  if (idArgument !== 0) ctx.effectArgument(idArgument);
  else effectStreamId(ctx, entry.id);
  ctx.effectText('TIME');
  ctx.effectInteger(entry.deliveryTime);
  ctx.effectText('RETRYCOUNT');
  effectBigInteger(ctx, entry.deliveryCount);
  ctx.effectText('FORCE');
  ctx.effectText('JUSTID');
  ctx.effectText('LASTID');
  effectStreamId(ctx, lastId);
}

/** How far the group has read goes to the feed. */
export function effectGroupPosition(ctx: CommandContext, key: number, groupName: number, group: StreamGroup): void {
  if (!ctx.feeding) return;
  ctx.beginEffect(7);
  ctx.effectText('XGROUP');
  ctx.effectText('SETID');
  ctx.effectArgument(key);
  ctx.effectArgument(groupName);
  effectStreamId(ctx, group.lastId);
  ctx.effectText('ENTRIESREAD');
  effectBigInteger(ctx, group.entriesRead);
}

/** That there is a consumer goes to the feed. */
export function effectNewConsumer(ctx: CommandContext, key: number, group: number, consumer: number): void {
  if (!ctx.feeding) return;
  ctx.beginEffect(5);
  ctx.effectText('XGROUP');
  ctx.effectText('CREATECONSUMER');
  ctx.effectArgument(key);
  ctx.effectArgument(group);
  ctx.effectArgument(consumer);
}
