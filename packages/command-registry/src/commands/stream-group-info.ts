/**
 * XINFO GROUPS and CONSUMERS, and what XINFO STREAM FULL says of groups.
 */
import { byName, GroupProgress, type StreamGroup, UNKNOWN_ENTRIES_READ } from '@clone/core-store';
import type { ReplyWriter } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyHelp } from './help.js';
import { findGroup, lookupStream, quoted } from './stream-group-lookup.js';
import { replyStreamId } from './stream-ids.js';
import { WRONG_TYPE } from './typed-lookup.js';

const progress = new GroupProgress();

function groupsOf(ctx: CommandContext, h: number): StreamGroup[] {
  const { streams } = ctx.keyspace;
  return streams.hasGroups(h) ? byName(streams.groups(h)) : [];
}

/** The stream at key argument 2; 0 when there is none: then the error is written. */
function requireStream(ctx: CommandContext): number {
  const h = lookupStream(ctx, 2);
  if (h === 0) ctx.reply.error(errors.noSuchKey);
  return h === WRONG_TYPE ? 0 : h;
}

/** The counter and the lag; `progress` has the stream. */
function replyProgress(reply: ReplyWriter, group: StreamGroup): void {
  reply.bulkLatin1('entries-read');
  if (group.entriesRead === UNKNOWN_ENTRIES_READ) reply.null();
  else reply.bigInteger(group.entriesRead);
  reply.bulkLatin1('lag');
  const lag = progress.lag(group);
  if (lag === undefined) reply.null();
  else reply.bigInteger(lag);
}

function groups(ctx: CommandContext): void {
  const h = requireStream(ctx);
  if (h === 0) return;
  const { reply } = ctx;
  progress.load(ctx.keyspace.streams, h);
  const all = groupsOf(ctx, h);
  reply.array(all.length);
  for (const group of all) {
    reply.map(6);
    reply.bulkLatin1('name');
    reply.bulkLatin1(group.name);
    reply.bulkLatin1('consumers');
    reply.integer(group.consumers.size);
    reply.bulkLatin1('pending');
    reply.integer(group.pending.size);
    reply.bulkLatin1('last-delivered-id');
    replyStreamId(reply, group.lastId);
    replyProgress(reply, group);
  }
}

function consumers(ctx: CommandContext): void {
  const h = requireStream(ctx);
  if (h === 0) return;
  const { reply } = ctx;
  const group = findGroup(ctx, h, 3);
  if (group === undefined) {
    reply.error(`NOGROUP No such consumer group '${quoted(ctx, 3)}' for key name '${quoted(ctx, 2)}'`);
    return;
  }
  const { now } = ctx.keyspace;
  reply.array(group.consumers.size);
  for (const { name, pending, seenTime, activeTime } of byName(group.consumers)) {
    reply.map(4);
    reply.bulkLatin1('name');
    reply.bulkLatin1(name);
    reply.bulkLatin1('pending');
    reply.integer(pending.size);
    reply.bulkLatin1('idle');
    reply.integer(Math.max(0, now - seenTime));
    reply.bulkLatin1('inactive');
    reply.integer(activeTime === -1 ? -1 : Math.max(0, now - activeTime));
  }
}

/**
 * The value of `groups` in XINFO STREAM FULL: an array with a map for each group.
 * @param count pending entries to show of each group, and of each consumer; 0: all
 */
export function replyGroupsFull(ctx: CommandContext, h: number, count: number): void {
  const { reply } = ctx;
  progress.load(ctx.keyspace.streams, h);
  const all = groupsOf(ctx, h);
  reply.array(all.length);
  for (const group of all) {
    reply.map(7);
    reply.bulkLatin1('name');
    reply.bulkLatin1(group.name);
    reply.bulkLatin1('last-delivered-id');
    replyStreamId(reply, group.lastId);
    replyProgress(reply, group);
    reply.bulkLatin1('pel-count');
    reply.integer(group.pending.size);
    reply.bulkLatin1('pending');
    replyFullPending(reply, group, count, true);
    reply.bulkLatin1('consumers');
    replyFullConsumers(reply, group, count);
  }
}

function replyFullConsumers(reply: ReplyWriter, group: StreamGroup, count: number): void {
  reply.array(group.consumers.size);
  for (const consumer of byName(group.consumers)) {
    reply.map(5);
    reply.bulkLatin1('name');
    reply.bulkLatin1(consumer.name);
    reply.bulkLatin1('seen-time');
    reply.integer(consumer.seenTime);
    reply.bulkLatin1('active-time');
    reply.integer(consumer.activeTime);
    reply.bulkLatin1('pel-count');
    reply.integer(consumer.pending.size);
    reply.bulkLatin1('pending');
    replyFullPending(reply, consumer, count, false);
  }
}

function replyFullPending(
  reply: ReplyWriter,
  owner: Pick<StreamGroup, 'pending'>,
  count: number,
  withConsumer: boolean,
): void {
  const { pending } = owner;
  const shown = count === 0 ? pending.size : Math.min(count, pending.size);
  reply.array(shown);
  let n = 0;
  for (const entry of pending) {
    if (n++ === shown) return;
    reply.array(withConsumer ? 4 : 3);
    replyStreamId(reply, entry.id);
    if (withConsumer) reply.bulkLatin1(entry.consumer.name);
    reply.integer(entry.deliveryTime);
    reply.bigInteger(entry.deliveryCount);
  }
}

const HELP = [
  'CONSUMERS <key> <groupname>',
  '    Shows the consumers of a group.',
  'GROUPS <key>',
  '    Shows the groups of a stream.',
  'STREAM <key> [FULL [COUNT <count>]]',
  '    Shows what is known of a stream.',
];

export function registerStreamGroupInfo(registry: Registry): void {
  registry.register('xinfo|groups', groups);
  registry.register('xinfo|consumers', consumers);
  registry.register('xinfo|help', (ctx) => replyHelp(ctx, HELP));
}
