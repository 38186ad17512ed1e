import type { Registry } from '../registry.js';

export function registerSets(registry: Registry): void {
  void registry;
}
