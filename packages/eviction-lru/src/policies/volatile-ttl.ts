import type { EvictionPolicy } from '../policy.js';
import { soonestExpiry } from '../scores.js';

/** Of the keys with an expiry, those that would expire soonest go first. */
export const volatileTtl: EvictionPolicy = {
  name: 'volatile-ttl',
  candidates: 'volatile',
  score: soonestExpiry,
  usesFrequency: false,
};
