import type { Registry } from '../registry.js';

export function registerBlockingLists(registry: Registry): void {
  void registry;
}
