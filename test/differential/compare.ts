// The judge: two lists of replies to the same steps, and what differs first.
import { encodeFrame, type Frame } from './raw-frame.js';
import { printable } from './arguments.js';
import { masks, sortedElements, sortedPairs } from './masks.js';
import type { Step } from './steps.js';

export type Protocol = 2 | 3;

/** The reply in the form that is compared: masked, and sorted where its order means nothing. */
function comparable(step: Step, frame: Frame): string {
  let result = frame;
  for (const name of step.masks) result = masks[name].apply(result);
  return encodeFrame(step.order === 'exact' ? result : ordered(step, result));
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
 * The first difference between the replies of both servers, or undefined. Replies are one per step (none for silent
 * ones); what comes behind the last step is compared byte by byte.
 *
 * @param owed whether our own server is judged, which owes the replies of the table of known differences; a second
 *   reference in its place owes what the reference says.
 */
export function firstDifference(
  steps: readonly Step[],
  protocol: Protocol,
  reference: readonly Frame[],
  subject: readonly Frame[],
  owed: boolean,
): Difference | undefined {
  let at = 0;
  for (const [index, step] of steps.entries()) {
    if (step.replies === 0) continue;
    const difference = compareStep(step, protocol, reference[at], subject[at], owed);
    if (difference) return { step: index, ...difference };
    at++;
  }
  const [rest, otherRest] = [reference, subject].map((frames) => frames.slice(at).map(encodeFrame).join(''));
  if (rest === otherRest) return undefined;
  return { step: steps.length, reference: rest ?? '', subject: otherRest ?? '' };
}

function compareStep(
  step: Step,
  protocol: Protocol,
  reference: Frame | undefined,
  subject: Frame | undefined,
  owed: boolean,
): { reference: string; subject: string } | undefined {
  const missing = '(no reply)';
  if (step.expected && owed) {
    const wanted = protocol === 3 ? step.expected.resp3 : step.expected.resp2;
    const got = subject ? comparable(step, subject) : missing;
    return got === wanted
      ? undefined
      : { reference: `${wanted} (expected: ${step.expected.difference})`, subject: got };
  }
  if (!reference || !subject) {
    if (!reference && !subject) return undefined;
    return {
      reference: reference ? encodeFrame(reference) : missing,
      subject: subject ? encodeFrame(subject) : missing,
    };
  }
  if (step.tolerance > 0 && withinTolerance(step, reference, subject)) return undefined;
  const [a, b] = [comparable(step, reference), comparable(step, subject)];
  return a === b ? undefined : { reference: a, subject: b };
}

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

/** Long replies: only from shortly before their first different byte. */
function focused(reference: string, subject: string): { reference: string; subject: string } {
  if (reference.length < 600 && subject.length < 600) return { reference, subject };
  let same = 0;
  while (same < reference.length && reference[same] === subject[same]) same++;
  const from = Math.max(0, same - 120);
  const part = (text: string): string => `(${text.length} bytes, from ${from}) ${text.slice(from, from + 400)}`;
  return { reference: part(reference), subject: part(subject) };
}
