// `redis-server` and its tools, where they are installed: the reference for file formats.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { Client } from './client.js';

/** Whether to skip tests that need this program: says so; under CI=true it is an error instead. */
export function missing(program: 'redis-server' | 'redis-cli'): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    const reason = `${program} is not installed`;
    if (process.env.CI === 'true') throw new Error(reason);
    console.warn(`tests skipped: ${reason}`);
    return true;
  }
}

export interface Redis {
  readonly client: Client;
  /** SHUTDOWN, and waits for the end of the process. */
  stop(): Promise<void>;
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Starts a `redis-server` that listens on a Unix socket only, and waits until it has loaded its data. */
export async function startRedis(config: Readonly<Record<string, string>>): Promise<Redis> {
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const path = join(directory, 'socket');
  const options = Object.entries({ port: '0', unixsocket: path, save: '', dir: directory, ...config });
  const words = options.flatMap(([name, value]) => [`--${name}`, value]);
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  return launch([...words, '--enable-debug-command', 'yes'], path);
}

/** Starts a `redis-server` with a configuration file, which names the Unix socket. */
export function startRedisWith(file: string, socket: string): Promise<Redis> {
  return launch([file], socket);
}

async function launch(words: readonly string[], path: string): Promise<Redis> {
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  cleanUps.push(() => void child.kill('SIGKILL'));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)));
  });
  const client = await Client.open({ path });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    client,
    stop: async () => {
      void client.call('SHUTDOWN', 'NOSAVE', 'FORCE');
      await exited;
    },
  };
}

/** What `redis-check-aof` says of an append-only directory; throws when it finds something. */
export function checkAof(dir: string): string {
  const manifest = join(dir, 'appendonlydir', 'appendonly.aof.manifest');
  return execFileSync('redis-check-aof', [manifest], { encoding: 'utf8' });
}
