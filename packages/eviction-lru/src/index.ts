/**
 * Who goes when memory is full.
 *
 * Reading order:
 * - `policy.ts`          what a policy is, and `policies/` the eight of Redis, one file each
 * - `eviction-source.ts` what the store tells about its records
 * - `evictor.ts`         names the next victim, with the help of `candidate-pool.ts`
 * - `lfu.ts`, `lru-clock.ts` how often and when a record was used, in the few bits that a record has to spare
 * - `exact-lru.ts`       exact order of use over integer slots, and `lru-map.ts` a cache made of it
 */
export type { EvictionPolicy, Score } from './policy.js';
export {
  allkeysLfu,
  allkeysLru,
  allkeysRandom,
  findPolicy,
  noeviction,
  type PolicyName,
  policies,
  volatileLfu,
  volatileLru,
  volatileRandom,
  volatileTtl,
} from './policies/index.js';
export type { EvictionSource } from './eviction-source.js';
export { Evictor, type EvictorOptions, type Victim } from './evictor.js';
export { LFU_INITIAL, LFU_MAX, lfuDecay, lfuIncrement, lfuMinutes, lfuMinutesSince } from './lfu.js';
export { LRU_CLOCK_MAX, LRU_CLOCK_RESOLUTION, lruClock, lruIdle } from './lru-clock.js';
export { ExactLru, NO_SLOT } from './exact-lru.js';
export { LruMap, type LruMapOptions } from './lru-map.js';
