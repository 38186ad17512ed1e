import type { Registry } from '../registry.js';

export function registerHyperLogLog(registry: Registry): void {
  void registry;
}
