import type { Registry } from '../registry.js';

export function registerSortedSetAlgebra(registry: Registry): void {
  void registry;
}
