import type { Registry } from '../registry.js';

export function registerStreamGroups(registry: Registry): void {
  void registry;
}
