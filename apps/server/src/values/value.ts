/**
 * What the server does with a value of each type beside its commands: showing it in parts (of which `part-commands.ts` makes
 * commands), and its digest (DEBUG DIGEST). One file per type; `index.ts` has them by number.
 */
import type { Handle, Keyspace, PartVisitor } from '@clone/core-store';
import type { Digest } from './digest.js';

export interface ServerValue {
  /** Shows the value in one go; the visitor's `end` is the caller's to call. Absent: it has no parts. */
  show?(keyspace: Keyspace, record: Handle, parts: PartVisitor): void;
  /** Puts the value into a digest, as Redis 7.0 does for equal data. */
  digest(keyspace: Keyspace, record: Handle, digest: Digest): void;
}
