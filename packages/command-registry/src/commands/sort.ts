import type { Registry } from '../registry.js';

export function registerSort(registry: Registry): void {
  void registry;
}
