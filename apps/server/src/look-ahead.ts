/**
 * Looks at what a batch of requests will touch before the first of them is executed, so that the waits for memory overlap:
 * at their keys, or, where they all name one big collection, at its fields or members, and in sorted sets at the places in
 * the order that they will search for. Nothing depends on it: a wrong guess costs some nanoseconds.
 */
import type { Registry } from '@clone/command-registry';
import { type Database, type Handle, KeyPrefetch, type Keyspace, ValueType } from '@clone/core-store';
import { parseFloat64, type Request } from '@clone/resp-codec';

/** Fewer requests than this are not worth it. */
const WORTHWHILE = 4;
/** Longer texts of scores take longer to read than looking ahead saves. */
const SHORT_SCORE = 15;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

const offsets = new Int32Array(KeyPrefetch.capacity);
const lengths = new Int32Array(KeyPrefetch.capacity);
const scores = new Float64Array(KeyPrefetch.capacity);

/** What a command on a sorted set looks for. Arguments below 0 count from the end. */
interface Search {
  /** The argument that is a member, 0 for none. */
  readonly member: number;
  /** Its place in the order matters, not only its score. */
  readonly place: boolean;
  /** The argument that is a score whose place is looked for, 0 for none. */
  readonly score: number;
  /** How many members from there on are read. */
  readonly reads: number;
}

const SCORE_OF_MEMBER: Search = { member: 2, place: false, score: 0, reads: 0 };
const PLACE_OF_MEMBER: Search = { member: 2, place: true, score: 0, reads: 0 };
const BOUND: Search = { member: 0, place: false, score: 2, reads: 0 };

/** Commands on sorted sets that do not just look for the score of a member. */
const SEARCHES: ReadonlyMap<string, Search> = new Map<string, Search>([
  ['zadd', { member: -1, place: true, score: -2, reads: 0 }],
  ['zincrby', { member: 3, place: true, score: 0, reads: 0 }],
  ['zrank', PLACE_OF_MEMBER],
  ['zrevrank', PLACE_OF_MEMBER],
  ['zrem', PLACE_OF_MEMBER],
  ['zrangebyscore', { member: 0, place: false, score: 2, reads: 8 }],
  ['zcount', BOUND],
  ['zremrangebyscore', BOUND],
  ['zrevrangebyscore', BOUND],
]);

/**
 * Looks ahead at `requests[0, count)`. The key is taken to be the first argument, and the field or member of a hash or set
 * the second: true of nearly all commands. The bytes must not change before `prefetch.end()`.
 */
export function lookAhead(
  keyspace: Keyspace,
  db: Database,
  registry: Registry,
  requests: readonly Request[],
  count: number,
): void {
  const { prefetch } = keyspace;
  prefetch.end();
  if (count < WORTHWHILE) return;
  const { bytes } = requests[0]!;
  prefetch.begin(bytes);
  let sameKey = true;
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    if (request.argc < 2 || request.bytes !== bytes) {
      prefetch.add(0, -1);
      sameKey = false;
    } else if (i > 0 && isSameKey(requests[i - 1]!, request)) {
      prefetch.addAgain(request.offsets[1]!, request.lengths[1]!);
    } else {
      prefetch.add(request.offsets[1]!, request.lengths[1]!);
      if (i > 0) sameKey = false;
    }
  }
  if (sameKey) lookIntoCollection(keyspace, db, registry, requests, count);
  else prefetch.run(db.keysDictionary);
}

/** @param a has a first argument, or one that is not a key */
function isSameKey(a: Request, b: Request): boolean {
  const length = b.lengths[1]!;
  if (a.argc < 2 || a.bytes !== b.bytes || a.lengths[1] !== length) return false;
  const { bytes } = a;
  const x = a.offsets[1]!;
  const y = b.offsets[1]!;
  // From the end: names of keys differ there.
  for (let i = length - 1; i >= 0; i--) if (bytes[x + i] !== bytes[y + i]) return false;
  return true;
}

function lookIntoCollection(
  keyspace: Keyspace,
  db: Database,
  registry: Registry,
  requests: readonly Request[],
  count: number,
): void {
  const first = requests[0]!;
  // It names no field or member: it pops, counts, or wants them all.
  if (first.argc < 3) return;
  const record = db.peek(first.bytes, first.offsets[1]!, first.lengths[1]!);
  if (record === 0) return;
  const dict = keyspace.operations(record).dictionary?.(record) ?? 0;
  if (dict === 0) return;
  if (db.typeOf(record) !== ValueType.zset) {
    lookForMembers(keyspace, dict, requests, count, 2);
    return;
  }
  const name = registry.find(first.bytes, first.offsets[0]!, first.lengths[0]!)?.name ?? '';
  const search = SEARCHES.get(name) ?? SCORE_OF_MEMBER;
  const { sortedSets, prefetch } = keyspace;
  if (search.member !== 0) {
    const found = lookForMembers(keyspace, dict, requests, count, search.member);
    if (search.place && found > 0) sortedSets.warmPlaces(record, prefetch.candidates, found);
  }
  if (search.score !== 0) lookForScores(keyspace, record, requests, count, search);
}

/** @param argument is the field or member; from the end, if below 0 */
function lookForMembers(
  keyspace: Keyspace,
  dict: Handle,
  requests: readonly Request[],
  count: number,
  argument: number,
): number {
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    const at = argument < 0 ? request.argc + argument : argument;
    // Another request may have fewer arguments: whatever it has does no harm.
    const there = at > 0 && at < request.argc ? at : 1;
    offsets[i] = request.offsets[there]!;
    lengths[i] = request.lengths[there]!;
  }
  return keyspace.prefetch.warmMembers(dict, offsets, lengths);
}

function lookForScores(
  keyspace: Keyspace,
  record: Handle,
  requests: readonly Request[],
  count: number,
  search: Search,
): void {
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    const at = search.score < 0 ? request.argc + search.score : search.score;
    scores[i] = at > 0 && at < request.argc ? scoreAt(request, at) : NaN;
  }
  keyspace.sortedSets.warmScores(record, scores, count, search.reads);
}

/** A score that is a plain number; NaN for anything else. */
function scoreAt(request: Request, i: number): number {
  const offset = request.offsets[i]!;
  const length = request.lengths[i]!;
  const c = request.bytes[offset]!;
  if (length > SHORT_SCORE || (c !== MINUS && (c < ZERO || c > NINE))) return NaN;
  return parseFloat64(request.bytes, offset, length);
}
