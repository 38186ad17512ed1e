import type { Registry } from '../registry.js';

export function registerLists(registry: Registry): void {
  void registry;
}
