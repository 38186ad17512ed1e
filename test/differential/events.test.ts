// Who listens to the keyspace hears what subscribers of `redis-server` hear (`notify-keyspace-events`): the same events
// of the same keys, in the same order, in the same classes.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { eventClasses, recordEvents, type EventRecorder } from './event-recorder.js';
import { expiryCases } from './expiry-cases.js';
import { withServers, type Pair } from './kit.js';
import { writingFamilies } from './random/index.js';
import { t, type Case } from './steps.js';

const allClasses = Object.keys(eventClasses).join('');

// prettier-ignore
const everyEvent = t('every event of the commands that exist',
  'SET k v', 'SET k v EX 100', 'SETRANGE k 1 x', 'APPEND k x', 'SET n 1', 'INCR n', 'DECR n', 'INCRBYFLOAT n 0.5',
  'GETSET k v', 'GETEX k EX 100', 'GETEX k PERSIST', 'GETEX k PXAT 1', 'SETEX k 100 v', 'PERSIST k', 'GETDEL k',
  'MSET a 1 b 2', 'MSETNX c 1 d 2', 'HSET h f v', 'HSETNX h g 1', 'HMSET h i 1', 'HINCRBY h i 1',
  'HINCRBYFLOAT h i 0.5', 'HDEL h f', 'HDEL h g i', 'RENAME a e', 'RENAMENX b a', 'COPY a b', 'MOVE a 1',
  'EXPIRE b 100', 'EXPIRE b -1', 'SET x v PX 1', 'DEBUG SLEEP 0.01', 'GET x', 'DEL c', 'UNLINK d', 'FLUSHALL');

type Recorders = Record<keyof Pair, EventRecorder>;

/** Where 7.2 makes consumers that 7.0 does not, their making is no matter. */
function withoutNewConsumers(each: Case, events: readonly string[]): readonly string[] {
  if (!each.steps.some((step) => step.masks.includes('new-consumers'))) return events;
  return events.filter((event) => !/xgroup-(create|del)consumer/.test(event));
}

async function differenceOfEvents(pair: Pair, recorders: Recorders, each: Case): Promise<string> {
  await Promise.all([pair.reference.run(each, 2), pair.subject.run(each, 2)]);
  const [wanted, got] = await Promise.all([recorders.reference.take(), recorders.subject.take()]);
  const [reference, subject] = [wanted, got].map((events) => withoutNewConsumers(each, events).join('\n'));
  const lines = each.steps.map((step) => step.line).join(' | ');
  return reference === subject
    ? ''
    : `events of the reference:\n${reference ?? ''}\nof the subject:\n${subject ?? ''}\nfor ${lines}`;
}

withServers('the reference and our server report the same events', (pair) => {
  const recorders = {} as Recorders;
  const choose = async (letters: string): Promise<void> => {
    await Promise.all([recorders.reference.choose(letters), recorders.subject.choose(letters)]);
  };

  beforeAll(async () => {
    recorders.reference = await recordEvents(pair.reference.target);
    recorders.subject = await recordEvents(pair.subject.target);
    // Keys expire when they are come upon, not when a timer says so.
    const still = t('', 'DEBUG SET-ACTIVE-EXPIRE 0');
    await Promise.all([pair.reference.run(still, 2), pair.subject.run(still, 2)]);
    await choose(allClasses);
  });
  afterAll(() => {
    recorders.reference.close();
    recorders.subject.close();
  });

  for (const [family, cases] of Object.entries({ ...dataFamilies, expiry: expiryCases })) {
    it(`in the ${family} cases`, { timeout: 120_000 }, async () => {
      for (const each of cases) expect(await differenceOfEvents(pair, recorders, each), each.name).toBe('');
    });
  }

  it('in the same classes', async () => {
    const differences: string[] = [];
    for (const letter of Object.keys(eventClasses)) {
      await choose(letter);
      differences.push(await differenceOfEvents(pair, recorders, everyEvent));
    }
    await choose(allClasses);
    expect(differences.join('')).toBe('');
  });

  describe('of random commands', () => {
    for (const [name, command] of Object.entries(writingFamilies)) {
      it(name, { timeout: 120_000 }, async () => {
        const sequences = fc.array(command, { minLength: 20, maxLength: 100, size: 'max' });
        const property = fc.asyncProperty(sequences, async (lines) => {
          const difference = await differenceOfEvents(pair, recorders, t(name, ...lines));
          if (difference !== '') throw new Error(difference);
        });
        await fc.assert(property, { numRuns: 40, seed: 1 });
      });
    }
  });
});
