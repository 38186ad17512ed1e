// The vocabulary of the cases. A case is one line:
//
//   t('sets only what is missing with NX', 'SET k v', 'SET k w NX', 'GET k')
//
// A step is a command in compact notation (see arguments.ts); where its reply may not be compared as it is, a function
// of this file wraps it, and says why by its name.
import { splitArguments } from './arguments.js';
import type { DifferenceId } from './known-differences.js';
import type { MaskName } from './masks.js';

interface Expected {
  readonly difference: DifferenceId;
  readonly resp2: string;
  readonly resp3: string;
}

export interface Step {
  /** The command as written, for reports. */
  readonly line: string;
  readonly args: readonly Buffer[];
  /** `blocks`: the step is over when the server says that the client is blocked. `answer`: nothing is sent, the reply of a step that blocked is waited for. */
  readonly wait: 'reply' | 'blocks' | 'answer';
  /** Replies that arrive for it: 1, or 0 when replies are switched off. */
  readonly replies: number;
  /** The connection it goes over; cases with one connection never name it. */
  readonly connection: string;
  readonly order: 'exact' | 'elements' | 'pairs';
  readonly masks: readonly MaskName[];
  /** Integers in the replies may differ by this much. */
  readonly tolerance: number;
  /** The reply that our server owes where the reference is not the measure. */
  readonly expected: Expected | undefined;
  /** The step is a scan that is repeated until its cursor (argument of this index) comes back as 0. */
  readonly cursorAt: number | undefined;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Bytes sent as they are, in one write per chunk; then QUIT, or the end of the stream where `end` is 'half-close'. */
export interface RawCase {
  readonly name: string;
  readonly chunks: readonly string[];
  readonly end: 'quit' | 'half-close';
}

export type StepLike = string | Step;

function step(line: StepLike): Step {
  if (typeof line !== 'string') return line;
  return {
    line,
    args: splitArguments(line),
    wait: 'reply',
    replies: 1,
    connection: 'a',
    order: 'exact',
    masks: [],
    tolerance: 0,
    expected: undefined,
    cursorAt: undefined,
  };
}

/** A case: a sentence about behavior, and the commands that show it. Every case starts with an empty keyspace. */
export function t(name: string, ...steps: readonly StepLike[]): Case {
  return { name, steps: steps.map(step) };
}

/** A protocol-level case: latin1 strings of bytes, compared up to the close of the connection. */
export function raw(name: string, ...chunks: readonly string[]): RawCase {
  return { name, chunks, end: 'quit' };
}

/** As `raw`, but the client ends its side of the stream instead of sending QUIT. */
export function rawHalfClosed(name: string, ...chunks: readonly string[]): RawCase {
  return { name, chunks, end: 'half-close' };
}

/** The reply's elements come in any order (a scan: the elements of its second part). */
export function unordered(line: StepLike): Step {
  return { ...step(line), order: 'elements' };
}

/** The reply's field/value pairs come in any order (a scan: the pairs of its second part). */
export function unorderedPairs(line: StepLike): Step {
  return { ...step(line), order: 'pairs' };
}

/** The reply has volatile parts, hidden by the masks named (masks.ts). */
export function masked(line: StepLike, ...masks: readonly MaskName[]): Step {
  const base = step(line);
  return { ...base, masks: [...base.masks, ...masks] };
}

/** Integers in the reply may differ by `tolerance`: remaining times to live. */
export function approx(line: StepLike, tolerance: number): Step {
  return { ...step(line), tolerance };
}

/** Our server owes this reply, in RESP bytes, and the table of known differences says why it is not the reference's. */
export function expected(line: StepLike, difference: DifferenceId, resp2: string, resp3 = resp2): Step {
  return { ...step(line), expected: { difference, resp2, resp3 } };
}

/** No reply at all must arrive (CLIENT REPLY OFF and SKIP). */
export function silent(line: StepLike): Step {
  return { ...step(line), replies: 0 };
}

/** The step goes over another connection, open from the beginning of the case. */
export function on(connection: string, line: StepLike): Step {
  return { ...step(line), connection };
}

/** The command blocks: the next step follows once the server lists the client as blocked. End it: `answer`, CLIENT KILL. */
export function blocks(line: StepLike): Step {
  return { ...step(line), wait: 'blocks', replies: 0 };
}

/** The reply of the command that blocked on this connection. */
export function answer(connection: string): Step {
  return { ...step('PING'), line: `(answer to ${connection})`, connection, wait: 'answer' };
}

/** A SCAN or HSCAN written with cursor 0, repeated to its end: what it returns altogether, without order and repeats. */
export function complete(line: StepLike): Step {
  const base = step(line);
  const cursorAt = base.args[0]?.toString().toUpperCase() === 'SCAN' ? 1 : 2;
  return { ...base, cursorAt, order: cursorAt === 1 ? 'elements' : 'pairs' };
}
