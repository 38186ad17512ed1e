/**
 * Executions by command, for Prometheus: counters, and histograms of their durations. The figures are the dispatcher's own, read when
 * somebody asks: a command that is executed pays nothing for them.
 */
import type { Command, Registry } from '@clone/command-registry';
import { Counter, Histogram, type MetricValueWithName, type Registry as Metrics } from 'prom-client';

/** Upper ends of the buckets, seconds: 1 µs to a second, by powers of four. */
const LIMITS = [1e-6, 4e-6, 16e-6, 64e-6, 256e-6, 1024e-6, 4096e-6, 16384e-6, 65536e-6, 262144e-6, 1];

const NAME = 'clone_command_duration_seconds';
const HELP = 'Durations of executions; of quick commands a sample, weighted';

interface HistogramValues {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly values: readonly MetricValueWithName<'command'>[];
  readonly aggregator: 'sum';
}

/** Every command and subcommand that was called. */
function* calledCommands(registry: Registry): Iterable<Command> {
  for (const command of registry.commands()) {
    if (command.calls + command.rejected > 0) yield command;
    for (const sub of command.subcommands ?? []) if (sub.calls + sub.rejected > 0) yield sub;
  }
}

class DurationHistogram extends Histogram<'command'> {
  readonly #registry: Registry;

  constructor(registry: Registry, metrics: Metrics) {
    super({
      name: NAME,
      help: HELP,
      labelNames: ['command'],
      buckets: LIMITS,
      registers: [metrics],
    });
    this.#registry = registry;
  }

  /** What both `get` and the text are made of; the types of prom-client leave it out. */
  getForPromString(): Promise<HistogramValues> {
    const values: MetricValueWithName<'command'>[] = [];
    for (const command of calledCommands(this.#registry)) {
      const { latency, name, usec } = command;
      if (latency === undefined) continue;
      const value = (suffix: string, amount: number, le?: number | string): MetricValueWithName<'command'> => {
        const labels = le === undefined ? { command: name } : { command: name, le };
        return { metricName: `${NAME}_${suffix}`, value: amount, labels };
      };
      for (const limit of LIMITS) values.push(value('bucket', latency.countUpTo(limit * 1e6), limit));
      values.push(value('bucket', latency.total, '+Inf'), value('sum', usec / 1e6), value('count', latency.total));
    }
    return Promise.resolve({ name: NAME, help: HELP, type: 'histogram', values, aggregator: 'sum' });
  }
}

export function commandMetrics(registry: Registry, metrics: Metrics): void {
  const counters = (name: string, help: string, count: (command: Command) => number): void => {
    new Counter({
      name,
      help,
      labelNames: ['command'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const command of calledCommands(registry)) this.inc({ command: command.name }, count(command));
      },
    });
  };
  counters('clone_commands_total', 'Executions, failed ones included', (command) => command.calls);
  counters(
    'clone_commands_rejected_total',
    'Requests refused before they were executed',
    (command) => command.rejected,
  );
  counters('clone_commands_failed_total', 'Executions that answered an error', (command) => command.failed);
  new DurationHistogram(registry, metrics);
}
