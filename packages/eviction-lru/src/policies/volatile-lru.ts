import type { EvictionPolicy } from '../policy.js';
import { longestIdle } from '../scores.js';

/** Of the keys with an expiry, those unused for longest go first. */
export const volatileLru: EvictionPolicy = {
  name: 'volatile-lru',
  candidates: 'volatile',
  score: longestIdle,
  usesFrequency: false,
};
