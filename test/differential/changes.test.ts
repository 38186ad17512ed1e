// `rdb_changes_since_last_save` rises by what `redis-server` counts, command by command: saves are planned by it, and tools
// read from it how much was written.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { expiryCases } from './expiry-cases.js';
import { withServers, type Pair } from './kit.js';
import { writingFamilies } from './random/index.js';
import type { Session } from './run.js';
import { leavesOtherData, on, t, type Case } from './steps.js';

const ask = on('counter', 'INFO persistence');

/** The same case with a second client that asks for the number after each step. */
function counted(each: Case): Case {
  return { ...each, steps: [ask, ...each.steps.flatMap((step) => [step, ask])] };
}

/** By how much the number rose with each step of a counted case. */
async function risesOf(session: Session, each: Case): Promise<number[]> {
  const { steps } = await session.run(each, 2);
  const numbers = steps
    .filter((_, i) => i % 2 === 0)
    .map(([frame]) => Number(/^rdb_changes_since_last_save:(\d+)/m.exec(frame?.body ?? '')?.[1]));
  return numbers.slice(1).map((number, i) => number - numbers[i]!);
}

/**
 * What 7.2 counts and 7.0 does not: a request that blocked is executed again and counts as any other, and a consumer that reads
 * nothing is made, too. `blocking.test.ts` and `stream-groups.test.ts` have the numbers of 8.0.2.
 */
function countsOtherwiseIn70({ steps }: Case, i: number): boolean {
  const makesConsumer = /^(XREADGROUP|XCLAIM|XAUTOCLAIM|XGROUP (?:CREATE|DEL)CONSUMER) /i.test(steps[i]!.line);
  return makesConsumer || steps.slice(0, i).some(({ does }) => does === 'blocks');
}

async function differenceOfChanges(pair: Pair, each: Case): Promise<string> {
  const asked = counted(each);
  const [reference, subject] = await Promise.all([risesOf(pair.reference, asked), risesOf(pair.subject, asked)]);
  const lines = each.steps.flatMap(({ line }, i) =>
    Object.is(reference[i], subject[i]) || countsOtherwiseIn70(each, i)
      ? []
      : [`${line}: ${reference[i]} by the reference, ${subject[i]} by the subject`],
  );
  return lines.join('\n');
}

withServers('the reference and our server count the same changes', (pair) => {
  beforeAll(async () => {
    // Keys expire when they are come upon, not when a timer says so.
    const still = t('', 'DEBUG SET-ACTIVE-EXPIRE 0');
    await Promise.all([pair.reference.run(still, 2), pair.subject.run(still, 2)]);
  });

  for (const [family, cases] of Object.entries({ ...dataFamilies, expiry: expiryCases })) {
    const compared = cases.filter((each) => !leavesOtherData(each));
    it(`the ${family} cases`, { timeout: 120_000 }, async () => {
      const differences: string[] = [];
      for (const each of compared) {
        const difference = await differenceOfChanges(pair, each);
        if (difference !== '') differences.push(`${each.name}:\n${difference}`);
      }
      expect(differences).toEqual([]);
    });
  }

  describe('random commands', () => {
    for (const [name, command] of Object.entries(writingFamilies)) {
      it(name, { timeout: 120_000 }, async () => {
        const sequences = fc.array(command, { minLength: 20, maxLength: 60, size: 'max' });
        const property = fc.asyncProperty(sequences, async (lines) => {
          const difference = await differenceOfChanges(pair, t(name, ...lines));
          if (difference !== '') throw new Error(difference);
        });
        await fc.assert(property, { numRuns: 20, seed: 1 });
      });
    }
  });
});
