// The differential test kit: every case runs on `redis-server` and on our server, over RESP2 and RESP3, and the bytes of
// the replies must be the same. See README.md for how to add a case.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstDifference, mistakeIn, report, transcript } from './compare.js';
import { printable } from './arguments.js';
import { masks } from './masks.js';
import { referenceMissing, startReference } from './reference.js';
import { Session } from './run.js';
import type { Case, Protocol, RawCase, Setting } from './steps.js';
import { startSubject, subjectIsReference } from './subject.js';

const protocols: readonly Protocol[] = [2, 3];

/** Both servers; started before the tests of the file and stopped behind them. */
export interface Pair {
  reference: Session;
  subject: Session;
  /** Where a case runs: here, or on two servers with the setting of its own, started for the first case that asks. */
  for(each: Case): Promise<Pair>;
}

async function start(setting: Setting): Promise<Pair> {
  const [reference, subject] = await Promise.all([startReference(setting), startSubject(setting)]);
  const pair: Pair = {
    reference: new Session(reference),
    subject: new Session(subject),
    for: () => Promise.resolve(pair),
  };
  return pair;
}

/**
 * Registers the tests of a block that needs both servers. `pair` is filled when a test runs, not before.
 * @param setting how both servers are started
 */
export function withServers(title: string, body: (pair: Pair) => void, setting: Setting = {}): void {
  describe.skipIf(referenceMissing())(title, () => {
    const pair = {} as Pair;
    const others = new Map<Setting, Promise<Pair>>();
    beforeAll(async () => {
      Object.assign(pair, await start(setting));
      pair.for = (each) => {
        if (each.setting === undefined) return Promise.resolve(pair);
        const started = others.get(each.setting) ?? start(each.setting);
        others.set(each.setting, started);
        return started;
      };
    });
    afterAll(async () => {
      for (const { reference, subject } of [pair, ...(await Promise.all(others.values()))]) {
        await reference.close();
        await subject.close();
      }
    });
    body(pair);
  });
}

/** Runs a case on both servers; the report of the first difference, or an empty text. */
export async function differenceOf(pair: Pair, each: Case): Promise<string> {
  const servers = await pair.for(each);
  for (const protocol of each.only ? [each.only] : protocols) {
    const [reference, subject] = await Promise.all([
      servers.reference.run(each, protocol),
      servers.subject.run(each, protocol),
    ]);
    if (process.env.DIFFERENTIAL_SHOW === '1') console.info(transcript(each, protocol, reference));
    const mistake = mistakeIn(each.steps, reference);
    if (mistake) return `\nRESP${protocol}, a mistake in the case: ${mistake}\n`;
    const difference = firstDifference(each.steps, protocol, reference, subject, !subjectIsReference);
    if (difference) return `\n${report(each.steps, protocol, difference)}\n`;
  }
  return '';
}

export function runCases(pair: Pair, cases: readonly Case[]): void {
  for (const each of cases) {
    it(each.name, async () => {
      expect(await differenceOf(pair, each)).toBe('');
    });
  }
}

export function runRawCases(pair: Pair, cases: readonly RawCase[]): void {
  for (const each of cases) {
    it(each.name, async () => {
      const [reference, subject] = await Promise.all([pair.reference.runRaw(each), pair.subject.runRaw(each)]);
      expect(printable(subject)).toBe(printable(reference));
    });
  }
}

/** The list of masks with their reasons, for the log of a test run. */
export function describeMasks(): string {
  const lines = Object.entries(masks).map(([name, { why }]) => `  ${name}: ${why}`);
  return ['replies are compared to the byte, but for these masks where a case names them:', ...lines].join('\n');
}
