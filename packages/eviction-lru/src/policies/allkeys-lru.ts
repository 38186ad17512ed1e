import type { EvictionPolicy } from '../policy.js';
import { longestIdle } from '../scores.js';

/** Of all keys, those unused for longest go first. */
export const allkeysLru: EvictionPolicy = {
  name: 'allkeys-lru',
  candidates: 'all',
  score: longestIdle,
  usesFrequency: false,
};
