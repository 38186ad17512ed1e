import type { Handle } from './arena.js';

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
  /** Bytes of the blocks that the value area points to. */
  memory(record: Handle): number;
  /** The dictionary of the value's fields or members, 0 when it has none. Absent: the type has none. */
  dictionary?(record: Handle): Handle;
}
