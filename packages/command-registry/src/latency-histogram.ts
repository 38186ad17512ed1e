/**
 * How long the executions of one command took: counts in buckets that grow with the duration, 32 to an octave, so that
 * a percentile is off by 3% at most. (Redis keeps such histograms for INFO latencystats, with 128 to an octave.)
 *
 * Durations are whole nanoseconds up to a second; what took longer counts as a second. 4 KB, made at a command's first
 * timed execution.
 */
const SUB_BITS = 5;
const SUB_BUCKETS = 1 << SUB_BITS;
const LONGEST = 1_000_000_000;

/** Durations below 64 have a bucket each; above, the leading bit says which octave, the five bits behind it where. */
function bucketOf(nanoseconds: number): number {
  const shift = 31 - Math.clz32(nanoseconds | SUB_BUCKETS) - SUB_BITS;
  return (shift << SUB_BITS) + (nanoseconds >>> shift);
}

/** The longest duration that falls into a bucket. */
function upperEnd(bucket: number): number {
  const shift = Math.max((bucket >>> SUB_BITS) - 1, 0);
  return ((bucket - (shift << SUB_BITS) + 1) << shift) - 1;
}

/** Durations of one command in microseconds, with percentiles that are off by 3% at most. 4 KB. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(bucketOf(LONGEST) + 1);
  #total = 0;

  /** @param weight executions that this one stands for */
  record(microseconds: number, weight: number): void {
    const nanoseconds = Math.min(Math.max(Math.round(microseconds * 1000), 1), LONGEST);
    this.#counts[bucketOf(nanoseconds)]! += weight;
    this.#total += weight;
  }

  /** Executions so far. */
  get total(): number {
    return this.#total;
  }

  /** How many executions took at most so long. A bucket that the limit cuts counts as longer. */
  countUpTo(microseconds: number): number {
    let count = 0;
    for (let bucket = 0; bucket < this.#counts.length && upperEnd(bucket) <= microseconds * 1000; bucket++) {
      count += this.#counts[bucket]!;
    }
    return count;
  }

  /**
   * How many executions took at most 1, 2, 4, 8, … microseconds: pairs of limit and count, only where the count grows
   * (LATENCY HISTOGRAM).
   */
  cumulative(): readonly (readonly [microseconds: number, count: number])[] {
    const pairs: (readonly [number, number])[] = [];
    let counted = 0;
    let shown = 0;
    let limit = 1;
    for (let bucket = 0; bucket < this.#counts.length && counted < this.#total; bucket++) {
      const end = upperEnd(bucket) / 1000;
      while (end > limit) {
        if (counted > shown) pairs.push([limit, counted]);
        shown = counted;
        limit *= 2;
      }
      counted += this.#counts[bucket]!;
    }
    if (counted > shown) pairs.push([limit, counted]);
    return pairs;
  }

  /** The duration in microseconds that so many percent of the executions did not exceed; 0 without executions. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.round((percent / 100) * this.#total));
    let counted = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      counted += this.#counts[bucket]!;
      if (counted >= wanted) return upperEnd(bucket) / 1000;
    }
    return 0;
  }
}
