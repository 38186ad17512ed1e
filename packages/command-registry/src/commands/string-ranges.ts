/**
 * Parts of strings: APPEND, SETRANGE, GETRANGE (SUBSTR).
 */
import { EventClass, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { lookupString, NOT_A_STRING } from './strings.js';

const view = new View();

/** Whether a string may become so long; if not, the error is written. */
function fits(ctx: CommandContext, length: number): boolean {
  if (length <= ctx.maxStringLength) return true;
  ctx.reply.error(errors.stringTooLong);
  return false;
}

function append(ctx: CommandContext): void {
  const h = lookupString(ctx, 1, true);
  if (h === NOT_A_STRING) return;
  const { bytes, offsets, lengths } = ctx.request;
  let length = lengths[2]!;
  if (h === 0) {
    ctx.db.setString(bytes, offsets[1]!, lengths[1]!, bytes, offsets[2]!, length, false);
  } else {
    if (!fits(ctx, ctx.db.stringLength(h) + length)) return;
    length = ctx.db.appendString(h, bytes, offsets[2]!, length);
  }
  ctx.changed(1, EventClass.string, 'append');
  ctx.reply.integer(length);
}

function setrange(ctx: CommandContext): void {
  const at = ctx.integer(2);
  if (Number.isNaN(at)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  if (at < 0) {
    ctx.reply.error(errors.offsetOutOfRange);
    return;
  }
  let h = lookupString(ctx, 1, true);
  if (h === NOT_A_STRING) return;
  const { bytes, offsets, lengths } = ctx.request;
  const length = lengths[3]!;
  if (length === 0) {
    ctx.reply.integer(h === 0 ? 0 : ctx.db.stringLength(h));
    return;
  }
  if (!fits(ctx, at + length)) return;
  if (h === 0) h = ctx.db.setText(bytes, offsets[1]!, lengths[1]!, bytes, offsets[1]!, 0, false);
  const total = ctx.db.setRange(h, at, bytes, offsets[3]!, length);
  ctx.changed(1, EventClass.string, 'setrange');
  ctx.reply.integer(total);
}

function getrange(ctx: CommandContext): void {
  let start = ctx.integer(2);
  let end = ctx.integer(3);
  if (Number.isNaN(start) || Number.isNaN(end)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  if (h !== 0) {
    ctx.db.readString(h, view);
    const total = view.length;
    const backwards = start < 0 && end < 0 && start > end;
    if (start < 0) start = Math.max(total + start, 0);
    if (end < 0) end = Math.max(total + end, 0);
    if (end >= total) end = total - 1;
    if (!backwards && start <= end && total > 0) {
      ctx.reply.bulk(view.bytes, view.offset + start, end - start + 1);
      return;
    }
  }
  ctx.reply.bulk(view.bytes, 0, 0);
}

export function registerStringRanges(registry: Registry): void {
  registry.register('append', append);
  registry.register('setrange', setrange);
  registry.register('getrange', getrange);
  registry.register('substr', getrange);
}
