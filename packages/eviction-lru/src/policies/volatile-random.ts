import type { EvictionPolicy } from '../policy.js';

/** Any key with an expiry may go. */
export const volatileRandom: EvictionPolicy = {
  name: 'volatile-random',
  candidates: 'volatile',
  score: undefined,
  usesFrequency: false,
};
