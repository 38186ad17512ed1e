// DEBUG DIGEST and DIGEST-VALUE: see `values/digest.ts`.

import { type Keyspace, View } from '@clone/core-store';
import { blend, chain, chainNumber, type Digest, emptyDigest, viewed } from '../values/digest.js';
import { serverValue } from '../values/index.js';

const EXPIRES = Buffer.from('!!expire!!');

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
      chain(digest, viewed(key));
      addValue(digest, keyspace, h);
      blend(total, digest);
    });
  }
  return total.toString('hex');
}

/** The value behind a record handle, its expiry included only as "has one"; zeros for handle 0. */
export function valueDigest(keyspace: Keyspace, h: number): string {
  const digest = emptyDigest();
  if (h !== 0) addValue(digest, keyspace, h);
  return digest.toString('hex');
}

function addValue(digest: Digest, keyspace: Keyspace, h: number): void {
  const type = keyspace.records.type(h);
  chainNumber(digest, type);
  serverValue(type).digest(keyspace, h, digest);
  if (keyspace.records.hasExpiry(h)) blend(digest, EXPIRES);
}
