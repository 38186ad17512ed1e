/** What can hold up all clients at once, for Prometheus: delays of the event loop, and garbage collection. */
import { monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver, constants } from 'node:perf_hooks';
import { Gauge, Histogram, type Registry as Metrics } from 'prom-client';

const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak callbacks',
};
const RESOLUTION_MS = 10;

/** @param entry of Node's; its types leave out `detail` */
function kindOf(entry: PerformanceEntry & { readonly detail?: unknown }): string {
  const { detail } = entry;
  const kind: unknown = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined;
  return typeof kind === 'number' ? (KINDS[kind] ?? 'other') : 'other';
}

/** @returns ends the measuring */
export function processMetrics(metrics: Metrics): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  new Gauge({
    name: 'clone_event_loop_delay_seconds',
    help: 'How much later than planned the event loop came round, since the last time somebody asked',
    labelNames: ['quantile'],
    registers: [metrics],
    collect() {
      const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);
      this.set({ quantile: '0.5' }, seconds(delays.percentile(50)));
      this.set({ quantile: '0.99' }, seconds(delays.percentile(99)));
      this.set({ quantile: '1' }, delays.max > 0 ? seconds(delays.max) : 0);
      delays.reset();
    },
  });
  const pauses = new Histogram({
    name: 'clone_gc_duration_seconds',
    help: 'Durations of garbage collections',
    labelNames: ['kind'],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1],
    registers: [metrics],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) pauses.observe({ kind: kindOf(entry) }, entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
    delays.disable();
  };
}
