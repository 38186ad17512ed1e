// Random sequences of commands on both servers: every reply must be the same, and so must the digest of all data at the
// end. A failure shrinks to few commands, printed as they can be typed.
import fc from 'fast-check';
import { it } from 'vitest';
import { differenceOf, withServers } from './kit.js';
import { randomFamilies } from './random/index.js';
import { t } from './steps.js';

// The same sequences in every run, so that a change is to blame for a failure. DIFFERENTIAL_SEED=random hunts for new
// ones, a number repeats them; DIFFERENTIAL_RUNS says how many.
const runs = Number(process.env.DIFFERENTIAL_RUNS ?? 150);
const seed = process.env.DIFFERENTIAL_SEED ?? '1';

withServers('random commands have the same replies and leave the same data', (pair) => {
  for (const [name, command] of Object.entries(randomFamilies)) {
    it(name, { timeout: 60_000 + runs * 500 }, async () => {
      const sequences = fc.array(command, { minLength: 50, maxLength: 200, size: 'max' });
      const property = fc.asyncProperty(sequences, async (lines) => {
        const difference = await differenceOf(pair, t(name, ...lines, 'DEBUG DIGEST', 'SELECT 0', 'DBSIZE'));
        if (difference !== '') throw new Error(difference);
      });
      await fc.assert(property, { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
    });
  }
});
