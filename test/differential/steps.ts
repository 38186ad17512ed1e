// The vocabulary of the cases. A case is one line:
//
//   t('sets only what is missing with NX', 'SET k v', 'SET k w NX', 'GET k')
//   t('a subscriber hears what another client publishes',
//     on('b', 'SUBSCRIBE ch'), 'PUBLISH ch x', hears('b', 1), 'PUBLISH other x', hearsNothing('b'))
//
// A step is a command in compact notation (see arguments.ts); where its reply may not be compared as it is, a function
// of this file wraps it, and says why by its name. All that a connection receives is compared, in its order: a step
// takes one frame of its connection, or says how many.
import { splitArguments } from './arguments.js';
import { leavesOtherDataOn, type DifferenceId } from './known-differences.js';
import type { MaskName } from './masks.js';

export type Protocol = 2 | 3;

interface Expected {
  readonly difference: DifferenceId;
  readonly resp2: string;
  readonly resp3: string;
}

export interface Step {
  /** The command as written, for reports. */
  readonly line: string;
  readonly args: readonly Buffer[];
  /**
   * - `asks`: sends the command and waits for its frames.
   * - `blocks`: sends it; over when the server says that the client is blocked.
   * - `listens`: sends nothing and waits for frames.
   * - `hears nothing`, `hears all`: sends a PING and takes what comes before its answer, nothing or something; `overhears`: either.
   * - `opens`, `closes`, `hangs up`: the connection is made now; waits until the server has closed it; closes it and
   *   waits until the server has noticed.
   */
  readonly does:
    'asks' | 'blocks' | 'listens' | 'hears nothing' | 'hears all' | 'overhears' | 'opens' | 'closes' | 'hangs up';
  /** How many frames arrive for it, replies and pushes, in the cases' RESP2 and RESP3 runs. */
  readonly frames: Readonly<Record<Protocol, number>>;
  /** The connection it goes over; cases with one connection never name it. */
  readonly connection: string;
  /** What is sorted before it is compared; `names`: the second elements of the frames, among themselves. */
  readonly order: 'exact' | 'elements' | 'pairs' | 'frames' | 'names';
  readonly masks: readonly MaskName[];
  /** Integers in the replies may differ by this much. */
  readonly tolerance: number;
  /** The reply that our server owes where the reference is not the measure. */
  readonly expected: Expected | undefined;
  /** The entry of the table of known differences that says which reference is not the measure of this step: the other one is. */
  readonly differs: DifferenceId | undefined;
  /** Our server sends the pushes of this step behind its reply, whatever the reference does. */
  readonly pushesBehind: DifferenceId | undefined;
  /** The step is a scan that is repeated until its cursor (argument of this index) comes back as 0. */
  readonly cursorAt: number | undefined;
}

/** How servers are started for cases that need some of their own. */
export interface Setting {
  /** Parameters; a list is one line of the configuration for each item. */
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
  /** Files in the server's directory, by name, which may have directories in it. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** `user password` of who may do everything; all connections begin logged in so (`RESET` makes them strangers). */
  readonly login?: string;
}

export interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Undefined: the servers that all other cases share. */
  readonly setting?: Setting;
  /** Undefined: both. */
  readonly only?: Protocol;
  /** As for a step: the reference that the entry names never sees the case. */
  readonly differs?: DifferenceId;
}

/** Bytes sent as they are, in one write per chunk; then QUIT, or the end of the stream where `end` is 'half-close'. */
export interface RawCase {
  readonly name: string;
  readonly chunks: readonly string[];
  readonly end: 'quit' | 'half-close';
}

export type StepLike = string | Step;

const frames = (resp2: number, resp3 = resp2): Step['frames'] => ({ 2: resp2, 3: resp3 });

function step(line: StepLike): Step {
  if (typeof line !== 'string') return line;
  return {
    line,
    args: splitArguments(line),
    does: 'asks',
    frames: frames(1),
    connection: 'a',
    order: 'exact',
    masks: [],
    tolerance: 0,
    expected: undefined,
    differs: undefined,
    pushesBehind: undefined,
    cursorAt: undefined,
  };
}

/** A step that sends no command of the case. */
function wordless(connection: string, does: Step['does'], line: string): Step {
  return { ...step(''), connection, does, line: `(${line})`, frames: frames(0) };
}

/** A case: a sentence about behavior, and the commands that show it. Every case starts with an empty keyspace. */
export function t(name: string, ...steps: readonly StepLike[]): Case {
  return { name, steps: steps.map(step) };
}

/** Cases for servers that are started in this way: once for all cases of a test file that name the same setting. */
export function startedWith(setting: Setting, ...cases: readonly Case[]): Case[] {
  return cases.map((each) => ({ ...each, setting }));
}

/** Cases that mean something over one protocol only. */
export function only(protocol: Protocol, ...cases: readonly Case[]): Case[] {
  return cases.map((each) => ({ ...each, only: protocol }));
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

/** The frames of the step come in any order: messages by several patterns. */
export function unorderedFrames(line: StepLike): Step {
  return { ...step(line), order: 'frames' };
}

/** The channels of the frames come in any order, their numbers do not: UNSUBSCRIBE from all. */
export function unorderedNames(line: StepLike): Step {
  return { ...step(line), order: 'names' };
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

/** Our server owes this, in RESP bytes, all frames of the step; the table of known differences says why it is not the reference's. */
export function expected(line: StepLike, difference: DifferenceId, resp2: string, resp3 = resp2): Step {
  return { ...step(line), expected: { difference, resp2, resp3 } };
}

/** One reference says otherwise here, as the entry of the table of known differences tells: the reply is that of the other one. */
export function differs(line: StepLike, difference: DifferenceId): Step {
  return { ...step(line), differs: difference };
}

/** Cases that one reference cannot follow, as the entry tells: they are compared with the other one. */
export function differing(difference: DifferenceId, ...cases: readonly Case[]): Case[] {
  return cases.map((each) => ({ ...each, differs: difference }));
}

/** Whether 7.0 has other data than we after one of the steps, or never sees the case for that. */
export function leavesOtherData({ steps, differs: whole }: Case): boolean {
  if (whole !== undefined && leavesOtherDataOn(whole, '7.0')) return true;
  return steps.some(({ differs: id, expected: other }) =>
    [id, other?.difference].some((each) => each !== undefined && leavesOtherDataOn(each, '7.0')),
  );
}

/** The step's pushes stand behind its reply; where 7.0 sends them, within or before it, does not matter. */
export function pushesBehind(line: StepLike): Step {
  return { ...step(line), pushesBehind: 'pushes-behind-replies' };
}

/** So many frames come for the command, replies and pushes of its connection. */
export function gets(count: number, line: StepLike, countInResp3 = count): Step {
  return { ...step(line), frames: frames(count, countInResp3) };
}

/** No reply at all must arrive (CLIENT REPLY OFF and SKIP); or it is a later step that waits for it. */
export function silent(line: StepLike): Step {
  return gets(0, line);
}

/** The step goes over another connection, open from the beginning of the case. */
export function on(connection: string, line: StepLike): Step {
  return { ...step(line), connection };
}

/** The command blocks: the next step follows once the server lists the client as blocked. End it: `answer`, CLIENT KILL. */
export function blocks(line: StepLike): Step {
  return { ...step(line), does: 'blocks', frames: frames(0) };
}

/** The reply of the command that blocked on this connection. */
export function answer(connection: string): Step {
  return { ...wordless(connection, 'listens', `answer to ${connection}`), frames: frames(1) };
}

/** The next so many frames that the connection gets without asking: messages, pushes, lines of MONITOR. */
export function hears(connection: string, count: number, countInResp3 = count): Step {
  return { ...wordless(connection, 'listens', `${connection} hears`), frames: frames(count, countInResp3) };
}

/** All that has come over this connection, something for certain; its own PING makes sure that it is all. */
export function hearsAll(connection: string): Step {
  return wordless(connection, 'hears all', `${connection} hears`);
}

/** Nothing has come over this connection; its own PING makes that certain (in MULTI or MONITOR: any command does). */
export function hearsNothing(connection: string): Step {
  return wordless(connection, 'hears nothing', `${connection} hears nothing`);
}

/** As `hearsAll`, for cases that are made of others: there may be nothing to be heard. */
export function overhears(connection: string): Step {
  return wordless(connection, 'overhears', `${connection} overhears`);
}

/** The connection is made now, and nothing is sent over it: who must not be there from the beginning. */
export function opens(connection: string): Step {
  return wordless(connection, 'opens', `${connection} connects`);
}

/** The server closes this connection; what it sends before is compared. */
export function closes(connection: string): Step {
  return wordless(connection, 'closes', `${connection} is closed`);
}

/** The client closes this connection, and the server has noticed. */
export function hangUp(connection: string): Step {
  return wordless(connection, 'hangs up', `${connection} hangs up`);
}

/** A SCAN or HSCAN written with cursor 0, repeated to its end: what it returns altogether, without order and repeats. */
export function complete(line: StepLike): Step {
  const base = step(line);
  const cursorAt = base.args[0]?.toString().toUpperCase() === 'SCAN' ? 1 : 2;
  return { ...base, cursorAt, order: cursorAt === 1 ? 'elements' : 'pairs' };
}
