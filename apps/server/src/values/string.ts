import { View } from '@clone/core-store';
import { chain, viewed } from './digest.js';
import type { ServerValue } from './value.js';

const value = new View();

export const stringValue: ServerValue = {
  write(keyspace, record, key, out, done) {
    const expires = keyspace.records.hasExpiry(record);
    keyspace.strings.read(record, value);
    out.begin(expires ? 5 : 3);
    out.text('SET');
    out.bytes(key.bytes, key.offset, key.length);
    out.bytes(value.bytes, value.offset, value.length);
    if (expires) {
      out.text('PXAT');
      out.text(keyspace.records.expireAtBig(record).toString());
    }
    done();
  },

  digest(keyspace, record, digest) {
    keyspace.strings.read(record, value);
    chain(digest, viewed(value));
  },
};
