/**
 * The arguments of commands, for COMMAND DOCS. A line of `arguments.ts` is the command's name and its arguments,
 * separated by blanks. An argument is
 *
 *   name:T[?][*][+][#key-spec][@since][-deprecated-since][=TOKEN][(arguments)]
 *
 * with T one letter for the type, `?` optional, `*` may be repeated, `+` repeated with its token.
 */
import { ARGUMENTS } from './arguments.js';

export interface CommandArgument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly multiple: boolean;
  readonly multipleToken: boolean;
  /** Number of the key spec that finds it; undefined when it is no key. */
  readonly keySpecIndex: number | undefined;
  /** Version that added it to the command; empty when it was there from the first. */
  readonly since: string;
  readonly deprecatedSince: string;
  /** The word that introduces it; undefined when there is none. */
  readonly token: string | undefined;
  /** Alternatives of a `oneof`, members of a `block`. */
  readonly arguments: readonly CommandArgument[];
}

const TYPES: Readonly<Record<string, string>> = {
  s: 'string',
  i: 'integer',
  d: 'double',
  k: 'key',
  p: 'pattern',
  u: 'unix-time',
  t: 'pure-token',
  o: 'oneof',
  b: 'block',
};

/** One argument up to its children. */
const ARGUMENT = /([a-z0-9_-]+):([a-z])(\??)(\*?)(\+?)(?:#(\d+))?(?:@([\d.]+))?(?:-([\d.]+))?(?:=([^ ()]+))?/y;

let lines: Map<string, string> | undefined;

/** Arguments of a command, empty for one that has none. Read anew on each call: nobody asks often. */
export function commandArguments(name: string): readonly CommandArgument[] {
  lines ??= new Map(
    ARGUMENTS.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
  );
  return parseArguments(lines.get(name) ?? '');
}

/** @throws {Error} when the text does not have the format above */
export function parseArguments(text: string): readonly CommandArgument[] {
  let at = 0;
  const list = (): CommandArgument[] => {
    const found: CommandArgument[] = [];
    while (at < text.length && text[at] !== ')') {
      if (text[at] === ' ') at++;
      ARGUMENT.lastIndex = at;
      const match = ARGUMENT.exec(text);
      const type = TYPES[match?.[2] ?? ''];
      if (match === null || type === undefined) throw new Error(`not an argument: ${text.slice(at)}`);
      at += match[0].length;
      let children: CommandArgument[] = [];
      if (text[at] === '(') {
        at++;
        children = list();
        at++;
      }
      found.push({
        name: match[1]!,
        type,
        optional: match[3] === '?',
        multiple: match[4] === '*',
        multipleToken: match[5] === '+',
        keySpecIndex: match[6] === undefined ? undefined : Number(match[6]),
        since: match[7] ?? '',
        deprecatedSince: match[8] ?? '',
        token: match[9],
        arguments: children,
      });
    }
    return found;
  };
  return list();
}
