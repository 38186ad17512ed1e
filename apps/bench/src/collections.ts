/**
 * Stalls around one big collection of each type: a PING every millisecond while it is built through pipelines, while
 * UNLINK drops it, and while it expires. Before, while a smaller one is built by a server that has just started: a server of
 * JavaScript is compiled meanwhile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EntryTemplate, load, NUMBER } from './bulk-loader.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { type BenchServer, type Contestant, CONTESTANTS, withServers } from './servers.js';
import { startPinging } from './stall.js';
import { median } from './statistics.js';

const PHASES = ['started', 'built', 'unlinked', 'expired'] as const;
type Phase = (typeof PHASES)[number];

export interface CollectionRow {
  readonly type: string;
  /** Longest round trip of a PING, milliseconds, medians over the rounds. */
  readonly longest: Readonly<Record<Contestant, Readonly<Record<Phase, number>>>>;
}

const ELEMENTS = 1_000_000;
const LOADER = { connections: 10, pipeline: 100 } as const;
/** Of the first collection of a server. */
const FIRST = 100_000;
/** Long enough for the freeing in the background to be over. */
const AFTERMATH_MS = 500;

const TYPES: Readonly<Record<string, EntryTemplate>> = {
  list: ['RPUSH', 'big', `element:${NUMBER}`],
  set: ['SADD', 'big', `element:${NUMBER}`],
  'sorted set': ['ZADD', 'big', NUMBER, `element:${NUMBER}`],
  hash: ['HSET', 'big', `element:${NUMBER}`, 'value'],
  stream: ['XADD', 'big', '*', 'field', NUMBER],
};

export async function measureCollections(options: SectionOptions): Promise<CollectionRow[]> {
  const rows: CollectionRow[] = [];
  for (const [type, entry] of Object.entries(TYPES).filter(([name]) => name.includes(options.only))) {
    const runs: Record<Contestant, Record<Phase, number>[]> = { clone: [], 'redis-server': [] };
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contestant of CONTESTANTS) {
        options.onProgress(`${type}, ${contestant}, round ${round + 1}`);
        runs[contestant].push(
          await withServers([contestant], { ...options, persistence: 'none' }, ([server]) =>
            measureOne(server!, entry, Math.max(1000, Math.round(ELEMENTS * options.scale))),
          ),
        );
      }
    }
    const medians = (contestant: Contestant): Record<Phase, number> => {
      const of = (phase: Phase): number => median(runs[contestant].map((run) => run[phase]));
      return { started: of('started'), built: of('built'), unlinked: of('unlinked'), expired: of('expired') };
    };
    rows.push({ type, longest: { clone: medians('clone'), 'redis-server': medians('redis-server') } });
  }
  return rows;
}

async function measureOne(server: BenchServer, entry: EntryTemplate, elements: number): Promise<Record<Phase, number>> {
  const build = (): Promise<void> => load(server.address, { entry, count: elements, ...LOADER });
  const first = entry.map((word) => (word === 'big' ? 'first' : word));
  const longest = async (work: () => Promise<unknown>): Promise<number> => {
    const pinging = await startPinging([server.address]);
    await work();
    const [latencies = []] = await pinging.stop();
    return Math.max(...latencies);
  };
  const started = await longest(() => load(server.address, { entry: first, count: FIRST, ...LOADER }));
  await server.command('UNLINK', 'first');
  await sleep(AFTERMATH_MS);
  const built = await longest(build);
  const unlinked = await longest(async () => {
    await server.command('UNLINK', 'big');
    await sleep(AFTERMATH_MS);
  });
  await build();
  const expired = await longest(async () => {
    await server.command('PEXPIRE', 'big', '20');
    await sleep(AFTERMATH_MS);
  });
  return { started, built, unlinked, expired };
}

export function collectionsTable(rows: readonly CollectionRow[], elements = ELEMENTS): string {
  return table(
    [
      `longest PING in ms, ${count(elements)} elements, clone / redis-server`,
      'first 100,000 of a server',
      'while built',
      'UNLINK',
      'while it expires',
    ],
    rows.map(({ type, longest }) => [
      type,
      ...PHASES.map((phase) => `${decimal(longest.clone[phase], 1)} / ${decimal(longest['redis-server'][phase], 1)}`),
    ]),
  );
}
