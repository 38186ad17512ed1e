// What changes is logged as `redis-server` logs it: the same commands in the same databases, relative times made
// absolute, random and inexact commands replaced by what they did, lazily expired keys as DEL.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFamilies } from './cases/index.js';
import { expiryCases } from './expiry-cases.js';
import { withServers, type Pair } from './kit.js';
import { describeCommand, LogReader, type LoggedCommand } from './log-reader.js';
import { writingFamilies } from './random/index.js';
import { leavesOtherData, t, type Case } from './steps.js';

/** Absolute times of relative ones may differ by so much, in ms. */
const PATIENCE = 3000;

/** Replaces times that both logs have at the same place, and that differ by little, so that they compare as equal. */
function alignTimes(reference: LoggedCommand, subject: LoggedCommand): LoggedCommand {
  const words = subject.words.map((word, i) => {
    const isTime =
      ['PXAT', 'TIME'].includes(subject.words[i - 1] ?? '') || (subject.words[0] === 'PEXPIREAT' && i === 2);
    const other = reference.words[i] ?? '';
    return isTime && Math.abs(Number(word) - Number(other)) <= PATIENCE ? other : word;
  });
  return { ...subject, words };
}

/** A range of members that depends on the encoding is logged by rank here, and as it was asked for by Redis. */
function alignRanges(reference: LoggedCommand, subject: LoggedCommand): LoggedCommand {
  const [name, ...keys] = reference.words;
  const [ours, ...ourKeys] = subject.words;
  const removes = name === 'ZREMRANGEBYLEX' && ours === 'ZREMRANGEBYRANK';
  const stores = name === 'ZRANGESTORE' && ours === name && keys.some((word) => /^bylex$/i.test(word));
  if (!removes && !(stores && ourKeys.length === 4)) return subject;
  return keys[0] === ourKeys[0] && (removes || keys[1] === ourKeys[1]) ? reference : subject;
}

/** Where members are drawn at random, the logs agree when they remove as many of the same set. */
function hideDrawn(each: Case, command: LoggedCommand): LoggedCommand {
  const draws = each.steps.some((step) => step.masks.includes('shape') && /^SPOP /i.test(step.line));
  if (!draws || command.words[0] !== 'SREM') return command;
  return { ...command, words: command.words.map((word, i) => (i < 2 ? word : '?')) };
}

/** Where 7.2 makes consumers that 7.0 does not, their making is no matter. */
function withoutNewConsumers(each: Case, commands: readonly LoggedCommand[]): readonly LoggedCommand[] {
  if (!each.steps.some((step) => step.masks.includes('new-consumers'))) return commands;
  return commands.filter(({ words }) => !['CREATECONSUMER', 'DELCONSUMER'].includes(words[1] ?? ''));
}

const nothing: LoggedCommand = { db: '', words: [] };

async function differenceOfLogs(
  pair: Pair,
  logs: { reference: LogReader; subject: LogReader },
  each: Case,
  units = false,
): Promise<string> {
  await Promise.all([pair.reference.run(each, 2), pair.subject.run(each, 2)]);
  const reference = withoutNewConsumers(each, logs.reference.take(units)).map((command) => hideDrawn(each, command));
  const subject = withoutNewConsumers(each, logs.subject.take(units)).map((command) => hideDrawn(each, command));
  const aligned = subject.map((command, i) => {
    const wanted = reference[i] ?? nothing;
    return alignRanges(wanted, alignTimes(wanted, command));
  });
  const [wanted, got] = [reference, aligned].map((commands) => commands.map(describeCommand).join('\n'));
  const lines = each.steps.map((step) => step.line).join(' | ');
  return wanted === got ? '' : `logged by the reference:\n${wanted ?? ''}\nby the subject:\n${got ?? ''}\nfor ${lines}`;
}

withServers(
  'the reference and our server log the same commands',
  (pair) => {
    const logs = {} as { reference: LogReader; subject: LogReader };
    beforeAll(async () => {
      logs.reference = new LogReader(pair.reference.target.directory);
      logs.subject = new LogReader(pair.subject.target.directory);
      // Keys expire when they are come upon, not when a timer says so.
      const still = t('', 'DEBUG SET-ACTIVE-EXPIRE 0');
      await Promise.all([pair.reference.run(still, 2), pair.subject.run(still, 2)]);
      logs.reference.take();
      logs.subject.take();
    });

    for (const [family, cases] of Object.entries({ ...dataFamilies, expiry: expiryCases })) {
      const compared = cases.filter((each) => !leavesOtherData(each));
      it(`the ${family} cases`, { timeout: 120_000 }, async () => {
        // What EXEC does is one unit, to be replayed whole or not at all.
        const units = family === 'transactions';
        for (const each of compared) expect(await differenceOfLogs(pair, logs, each, units), each.name).toBe('');
      });
    }

    describe('random commands', () => {
      for (const [name, command] of Object.entries(writingFamilies)) {
        it(name, { timeout: 120_000 }, async () => {
          const sequences = fc.array(command, { minLength: 20, maxLength: 100, size: 'max' });
          const property = fc.asyncProperty(sequences, async (lines) => {
            const difference = await differenceOfLogs(pair, logs, t(name, ...lines));
            if (difference !== '') throw new Error(difference);
          });
          await fc.assert(property, { numRuns: 40, seed: 1 });
        });
      }
    });
  },
  { config: { appendonly: 'yes', appendfsync: 'always', 'aof-use-rdb-preamble': 'no' } },
);
