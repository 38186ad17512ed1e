/**
 * Sorted sets.
 */
import type { Handle } from './arena.js';
import type { ByteView } from './record.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import type { View } from './view.js';

/** Stands on a member of a sorted set; moves in the order of (score, member). The set may not change meanwhile. */
export interface SortedSetCursor {
  readonly member: View;
  readonly score: number;
  /** Goes to the member with this rank (0 is the lowest); false when there is none. */
  seek(rank: number): boolean;
  next(): boolean;
  previous(): boolean;
}

const missing = (): never => {
  throw new Error('sorted sets are not there yet');
};

export class SortedSets implements ValueOperations {
  constructor(host: ValueHost) {
    void host;
  }

  /** A record with an empty sorted set, in no dictionary yet (`Database.add`). */
  create: (kb: Uint8Array, ko: number, kn: number) => Handle = missing;

  length: (record: Handle) => number = missing;

  /** The score of a member; NaN when there is none (a score is never NaN). */
  score: (record: Handle, b: Uint8Array, o: number, n: number) => number = missing;

  /** Sets the score of a member; true when it is new. @param score not NaN */
  set: (record: Handle, b: Uint8Array, o: number, n: number, score: number) => boolean = missing;

  /** Removes a member; false when there was none. An empty set is the caller's to delete. */
  remove: (record: Handle, b: Uint8Array, o: number, n: number) => boolean = missing;

  /** How many members come before this one in ascending order; -1 when it is none. O(log n). */
  rank: (record: Handle, b: Uint8Array, o: number, n: number) => number = missing;

  /** How many members have a score below `score`, or, with `orEqual`, not above it. O(log n). */
  countBelow: (record: Handle, score: number, orEqual: boolean) => number = missing;

  /** How many members are less than these bytes, or, with `orEqual`, not greater; all scores being equal. O(log n). */
  countBefore: (record: Handle, b: Uint8Array, o: number, n: number, orEqual: boolean) => number = missing;

  /** Removes the members with ranks `[start, start + count)`, all of which exist. */
  removeRange: (record: Handle, start: number, count: number) => void = missing;

  /** A cursor that stands nowhere until `seek`. */
  cursor: (record: Handle) => SortedSetCursor = missing;

  /** Shows a member, each with the same probability; answers its score. The set is not empty. */
  random: (record: Handle, view: View) => number = missing;

  /** One call of ZSCAN: visits about `count` members, answers the next cursor (0: done). A small set is visited whole. */
  scan: (record: Handle, cursor: number, count: number, visit: (member: ByteView, score: number) => void) => number = missing;

  encodingName: (record: Handle) => string = missing;

  freeValue: (record: Handle) => void = missing;

  detachCopy: (record: Handle) => void = missing;

  memory: (record: Handle) => number = missing;
}
