/** One command in COMMAND DOCS: a name and a map. The fields have Redis 7.2's order; those that would be empty are left out. */
import type { ReplyWriter } from '@clone/resp-codec';
import type { Command } from '../command.js';
import type { CommandArgument } from '../table/command-arguments.js';
import { commandArguments } from '../table/command-arguments.js';
import { commandText, type CommandText } from '../table/command-texts.js';

/** Writes one pair of a map: the name, and a map of what is known of the command and its subcommands. */
export function writeDocs(command: Command, reply: ReplyWriter): void {
  const { facts, subcommands } = command;
  reply.bulkLatin1(facts.name);
  const { summary, complexity, history } = commandText(facts.name);
  const token = reply.beginDeferred();
  // A client may count on the first three.
  let fields = 3;
  text(reply, 'summary', summary);
  text(reply, 'since', facts.since);
  text(reply, 'group', facts.group);
  if (complexity !== '') {
    fields++;
    text(reply, 'complexity', complexity);
  }
  if (facts.docFlags.length > 0) {
    fields++;
    reply.bulkLatin1('doc_flags');
    reply.set(facts.docFlags.length);
    for (const flag of facts.docFlags) reply.simple(flag);
  }
  if (facts.deprecatedSince !== '') {
    fields++;
    text(reply, 'deprecated_since', facts.deprecatedSince);
  }
  if (facts.replacedBy !== '') {
    fields++;
    text(reply, 'replaced_by', facts.replacedBy);
  }
  if (history.length > 0) {
    fields++;
    writeHistory(history, reply);
  }
  const args = commandArguments(facts.name);
  if (args.length > 0) {
    fields++;
    writeArguments(args, reply);
  }
  if (subcommands !== undefined) {
    fields++;
    reply.bulkLatin1('subcommands');
    reply.map(subcommands.size);
    for (const sub of subcommands) writeDocs(sub, reply);
  }
  reply.endDeferredMap(token, fields);
}

function writeHistory(history: CommandText['history'], reply: ReplyWriter): void {
  reply.bulkLatin1('history');
  reply.set(history.length);
  for (const [version, change] of history) {
    reply.array(2);
    text(reply, version, change);
  }
}

function writeArguments(args: readonly CommandArgument[], reply: ReplyWriter): void {
  reply.bulkLatin1('arguments');
  reply.array(args.length);
  for (const argument of args) writeArgument(argument, reply);
}

function writeArgument(argument: CommandArgument, reply: ReplyWriter): void {
  const token = reply.beginDeferred();
  let fields = 2;
  text(reply, 'name', argument.name);
  text(reply, 'type', argument.type);
  if (argument.type !== 'oneof' && argument.type !== 'block') {
    fields++;
    text(reply, 'display_text', argument.name);
  }
  if (argument.keySpecIndex !== undefined) {
    fields++;
    reply.bulkLatin1('key_spec_index');
    reply.integer(argument.keySpecIndex);
  }
  if (argument.token !== undefined) {
    fields++;
    text(reply, 'token', argument.token);
  }
  if (argument.since !== '') {
    fields++;
    text(reply, 'since', argument.since);
  }
  if (argument.deprecatedSince !== '') {
    fields++;
    text(reply, 'deprecated_since', argument.deprecatedSince);
  }
  const flags: string[] = [];
  if (argument.optional) flags.push('optional');
  if (argument.multiple) flags.push('multiple');
  if (argument.multipleToken) flags.push('multiple_token');
  if (flags.length > 0) {
    fields++;
    reply.bulkLatin1('flags');
    reply.set(flags.length);
    for (const flag of flags) reply.simple(flag);
  }
  if (argument.arguments.length > 0) {
    fields++;
    writeArguments(argument.arguments, reply);
  }
  reply.endDeferredMap(token, fields);
}

/** Two strings: a field and its value, or the parts of a pair. */
function text(reply: ReplyWriter, name: string, value: string): void {
  reply.bulkLatin1(name);
  reply.bulkLatin1(value);
}
