/**
 * What the commands on fields with a time to live (Redis 7.4 and 8.0) have in common: how fields and times are given, and
 * what becomes of a field when its time is set.
 */
import { EventClass, LAST_QUEUED_TIME } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';

const NO_FIELDS_WORD = 'ERR Mandatory argument FIELDS is missing or not at the right position';
const FIELDS_DIFFER = 'ERR The `numfields` parameter must match the number of arguments';
const TIME_NEGATIVE = 'ERR invalid expire time, must be >= 0';

/** Texts for a number of fields that is none. */
export const numFieldsErrors = {
  setting: 'ERR Parameter `numFields` should be greater than 0',
  reading: 'ERR Number of fields must be a positive integer',
} as const;

/** What setting the time of a field answers. */
export const FieldTime = { deleted: 2, set: 1, unchanged: 0, noField: -2 } as const;

/**
 * Reads `FIELDS n field …` from argument `at` to the end; answers the argument with the first field, 0 when that is not
 * what is there: then the error is written.
 */
export function fieldsFrom(ctx: CommandContext, at: number, invalidNumber: string): number {
  if (at >= ctx.argc || !ctx.is(at, 'FIELDS')) return refuse(ctx, NO_FIELDS_WORD);
  if (at + 1 === ctx.argc) return refuse(ctx, errors.wrongArity(ctx.command.name));
  const count = ctx.integer(at + 1);
  if (!(count >= 1)) return refuse(ctx, invalidNumber);
  if (count !== ctx.argc - at - 2) return refuse(ctx, FIELDS_DIFFER);
  return at + 2;
}

function refuse(ctx: CommandContext, error: string): number {
  ctx.reply.error(error);
  return 0;
}

/** Argument `i` as a time, ms since epoch; -1 when it is none: then the error is written. @param base what it counts from, ms */
export function timeArgument(ctx: CommandContext, i: number, seconds: boolean, base: number): number {
  const value = ctx.integer(i);
  if (Number.isNaN(value)) {
    ctx.reply.error(errors.notInteger);
  } else if (value < 0) {
    ctx.reply.error(TIME_NEGATIVE);
  } else if (value > LAST_QUEUED_TIME || value * (seconds ? 1000 : 1) > LAST_QUEUED_TIME - base) {
    ctx.reply.error(errors.invalidExpireTime(ctx.command.name));
  } else {
    return value * (seconds ? 1000 : 1) + base;
  }
  return -1;
}

/** When the field of argument `i` expires, ms since epoch; -1: never; -2: there is no such field. */
export function fieldExpireAt(ctx: CommandContext, h: number, i: number): number {
  return ctx.db.hashExpireAt(h, ctx.bytes, ctx.offset(i), ctx.length(i));
}

/** Sets the time of an existing field, or deletes it if that is past; answers which, one of `FieldTime`. */
export function expireField(ctx: CommandContext, h: number, i: number, when: number): number {
  const { bytes, offsets, lengths } = ctx.request;
  if (when <= ctx.keyspace.now && !ctx.keyspace.loading) {
    ctx.db.hashDelete(h, bytes, offsets[i]!, lengths[i]!);
    return FieldTime.deleted;
  }
  // 0 would mean that it stays.
  ctx.db.hashSetExpireAt(h, bytes, offsets[i]!, lengths[i]!, Math.max(when, 1));
  return FieldTime.set;
}

/** The fields that a command changed, as arguments of the request: gathered while it replies, then told. */
export class ChangedFields {
  readonly #arguments: number[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(argument: number): void {
    this.#arguments[this.count++] = argument;
  }

  /** The fields were given this time: the event, and HPEXPIREAT for the log. */
  expired(ctx: CommandContext, when: number): void {
    if (this.count === 0) return;
    ctx.changed(1, EventClass.hash, 'hexpire', this.count);
    if (!ctx.feeding) return;
    ctx.beginEffect(this.count + 5);
    ctx.effectText('HPEXPIREAT');
    ctx.effectArgument(1);
    ctx.effectInteger(when);
    this.#effectFields(ctx);
  }

  /** The fields lost their time. */
  persisted(ctx: CommandContext): void {
    if (this.count === 0) return;
    ctx.changed(1, EventClass.hash, 'hpersist', this.count);
    if (!ctx.feeding) return;
    ctx.beginEffect(this.count + 4);
    ctx.effectText('HPERSIST');
    ctx.effectArgument(1);
    this.#effectFields(ctx);
  }

  #effectFields(ctx: CommandContext): void {
    ctx.effectText('FIELDS');
    ctx.effectInteger(this.count);
    for (let k = 0; k < this.count; k++) ctx.effectArgument(this.#arguments[k]!);
  }

  /** The fields are gone, and the hash if that was all of it. @param changes as in `ctx.changed` */
  deleted(ctx: CommandContext, h: number, changes: number): void {
    if (this.count === 0) return;
    const empty = ctx.db.hashCount(h) === 0;
    if (empty) ctx.db.delete(ctx.bytes, ctx.offset(1), ctx.length(1));
    ctx.changed(1, EventClass.hash, 'hdel', changes);
    if (empty) ctx.changed(1, EventClass.generic, 'del', 0);
    if (!ctx.feeding) return;
    ctx.beginEffect(this.count + 2);
    ctx.effectText('HDEL');
    ctx.effectArgument(1);
    for (let k = 0; k < this.count; k++) ctx.effectArgument(this.#arguments[k]!);
  }
}
