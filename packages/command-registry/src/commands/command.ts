/**
 * COMMAND: what the server knows of its own commands. Reply shapes as Redis 7.2; only commands that a client can call
 * appear, the order is that of registration (Redis promises none).
 */
import type { ReplyWriter } from '@clone/resp-codec';
import type { Command, KeySpec } from '../command.js';
import { AclCategory, CommandFlag } from '../command.js';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import { globMatch } from '../glob.js';
import { findKeys, keyFlagNames, KeyPositions } from '../keyspecs.js';
import type { Registry } from '../registry.js';
import { writeDocs } from './command-docs.js';
import { replyHelp } from './help.js';

/** Flags that the server obeys and does not show. */
const INTERNAL_FLAGS = CommandFlag.may_replicate | CommandFlag.protected | CommandFlag.touches_arbitrary_keys;

const encoder = new TextEncoder();

const HELP = [
  '(no subcommand)',
  '    The same as INFO without a name.',
  'COUNT',
  '    How many commands there are, subcommands not counted.',
  'LIST [FILTERBY <MODULE <module-name>|ACLCAT <category>|PATTERN <pattern>>]',
  '    Names of all commands and subcommands, or of those that match.',
  'INFO [<command-name> ...]',
  '    Arity, flags, key positions, ACL categories, tips, key specifications and subcommands',
  '    of these commands, or of all.',
  'DOCS [<command-name> ...]',
  '    Purpose, group, version, complexity, history and arguments of these commands, or of all.',
  'GETKEYS <full-command>',
  '    The keys in a command line.',
  'GETKEYSANDFLAGS <full-command>',
  '    The keys in a command line, and what the command does with each.',
];

/** Registers COMMAND and its subcommands; they describe the commands of this registry. */
export function registerCommand(registry: Registry): void {
  const all = (ctx: CommandContext): void => infoOfAll(registry, ctx.reply);
  registry.register('command', all);
  registry.register('command|count', (ctx) => ctx.reply.integer(registry.size));
  registry.register('command|list', (ctx) => list(registry, ctx));
  registry.register('command|info', (ctx) => {
    if (ctx.argc === 2) all(ctx);
    else infoOfNamed(registry, ctx);
  });
  registry.register('command|docs', (ctx) => docs(registry, ctx));
  registry.register('command|getkeys', (ctx) => getKeys(registry, ctx, false));
  registry.register('command|getkeysandflags', (ctx) => getKeys(registry, ctx, true));
  registry.register('command|help', (ctx) => replyHelp(ctx, HELP));
}

function infoOfAll(registry: Registry, reply: ReplyWriter): void {
  reply.array(registry.size);
  for (const command of registry.commands()) writeInfo(command, reply);
}

function infoOfNamed(registry: Registry, ctx: CommandContext): void {
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) {
    const command = registry.called(ctx.latin1(i));
    if (command === undefined) ctx.reply.null();
    else writeInfo(command, ctx.reply);
  }
}

function writeInfo(command: Command, reply: ReplyWriter): void {
  const { facts, subcommands } = command;
  reply.array(10);
  reply.bulkLatin1(facts.name);
  reply.integer(facts.arity);
  writeNames(reply, names(CommandFlag, facts.flags & ~INTERNAL_FLAGS));
  reply.integer(facts.firstKey);
  reply.integer(facts.lastKey);
  reply.integer(facts.step);
  writeNames(
    reply,
    names(AclCategory, facts.aclCategories).map((name) => `@${name}`),
  );
  reply.set(facts.tips.length);
  for (const tip of facts.tips) reply.bulkLatin1(tip);
  reply.set(facts.keySpecs.length);
  for (const spec of facts.keySpecs) writeKeySpec(spec, reply);
  if (subcommands === undefined) {
    reply.set(0);
  } else {
    reply.array(subcommands.size);
    for (const sub of subcommands) writeInfo(sub, reply);
  }
}

function writeKeySpec({ flags, begin, find }: KeySpec, reply: ReplyWriter): void {
  reply.map(3);
  reply.bulkLatin1('flags');
  writeNames(reply, keyFlagNames(flags));
  switch (begin.type) {
    case 'index':
      writeSearch(reply, 'begin_search', 'index', [['index', begin.index]]);
      break;
    case 'keyword':
      writeSearch(reply, 'begin_search', 'keyword', [
        ['keyword', begin.keyword],
        ['startfrom', begin.startFrom],
      ]);
      break;
    case 'unknown':
      writeSearch(reply, 'begin_search', 'unknown', []);
  }
  switch (find.type) {
    case 'range':
      writeSearch(reply, 'find_keys', 'range', [
        ['lastkey', find.lastKey],
        ['keystep', find.step],
        ['limit', find.limit],
      ]);
      break;
    case 'keynum':
      writeSearch(reply, 'find_keys', 'keynum', [
        ['keynumidx', find.keyNumIndex],
        ['firstkey', find.firstKey],
        ['keystep', find.step],
      ]);
      break;
    case 'unknown':
      writeSearch(reply, 'find_keys', 'unknown', []);
  }
}

function writeSearch(
  reply: ReplyWriter,
  title: string,
  type: string,
  spec: readonly (readonly [string, string | number])[],
): void {
  reply.bulkLatin1(title);
  reply.map(2);
  reply.bulkLatin1('type');
  reply.bulkLatin1(type);
  reply.bulkLatin1('spec');
  reply.map(spec.length);
  for (const [name, value] of spec) {
    reply.bulkLatin1(name);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulkLatin1(value);
  }
}

function docs(registry: Registry, ctx: CommandContext): void {
  const { reply } = ctx;
  if (ctx.argc === 2) {
    reply.map(registry.size);
    for (const command of registry.commands()) writeDocs(command, reply);
    return;
  }
  const token = reply.beginDeferred();
  let count = 0;
  for (let i = 2; i < ctx.argc; i++) {
    const command = registry.called(ctx.latin1(i));
    if (command === undefined) continue;
    writeDocs(command, reply);
    count++;
  }
  reply.endDeferredMap(token, count);
}

function list(registry: Registry, ctx: CommandContext): void {
  const accepts = listFilter(ctx);
  if (accepts === undefined) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const { reply } = ctx;
  const token = reply.beginDeferred();
  let count = 0;
  const visit = (command: Command): void => {
    if (accepts(command)) {
      reply.bulkLatin1(command.name);
      count++;
    }
    if (command.subcommands !== undefined) for (const sub of command.subcommands) visit(sub);
  };
  for (const command of registry.commands()) visit(command);
  reply.endDeferredArray(token, count);
}

/** The condition that the arguments ask for; undefined when they are no condition. */
function listFilter(ctx: CommandContext): ((command: Command) => boolean) | undefined {
  if (ctx.argc === 2) return () => true;
  if (ctx.argc !== 5 || !ctx.is(2, 'FILTERBY')) return undefined;
  // There are no modules, so nothing comes from one.
  if (ctx.is(3, 'MODULE')) return () => false;
  if (ctx.is(3, 'ACLCAT')) {
    const name = ctx.latin1(4).toLowerCase();
    const category = Object.entries(AclCategory).find(([known]) => known === name)?.[1] ?? 0;
    return (command) => (command.facts.aclCategories & category) !== 0;
  }
  if (ctx.is(3, 'PATTERN')) {
    const pattern = ctx.copy(4);
    return ({ name }) => globMatch(pattern, 0, pattern.length, encoder.encode(name), 0, name.length, true);
  }
  return undefined;
}

function getKeys(registry: Registry, ctx: CommandContext, withFlags: boolean): void {
  const { reply, request } = ctx;
  const command = quotedCommand(registry, ctx);
  const refusal = getKeysRefusal(command, ctx.argc - 2);
  if (command === undefined || refusal !== '') {
    reply.error(refusal);
    return;
  }
  const keys = new KeyPositions();
  findKeys(command, request, keys, 2);
  if (keys.count === 0 && (command.flags & CommandFlag.no_mandatory_keys) === 0) {
    reply.error(errors.invalidArguments);
    return;
  }
  reply.array(keys.count);
  for (let i = 0; i < keys.count; i++) {
    const index = keys.indexes[i]!;
    if (withFlags) reply.array(2);
    reply.bulk(request.bytes, ctx.offset(index), ctx.length(index));
    if (withFlags) writeNames(reply, keyFlagNames(keys.flags[i]!));
  }
}

function getKeysRefusal(command: Command | undefined, argc: number): string {
  if (command === undefined) return errors.invalidCommand;
  if (!command.hasKeys) return errors.noKeyArguments;
  return command.acceptsArgc(argc) ? '' : errors.invalidArgumentCount;
}

/** The command that the arguments from the third on are a call of. */
function quotedCommand(registry: Registry, ctx: CommandContext): Command | undefined {
  const command = registry.find(ctx.bytes, ctx.offset(2), ctx.length(2));
  if (command?.subcommands === undefined || ctx.argc === 3) return command;
  return command.subcommands.find(ctx.bytes, ctx.offset(3), ctx.length(3));
}

function writeNames(reply: ReplyWriter, list: readonly string[]): void {
  reply.set(list.length);
  for (const name of list) reply.simple(name);
}

function names(bits: Readonly<Record<string, number>>, value: number): string[] {
  return Object.entries(bits)
    .filter(([, bit]) => (value & bit) !== 0)
    .map(([name]) => name);
}
