// A client that caches is told of the same keys by both servers, command for command: the cases of all data families, with a
// client beside them that hears of every key that changes.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { expiryCases } from './expiry-cases.js';
import { differenceOf, withServers } from './kit.js';
import { writingFamilies } from './random/index.js';
import { on, overhears, t, type Case } from './steps.js';

const LISTENER = 'z';

// What cannot be compared command for command.
const left: readonly ((each: Case) => boolean)[] = [
  // Where no reply says that a step is over, the listener may ask before it is.
  ({ steps }) => steps.some(({ does, frames }) => does === 'asks' && frames[3] === 0),
  // Our XSETID counts as a change, and so it stops transactions, too.
  ({ steps }) => steps.some(({ line }) => /^XSETID/i.test(line)),
  // Who is served by SWAPDB changes the list: on 7.2 that is its command, and told; on 7.0 it is not.
  ({ name }) => name === 'SWAPDB ends a wait',
];

/** The case, and behind each of its steps what the listener has heard. */
function overheard(each: Case): Case {
  const steps = each.steps.flatMap((step) => [step, overhears(LISTENER)]);
  return { ...each, only: 3, steps: [on(LISTENER, 'CLIENT TRACKING ON BCAST'), ...steps] };
}

withServers('the reference and our server invalidate the same keys', (pair) => {
  beforeAll(async () => {
    // Keys expire when they are come upon, not when a timer says so.
    const still = t('', 'DEBUG SET-ACTIVE-EXPIRE 0');
    await Promise.all([pair.reference.run(still, 2), pair.subject.run(still, 2)]);
  });

  const compared = (each: Case): boolean => !left.some((isLeft) => isLeft(each));
  for (const [family, cases] of Object.entries({ ...dataFamilies, expiry: expiryCases })) {
    it(`in the ${family} cases`, { timeout: 120_000 }, async () => {
      for (const each of cases.filter(compared)) expect(await differenceOf(pair, overheard(each)), each.name).toBe('');
    });
  }

  describe('of random commands', () => {
    for (const [name, command] of Object.entries(writingFamilies)) {
      it(name, { timeout: 120_000 }, async () => {
        const sequences = fc.array(command, { minLength: 20, maxLength: 60, size: 'max' });
        const property = fc.asyncProperty(sequences, async (lines) => {
          const each = t(name, ...lines.filter((line) => compared(t('', line))));
          const difference = await differenceOf(pair, overheard(each));
          if (difference !== '') throw new Error(difference);
        });
        await fc.assert(property, { numRuns: 10, seed: 1 });
      });
    }
  });
});
