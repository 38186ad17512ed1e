/**
 * The commands of one server. The table knows every command of Redis 7.2; a client can call those for which a handler
 * was registered. Handlers come from this package (the data commands) and from the server (connections,
 * configuration, persistence); both call `register` with a name of the table.
 */
import type { CommandFacts, Handler } from './command.js';
import { Command } from './command.js';
import { CommandTable } from './command-table.js';
import { commandFacts, commandIndex } from './table/command-facts.js';

/**
 * The commands that a dispatcher knows: names with handlers. `register` takes a name of Redis's
 * command table, `define` the facts of a command of your own.
 */
export class Registry {
  readonly #table = new CommandTable();
  /** Commands that are not in the table of facts have the numbers behind it. */
  #nextIndex = commandFacts().size;
  /** By the names that clients use: the table itself until a command is renamed. */
  #called = this.#table;
  /**
   * The same as a list, by lower-case name; undefined until a command is renamed. Commands that are known and that nobody
   * has registered are in it without a command: configurations rename them, too, and their names are taken.
   */
  #names: Map<string, Command | undefined> | undefined;

  /**
   * Gives a command of the table its handler.
   *
   * @param name in lower case, `config|get` for a subcommand; its container appears with its first subcommand
   * @throws {Error} when the table has no such command (see `define`) or it has a handler already
   */
  register(name: string, handler: Handler): Command {
    const facts = commandFacts().get(name);
    if (facts === undefined) throw new Error(`no command named '${name}' in the table`);
    return this.define(facts, handler);
  }

  /**
   * Adds a command with facts of its own.
   *
   * @throws {Error} when the name is taken, or when it is a subcommand of an unknown container
   */
  define(facts: CommandFacts, handler: Handler): Command {
    const command = this.#entry(facts);
    if (command.handler !== undefined) throw new Error(`command '${facts.name}' is registered already`);
    command.handler = handler;
    return command;
  }

  /**
   * Gives a command another name for clients (`rename-command`), when all commands are registered. It keeps its own in
   * the log, in statistics and in errors.
   *
   * @param from the name that it has for clients, in any case; no subcommand
   * @param to the new one; empty: clients have it no more
   * @returns why not, in Redis's words; empty when it is done
   */
  rename(from: string, to: string): string {
    const names = (this.#names ??= this.#ownNames());
    const old = from.toLowerCase();
    if (!names.has(old)) return 'No such command in rename-command';
    const name = to.toLowerCase();
    if (name !== old && names.has(name)) return 'Target command name already exists';
    const command = names.get(old);
    names.delete(old);
    if (name !== '') names.set(name, command);
    if (command === undefined) return '';
    for (const each of [command, ...(command.subcommands ?? [])]) each.isRenamed = name !== command.name;
    this.#called = new CommandTable();
    for (const [each, its] of names) if (its !== undefined) this.#called.add(each, its);
    return '';
  }

  #ownNames(): Map<string, Command | undefined> {
    const names = new Map<string, Command | undefined>();
    for (const command of this.#table) names.set(command.name, command);
    for (const { name } of commandFacts().values()) {
      if (!name.includes('|') && !names.has(name)) names.set(name, undefined);
    }
    return names;
  }

  /**
   * The command (not subcommand) that clients name by `bytes[offset, offset + length)`, in any case. Allocates nothing.
   */
  find(bytes: Uint8Array, offset: number, length: number): Command | undefined {
    return this.#called.find(bytes, offset, length);
  }

  /** The same by the command's own name, whatever clients call it. */
  findOwn(bytes: Uint8Array, offset: number, length: number): Command | undefined {
    return this.#table.find(bytes, offset, length);
  }

  /** A command or, as `container|sub`, a subcommand; by its own name. */
  get(name: string): Command | undefined {
    return lookUp(this.#table, name);
  }

  /** The same by the name that clients use. */
  called(name: string): Command | undefined {
    return lookUp(this.#called, name);
  }

  /** Commands that clients have, without subcommands. */
  get size(): number {
    return this.#called.size;
  }

  /** Commands that clients have, without subcommands, in the order of registration. */
  commands(): Iterable<Command> {
    return this.#called;
  }

  /** Sets all counters to zero (CONFIG RESETSTAT). */
  resetStatistics(): void {
    for (const command of this.#table) {
      reset(command);
      if (command.subcommands !== undefined) for (const sub of command.subcommands) reset(sub);
    }
  }

  #entry(facts: CommandFacts): Command {
    const { name } = facts;
    const bar = name.indexOf('|');
    if (bar < 0) {
      const known = this.#table.get(name);
      if (known !== undefined) return known;
      const command = new Command(facts, this.#indexOf(name));
      this.#table.add(name, command);
      return command;
    }
    const container = this.#container(name.slice(0, bar));
    container.subcommands ??= new CommandTable();
    const sub = name.slice(bar + 1);
    const known = container.subcommands.get(sub);
    if (known !== undefined) return known;
    const command = new Command(facts, this.#indexOf(name), container);
    container.subcommands.add(sub, command);
    return command;
  }

  #indexOf(name: string): number {
    const index = commandIndex(name);
    return index < 0 ? this.#nextIndex++ : index;
  }

  #container(name: string): Command {
    const known = this.#table.get(name);
    if (known !== undefined) return known;
    const facts = commandFacts().get(name);
    if (facts === undefined) throw new Error(`no container named '${name}'`);
    return this.#entry(facts);
  }
}

function lookUp(table: CommandTable, name: string): Command | undefined {
  const bar = name.indexOf('|');
  if (bar < 0) return table.get(name);
  return table.get(name.slice(0, bar))?.subcommands?.get(name.slice(bar + 1));
}

function reset(command: Command): void {
  command.calls = 0;
  command.usec = 0;
  command.rejected = 0;
  command.failed = 0;
  command.latency = undefined;
}
