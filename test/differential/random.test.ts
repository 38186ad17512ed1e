// Random sequences of commands on both servers: every reply must be the same, and so must the digest of all data at the
// end. A failure shrinks to few commands, printed as they can be typed.
import fc from 'fast-check';
import { it } from 'vitest';
import { differenceOf, withServers, type Pair } from './kit.js';
import { newerFamilies, randomFamilies } from './random/index.js';
import { differing, t, type Case, type StepLike } from './steps.js';

// The same sequences in every run, so that a change is to blame for a failure. DIFFERENTIAL_SEED=random hunts for new
// ones, a number repeats them; DIFFERENTIAL_RUNS says how many.
const runs = Number(process.env.DIFFERENTIAL_RUNS ?? 150);
const seed = process.env.DIFFERENTIAL_SEED ?? '1';

function runRandom(
  pair: Pair,
  families: Readonly<Record<string, fc.Arbitrary<StepLike>>>,
  made: (each: Case) => readonly Case[],
): void {
  for (const [name, command] of Object.entries(families)) {
    it(name, { timeout: 60_000 + runs * 500 }, async () => {
      const sequences = fc.array(command, { minLength: 50, maxLength: 200, size: 'max' });
      const property = fc.asyncProperty(sequences, async (lines) => {
        for (const each of made(t(name, ...lines, 'DEBUG DIGEST', 'SELECT 0', 'DBSIZE'))) {
          const difference = await differenceOf(pair, each);
          if (difference !== '') throw new Error(difference);
        }
      });
      await fc.assert(property, { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
    });
  }
}

withServers('random commands have the same replies and leave the same data', (pair) => {
  runRandom(pair, randomFamilies, (each) => [each]);
});

withServers(
  'so have random commands that only 8.0 knows',
  (pair) => {
    runRandom(pair, newerFamilies, (each) => differing('hash-field-expiry', each));
  },
  {},
  ['8.0'],
);
