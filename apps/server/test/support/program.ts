// The built daemon as a process of its own, gone after each test.
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
// Its hook, which removes the directories, runs after the one below.
import './server.js';

export const program = fileURLToPath(new URL('../../bin/clone-server.js', import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals | null>;
  /** Resolves when standard output has this text; rejects when it ended before. */
  readonly seen: (text: string) => Promise<void>;
  readonly output: () => string;
  readonly errors: () => string;
}

const runs: Run[] = [];
afterEach(async () => {
  for (const { child, exit } of runs.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
});

/** Starts the daemon with these words. */
export function run(...words: readonly string[]): Run {
  return launch(process.execPath, [program, ...words]);
}

/** The same with an environment, a working directory or standard input of its own. */
export function runWith(options: SpawnOptions, ...words: readonly string[]): Run {
  return launch(process.execPath, [program, ...words], options);
}

/** A line for the shell in which `"$@"` is the daemon: for limits and redirections. */
export function runInShell(line: string, ...words: readonly string[]): Run {
  return launch('sh', ['-c', line, 'sh', process.execPath, program, ...words]);
}

/** Any program, such as `redis-server`. */
export function launch(command: string, words: readonly string[], options: SpawnOptions = {}): Run {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  let errors = '';
  let isOver = false;
  let wake = (): void => undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const run: Run = {
    child,
    exit: new Promise((resolve) =>
      child.once('close', (code, signal) => {
        isOver = true;
        wake();
        resolve(signal ?? code);
      }),
    ),
    seen: async (text) => {
      while (!output.includes(text)) {
        if (isOver) throw new Error(`'${text}' was never said, but: ${output}${errors}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    output: () => output,
    errors: () => errors,
  };
  runs.push(run);
  return run;
}
