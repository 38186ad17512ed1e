/**
 * The 24 access bits of a record: when it was used last, or how often.
 *
 * LRU: a clock of seconds that wraps after 194 days. LFU: 16 bits of minutes (of the last decay) and an 8-bit
 * logarithmic counter. Both as Redis keeps them (`evict.c`), so that OBJECT IDLETIME and FREQ and the eviction policies
 * mean the same.
 */

/** Counter of a new key: not 0, or it would be evicted before it had a chance. */
export const LFU_INITIAL = 5;

/** The time of LRU access bits: seconds, 24 bits. @param now milliseconds since the epoch */
export function lruClock(nowMs: number): number {
  return Math.floor(nowMs / 1000) & 0xffffff;
}

/** Seconds since the access, the clock's wrap considered. */
export function lruIdleSeconds(clock: number, access: number): number {
  return clock >= access ? clock - access : clock + (0xffffff - access);
}

/** The time of LFU counters: minutes, 16 bits. @param now milliseconds since the epoch */
export function lfuMinutes(nowMs: number): number {
  return Math.floor(nowMs / 60000) & 0xffff;
}

/**
 * Access bits of a new record under an LFU policy: the minute, and a counter that keeps it from being evicted at once.
 * @param now milliseconds since the epoch
 */
export function lfuInitial(nowMs: number): number {
  return (lfuMinutes(nowMs) << 8) | LFU_INITIAL;
}

/** The counter after the time since its last change has been taken off: one per `decayTime` minutes (0: never). */
export function lfuDecayed(access: number, minutes: number, decayTime: number): number {
  const counter = access & 255;
  if (decayTime === 0) return counter;
  const since = access >>> 8;
  const elapsed = minutes >= since ? minutes - since : 65535 - since + minutes;
  const periods = Math.floor(elapsed / decayTime);
  return periods > counter ? 0 : counter - periods;
}

/** The counter after one more use: the higher it is, the less probable an increment. */
export function lfuIncremented(counter: number, logFactor: number, random: () => number): number {
  if (counter === 255) return 255;
  const above = Math.max(counter - LFU_INITIAL, 0);
  return random() < 1 / (above * logFactor + 1) ? counter + 1 : counter;
}
