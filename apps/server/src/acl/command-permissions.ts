// Which commands may be run: one bit per command and subcommand, by `Command.index`, as Redis 7.2 keeps them. What
// cannot be a bit is a first argument (`+select|0`), a list of words per command.
//
// How rules are printed is not derived from the bits: the rules themselves are kept in their order, so that a later
// version with more commands reads out of them what was meant. `+@all` and `-@all` begin anew; a rule takes the place
// of an earlier one about the same command or category; one about a command also that of its subcommands.

import type { Command } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import { categoryNamed, ruleCommand, ruleCommands, type RuleCommand } from './rule-commands.js';
import { beforeZero, hasSpaces, lowerCase, ruleErrors } from './rule-text.js';

/** More than there are; the last bit is that of commands to come. */
const COMMANDS = 1024;
const FUTURE = COMMANDS - 1;

export class CommandPermissions {
  readonly #bits: Uint32Array;
  /** Nothing needs to be looked up. */
  #all = false;
  /** By command index; undefined as long as there is none, which is nearly always. */
  #firstArguments: Map<number, readonly string[]> | undefined;
  /** `+get`, `-@slow`: behind `+@all` or `-@all`. */
  #rules: string[] = [];

  constructor(bits: Uint32Array = new Uint32Array(COMMANDS / 32)) {
    this.#bits = bits;
  }

  clone(): CommandPermissions {
    const copy = new CommandPermissions(this.#bits.slice());
    copy.#all = this.#all;
    copy.#firstArguments = this.#firstArguments && new Map(this.#firstArguments);
    copy.#rules = [...this.#rules];
    return copy;
  }

  /** Everything, without any exception. */
  get all(): boolean {
    return this.#all;
  }

  /** @param first index of the argument that is the command's name */
  allows(command: Command, request: Request, first: number): boolean {
    if (this.#all) return true;
    const { index } = command;
    if (((this.#bits[index >>> 5]! >>> (index & 31)) & 1) === 1) return true;
    return this.#firstArguments !== undefined && this.#allowsFirstArgument(index, request, first + 1);
  }

  allowAll(): void {
    this.#startAnew(true);
  }

  allowNone(): void {
    this.#startAnew(false);
  }

  /** @param rule `+…` or `-…`. @returns '' or what is wrong with it */
  apply(rule: string): string {
    const allow = rule.startsWith('+');
    const name = beforeZero(rule.slice(1));
    if (name.startsWith('@')) return this.#applyCategory(name, allow);
    const command = ruleCommand(name);
    if (command !== undefined) {
      this.#change(command, allow);
      this.#keepRule(command.name, allow);
      return '';
    }
    return allow && name.includes('|') ? this.#allowFirstArgument(name) : ruleErrors.unknown;
  }

  /** Canonical rules; they begin with `+@all` or `-@all`. */
  describe(): string {
    return [this.#bit(FUTURE) ? '+@all' : '-@all', ...this.#rules].join(' ');
  }

  // ── categories and commands ───────────────────────────────────────────────────────────────────────────────────────

  #applyCategory(name: string, allow: boolean): string {
    const lower = lowerCase(name);
    if (lower === '@all') {
      this.#startAnew(allow);
      return '';
    }
    const category = categoryNamed(name.slice(1));
    if (category === 0) return ruleErrors.unknown;
    for (const command of ruleCommands().values()) {
      if ((command.categories & category) !== 0) this.#change(command, allow);
    }
    this.#keepRule(lower, allow);
    return '';
  }

  #startAnew(allow: boolean): void {
    this.#bits.fill(allow ? -1 : 0);
    this.#all = allow;
    this.#firstArguments = undefined;
    this.#rules = [];
  }

  #change(command: RuleCommand, allow: boolean): void {
    this.#setBit(command.index, allow);
    this.#firstArguments?.delete(command.index);
    for (const { index } of command.subcommands) this.#setBit(index, allow);
  }

  #keepRule(name: string, allow: boolean): void {
    this.#rules = this.#rules.filter((rule) => rule.slice(1) !== name && !rule.startsWith(`${name}|`, 1));
    this.#rules.push((allow ? '+' : '-') + name);
  }

  #bit(index: number): boolean {
    return ((this.#bits[index >>> 5]! >>> (index & 31)) & 1) === 1;
  }

  #setBit(index: number, value: boolean): void {
    if (value) {
      this.#bits[index >>> 5]! |= 1 << (index & 31);
    } else {
      this.#bits[index >>> 5]! &= ~(1 << (index & 31));
      this.#all = false;
    }
  }

  // ── first arguments ───────────────────────────────────────────────────────────────────────────────────────────────

  /** @param name `select|0`, which names no subcommand */
  #allowFirstArgument(name: string): string {
    const bar = name.lastIndexOf('|');
    const command = ruleCommand(name.slice(0, bar));
    const argument = name.slice(bar + 1);
    if (command === undefined) return ruleErrors.unknown;
    if (command.isSubcommand) return ruleErrors.firstArgumentOfSubcommand;
    // With a space in it, what is printed could not be read back.
    if (argument === '' || hasSpaces(argument)) return ruleErrors.syntax;
    if (command.subcommands.length > 0) return ruleErrors.unknown;
    const lower = lowerCase(argument);
    const list = this.#firstArguments?.get(command.index) ?? [];
    this.#firstArguments ??= new Map();
    if (!list.includes(lower)) this.#firstArguments.set(command.index, [...list, lower]);
    this.#keepRule(lowerCase(name), true);
    return '';
  }

  #allowsFirstArgument(index: number, request: Request, at: number): boolean {
    const list = this.#firstArguments?.get(index);
    if (list === undefined || at >= request.argc) return false;
    return list.some((word) => isWord(request, at, word));
  }
}

/** Whether argument `i` is this word of lower case, in any case. */
function isWord(request: Request, i: number, word: string): boolean {
  if (request.lengths[i] !== word.length) return false;
  const offset = request.offsets[i]!;
  for (let k = 0; k < word.length; k++) {
    let c = request.bytes[offset + k]!;
    if (c >= 65 && c <= 90) c += 32;
    if (c !== word.charCodeAt(k)) return false;
  }
  return true;
}
