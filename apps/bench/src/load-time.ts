/**
 * How long a server takes to load an append-only file: both start with a copy of the same one, which `redis-server`
 * wrote. The time runs from the start of the process to its first PONG; what a start without data takes is measured
 * too and taken off for the ratio.
 */
import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { load, NUMBER } from './bulk-loader.js';
import { removeFolder, temporaryFolder } from './child-processes.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { BenchServer, type Contestant, CONTESTANTS } from './servers.js';
import { median } from './statistics.js';

/** Milliseconds, medians over the rounds. */
interface LoadTimeFigures {
  readonly loaded: number;
  readonly empty: number;
}

export interface LoadTimeResult {
  readonly requests: number;
  readonly bytes: number;
  readonly subject: LoadTimeFigures;
  readonly reference: LoadTimeFigures;
}

const REQUESTS = 2_000_000;
const LOADER = { connections: 8, pipeline: 64 } as const;

export async function measureLoadTime(options: Omit<SectionOptions, 'only'>): Promise<LoadTimeResult> {
  const requests = Math.max(10_000, Math.round(REQUESTS * options.scale));
  const original = temporaryFolder(options.parentFolder);
  try {
    options.onProgress(`writing a file of ${count(requests)} SETs`);
    await writeLog(original, requests);
    const loaded: Record<Contestant, number[]> = { clone: [], 'redis-server': [] };
    const empty: Record<Contestant, number[]> = { clone: [], 'redis-server': [] };
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contestant of CONTESTANTS) {
        options.onProgress(`${contestant}, round ${round + 1}`);
        loaded[contestant].push(await startOnCopy(contestant, original, requests, options));
        empty[contestant].push(await startEmpty(contestant, options));
      }
    }
    const figures = (contestant: Contestant): LoadTimeFigures => ({
      loaded: median(loaded[contestant]),
      empty: median(empty[contestant]),
    });
    return { requests, bytes: sizeOf(original), subject: figures('clone'), reference: figures('redis-server') };
  } finally {
    removeFolder(original);
  }
}

async function writeLog(folder: string, requests: number): Promise<void> {
  const server = await BenchServer.start('redis-server', { persistence: 'everysec', folder });
  try {
    await load(server.address, { entry: ['SET', `key:${NUMBER}`, 'x'.repeat(64)], count: requests, ...LOADER });
  } finally {
    await server.stop();
  }
}

/** A copy, because a server appends to what it has loaded. */
async function startOnCopy(
  contestant: Contestant,
  original: string,
  keys: number,
  options: Omit<SectionOptions, 'only'>,
): Promise<number> {
  const folder = temporaryFolder(options.parentFolder);
  try {
    cpSync(original, folder, { recursive: true });
    const { profileFolder } = options;
    const server = await BenchServer.start(contestant, { persistence: 'everysec', folder, profileFolder });
    try {
      const keyspace = await server.command('INFO', 'keyspace');
      if (!keyspace.includes(`db0:keys=${keys},`)) throw new Error(`${contestant} did not load all keys: ${keyspace}`);
      return server.readyAfter;
    } finally {
      await server.stop();
    }
  } finally {
    removeFolder(folder);
  }
}

async function startEmpty(contestant: Contestant, { parentFolder }: Omit<SectionOptions, 'only'>): Promise<number> {
  const server = await BenchServer.start(contestant, { persistence: 'everysec', parentFolder });
  await server.stop();
  return server.readyAfter;
}

function sizeOf(folder: string): number {
  const logs = join(folder, 'appendonlydir');
  return readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
}

export function loadTimeTable({ requests, bytes, subject, reference }: LoadTimeResult): string {
  const seconds = (milliseconds: number): string => decimal(milliseconds / 1000);
  const row = (name: string, { loaded, empty }: LoadTimeFigures): string[] => [
    name,
    seconds(loaded),
    seconds(empty),
    seconds(loaded - empty),
    count(requests / ((loaded - empty) / 1000)),
    `**${decimal((reference.loaded - reference.empty) / (loaded - empty))}**`,
  ];
  const what = `${count(requests)} SETs, ${decimal(bytes / 2 ** 20, 0)} MB, s`;
  return table(
    [what, 'start to PONG', 'the same, empty', 'loading', 'requests/s', 'times faster'],
    [row('clone', subject), row('redis-server', reference)],
  );
}
