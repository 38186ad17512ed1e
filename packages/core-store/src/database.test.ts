import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { Machine, steps } from './machine.fixture.js';

describe('databases', () => {
  it('agree with a model after any steps, and everything they reach is everything in the arena', () => {
    fc.assert(
      fc.property(steps(12, 120), (list) => {
        const machine = new Machine();
        for (const [i, step] of list.entries()) {
          machine.run(step);
          if (i % 10 !== 9) continue;
          machine.check();
          expect(machine.space.lazyFree(Infinity)).toBe(false);
          audit(machine.space);
        }
        machine.check();
        machine.space.lazyFree(Infinity);
        audit(machine.space);
      }),
      { numRuns: 120 },
    );
  });
});
