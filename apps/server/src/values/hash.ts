import { blend, chain, emptyDigest, viewed } from './digest.js';
import { ELEMENTS_PER_COMMAND, type ServerValue } from './value.js';

export const hashValue: ServerValue = {
  write(keyspace, record, key, out, done) {
    const iterator = keyspace.hashes.iterator(record);
    const { field, value } = iterator;
    let left = keyspace.hashes.length(record);
    for (let room = 0; iterator.next(); left--) {
      if (room === 0) {
        room = Math.min(left, ELEMENTS_PER_COMMAND);
        out.begin(2 + room * 2);
        out.text('HSET');
        out.bytes(key.bytes, key.offset, key.length);
      }
      out.bytes(field.bytes, field.offset, field.length);
      out.bytes(value.bytes, value.offset, value.length);
      room--;
      if (room === 0) done();
    }
  },

  digest(keyspace, record, digest) {
    const pairs = keyspace.hashes.iterator(record);
    while (pairs.next()) {
      const pair = emptyDigest();
      chain(pair, viewed(pairs.field));
      chain(pair, viewed(pairs.value));
      blend(digest, pair);
    }
  },
};
