import type { Registry } from '../registry.js';

export function registerGeo(registry: Registry): void {
  void registry;
}
