// DEBUG OBJECT, LISTPACK, QUICKLIST and POPULATE: what concerns single keys.

import { errors, type CommandContext } from '@clone/command-registry';
import type { Handle } from '@clone/core-store';
import type { ServerContext } from '../server-context.js';

/** The record of argument `i`, untouched; 0 after an error reply. */
export function peekKey(ctx: CommandContext, i: number): Handle {
  const h = ctx.db.peek(ctx.bytes, ctx.offset(i), ctx.length(i));
  if (h === 0) ctx.reply.error(errors.noSuchKey);
  return h;
}

/** OBJECT key [fast]: `fast` leaves out what takes time to find. */
export function describeObject(ctx: CommandContext): void {
  const { db, keyspace } = ctx;
  const h = db.peekAny(ctx.bytes, ctx.offset(2), ctx.length(2));
  if (h === 0) {
    ctx.reply.error(errors.noSuchKey);
    return;
  }
  const fast = ctx.argc > 3 && ctx.is(3, 'FAST');
  const fields = [
    `at:0x${h.toString(16).padStart(12, '0')}`,
    'refcount:1',
    `encoding:${db.encodingOf(h)}`,
    ...(fast ? [] : [`serializedlength:${db.memoryUsage(h)}`]),
    `lru:${keyspace.records.access(h)}`,
    `lru_seconds_idle:${db.idleSeconds(h)}`,
  ];
  ctx.reply.simple(`Value ${fields.join(' ')}`);
}

/**
 * LISTPACK key, QUICKLIST key [0|1]: Redis prints the structure; here the log tells what there is of it.
 * @param encoding which the value must have
 */
export function logStructure(ctx: CommandContext, server: ServerContext, encoding: 'listpack' | 'quicklist'): void {
  const h = peekKey(ctx, 2);
  if (h === 0) return;
  if (ctx.db.encodingOf(h) !== encoding) {
    ctx.reply.error(`ERR Not a ${encoding} encoded object.`);
    return;
  }
  server.log('notice', `DEBUG: '${ctx.text(2)}' is a ${encoding}, ${ctx.db.memoryUsage(h)} bytes with its key`);
  ctx.reply.simple(`${encoding === 'listpack' ? 'Listpack' : 'Quicklist'} structure printed on stdout`);
}

/**
 * POPULATE count [prefix] [size]: strings `prefix:0`, `prefix:1`, …, of the keys that are missing. As in Redis they go into
 * no log, count for nothing, and tell nobody but who watches or waits; all in one turn.
 */
export function populate(ctx: CommandContext): void {
  const { db, keyspace, reply } = ctx;
  const count = ctx.integer(2);
  const size = ctx.argc > 4 ? ctx.integer(4) : 0;
  if (!(count >= 0) || !(size >= 0)) {
    reply.error(errors.notPositive);
    return;
  }
  if (size > ctx.server.maxBulkLength) {
    reply.error(errors.stringTooLong);
    return;
  }
  const prefix = ctx.argc > 3 ? Buffer.from(ctx.copy(3)) : Buffer.from('key');
  for (let i = 0; i < count; i++) {
    const key = Buffer.concat([prefix, Buffer.from(`:${i}`)]);
    if (db.peek(key, 0, key.length) !== 0) continue;
    const text = Buffer.from(`value:${i}`);
    const value = size === 0 ? text : Buffer.concat([text, Buffer.alloc(Math.max(size - text.length, 0))], size);
    db.setString(key, 0, key.length, value, 0, value.length, false);
    keyspace.waiters?.touched(db, key, 0, key.length, true);
  }
  ctx.suppressEffect();
  reply.ok();
}
