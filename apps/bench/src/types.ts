/** Requests per second of the data types' commands. */
import { load } from './bulk-loader.js';
import type { SectionOptions } from './options.js';
import { alternate, measureLines, type Rate, rateOf, type RateRow, rateRow } from './rates.js';
import { runCommand } from './redis-benchmark.js';
import type { BenchServer } from './servers.js';
import { RANDOM, TYPE_LINES, type TypeLine } from './type-lines.js';

const LOADER = { connections: 8, pipeline: 64 } as const;

export function measureTypes(options: SectionOptions): Promise<RateRow[]> {
  return measureLines(TYPE_LINES, options, measureLine);
}

async function measureLine(
  servers: readonly BenchServer[],
  line: TypeLine,
  { rounds, scale }: SectionOptions,
): Promise<RateRow> {
  const batch = line.clients * line.pipeline;
  const requests = batch * Math.max(1, Math.round((line.requests / batch) * scale));
  for (const server of servers) {
    await fill(server, line);
    // Warm, but with something left to take.
    await measureRound(server, line, Math.max(batch, batch * Math.round(requests / batch / 4)));
  }
  const runs = await alternate(servers, rounds, async (server) => {
    if (line.usesUp) await fill(server, line);
    return measureRound(server, line, requests);
  });
  return rateRow(line.name, line.goal, runs);
}

async function fill(server: BenchServer, { filling }: TypeLine): Promise<void> {
  await server.command('FLUSHALL', 'SYNC');
  for (const each of filling) await load(server.address, { ...each, ...LOADER });
}

function measureRound(
  server: BenchServer,
  { command, keyspace, clients, pipeline }: TypeLine,
  requests: number,
): Promise<Rate> {
  const isRandom = command.some((word) => word.includes(RANDOM));
  const run = { command, requests, clients, pipeline, keyspace: isRandom ? keyspace : undefined };
  return rateOf(server, requests, async () => requests / (await runCommand(server.address, run)).requestsPerSecond);
}
