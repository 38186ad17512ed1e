import { type Database, KeyPrefetch, type Keyspace, ValueType } from '@clone/core-store';
import type { Request } from '@clone/resp-codec';

/** Fewer requests than this are not worth it. */
const WORTHWHILE = 4;

const offsets = new Int32Array(KeyPrefetch.capacity);
const lengths = new Int32Array(KeyPrefetch.capacity);

/**
 * Has the keys of `requests[0, count)` looked at together; where they all name one big collection, its fields or members
 * too. The key is taken to be the first argument, the member the second (of four the third, in a sorted set: ZADD): true
 * of nearly all commands, and a wrong guess does no harm. The bytes must not change before `prefetch.end()`.
 */
export function lookAhead(keyspace: Keyspace, db: Database, requests: readonly Request[], count: number): void {
  const { prefetch } = keyspace;
  prefetch.end();
  if (count < WORTHWHILE) return;
  const { bytes } = requests[0]!;
  prefetch.begin(bytes);
  let sameKey = true;
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    const hasKey = request.argc > 1 && request.bytes === bytes;
    prefetch.add(request.offsets[1]!, hasKey ? request.lengths[1]! : -1);
    sameKey = sameKey && hasKey && request.argc > 2 && isSameKey(requests[0]!, request);
  }
  if (sameKey) lookAheadAtMembers(keyspace, db, requests, count);
  else prefetch.run(db.keysDictionary);
}

function isSameKey(a: Request, b: Request): boolean {
  const length = a.lengths[1]!;
  if (b.lengths[1] !== length) return false;
  const { bytes } = a;
  const x = a.offsets[1]!;
  const y = b.offsets[1]!;
  // From the end: names of keys differ there.
  for (let i = length - 1; i >= 0; i--) if (bytes[x + i] !== bytes[y + i]) return false;
  return true;
}

function lookAheadAtMembers(keyspace: Keyspace, db: Database, requests: readonly Request[], count: number): void {
  const first = requests[0]!;
  const record = db.peek(first.bytes, first.offsets[1]!, first.lengths[1]!);
  if (record === 0) return;
  const dict = keyspace.operations(record).dictionary?.(record) ?? 0;
  if (dict === 0) return;
  const member = first.argc === 4 && db.typeOf(record) === ValueType.zset ? 3 : 2;
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    const at = member < request.argc ? member : 2;
    offsets[i] = request.offsets[at]!;
    lengths[i] = request.lengths[at]!;
  }
  keyspace.prefetch.warmMembers(dict, first.bytes, offsets, lengths, count);
}
