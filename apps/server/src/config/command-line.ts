// `clone-server [redis.conf] [--option value …] [-]`, by the rules of redis-server 7.0: an option takes all words up to
// the next one that starts with `--`, its first word may start with `--` itself, `"--port 7000"` in one word works too,
// and a lone `--save` means `--save ""`.

import { resolve } from 'node:path';
import type { ConfigReader, Directive } from './config-file.js';
import { quoteArgument, splitArguments } from './split-arguments.js';

export interface CommandLine {
  readonly action: 'run' | 'version' | 'help';
  /** Absolute path; undefined when none was named. */
  readonly file: string | undefined;
  /** More configuration comes from standard input. */
  readonly stdin: boolean;
  /** Each option as a line of redis.conf. */
  readonly options: readonly string[];
}

export function parseCommandLine(args: readonly string[]): CommandLine {
  // As in Redis, whatever comes after them.
  const named = args[0];
  if (named === '-v' || named === '--version') return plain('version');
  if (named === '-h' || named === '--help') return plain('help');
  const file = named !== undefined && !named.startsWith('-') ? resolve(named) : undefined;
  const rest = file === undefined ? args : args.slice(1);
  // Standard input is the first word or the last; elsewhere a dash is a value.
  const isFirst = rest[0] === '-' && file === undefined;
  const isLast = rest.at(-1) === '-';
  const options = rest.slice(isFirst ? 1 : 0, isLast ? -1 : undefined);
  return { action: 'run', file, stdin: isFirst || isLast, options: optionLines(options) };
}

/** @throws ConfigError when quotes inside an option are unbalanced, or a file to include cannot be read */
export function readOptions(commandLine: CommandLine, reader: ConfigReader): Directive[] {
  // Words before the first option are read as well, as a line of redis.conf.
  const dashes = (line: string): string => (line.startsWith('"') ? '' : '--');
  return commandLine.options.flatMap((line) => reader.text(line, () => 'command line', dashes(line)));
}

function plain(action: 'version' | 'help'): CommandLine {
  return { action, file: undefined, stdin: false, options: [] };
}

/** Every option as a line of redis.conf. */
function optionLines(options: readonly string[]): string[] {
  const lines: string[] = [];
  // A value may start with `--`: after a bare option name the next word is taken for its value.
  let nameExpected = true;
  options.forEach((word, i) => {
    if (nameExpected && word.startsWith('--')) {
      lines.push(word.slice(2));
      nameExpected = splitArguments(word)?.length !== 1;
      const next = options[i + 1];
      if (word.toLowerCase() === '--save' && (next === undefined || next.startsWith('--'))) {
        lines[lines.length - 1] = `${word.slice(2)} ""`;
        nameExpected = true;
      }
      return;
    }
    const line = lines.pop();
    lines.push(line === undefined ? quoteArgument(word) : `${line} ${quoteArgument(word)}`);
    nameExpected = true;
  });
  return lines;
}
