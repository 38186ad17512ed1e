import { blend, chain, emptyDigest, viewed } from './digest.js';
import type { ServerValue } from './value.js';

/** What Redis 7.4 mixes into the digest of a field that expires, whenever that is. */
const EXPIRES = Buffer.from('!!hexpire!!');

export const hashValue: ServerValue = {
  show(keyspace, record, parts) {
    const pairs = keyspace.hashes.iterator(record);
    while (pairs.next()) parts.pair(pairs.field, pairs.value, pairs.expireAt);
  },

  digest(keyspace, record, digest) {
    const pairs = keyspace.hashes.iterator(record);
    while (pairs.next()) {
      const pair = emptyDigest();
      chain(pair, viewed(pairs.field));
      chain(pair, viewed(pairs.value));
      if (pairs.expireAt >= 0) blend(pair, EXPIRES);
      blend(digest, pair);
    }
  },
};
