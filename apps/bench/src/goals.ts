/** What the project promises to reach beside `redis-server`, checked against the figures of a run. */
import type { IdleRow } from './idle.js';
import type { LoadTimeResult } from './load-time.js';
import { decimal, table } from './markdown.js';
import type { MemoryRow } from './memory.js';
import type { RateRow } from './rates.js';
import type { StallRow } from './stall.js';
import type { ThroughputRow } from './throughput.js';

/** The sections' results, as far as they were run. */
export interface Results {
  throughput?: readonly ThroughputRow[];
  tls?: readonly ThroughputRow[];
  acl?: readonly ThroughputRow[];
  types?: readonly RateRow[];
  pubsub?: readonly RateRow[];
  transactions?: readonly RateRow[];
  idle?: readonly IdleRow[];
  memory?: readonly MemoryRow[];
  stall?: readonly StallRow[];
  load?: LoadTimeResult;
}

export interface Goal {
  readonly name: string;
  readonly wanted: string;
  /** undefined: not measured in this run. */
  readonly measured: number | undefined;
  readonly reached: boolean;
}

export function checkGoals(results: Results): Goal[] {
  const { throughput = [], tls = [], acl = [], memory = [], stall = [], load, idle = [] } = results;
  const rate = (line: string): number | undefined => {
    const row = [...throughput, ...tls].find((candidate) => candidate.line === line);
    return row && row.subject.requestsPerSecond / row.reference.requestsPerSecond;
  };
  const userCpu = (line: string): number | undefined => {
    const row = throughput.find((candidate) => candidate.line === line);
    return row && row.reference.userCpu / row.subject.userCpu;
  };
  // The ratio as a user with rules over that as the default user, both with latency tracking and command statistics, which are on by default.
  const userCost = (line: string): number | undefined => {
    const [as, plain] = [`${line}, ACL user`, line].map((name) => {
      const row = acl.find((candidate) => candidate.line === name);
      return row && row.subject.requestsPerSecond / row.reference.requestsPerSecond;
    });
    return as && plain && as / plain;
  };
  const [ours, theirs] = idle;
  const beside = (i: number): number | undefined =>
    ours && theirs && ours.figures.beside[i]! / theirs.figures.beside[i]!;
  const rates = [results.types, results.pubsub, results.transactions].flatMap((rows = []) => rows);
  const resident = (start: string): number | undefined => {
    const row = memory.find(({ line }) => line.startsWith(start));
    return row && row.subject.resident / row.reference.resident;
  };
  const stalled = stall.find(({ contestant }) => contestant === 'clone')?.figures.longest;
  const loading = load && (load.reference.loaded - load.reference.empty) / (load.subject.loaded - load.subject.empty);
  return [
    atLeast('requests/s, pipeline 1, SET', 0.95, rate('SET, 64 B, pipeline 1')),
    atLeast('requests/s, pipeline 1, GET', 0.95, rate('GET, 64 B, pipeline 1')),
    atLeast('requests/s, pipeline 16, SET', 1.2, rate('SET, 64 B, pipeline 16')),
    atLeast('requests/s, pipeline 16, GET', 1.2, rate('GET, 64 B, pipeline 16')),
    atLeast('user CPU per request, pipeline 64, SET, times less', 1.8, userCpu('SET, 64 B, pipeline 64')),
    atLeast('user CPU per request, pipeline 64, GET, times less', 1.8, userCpu('GET, 64 B, pipeline 64')),
    atLeast('requests/s, AOF everysec, pipeline 16, SET', 1, rate('SET, 64 B, pipeline 16, AOF everysec')),
    atLeast('requests/s, AOF always, 50 connections, SET', 1, rate('SET, 64 B, pipeline 1, AOF always')),
    atLeast('requests/s, TLS, pipeline 1, GET', 0.8, rate('GET, 64 B, pipeline 1, TLS')),
    atLeast('requests/s, TLS, pipeline 16, GET', 0.8, rate('GET, 64 B, pipeline 16, TLS')),
    ...['SET, 64 B, pipeline 1', 'GET, 64 B, pipeline 1', 'SET, 64 B, pipeline 16', 'GET, 64 B, pipeline 16'].map(
      (line) => atLeast(`ratio as ACL user over that as default user, ${line}`, 0.95, userCost(line)),
    ),
    ...rates.map(({ line, goal, subject, reference }) => atLeast(line, goal, subject.perSecond / reference.perSecond)),
    atMost('memory per idle connection', 3, ours && theirs && ours.figures.bytes / theirs.figures.bytes),
    atLeast('requests/s beside 10,000 idle connections, pipeline 1', 0.95, beside(0)),
    atLeast('requests/s beside 10,000 idle connections, pipeline 16', 0.95, beside(1)),
    atMost('memory per key, 2M keys', 0.8, resident('2M keys')),
    atMost('memory per small hash', 0.9, resident('500k hashes')),
    atMost('longest stall while 10M keys are loaded, ms', 20, stalled),
    atLeast('loading an append-only file, times faster', 3, loading),
  ];
}

export function goalsTable(goals: readonly Goal[]): string {
  const rows = goals
    .filter(({ measured }) => measured !== undefined)
    .map(({ name, wanted, measured = 0, reached }) => [name, wanted, decimal(measured), reached ? 'yes' : '**no**']);
  return table(['goal, as a ratio to `redis-server`', 'wanted', 'measured', 'reached'], rows);
}

function atLeast(name: string, bound: number, measured: number | undefined): Goal {
  return { name, wanted: `≥ ${bound}`, measured, reached: measured !== undefined && measured >= bound };
}

function atMost(name: string, bound: number, measured: number | undefined): Goal {
  return { name, wanted: `≤ ${bound}`, measured, reached: measured !== undefined && measured <= bound };
}
