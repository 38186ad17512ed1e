// The differential test kit: every case runs on `redis-server` and on our server, over RESP2 and RESP3, and the bytes of
// the replies must be the same. See README.md for how to add a case.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstDifference, mistakeIn, report, transcript } from './compare.js';
import { printable } from './arguments.js';
import { masks } from './masks.js';
import { referenceMissing, startReference } from './reference.js';
import { Session } from './run.js';
import { differsFrom, type Version } from './known-differences.js';
import { t, type Case, type Protocol, type RawCase, type Setting } from './steps.js';
import { startSubject, subjectIsReference, subjectVersion } from './subject.js';

const protocols: readonly Protocol[] = [2, 3];

/** Our server and the references; started before the tests of the file and stopped behind them. */
export interface Pair {
  /** 7.0, the reference of the system. */
  reference: Session;
  /** 8.0; undefined where it is missing, which the tests have said. */
  newer: Session | undefined;
  subject: Session;
  /** Where a case runs: here, or on servers with the setting of its own, started for the first case that asks. */
  for(each: Case): Promise<Pair>;
}

async function start(setting: Setting, versions: readonly Version[]): Promise<Pair> {
  const [reference, newer, subject] = await Promise.all([
    startReference(setting),
    !versions.includes('8.0') || referenceMissing('8.0') ? undefined : startReference(setting, '8.0'),
    startSubject(setting),
  ]);
  const pair: Pair = {
    reference: new Session(reference),
    newer: newer && new Session(newer),
    subject: new Session(subject),
    for: () => Promise.resolve(pair),
  };
  return pair;
}

/** The references that a case is compared with, each under its version. */
function measuresOf(each: Case, { reference, newer }: Pair): [Version, Session][] {
  const all: [Version, Session | undefined][] = [
    ['7.0', reference],
    ['8.0', newer],
  ];
  return all.filter((one): one is [Version, Session] => {
    const [version, session] = one;
    const isMeasure = each.differs === undefined || !differsFrom(each.differs, version);
    return session !== undefined && isMeasure && (subjectVersion ?? version) === version;
  });
}

/**
 * Registers the tests of a block that needs both servers. `pair` is filled when a test runs, not before.
 * @param setting how all servers are started
 * @param versions the references that are compared with
 */
export function withServers(
  title: string,
  body: (pair: Pair) => void,
  setting: Setting = {},
  versions: readonly Version[] = ['7.0'],
): void {
  describe.skipIf(referenceMissing())(title, () => {
    const pair = {} as Pair;
    const others = new Map<Setting, Promise<Pair>>();
    beforeAll(async () => {
      Object.assign(pair, await start(setting, versions));
      pair.for = (each) => {
        if (each.setting === undefined) return Promise.resolve(pair);
        const started = others.get(each.setting) ?? start(each.setting, versions);
        others.set(each.setting, started);
        return started;
      };
    });
    afterAll(async () => {
      for (const { reference, newer, subject } of [pair, ...(await Promise.all(others.values()))]) {
        await Promise.all([reference.close(), newer?.close(), subject.close()]);
      }
    });
    body(pair);
  });
}

/** Runs a case on all servers; the report of the first difference, or an empty text. */
export async function differenceOf(pair: Pair, each: Case): Promise<string> {
  const servers = await pair.for(each);
  const measures = measuresOf(each, servers);
  for (const protocol of each.only ? [each.only] : protocols) {
    const asked = Promise.all(measures.map(([, session]) => session.run(each, protocol)));
    // Our server sleeps in this process: what is sent to the references meanwhile would be sent late, and find other keys expired.
    if (each.steps.some(({ line }) => /^DEBUG SLEEP/i.test(line))) await asked;
    const [references, subject] = await Promise.all([asked, servers.subject.run(each, protocol)]);
    for (const [i, [version]] of measures.entries()) {
      const reference = references[i];
      if (!reference) continue;
      if (process.env.DIFFERENTIAL_SHOW === '1') console.info(version, transcript(each, protocol, reference));
      const mistake = mistakeIn(each.steps, reference, version);
      if (mistake) return `\nRESP${protocol}, ${version}, a mistake in the case: ${mistake}\n`;
      const difference = firstDifference(each.steps, protocol, version, reference, subject, !subjectIsReference);
      if (difference) return `\n${version}, ${report(each.steps, protocol, difference)}\n`;
    }
  }
  return '';
}

export function runCases(pair: Pair, cases: readonly Case[]): void {
  for (const each of cases) {
    it(each.name, async ({ skip }) => {
      const measures = measuresOf(each, await pair.for(each));
      skip(measures.length === 0, 'redis-server 8.0.2 is not here, and 7.0 is not its measure');
      expect(await differenceOf(pair, each)).toBe('');
    });
  }
}

export function runRawCases(pair: Pair, cases: readonly RawCase[]): void {
  for (const each of cases) {
    it(each.name, async () => {
      const [subject, ...references] = await Promise.all([
        pair.subject.runRaw(each),
        ...measuresOf(t(each.name), pair).map(([, session]) => session.runRaw(each)),
      ]);
      for (const reference of references) expect(printable(subject)).toBe(printable(reference));
    });
  }
}

/** The list of masks with their reasons, for the log of a test run. */
export function describeMasks(): string {
  const lines = Object.entries(masks).map(([name, { why }]) => `  ${name}: ${why}`);
  return ['replies are compared to the byte, but for these masks where a case names them:', ...lines].join('\n');
}
