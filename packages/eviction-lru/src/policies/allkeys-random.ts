import type { EvictionPolicy } from '../policy.js';

/** Any key may go. */
export const allkeysRandom: EvictionPolicy = {
  name: 'allkeys-random',
  candidates: 'all',
  score: undefined,
  usesFrequency: false,
};
