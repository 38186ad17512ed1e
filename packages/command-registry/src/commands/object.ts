/**
 * OBJECT: what is known of a key besides its value.
 */
import { ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyHelp } from './help.js';

/** Redis shares the objects of the integers below 10,000: their reference count is shown as the largest int. */
const SHARED_INTEGERS = 10000;
const SHARED_REFERENCES = 2147483647;

/** The record of key argument 2; 0 when missing: then null is written. */
function lookup(ctx: CommandContext): number {
  const h = ctx.db.lookupUntold(ctx.bytes, ctx.offset(2), ctx.length(2));
  if (h === 0) ctx.reply.null();
  return h;
}

function encoding(ctx: CommandContext): void {
  const h = lookup(ctx);
  if (h !== 0) ctx.reply.bulkLatin1(ctx.db.encodingOf(h));
}

function refcount(ctx: CommandContext): void {
  const h = lookup(ctx);
  if (h === 0) return;
  let shared = false;
  if (ctx.db.typeOf(h) === ValueType.string && ctx.db.encodingOf(h) === 'int') {
    const value = ctx.db.stringAsNumber(h);
    shared = value >= 0 && value < SHARED_INTEGERS;
  }
  ctx.reply.integer(shared ? SHARED_REFERENCES : 1);
}

function idletime(ctx: CommandContext): void {
  const h = lookup(ctx);
  if (h === 0) return;
  if (ctx.keyspace.maxmemoryPolicyIsLfu) ctx.reply.error(errors.lfuSelected);
  else ctx.reply.integer(ctx.db.idleSeconds(h));
}

function freq(ctx: CommandContext): void {
  const h = lookup(ctx);
  if (h === 0) return;
  if (ctx.keyspace.maxmemoryPolicyIsLfu) ctx.reply.integer(ctx.db.frequency(h));
  else ctx.reply.error(errors.lfuNotSelected);
}

const HELP = [
  'ENCODING <key>',
  '    Return the kind of internal representation used in order to store the value',
  '    associated with a <key>.',
  'FREQ <key>',
  '    Return the access frequency index of the <key>. The returned integer is',
  '    proportional to the logarithm of the recent access frequency of the key.',
  'IDLETIME <key>',
  '    Return the idle time of the <key>, that is the approximated number of',
  '    seconds elapsed since the last access to the key.',
  'REFCOUNT <key>',
  '    Return the number of references of the value associated with the specified',
  '    <key>.',
];

export function registerObject(registry: Registry): void {
  registry.register('object|encoding', encoding);
  registry.register('object|refcount', refcount);
  registry.register('object|idletime', idletime);
  registry.register('object|freq', freq);
  registry.register('object|help', (ctx) => replyHelp(ctx, HELP));
}
