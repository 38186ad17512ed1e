import type { EvictionPolicy } from '../policy.js';
import { allkeysLfu } from './allkeys-lfu.js';
import { allkeysLru } from './allkeys-lru.js';
import { allkeysRandom } from './allkeys-random.js';
import { noeviction } from './noeviction.js';
import { volatileLfu } from './volatile-lfu.js';
import { volatileLru } from './volatile-lru.js';
import { volatileRandom } from './volatile-random.js';
import { volatileTtl } from './volatile-ttl.js';

export { allkeysLfu, allkeysLru, allkeysRandom, noeviction, volatileLfu, volatileLru, volatileRandom, volatileTtl };

/** All policies, in the order in which Redis lists them when `CONFIG SET maxmemory-policy` names none of them. */
export const policies: readonly EvictionPolicy[] = [
  volatileLru,
  volatileLfu,
  volatileRandom,
  volatileTtl,
  allkeysLru,
  allkeysLfu,
  allkeysRandom,
  noeviction,
];

/** The names that `maxmemory-policy` takes. */
export type PolicyName =
  | 'volatile-lru'
  | 'volatile-lfu'
  | 'volatile-random'
  | 'volatile-ttl'
  | 'allkeys-lru'
  | 'allkeys-lfu'
  | 'allkeys-random'
  | 'noeviction';

/** The policy of that name in any case of letters, as Redis's configuration reads it; undefined when there is none. */
export function findPolicy(name: PolicyName): EvictionPolicy;
export function findPolicy(name: string): EvictionPolicy | undefined;
export function findPolicy(name: string): EvictionPolicy | undefined {
  const wanted = name.toLowerCase();
  return policies.find((policy) => policy.name === wanted);
}
