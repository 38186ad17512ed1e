// The judge: what two servers sent for the same steps, and what differs first.
import { encodeFrame, withItems, withText, type Frame } from './raw-frame.js';
import { printable } from './arguments.js';
import { sortedElements, sortedPairs } from './frame-parts.js';
import { differsFrom, type Version } from './known-differences.js';
import { maskOf } from './masks.js';
import type { Case, Protocol, Step } from './steps.js';

/** What a server sent in a case. */
export interface Exchange {
  /** The frames of each step. */
  readonly steps: readonly (readonly Frame[])[];
  /** What came behind them, by connection: the reply to QUIT, or nothing where the server had closed. */
  readonly rest: readonly (readonly Frame[])[];
}

// Commands whose numbers a reference writes with other digits (`known-differences.ts`: 'digits', 'coordinates-8.0'): what
// they stand for is compared.
const otherDigits: Readonly<Record<Version, RegExp>> = { '7.0': /^(B?Z|GEO|EXEC)/i, '8.0': /^(GEO|EXEC)/i };

/** Numbers of many digits as the double that they are read as. */
function asDoubles(frame: Frame): Frame {
  if (frame.items) return withItems(frame, frame.items.map(asDoubles));
  const text = frame.type === ',' ? frame.header : frame.body;
  if (text === undefined || !/^-?\d+(\.\d+)?(e[-+]\d+)?$/.test(text)) return frame;
  const shown = String(Number(text));
  return frame.type === ',' ? { ...frame, header: shown } : withText(frame, shown);
}

/** The frames in the form that is compared: masked, and sorted where their order means nothing. */
function comparable(step: Step, version: Version, frames: readonly Frame[]): string {
  const readable = otherDigits[version].test(step.line) ? frames.map(asDoubles) : frames;
  const masked = readable.map((frame) => {
    const result = step.masks.reduce((previous, name) => maskOf(name).apply(previous, version), frame);
    return step.order === 'elements' || step.order === 'pairs' ? ordered(step, result) : result;
  });
  const encoded = (step.order === 'names' ? namesSorted(masked) : masked).map(encodeFrame);
  return (step.order === 'frames' ? encoded.sort() : encoded).join('');
}

/** Frames of (kind, name, …) whose names are dealt out again in the order of their bytes. */
function namesSorted(frames: readonly Frame[]): Frame[] {
  const names = frames.flatMap((frame) => frame.items?.[1] ?? []);
  names.sort((a, b) => (encodeFrame(a) < encodeFrame(b) ? -1 : 1));
  return frames.map((frame, i) => {
    const [kind, , ...rest] = frame.items ?? [];
    const name = names[i];
    return kind && name ? withItems(frame, [kind, name, ...rest]) : frame;
  });
}

function ordered(step: Step, frame: Frame): Frame {
  if (!frame.items) return frame;
  const isScan = /^[HSZ]?SCAN$/i.test(step.args[0]?.toString() ?? '');
  if (isScan && step.cursorAt === undefined) {
    return { ...frame, items: frame.items.map((item, i) => (i === 1 ? sortedBy(step, item) : item)) };
  }
  return sortedBy(step, frame);
}

function sortedBy(step: Step, frame: Frame): Frame {
  return step.order === 'pairs' || frame.type === '%' ? sortedPairs(frame) : sortedElements(frame);
}

function withinTolerance(step: Step, reference: Frame, subject: Frame): boolean {
  if (reference.type !== subject.type) return false;
  if (reference.items && subject.items) {
    const others = subject.items;
    return (
      reference.items.length === others.length &&
      reference.items.every((item, i) => {
        const other = others[i];
        return other !== undefined && withinTolerance(step, item, other);
      })
    );
  }
  if (reference.type !== ':') return encodeFrame(reference) === encodeFrame(subject);
  // -1 and -2 are answers of another kind than a time.
  const [a, b] = [Number(reference.header), Number(subject.header)];
  return a === b || (a >= 0 && b >= 0 && Math.abs(a - b) <= step.tolerance);
}

export interface Difference {
  readonly step: number;
  readonly reference: string;
  readonly subject: string;
}

/**
 * The first difference between what both servers sent, or undefined.
 *
 * @param version that of the reference
 * @param owed whether our own server is judged, which owes the replies of the table of known differences; a second
 *   reference in its place owes what the reference says.
 */
export function firstDifference(
  steps: readonly Step[],
  protocol: Protocol,
  version: Version,
  reference: Exchange,
  subject: Exchange,
  owed: boolean,
): Difference | undefined {
  for (const [index, step] of steps.entries()) {
    const difference = compareStep(
      step,
      protocol,
      version,
      reference.steps[index] ?? [],
      subject.steps[index] ?? [],
      owed,
    );
    if (difference) return { step: index, ...difference };
  }
  const [rest, otherRest] = [reference, subject].map((each) => each.rest.flat().map(encodeFrame).join(''));
  if (rest === otherRest) return undefined;
  return { step: steps.length, reference: rest ?? '', subject: otherRest ?? '' };
}

const nothing = '(nothing)';

function compareStep(
  step: Step,
  protocol: Protocol,
  version: Version,
  reference: readonly Frame[],
  subject: readonly Frame[],
  owed: boolean,
): { reference: string; subject: string } | undefined {
  if (step.differs !== undefined && owed && differsFrom(step.differs, version)) return undefined;
  if (step.expected && owed && differsFrom(step.expected.difference, version)) {
    const wanted = protocol === 3 ? step.expected.resp3 : step.expected.resp2;
    const got = comparable(step, version, subject);
    if (got === wanted) return undefined;
    return { reference: `${wanted} (expected: ${step.expected.difference})`, subject: got || nothing };
  }
  const wanted =
    step.pushesBehind && owed && differsFrom(step.pushesBehind, version) ? repliesFirst(reference) : reference;
  if (step.tolerance > 0 && wanted.length === subject.length) {
    const isNear = (frame: Frame, i: number): boolean => withinTolerance(step, frame, subject[i] ?? frame);
    if (wanted.every(isNear)) return undefined;
  }
  const [a, b] = [comparable(step, version, wanted), comparable(step, version, subject)];
  return a === b ? undefined : { reference: a || nothing, subject: b || nothing };
}

function repliesFirst(frames: readonly Frame[]): Frame[] {
  const isPush = ({ type }: Frame): boolean => type === '>';
  return [...frames.filter((frame) => !isPush(frame)), ...frames.filter(isPush)];
}

/**
 * What is wrong with the case itself, by what the reference sent: frames that no step takes, too few or too many where
 * the case says how many; '' when nothing is.
 */
export function mistakeIn(steps: readonly Step[], reference: Exchange, version: Version): string {
  // Where the case names it as the one that differs, it may.
  if (steps.some(({ differs }) => differs !== undefined && differsFrom(differs, version))) return '';
  const heard = steps.findIndex((step, i) => step.does === 'hears nothing' && reference.steps[i]?.length !== 0);
  if (heard >= 0) return `step ${heard + 1} says that nothing comes, but: ${textOf(reference.steps[heard])}`;
  const deaf = steps.findIndex((step, i) => step.does === 'hears all' && reference.steps[i]?.length === 0);
  if (deaf >= 0) return `step ${deaf + 1} says that something comes, but nothing does`;
  const left = reference.rest.find((frames) => frames.length > 1);
  return left ? `no step takes these frames of the reference: ${textOf(left)}` : '';
}

const textOf = (frames: readonly Frame[] | undefined): string => printable((frames ?? []).map(encodeFrame).join(''));

/** The report of a difference: protocol, step, both replies, and the whole case to run again by hand. */
export function report(steps: readonly Step[], protocol: Protocol, difference: Difference): string {
  const step = steps[difference.step];
  const where = step ? `step ${difference.step + 1}: ${printable(step.line)}` : 'behind the last step';
  const lines = steps.map((each) => (each.connection === 'a' ? each.line : `[${each.connection}] ${each.line}`));
  const { reference, subject } = focused(difference.reference, difference.subject);
  return [
    `RESP${protocol}, ${where}`,
    `  reference: ${printable(reference)}`,
    `  subject:   ${printable(subject)}`,
    `  case:      ${lines.map((line) => printable(line, 200)).join(' | ')}`,
  ].join('\n');
}

/** A case and what a server sent for it, to be read by people. */
export function transcript({ name, steps }: Case, protocol: Protocol, exchange: Exchange): string {
  const lines = steps.map(
    ({ connection, line }, i) => `  [${connection}] ${printable(line, 200)}\n        ${textOf(exchange.steps[i])}`,
  );
  return [`RESP${protocol}: ${name}`, ...lines, `  rest: ${textOf(exchange.rest.flat())}`].join('\n');
}

/** Long replies: only from shortly before their first different byte. */
function focused(reference: string, subject: string): { reference: string; subject: string } {
  if (reference.length < 600 && subject.length < 600) return { reference, subject };
  let same = 0;
  while (same < reference.length && reference[same] === subject[same]) same++;
  const from = Math.max(0, same - 120);
  const part = (text: string): string => `(${text.length} bytes, from ${from}) ${text.slice(from, from + 400)}`;
  return { reference: part(reference), subject: part(subject) };
}
