// SLOWLOG: what took long.

import { errors, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';

const DEFAULT_COUNT = 10;

const HELP = [
  'GET [<count>]',
  '    The newest entries, 10 unless said, all of them for -1. Each has an id, the time in seconds, the duration in',
  '    microseconds, the arguments, the address of the client and its name.',
  'LEN',
  '    How many entries there are.',
  'RESET',
  '    Forgets all entries.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('slowlog|get', (ctx) => get(ctx, server));
  registry.register('slowlog|len', (ctx) => ctx.reply.integer(server.slowLog.length));
  registry.register('slowlog|reset', (ctx) => {
    server.slowLog.clear();
    ctx.reply.ok();
  });
  registry.register('slowlog|help', (ctx) => replyHelp(ctx, HELP));
}

function get(ctx: CommandContext, server: ServerContext): void {
  if (ctx.argc > 3) {
    ctx.reply.error(errors.unknownSubcommandOrArity(ctx.latin1(1), 'SLOWLOG'));
    return;
  }
  let count = DEFAULT_COUNT;
  if (ctx.argc === 3) {
    count = ctx.integer(2);
    if (Number.isNaN(count) || count < -1) {
      ctx.reply.error('ERR count should be greater than or equal to -1');
      return;
    }
    if (count === -1) count = Infinity;
  }
  const { reply } = ctx;
  const entries = server.slowLog.newest(count);
  reply.array(entries.length);
  for (const entry of entries) {
    reply.array(6);
    reply.integer(entry.id);
    reply.integer(entry.time);
    reply.integer(entry.microseconds);
    reply.array(entry.args.length);
    for (const arg of entry.args) reply.bulkLatin1(arg);
    reply.bulkLatin1(entry.address);
    reply.bulkLatin1(entry.name);
  }
}
