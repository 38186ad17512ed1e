import type { Registry } from '../registry.js';

export function registerSortedSets(registry: Registry): void {
  void registry;
}
