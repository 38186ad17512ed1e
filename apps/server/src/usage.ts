/** What `--help` prints. The list of options is made of the table of parameters, so that it is never behind it. */
import type { Parameter } from './config/parameter.js';
import { PARAMETERS } from './config/parameters.js';

const HEAD = `Usage: clone-server [/path/to/redis.conf] [--option value ...] [-]
       clone-server -v, --version
       clone-server -h, --help

Options are the directives of redis.conf with two dashes; the last one counts. A "-" at
the beginning or the end reads more configuration from standard input.

Examples:
       clone-server --port 7000
       clone-server --port 7000 --appendonly yes --dir /var/lib/clone
       clone-server /etc/redis.conf --loglevel verbose
       clone-server --bind 127.0.0.1 ::1 --save ""
       echo 'maxmemory 128mb' | clone-server -

Colors follow the environment: NO_COLOR, FORCE_COLOR.
`;

const DIRECTIVES = `Directives that may come several times:
  --include <file>  --user <name> [rule ...]  --rename-command <name> <new name, or "">
`;

const FIXED = '  (at start only)';

/** Columns of a terminal that the text keeps to. */
const WIDTH = 88;

export function usageText(): string {
  const listed = PARAMETERS.filter(({ hidden }) => !hidden);
  const working = listed.filter((parameter) => !isIdle(parameter));
  const width = Math.max(...working.map(({ name }) => name.length));
  const lines = working.map(({ name, mutable, default: value }) => {
    const shown = value === '' ? '""' : value;
    return `  --${name.padEnd(width)}  ${shown}${mutable ? '' : FIXED}`;
  });
  return [
    HEAD,
    'Options and their defaults. CONFIG SET changes them while the server runs, but for those at start only:\n' +
      lines.join('\n') +
      '\n',
    DIRECTIVES,
    'Taken from configurations of Redis, shown by CONFIG GET, and without an effect here:\n' +
      wrap(listed.filter(isIdle).map(({ name }) => `--${name}`)),
  ].join('\n');
}

const isIdle = ({ idle, unsupported }: Parameter): boolean => (idle ?? unsupported) !== undefined;

function wrap(words: readonly string[]): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of words) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line, ''].join('\n');
}
