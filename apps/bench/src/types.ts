/**
 * Requests per second of the data types' commands, both servers beside each other, in alternated rounds.
 */
import { load } from './bulk-loader.js';
import { count, decimal, table } from './markdown.js';
import { type BenchmarkResult, runCommand } from './redis-benchmark.js';
import { type BenchServer, withServers } from './servers.js';
import { median, spread } from './statistics.js';
import { RANDOM, TYPE_LINES, type TypeLine } from './type-lines.js';

export interface TypesOptions {
  readonly rounds: number;
  readonly scale: number;
  /** Only lines whose name holds this. */
  readonly only: string;
  readonly parentFolder: string | undefined;
  readonly profileFolder: string | undefined;
  readonly onProgress: (text: string) => void;
}

/** Medians over the rounds. */
interface TypeFigures {
  readonly requestsPerSecond: number;
  /** Microseconds of user CPU per request. */
  readonly userCpu: number;
  readonly spread: number;
}

export interface TypeRow {
  readonly line: string;
  readonly goal: number;
  readonly subject: TypeFigures;
  readonly reference: TypeFigures;
}

const LOADER = { connections: 8, pipeline: 64 } as const;

export async function measureTypes(options: TypesOptions): Promise<TypeRow[]> {
  const lines = TYPE_LINES.filter(({ name }) => name.includes(options.only));
  return withServers(['clone', 'redis-server'], { ...options, persistence: 'none' }, async (servers) => {
    const rows: TypeRow[] = [];
    for (const line of lines) {
      options.onProgress(line.name);
      rows.push(await measureLine(servers, line, options));
    }
    return rows;
  });
}

async function measureLine(
  servers: readonly BenchServer[],
  line: TypeLine,
  { rounds, scale }: TypesOptions,
): Promise<TypeRow> {
  const batch = line.clients * line.pipeline;
  const requests = batch * Math.max(1, Math.round((line.requests / batch) * scale));
  const runs: (Pick<BenchmarkResult, 'requestsPerSecond'> & { userCpu: number })[][] = servers.map(() => []);
  for (const server of servers) {
    await fill(server, line);
    // Warm, but with something left to take.
    await measureRound(server, line, Math.max(batch, batch * Math.round(requests / batch / 4)));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < servers.length; turn += 1) {
      const which = (turn + round) % servers.length;
      if (line.usesUp) await fill(servers[which]!, line);
      runs[which]!.push(await measureRound(servers[which]!, line, requests));
    }
  }
  const [subject, reference] = runs.map((results): TypeFigures => ({
    requestsPerSecond: median(results.map((run) => run.requestsPerSecond)),
    userCpu: median(results.map((run) => run.userCpu)),
    spread: spread(results.map((run) => run.requestsPerSecond)),
  }));
  return { line: line.name, goal: line.goal, subject: subject!, reference: reference! };
}

async function fill(server: BenchServer, { filling }: TypeLine): Promise<void> {
  await server.command('FLUSHALL', 'SYNC');
  for (const each of filling) await load(server.address, { ...each, ...LOADER });
}

async function measureRound(
  server: BenchServer,
  { command, keyspace, clients, pipeline }: TypeLine,
  requests: number,
): Promise<{ requestsPerSecond: number; userCpu: number }> {
  const before = server.cpuTime();
  const isRandom = command.some((word) => word.includes(RANDOM));
  const { requestsPerSecond } = await runCommand(server.address, {
    command,
    requests,
    clients,
    pipeline,
    keyspace: isRandom ? keyspace : undefined,
  });
  return { requestsPerSecond, userCpu: (server.cpuTime().user - before.user) / requests };
}

export function typesTable(rows: readonly TypeRow[]): string {
  const pair = (first: string, second: string): string => `${first} / ${second}`;
  return table(
    ['clone / redis-server', 'requests/s', 'ratio', 'wanted', 'user CPU, µs', 'spread'],
    rows.map(({ line, goal, subject, reference }) => [
      line,
      pair(count(subject.requestsPerSecond), count(reference.requestsPerSecond)),
      `**${decimal(subject.requestsPerSecond / reference.requestsPerSecond)}**`,
      decimal(goal, 1),
      pair(decimal(subject.userCpu), decimal(reference.userCpu)),
      pair(`${decimal(100 * subject.spread, 0)} %`, `${decimal(100 * reference.spread, 0)} %`),
    ]),
  );
}
