/** Claims the blocks of hashes, and of the queues of what expires in them. They are read as the design comments say. */
import type { Handle } from './arena.js';
import { type ClaimValue, type Claims, claimString } from './audit.fixture.js';
import { text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { HashEncoding } from './hash-expiry.js';
import type { Keyspace } from './keyspace.js';
import { View } from './view.js';

const word = (space: Keyspace, h: Handle, index: number): number =>
  space.arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + index]!;

export const claimHash: ClaimValue = (space, claims, record) => {
  const value = space.records.word(record, 0);
  switch (space.records.encoding(record)) {
    case HashEncoding.listpack:
      claims.claim(value, 'listpack');
      break;
    case HashEncoding.dictionary:
      if (claimFields(space, claims, value).some((field) => space.records.hasExpiry(field))) {
        throw new Error('a plain hash with a field that expires');
      }
      break;
    case HashEncoding.triples:
      claims.claim(value, 'descriptor');
      claims.claim(word(space, value, 4), 'triples');
      checkTriples(space, record, word(space, value, 4));
      break;
    case HashEncoding.expiringDictionary:
      claims.claim(value, 'descriptor');
      claimExpiringFields(space, claims, record);
  }
};

function claimFields(space: Keyspace, claims: Claims, dict: Handle): Handle[] {
  const fields = claims.dictionary(space.volatile, dict, 'fields');
  for (const field of fields) {
    claims.claim(field, 'field');
    claimString(space, claims, field);
  }
  return fields;
}

function claimExpiringFields(space: Keyspace, claims: Claims, record: Handle): void {
  const descriptor = space.records.word(record, 0);
  const fields = claimFields(space, claims, word(space, descriptor, 4));
  const queue = word(space, descriptor, 5);
  const queued = queue === 0 ? [] : claimQueue(space, claims, queue);
  if (queue !== 0 && queued.length === 0) throw new Error('an empty queue of fields');
  expectSame(
    queued,
    fields.filter((field) => space.records.hasExpiry(field)),
  );
  const first = queued[0] === undefined ? 0 : timeOf(space, queued[0]);
  if (space.hashes.expiring.earliest(record) !== first) throw new Error('not the earliest time of its fields');
}

function checkTriples(space: Keyspace, record: Handle, lp: Handle): void {
  const { listpack } = space;
  const view = new View();
  const times: number[] = [];
  for (let p = listpack.first(lp), i = 0; p !== 0; p = listpack.next(lp, p), i++) {
    if (i % 3 !== 2) continue;
    listpack.read(lp, p, view);
    times.push(Number(text(view)));
  }
  if (times.length * 3 !== listpack.length(lp)) throw new Error('a field without value or time');
  if (times.some((time, i) => i > 0 && (time || Infinity) < (times[i - 1]! || Infinity))) {
    throw new Error(`times are not in order: ${times.join(' ')}`);
  }
  if (space.hashes.expiring.earliest(record) !== (times[0] ?? 0)) throw new Error('not the earliest time');
}

/** Claims the queue of a database's hashes, which has to hold those with an expiry and no others. */
export function claimExpiringHashes(space: Keyspace, claims: Claims, db: Database): void {
  const expected: Handle[] = [];
  db.forEach((h) => {
    if (!isExpiring(space, h)) return;
    const descriptor = space.records.word(h, 0);
    if (word(space, descriptor, 6) !== h) throw new Error('a descriptor names another owner');
    if (timeOf(space, descriptor) !== 0) expected.push(descriptor);
    if (word(space, descriptor, 7) !== db.expiringHashes) throw new Error('a descriptor names another database');
  });
  expectSame(db.expiringHashes === 0 ? [] : claimQueue(space, claims, db.expiringHashes), expected);
}

function isExpiring(space: Keyspace, h: Handle): boolean {
  return space.operations(h) === space.hashes && space.hashes.isExpiring(h);
}

/** Claims the blocks of a queue, checks its order and what its records say of their places; answers them. */
function claimQueue(space: Keyspace, claims: Claims, queue: Handle): Handle[] {
  claims.claim(queue, 'queue');
  const count = word(space, queue, 0);
  const directory = word(space, queue, 1);
  claims.claim(directory, 'directory of a queue');
  const segments = Math.max(1, Math.ceil(count / 1024));
  for (let i = 0; i < segments; i++) claims.claim(word(space, directory, i), 'segment of a queue');
  const records = Array.from({ length: count }, (_, i) => word(space, word(space, directory, i >>> 10), i & 1023));
  records.forEach((record, place) => {
    if (space.records.access(record) !== (place & 0xffffff)) throw new Error('a record that is not where it says');
    if (place > 0 && timeOf(space, record) < timeOf(space, records[(place - 1) >>> 2]!)) {
      throw new Error('a queue without order');
    }
  });
  return records;
}

function timeOf(space: Keyspace, record: Handle): number {
  return space.records.expireAt(record) % 2 ** 46;
}

function expectSame(found: readonly Handle[], expected: readonly Handle[]): void {
  const set = new Set(expected);
  if (found.length !== set.size || found.some((h) => !set.has(h))) throw new Error('a queue holds what it should not');
}
