/**
 * Tours: how a snapshot shows a value that is too big to be shown in one go, in parts and in slices, as it was when the
 * tour began, whatever is written to it meanwhile.
 *
 * Each type keeps to the same rule. A part (a bucket, a member, a node) that is about to change for the first time since
 * the tour began is shown before that, or, where the order counts, put aside until its turn comes. What is new is marked
 * as shown. Then each element is shown exactly once, and no write costs more than the part that it changes. What of the
 * value is dropped meanwhile is freed when the tour is over (`Snapshot.keep`).
 */
import type { Handle } from './arena.js';
import type { StreamId } from './stream-id.js';
import type { StreamIterator } from './stream-iterator.js';
import type { View } from './view.js';

/** Dictionaries with more elements are shown by a tour; smaller values in one go. */
export const TOURED_FROM = 128;
/** Likewise nodes, of lists and streams. */
export const TOURED_FROM_NODES = 4;

/** What a stream is beside its entries. The ids are lent for the call. */
export interface StreamFigures {
  readonly length: number;
  readonly lastId: StreamId;
  readonly maxDeletedId: StreamId;
  /** An int64. */
  readonly entriesAdded: bigint;
}

/** A group of a stream, without its consumers and what is pending. */
export interface GroupFigures {
  /** One character per byte, as in the names of consumers. */
  readonly name: string;
  readonly lastId: StreamId;
  /** An int64; -1: unknown. */
  readonly entriesRead: bigint;
}

/** An entry that was delivered and not acknowledged. */
export interface PendingFigures {
  readonly id: StreamId;
  readonly consumer: string;
  /** Ms since epoch. */
  readonly deliveryTime: number;
  /** An int64. */
  readonly deliveryCount: bigint;
}

/** Takes a value in parts. What is shown is lent for the call, in which the keyspace may not be touched. */
export interface PartVisitor {
  /** A field of a hash. @param expireAt ms since epoch, -1: never */
  pair(field: View, value: View, expireAt: number): void;
  /** A member of a set. */
  member(member: View): void;
  /** A member of a sorted set, in no promised order. */
  scored(member: View, score: number): void;
  /** An element of a list, from the head to the tail. */
  element(element: View): void;
  /** An entry of a stream, in the order of ids. Its fields are the visitor's to walk. */
  entry(entry: Pick<StreamIterator, 'id' | 'fields' | 'nextField' | 'field' | 'value'>): void;
  /** Of a stream, behind its entries. */
  figures(figures: StreamFigures): void;
  /** Of a stream, behind its figures; the consumers of the group follow, then what is pending. */
  group(group: GroupFigures): void;
  consumer(group: GroupFigures, name: string): void;
  pending(group: GroupFigures, entry: PendingFigures): void;
  /** That was all. */
  end(): void;
}

/** A walk over the parts of one big value, for a snapshot. */
export interface Tour {
  /** What stands for the value where it is freed (the third argument of `ValueHost.freeLater`); 0: the tour sees to that. */
  readonly root: Handle;
  /** Shows some more; true when all is shown. */
  step(): boolean;
  /** It is over, finished or not: writes cost nothing any more. */
  end(): void;
}
