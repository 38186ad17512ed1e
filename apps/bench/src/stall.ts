/**
 * The longest stall that a client sees while a server is filled: table growth and garbage collection included. One
 * client sends a PING every millisecond and takes the time of each round trip, from a thread of its own, while others
 * load keys through pipelines.
 *
 * The thread that measures competes with the loader for the processor. How much of a figure is due to that shows
 * beside it: the same thread pings an idle `redis-server` in the same moments.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { load, NUMBER } from './bulk-loader.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import type { PingReport, PingTask } from './ping-worker.js';
import type { ServerAddress } from './pipeline-client.js';
import { type BenchServer, type Contestant, CONTESTANTS, type ServerOptions, withServers } from './servers.js';
import { median, percentileOfMoments } from './statistics.js';

/** Milliseconds. */
interface StallFigures {
  readonly longest: number;
  readonly p999: number;
  /** The longest round trip to the idle server meanwhile. */
  readonly idleLongest: number;
  readonly keysPerSecond: number;
}

export interface StallRow {
  readonly contestant: Contestant;
  readonly keys: number;
  /** Medians over the rounds. */
  readonly figures: StallFigures;
  /** The worst of all rounds, milliseconds. */
  readonly worst: number;
}

const KEYS = 10_000_000;
const LOADER = { connections: 10, pipeline: 100 } as const;

export async function measureStalls(options: Omit<SectionOptions, 'only'>): Promise<StallRow[]> {
  const keys = Math.max(10_000, Math.round(KEYS * options.scale));
  const runs: Record<Contestant, StallFigures[]> = { clone: [], 'redis-server': [] };
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contestant of CONTESTANTS) {
      options.onProgress(`loading ${count(keys)} keys, ${contestant}, round ${round + 1}`);
      const serverOptions: ServerOptions = { ...options, persistence: 'none' };
      const figures = await withServers([contestant, 'redis-server'], serverOptions, ([loaded, idle]) =>
        measureOne(loaded!, idle!, keys),
      );
      runs[contestant].push(figures);
    }
  }
  return CONTESTANTS.map((contestant) => {
    const figures = runs[contestant];
    const of = (name: keyof StallFigures): number => median(figures.map((run) => run[name]));
    return {
      contestant,
      keys,
      figures: {
        longest: of('longest'),
        p999: of('p999'),
        idleLongest: of('idleLongest'),
        keysPerSecond: of('keysPerSecond'),
      },
      worst: Math.max(...figures.map((run) => run.longest)),
    };
  });
}

async function measureOne(loaded: BenchServer, idle: BenchServer, keys: number): Promise<StallFigures> {
  const pinging = await startPinging([loaded.address, idle.address]);
  const began = performance.now();
  await load(loaded.address, { entry: ['SET', `key:${NUMBER}`, 'x'.repeat(64)], count: keys, ...LOADER });
  const seconds = (performance.now() - began) / 1000;
  const [first = [], second = []] = await pinging.stop();
  return {
    longest: Math.max(...first),
    p999: percentileOfMoments(first, 0.999, 1),
    idleLongest: Math.max(...second),
    keysPerSecond: keys / seconds,
  };
}

/** Pings each server about every millisecond, from a thread of its own, until `stop` answers all round trips. */
export async function startPinging(addresses: readonly ServerAddress[]): Promise<{ stop: () => Promise<PingReport> }> {
  const task: PingTask = { addresses };
  const worker = new Worker(new URL('./ping-worker.js', import.meta.url), { workerData: task });
  await once(worker, 'message');
  return {
    stop: async () => {
      const answer = once(worker, 'message') as Promise<[PingReport]>;
      worker.postMessage('stop');
      const [report] = await answer;
      await worker.terminate();
      return report;
    },
  };
}

export function stallTable(rows: readonly StallRow[]): string {
  return table(
    ['round trip of a PING, ms', 'longest', 'p99.9', 'longest, worst round', 'idle server meanwhile', 'keys/s'],
    rows.map(({ contestant, keys, figures, worst }) => [
      `${contestant}, ${count(keys)} keys loaded`,
      `**${decimal(figures.longest, 1)}**`,
      decimal(figures.p999, 1),
      decimal(worst, 1),
      decimal(figures.idleLongest, 1),
      count(figures.keysPerSecond),
    ]),
  );
}
