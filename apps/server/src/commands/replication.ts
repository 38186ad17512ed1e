// Replication, as a primary without replicas answers: there is none yet. What a client can ask is answered, what would
// begin to replicate is refused. Errors are checked in Redis's order before that, so that a mistake is told as there.

import { errors, type CommandContext, type Registry } from '@clone/command-registry';

const NEVER_A_REPLICA = 'ERR replication is not supported yet: this server cannot follow a primary';
const NO_REPLICAS = 'ERR replication is not supported yet: this server takes no replicas';

export function register(registry: Registry): void {
  registry.register('role', role);
  registry.register('replicaof', replicaOf);
  registry.register('slaveof', replicaOf);
  registry.register('failover', failover);
  registry.register('sync', (ctx) => ctx.reply.error(NO_REPLICAS));
  registry.register('psync', psync);
  registry.register('replconf', replConf);
}

/** The role, the offset of the stream of changes, and the replicas. */
function role(ctx: CommandContext): void {
  const { reply } = ctx;
  reply.array(3);
  reply.bulkLatin1('master');
  reply.integer(0);
  reply.array(0);
}

function replicaOf(ctx: CommandContext): void {
  if (ctx.is(1, 'NO') && ctx.is(2, 'ONE')) {
    ctx.reply.ok();
    return;
  }
  const port = ctx.integer(2);
  ctx.reply.error(port >= 0 && port <= 65535 ? NEVER_A_REPLICA : 'ERR Invalid master port');
}

/** FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds] */
function failover(ctx: CommandContext): void {
  const { argc, reply } = ctx;
  if (argc === 2 && ctx.is(1, 'ABORT')) {
    reply.error('ERR No failover in progress.');
    return;
  }
  const given = { to: false, force: false, timeout: false };
  for (let i = 1; i < argc; i++) {
    let number = 0;
    if (ctx.is(i, 'TIMEOUT') && i + 1 < argc && !given.timeout) {
      given.timeout = true;
      number = ctx.integer(++i);
      if (number <= 0) {
        reply.error('ERR FAILOVER timeout must be greater than 0');
        return;
      }
    } else if (ctx.is(i, 'TO') && i + 2 < argc && !given.to) {
      given.to = true;
      number = ctx.integer((i += 2));
    } else if (ctx.is(i, 'FORCE') && !given.force) {
      given.force = true;
    } else {
      reply.error(errors.syntax);
      return;
    }
    if (Number.isNaN(number)) {
      reply.error(errors.notInteger);
      return;
    }
  }
  reply.error('ERR FAILOVER requires connected replicas.');
}

function psync(ctx: CommandContext): void {
  ctx.reply.error(Number.isNaN(ctx.integer(2)) ? errors.notInteger : NO_REPLICAS);
}

/** Facts in pairs. */
function replConf(ctx: CommandContext): void {
  ctx.reply.error(ctx.argc % 2 === 0 ? errors.syntax : NO_REPLICAS);
}
