// SCRIPT FLUSH and FUNCTION FLUSH: test tools send them before they begin. There are no scripts, so nothing is flushed.

import type { CommandContext, Registry } from '@clone/command-registry';

export function register(registry: Registry): void {
  registry.register('script|flush', (ctx) => {
    if (ctx.argc === 2 || (ctx.argc === 3 && isSyncOrAsync(ctx))) ctx.reply.ok();
    else ctx.reply.error('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
  });
  registry.register('function|flush', (ctx) => {
    if (ctx.argc > 3) {
      ctx.reply.error(`ERR unknown subcommand or wrong number of arguments for '${ctx.latin1(1)}'. Try FUNCTION HELP.`);
    } else if (ctx.argc === 2 || isSyncOrAsync(ctx)) {
      // Redis counts it as a change, whatever there was; a log without functions need not say it.
      ctx.keyspace.dirty++;
      ctx.suppressEffect();
      ctx.reply.ok();
    } else {
      ctx.reply.error('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
    }
  });
}

function isSyncOrAsync(ctx: CommandContext): boolean {
  return ctx.is(2, 'SYNC') || ctx.is(2, 'ASYNC');
}
