/**
 * XINFO STREAM. Groups and consumers are told in `stream-groups.ts` and its neighbors.
 */
import { Int64, StreamId, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyGroupsFull } from './stream-group-info.js';
import { replyStreamId } from './stream-ids.js';
import { replyEntries, replyEntry } from './stream-replies.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

/** Entries of FULL when no count is given. */
const DEFAULT_COUNT = 10;

const id = new StreamId();
const added = new Int64();
const least = new StreamId();
const greatest = new StreamId().setMax();

function replyFigures(ctx: CommandContext, h: number): void {
  const { reply } = ctx;
  const { streams } = ctx.keyspace;
  reply.bulkLatin1('length');
  reply.integer(streams.length(h));
  reply.bulkLatin1('radix-tree-keys');
  reply.integer(streams.nodes(h));
  reply.bulkLatin1('radix-tree-nodes');
  reply.integer(streams.radixNodes(h));
  reply.bulkLatin1('last-generated-id');
  streams.lastId(h, id);
  replyStreamId(reply, id);
  reply.bulkLatin1('max-deleted-entry-id');
  streams.maxDeletedId(h, id);
  replyStreamId(reply, id);
  reply.bulkLatin1('entries-added');
  streams.readEntriesAdded(h, added);
  reply.bigInteger(added.toBigInt());
  reply.bulkLatin1('recorded-first-entry-id');
  streams.firstId(h, id);
  replyStreamId(reply, id);
}

function replyEdge(ctx: CommandContext, h: number, last: boolean): void {
  const entries = ctx.keyspace.streams.iterator(h, least, greatest, last);
  if (entries.next()) replyEntry(ctx.reply, entries);
  else ctx.reply.null();
}

function replySummary(ctx: CommandContext, h: number): void {
  const { reply } = ctx;
  const { streams } = ctx.keyspace;
  reply.map(10);
  replyFigures(ctx, h);
  reply.bulkLatin1('groups');
  reply.integer(streams.hasGroups(h) ? streams.groups(h).size : 0);
  reply.bulkLatin1('first-entry');
  replyEdge(ctx, h, false);
  reply.bulkLatin1('last-entry');
  replyEdge(ctx, h, true);
}

/** @param count of entries, and of pending entries per list; 0: all */
function replyFull(ctx: CommandContext, h: number, count: number): void {
  const { reply } = ctx;
  reply.map(9);
  replyFigures(ctx, h);
  reply.bulkLatin1('entries');
  replyEntries(reply, ctx.keyspace.streams.iterator(h, least, greatest, false), count);
  reply.bulkLatin1('groups');
  replyGroupsFull(ctx, h, count);
}

function xinfoStream(ctx: CommandContext): void {
  const { argc } = ctx;
  const h = lookupTyped(ctx, 2, ValueType.stream, false);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.error(errors.noSuchKey);
  } else if (argc === 3) {
    replySummary(ctx, h);
  } else if ((argc !== 4 && argc !== 6) || !ctx.is(3, 'FULL') || (argc === 6 && !ctx.is(4, 'COUNT'))) {
    const name = ctx.latin1(1).slice(0, 128);
    ctx.reply.error(errors.unknownSubcommandOrArity(name, 'XINFO'));
  } else {
    const count = argc === 4 ? DEFAULT_COUNT : ctx.integer(5);
    if (Number.isNaN(count)) ctx.reply.error(errors.notInteger);
    else replyFull(ctx, h, count < 0 ? DEFAULT_COUNT : count);
  }
}

export function registerStreamInfo(registry: Registry): void {
  registry.register('xinfo|stream', xinfoStream);
}
