// ACL: users and their rules, what a user may do, what was refused. The model is in `acl/`.

import { randomBytes } from 'node:crypto';
import { AclCategory, errors, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import type { AclLogEntry } from '../acl/log.js';
import { categoryNamed } from '../acl/rule-commands.js';
import { beforeZero } from '../acl/rule-text.js';
import type { Selector } from '../acl/selector.js';
import type { ServerContext } from '../server-context.js';

const MAX_PASSWORD_BITS = 4096;
/** Entries that ACL LOG shows when it is not told how many. */
const LOG_ENTRIES = 10;

const NO_FILE =
  'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.';

const HELP = [
  'CAT [<category>]',
  '    The categories of commands, or the commands of one.',
  'DELUSER <username> [<username> ...]',
  '    Deletes users, and disconnects them.',
  'DRYRUN <username> <command> [<arg> ...]',
  '    Whether a user might run this command; it is not run.',
  'GENPASS [<bits>]',
  '    A random password of 256 bits, or of as many as asked for.',
  'GETUSER <username>',
  '    What a user may do.',
  'LIST',
  '    All users, in the format of the ACL file.',
  'LOAD',
  '    Reads the ACL file again.',
  'LOG [<count> | RESET]',
  '    What was refused lately. RESET forgets it.',
  'SAVE',
  '    Writes the users to the ACL file.',
  'SETUSER <username> <rule> [<rule> ...]',
  '    Makes a user, or changes one.',
  'USERS',
  '    The names of all users.',
  'WHOAMI',
  '    The user of this connection.',
];

export function register(registry: Registry, server: ServerContext): void {
  const { acl } = server;
  registry.register('acl|cat', (ctx) => cat(ctx, registry));
  registry.register('acl|deluser', (ctx) => deleteUsers(ctx, server));
  registry.register('acl|dryrun', (ctx) => dryRun(ctx, registry, server));
  registry.register('acl|genpass', generatePassword);
  registry.register('acl|getuser', (ctx) => getUser(ctx, server));
  registry.register('acl|help', (ctx) => replyHelp(ctx, HELP));
  registry.register('acl|list', (ctx) =>
    replyTexts(
      ctx,
      acl.users().map((user) => `user ${user.name} ${user.describe()}`),
    ),
  );
  registry.register('acl|load', (ctx) => load(ctx, server));
  registry.register('acl|log', (ctx) => log(ctx, server));
  registry.register('acl|save', (ctx) => save(ctx, server));
  registry.register('acl|setuser', (ctx) => setUser(ctx, server));
  registry.register('acl|users', (ctx) =>
    replyTexts(
      ctx,
      acl.users().map(({ name }) => name),
    ),
  );
  registry.register('acl|whoami', (ctx) => ctx.reply.bulkLatin1(ctx.session.user));
}

// ── users ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function setUser(ctx: CommandContext, { acl }: ServerContext): void {
  const rules = Array.from({ length: ctx.argc - 3 }, (_, i) => ctx.latin1(i + 3));
  const error = acl.setUser(ctx.latin1(2), rules);
  if (error === '') ctx.reply.ok();
  else ctx.reply.error(`ERR ${error}`);
}

function deleteUsers(ctx: CommandContext, { acl }: ServerContext): void {
  const names = Array.from({ length: ctx.argc - 2 }, (_, i) => ctx.latin1(i + 2));
  if (names.includes(acl.defaultUser.name)) ctx.reply.error("ERR The 'default' user cannot be removed");
  else ctx.reply.integer(names.filter((name) => acl.deleteUser(name)).length);
}

function getUser(ctx: CommandContext, { acl }: ServerContext): void {
  const { reply } = ctx;
  const user = acl.user(ctx.latin1(2));
  if (user === undefined) {
    reply.null();
    return;
  }
  reply.map(6);
  reply.bulkLatin1('flags');
  const flags = user.flags();
  reply.set(flags.length);
  for (const flag of flags) reply.bulkLatin1(flag);
  reply.bulkLatin1('passwords');
  replyTexts(ctx, user.passwords);
  replySelector(ctx, user.root);
  reply.bulkLatin1('selectors');
  const others = user.selectors.slice(1);
  reply.array(others.length);
  for (const selector of others) {
    reply.map(3);
    replySelector(ctx, selector);
  }
}

/** Three pairs. */
function replySelector({ reply }: CommandContext, { commands, keys, channels }: Selector): void {
  reply.bulkLatin1('commands');
  reply.bulkLatin1(commands.describe());
  reply.bulkLatin1('keys');
  reply.bulkLatin1(keys.describe().join(' '));
  reply.bulkLatin1('channels');
  reply.bulkLatin1(channels.describe().join(' '));
}

function replyTexts({ reply }: CommandContext, texts: readonly string[]): void {
  reply.array(texts.length);
  for (const text of texts) reply.bulkLatin1(text);
}

function generatePassword(ctx: CommandContext): void {
  if (hasTooMany(ctx)) return;
  const bits = ctx.argc === 3 ? ctx.integer(2) : 256;
  if (Number.isNaN(bits)) ctx.reply.error(errors.notInteger);
  else if (bits <= 0 || bits > MAX_PASSWORD_BITS) {
    ctx.reply.error(
      `ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${MAX_PASSWORD_BITS}`,
    );
  } else {
    const digits = Math.ceil(bits / 4);
    ctx.reply.bulkLatin1(
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    );
  }
}

// ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────

function cat(ctx: CommandContext, registry: Registry): void {
  if (hasTooMany(ctx)) return;
  if (ctx.argc === 2) {
    replyTexts(ctx, Object.keys(AclCategory));
    return;
  }
  const category = categoryNamed(ctx.latin1(2));
  if (category === 0) {
    ctx.reply.error(`ERR Unknown category '${beforeZero(ctx.latin1(2)).slice(0, 128)}'`);
    return;
  }
  const all = [...registry.commands()].flatMap((command) => [command, ...(command.subcommands ?? [])]);
  replyTexts(
    ctx,
    all.filter(({ facts }) => (facts.aclCategories & category) !== 0).map(({ name }) => name),
  );
}

function dryRun(ctx: CommandContext, registry: Registry, { acl }: ServerContext): void {
  const { reply, request } = ctx;
  const user = acl.user(ctx.latin1(2));
  if (user === undefined) {
    reply.error(`ERR User '${beforeZero(ctx.latin1(2))}' not found`);
    return;
  }
  const command = registry.find(ctx.bytes, ctx.offset(3), ctx.length(3));
  const named =
    command?.subcommands === undefined || ctx.argc === 4
      ? command
      : command.subcommands.find(ctx.bytes, ctx.offset(4), ctx.length(4));
  if (named === undefined) {
    reply.error(`ERR Command '${beforeZero(ctx.latin1(3))}' not found`);
    return;
  }
  if (!named.acceptsArgc(ctx.argc - 3)) {
    reply.error(errors.wrongArity(named.name));
    return;
  }
  const denial = acl.dryRun(user, named, request, 3);
  if (denial === '') reply.ok();
  else reply.bulkLatin1(denial);
}

// ── log ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

function log(ctx: CommandContext, { acl, keyspace }: ServerContext): void {
  if (hasTooMany(ctx)) return;
  if (ctx.argc === 3 && ctx.is(2, 'RESET')) {
    acl.log.clear();
    ctx.reply.ok();
    return;
  }
  const count = ctx.argc === 3 ? ctx.integer(2) : LOG_ENTRIES;
  if (Number.isNaN(count)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  const entries = acl.log.newest(Math.max(0, count));
  ctx.reply.array(entries.length);
  for (const entry of entries) replyEntry(ctx, entry, keyspace.now);
}

function replyEntry({ reply }: CommandContext, entry: AclLogEntry, now: number): void {
  reply.map(10);
  reply.bulkLatin1('count');
  reply.integer(entry.count);
  reply.bulkLatin1('reason');
  reply.bulkLatin1(entry.reason);
  reply.bulkLatin1('context');
  reply.bulkLatin1(entry.context);
  reply.bulkLatin1('object');
  reply.bulkLatin1(entry.object);
  reply.bulkLatin1('username');
  reply.bulkLatin1(entry.username);
  reply.bulkLatin1('age-seconds');
  reply.double((now - entry.updatedAt) / 1000);
  reply.bulkLatin1('client-info');
  reply.bulkLatin1(entry.clientInfo);
  reply.bulkLatin1('entry-id');
  reply.integer(entry.id);
  reply.bulkLatin1('timestamp-created');
  reply.integer(entry.createdAt);
  reply.bulkLatin1('timestamp-last-updated');
  reply.integer(entry.updatedAt);
}

// ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────

function load(ctx: CommandContext, { acl, config }: ServerContext): void {
  const error = config.aclFile === '' ? NO_FILE : acl.load();
  if (error === '') ctx.reply.ok();
  else ctx.reply.error(error === NO_FILE ? error : `ERR ${error}`);
}

function save(ctx: CommandContext, { acl, config }: ServerContext): void {
  if (config.aclFile === '') ctx.reply.error(NO_FILE);
  else if (acl.save()) ctx.reply.ok();
  else {
    ctx.reply.error(
      'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
    );
  }
}

/** The subcommands with an optional argument take one at most; answers the error then. */
function hasTooMany(ctx: CommandContext): boolean {
  if (ctx.argc <= 3) return false;
  ctx.reply.error(errors.wrongSubcommandArity(ctx.latin1(1), 'acl'));
  return true;
}
