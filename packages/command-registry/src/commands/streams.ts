/**
 * Streams: adding, deleting, trimming, ranges. XREAD is in `stream-read.ts`, XINFO STREAM in `stream-info.ts`, consumer
 * groups are in `stream-groups.ts` and its neighbors.
 */
import { EventClass, INT64_MAX, Int64, StreamId, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { effectStreamId } from './stream-group-lookup.js';
import {
  MissingSequence,
  NewId,
  parseNewStreamId,
  parseRangeId,
  parseStrictStreamId,
  replyStreamId,
  tryStrictStreamId,
} from './stream-ids.js';
import { registerStreamInfo } from './stream-info.js';
import { registerStreamRead } from './stream-read.js';
import { replyEntries } from './stream-replies.js';
import { TrimBy, TrimOptions } from './stream-trim.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const ID_IS_ZERO = 'ERR The ID specified in XADD must be greater than 0-0';
const ID_TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item';
const IDS_EXHAUSTED = 'ERR The stream has exhausted the last possible ID, unable to add more items';
const BELOW_DELETED = 'ERR The ID specified in XSETID is smaller than current max_deleted_entry_id';
const ENTRY_TOO_BIG = 'ERR Elements are too large to be stored';

const id = new StreamId();
const otherId = new StreamId();
const trim = new TrimOptions();
const number = new Int64();

function lookupStream(ctx: CommandContext, forWrite: boolean): number {
  return lookupTyped(ctx, 1, ValueType.stream, forWrite);
}

// ── XADD ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What XADD was asked for, beside `trim` and `id`. */
const addition = {
  createStream: true,
  /** How the id is given, one of `NewId`, and the argument that does. */
  form: 0,
  idAt: 0,
};

/** Reads options and id; false: they are not valid, and the error is written. */
function parseAddition(ctx: CommandContext): boolean {
  trim.reset();
  addition.createStream = true;
  addition.form = NewId.invalid;
  let i = 2;
  for (; i < ctx.argc; i++) {
    // Options are words; ids begin with anything else.
    const c = ctx.length(i) === 0 ? 0 : ctx.bytes[ctx.offset(i)]! | 0x20;
    if (c >= 0x61 && c <= 0x7a) {
      const last = trim.parse(ctx, i);
      if (last < 0) return false;
      if (last >= i) {
        i = last;
        continue;
      }
      if (ctx.is(i, 'NOMKSTREAM')) {
        addition.createStream = false;
        continue;
      }
    }
    addition.form = parseNewStreamId(ctx, i, id);
    if (addition.form === NewId.invalid) return false;
    break;
  }
  addition.idAt = i;
  if (!trim.check(ctx, false)) return false;
  const fields = ctx.argc - i - 1;
  if (fields < 2 || (fields & 1) === 1) {
    ctx.reply.error(errors.wrongArity(ctx.command.name));
    return false;
  }
  if (addition.form === NewId.complete && id.isMin()) {
    ctx.reply.error(ID_IS_ZERO);
    return false;
  }
  return true;
}

/** Completes `id` behind the last one, `otherId`; false when there is no such id, and the error is written. */
function chooseId(ctx: CommandContext): boolean {
  if (otherId.isMax()) {
    ctx.reply.error(IDS_EXHAUSTED);
    return false;
  }
  if (addition.form === NewId.chosen) {
    id.setNumbers(ctx.keyspace.now, 0);
    if (id.compare(otherId) <= 0) id.copy(otherId).increment();
  } else if (addition.form === NewId.openSequence && id.msLo === otherId.msLo && id.msHi === otherId.msHi) {
    id.copy(otherId).increment();
    // The sequences of this millisecond are used up: there is no greater id in it.
    if (id.seqLo === 0 && id.seqHi === 0) id.copy(otherId);
  }
  if (id.compare(otherId) > 0) return true;
  ctx.reply.error(ID_TOO_SMALL);
  return false;
}

function xadd(ctx: CommandContext): void {
  if (!parseAddition(ctx)) return;
  const { streams } = ctx.keyspace;
  const { bytes, offsets, lengths } = ctx.request;
  let h = lookupStream(ctx, true);
  if (h === WRONG_TYPE) return;
  if (h === 0 && !addition.createStream) {
    ctx.reply.null();
    return;
  }
  if (h === 0) otherId.setMin();
  else streams.lastId(h, otherId);
  if (!chooseId(ctx)) return;
  const isNew = h === 0;
  if (isNew) {
    h = streams.create(bytes, offsets[1]!, lengths[1]!);
    ctx.db.add(h, bytes, offsets[1]!, lengths[1]!);
  }
  const first = addition.idAt + 1;
  if (!streams.append(h, id, bytes, offsets, lengths, first, ctx.argc - first)) {
    if (isNew) ctx.db.delete(bytes, offsets[1]!, lengths[1]!);
    ctx.reply.error(ENTRY_TOO_BIG);
    return;
  }
  replyStreamId(ctx.reply, id);
  ctx.changed(1, EventClass.stream, 'xadd');
  if (trim.by !== TrimBy.nothing) trim.run(ctx, h, false);
  if (ctx.feeding && (addition.form !== NewId.complete || trim.approximate)) effectAddition(ctx, h);
}

/** The request with the id that the entry has got, and with exact trimming. */
function effectAddition(ctx: CommandContext, h: number): void {
  ctx.beginEffect(ctx.argc);
  for (let i = 0; i < ctx.argc; i++) {
    if (i === addition.idAt && addition.form !== NewId.complete) effectStreamId(ctx, id);
    else if (i >= addition.idAt) ctx.effectArgument(i);
    else trim.effectArgument(ctx, h, i);
  }
}

// ── the others ──────────────────────────────────────────────────────────────────────────────────────────────────────

function xtrim(ctx: CommandContext): void {
  trim.reset();
  for (let i = 2; i < ctx.argc; i++) {
    const last = trim.parse(ctx, i);
    if (last < i) {
      if (last >= 0) ctx.reply.error(errors.syntax);
      return;
    }
    i = last;
  }
  if (!trim.check(ctx, true)) return;
  const h = lookupStream(ctx, true);
  if (h === WRONG_TYPE) return;
  const deleted = h === 0 ? 0 : trim.run(ctx, h, true);
  ctx.reply.integer(deleted);
  if (deleted === 0 || !trim.approximate || !ctx.feeding) return;
  ctx.beginEffect(ctx.argc);
  for (let i = 0; i < ctx.argc; i++) trim.effectArgument(ctx, h, i);
}

function xlen(ctx: CommandContext): void {
  const h = lookupStream(ctx, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h === 0 ? 0 : ctx.keyspace.streams.length(h));
}

function xdel(ctx: CommandContext): void {
  const h = lookupStream(ctx, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    ctx.reply.integer(0);
    return;
  }
  // All ids are looked at before the first entry goes.
  for (let i = 2; i < ctx.argc; i++) if (!parseStrictStreamId(ctx, i, id, MissingSequence.zero)) return;
  let deleted = 0;
  for (let i = 2; i < ctx.argc; i++) {
    if (tryStrictStreamId(ctx, i, id, MissingSequence.zero) && ctx.keyspace.streams.remove(h, id)) deleted++;
  }
  if (deleted > 0) ctx.changed(1, EventClass.stream, 'xdel', deleted);
  ctx.reply.integer(deleted);
}

function range(ctx: CommandContext, backwards: boolean): void {
  const { reply } = ctx;
  const [low, high] = backwards ? [3, 2] : [2, 3];
  if (!parseRangeId(ctx, low, id, true) || !parseRangeId(ctx, high, otherId, false)) return;
  let count = -1;
  for (let i = 4; i < ctx.argc; i += 2) {
    if (i + 1 === ctx.argc || !ctx.is(i, 'COUNT')) {
      reply.error(errors.syntax);
      return;
    }
    count = Math.max(ctx.integer(i + 1), 0);
    if (Number.isNaN(count)) {
      reply.error(errors.notInteger);
      return;
    }
  }
  const h = lookupStream(ctx, false);
  if (h === WRONG_TYPE) return;
  if (h === 0) reply.array(0);
  else if (count === 0) reply.nullArray();
  else replyEntries(reply, ctx.keyspace.streams.iterator(h, id, otherId, backwards), Math.max(count, 0));
}

/** What XSETID was asked for, beside `id` and `otherId`, the greatest deleted one. */
const position = {
  /** `number` has how many entries were added. */
  hasAdded: false,
};

function parsePosition(ctx: CommandContext): boolean {
  const { reply } = ctx;
  if (!parseStrictStreamId(ctx, 2, id, MissingSequence.zero)) return false;
  position.hasAdded = false;
  otherId.setMin();
  for (let i = 3; i < ctx.argc; i += 2) {
    if (i + 1 < ctx.argc && ctx.is(i, 'ENTRIESADDED')) {
      if (!number.parse(ctx.bytes, ctx.offset(i + 1), ctx.length(i + 1))) {
        reply.error(errors.notInteger);
        return false;
      }
      // A counter that has wrapped around stands in logs of Redis and of our first versions: it is past its end.
      if (number.hi < 0 && ctx.keyspace.loading) number.setBigInt(INT64_MAX);
      if (number.hi < 0) {
        reply.error('ERR entries_added must be positive');
        return false;
      }
      position.hasAdded = true;
    } else if (i + 1 < ctx.argc && ctx.is(i, 'MAXDELETEDID')) {
      if (!parseStrictStreamId(ctx, i + 1, otherId, MissingSequence.zero)) return false;
      if (id.compare(otherId) < 0) {
        reply.error('ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id');
        return false;
      }
    } else {
      reply.error(errors.syntax);
      return false;
    }
  }
  return true;
}

const least = new StreamId();
const greatest = new StreamId().setMax();

/** Why the stream cannot be set to this position; undefined when it can. */
function refusal(ctx: CommandContext, h: number): string | undefined {
  const { streams } = ctx.keyspace;
  streams.maxDeletedId(h, least);
  // Redis 7.0 and our first versions went below it: their logs are still read.
  if (!ctx.keyspace.loading && id.compare(least) < 0) return BELOW_DELETED;
  if (streams.length(h) === 0) return undefined;
  const last = streams.iterator(h, least.setMin(), greatest, true);
  if (last.next() && id.compare(last.id) < 0) {
    return 'ERR The ID specified in XSETID is smaller than the target stream top item';
  }
  return position.hasAdded && streams.length(h) > number.toNumber()
    ? 'ERR The entries_added specified in XSETID is smaller than the target stream length'
    : undefined;
}

function xsetid(ctx: CommandContext): void {
  if (!parsePosition(ctx)) return;
  const h = lookupStream(ctx, true);
  if (h === WRONG_TYPE) return;
  const error = h === 0 ? errors.noSuchKey : refusal(ctx, h);
  if (error !== undefined) {
    ctx.reply.error(error);
    return;
  }
  const { streams } = ctx.keyspace;
  streams.setLastId(h, id);
  if (position.hasAdded) streams.setEntriesAdded(h, number);
  if (!otherId.isMin()) streams.setMaxDeletedId(h, otherId);
  ctx.reply.ok();
  ctx.changedAside(1, EventClass.stream, 'xsetid');
}

export function registerStreams(registry: Registry): void {
  registry.register('xadd', xadd);
  registry.register('xtrim', xtrim);
  registry.register('xlen', xlen);
  registry.register('xdel', xdel);
  registry.register('xrange', (ctx) => range(ctx, false));
  registry.register('xrevrange', (ctx) => range(ctx, true));
  registry.register('xsetid', xsetid);
  registerStreamRead(registry);
  registerStreamInfo(registry);
}
