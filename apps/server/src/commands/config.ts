// CONFIG GET, SET, RESETSTAT, REWRITE, HELP.

import { errors, globMatch, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import { failure } from '../config/config.js';
import { bytesOf, textOf } from '../config/byte-text.js';
import { quoteArgument } from '../config/split-arguments.js';
import { REDACTED, SECRET_PARAMETERS } from '../logged-arguments.js';
import type { ServerContext } from '../server-context.js';
import { permits } from './permission.js';

const HELP = [
  'GET <pattern>',
  '    The parameters whose names match the glob-style pattern, with their values.',
  'SET <directive> <value>',
  '    Gives a parameter a new value; several pairs take effect together or not at all.',
  'RESETSTAT',
  '    Sets the counters that INFO shows back to zero.',
  'REWRITE',
  '    Brings the configuration file up to date with the values in force.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('config|get', (ctx) => get(ctx, server));
  registry.register('config|set', (ctx) => set(ctx, server));
  registry.register('config|resetstat', (ctx) => resetStatistics(ctx, server));
  registry.register('config|rewrite', (ctx) => rewrite(ctx, server));
  registry.register('config|help', (ctx) => replyHelp(ctx, HELP));
}

/** Every matching name once. A name without wildcards comes back as the client wrote it, as from Redis. */
function get(ctx: CommandContext, server: ServerContext): void {
  const found = new Map<string, string>();
  for (let i = 2; i < ctx.argc; i++) {
    const typed = argument(ctx, i);
    for (const name of /[[*?]/.test(typed) ? matchingNames(ctx, i, server) : [typed.toLowerCase()]) {
      if (found.has(name) || server.config.get(name) === undefined) continue;
      found.set(name, name === typed.toLowerCase() ? typed : name);
    }
  }
  ctx.reply.map(found.size);
  for (const [name, shown] of found) {
    writeText(ctx, shown);
    writeText(ctx, server.config.get(name) ?? '');
  }
}

function matchingNames(ctx: CommandContext, i: number, server: ServerContext): string[] {
  const names = [...server.config.names()];
  return names.filter((name) => {
    const bytes = Buffer.from(name, 'latin1');
    return globMatch(ctx.bytes, ctx.offset(i), ctx.length(i), bytes, 0, bytes.length, true);
  });
}

function set(ctx: CommandContext, server: ServerContext): void {
  if (ctx.argc % 2 !== 0) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const pairs = Array.from(
    { length: (ctx.argc - 2) / 2 },
    (_, i) => [argument(ctx, 2 * i + 2), argument(ctx, 2 * i + 3)] as const,
  );
  const mayChangeProtected = permits(server.config.enableProtectedConfigs, ctx.session, server);
  const client = clientOf(ctx);
  const apply = (): string => {
    const error = server.config.set(pairs, mayChangeProtected);
    if (error === '') server.log('notice', `CONFIG SET ${pairs.map(loggedPair).join(', ')} (${client})`);
    return error;
  };
  if (!ctx.session.mayBlock || !switchesLogOn(pairs, server)) answer(ctx, apply());
  else server.applyWithDirectory(ctx.session, apply, (reason) => failure('appendonly', reason));
}

/**
 * Whether the data directory is locked first. With another `dir`, or in a transaction, that is
 * done behind the reply.
 */
function switchesLogOn(pairs: readonly (readonly [string, string])[], { config }: ServerContext): boolean {
  const names = pairs.map(([name]) => name.toLowerCase());
  const value = pairs[names.indexOf('appendonly')]?.[1];
  return value?.toLowerCase() === 'yes' && !config.appendOnly && !names.includes('dir');
}

/** Longer values are cut in the log. */
const MAX_LOGGED = 200;

function loggedPair([name, value]: readonly [string, string]): string {
  if (SECRET_PARAMETERS.has(name.toLowerCase())) return `${name} ${REDACTED}`;
  return `${name} ${quoteArgument(value.slice(0, MAX_LOGGED))}${value.length > MAX_LOGGED ? '...' : ''}`;
}

function clientOf({ session }: CommandContext): string {
  return `user ${quoteArgument(session.user)}${session.address === '' ? '' : `, ${session.address}`}`;
}

function rewrite(ctx: CommandContext, server: ServerContext): void {
  const error = server.config.rewrite();
  if (error === '') server.log('notice', 'CONFIG REWRITE executed with success.');
  else if (server.config.file !== '') server.log('warning', `CONFIG REWRITE failed: ${error.split(': ')[1] ?? error}`);
  answer(ctx, error);
}

const argument = (ctx: CommandContext, i: number): string =>
  textOf(ctx.bytes.subarray(ctx.offset(i), ctx.offset(i) + ctx.length(i)));

function writeText(ctx: CommandContext, text: string): void {
  const bytes = bytesOf(text);
  ctx.reply.bulk(bytes, 0, bytes.length);
}

/** @param error a reply with its code, or '' */
function answer(ctx: CommandContext, error: string): void {
  if (error === '') ctx.reply.ok();
  // A name may be any bytes, and the reply has the same.
  else ctx.reply.error(bytesOf(error).toString('latin1'));
}

function resetStatistics(ctx: CommandContext, server: ServerContext): void {
  const { dispatcher, keyspace, statistics } = server;
  dispatcher.resetStatistics();
  statistics.reset(keyspace.usedMemory);
  keyspace.stats.hits = 0;
  keyspace.stats.misses = 0;
  keyspace.stats.expired = 0;
  keyspace.stats.evicted = 0;
  keyspace.stats.lazyFreed = 0;
  ctx.reply.ok();
}
