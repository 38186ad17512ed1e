// The measure of all things here: a `redis-server` process on a Unix socket in a directory of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keyspace } from '@clone/core-store';

/** A server to send requests to. */
export interface Target {
  readonly name: string;
  readonly address: NetConnectOpts;
  /** Its working directory. */
  readonly directory: string;
  /** The data of our own server, which runs in this process. */
  readonly keyspace?: Keyspace;
  stop(): Promise<void>;
}

/** ConfigParameters by name. */
export type ConfigParameters = Readonly<Record<string, string>>;

/** What both servers are started with; the rest are Redis's defaults. */
const sharedConfig: ConfigParameters = {
  save: '',
  appendonly: 'no',
  'enable-debug-command': 'yes',
};

/** The shared parameters and more of them. */
export const configuration = (more: ConfigParameters): ConfigParameters => ({ ...sharedConfig, ...more });

function findReference(): string | undefined {
  try {
    return execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** The version line of the installed `redis-server`, or undefined: then the differential tests cannot run. */
/** The version line of the installed `redis-server`, or undefined: then the differential tests cannot run. */
const found = findReference();

/** Whether to skip: says so once; under CI=true a missing reference is an error instead. */
export function referenceMissing(): boolean {
  if (found !== undefined) return false;
  const reason = 'redis-server, the reference of the differential tests, is not installed';
  if (process.env.CI === 'true') throw new Error(reason);
  console.warn(`differential tests skipped: ${reason}`);
  return true;
}

/** Starts a reference server and waits until it answers. */
export async function startReference(more: ConfigParameters = {}, name = 'redis-server'): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'differential-'));
  const path = join(directory, 'socket');
  const options = Object.entries(configuration(more)).flatMap(([option, value]) => [`--${option}`, value]);
  const child = spawn('redis-server', ['--port', '0', '--unixsocket', path, '--dir', directory, ...options], {
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A worker that is ended from outside must not leave the process behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    child.kill('SIGKILL');
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + 5000;
  while (!(await answers(path))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`redis-server did not start (exit code ${child.exitCode ?? 'none'})`);
    }
  }
  return { name, address: { path }, directory, stop };
}

/** Whether a server listens at `path`; answers after some milliseconds when not, so that callers can ask in a loop. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path }, () => socket.end('PING\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setTimeout(() => resolve(false), 5));
  });
}
