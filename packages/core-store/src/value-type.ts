import type { Handle } from './arena.js';
import type { PartVisitor, Tour } from './tour.js';

/**
 * What the keyspace must know of a value type. Types are registered by number (`Keyspace.registerType`); nothing
 * switches over a closed list of them.
 */
export interface ValueOperations {
  /** Name of the encoding, as OBJECT ENCODING answers it. */
  encodingName(record: Handle): string;
  /** Frees what the value area points to; the record itself is freed by the caller. */
  freeValue(record: Handle): void;
  /** The value area was copied byte by byte from another record: gives this one blocks of its own. */
  detachCopy(record: Handle): void;
  /**
   * Bytes of the blocks that the value area points to. Of a big value at most so many elements or nodes are looked at (at
   * least one, and some more where they come together): the others are taken to be like them.
   * @param samples exact, in time that depends on the value, when it is Infinity, as when it is absent
   */
  memory(record: Handle, samples?: number): number;
  /**
   * Begins to show the value as it is now, in parts, to the visitor that `begin` answers; undefined, without a call of `begin`,
   * when it is small. Absent: values of the type are shown in one go.
   */
  tour?(record: Handle, begin: () => PartVisitor): Tour | undefined;
  /**
   * Allocations that Redis would free with the value, as `lazyfreed_objects` weighs it. Absent: see
   * `Database.freeEffort`.
   */
  freeEffort?(record: Handle): number;
  /** The dictionary of the value's fields or members, 0 when it has none. Absent: the type has none. */
  dictionary?(record: Handle): Handle;
}
