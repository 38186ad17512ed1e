import { formatDouble } from '@clone/resp-codec';
import { blend, chain, emptyDigest, viewed } from './digest.js';
import type { ServerValue } from './value.js';

export const sortedSetValue: ServerValue = {
  show(keyspace, record, parts) {
    const walk = keyspace.sortedSets.cursor(record);
    for (let more = walk.seek(0, 1); more; more = walk.next()) parts.scored(walk.member, walk.score);
  },

  digest(keyspace, record, digest) {
    const walk = keyspace.sortedSets.cursor(record);
    for (let more = walk.seek(0, 1); more; more = walk.next()) {
      const pair = emptyDigest();
      chain(pair, viewed(walk.member));
      chain(pair, Buffer.from(formatDouble(walk.score)));
      blend(digest, pair);
    }
  },
};
