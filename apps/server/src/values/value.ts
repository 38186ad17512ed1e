/**
 * What the server does with a value of each type beside its commands: the commands that make it again (for the base of
 * an AOF rewrite), and its digest (DEBUG DIGEST). One file per type; `index.ts` has them by number.
 */
import type { EffectBuffer } from '@clone/command-registry';
import type { Handle, Keyspace, View } from '@clone/core-store';
import type { Digest } from './digest.js';

export interface ServerValue {
  /** Writes the commands that make this record, without its expiry, into `out`; calls `done` after each of them. */
  write(keyspace: Keyspace, record: Handle, key: View, out: EffectBuffer, done: () => void): void;
  /** Puts the value into a digest, as Redis 7.0 does for equal data. */
  digest(keyspace: Keyspace, record: Handle, digest: Digest): void;
}

/** Elements per command, as Redis groups them. */
export const ELEMENTS_PER_COMMAND = 64;
