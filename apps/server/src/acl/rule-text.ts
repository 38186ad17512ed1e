// The text of ACL rules. A rule is a string with one character per byte, so that patterns and names may be any bytes.
// Redis reads keywords and command names as C strings: what follows a zero byte does not count.

import { Request, splitInlineCommand } from '@clone/resp-codec';

/** What is wrong with a rule, in Redis's words; '' stands for nothing. */
export const ruleErrors = {
  syntax: 'Syntax error',
  unknown: 'Unknown command or category name in ACL',
  keysAfterAll:
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
  channelsAfterAll:
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  notAHash: 'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  duplicateUser: 'Duplicate user found. A user can only be defined once in config files',
  firstArgumentOfSubcommand: 'Allowing first-arg of a subcommand is not supported',
} as const;

/** A list of rules in which a `(` has no `)`. */
export class UnmatchedParenthesis {
  /** Index of the rule that begins with it. */
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Lower case of ASCII letters; other bytes stay what they are. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function beforeZero(text: string): string {
  const zero = text.indexOf('\0');
  return zero < 0 ? text : text.slice(0, zero);
}

/** C's `isspace`, or a zero byte: neither may stand in a name or a pattern. */
export function hasSpaces(text: string): boolean {
  return /[\0\t-\r ]/.test(text);
}

/** Joins the words of each selector, `(~a* +get)`, which a command line has split at its blanks. */
export function joinSelectors(rules: readonly string[]): string[] | UnmatchedParenthesis {
  const joined: string[] = [];
  let start = -1;
  let selector = '';
  for (const [i, rule] of rules.entries()) {
    if (start >= 0) selector += ` ${beforeZero(rule)}`;
    else if (rule.startsWith('(') && !rule.endsWith(')')) {
      start = i;
      selector = rule;
      continue;
    } else {
      joined.push(rule);
      continue;
    }
    if (!rule.endsWith(')')) continue;
    joined.push(selector);
    start = -1;
  }
  return start < 0 ? joined : new UnmatchedParenthesis(start);
}

/** Words, which may be quoted as in redis.conf; none when the quotes are unbalanced, as Redis has it inside a selector. */
export function splitWords(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  const request = new Request();
  if (!splitInlineCommand(bytes, 0, bytes.length, request)) return [];
  return Array.from({ length: request.argc }, (_, i) => {
    const offset = request.offsets[i]!;
    return Buffer.from(request.bytes.subarray(offset, offset + request.lengths[i]!)).toString('latin1');
  });
}

/** A word of redis.conf: quoted only where it must be, so that people can read it. */
export function quoteForConfig(word: string): string {
  if (/^[!#-&(-[\]-~ ]+$/.test(word)) return word;
  const escape = (byte: string): string =>
    byte === '"' || byte === '\\' ? `\\${byte}` : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return `"${word.replace(/[^ -~]|["\\]/g, escape)}"`;
}

/** A word that `splitWords` and the search for `)` would not give back as it is, in quotes. */
export function quoteInSelector(word: string): string {
  return /["'()]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word;
}
