/**
 * Fields with a time to live: HEXPIRE, HTTL, HPERSIST and their relatives (Redis 7.4). Those that read or write values at
 * the same time are in `hash-field-values.ts`.
 */
import type { CommandContext } from '../context.js';
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
import { registerHashFieldValues } from './hash-field-values.js';
import { lookupHash } from './hashes.js';
import { WRONG_TYPE } from './typed-lookup.js';

const CONDITIONS = ['NX', 'XX', 'GT', 'LT'] as const;
type Condition = (typeof CONDITIONS)[number];

const changed = new ChangedFields();

function conditionAt(ctx: CommandContext, i: number): Condition | undefined {
  for (const word of CONDITIONS) if (ctx.is(i, word)) return word;
  return undefined;
}

function allowed(condition: Condition | undefined, current: number, when: number): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'NX':
      return current === -1;
    case 'XX':
      return current !== -1;
    case 'GT':
      return current !== -1 && when > current;
    case 'LT':
      return current === -1 || when < current;
  }
}

function hexpire(ctx: CommandContext, seconds: boolean, relative: boolean): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  const when = timeArgument(ctx, 2, seconds, relative ? ctx.keyspace.now : 0);
  if (when === -1) return;
  const condition = conditionAt(ctx, 3);
  const first = fieldsFrom(ctx, condition === undefined ? 3 : 4, numFieldsErrors.setting);
  if (first === 0) return;
  changed.clear();
  let deleted = false;
  ctx.reply.array(ctx.argc - first);
  for (let i = first; i < ctx.argc; i++) {
    const current = h === 0 ? -2 : fieldExpireAt(ctx, h, i);
    if (current === -2) {
      ctx.reply.integer(FieldTime.noField);
    } else if (!allowed(condition, current, when)) {
      ctx.reply.integer(FieldTime.unchanged);
    } else {
      const done = expireField(ctx, h, i, when);
      deleted = done === FieldTime.deleted;
      changed.add(i);
      ctx.reply.integer(done);
    }
  }
  if (deleted) changed.deleted(ctx, h, changed.count);
  else changed.expired(ctx, when);
}

function httl(ctx: CommandContext, seconds: boolean, absolute: boolean): void {
  const h = lookupHash(ctx, false);
  if (h === WRONG_TYPE) return;
  const first = fieldsFrom(ctx, 2, numFieldsErrors.reading);
  if (first === 0) return;
  const base = absolute ? 0 : ctx.keyspace.now;
  ctx.reply.array(ctx.argc - first);
  for (let i = first; i < ctx.argc; i++) {
    const when = h === 0 ? -2 : fieldExpireAt(ctx, h, i);
    if (when < 0) ctx.reply.integer(when);
    else ctx.reply.integer(seconds ? Math.floor((when - base + 999) / 1000) : when - base);
  }
}

function hpersist(ctx: CommandContext): void {
  const h = lookupHash(ctx, true);
  if (h === WRONG_TYPE) return;
  const first = fieldsFrom(ctx, 2, numFieldsErrors.reading);
  if (first === 0) return;
  changed.clear();
  ctx.reply.array(ctx.argc - first);
  for (let i = first; i < ctx.argc; i++) {
    const when = h === 0 ? -2 : fieldExpireAt(ctx, h, i);
    if (when >= 0) {
      ctx.db.hashSetExpireAt(h, ctx.bytes, ctx.offset(i), ctx.length(i), 0);
      changed.add(i);
    }
    ctx.reply.integer(when >= 0 ? 1 : when);
  }
  changed.persisted(ctx);
}

export function registerHashExpiry(registry: Registry): void {
  registry.register('hexpire', (ctx) => hexpire(ctx, true, true));
  registry.register('hpexpire', (ctx) => hexpire(ctx, false, true));
  registry.register('hexpireat', (ctx) => hexpire(ctx, true, false));
  registry.register('hpexpireat', (ctx) => hexpire(ctx, false, false));
  registry.register('httl', (ctx) => httl(ctx, true, false));
  registry.register('hpttl', (ctx) => httl(ctx, false, false));
  registry.register('hexpiretime', (ctx) => httl(ctx, true, true));
  registry.register('hpexpiretime', (ctx) => httl(ctx, false, true));
  registry.register('hpersist', hpersist);
  registerHashFieldValues(registry);
}
