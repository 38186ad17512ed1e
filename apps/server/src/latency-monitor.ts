/**
 * LATENCY: when which kind of work took longer than `latency-monitor-threshold`, the last 160 times of each kind.
 * Several in one second count as one, the longest. Numbers are those of Redis (`latency.h`).
 */
const SAMPLES = 160;

interface LatencySample {
  /** Seconds since the epoch. */
  readonly time: number;
  /** Milliseconds. */
  latency: number;
}

export interface LatencySeries {
  /** Oldest first. */
  readonly samples: LatencySample[];
  /** The longest ever, milliseconds. */
  highest: number;
}

export class LatencyMonitor {
  readonly series = new Map<string, LatencySeries>();
  /** Milliseconds; 0: nothing is recorded. */
  threshold = 0;

  /** Records work that took long enough. @param now milliseconds since the epoch */
  record(event: string, milliseconds: number, now: number): void {
    if (this.threshold === 0 || milliseconds < this.threshold) return;
    const latency = Math.floor(milliseconds);
    const time = Math.floor(now / 1000);
    let series = this.series.get(event);
    if (series === undefined) {
      series = { samples: [], highest: 0 };
      this.series.set(event, series);
    }
    series.highest = Math.max(series.highest, latency);
    const last = series.samples.at(-1);
    if (last?.time === time) {
      last.latency = Math.max(last.latency, latency);
      return;
    }
    series.samples.push({ time, latency });
    if (series.samples.length > SAMPLES) series.samples.shift();
  }

  /** Forgets these events, or all of them; answers how many there were. */
  reset(events: readonly string[]): number {
    const names = events.length === 0 ? [...this.series.keys()] : events;
    let count = 0;
    for (const name of names) if (this.series.delete(name)) count++;
    return count;
  }
}
