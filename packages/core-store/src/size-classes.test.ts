import { describe, expect, it } from 'vitest';
import {
  CLASS_CAPACITY,
  CLASS_COUNT,
  CLASS_OF_UNITS,
  CLASS_SLAB_PAGES,
  CLASS_UNITS,
  MAX_CLASS_UNITS,
} from './size-classes.js';

describe('size classes', () => {
  it('give each request the smallest class that holds it, at most an eighth too big', () => {
    for (let units = 1; units <= MAX_CLASS_UNITS; units++) {
      const cls = CLASS_OF_UNITS[units]!;
      expect(CLASS_UNITS[cls]).toBeGreaterThanOrEqual(units);
      if (cls > 0) expect(CLASS_UNITS[cls - 1]).toBeLessThan(units);
      expect(CLASS_UNITS[cls]! / units).toBeLessThanOrEqual(1.125);
    }
  });

  it('ascend, end at 32 KB, and fit into their slabs with little left over', () => {
    for (let cls = 0; cls < CLASS_COUNT; cls++) {
      if (cls > 0) expect(CLASS_UNITS[cls]).toBeGreaterThan(CLASS_UNITS[cls - 1]!);
      const slab = CLASS_SLAB_PAGES[cls]! * 1024;
      const cut = CLASS_CAPACITY[cls]! * CLASS_UNITS[cls]!;
      expect(CLASS_CAPACITY[cls]).toBeGreaterThanOrEqual(8);
      expect(cut).toBeLessThanOrEqual(slab);
      expect(slab - cut).toBeLessThan(CLASS_UNITS[cls]!);
      expect((slab - cut) / slab).toBeLessThan(0.1);
    }
    expect(CLASS_UNITS.at(-1)).toBe(MAX_CLASS_UNITS);
  });
});
