import { formatDouble } from '@clone/resp-codec';
import { blend, chain, emptyDigest, viewed } from './digest.js';
import { ELEMENTS_PER_COMMAND, type ServerValue } from './value.js';

export const sortedSetValue: ServerValue = {
  write(keyspace, record, key, out, done) {
    const walk = keyspace.sortedSets.cursor(record);
    let left = keyspace.sortedSets.length(record);
    let room = 0;
    for (let more = walk.seek(0, 1); more; more = walk.next(), left--) {
      if (room === 0) {
        room = Math.min(left, ELEMENTS_PER_COMMAND);
        out.begin(2 + room * 2);
        out.text('ZADD');
        out.bytes(key.bytes, key.offset, key.length);
      }
      out.text(formatDouble(walk.score));
      out.bytes(walk.member.bytes, walk.member.offset, walk.member.length);
      room--;
      if (room === 0) done();
    }
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
