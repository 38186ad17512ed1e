import type { EvictionPolicy } from '../policy.js';
import { leastFrequent } from '../scores.js';

/** Of all keys, those used least often go first. */
export const allkeysLfu: EvictionPolicy = {
  name: 'allkeys-lfu',
  candidates: 'all',
  score: leastFrequent,
  usesFrequency: true,
};
