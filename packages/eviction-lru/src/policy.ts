import type { EvictionSource } from './eviction-source.js';

/** How gladly a record is given up: of two, the one with the higher score goes. Any finite number. */
export type Score = (source: EvictionSource, handle: number, db: number) => number;

/**
 * One answer to "who goes when memory is full". A policy is a value without state, so that it can be replaced while
 * the server runs; what is remembered between evictions belongs to the {@link Evictor}.
 */
export interface EvictionPolicy {
  /** As `maxmemory-policy` spells it. */
  readonly name: string;

  /** Who may go: nobody, any key, or only keys with an expiry. */
  readonly candidates: 'none' | 'all' | 'volatile';

  /** What the candidates are compared by; `undefined` where one is as good as another. */
  readonly score: Score | undefined;

  /** Whether the store has to count how often records are used instead of noting when. */
  readonly usesFrequency: boolean;
}
