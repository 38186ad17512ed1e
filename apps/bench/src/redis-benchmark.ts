/** One run of `redis-benchmark`, the load generator that is not ours. */
import { outputOf } from './child-processes.js';
import type { ServerAddress } from './pipeline-client.js';

/** As `redis-benchmark -t` names its tests. */
export type BenchmarkTest = 'set' | 'get' | 'incr' | 'hset' | 'mset';

export interface BenchmarkRun {
  readonly test: BenchmarkTest;
  readonly requests: number;
  readonly clients: number;
  readonly pipeline: number;
  /** Keys (members of the hash, for HSET) are drawn from so many. */
  readonly keyspace: number;
  /** Bytes. */
  readonly valueSize: number;
  readonly tls?: boolean;
  readonly user?: { readonly name: string; readonly password: string } | undefined;
}

export interface BenchmarkResult {
  readonly requestsPerSecond: number;
  /** Milliseconds, of a whole pipeline. */
  readonly p50: number;
  readonly p99: number;
}

export function benchmarkArguments(address: ServerAddress, run: BenchmarkRun): readonly string[] {
  return [
    ...['-h', address.host, '-p', String(address.port), '-t', run.test, '-n', String(run.requests)],
    ...['-c', String(run.clients), '-P', String(run.pipeline), '-r', String(run.keyspace)],
    ...['-d', String(run.valueSize), '--csv'],
    ...(run.tls === true ? ['--tls', '--insecure'] : []),
    ...(run.user === undefined ? [] : ['--user', run.user.name, '-a', run.user.password]),
  ];
}

export async function runBenchmark(address: ServerAddress, run: BenchmarkRun): Promise<BenchmarkResult> {
  return parseBenchmark(await outputOf('redis-benchmark', benchmarkArguments(address, run)));
}

export interface CommandRun {
  /** Words of one request; `__rand_int__` in them stands for twelve random digits below `keyspace`. */
  readonly command: readonly string[];
  readonly requests: number;
  readonly clients: number;
  readonly pipeline: number;
  readonly keyspace: number | undefined;
}

/** As `runBenchmark`, for a command that is none of the built-in tests. */
export async function runCommand(address: ServerAddress, run: CommandRun): Promise<BenchmarkResult> {
  return parseBenchmark(
    await outputOf('redis-benchmark', [
      ...['-h', address.host, '-p', String(address.port), '-n', String(run.requests)],
      ...['-c', String(run.clients), '-P', String(run.pipeline)],
      ...(run.keyspace === undefined ? [] : ['-r', String(run.keyspace)]),
      ...['--csv', ...run.command],
    ]),
  );
}

/**
 * @param csv what `redis-benchmark --csv` of Redis 7 prints for one test: a line of names and a line of figures, all
 *   in quotes. Columns are found by name.
 */
export function parseBenchmark(csv: string): BenchmarkResult {
  const [names, figures] = csv
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .map((line) => line.trim().slice(1, -1).split('","'));
  const figure = (name: string): number => {
    const value = Number(figures?.[names?.indexOf(name) ?? -1]);
    if (Number.isNaN(value)) throw new Error(`redis-benchmark printed no ${name}:\n${csv}`);
    return value;
  };
  return { requestsPerSecond: figure('rps'), p50: figure('p50_latency_ms'), p99: figure('p99_latency_ms') };
}
