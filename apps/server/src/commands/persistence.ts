// BGREWRITEAOF, SAVE, BGSAVE, LASTSAVE and SHUTDOWN: what they mean is the server's; here are their words and replies.

import { errors, type CommandContext, type Registry } from '@clone/command-registry';
import type { RewriteStart, ServerContext } from '../server-context.js';

const NO_SNAPSHOTS =
  'ERR RDB files are not supported yet: nothing was saved. docs/persistence.md says how data are kept';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('bgrewriteaof', (ctx) => answerRewrite(ctx, server.startAofRewrite()));
  registry.register('save', (ctx) => ctx.reply.error(NO_SNAPSHOTS));
  registry.register('bgsave', bgsave);
  // As Redis before its first save.
  registry.register('lastsave', (ctx) => ctx.reply.integer(Math.floor(server.startedAt / 1000)));
  registry.register('shutdown', (ctx) => shutdown(ctx, server));
}

function answerRewrite(ctx: CommandContext, start: RewriteStart): void {
  switch (start) {
    case 'started':
      ctx.reply.simple('Background append only file rewriting started');
      break;
    case 'scheduled':
      ctx.reply.simple('Background append only file rewriting scheduled');
      break;
    case 'in progress':
      ctx.reply.error('ERR Background append only file rewriting already in progress');
      break;
    case 'failed':
      ctx.reply.error(
        "ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
      );
      break;
  }
}

function bgsave(ctx: CommandContext): void {
  const isValid = ctx.argc === 1 || (ctx.argc === 2 && ctx.is(1, 'SCHEDULE'));
  ctx.reply.error(isValid ? NO_SNAPSHOTS : errors.syntax);
}

function shutdown(ctx: CommandContext, server: ServerContext): void {
  const given = { save: false, nosave: false, now: false, force: false, abort: false };
  for (let i = 1; i < ctx.argc; i++) {
    if (ctx.is(i, 'SAVE')) given.save = true;
    else if (ctx.is(i, 'NOSAVE')) given.nosave = true;
    else if (ctx.is(i, 'NOW')) given.now = true;
    else if (ctx.is(i, 'FORCE')) given.force = true;
    else if (ctx.is(i, 'ABORT')) given.abort = true;
    else {
      ctx.reply.error(errors.syntax);
      return;
    }
  }
  const { save, nosave, now, force, abort } = given;
  if ((save && nosave) || (abort && (save || nosave || now || force))) {
    ctx.reply.error(errors.syntax);
  } else if (abort) {
    if (server.abortShutdown()) ctx.reply.ok();
    else ctx.reply.error('ERR No shutdown in progress.');
  } else {
    const refusal = server.requestShutdown({ save: save || (nosave ? false : undefined), now, force });
    if (refusal !== '') ctx.reply.error(refusal);
  }
}
