// A client that caches is told of the same keys by both servers, command for command: the cases of all data families, with a client
// beside them that hears of every key that changes, or of those that the case's first client has read before.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { expiryCases } from './expiry-cases.js';
import { differenceOf, withServers } from './kit.js';
import { writingFamilies } from './random/index.js';
import { leavesOtherData, on, overhears, t, type Case, type Step } from './steps.js';

const LISTENER = 'z';

// What cannot be compared command for command.
const left: readonly ((each: Case) => boolean)[] = [
  // Where no reply says that a step is over, the listener may ask before it is.
  ({ steps }) => steps.some(({ does, frames }) => does === 'asks' && frames[3] === 0),
  // The test sleeps with our server, and the reference's keys expire meanwhile.
  ({ steps }) => steps.some(({ line }) => /^DEBUG SLEEP 0\.[1-9]/i.test(line)),
  // Our XSETID counts as a change, and so it stops transactions, too.
  ({ steps }) => steps.some(({ line }) => /^XSETID/i.test(line)),
  // `redir=` is the listener's id, which no two servers give alike.
  ({ steps }) => steps.some(({ line }) => /^CLIENT (INFO|LIST)/i.test(line)),
  // Who is served by SWAPDB changes the list: on 7.2 that is its command, and told; on 7.0 it is not.
  ({ steps }) => steps.some(({ does }) => does === 'blocks') && steps.some(({ line }) => /^SWAPDB/i.test(line)),
  leavesOtherData,
];

/** How the listener comes to hear of keys. */
const modes = {
  'every key that changes': on(LISTENER, 'CLIENT TRACKING ON BCAST'),
  'what the first client has read': on('a', `CLIENT TRACKING ON REDIRECT $id(${LISTENER})`),
};

/** The case, and behind each of its steps what the listener has heard. */
function overheard(each: Case, mode: Step): Case {
  const steps = each.steps.flatMap((one) => [one, overhears(LISTENER)]);
  return { ...each, only: 3, steps: [mode, ...steps] };
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
      for (const each of cases.filter(compared)) {
        for (const [name, mode] of Object.entries(modes)) {
          expect(await differenceOf(pair, overheard(each, mode)), `${each.name}: ${name}`).toBe('');
        }
      }
    });
  }

  describe('of random commands', () => {
    for (const [name, command] of Object.entries(writingFamilies)) {
      it(name, { timeout: 120_000 }, async () => {
        const sequences = fc.array(command, { minLength: 20, maxLength: 60, size: 'max' });
        const property = fc.asyncProperty(sequences, async (lines) => {
          const each = t(name, ...lines.filter((line) => compared(t('', line))));
          for (const mode of Object.values(modes)) {
            const difference = await differenceOf(pair, overheard(each, mode));
            if (difference !== '') throw new Error(difference);
          }
        });
        await fc.assert(property, { numRuns: 10, seed: 1 });
      });
    }
  });
});
