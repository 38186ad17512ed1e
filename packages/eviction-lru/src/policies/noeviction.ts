import type { EvictionPolicy } from '../policy.js';

/** Nothing goes: a write that needs room is refused. */
export const noeviction: EvictionPolicy = {
  name: 'noeviction',
  candidates: 'none',
  score: undefined,
  usesFrequency: false,
};
