import type { EvictionPolicy } from '../policy.js';
import { leastFrequent } from '../scores.js';

/** Of the keys with an expiry, those used least often go first. */
export const volatileLfu: EvictionPolicy = {
  name: 'volatile-lfu',
  candidates: 'volatile',
  score: leastFrequent,
  usesFrequency: true,
};
