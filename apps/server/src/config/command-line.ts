// `clone-server [redis.conf] [--option value …] [-]`, by the rules of redis-server 7.0: an option takes all words up to
// the next one that starts with `--`, its first word may start with `--` itself, `"--port 7000"` in one word works too,
// and a lone `--save` means `--save ""`.

import { resolve } from 'node:path';
import { parseConfigText, type Directive } from './config-file.js';
import { quoteArgument, splitArguments } from './split-arguments.js';

export interface CommandLine {
  readonly action: 'run' | 'version' | 'help';
  /** Absolute path; undefined when none was named. */
  readonly file: string | undefined;
  /** More configuration comes from standard input. */
  readonly stdin: boolean;
  readonly directives: readonly Directive[];
}

/** @throws ConfigError when quotes inside an option are unbalanced */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const only = args.length === 1 ? args[0] : undefined;
  if (only === '-v' || only === '--version') return plain('version');
  if (only === '-h' || only === '--help') return plain('help');

  const named = args[0];
  const file = named !== undefined && !named.startsWith('-') ? resolve(named) : undefined;
  const rest = file === undefined ? args : args.slice(1);
  const stdin = rest[0] === '-' || rest.at(-1) === '-';
  const options = rest.filter((each, i) => each !== '-' || (i !== 0 && i !== rest.length - 1));
  const directives = optionLines(options).flatMap((line) =>
    parseConfigText(line, '').map((directive) => ({
      ...directive,
      place: 'command line',
      text: `--${directive.text}`,
    })),
  );
  return { action: 'run', file, stdin, directives };
}

function plain(action: 'version' | 'help'): CommandLine {
  return { action, file: undefined, stdin: false, directives: [] };
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
