// redis.conf: one directive per line, `#` begins a comment line, `include` pulls in other files at its place.
// Reading is synchronous: it happens once, before the server exists.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from './config-error.js';
import { splitArguments } from './split-arguments.js';

export interface Directive {
  /** Lower-case. */
  readonly name: string;
  readonly args: readonly string[];
  /** Where it stands, for messages: `/etc/redis.conf, line 3` or `command line`. */
  readonly place: string;
  /** The directive as it was written. */
  readonly text: string;
}

/** Includes nested deeper than this are taken for a circle. */
const MAX_INCLUDE_DEPTH = 16;

/** @throws ConfigError when the file, or one it includes, cannot be read or has unbalanced quotes */
export function readConfigFile(path: string): Directive[] {
  return readFile(path, 0);
}

/** @param source names the text in messages, such as a path or `standard input` */
export function parseConfigText(content: string, source: string): Directive[] {
  return parseText(content, source, 0);
}

function readFile(path: string, depth: number): Directive[] {
  if (depth > MAX_INCLUDE_DEPTH) throw new ConfigError(`include goes in circles at config file '${path}'`);
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`can't open config file '${path}': ${reasonOf(error)}`, { cause: error });
  }
  return parseText(content, path, depth);
}

function parseText(content: string, source: string, depth: number): Directive[] {
  return content.split('\n').flatMap((line, i) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const place = `${source}, line ${i + 1}`;
    const words = splitArguments(text);
    if (words === undefined) throw new ConfigError(`${place}: '${text}': Unbalanced quotes in configuration line`);
    const [name = '', ...args] = words;
    const directive = { name: name.toLowerCase(), args, place, text };
    if (directive.name !== 'include') return [directive];
    if (args.length !== 1) throw new ConfigError(`${place}: '${text}': Bad directive or wrong number of arguments`);
    return expandPattern(args[0]!).flatMap((path) => readFile(path, depth + 1));
  });
}

/** Wildcards are understood in the last part of the path. A pattern without a match includes nothing. */
function expandPattern(path: string): string[] {
  const pattern = basename(path);
  if (!/[*?[]/.test(pattern)) return [path];
  const expression = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );
  try {
    const names = readdirSync(dirname(path)).filter((name) => expression.test(name) && !name.startsWith('.'));
    return names.sort().map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
};

/** A system error in the words of C's `strerror`, which Redis's messages use. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? error.message;
}
