/**
 * XGROUP: making, moving and removing consumer groups and consumers. The other commands on groups are in files beside this one.
 */
import { EventClass, INT64_MAX, StreamGroup, StreamId, UNKNOWN_ENTRIES_READ, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyHelp } from './help.js';
import { registerStreamClaims } from './stream-claims.js';
import { registerStreamGroupInfo } from './stream-group-info.js';
import { createConsumer, findGroup, isSign, quoted, refuseSubcommand } from './stream-group-lookup.js';
import { registerStreamGroupReads } from './stream-group-reads.js';
import { MissingSequence, parseStreamId, parseStrictStreamId } from './stream-ids.js';
import { registerStreamPending } from './stream-pending.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const KEY_MISSING =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.';

/** Options of XGROUP CREATE and SETID, reused for every request. */
const options = { makeStream: false, entriesRead: UNKNOWN_ENTRIES_READ };

/**
 * Whether a log has a counter there that went beyond its end: Redis lets it wrap around, our first versions let it grow.
 */
function isPastItsEnd(ctx: CommandContext, i: number, count: bigint | undefined): boolean {
  return count === undefined ? /^[1-9]\d{18}$/.test(ctx.latin1(i)) : count < UNKNOWN_ENTRIES_READ;
}

/** Reads the options from argument 5 on. False: they are not valid, and the error is written. */
function parseOptions(ctx: CommandContext, forCreate: boolean): boolean {
  options.makeStream = false;
  options.entriesRead = UNKNOWN_ENTRIES_READ;
  for (let i = 5; i < ctx.argc; i++) {
    if (forCreate && ctx.is(i, 'MKSTREAM')) {
      options.makeStream = true;
    } else if (ctx.is(i, 'ENTRIESREAD') && i + 1 < ctx.argc) {
      let count = ctx.bigInteger(++i);
      if (ctx.keyspace.loading && isPastItsEnd(ctx, i, count)) count = INT64_MAX;
      if (count === undefined) {
        ctx.reply.error(errors.notInteger);
        return false;
      }
      if (count < 0n && count !== UNKNOWN_ENTRIES_READ) {
        ctx.reply.error('ERR value for ENTRIESREAD must be positive or -1');
        return false;
      }
      options.entriesRead = count;
    } else {
      refuseSubcommand(ctx);
      return false;
    }
  }
  return true;
}

/** The stream at key argument 2, looked up for writing. 0: there is none; WRONG_TYPE: nor can there be one, and the error is written. */
function streamToChange(ctx: CommandContext, mayBeMissing: boolean): number {
  const h = lookupTyped(ctx, 2, ValueType.stream, true);
  if (h !== 0 || mayBeMissing) return h;
  ctx.reply.error(KEY_MISSING);
  return WRONG_TYPE;
}

/** The group named by argument 3 of the stream at key argument 2; undefined when there is none: then the error is written. */
function groupToChange(ctx: CommandContext): StreamGroup | undefined {
  const h = streamToChange(ctx, false);
  if (h === WRONG_TYPE) return undefined;
  const group = findGroup(ctx, h, 3);
  if (group === undefined) {
    ctx.reply.error(`NOGROUP No such consumer group '${quoted(ctx, 3)}' for key name '${quoted(ctx, 2)}'`);
  }
  return group;
}

const id = new StreamId();

function create(ctx: CommandContext): void {
  if (!parseOptions(ctx, true)) return;
  let h = streamToChange(ctx, options.makeStream);
  if (h === WRONG_TYPE) return;
  if (ctx.argc > 8) {
    refuseSubcommand(ctx);
    return;
  }
  const { streams } = ctx.keyspace;
  if (isSign(ctx, 4, '$')) {
    id.setMin();
    if (h !== 0) streams.lastId(h, id);
  } else if (!parseStrictStreamId(ctx, 4, id, MissingSequence.zero)) {
    return;
  }
  if (findGroup(ctx, h, 3) !== undefined) {
    ctx.reply.error('BUSYGROUP Consumer Group name already exists');
    return;
  }
  const isNewStream = h === 0;
  if (isNewStream) {
    const { bytes } = ctx;
    h = streams.create(bytes, ctx.offset(2), ctx.length(2));
    ctx.db.add(h, bytes, ctx.offset(2), ctx.length(2));
  }
  const name = ctx.latin1(3);
  streams.groups(h).set(name, new StreamGroup(name, id, options.entriesRead));
  if (isNewStream) ctx.changed(2, EventClass.stream, 'xgroup-create');
  else ctx.changedAside(2, EventClass.stream, 'xgroup-create');
  ctx.reply.ok();
}

function setId(ctx: CommandContext): void {
  if (!parseOptions(ctx, false)) return;
  const group = groupToChange(ctx);
  if (group === undefined) return;
  if (ctx.argc > 7) {
    refuseSubcommand(ctx);
    return;
  }
  if (isSign(ctx, 4, '$')) ctx.keyspace.streams.lastId(ctx.db.peek(ctx.bytes, ctx.offset(2), ctx.length(2)), id);
  else if (!parseStreamId(ctx, 4, id, MissingSequence.zero)) return;
  group.lastId.copy(id);
  group.entriesRead = options.entriesRead;
  ctx.changedAside(2, EventClass.stream, 'xgroup-setid');
  ctx.reply.ok();
}

function destroy(ctx: CommandContext): void {
  const h = streamToChange(ctx, false);
  if (h === WRONG_TYPE) return;
  const { streams } = ctx.keyspace;
  const destroyed = streams.hasGroups(h) && streams.groups(h).delete(ctx.latin1(3));
  if (destroyed) {
    ctx.changedAside(2, EventClass.stream, 'xgroup-destroy');
    // Who waits to read with this group is told that it is gone.
    ctx.wake(2);
  }
  ctx.reply.integer(destroyed ? 1 : 0);
}

function newConsumer(ctx: CommandContext): void {
  const group = groupToChange(ctx);
  if (group === undefined) return;
  const isNew = !group.consumers.has(ctx.latin1(4));
  if (isNew) createConsumer(ctx, group, 2, 4);
  ctx.reply.integer(isNew ? 1 : 0);
}

function deleteConsumer(ctx: CommandContext): void {
  const group = groupToChange(ctx);
  if (group === undefined) return;
  const consumer = group.consumers.get(ctx.latin1(4));
  if (consumer !== undefined) {
    group.removeConsumer(consumer);
    ctx.changedAside(2, EventClass.stream, 'xgroup-delconsumer');
  }
  ctx.reply.integer(consumer?.pending.size ?? 0);
}

const HELP = [
  'CREATE <key> <groupname> <id|$> [option]',
  '    Makes a group that reads what comes after the id ($: after the last entry). Options:',
  '    * MKSTREAM',
  '      Makes an empty stream when the key is missing.',
  '    * ENTRIESREAD entries_read',
  '      How many entries the group counts as read.',
  'CREATECONSUMER <key> <groupname> <consumer>',
  '    Makes a consumer.',
  'DELCONSUMER <key> <groupname> <consumer>',
  '    Removes a consumer and what it has pending.',
  'DESTROY <key> <groupname>',
  '    Removes a group.',
  'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
  '    Lets the group read on after another id.',
];

export function registerStreamGroups(registry: Registry): void {
  registry.register('xgroup|create', create);
  registry.register('xgroup|setid', setId);
  registry.register('xgroup|destroy', destroy);
  registry.register('xgroup|createconsumer', newConsumer);
  registry.register('xgroup|delconsumer', deleteConsumer);
  registry.register('xgroup|help', (ctx) => replyHelp(ctx, HELP));
  registerStreamGroupReads(registry);
  registerStreamClaims(registry);
  registerStreamPending(registry);
  registerStreamGroupInfo(registry);
}
