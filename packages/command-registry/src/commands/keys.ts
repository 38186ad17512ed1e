/**
 * Whole keys: existence, type, removal, renaming, copying, moving; whole databases.
 */
import { type Database, EventClass, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';

const GENERIC = EventClass.generic;

/** What TYPE calls a value, by its number. */
export const TYPE_NAMES: readonly string[] = (() => {
  const names: string[] = [];
  for (const [name, number] of Object.entries(ValueType)) names[number] = name;
  return names;
})();

function del(ctx: CommandContext): void {
  remove(ctx, ctx.keyspace.lazyFreeing.userDel);
}

/** DEL and UNLINK. @param lazily as in `Database.delete` */
function remove(ctx: CommandContext, lazily: boolean): void {
  const { bytes, offsets, lengths } = ctx.request;
  let deleted = 0;
  for (let i = 1; i < ctx.argc; i++) {
    if (!ctx.db.delete(bytes, offsets[i]!, lengths[i]!, lazily)) continue;
    ctx.changed(i, GENERIC, 'del');
    deleted++;
  }
  ctx.reply.integer(deleted);
}

function exists(ctx: CommandContext): void {
  let found = 0;
  for (let i = 1; i < ctx.argc; i++) if (ctx.lookupNoTouch(i) !== 0) found++;
  ctx.reply.integer(found);
}

function touch(ctx: CommandContext): void {
  let found = 0;
  for (let i = 1; i < ctx.argc; i++) if (ctx.lookupRead(i) !== 0) found++;
  ctx.reply.integer(found);
}

function type(ctx: CommandContext): void {
  const h = ctx.lookupNoTouch(1);
  ctx.reply.simple(h === 0 ? 'none' : TYPE_NAMES[ctx.db.typeOf(h)]!);
}

function randomkey(ctx: CommandContext): void {
  const h = ctx.db.randomKey();
  if (h === 0) {
    ctx.reply.null();
    return;
  }
  const view = { bytes: ctx.bytes, offset: 0, length: 0 };
  ctx.db.readKey(h, view);
  ctx.reply.bulk(view.bytes, view.offset, view.length);
}

function sameArgument(ctx: CommandContext, a: number, b: number): boolean {
  const length = ctx.length(a);
  if (length !== ctx.length(b)) return false;
  for (let k = 0; k < length; k++) {
    if (ctx.bytes[ctx.offset(a) + k] !== ctx.bytes[ctx.offset(b) + k]) return false;
  }
  return true;
}

/** Renames argument 1 to argument 2. 1: done; 0: the new name is taken and `onlyNew`; -1: the error is written. */
function moveName(ctx: CommandContext, onlyNew: boolean): number {
  if (ctx.lookupWrite(1) === 0) {
    ctx.reply.error(errors.noSuchKey);
    return -1;
  }
  if (sameArgument(ctx, 1, 2)) return onlyNew ? 0 : 1;
  if (ctx.lookupWrite(2) !== 0 && onlyNew) return 0;
  const { bytes, offsets, lengths } = ctx.request;
  ctx.db.rename(bytes, offsets[1]!, lengths[1]!, bytes, offsets[2]!, lengths[2]!);
  ctx.changed(1, GENERIC, 'rename_from');
  ctx.changed(2, GENERIC, 'rename_to', 0);
  return 1;
}

function rename(ctx: CommandContext): void {
  if (moveName(ctx, false) === 1) ctx.reply.ok();
}

function renamenx(ctx: CommandContext): void {
  const moved = moveName(ctx, true);
  if (moved >= 0) ctx.reply.integer(moved);
}

const MIN_INT = -2147483648;
const MAX_INT = 2147483647;

/** Argument `i` as a C int; NaN when it is none: then the error is written, `text` if given. */
function intArgument(ctx: CommandContext, i: number, text: string | undefined): number {
  const value = ctx.integer(i);
  if (Number.isNaN(value)) {
    ctx.reply.error(text ?? errors.notInteger);
    return NaN;
  }
  if (value < MIN_INT || value > MAX_INT) {
    ctx.reply.error(text ?? errors.outOfIntRange);
    return NaN;
  }
  return value;
}

/** The database with the number in argument `i`; undefined when there is none: then the error is written. */
function databaseArgument(ctx: CommandContext, i: number): Database | undefined {
  const index = intArgument(ctx, i, undefined);
  if (Number.isNaN(index)) return undefined;
  const db = ctx.keyspace.databases[index];
  if (db === undefined) ctx.reply.error(errors.dbIndexOutOfRange);
  return db;
}

function copy(ctx: CommandContext): void {
  let target: Database | undefined = ctx.db;
  let replace = false;
  for (let i = 3; i < ctx.argc; i++) {
    if (ctx.is(i, 'REPLACE')) {
      replace = true;
    } else if (ctx.is(i, 'DB') && i + 1 < ctx.argc) {
      target = databaseArgument(ctx, ++i);
      if (target === undefined) return;
    } else {
      ctx.reply.error(errors.syntax);
      return;
    }
  }
  if (target === ctx.db && sameArgument(ctx, 1, 2)) {
    ctx.reply.error(errors.sameObject);
    return;
  }
  const { bytes, offsets, lengths } = ctx.request;
  if (ctx.lookupRead(1) === 0 || (target.lookupWrite(bytes, offsets[2]!, lengths[2]!) !== 0 && !replace)) {
    ctx.reply.integer(0);
    return;
  }
  ctx.db.copy(bytes, offsets[1]!, lengths[1]!, target, bytes, offsets[2]!, lengths[2]!);
  ctx.keyspace.changed(target, bytes, offsets[2]!, lengths[2]!, GENERIC, 'copy_to');
  ctx.reply.integer(1);
}

function move(ctx: CommandContext): void {
  const target = databaseArgument(ctx, 2);
  if (target === undefined) return;
  if (target === ctx.db) {
    ctx.reply.error(errors.sameObject);
    return;
  }
  const { bytes, offsets, lengths } = ctx.request;
  if (ctx.lookupWrite(1) === 0 || !ctx.db.move(bytes, offsets[1]!, lengths[1]!, target)) {
    ctx.reply.integer(0);
    return;
  }
  ctx.changed(1, GENERIC, 'move_from');
  ctx.keyspace.changed(target, bytes, offsets[1]!, lengths[1]!, GENERIC, 'move_to', 0);
  ctx.reply.integer(1);
}

function dbsize(ctx: CommandContext): void {
  ctx.reply.integer(ctx.db.size);
}

function flush(ctx: CommandContext, db: Database | undefined): void {
  const lazy = ctx.argc === 2 ? ctx.is(1, 'ASYNC') : ctx.server.lazyUserFlush;
  if (ctx.argc > 2 || (ctx.argc === 2 && !lazy && !ctx.is(1, 'SYNC'))) {
    ctx.reply.error(errors.syntax);
    return;
  }
  for (const each of db === undefined ? ctx.keyspace.databases : [db]) ctx.keyspace.dirty += each.size;
  ctx.keyspace.flush(db, lazy);
  // It is repeated even when nothing was there, as Redis does.
  ctx.feedRequest();
  ctx.reply.ok();
}

function flushdb(ctx: CommandContext): void {
  flush(ctx, ctx.db);
}

function flushall(ctx: CommandContext): void {
  flush(ctx, undefined);
}

function swapdb(ctx: CommandContext): void {
  const a = intArgument(ctx, 1, errors.invalidFirstDbIndex);
  if (Number.isNaN(a)) return;
  const b = intArgument(ctx, 2, errors.invalidSecondDbIndex);
  if (Number.isNaN(b)) return;
  const { databases } = ctx.keyspace;
  if (databases[a] === undefined || databases[b] === undefined) {
    ctx.reply.error(errors.dbIndexOutOfRange);
    return;
  }
  ctx.keyspace.swapDatabases(a, b);
  ctx.keyspace.dirty++;
  ctx.reply.ok();
}

export function registerKeys(registry: Registry): void {
  registry.register('del', del);
  registry.register('unlink', (ctx) => remove(ctx, true));
  registry.register('exists', exists);
  registry.register('touch', touch);
  registry.register('type', type);
  registry.register('randomkey', randomkey);
  registry.register('rename', rename);
  registry.register('renamenx', renamenx);
  registry.register('copy', copy);
  registry.register('move', move);
  registry.register('dbsize', dbsize);
  registry.register('flushdb', flushdb);
  registry.register('flushall', flushall);
  registry.register('swapdb', swapdb);
}
