/**
 * Values and times to live of fields in one command: HGETEX, HSETEX, HGETDEL (Redis 8.0).
 */
import { EventClass } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import {
  ChangedFields,
  expireField,
  fieldExpireAt,
  fieldsFrom,
  FieldTime,
  numFieldsErrors,
  timeArgument,
} from './hash-field-times.js';
import { findField, hashToWrite, lookupHash, replyField, setField } from './hashes.js';
import { WRONG_TYPE } from './typed-lookup.js';

const INVALID_NUMBER = 'ERR invalid number of fields';
const ONE_CONDITION = 'ERR Only one of FXX or FNX arguments can be specified';
const ONE_EXPIRATION = 'ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified';
const NO_TIME = 'ERR missing expire time';

/** The words before a time: whether it is given in seconds, and whether it counts from now. */
const TIME_WORDS = [
  { word: 'EX', seconds: true, relative: true },
  { word: 'PX', seconds: false, relative: true },
  { word: 'EXAT', seconds: true, relative: false },
  { word: 'PXAT', seconds: false, relative: false },
] as const;

const changed = new ChangedFields();

/** The entry of `TIME_WORDS` that argument `i` is; undefined when it is none. */
function timeWord(ctx: CommandContext, i: number): (typeof TIME_WORDS)[number] | undefined {
  for (const form of TIME_WORDS) if (ctx.is(i, form.word)) return form;
  return undefined;
}

/** The time in argument `i + 1` if argument `i` introduces one; undefined if it does not, -1 with the error written. */
function timeAfter(ctx: CommandContext, i: number): number | undefined {
  const form = timeWord(ctx, i);
  if (form === undefined) return undefined;
  return timeArgument(ctx, i + 1, form.seconds, form.relative ? ctx.keyspace.now : 0);
}

// ── HGETEX ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function hgetex(ctx: CommandContext): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  const when = timeAfter(ctx, 2);
  if (when === -1) return;
  const persist = when === undefined && ctx.is(2, 'PERSIST');
  const first = fieldsFrom(ctx, when !== undefined ? 4 : persist ? 3 : 2, numFieldsErrors.reading);
  if (first === 0) return;
  changed.clear();
  let deleted = false;
  ctx.reply.array(ctx.argc - first);
  for (let i = first; i < ctx.argc; i++) {
    if (!replyField(ctx, h, i)) continue;
    if (when !== undefined) {
      deleted = expireField(ctx, h, i, when) === FieldTime.deleted;
      changed.add(i);
    } else if (persist && fieldExpireAt(ctx, h, i) >= 0) {
      ctx.db.hashSetExpireAt(h, ctx.bytes, ctx.offset(i), ctx.length(i), 0);
      changed.add(i);
    }
  }
  if (deleted) changed.deleted(ctx, h, changed.count);
  else if (when !== undefined) changed.expired(ctx, when);
  else changed.persisted(ctx);
}

// ── HGETDEL ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function hgetdel(ctx: CommandContext): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  const first = fieldsFrom(ctx, 2, numFieldsErrors.reading);
  if (first === 0) return;
  changed.clear();
  ctx.reply.array(ctx.argc - first);
  for (let i = first; i < ctx.argc; i++) {
    if (!replyField(ctx, h, i)) continue;
    ctx.db.hashDelete(h, ctx.bytes, ctx.offset(i), ctx.length(i));
    changed.add(i);
  }
  changed.deleted(ctx, h, changed.count);
}

// ── HSETEX ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The words of HSETEX between key and fields; reused for every request. */
class HsetexOptions {
  /** FNX: all fields must be missing; FXX: all must be there. */
  condition: 'FNX' | 'FXX' | undefined;
  keepTtl = false;
  /** When the fields expire, ms since epoch; undefined: nothing was said. */
  when: number | undefined;
  /** Argument with the first field. */
  first = 0;

  /** False: they are not valid, and the error is written. */
  parse(ctx: CommandContext): boolean {
    this.condition = undefined;
    this.keepTtl = false;
    this.when = undefined;
    for (let i = 2; i < ctx.argc; i++) {
      if (ctx.is(i, 'FIELDS')) return this.#parseFields(ctx, i);
      if (timeWord(ctx, i) !== undefined) {
        if (!this.#parseTime(ctx, i++)) return false;
      } else if (!this.#parseWord(ctx, i)) {
        return false;
      }
    }
    return refuse(ctx, errors.wrongArity(ctx.command.name));
  }

  #parseTime(ctx: CommandContext, i: number): boolean {
    if (this.when !== undefined || this.keepTtl) return refuse(ctx, ONE_EXPIRATION);
    if (i + 1 === ctx.argc) return refuse(ctx, NO_TIME);
    this.when = timeAfter(ctx, i);
    return this.when !== -1;
  }

  #parseWord(ctx: CommandContext, i: number): boolean {
    if (ctx.is(i, 'KEEPTTL')) {
      if (this.when !== undefined || this.keepTtl) return refuse(ctx, ONE_EXPIRATION);
      this.keepTtl = true;
    } else if (ctx.is(i, 'FNX') || ctx.is(i, 'FXX')) {
      if (this.condition !== undefined) return refuse(ctx, ONE_CONDITION);
      this.condition = ctx.is(i, 'FNX') ? 'FNX' : 'FXX';
    } else {
      // As a C string: a zero byte ends it.
      return refuse(ctx, `ERR unknown argument: ${ctx.latin1(i).split('\0', 1)[0] ?? ''}`);
    }
    return true;
  }

  #parseFields(ctx: CommandContext, i: number): boolean {
    if (i + 3 >= ctx.argc) return refuse(ctx, errors.wrongArity(ctx.command.name));
    const count = ctx.integer(i + 1);
    if (!(count >= 1 && count <= 2147483647)) return refuse(ctx, INVALID_NUMBER);
    if (count * 2 !== ctx.argc - i - 2) return refuse(ctx, errors.wrongArity(ctx.command.name));
    this.first = i + 2;
    return true;
  }

  /** Whether the condition is met. */
  allows(ctx: CommandContext, h: number): boolean {
    if (this.condition === undefined) return true;
    for (let i = this.first; i < ctx.argc; i += 2) {
      if ((h !== 0 && findField(ctx, h, i)) !== (this.condition === 'FXX')) return false;
    }
    return true;
  }
}

function refuse(ctx: CommandContext, error: string): false {
  ctx.reply.error(error);
  return false;
}

const options = new HsetexOptions();

function hsetex(ctx: CommandContext): void {
  if (!options.parse(ctx)) return;
  const found = lookupHash(ctx, true);
  if (found === WRONG_TYPE) return;
  if (!options.allows(ctx, found)) {
    ctx.reply.integer(0);
    return;
  }
  const { when, first } = options;
  const h = found === 0 ? hashToWrite(ctx) : found;
  changed.clear();
  let deleted = false;
  for (let i = first; i < ctx.argc; i += 2) {
    setField(ctx, h, i, i + 1, options.keepTtl || when !== undefined);
    if (when === undefined) continue;
    deleted = expireField(ctx, h, i, when) === FieldTime.deleted;
    changed.add(i);
  }
  ctx.changed(1, EventClass.hash, 'hset', (ctx.argc - first) / 2);
  if (deleted) {
    changed.deleted(ctx, h, 0);
  } else if (when !== undefined) {
    ctx.changed(1, EventClass.hash, 'hexpire', 0);
    repeatUntil(ctx, when, first);
  }
  ctx.reply.integer(1);
}

/** What is logged: the time is absolute, the condition was met. */
function repeatUntil(ctx: CommandContext, when: number, first: number): void {
  if (!ctx.feeding) return;
  ctx.beginEffect(6 + ctx.argc - first);
  ctx.effectText('HSETEX');
  ctx.effectArgument(1);
  ctx.effectText('PXAT');
  ctx.effectInteger(when);
  ctx.effectText('FIELDS');
  ctx.effectInteger((ctx.argc - first) / 2);
  for (let i = first; i < ctx.argc; i++) ctx.effectArgument(i);
}

export function registerHashFieldValues(registry: Registry): void {
  registry.register('hgetex', hgetex);
  registry.register('hgetdel', hgetdel);
  registry.register('hsetex', hsetex);
}
