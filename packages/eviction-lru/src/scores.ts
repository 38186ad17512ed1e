// The three orders that the ranked policies share. TTL scores are negative; nothing here or in the pool minds.
import type { Score } from './policy.js';

/** Unused for longest goes first. */
export const longestIdle: Score = (source, handle, db) => source.idle(handle, db);

/** Used least often goes first. 255 is the counter's end, as in Redis. */
export const leastFrequent: Score = (source, handle, db) => 255 - source.frequency(handle, db);

/** Would have expired soonest goes first. */
export const soonestExpiry: Score = (source, handle, db) => -source.expireAt(handle, db);
