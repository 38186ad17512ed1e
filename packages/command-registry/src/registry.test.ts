import { describe, expect, it } from 'vitest';
import type { CommandFacts } from './command.js';
import { Registry } from './registry.js';
import { commandFacts, parseFacts } from './table/command-facts.js';

const nothing = (): void => undefined;
const facts = (line: string): CommandFacts => parseFacts(line);

describe('Registry', () => {
  it('knows only the commands that have a handler', () => {
    const registry = new Registry();
    expect(registry.get('get')).toBeUndefined();
    const command = registry.register('get', nothing);
    expect(registry.get('GET')).toBe(command);
    expect(registry.size).toBe(1);
  });

  it('knows a container from its first subcommand on', () => {
    const registry = new Registry();
    expect(registry.get('config')).toBeUndefined();
    const sub = registry.register('config|get', nothing);
    const container = registry.get('config');
    expect(container?.handler).toBeUndefined();
    expect(sub.parent).toBe(container);
    expect(registry.get('Config|GET')).toBe(sub);
    expect(registry.get('config|set')).toBeUndefined();
    expect(registry.size).toBe(1);
  });

  it('gives a container that does something itself its handler before or after its subcommands', () => {
    for (const names of [
      ['command', 'command|count'],
      ['command|count', 'command'],
    ]) {
      const registry = new Registry();
      for (const name of names) registry.register(name, nothing);
      expect(registry.get('command')?.handler).toBe(nothing);
      expect(registry.get('command')?.subcommands?.size).toBe(1);
    }
  });

  it('refuses names that are not in the table, and second handlers', () => {
    const registry = new Registry();
    expect(() => registry.register('frobnicate', nothing)).toThrow("no command named 'frobnicate'");
    registry.register('get', nothing);
    expect(() => registry.register('get', nothing)).toThrow("'get' is registered already");
    registry.register('config|get', nothing);
    expect(() => registry.register('config|get', nothing)).toThrow("'config|get' is registered already");
  });

  it('takes commands of others with their own facts', () => {
    const registry = new Registry();
    registry.define(facts('greet;2;generic;1.0.0;fast;fast;0 0 0'), nothing);
    expect(registry.get('GREET')?.arity).toBe(2);
    expect(() => registry.define(facts('nobody|knows;2;generic;1.0.0;;;0 0 0'), nothing)).toThrow('no container');
  });

  it('renames a command for clients, who keep its subcommands and lose its own name', () => {
    const registry = new Registry();
    const get = registry.register('get', nothing);
    const sub = registry.register('config|get', nothing);
    expect(registry.rename('GET', 'Fetch')).toBe('');
    expect(registry.rename('config', 'a b')).toBe('');
    expect([registry.called('get'), registry.called('FETCH'), registry.called('a b|get')]).toEqual([
      undefined,
      get,
      sub,
    ]);
    expect([registry.get('get'), registry.get('fetch'), registry.get('config|get')]).toEqual([get, undefined, sub]);
    expect([get.isRenamed, sub.isRenamed, get.name]).toEqual([true, true, 'get']);
    expect(registry.rename('fetch', 'get')).toBe('');
    expect([registry.called('get'), get.isRenamed]).toEqual([get, false]);
  });

  it('takes a command away from clients, and refuses names that are not there or taken', () => {
    const registry = new Registry();
    const get = registry.register('get', nothing);
    registry.register('set', nothing);
    expect(registry.rename('get', 'SET')).toBe('Target command name already exists');
    expect(registry.rename('get', 'GET')).toBe('');
    expect(registry.rename('get', '')).toBe('');
    expect([registry.called('get'), registry.get('get'), registry.size]).toEqual([undefined, get, 1]);
    expect(registry.rename('get', 'x')).toBe('No such command in rename-command');
    expect(registry.rename('config|get', 'x')).toBe('No such command in rename-command');
    expect(registry.rename('set', 'get')).toBe('');
  });

  it('renames known commands that nobody has registered, and keeps their names taken', () => {
    const registry = new Registry();
    const get = registry.register('get', nothing);
    expect(registry.rename('get', 'eval')).toBe('Target command name already exists');
    expect(registry.rename('eval', 'secret')).toBe('');
    expect(registry.rename('get', 'secret')).toBe('Target command name already exists');
    expect(registry.rename('EVAL', '')).toBe('No such command in rename-command');
    expect(registry.rename('get', 'eval')).toBe('');
    expect([registry.called('eval'), registry.called('secret'), registry.size]).toEqual([get, undefined, 1]);
    for (const name of commandFacts().keys()) {
      if (!name.includes('|') && name !== 'get' && name !== 'eval') expect(registry.rename(name, '')).toBe('');
    }
  });

  it('sets the counters of commands and subcommands to zero', () => {
    const registry = new Registry();
    const commands = [registry.register('get', nothing), registry.register('config|get', nothing)];
    for (const command of commands) Object.assign(command, { calls: 1, usec: 2, rejected: 3, failed: 4 });
    registry.resetStatistics();
    for (const command of commands) expect(command).toMatchObject({ calls: 0, usec: 0, rejected: 0, failed: 0 });
  });
});
