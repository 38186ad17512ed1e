/**
 * Redis's use counter: how often, in 8 bits. It grows with a probability that falls as it rises, so that 255 stands
 * for about a million uses at the default factor of 10, and it loses one per `decayTime` minutes, so that what was
 * popular once does not stay for ever. Beside the counter a record keeps the minute of its last decay in 16 bits.
 *
 * Source: Redis 7.2 (`lfu-log-factor`, `lfu-decay-time`). One deviation: where the 16-bit minute wraps, every 45 days,
 * Redis's difference is one minute short; here it is exact.
 */

/** The counter of a new record: high enough to survive until its second use. */
export const LFU_INITIAL = 5;

/** Where the counter ends. */
export const LFU_MAX = 255;

const MINUTES_MASK = 0xffff;

/** The minute of `now` (ms since the epoch) in 16 bits. */
export function lfuMinutes(now: number): number {
  return Math.floor(now / 60_000) & MINUTES_MASK;
}

/** Minutes from `then` to `now`, both in 16 bits; `then` is taken to lie less than 45 days back. */
export function lfuMinutesSince(then: number, now: number): number {
  return (now - then) & MINUTES_MASK;
}

/**
 * The counter after one more use.
 * @param logFactor `lfu-log-factor`, 0 or more: the higher, the slower it grows
 * @param random a number in [0, 1) drawn for this use
 */
export function lfuIncrement(counter: number, logFactor: number, random: number): number {
  if (counter >= LFU_MAX) return LFU_MAX;
  const grown = counter > LFU_INITIAL ? counter - LFU_INITIAL : 0;
  // random < 1 / (grown * logFactor + 1), without the division.
  return random * (grown * logFactor + 1) < 1 ? counter + 1 : counter;
}

/**
 * The counter after `minutesSince` minutes without decay.
 * @param decayTime `lfu-decay-time`: minutes per lost count; 0 never decays
 */
export function lfuDecay(counter: number, minutesSince: number, decayTime: number): number {
  if (decayTime === 0) return counter;
  const lost = Math.floor(minutesSince / decayTime);
  return lost >= counter ? 0 : counter - lost;
}
