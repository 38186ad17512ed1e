/**
 * Operands of unions, intersections and differences of sorted sets: what a key holds, sorted set or plain set, seen as
 * members with scores. Those of a plain set are 1.
 */
import {
  type Handle,
  type Keyspace,
  type SetIterator,
  type SortedSetCursor,
  ValueType,
  type View,
} from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';

/** Goes from member to member: lowest score first, or in a set's own order. */
export interface SourceWalk {
  next(): boolean;
  readonly member: View;
  readonly score: number;
}

export class Source {
  /** Members; 0 when the key is missing. */
  readonly length: number;
  /** Scores are multiplied by it: by whoever asks for them. */
  weight = 1;
  readonly #keyspace: Keyspace;
  readonly #record: Handle;
  readonly #isSet: boolean;

  /** @param record 0 when the key is missing */
  constructor(keyspace: Keyspace, record: Handle, isSet: boolean) {
    this.#keyspace = keyspace;
    this.#record = record;
    this.#isSet = isSet;
    this.length = record === 0 ? 0 : isSet ? keyspace.sets.length(record) : keyspace.sortedSets.length(record);
  }

  /** The score of a member; NaN when there is none. */
  score(b: Uint8Array, o: number, n: number): number {
    if (this.length === 0) return NaN;
    if (!this.#isSet) return this.#keyspace.sortedSets.score(this.#record, b, o, n);
    return this.#keyspace.sets.has(this.#record, b, o, n) ? 1 : NaN;
  }

  /** A walk over the members; there must be some. It is over when the next one begins, of whatever source. */
  walk(): SourceWalk {
    return this.#isSet
      ? new PlainWalk(this.#keyspace.sets.walk(this.#record))
      : new ScoredWalk(this.#keyspace.sortedSets.walker(this.#record));
  }
}

class PlainWalk implements SourceWalk {
  readonly score = 1;
  readonly member: View;
  readonly #iterator: SetIterator;

  constructor(iterator: SetIterator) {
    this.#iterator = iterator;
    this.member = iterator.member;
  }

  next(): boolean {
    return this.#iterator.next();
  }
}

class ScoredWalk implements SourceWalk {
  readonly member: View;
  readonly #cursor: SortedSetCursor;
  #begun = false;

  constructor(cursor: SortedSetCursor) {
    this.#cursor = cursor;
    this.member = cursor.member;
  }

  get score(): number {
    return this.#cursor.score;
  }

  next(): boolean {
    if (this.#begun) return this.#cursor.next();
    this.#begun = true;
    return this.#cursor.seek(0);
  }
}

/** What key argument `i` holds; undefined when it is neither a sorted set nor a set: then the error is written. */
export function lookupSource(ctx: CommandContext, i: number): Source | undefined {
  const h = ctx.lookupRead(i);
  const type = h === 0 ? ValueType.zset : ctx.db.typeOf(h);
  if (type === ValueType.zset || type === ValueType.set) return new Source(ctx.keyspace, h, type === ValueType.set);
  ctx.reply.error(errors.wrongType);
  return undefined;
}

/** The smallest first. */
export function byLength(a: Source, b: Source): number {
  return a.length - b.length;
}
