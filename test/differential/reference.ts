// The measure of all things here: `redis-server` processes, each on a Unix socket in a directory of its own. There are two
// versions, one on either side of the contract, 7.2.4: what both say it says too; where they differ a case names one.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Keyspace } from '@clone/core-store';
import type { Version } from './known-differences.js';
import type { Setting } from './steps.js';

/** A server to send requests to. */
export interface Target {
  readonly name: string;
  readonly address: NetConnectOpts;
  /** Its working directory. */
  readonly directory: string;
  /** The data of our own server, which runs in this process. */
  readonly keyspace?: Keyspace;
  /** 8.0 answers a pipeline differently from single commands: refused AUTHs and renamed commands in it, for example. */
  readonly oneByOne?: boolean;
  /** `user password` of who may do everything, where somebody has to log in. */
  readonly login: string | undefined;
  stop(): Promise<void>;
}

/** What both servers are started with; the rest are Redis's defaults. */
const sharedConfig: Setting['config'] = {
  save: '',
  appendonly: 'no',
  'enable-debug-command': 'yes',
};

/** The lines of a server's configuration. */
export function configurationOf(setting: Setting, directory: string): string[] {
  const config = { ...sharedConfig, ...setting.config, dir: directory, unixsocket: join(directory, 'socket') };
  return Object.entries(config).flatMap(([name, value]: [string, string | readonly string[]]) => {
    const values = typeof value === 'string' ? [value] : value;
    return values.map((each) => `${name} ${each === '' ? '""' : each}`);
  });
}

/** A directory for one server, with the files of its setting and the configuration file that it is started with. */
export function makeDirectory(setting: Setting): string {
  const directory = mkdtempSync(join(tmpdir(), 'differential-'));
  for (const [name, content] of Object.entries(setting.files ?? {})) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  writeFileSync(join(directory, 'redis.conf'), `${configurationOf(setting, directory).join('\n')}\n`);
  return directory;
}

const fetched = new URL('../../.cache/references/redis-8.0/bin/redis-server', import.meta.url);

/** Where the references are: one is the system's, the other is brought by scripts/fetch-references.mjs. */
const programs: Readonly<Record<Version, string>> = {
  '7.0': process.env.DIFFERENTIAL_REDIS_7_0 ?? 'redis-server',
  '8.0': process.env.DIFFERENTIAL_REDIS_8_0 ?? fileURLToPath(fetched),
};

const remedies: Readonly<Record<Version, string>> = {
  '7.0': 'Debian: apt-get install redis-server redis-tools',
  '8.0': 'Debian: node scripts/fetch-references.mjs',
};

function isThere(version: Version): boolean {
  try {
    execFileSync(programs[version], ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const found: Readonly<Record<Version, boolean>> = { '7.0': isThere('7.0'), '8.0': isThere('8.0') };

/** Whether to skip: says so; under CI=true a missing reference is an error instead. */
export function referenceMissing(version: Version = '7.0'): boolean {
  if (found[version]) return false;
  const reason = `there is no redis-server ${version}, a reference of the differential tests (${remedies[version]})`;
  if (process.env.CI === 'true') throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}

/** Starts a reference server and waits until it answers. */
export async function startReference(
  setting: Setting = {},
  version: Version = '7.0',
  name = `redis-server ${version}`,
): Promise<Target> {
  const directory = makeDirectory(setting);
  const path = join(directory, 'socket');
  const child = spawn(programs[version], [join(directory, 'redis.conf'), '--port', '0'], { stdio: 'ignore' });
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
      throw new Error(`${name} did not start (exit code ${child.exitCode ?? 'none'})`);
    }
  }
  return { name, address: { path }, directory, login: setting.login, oneByOne: version === '8.0', stop };
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
