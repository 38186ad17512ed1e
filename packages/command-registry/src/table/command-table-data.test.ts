import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KeySpec } from '../command.js';
import { AclCategory, CommandFlag, KeyFlag } from '../command.js';
import type { CommandArgument } from './command-arguments.js';
import { commandArguments, parseArguments } from './command-arguments.js';
import { commandFacts, parseFacts } from './command-facts.js';

interface InfoSpec {
  flags: string[];
  begin_search: { type: string; spec: Record<string, string | number> };
  find_keys: { type: string; spec: Record<string, number> };
}
interface Info {
  name: string;
  arity: number;
  flags: string[];
  first_key: number;
  last_key: number;
  step: number;
  acl_categories: string[];
  key_specs?: InfoSpec[];
  tips?: string[];
  subcommands?: Info[];
}
interface DocArgument {
  name: string;
  type: string;
  optional?: boolean;
  multiple?: boolean;
  multiple_token?: boolean;
  key_spec_index?: number;
  since?: string;
  deprecated_since?: string;
  token?: string;
  arguments?: DocArgument[];
}
interface Doc {
  name: string;
  container?: string;
  group: string;
  since: string;
  deprecated_since?: string;
  replaced_by?: string;
  arguments?: DocArgument[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8')) as unknown;
const supplement = read('supplement.json') as { info: Info[]; docs: Doc[] };
const info = [...(read('command-info-7.2.json') as Info[]), ...supplement.info].flatMap((entry) => [
  entry,
  ...(entry.subcommands ?? []),
]);
const nameOf = ({ name, container }: Doc): string =>
  (container === undefined ? name : `${container}|${name}`).toLowerCase();
// An entry of the supplement replaces one of the same name.
const docs = new Map([...(read('commands.json') as Doc[]), ...supplement.docs].map((doc) => [nameOf(doc), doc]));

const namesOf = (bits: Record<string, number>, value: number, hidden: readonly string[] = []): string[] =>
  Object.keys(bits).filter((name) => (value & bits[name]!) !== 0 && !hidden.includes(name));

function infoSpec({ flags, begin, find }: KeySpec): InfoSpec {
  const beginSpec =
    begin.type === 'index'
      ? { index: begin.index }
      : begin.type === 'keyword'
        ? { keyword: begin.keyword, startfrom: begin.startFrom }
        : {};
  const findSpec =
    find.type === 'range'
      ? { lastkey: find.lastKey, keystep: find.step, limit: find.limit }
      : find.type === 'keynum'
        ? { keynumidx: find.keyNumIndex, firstkey: find.firstKey, keystep: find.step }
        : {};
  return {
    flags: namesOf(KeyFlag, flags).sort(),
    begin_search: { type: begin.type, spec: beginSpec },
    find_keys: { type: find.type, spec: findSpec },
  };
}

function expected(argument: DocArgument): CommandArgument {
  return {
    name: argument.name.toLowerCase(),
    type: argument.type,
    optional: argument.optional ?? false,
    multiple: argument.multiple ?? false,
    multipleToken: argument.multiple_token ?? false,
    keySpecIndex: argument.key_spec_index,
    since: argument.since ?? '',
    deprecatedSince: argument.deprecated_since ?? '',
    token: argument.token,
    arguments: (argument.arguments ?? []).map(expected),
  };
}

describe('the command table', () => {
  it('has every command of the data, and no other', () => {
    expect([...commandFacts().keys()]).toEqual(info.map(({ name }) => name));
  });

  it('says of each command what Redis 7.2 answers to COMMAND INFO', () => {
    const hidden = ['may_replicate', 'protected', 'touches_arbitrary_keys'];
    for (const entry of info) {
      const facts = commandFacts().get(entry.name)!;
      expect({
        name: facts.name,
        arity: facts.arity,
        flags: namesOf(CommandFlag, facts.flags, hidden).sort(),
        acl: namesOf(AclCategory, facts.aclCategories).sort(),
        keys: [facts.firstKey, facts.lastKey, facts.step],
        specs: facts.keySpecs.map(infoSpec),
        tips: facts.tips,
      }).toEqual({
        name: entry.name,
        arity: entry.arity,
        flags: [...entry.flags].sort(),
        acl: entry.acl_categories.map((category) => category.slice(1)).sort(),
        keys: [entry.first_key, entry.last_key, entry.step],
        specs: (entry.key_specs ?? []).map((spec) => ({ ...spec, flags: [...spec.flags].sort() })),
        tips: entry.tips ?? [],
      });
    }
  });

  it('says of each command what its documentation says', () => {
    for (const [name, doc] of docs) {
      const facts = commandFacts().get(name)!;
      expect([facts.group, facts.since, facts.deprecatedSince, facts.replacedBy]).toEqual([
        doc.group.replace('_', '-'),
        doc.since,
        doc.deprecated_since ?? '',
        doc.replaced_by ?? '',
      ]);
      expect(commandArguments(name)).toEqual((doc.arguments ?? []).map(expected));
    }
  });

  it('refuses lines that it cannot read', () => {
    expect(() => parseFacts('x;1;generic;1.0.0;shiny;;0 0 0')).toThrow('unknown flag: shiny');
    expect(() => parseFacts('x;1;generic;1.0.0;;;0 0')).toThrow('no key range');
    expect(() => parseFacts('x;1;generic;1.0.0;;;0 a 0')).toThrow('not a list of integers');
    expect(() => parseFacts('x;1;generic;1.0.0;;;1 1 1;RO')).toThrow('not a key spec');
    expect(() => parseArguments('key')).toThrow('not an argument');
    expect(() => parseArguments('key:z')).toThrow('not an argument');
  });
});
