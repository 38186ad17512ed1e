/** Ten thousand connections that do nothing: what they cost in memory, and what they cost fifty busy ones. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { runCommand } from './redis-benchmark.js';
import { type BenchServer, type Contestant, CONTESTANTS, withServers } from './servers.js';
import { median } from './statistics.js';

const PIPELINES = [1, 16] as const;

interface IdleFigures {
  /** Bytes of VmRSS per connection. */
  readonly bytes: number;
  /** Requests per second of GET at each of {@link PIPELINES}, without and with the others connected. */
  readonly alone: readonly number[];
  readonly beside: readonly number[];
}

export interface IdleRow {
  readonly contestant: Contestant;
  readonly clients: number;
  readonly figures: IdleFigures;
}

const CLIENTS = 10_000;
const SETTLE_MS = 300;
const REQUESTS = [150_000, 800_000] as const;

export async function measureIdle(options: Omit<SectionOptions, 'only'>): Promise<IdleRow[]> {
  const clients = Math.max(100, Math.round(CLIENTS * options.scale));
  const runs: Record<Contestant, IdleFigures[]> = { clone: [], 'redis-server': [] };
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contestant of CONTESTANTS) {
      options.onProgress(`${count(clients)} clients, ${contestant}, round ${round + 1}`);
      runs[contestant].push(
        await withServers([contestant], { ...options, persistence: 'none' }, ([server]) =>
          measureOne(server!, clients, options.scale),
        ),
      );
    }
  }
  return CONTESTANTS.map((contestant): IdleRow => {
    const figures = runs[contestant];
    const medians = (of: (run: IdleFigures) => readonly number[]): number[] =>
      PIPELINES.map((_, i) => median(figures.map((run) => of(run)[i]!)));
    return {
      contestant,
      clients,
      figures: {
        bytes: median(figures.map((run) => run.bytes)),
        alone: medians((run) => run.alone),
        beside: medians((run) => run.beside),
      },
    };
  });
}

async function measureOne(server: BenchServer, clients: number, scale: number): Promise<IdleFigures> {
  await server.command('CONFIG', 'SET', 'maxclients', String(clients + 1000));
  const busy = async (): Promise<number[]> => {
    const rates: number[] = [];
    for (const [i, pipeline] of PIPELINES.entries()) {
      const requests = Math.max(50 * pipeline, Math.round(REQUESTS[i]! * scale));
      const run = { command: ['GET', 'key:__rand_int__'], requests, clients: 50, pipeline, keyspace: 100_000 };
      rates.push((await runCommand(server.address, run)).requestsPerSecond);
    }
    return rates;
  };
  // Once for the warmth.
  await busy();
  const alone = await busy();
  const before = server.residentBytes();
  let answers = 0;
  const crowd = await Crowd.gather(
    server.address,
    clients,
    () => ['PING'],
    () => (answers += 1),
  );
  try {
    while (answers < clients) await sleep(SETTLE_MS);
    const bytes = (server.residentBytes() - before) / clients;
    return { bytes, alone, beside: await busy() };
  } finally {
    crowd.leave();
  }
}

export function idleTable(rows: readonly IdleRow[]): string {
  return table(
    ['idle connections', 'bytes per connection', ...PIPELINES.map((p) => `GETs/s of 50 others, pipeline ${p}`)],
    rows.map(({ contestant, clients, figures }) => [
      `${contestant}, ${count(clients)}`,
      count(figures.bytes),
      ...PIPELINES.map((_, i) => {
        const [alone, beside] = [figures.alone[i]!, figures.beside[i]!];
        return `${count(beside)} (${decimal(beside / alone)} of ${count(alone)} without them)`;
      }),
    ]),
  );
}
