/**
 * WAIT. There are no replicas: none ever confirms anything.
 */
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';

function wait(ctx: CommandContext): void {
  const replicas = ctx.integer(1);
  if (Number.isNaN(replicas)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const timeout = ctx.integer(2);
  if (Number.isNaN(timeout)) {
    ctx.reply.error(errors.timeoutNotInteger);
    return;
  }
  if (timeout < 0) {
    ctx.reply.error(errors.timeoutNegative);
    return;
  }
  if (replicas > 0) {
    if (ctx.block({ type: -1, firstKey: 0, keys: 0, timeout, timedOut: (reply) => reply.integer(0) })) return;
  }
  ctx.reply.integer(0);
}

export function registerWait(registry: Registry): void {
  registry.register('wait', wait);
}
