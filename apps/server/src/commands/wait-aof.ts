// WAITAOF numlocal numreplicas timeout: waits until what this client wrote is on the disk.
//
// A client waits for all that the log has when it asks, which is at least what it wrote itself: who wrote what is not
// kept. There are no replicas: none ever confirms anything.

import { errors, type CommandContext, type Registry } from '@clone/command-registry';
import type { ReplyWriter } from '@clone/resp-codec';
import type { ServerContext } from '../server-context.js';

export function register(registry: Registry, server: ServerContext): void {
  registry.register('waitaof', (ctx) => waitAof(ctx, server));
}

function waitAof(ctx: CommandContext, server: ServerContext): void {
  const local = ctx.integer(1);
  const replicas = ctx.integer(2);
  const timeout = ctx.integer(3);
  const refusal = refusalOf(local, replicas, timeout, ctx.keyspace.now);
  if (refusal !== '') {
    ctx.reply.error(refusal);
    return;
  }
  const position = server.logPosition;
  // Computed when it is written: meanwhile the log may have been written, or switched off.
  const answer = (reply: ReplyWriter): void => {
    if (local > 0 && !server.aof.enabled) {
      reply.error('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.');
      return;
    }
    reply.array(2);
    reply.integer(server.isDurable(position) ? 1 : 0);
    reply.integer(0);
  };
  const isLocalEnough = local === 0 || !server.aof.enabled || server.isDurable(position);
  const mustWait = replicas > 0 || !isLocalEnough;
  const isHopeless = local > 0 && !server.aof.enabled;
  if (!mustWait || isHopeless || !ctx.block({ type: -1, firstKey: 0, keys: 0, timeout, timedOut: answer })) {
    answer(ctx.reply);
  } else if (replicas <= 0) {
    server.wakeWhenDurable(ctx.session, position, answer);
  }
}

function refusalOf(local: number, replicas: number, timeout: number, now: number): string {
  if (Number.isNaN(local)) return errors.notInteger;
  if (local < 0 || local > 1) return 'ERR value is out of range, value must between 0 and 1';
  if (!(replicas >= 0)) return errors.notPositive;
  if (Number.isNaN(timeout)) return errors.timeoutNotInteger;
  if (timeout < 0) return errors.timeoutNegative;
  return timeout > 9223372036854775807 - now ? errors.timeoutOutOfRange : '';
}
