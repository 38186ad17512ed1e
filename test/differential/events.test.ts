// Subscribers of our server hear what subscribers of `redis-server` hear (`notify-keyspace-events`): the same events
// of the same keys, in the same order, in the same classes.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { eventClasses, EventRecorder } from './event-recorder.js';
import { expiryCases } from './expiry-cases.js';
import { withServers, type Pair } from './kit.js';
import { writingFamilies } from './random/index.js';
import { leavesOtherData, t, type Case } from './steps.js';

// prettier-ignore
const everyEvent = t('every event of the commands that exist',
  'SET k v', 'SET k v EX 100', 'SETRANGE k 1 x', 'APPEND k x', 'SET n 1', 'INCR n', 'DECR n', 'INCRBYFLOAT n 0.5',
  'GETSET k v', 'GETEX k EX 100', 'GETEX k PERSIST', 'GETEX k PXAT 1', 'SETEX k 100 v', 'PERSIST k', 'GETDEL k',
  'MSET a 1 b 2', 'MSETNX c 1 d 2', 'HSET h f v', 'HSETNX h g 1', 'HMSET h i 1', 'HINCRBY h i 1',
  'HINCRBYFLOAT h i 0.5', 'HDEL h f', 'HDEL h g i', 'RENAME a e', 'RENAMENX b a', 'COPY a b', 'MOVE a 1',
  'EXPIRE b 100', 'EXPIRE b -1', 'SET x v PX 1', 'DEBUG SLEEP 0.01', 'GET x', 'DEL c', 'UNLINK d',
  'SETBIT t 1 1', 'BITFIELD t SET u8 0 1', 'BITOP NOT t t', 'PFADD p a', 'PFMERGE p p', 'RPUSH l c b a', 'LPUSH l x', 'LSET l 0 y',
  'LINSERT l BEFORE y z', 'LREM l 1 z', 'LTRIM l 1 5', 'LMOVE l m LEFT RIGHT', 'RPOPLPUSH l m', 'LMPOP 1 m LEFT', 'LPOP l', 'RPOP m',
  'SORT e ALPHA STORE l', 'RPUSH l 2 1', 'SORT l STORE l', 'SADD s a b c d', 'SREM s a', 'SPOP s', 'SMOVE s r b', 'SMOVE s r c', 'SMOVE s r d',
  'SUNIONSTORE u s r', 'SINTERSTORE u r r', 'SDIFFSTORE u r none', 'SPOP u 9', 'ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g', 'ZINCRBY z 1 a', 'ZREM z a',
  'ZPOPMIN z', 'ZPOPMAX z', 'ZMPOP 1 z MIN', 'ZUNIONSTORE y 1 z', 'ZINTERSTORE y 1 z', 'ZDIFFSTORE y 2 z none', 'ZRANGESTORE y z 0 -1',
  'ZREMRANGEBYRANK y 0 0', 'ZREMRANGEBYSCORE y 0 5', 'ZREMRANGEBYLEX y - +', 'GEOADD q 1 1 a', 'GEOSEARCHSTORE o q FROMLONLAT 1 1 BYRADIUS 9 m',
  'GEORADIUS q 1 1 9 m STORE o', 'XADD w 1-1 f v', 'XADD w MAXLEN 1 2-1 f v', 'XGROUP CREATE w g 0', 'XGROUP SETID w g 0',
  'XGROUP CREATECONSUMER w g c', 'XREADGROUP GROUP g c STREAMS w >', 'XGROUP DELCONSUMER w g c', 'XGROUP DESTROY w g', 'XSETID w 9-9', 'XDEL w 2-1',
  'XTRIM w MAXLEN 0', 'GET missing', 'FLUSHALL');

type Recorders = Record<keyof Pair, EventRecorder>;

/** Without the events that 7.2 has, and 7.0 has not, or the other way round. */
function comparable(each: Case, events: readonly string[]): readonly string[] {
  const makesConsumers = each.steps.some((step) => step.masks.includes('new-consumers'));
  // It judges some arguments before it looks for the key, and executes what blocked again.
  const looksOtherwise = each.steps.some(
    (step) => step.expected !== undefined || step.does === 'blocks' || /^SCAN .* TYPE /i.test(step.line),
  );
  return events.filter(
    (event) =>
      !(makesConsumers && /xgroup-(create|del)consumer/.test(event)) &&
      !(looksOtherwise && event.includes(': keymiss ')),
  );
}

async function differenceOfEvents(pair: Pair, recorders: Recorders, each: Case): Promise<string> {
  await Promise.all([pair.reference.run(each, 2), pair.subject.run(each, 2)]);
  const [wanted, got] = await Promise.all([recorders.reference.take(), recorders.subject.take()]);
  const [reference, subject] = [wanted, got].map((events) => comparable(each, events).join('\n'));
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
    recorders.reference = await EventRecorder.open(pair.reference.target);
    recorders.subject = await EventRecorder.open(pair.subject.target);
    // Keys expire when they are come upon, not when a timer says so.
    const still = t('', 'DEBUG SET-ACTIVE-EXPIRE 0');
    await Promise.all([pair.reference.run(still, 2), pair.subject.run(still, 2)]);
    await choose(eventClasses);
  });
  afterAll(() => {
    recorders.reference.close();
    recorders.subject.close();
  });

  for (const [family, cases] of Object.entries({ ...dataFamilies, expiry: expiryCases })) {
    const compared = cases.filter((each) => !leavesOtherData(each));
    it(`in the ${family} cases`, { timeout: 120_000 }, async () => {
      for (const each of compared) expect(await differenceOfEvents(pair, recorders, each), each.name).toBe('');
    });
  }

  it('in the same classes', async () => {
    const differences: string[] = [];
    for (const letter of eventClasses) {
      await choose(letter);
      differences.push(await differenceOfEvents(pair, recorders, everyEvent));
    }
    await choose(eventClasses);
    expect(differences.join('')).toBe('');
  });

  describe('of random commands', () => {
    for (const [name, command] of Object.entries(writingFamilies)) {
      it(name, { timeout: 120_000 }, async () => {
        // In which order SORT looks up what it sorts a set by is the set's affair.
        await choose(name === 'sorting' ? eventClasses.replace('m', '') : eventClasses);
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
