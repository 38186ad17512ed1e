/**
 * Sets.
 */
import type { Handle } from './arena.js';
import type { ByteView } from './record.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import type { View } from './view.js';

/** Walks a set; `member` shows the one that `next` came to. */
export interface SetIterator {
  next(): boolean;
  readonly member: View;
}

const missing = (): never => {
  throw new Error('sets are not there yet');
};

export class Sets implements ValueOperations {
  constructor(host: ValueHost) {
    void host;
  }

  /** A record with an empty set (an intset), in no dictionary yet (`Database.add`). */
  create: (kb: Uint8Array, ko: number, kn: number) => Handle = missing;

  length: (record: Handle) => number = missing;

  has: (record: Handle, b: Uint8Array, o: number, n: number) => boolean = missing;

  /** Adds a member; true when it is new. */
  add: (record: Handle, b: Uint8Array, o: number, n: number) => boolean = missing;

  /** Removes a member; false when there was none. An empty set is the caller's to delete. */
  remove: (record: Handle, b: Uint8Array, o: number, n: number) => boolean = missing;

  /** Shows a member, each with the same probability. The set is not empty. */
  random: (record: Handle, view: View) => void = missing;

  /** An iterator over the members. The set may not change while it is used. */
  iterator: (record: Handle) => SetIterator = missing;

  /** One call of SSCAN: visits about `count` members, answers the next cursor (0: done). A small set is visited whole. */
  scan: (record: Handle, cursor: number, count: number, visit: (member: ByteView) => void) => number = missing;

  encodingName: (record: Handle) => string = missing;

  freeValue: (record: Handle) => void = missing;

  detachCopy: (record: Handle) => void = missing;

  memory: (record: Handle) => number = missing;
}
