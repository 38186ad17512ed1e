// The differential test kit: every case runs on `redis-server` and on our server, over RESP2 and RESP3, and the bytes of
// the replies must be the same. See README.md for how to add a case.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstDifference, report, type Protocol } from './compare.js';
import { printable } from './arguments.js';
import { masks } from './masks.js';
import { referenceMissing, startReference, type ConfigParameters } from './reference.js';
import { Session } from './run.js';
import type { Case, RawCase } from './steps.js';
import { startSubject, subjectIsReference } from './subject.js';

const protocols: readonly Protocol[] = [2, 3];

/** Both servers; started before the tests of the file and stopped behind them. */
export interface Pair {
  reference: Session;
  subject: Session;
}

/**
 * Registers the tests of a block that needs both servers. `pair` is filled when a test runs, not before.
 * @param more parameters of both servers
 */
export function withServers(title: string, body: (pair: Pair) => void, more: ConfigParameters = {}): void {
  describe.skipIf(referenceMissing())(title, () => {
    const pair = {} as Pair;
    beforeAll(async () => {
      const [reference, subject] = await Promise.all([startReference(more), startSubject(more)]);
      pair.reference = new Session(reference);
      pair.subject = new Session(subject);
    });
    afterAll(async () => {
      await pair.reference.close();
      await pair.subject.close();
    });
    body(pair);
  });
}

/** Runs a case on both servers; the report of the first difference, or an empty text. */
export async function differenceOf(pair: Pair, each: Case): Promise<string> {
  for (const protocol of protocols) {
    const [reference, subject] = await Promise.all([
      pair.reference.run(each, protocol),
      pair.subject.run(each, protocol),
    ]);
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
