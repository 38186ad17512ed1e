import type { Registry } from '../registry.js';

export function registerStreams(registry: Registry): void {
  void registry;
}
