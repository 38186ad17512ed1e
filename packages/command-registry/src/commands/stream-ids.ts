/**
 * Ids of stream entries as commands write them: `ms-seq`, `ms`, `ms-*`, `-`, `+`, and with `(` in front where an interval
 * leaves its end out.
 */
import { formatUint64, Int64, parseUint64, STREAM_ID_TEXT, StreamId } from '@clone/core-store';
import type { ReplyWriter } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';

const streamIdErrors = {
  invalid: 'ERR Invalid stream ID specified as stream command argument',
  invalidStart: 'ERR invalid start ID for the interval',
  invalidEnd: 'ERR invalid end ID for the interval',
} as const;

/** The sequence that an id without one stands for. */
export const MissingSequence = { zero: 0, max: -1 } as const;

const DASH = 0x2d;
const PLUS = 0x2b;
const STAR = 0x2a;
const PARENTHESIS = 0x28;
/** Longer texts are no ids, whatever they begin with (Redis 7.0). */
const MAX_TEXT = 127;

const number = new Int64();
const text = new Uint8Array(STREAM_ID_TEXT);

/** What a text was read as. */
const INVALID = 0;
const COMPLETE = 1;
/** `ms-*`: the sequence is to be chosen. */
const OPEN_SEQUENCE = 2;

function parse(
  bytes: Uint8Array,
  offset: number,
  length: number,
  into: StreamId,
  missing: number,
  strict: boolean,
): number {
  if (length > MAX_TEXT) return INVALID;
  // A NUL ends the text: Redis reads ids as C strings.
  let end = offset;
  let dash = -1;
  for (; end < offset + length && bytes[end] !== 0; end++) if (dash < 0 && bytes[end] === DASH) dash = end;
  if (end === offset + 1 && (bytes[offset] === DASH || bytes[offset] === PLUS)) {
    if (strict) return INVALID;
    if (bytes[offset] === DASH) into.setMin();
    else into.setMax();
    return COMPLETE;
  }
  const msEnd = dash < 0 ? end : dash;
  if (!parseUint64(bytes, offset, msEnd - offset, number)) return INVALID;
  into.set(number.hi, number.lo, missing, missing);
  if (dash < 0) return COMPLETE;
  if (end === dash + 2 && bytes[dash + 1] === STAR) {
    into.set(number.hi, number.lo, 0, 0);
    return OPEN_SEQUENCE;
  }
  const { hi, lo } = number;
  if (!parseUint64(bytes, dash + 1, end - dash - 1, number)) return INVALID;
  into.set(hi, lo, number.hi, number.lo);
  return COMPLETE;
}

/**
 * Reads argument `i`, which may be `-` or `+` too, as an id; false when it is none: then the error is written.
 * @param missing one of `MissingSequence`
 */
export function parseStreamId(ctx: CommandContext, i: number, into: StreamId, missing: number): boolean {
  if (parse(ctx.bytes, ctx.offset(i), ctx.length(i), into, missing, false) === COMPLETE) return true;
  ctx.reply.error(streamIdErrors.invalid);
  return false;
}

/** As `parseStreamId`, but `-` and `+` are no ids. */
export function parseStrictStreamId(ctx: CommandContext, i: number, into: StreamId, missing: number): boolean {
  if (parse(ctx.bytes, ctx.offset(i), ctx.length(i), into, missing, true) === COMPLETE) return true;
  ctx.reply.error(streamIdErrors.invalid);
  return false;
}

/** As `parseStrictStreamId`, but writes no error. */
export function tryStrictStreamId(ctx: CommandContext, i: number, into: StreamId, missing: number): boolean {
  return parse(ctx.bytes, ctx.offset(i), ctx.length(i), into, missing, true) === COMPLETE;
}

/** How argument `i` names the id of a new entry: `NewId` below, `invalid` with the error written. */
export function parseNewStreamId(ctx: CommandContext, i: number, into: StreamId): number {
  const bytes = ctx.bytes;
  const offset = ctx.offset(i);
  const length = ctx.length(i);
  if (length === 1 && bytes[offset] === STAR) return NewId.chosen;
  const form = parse(bytes, offset, length, into, MissingSequence.zero, true);
  if (form === INVALID) ctx.reply.error(streamIdErrors.invalid);
  return form;
}

/** `openSequence`: only the milliseconds are given. `chosen`: nothing is. */
export const NewId = { invalid: INVALID, complete: COMPLETE, openSequence: OPEN_SEQUENCE, chosen: 3 } as const;

/**
 * Reads argument `i` as an end of an interval, `(` in front leaving the id itself out; false when it is none: then the error
 * is written. @param isStart the lower end
 */
export function parseRangeId(ctx: CommandContext, i: number, into: StreamId, isStart: boolean): boolean {
  const bytes = ctx.bytes;
  const offset = ctx.offset(i);
  const length = ctx.length(i);
  const missing = isStart ? MissingSequence.zero : MissingSequence.max;
  if (length <= 1 || bytes[offset] !== PARENTHESIS) return parseStreamId(ctx, i, into, missing);
  if (parse(bytes, offset + 1, length - 1, into, missing, true) !== COMPLETE) {
    ctx.reply.error(streamIdErrors.invalid);
    return false;
  }
  if (isStart ? into.increment() : into.decrement()) return true;
  ctx.reply.error(isStart ? streamIdErrors.invalidStart : streamIdErrors.invalidEnd);
  return false;
}

// Many ids in a row have the same milliseconds: their digits are still there.
let writtenHi = 0;
let writtenLo = 0;
let written = 0;

/** Writes the text of an id into a scratch buffer: bytes `[0, answer)` of `streamIdText`. */
export function formatStreamId(id: StreamId): number {
  if (id.msLo !== writtenLo || id.msHi !== writtenHi || written === 0) {
    written = formatUint64(id.msHi, id.msLo, text, 0);
    text[written++] = DASH;
    writtenHi = id.msHi;
    writtenLo = id.msLo;
  }
  return written + formatUint64(id.seqHi, id.seqLo, text, written);
}

/** Where `formatStreamId` writes; to be read only. */
export const streamIdText: Uint8Array = text;

/** A bulk string of the id. */
export function replyStreamId(reply: ReplyWriter, id: StreamId): void {
  reply.bulk(text, 0, formatStreamId(id));
}
