// LATENCY: the monitor's events, and the histograms of commands.

import { replyHelp, type Command, type CommandContext, type Registry } from '@clone/command-registry';
import type { LatencySeries } from '../latency-monitor.js';
import type { ServerContext } from '../server-context.js';
import { sparkline } from '../sparkline.js';
import { latencyReport } from './latency-report.js';

/** Columns of a graph at most. */
const GRAPH_COLUMNS = 80;

const HELP = [
  'DOCTOR',
  '    Says in words what took long, and what may help.',
  'GRAPH <event>',
  '    Draws the samples of an event.',
  'HISTORY <event>',
  '    The samples of an event: times in seconds, durations in milliseconds.',
  'LATEST',
  '    The last sample of each event, and its longest.',
  'RESET [<event> ...]',
  '    Forgets events, all of them if none is named.',
  'HISTOGRAM [<command> ...]',
  '    How many executions of commands took at most 1, 2, 4, ... microseconds.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('latency|latest', (ctx) => latest(ctx, server));
  registry.register('latency|history', (ctx) => history(ctx, server));
  registry.register('latency|graph', (ctx) => graph(ctx, server));
  registry.register('latency|doctor', (ctx) => ctx.reply.verbatim('txt', latencyReport(server, ctx.keyspace.now)));
  registry.register('latency|reset', (ctx) => {
    const events = Array.from({ length: ctx.argc - 2 }, (_, i) => ctx.latin1(i + 2));
    ctx.reply.integer(server.latencyMonitor.reset(events));
  });
  registry.register('latency|histogram', (ctx) => histogram(ctx, registry));
  registry.register('latency|help', (ctx) => replyHelp(ctx, HELP));
}

function latest(ctx: CommandContext, server: ServerContext): void {
  const { reply } = ctx;
  const { series } = server.latencyMonitor;
  reply.array(series.size);
  for (const [event, { samples, highest }] of series) {
    const last = samples.at(-1);
    reply.array(4);
    reply.bulkLatin1(event);
    reply.integer(last?.time ?? 0);
    reply.integer(last?.latency ?? 0);
    reply.integer(highest);
  }
}

function history(ctx: CommandContext, server: ServerContext): void {
  const { reply } = ctx;
  const samples = server.latencyMonitor.series.get(ctx.latin1(2))?.samples ?? [];
  reply.array(samples.length);
  for (const { time, latency } of samples) {
    reply.array(2);
    reply.integer(time);
    reply.integer(latency);
  }
}

function graph(ctx: CommandContext, server: ServerContext): void {
  const event = ctx.latin1(2);
  const series = server.latencyMonitor.series.get(event);
  if (series === undefined) ctx.reply.error(`ERR No samples available for event '${event}'`);
  else ctx.reply.verbatim('txt', drawing(event, series, ctx.keyspace.now));
}

function drawing(event: string, series: LatencySeries, now: number): string {
  const samples = series.samples.slice(-GRAPH_COLUMNS);
  const latencies = samples.map(({ latency }) => latency);
  const high = Math.max(...latencies);
  const low = Math.min(...latencies);
  const columns = samples.map(({ time, latency }) => ({ value: latency, label: age(Math.floor(now / 1000) - time) }));
  return (
    `${event} - high ${high} ms, low ${low} ms (all time high ${series.highest} ms)\n` +
    `${'-'.repeat(GRAPH_COLUMNS)}\n${sparkline(columns)}`
  );
}

function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86400)}d`;
}

function histogram(ctx: CommandContext, registry: Registry): void {
  const chosen: Command[] = [];
  const add = (command: Command | undefined): void => {
    if (command === undefined) return;
    if (command.latency !== undefined) chosen.push(command);
    for (const sub of command.subcommands ?? []) if (sub.latency !== undefined) chosen.push(sub);
  };
  if (ctx.argc === 2) for (const command of registry.commands()) add(command);
  else for (let i = 2; i < ctx.argc; i++) add(registry.get(ctx.latin1(i).toLowerCase()));
  const { reply } = ctx;
  reply.map(chosen.length);
  for (const command of chosen) {
    reply.bulkLatin1(command.name);
    reply.map(2);
    reply.bulkLatin1('calls');
    reply.integer(command.latency?.total ?? 0);
    reply.bulkLatin1('histogram_usec');
    const pairs = command.latency?.cumulative() ?? [];
    reply.map(pairs.length);
    for (const [limit, count] of pairs) {
      reply.integer(limit);
      reply.integer(count);
    }
  }
}
