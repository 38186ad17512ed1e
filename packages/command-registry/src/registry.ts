/**
 * The commands of one server. The table knows every command of Redis 7.2; a client can call those for which a handler
 * was registered. Handlers come from this package (the data commands) and from the server (connections,
 * configuration, persistence); both call `register` with a name of the table.
 */
import type { CommandFacts, Handler } from './command.js';
import { Command } from './command.js';
import { CommandTable } from './command-table.js';
import { commandFacts, commandIndex } from './table/command-facts.js';

export class Registry {
  readonly #table = new CommandTable();
  /** Commands that are not in the table of facts have the numbers behind it. */
  #nextIndex = commandFacts().size;

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

  /** The command (not subcommand) named by `bytes[offset, offset + length)` in any case. Allocates nothing. */
  find(bytes: Uint8Array, offset: number, length: number): Command | undefined {
    return this.#table.find(bytes, offset, length);
  }

  /** A command or, as `container|sub`, a subcommand. */
  get(name: string): Command | undefined {
    const bar = name.indexOf('|');
    if (bar < 0) return this.#table.get(name);
    return this.#table.get(name.slice(0, bar))?.subcommands?.get(name.slice(bar + 1));
  }

  /** Commands, without subcommands. */
  get size(): number {
    return this.#table.size;
  }

  /** Commands, without subcommands, in the order of registration. */
  commands(): Iterable<Command> {
    return this.#table;
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

function reset(command: Command): void {
  command.calls = 0;
  command.usec = 0;
  command.rejected = 0;
  command.failed = 0;
  command.latency = undefined;
}
