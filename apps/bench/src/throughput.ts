/**
 * Requests per second, latency and CPU time per request, both servers beside each other: every line is measured in
 * rounds that alternate between the servers, and its figures are medians.
 *
 * The keyspace is full before the first round, for writes too: what is measured is the steady state, the same in the
 * first round as in the last. CPU time comes from /proc, over exactly the requests of the round; it is the steadier
 * witness, for it does not care what else the machine does.
 */
import { load, NUMBER } from './bulk-loader.js';
import { makeCertificate } from './certificate.js';
import { removeFolder, temporaryFolder } from './child-processes.js';
import { count, decimal, table } from './markdown.js';
import { alternate } from './rates.js';
import { type BenchmarkResult, type BenchmarkTest, runBenchmark } from './redis-benchmark.js';
import {
  type BenchServer,
  type Certificate,
  type Contestant,
  type Persistence,
  type ServerOptions,
  withServers,
} from './servers.js';
import { median, spread } from './statistics.js';

export interface ThroughputLine {
  readonly persistence: Persistence;
  readonly test: BenchmarkTest;
  /** Bytes; undefined: the test has no values. */
  readonly valueSize: number | undefined;
  readonly pipeline: number;
  readonly tls?: boolean;
  /** As a user who may use the keys of the bench only, not as the default user. */
  readonly user?: boolean;
}

export interface ThroughputOptions {
  readonly rounds: number;
  /** Shortens every round: 1 is a second or two. */
  readonly scale: number;
  readonly keyspace: number;
  /** Only lines whose name holds this. */
  readonly only: string;
  /** Measure `redis-server` against a second one, on the lines of {@link NOISE_LINES}. */
  readonly noise: boolean;
  readonly parentFolder: string | undefined;
  readonly profileFolder: string | undefined;
  readonly onProgress: (text: string) => void;
}

/** Medians over the rounds. CPU in microseconds per request. */
export interface ThroughputFigures extends BenchmarkResult {
  readonly userCpu: number;
  readonly systemCpu: number;
  /** (largest − smallest) / median of the requests per second over the rounds. */
  readonly spread: number;
}

export interface ThroughputRow {
  readonly line: string;
  readonly subject: ThroughputFigures;
  readonly reference: ThroughputFigures;
}

const CLIENTS = 50;
const SMALL = 64;
const LARGE = 4096;
const PIPELINES = [1, 16, 64] as const;
const WARM_UP = 0.25;
const LOADER = { connections: 8, pipeline: 64 } as const;

/** Lines in the order in which they are measured: neighbors share the data that they need. */
export const LINES: readonly ThroughputLine[] = [
  ...withoutPersistence(['set', 'get', 'mset'], SMALL),
  ...withoutPersistence(['incr'], undefined),
  ...withoutPersistence(['hset'], SMALL),
  ...withoutPersistence(['set', 'get', 'mset'], LARGE),
  ...withoutPersistence(['hset'], LARGE),
  { persistence: 'everysec', test: 'set', valueSize: SMALL, pipeline: 16 },
  { persistence: 'always', test: 'set', valueSize: SMALL, pipeline: 1 },
];

const NOISE_LINES: readonly ThroughputLine[] = [
  { persistence: 'none', test: 'set', valueSize: SMALL, pipeline: 1 },
  { persistence: 'none', test: 'set', valueSize: SMALL, pipeline: 16 },
];

/** Without TLS first: what encryption costs each of them. */
export const TLS_LINES: readonly ThroughputLine[] = (['get', 'set'] as const).flatMap((test) =>
  [1, 16].flatMap((pipeline) =>
    [false, true].map((tls): ThroughputLine => ({ persistence: 'none', test, valueSize: SMALL, pipeline, tls })),
  ),
);

/** As the default user first: what the user's rules cost each of them. */
export const USER_LINES: readonly ThroughputLine[] = (['set', 'get', 'mset', 'hset', 'incr'] as const).flatMap((test) =>
  PIPELINES.flatMap((pipeline) =>
    [false, true].map((user): ThroughputLine => ({
      persistence: 'none',
      test,
      valueSize: test === 'incr' ? undefined : SMALL,
      pipeline,
      user,
    })),
  ),
);

const USER = { name: 'bench', password: 'secret' } as const;

function withoutPersistence(tests: readonly BenchmarkTest[], valueSize: number | undefined): ThroughputLine[] {
  return tests.flatMap((test) =>
    PIPELINES.map((pipeline): ThroughputLine => ({ persistence: 'none', test, valueSize, pipeline })),
  );
}

/** "SET, 64 B, pipeline 16", and how it is kept if it is. */
export function lineName({ test, valueSize, pipeline, persistence, tls, user }: ThroughputLine): string {
  const size = valueSize === undefined ? '' : valueSize < 1024 ? `, ${valueSize} B` : `, ${valueSize / 1024} KB`;
  const kept = persistence === 'none' ? '' : `, AOF ${persistence}`;
  return `${test.toUpperCase()}${test === 'mset' ? ' of 10' : ''}${size}, pipeline ${pipeline}${kept}${tls ? ', TLS' : ''}${user ? ', ACL user' : ''}`;
}

/** About as many as a server answers in a second or two. */
export function requestsOf({ test, valueSize, pipeline, persistence }: ThroughputLine, scale: number): number {
  const perSecond =
    persistence === 'always' ? 60_000 : pipeline === 1 ? 150_000 : pipeline === 16 ? 800_000 : 1_500_000;
  const heavy = (test === 'mset' ? 8 : 1) * ((valueSize ?? 0) >= LARGE && pipeline > 1 ? 5 : 1);
  // `redis-benchmark` sends whole pipelines: the same number from every client, so that the count is exact.
  const batch = CLIENTS * pipeline;
  return batch * Math.max(1, Math.round((perSecond / heavy / batch) * scale));
}

export async function measureThroughput(options: ThroughputOptions): Promise<ThroughputRow[]> {
  const rows: ThroughputRow[] = [];
  for (const persistence of ['none', 'everysec', 'always'] as const) {
    const lines = LINES.filter((line) => line.persistence === persistence && lineName(line).includes(options.only));
    rows.push(...(await measureLines(['clone', 'redis-server'], persistence, lines, options)));
  }
  return rows;
}

/** The same over TLS: two servers that listen for both, filled without it. */
export async function measureTls(options: ThroughputOptions): Promise<ThroughputRow[]> {
  const folder = temporaryFolder(options.parentFolder);
  try {
    const certificate = await makeCertificate(folder);
    const lines = TLS_LINES.filter((line) => lineName(line).includes(options.only));
    return await measureLines(['clone', 'redis-server'], 'none', lines, options, certificate);
  } finally {
    removeFolder(folder);
  }
}

/** The same as a user with rules. */
export async function measureUser(options: ThroughputOptions): Promise<ThroughputRow[]> {
  const lines = USER_LINES.filter((line) => lineName(line).includes(options.only));
  return measureLines(['clone', 'redis-server'], 'none', lines, options);
}

/** What differs when nothing differs: `redis-server` against a second one. */
export async function measureNoise(options: ThroughputOptions): Promise<ThroughputRow[]> {
  return measureLines(['redis-server', 'redis-server'], 'none', NOISE_LINES, options);
}

async function measureLines(
  contestants: readonly [Contestant, Contestant],
  persistence: Persistence,
  lines: readonly ThroughputLine[],
  options: ThroughputOptions,
  certificate?: Certificate,
): Promise<ThroughputRow[]> {
  if (lines.length === 0) return [];
  const serverOptions: ServerOptions = { ...options, persistence, certificate };
  return withServers(contestants, serverOptions, async (servers) => {
    const rows: ThroughputRow[] = [];
    for (const server of servers) {
      const rules = ['on', `>${USER.password}`, '~key:*', '~counter:*', '~myhash', '+@all', '-@dangerous'];
      if (lines.some(({ user }) => user)) await server.command('ACL', 'SETUSER', USER.name, ...rules);
    }
    let filled = '';
    for (const line of lines) {
      const data = entryFor(line);
      if (filled !== data.join(' ')) {
        filled = data.join(' ');
        options.onProgress(`filling for ${lineName(line)}`);
        for (const server of servers) await fill(server, data, options.keyspace);
      }
      options.onProgress(lineName(line));
      rows.push(await measureLine(servers, line, options));
    }
    return rows;
  });
}

async function measureLine(
  servers: readonly BenchServer[],
  line: ThroughputLine,
  { rounds, scale, keyspace }: ThroughputOptions,
): Promise<ThroughputRow> {
  for (const server of servers) await measureRound(server, line, requestsOf(line, scale * WARM_UP), keyspace);
  const results = await alternate(servers, rounds, (server) =>
    measureRound(server, line, requestsOf(line, scale), keyspace),
  );
  const [subject, reference] = results.map((runs): ThroughputFigures => ({
    requestsPerSecond: median(runs.map((run) => run.requestsPerSecond)),
    p50: median(runs.map((run) => run.p50)),
    p99: median(runs.map((run) => run.p99)),
    userCpu: median(runs.map((run) => run.userCpu)),
    systemCpu: median(runs.map((run) => run.systemCpu)),
    spread: spread(runs.map((run) => run.requestsPerSecond)),
  }));
  return { line: lineName(line), subject: subject!, reference: reference! };
}

async function measureRound(
  server: BenchServer,
  { test, valueSize = SMALL, pipeline, tls = false, user = false }: ThroughputLine,
  requests: number,
  keyspace: number,
): Promise<BenchmarkResult & { userCpu: number; systemCpu: number }> {
  const before = server.cpuTime();
  const result = await runBenchmark((tls ? server.tlsAddress : undefined) ?? server.address, {
    test,
    tls,
    user: user ? USER : undefined,
    requests,
    clients: CLIENTS,
    pipeline,
    keyspace,
    valueSize,
  });
  const after = server.cpuTime();
  return {
    ...result,
    userCpu: (after.user - before.user) / requests,
    systemCpu: (after.system - before.system) / requests,
  };
}

/** What a line finds in the server: the keys, or members, that `redis-benchmark` asks for. */
function entryFor({ test, valueSize = SMALL }: ThroughputLine): readonly string[] {
  const value = 'x'.repeat(valueSize);
  if (test === 'incr') return ['SET', `counter:${NUMBER}`, '0'];
  if (test === 'hset') return ['HSET', 'myhash', `element:${NUMBER}`, value];
  return ['SET', `key:${NUMBER}`, value];
}

async function fill(server: BenchServer, entry: readonly string[], keyspace: number): Promise<void> {
  await server.command('FLUSHALL', 'SYNC');
  await load(server.address, { entry, count: keyspace, ...LOADER });
}

export function throughputTable(rows: readonly ThroughputRow[], names: readonly [string, string]): string {
  const [ours, theirs] = names;
  const pair = (first: string, second: string): string => `${first} / ${second}`;
  const header = [
    `${ours} / ${theirs}`,
    'requests/s',
    'ratio',
    'user CPU, µs',
    'times less',
    'system CPU, µs',
    'times less',
    'p50, ms',
    'p99, ms',
    'spread',
  ];
  return table(
    header,
    rows.map(({ line, subject, reference }) => [
      line,
      pair(count(subject.requestsPerSecond), count(reference.requestsPerSecond)),
      `**${decimal(subject.requestsPerSecond / reference.requestsPerSecond)}**`,
      pair(decimal(subject.userCpu), decimal(reference.userCpu)),
      `**${decimal(reference.userCpu / subject.userCpu)}**`,
      pair(decimal(subject.systemCpu), decimal(reference.systemCpu)),
      decimal(reference.systemCpu / subject.systemCpu),
      pair(decimal(subject.p50), decimal(reference.p50)),
      pair(decimal(subject.p99), decimal(reference.p99)),
      pair(percent(subject.spread), percent(reference.spread)),
    ]),
  );
}

const percent = (fraction: number): string => `${decimal(100 * fraction, 0)} %`;
