// redis.conf: one directive per line, `#` begins a comment line, `include` pulls in other files at its place. A relative
// path of an `include` counts from the directory that the last `dir` before it named, as in Redis, which goes there at
// once. Reading is synchronous: it happens once, before the server exists.

import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { textOf } from './byte-text.js';
import { ConfigError } from './config-error.js';
import { expandGlob, isGlob } from './glob-files.js';
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

/** Reads one configuration, in as many pieces as it comes: what one piece says of `dir` holds for the next. */
export class ConfigReader {
  /** What relative paths count from. */
  #directory: string;
  /** Files that are being read, each included by the one before. */
  readonly #chain: string[] = [];

  /** @param directory absolute path that relative paths count from until there is a `dir` */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws ConfigError when the file, or one it includes, cannot be read or has unbalanced quotes */
  file(path: string): Directive[] {
    let content: string;
    let real: string;
    try {
      content = textOf(readFileSync(path));
      real = realpathSync(path);
    } catch (error) {
      throw new ConfigError(`can't open config file '${path}': ${reasonOf(error)}`, { cause: error });
    }
    if (this.#chain.includes(real)) {
      throw new ConfigError(`config file '${path}' includes itself: ${[...this.#chain, real].join(' includes ')}`);
    }
    this.#chain.push(real);
    const directives = this.text(content, (line) => `${path}, line ${line}`);
    this.#chain.pop();
    return directives;
  }

  /**
   * @param placeOf names a line, counted from 1, in messages
   * @param prefix stands before a directive in messages
   * @throws ConfigError as `file`
   */
  text(content: string, placeOf: (line: number) => string, prefix = ''): Directive[] {
    return content.split('\n').flatMap((line, i) => {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) return [];
      const place = placeOf(i + 1);
      const text = `${prefix}${trimmed}`;
      const words = splitArguments(trimmed);
      if (words === undefined) throw new ConfigError(`${place}: '${text}': Unbalanced quotes in configuration line`);
      const [name = '', ...args] = words;
      return this.#follow({ name: name.toLowerCase(), args, place, text });
    });
  }

  #follow(directive: Directive): Directive[] {
    const { name, args, place, text } = directive;
    const [only = ''] = args;
    if (name === 'include') {
      if (args.length !== 1) throw new ConfigError(`${place}: '${text}': Bad directive or wrong number of arguments`);
      const path = only === '' ? only : resolve(this.#directory, only);
      // A pattern without a match includes nothing.
      const paths = isGlob(only) ? expandGlob(path) : [path];
      return paths.flatMap((each) => this.file(each));
    }
    if (name === 'dir' && args.length === 1) this.#directory = resolve(this.#directory, only);
    return [directive];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EIO: 'Input/output error',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  EPERM: 'Operation not permitted',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Temporary failure in name resolution',
};

/** A system error in the words of C's `strerror`, which Redis's messages use. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? error.message;
}
