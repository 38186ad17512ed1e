/** The commands that concern the connection, or nothing at all, and need no server: PING ECHO SELECT TIME LOLWUT. */
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';

export function registerConnection(registry: Registry): void {
  registry.register('ping', ping);
  registry.register('echo', echo);
  registry.register('select', select);
  registry.register('time', time);
  registry.register('lolwut', lolwut);
}

/** A RESP2 session that listens to channels gets an answer in the form of its messages. */
function ping(ctx: CommandContext): void {
  const { argc, reply, session } = ctx;
  const listens = session.subscriptions !== undefined && session.protocol === 2;
  if (argc > 2) {
    reply.error(errors.wrongArity('ping'));
    return;
  }
  if (listens) {
    reply.array(2);
    reply.bulkLatin1('pong');
  }
  if (argc === 2) reply.bulk(ctx.bytes, ctx.offset(1), ctx.length(1));
  else if (listens) reply.bulkLatin1('');
  else reply.simple('PONG');
}

function echo(ctx: CommandContext): void {
  ctx.reply.bulk(ctx.bytes, ctx.offset(1), ctx.length(1));
}

function select(ctx: CommandContext): void {
  const index = ctx.integer(1);
  if (Number.isNaN(index)) ctx.reply.error(errors.notInteger);
  else if (index !== (index | 0)) ctx.reply.error(errors.outOfIntRange);
  else if (index < 0 || index >= ctx.keyspace.databases.length) ctx.reply.error(errors.dbIndexOutOfRange);
  else {
    ctx.session.dbIndex = index;
    ctx.reply.ok();
  }
}

/** Two strings: seconds since the epoch, and the microseconds of the running one. */
function time(ctx: CommandContext): void {
  const now = ctx.server.unixMicroseconds();
  const seconds = Math.floor(now / 1e6);
  ctx.reply.array(2);
  ctx.reply.bulkInteger(seconds);
  ctx.reply.bulkInteger(now - seconds * 1e6);
}

/**
 * LOLWUT [VERSION version [size ...]]: Redis 5 and 6 draw something, later versions nothing. We have a drawing of our own
 * for both, and check the sizes that Redis would check.
 */
function lolwut(ctx: CommandContext): void {
  let drawing = '';
  if (ctx.argc > 2 && ctx.is(1, 'VERSION')) {
    const version = ctx.integer(2);
    const sizes = version === 5 ? 3 : version === 6 ? 2 : 0;
    if (sizes > 0) drawing = DRAWING;
    for (let i = 2; i < Math.min(ctx.argc, 3 + sizes); i++) {
      if (Number.isNaN(ctx.integer(i))) {
        ctx.reply.error(errors.notInteger);
        return;
      }
    }
  }
  ctx.reply.verbatim('txt', `${drawing}Redis ver. ${ctx.server.redisVersion}\n`);
}

const DRAWING = `
   .-.   .-.
  ( o ) ( o )
   '-'   '-'
`;
