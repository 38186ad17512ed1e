/**
 * Request traces for caches: which key is asked for, one after the other. Seeded, so that every server and every run
 * sees the same requests.
 */

/** A seeded generator of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface TraceOptions {
  /** Different keys; they are numbered from 0. */
  readonly keys: number;
  /** Length of the trace. */
  readonly requests: number;
  readonly seed: number;
}

/**
 * Keys drawn with a probability of 1 / rank^exponent, the popular ones spread over the key numbers: the usual model
 * of what caches are asked for (YCSB uses 0.99).
 */
export function zipfTrace(options: TraceOptions, exponent = 0.99): Int32Array {
  const { keys, requests, seed } = options;
  const random = seededRandom(seed);
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank += 1) {
    sum += 1 / (rank + 1) ** exponent;
    cumulative[rank] = sum;
  }
  const keyOfRank = shuffled(keys, random);
  const trace = new Int32Array(requests);
  for (let i = 0; i < requests; i += 1) trace[i] = keyOfRank[firstAtLeast(cumulative, random() * sum)]!;
  return trace;
}

/**
 * The Zipf trace with scans in between: after every `every` requests somebody reads the next `length` keys in
 * sequence, going round the key space. The scans replace requests, so that the length stays.
 */
export function scanPollutedTrace(options: TraceOptions, every: number, length: number): Int32Array {
  const trace = zipfTrace(options);
  let cursor = 0;
  for (let start = every; start < trace.length; start += every + length) {
    const end = Math.min(start + length, trace.length);
    for (let i = start; i < end; i += 1) {
      trace[i] = cursor % options.keys;
      cursor += 1;
    }
  }
  return trace;
}

function shuffled(n: number, random: () => number): Int32Array {
  const numbers = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const swapped = numbers[i]!;
    numbers[i] = numbers[j]!;
    numbers[j] = swapped;
  }
  return numbers;
}

function firstAtLeast(ascending: Float64Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
