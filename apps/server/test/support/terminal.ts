// A program in a terminal, as a person has it before them: `script` gives it one. For what is only done for a person,
// such as the hints of redis-cli.
import { execFileSync, spawn } from 'node:child_process';
import { afterEach } from 'vitest';

/** Whether `script` of util-linux is there: says so when not; under CI=true it is an error instead. */
export function terminalMissing(): boolean {
  try {
    if (execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')) return false;
  } catch {
    // Not there at all.
  }
  const reason = '`script` of util-linux is not installed';
  if (process.env.CI === 'true' && process.platform === 'linux') throw new Error(reason);
  console.warn(`tests skipped: ${reason}`);
  return true;
}

export interface Terminal {
  /** As if a person had typed it. Within a line. */
  type(text: string): void;
  /** Types a line when the prompt is there: redis-cli throws away what has been typed before. */
  enter(line: string): Promise<void>;
  /** Resolves when the screen has shown this since the last call. */
  shows(text: string): Promise<void>;
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** @param command a line for the shell */
export function openTerminal(command: string): Terminal {
  const child = spawn('script', ['-qefc', `stty cols 200; exec ${command}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  cleanUps.push(() => child.kill());
  let screen = '';
  let look = (): void => undefined;
  let isOver = false;
  child.stdout.on('data', (chunk: Buffer) => {
    // Without colors and movements.
    screen = (screen + chunk.toString()).replaceAll(/\p{Cc}\[[0-9;]*[A-Za-z]/gu, '');
    look();
  });
  child.once('close', () => {
    isOver = true;
    look();
  });
  const type = (text: string): void => void child.stdin.write(text);
  const shows = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        const at = screen.indexOf(text);
        if (at >= 0) {
          screen = screen.slice(at + text.length);
          resolve();
        } else if (isOver) {
          reject(new Error(`never shown: ${text}, but: ${screen.slice(-500)}`));
        }
      };
      look();
    });
  const enter = async (line: string): Promise<void> => {
    await shows('> ');
    type(`${line}\r`);
  };
  return { type, shows, enter };
}
