import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Command } from './command.js';
import { CommandTable } from './command-table.js';
import { commandFacts } from './table/command-facts.js';

const all = new CommandTable();
const commands = [...commandFacts().values()].map((facts, i) => new Command(facts, i));
for (const command of commands) all.add(command.name, command);

describe('CommandTable', () => {
  it('finds each of its names, in lower, upper and mixed case', () => {
    for (const command of commands) {
      expect(all.get(command.name)).toBe(command);
      expect(all.get(command.name.toUpperCase())).toBe(command);
      expect(all.get(command.name[0]!.toUpperCase() + command.name.slice(1))).toBe(command);
    }
  });

  it('finds a name inside a larger buffer', () => {
    const bytes = new TextEncoder().encode('xxhGetAllxx');
    expect(all.find(bytes, 2, 7)?.name).toBe('hgetall');
    expect(all.find(bytes, 2, 6)).toBeUndefined();
    expect(all.find(bytes, 2, 8)).toBeUndefined();
  });

  it('does not take bytes for letters that differ in the case bit only', () => {
    // 0x7c is | and 0x5c is \, which the hash does not tell apart.
    expect(all.get('config|get')?.name).toBe('config|get');
    expect(all.get('config\\get')).toBeUndefined();
    expect(all.get('')).toBeUndefined();
  });

  it('finds what a Map finds, for any bytes', () => {
    const names = new Set(commands.map(({ name }) => name));
    const word = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 40 }), fc.stringMatching(/^[a-z]{2,7}$/));
    fc.assert(
      fc.property(word, (name) => {
        const folded = name.replace(/[A-Z]/g, (c) => c.toLowerCase());
        expect(all.get(name)?.name).toBe(names.has(folded) ? folded : undefined);
      }),
    );
  });
});
