/**
 * Redis's use clock: when, in 24 bits. It counts seconds and wraps every 194 days; a record that has not been used for
 * longer than that looks younger than it is, which an approximation can bear.
 *
 * Source: Redis 7.2. One deviation: in the wrap Redis's difference is one tick short; here it is exact.
 */

/** Milliseconds per tick. */
export const LRU_CLOCK_RESOLUTION = 1000;

/** The highest tick. */
export const LRU_CLOCK_MAX = 0xffffff;

/** The tick of `now` (ms since the epoch). */
export function lruClock(now: number): number {
  return Math.floor(now / LRU_CLOCK_RESOLUTION) & LRU_CLOCK_MAX;
}

/** Milliseconds, in whole ticks, from the tick `then` to the tick `now`. */
export function lruIdle(then: number, now: number): number {
  return ((now - then) & LRU_CLOCK_MAX) * LRU_CLOCK_RESOLUTION;
}
