import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slots } from './slots.js';

test('records keep what is in them, whichever are taken and given back meanwhile', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ take: fc.nat(1500), give: fc.nat(1500) }), { maxLength: 12 }), (steps) => {
      const slots = new Slots();
      const taken = new Map<number, number>();
      let serial = 0;
      for (const { take, give } of steps) {
        for (let i = 0; i < take; i++) {
          const slot = slots.take();
          expect(taken.has(slot)).toBe(false);
          expect(slot).toBeGreaterThan(0);
          for (let field = 0; field < 8; field++) slots.set(slot, field, serial + field);
          taken.set(slot, serial);
          serial += 8;
        }
        for (const slot of [...taken.keys()].slice(0, give)) {
          slots.giveBack(slot);
          taken.delete(slot);
        }
        for (const [slot, value] of taken) {
          if (slots.get(slot, 0) !== value || slots.get(slot, 7) !== value + 7)
            throw new Error(`record ${slot} changed`);
        }
      }
      // Numbers are used again: they do not rise above what was needed at a time, but for the last page.
      expect(Math.max(0, ...taken.keys())).toBeLessThanOrEqual(serial / 8);
    }),
    { numRuns: 40 },
  );
});
