/**
 * Ten thousand clients that wait in BLPOP, each for a key of its own: how long it takes to wake them all, what they
 * cost in memory, and what they cost the others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { load, NUMBER } from './bulk-loader.js';
import { Crowd } from './crowd.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { runCommand } from './redis-benchmark.js';
import { type BenchServer, type Contestant, CONTESTANTS, withServers } from './servers.js';
import { median } from './statistics.js';

interface BlockedFigures {
  /** Microseconds from the first push until the last client has its element, per client; in a server that has just started. */
  readonly firstWake: number;
  /** The same when others have been woken before: median of {@link LATER_WAVES}. */
  readonly wake: number;
  /** Requests per second of SET, pipeline 1, without and with the others waiting. */
  readonly alone: number;
  readonly beside: number;
  /** Bytes of VmRSS per waiting client. */
  readonly bytes: number;
}

export interface BlockedRow {
  readonly contestant: Contestant;
  readonly clients: number;
  readonly figures: BlockedFigures;
}

const CLIENTS = 10_000;
const LATER_WAVES = 3;
const SETTLE_MS = 300;

export async function measureBlocked(options: Omit<SectionOptions, 'only'>): Promise<BlockedRow[]> {
  const clients = Math.max(100, Math.round(CLIENTS * options.scale));
  const runs: Record<Contestant, BlockedFigures[]> = { clone: [], 'redis-server': [] };
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contestant of CONTESTANTS) {
      options.onProgress(`${count(clients)} clients, ${contestant}, round ${round + 1}`);
      runs[contestant].push(
        await withServers([contestant], { ...options, persistence: 'none' }, ([server]) =>
          measureOne(server!, clients),
        ),
      );
    }
  }
  return CONTESTANTS.map((contestant) => {
    const of = (name: keyof BlockedFigures): number => median(runs[contestant].map((run) => run[name]));
    return {
      contestant,
      clients,
      figures: {
        firstWake: of('firstWake'),
        wake: of('wake'),
        alone: of('alone'),
        beside: of('beside'),
        bytes: of('bytes'),
      },
    };
  });
}

async function measureOne(server: BenchServer, clients: number): Promise<BlockedFigures> {
  await server.command('CONFIG', 'SET', 'maxclients', String(clients + 1000));
  const others = (): Promise<{ requestsPerSecond: number }> =>
    runCommand(server.address, {
      command: ['SET', 'key:__rand_int__', 'xxx'],
      requests: 100_000,
      clients: 50,
      pipeline: 1,
      keyspace: 100_000,
    });
  const alone = (await others()).requestsPerSecond;
  const before = server.residentBytes();
  let bytes = 0;
  let beside = 0;
  const firstWake = await wakeAll(server, clients, async () => {
    bytes = (server.residentBytes() - before) / clients;
    beside = (await others()).requestsPerSecond;
  });
  const later: number[] = [];
  for (let wave = 0; wave < LATER_WAVES; wave += 1) later.push(await wakeAll(server, clients));
  return { firstWake, wake: median(later), alone, beside, bytes };
}

/** Blocks clients and wakes them; answers microseconds per client. @param meanwhile while all wait */
async function wakeAll(server: BenchServer, clients: number, meanwhile?: () => Promise<void>): Promise<number> {
  let woken = 0;
  let allWoken: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (allWoken = resolve));
  const key = (i: number): string => `queue:${String(i).padStart(NUMBER.length, '0')}`;
  const crowd = await Crowd.gather(
    server.address,
    clients,
    (i) => ['BLPOP', key(i), '0'],
    () => {
      woken += 1;
      if (woken === clients) allWoken();
    },
  );
  try {
    await sleep(SETTLE_MS);
    await meanwhile?.();
    const began = performance.now();
    await load(server.address, {
      entry: ['RPUSH', `queue:${NUMBER}`, 'xxx'],
      count: clients,
      connections: 1,
      pipeline: 100,
    });
    await done;
    return ((performance.now() - began) * 1000) / clients;
  } finally {
    crowd.leave();
    await sleep(SETTLE_MS);
  }
}

export function blockedTable(rows: readonly BlockedRow[]): string {
  return table(
    [
      'clients blocked in BLPOP, a key each',
      'µs to wake one, the first time',
      'later',
      'SETs/s without them',
      'with them',
      'bytes per client',
    ],
    rows.map(({ contestant, clients, figures }) => [
      `${contestant}, ${count(clients)}`,
      decimal(figures.firstWake, 1),
      decimal(figures.wake, 1),
      count(figures.alone),
      `${count(figures.beside)} (${decimal(figures.beside / figures.alone)})`,
      count(figures.bytes),
    ]),
  );
}
