import type { Registry } from '../registry.js';

export function registerHashExpiry(registry: Registry): void {
  void registry;
}
