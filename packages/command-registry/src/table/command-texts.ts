/**
 * The documentation of commands: what `texts.ts` has to say of them, read at first use, once per process. Only COMMAND
 * DOCS asks.
 */
import { texts } from './texts.js';

export interface CommandText {
  readonly summary: string;
  readonly complexity: string;
  /** A version, and what changed in it; the oldest first. */
  readonly history: readonly (readonly [version: string, change: string])[];
}

/** For commands that programs define themselves. */
const NOTHING: CommandText = { summary: '', complexity: '', history: [] };

let lines: Map<string, string> | undefined;

/** @param name of a command or, as `container|sub`, of a subcommand. What there is no text for has empty ones. */
export function commandText(name: string): CommandText {
  lines ??= linesByName();
  const line = lines.get(name);
  return line === undefined ? NOTHING : parse(line);
}

function linesByName(): Map<string, string> {
  const all = texts().trim().split('\n');
  return new Map(all.map((line) => [line.slice(0, line.indexOf(';')), line] as const));
}

function parse(line: string): CommandText {
  const [, summary = '', complexity = '', ...changes] = line.split(';');
  return {
    summary,
    complexity,
    history: changes.map((change) => {
      const space = change.indexOf(' ');
      return [change.slice(0, space), change.slice(space + 1)] as const;
    }),
  };
}
