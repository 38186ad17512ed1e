/**
 * How good are the eviction policies, measured as what they are for: the hit ratio of a cache that has less memory
 * than its data would take.
 *
 * Two servers, the subject and the reference, see the same trace at the same moment, batch by batch: GET, and SET what
 * was missing (cache-aside). Each has a limit at the same fraction of *its own* full-set memory: a store that needs
 * less per key is not rewarded here, only a good choice of victims is.
 *
 * The trace is paced. Redis's LRU clock ticks once a second, and an unpaced trace is over before the clock has told
 * apart what is recent: LRU would be no better than random, on either side. Pacing also gives both servers the same
 * time for the same request, however fast they are.
 *
 * As a script: node dist/hit-ratio.js --subject 127.0.0.1:6379. What is not given is a `redis-server` that it starts:
 * without a subject the table shows how much the reference differs from itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { encode, NIL, PipelineClient, type ServerAddress, VALUE } from './pipeline-client.js';
import { scanPollutedTrace, seededRandom, zipfTrace } from './traces.js';

const EVICTING_POLICIES = [
  'allkeys-lru',
  'volatile-lru',
  'allkeys-lfu',
  'volatile-lfu',
  'allkeys-random',
  'volatile-random',
  'volatile-ttl',
] as const;

type TraceName = 'zipf' | 'zipf+scan';
const TRACES: readonly TraceName[] = ['zipf', 'zipf+scan'];

export interface HitRatioOptions {
  readonly policies: readonly string[];
  readonly traces: readonly TraceName[];
  /** Different keys. */
  readonly keys: number;
  /** Length of each trace; the first quarter warms the cache and does not count. */
  readonly requests: number;
  /** Requests per second; 0: as fast as both can. */
  readonly rate: number;
  /** The limit's share of the memory by which the full set makes a server grow. */
  readonly fraction: number;
  readonly seed: number;
}

export const DEFAULT_OPTIONS: HitRatioOptions = {
  policies: EVICTING_POLICIES,
  traces: TRACES,
  keys: 100_000,
  requests: 600_000,
  rate: 30_000,
  fraction: 0.3,
  seed: 1,
};

/** One server's part in one line of the table. */
interface CacheFigures {
  /** Hits in percent of the requests that count. */
  readonly hitRatio: number;
  /** Keys held at the end. */
  readonly keys: number;
}

export interface HitRatioRow {
  readonly trace: TraceName;
  readonly policy: string;
  readonly subject: CacheFigures;
  readonly reference: CacheFigures;
  /** The subject's hit ratio minus the reference's, in points. */
  readonly difference: number;
}

/** Requests in one write. Misses are filled after each batch, as by so many clients at once. */
const BATCH = 50;
const WARM_UP = 0.25;
const SHORTEST_VALUE = 64;
const LONGEST_VALUE = 200;
/** Seconds; no key expires while it is measured. */
const FAR_FUTURE = 1_000_000;
/** A scan of a tenth of the keys after every half a "key space" of requests. */
const SCAN_EVERY = 0.5;
const SCAN_LENGTH = 0.1;

/** The requests of one cache-aside client: a fixed key and value for each key number. */
class Requests {
  readonly #valueLengths: Uint8Array;
  readonly #filler = 'v'.repeat(LONGEST_VALUE);
  readonly #seed: number;

  constructor(keys: number, seed: number) {
    const random = seededRandom(seed + 1);
    const lengths = LONGEST_VALUE - SHORTEST_VALUE + 1;
    this.#valueLengths = Uint8Array.from({ length: keys }, () => SHORTEST_VALUE + Math.floor(random() * lengths));
    this.#seed = seed;
  }

  get(key: number): string {
    return encode(['GET', keyName(key)]);
  }

  /** @param expireSeconds 0: the key does not expire */
  set(key: number, expireSeconds: number): string {
    const words = ['SET', keyName(key), this.#filler.slice(0, this.#valueLengths[key])];
    if (expireSeconds > 0) words.push('EX', String(expireSeconds));
    return encode(words);
  }

  /**
   * When a key set by this request of the trace is to expire. Under volatile-ttl the time decides who goes; it is
   * drawn per request, so that both servers are given the same.
   */
  expireSeconds(policy: string, request: number): number {
    if (!policy.startsWith('volatile-')) return 0;
    if (policy !== 'volatile-ttl') return FAR_FUTURE;
    return 10_000 + Math.floor(seededRandom(this.#seed + request)() * FAR_FUTURE);
  }
}

const keyName = (key: number): string => `key:${String(key).padStart(12, '0')}`;

/** One of the two servers. */
class Cache {
  readonly #client: PipelineClient;
  readonly #requests: Requests;
  #empty = 0;
  #hits = 0;
  #counted = 0;

  constructor(client: PipelineClient, requests: Requests) {
    this.#client = client;
    this.#requests = requests;
  }

  /** Bytes by which the server grows when it holds all keys. */
  async fullSetGrowth(keys: number, expiring: boolean): Promise<number> {
    await this.#client.command('CONFIG', 'SET', 'maxmemory', '0');
    await this.#client.command('FLUSHALL', 'SYNC');
    this.#empty = await this.#info('used_memory');
    for (let start = 0; start < keys; start += BATCH) {
      const n = Math.min(BATCH, keys - start);
      let batch = '';
      for (let key = start; key < start + n; key += 1) batch += this.#requests.set(key, expiring ? FAR_FUTURE : 0);
      await this.#client.send(Buffer.from(batch, 'latin1'), n);
    }
    return (await this.#info('used_memory')) - this.#empty;
  }

  /** Empties the cache and bounds it. */
  async prepare(policy: string, room: number): Promise<void> {
    await this.#client.command('CONFIG', 'SET', 'maxmemory', '0');
    await this.#client.command('FLUSHALL', 'SYNC');
    await this.#client.command('CONFIG', 'SET', 'maxmemory-policy', policy);
    await this.#client.command('CONFIG', 'SET', 'maxmemory', String(Math.round(this.#empty + room)));
    this.#hits = 0;
    this.#counted = 0;
  }

  async replay(trace: Int32Array, start: number, end: number, policy: string): Promise<void> {
    let gets = '';
    for (let i = start; i < end; i += 1) gets += this.#requests.get(trace[i]!);
    const kinds = await this.#client.send(Buffer.from(gets, 'latin1'), end - start);
    let sets = '';
    let missing = 0;
    for (let i = start; i < end; i += 1) {
      const kind = kinds[i - start];
      if (i >= trace.length * WARM_UP) {
        this.#counted += 1;
        if (kind === VALUE) this.#hits += 1;
      }
      if (kind !== NIL) continue;
      missing += 1;
      sets += this.#requests.set(trace[i]!, this.#requests.expireSeconds(policy, i));
    }
    await this.#client.send(Buffer.from(sets, 'latin1'), missing);
  }

  async figures(): Promise<CacheFigures> {
    const keys = /^db0:keys=(\d+)/m.exec(await this.#client.command('INFO', 'keyspace'))?.[1] ?? '0';
    return { hitRatio: (100 * this.#hits) / this.#counted, keys: Number(keys) };
  }

  async #info(field: string): Promise<number> {
    const value = new RegExp(`^${field}:(\\d+)`, 'm').exec(await this.#client.command('INFO', 'memory'))?.[1];
    if (value === undefined) throw new Error(`INFO memory has no ${field}`);
    return Number(value);
  }
}

/** Replays every trace under every policy on both servers. They are emptied, and reconfigured for good. */
export async function measureHitRatios(
  subject: ServerAddress,
  reference: ServerAddress,
  options: HitRatioOptions,
  onRow: (row: HitRatioRow) => void = () => undefined,
): Promise<HitRatioRow[]> {
  const { keys, requests, seed } = options;
  const made = new Requests(keys, seed);
  const clients = [await PipelineClient.connect(subject), await PipelineClient.connect(reference)] as const;
  const caches = [new Cache(clients[0], made), new Cache(clients[1], made)] as const;
  try {
    const growth = new Map<boolean, readonly [number, number]>();
    for (const expiring of new Set(options.policies.map((policy) => policy.startsWith('volatile-')))) {
      growth.set(expiring, [
        await caches[0].fullSetGrowth(keys, expiring),
        await caches[1].fullSetGrowth(keys, expiring),
      ]);
    }
    const rows: HitRatioRow[] = [];
    for (const name of options.traces) {
      const trace =
        name === 'zipf'
          ? zipfTrace({ keys, requests, seed })
          : scanPollutedTrace({ keys, requests, seed }, Math.floor(keys * SCAN_EVERY), Math.floor(keys * SCAN_LENGTH));
      for (const policy of options.policies) {
        const room = growth.get(policy.startsWith('volatile-')) ?? [0, 0];
        await caches[0].prepare(policy, room[0] * options.fraction);
        await caches[1].prepare(policy, room[1] * options.fraction);
        await replaySideBySide(caches, trace, policy, options.rate);
        const figures = [await caches[0].figures(), await caches[1].figures()] as const;
        const difference = figures[0].hitRatio - figures[1].hitRatio;
        const row = { trace: name, policy, subject: figures[0], reference: figures[1], difference };
        rows.push(row);
        onRow(row);
      }
    }
    return rows;
  } finally {
    for (const client of clients) client.close();
  }
}

async function replaySideBySide(
  caches: readonly Cache[],
  trace: Int32Array,
  policy: string,
  rate: number,
): Promise<void> {
  const began = performance.now();
  for (let start = 0; start < trace.length; start += BATCH) {
    const end = Math.min(start + BATCH, trace.length);
    await Promise.all(caches.map((cache) => cache.replay(trace, start, end, policy)));
    if (rate === 0) continue;
    const early = (end / rate) * 1000 - (performance.now() - began);
    if (early > 1) await sleep(early);
  }
}

/** A row as text, in columns under {@link HIT_RATIO_HEADER}. */
export function formatHitRatioRow(row: HitRatioRow): string {
  const figures = [row.subject, row.reference].map(({ hitRatio, keys }) => ` ${hitRatio.toFixed(2)} % | ${keys} |`);
  return `| ${row.trace} | ${row.policy} |${figures.join('')} ${row.difference >= 0 ? '+' : ''}${row.difference.toFixed(2)} |`;
}

export const HIT_RATIO_HEADER = `| trace | policy | subject | its keys | redis-server | its keys | difference in points |
|---|---|---:|---:|---:|---:|---:|`;

/** A `redis-server` of its own on a free port, without persistence. */
async function startReference(): Promise<{ address: ServerAddress; process: ChildProcess }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const bound = probe.address();
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  probe.close();
  await once(probe, 'close');
  const address = { host: '127.0.0.1', port: bound.port };
  const args = ['--port', String(address.port), '--bind', address.host, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  await once(child, 'spawn');
  for (let tries = 0; ; tries += 1) {
    try {
      (await PipelineClient.connect(address)).close();
      return { address, process: child };
    } catch (error) {
      if (tries === 100 || child.exitCode !== null) throw error;
      await sleep(50);
    }
  }
}

function parseAddress(text: string): ServerAddress {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, Math.max(colon, 0)) || '127.0.0.1', port: Number(text.slice(colon + 1)) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subject: { type: 'string' },
      reference: { type: 'string' },
      policies: { type: 'string', default: DEFAULT_OPTIONS.policies.join(',') },
      traces: { type: 'string', default: DEFAULT_OPTIONS.traces.join(',') },
      keys: { type: 'string', default: String(DEFAULT_OPTIONS.keys) },
      requests: { type: 'string', default: String(DEFAULT_OPTIONS.requests) },
      rate: { type: 'string', default: String(DEFAULT_OPTIONS.rate) },
      fraction: { type: 'string', default: String(DEFAULT_OPTIONS.fraction) },
      seed: { type: 'string', default: String(DEFAULT_OPTIONS.seed) },
    },
  });
  const started: ChildProcess[] = [];
  const addressOf = async (given: string | undefined): Promise<ServerAddress> => {
    if (given !== undefined) return parseAddress(given);
    const server = await startReference();
    started.push(server.process);
    return server.address;
  };
  try {
    const options: HitRatioOptions = {
      policies: values.policies.split(','),
      traces: TRACES.filter((name) => values.traces.split(',').includes(name)),
      keys: Number(values.keys),
      requests: Number(values.requests),
      rate: Number(values.rate),
      fraction: Number(values.fraction),
      seed: Number(values.seed),
    };
    console.log(HIT_RATIO_HEADER);
    const subject = await addressOf(values.subject);
    const reference = await addressOf(values.reference);
    const rows = await measureHitRatios(subject, reference, options, (row) => console.log(formatHitRatioRow(row)));
    const worst = Math.min(...rows.map((row) => row.difference));
    console.log(`\nworst difference: ${worst.toFixed(2)} points`);
  } finally {
    for (const child of started) child.kill();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
