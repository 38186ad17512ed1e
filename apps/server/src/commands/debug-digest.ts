// DEBUG DIGEST and DIGEST-VALUE: 20 bytes that are equal to redis-server's for equal data (definition: Redis 7.0,
// `computeDatasetDigest`; checked against the server itself). Two ways to put a piece into a digest: where order does not
// matter (keys, fields of a hash) the SHA-1 of the piece is XORed in; where it does, the result is hashed once more.

import { createHash } from 'node:crypto';
import { View, ValueType, type Database, type Keyspace } from '@clone/core-store';

const EXPIRES = Buffer.from('!!expire!!');

type Digest = Buffer;

const emptyDigest = (): Digest => Buffer.alloc(20);
const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();

/** Unordered: putting the same piece in twice takes it out. */
function blend(digest: Digest, piece: Uint8Array): void {
  const hash = sha1(piece);
  for (let i = 0; i < 20; i++) digest[i]! ^= hash[i]!;
}

/** Ordered. */
function chain(digest: Digest, piece: Uint8Array): void {
  blend(digest, piece);
  sha1(digest).copy(digest);
}

function chainNumber(digest: Digest, n: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  chain(digest, bytes);
}

/** All databases, as 40 hexadecimal digits; zeros when they are empty. Walks everything in one go. */
export function datasetDigest(keyspace: Keyspace): string {
  const total = emptyDigest();
  const key = new View();
  for (const db of keyspace.databases) {
    if (db.size === 0) continue;
    chainNumber(total, db.index);
    db.forEach((h) => {
      const digest = emptyDigest();
      db.readKey(h, key);
      chain(digest, key.bytes.subarray(key.offset, key.offset + key.length));
      addValue(digest, db, h);
      blend(total, digest);
    });
  }
  return total.toString('hex');
}

/** The value behind a record handle, its expiry included only as "has one"; zeros for handle 0. */
export function valueDigest(db: Database, h: number): string {
  const digest = emptyDigest();
  if (h !== 0) addValue(digest, db, h);
  return digest.toString('hex');
}

function addValue(digest: Digest, db: Database, h: number): void {
  const type = db.typeOf(h);
  chainNumber(digest, type);
  if (type === ValueType.string) addString(digest, db, h);
  else if (type === ValueType.hash) addHash(digest, db, h);
  if (db.expireAt(h) !== -1) blend(digest, EXPIRES);
}

function addString(digest: Digest, db: Database, h: number): void {
  const value = new View();
  db.readString(h, value);
  chain(digest, value.bytes.subarray(value.offset, value.offset + value.length));
}

function addHash(digest: Digest, db: Database, h: number): void {
  const pairs = db.hashIterator(h);
  while (pairs.next()) {
    const { field, value } = pairs;
    const pair = emptyDigest();
    chain(pair, field.bytes.subarray(field.offset, field.offset + field.length));
    chain(pair, value.bytes.subarray(value.offset, value.offset + value.length));
    blend(digest, pair);
  }
}
