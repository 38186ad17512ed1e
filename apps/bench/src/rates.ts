/**
 * How many of something per second, and the CPU time of one of them, both servers beside each other: rounds alternate
 * between the servers, figures are medians.
 */
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { type BenchServer, withServers } from './servers.js';
import { median, spread } from './statistics.js';

/** Of one round. */
export interface Rate {
  readonly perSecond: number;
  /** Microseconds of the server for each. */
  readonly userCpu: number;
  readonly systemCpu: number;
}

interface RateFigures extends Rate {
  /** (largest − smallest) / median of the rates. */
  readonly spread: number;
}

export interface RateRow {
  readonly line: string;
  /** At least this ratio of rates is wanted. */
  readonly goal: number;
  readonly subject: RateFigures;
  readonly reference: RateFigures;
}

/** Measures those of the lines that are wanted, on one server of each kind. */
export function measureLines<L extends { readonly name: string }>(
  lines: readonly L[],
  options: SectionOptions,
  measure: (servers: readonly BenchServer[], line: L, options: SectionOptions) => Promise<RateRow>,
): Promise<RateRow[]> {
  return withServers(['clone', 'redis-server'], { ...options, persistence: 'none' }, async (servers) => {
    const rows: RateRow[] = [];
    for (const line of lines.filter(({ name }) => name.includes(options.only))) {
      options.onProgress(line.name);
      rows.push(await measure(servers, line, options));
    }
    return rows;
  });
}

/** Measures the servers in turn, round by round; who goes first changes. @returns the rounds of each server */
export async function alternate<T>(
  servers: readonly BenchServer[],
  rounds: number,
  measure: (server: BenchServer, which: number) => Promise<T>,
): Promise<T[][]> {
  const results: T[][] = servers.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < servers.length; turn += 1) {
      const which = (turn + round) % servers.length;
      results[which]!.push(await measure(servers[which]!, which));
    }
  }
  return results;
}

/**
 * @param work what `events` come of
 * @returns what they took; `work` answers the seconds where not all of its time counts
 */
export async function rateOf(
  server: BenchServer,
  events: number,
  work: () => Promise<number | undefined>,
): Promise<Rate> {
  const before = server.cpuTime();
  const began = performance.now();
  const seconds = (await work()) ?? (performance.now() - began) / 1000;
  const after = server.cpuTime();
  return {
    perSecond: events / seconds,
    userCpu: (after.user - before.user) / events,
    systemCpu: (after.system - before.system) / events,
  };
}

/** @param runs the rounds of our server and of the other */
export function rateRow(line: string, goal: number, runs: readonly (readonly Rate[])[]): RateRow {
  const [subject, reference] = runs.map((rounds): RateFigures => ({
    perSecond: median(rounds.map((round) => round.perSecond)),
    userCpu: median(rounds.map((round) => round.userCpu)),
    systemCpu: median(rounds.map((round) => round.systemCpu)),
    spread: spread(rounds.map((round) => round.perSecond)),
  }));
  return { line, goal, subject: subject!, reference: reference! };
}

/** @param what the first column's name. @param rate the second's: "requests/s" */
export function rateTable(what: string, rate: string, rows: readonly RateRow[]): string {
  const pair = (first: string, second: string): string => `${first} / ${second}`;
  return table(
    [`${what}, clone / redis-server`, rate, 'ratio', 'wanted', 'user CPU, µs', 'system CPU, µs', 'spread'],
    rows.map(({ line, goal, subject, reference }) => [
      line,
      pair(count(subject.perSecond), count(reference.perSecond)),
      `**${decimal(subject.perSecond / reference.perSecond)}**`,
      decimal(goal, 2),
      pair(decimal(subject.userCpu), decimal(reference.userCpu)),
      pair(decimal(subject.systemCpu), decimal(reference.systemCpu)),
      pair(`${decimal(100 * subject.spread, 0)} %`, `${decimal(100 * reference.spread, 0)} %`),
    ]),
  );
}
