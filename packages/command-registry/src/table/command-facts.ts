/**
 * Reads the generated table. A line of `facts.ts` has these fields, separated by `;`, empty ones at its end left out:
 *
 *   name; arity; group; since; flags; ACL categories; first last step; key specs; tips; doc flags; deprecated since;
 *   replaced by
 *
 * Lists are separated by blanks, key specs by commas. A key spec is `<flags>@<begin>><find>`: begin is an index,
 * `KEYWORD:from` or `?`; find is `last step limit` (range), `#numindex first step` (keynum) or `?`.
 *
 * All lines are read at first use, in about a millisecond, once per process.
 */
import type { BeginSearch, CommandFacts, FindKeys, KeySpec } from '../command.js';
import { AclCategory, CommandFlag, KeyFlag } from '../command.js';
import { FACTS } from './facts.js';

let table: Map<string, CommandFacts> | undefined;
let indexes: Map<string, number> | undefined;

/** Facts of every command and subcommand of Redis 7.2 by name, in the order of the table. */
export function commandFacts(): ReadonlyMap<string, CommandFacts> {
  table ??= new Map(FACTS.map(parseFacts).map((facts) => [facts.name, facts]));
  return table;
}

/** Position of a command or subcommand in the table, -1 when it is not there. */
export function commandIndex(name: string): number {
  indexes ??= new Map([...commandFacts().keys()].map((each, i) => [each, i]));
  return indexes.get(name) ?? -1;
}

/** Facts of no command. */
export const placeholderFacts: CommandFacts = parseFacts(';-1;generic;1.0.0;;;0 0 0');

/**
 * A line of the table as facts, for a command that Redis does not have: the file's header has the format.
 * @throws {Error} when the line does not have it
 */
export function parseFacts(line: string): CommandFacts {
  const fields = line.split(';');
  const field = (i: number): string => fields[i] ?? '';
  const [firstKey, lastKey, step] = numbers(field(6), line);
  if (firstKey === undefined || lastKey === undefined || step === undefined) throw new Error(`no key range: ${line}`);
  return {
    name: field(0),
    arity: Number(field(1)),
    group: field(2),
    since: field(3),
    flags: bits(CommandFlag, field(4)),
    aclCategories: bits(AclCategory, field(5)),
    firstKey,
    lastKey,
    step,
    keySpecs: field(7) === '' ? [] : field(7).split(',').map(parseKeySpec),
    tips: words(field(8)),
    docFlags: words(field(9)),
    deprecatedSince: field(10),
    replacedBy: field(11),
  };
}

function parseKeySpec(text: string): KeySpec {
  const parts = /^([^@]*)@([^>]+)>(.+)$/.exec(text);
  if (parts === null) throw new Error(`not a key spec: ${text}`);
  const [, flags = '', begin = '', find = ''] = parts;
  return { flags: bits(KeyFlag, flags), begin: parseBegin(begin), find: parseFind(find) };
}

function parseBegin(text: string): BeginSearch {
  if (text === '?') return { type: 'unknown' };
  const [keyword = '', from] = text.split(':');
  if (from === undefined) return { type: 'index', index: Number(keyword) };
  return { type: 'keyword', keyword, startFrom: Number(from) };
}

function parseFind(text: string): FindKeys {
  if (text === '?') return { type: 'unknown' };
  const isKeyNum = text.startsWith('#');
  const [a = 0, b = 0, c = 0] = numbers(isKeyNum ? text.slice(1) : text, text);
  return isKeyNum
    ? { type: 'keynum', keyNumIndex: a, firstKey: b, step: c }
    : { type: 'range', lastKey: a, step: b, limit: c };
}

function numbers(text: string, context: string): number[] {
  const list = words(text).map(Number);
  if (list.some((n) => !Number.isInteger(n))) throw new Error(`not a list of integers: ${context}`);
  return list;
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

function bits(names: Readonly<Record<string, number>>, text: string): number {
  let value = 0;
  for (const word of words(text)) {
    const bit = names[word];
    if (bit === undefined) throw new Error(`unknown flag: ${word}`);
    value |= bit;
  }
  return value;
}
