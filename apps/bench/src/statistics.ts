/** The few statistics that the tables need. */

/** Of an even number of values: the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** How far the values lie apart: (largest − smallest) / median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * The latency that a fraction of *moments* stays below, from the round trips of one client that waits for each reply.
 * Such a client measures a stall of 100 ms once, though a hundred clients that come every millisecond would feel it:
 * counted per sample, stalls vanish from percentiles ("coordinated omission"). So a round trip that took longer than
 * the interval counts also for those that should have begun meanwhile: latency − interval, latency − 2 × interval, …
 *
 * @param fraction 0.999 for p99.9
 * @param interval time between two requests, in the unit of the latencies
 */
export function percentileOfMoments(latencies: readonly number[], fraction: number, interval: number): number {
  const all: number[] = [];
  for (const latency of latencies) for (let left = latency; left > 0; left -= interval) all.push(left);
  return percentile(all, fraction);
}

/** Nearest rank; NaN of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN;
}
