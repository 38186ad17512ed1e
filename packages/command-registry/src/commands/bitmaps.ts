import type { Registry } from '../registry.js';

export function registerBitmaps(registry: Registry): void {
  void registry;
}
