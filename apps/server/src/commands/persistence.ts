// BGREWRITEAOF and SHUTDOWN: what they mean is the server's; here are their words and replies.

import { errors, type CommandContext, type Registry } from '@clone/command-registry';
import type { RewriteStart, ServerContext } from '../server-context.js';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('bgrewriteaof', (ctx) => answerRewrite(ctx, server.startAofRewrite()));
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
