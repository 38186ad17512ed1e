/**
 * Lists.
 */
import type { Handle } from './arena.js';
import type { ValueHost } from './value-host.js';
import type { ValueOperations } from './value-type.js';
import type { View } from './view.js';

/** Walks a list in either direction; `value` shows the element that `next` came to. */
export interface ListIterator {
  next(): boolean;
  readonly value: View;
}

const missing = (): never => {
  throw new Error('lists are not there yet');
};

export class Lists implements ValueOperations {
  constructor(host: ValueHost) {
    void host;
  }

  /** A record with an empty list, in no dictionary yet (`Database.add`). */
  create: (kb: Uint8Array, ko: number, kn: number) => Handle = missing;

  length: (record: Handle) => number = missing;

  push: (record: Handle, left: boolean, b: Uint8Array, o: number, n: number) => void = missing;

  /** Removes an element from an end and shows it; false when the list is empty. The view holds until the next write. */
  pop: (record: Handle, left: boolean, view: View) => boolean = missing;

  /** Shows the element with this index (negative: from the end); false when there is none. */
  get: (record: Handle, index: number, view: View) => boolean = missing;

  /** Walks from the element `start` (0 is the head, negative from the end) towards the tail, or towards the head. */
  iterator: (record: Handle, start: number, towardsHead: boolean) => ListIterator = missing;

  encodingName: (record: Handle) => string = missing;

  freeValue: (record: Handle) => void = missing;

  detachCopy: (record: Handle) => void = missing;

  memory: (record: Handle) => number = missing;
}
