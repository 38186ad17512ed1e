// Commands as rules name them: every command of the table, whether this server has it already or not, so that an ACL
// written for Redis 7.2 can be read. Renaming a command does not rename it here.

import { AclCategory, commandFacts, commandIndex } from '@clone/command-registry';
import { beforeZero, lowerCase } from './rule-text.js';

export interface RuleCommand {
  /** In lower case; a subcommand is `container|sub`. */
  readonly name: string;
  /** `Command.index`. */
  readonly index: number;
  /** Bits of `AclCategory`. */
  readonly categories: number;
  readonly isSubcommand: boolean;
  readonly subcommands: readonly RuleCommand[];
}

let known: ReadonlyMap<string, RuleCommand> | undefined;

/** A command or, as `container|sub`, a subcommand, in any case. */
export function ruleCommand(name: string): RuleCommand | undefined {
  return ruleCommands().get(lowerCase(beforeZero(name)));
}

/** All commands and subcommands, containers before their subcommands. */
export function ruleCommands(): ReadonlyMap<string, RuleCommand> {
  known ??= readTable();
  return known;
}

/** The bit of a category, named in any case; 0 when there is none of that name. */
export function categoryNamed(name: string): number {
  const lower = lowerCase(beforeZero(name));
  return Object.entries(AclCategory).find(([each]) => each === lower)?.[1] ?? 0;
}

function readTable(): ReadonlyMap<string, RuleCommand> {
  const subcommands = new Map<string, RuleCommand[]>();
  const commands: RuleCommand[] = [];
  for (const { name, aclCategories } of commandFacts().values()) {
    const bar = name.indexOf('|');
    const own: RuleCommand[] = [];
    const command = {
      name,
      index: commandIndex(name),
      categories: aclCategories,
      isSubcommand: bar >= 0,
      subcommands: own,
    };
    commands.push(command);
    if (bar < 0) subcommands.set(name, own);
    else subcommands.get(name.slice(0, bar))?.push(command);
  }
  return new Map(commands.map((command) => [command.name, command]));
}
