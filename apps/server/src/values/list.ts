import { chain, viewed } from './digest.js';
import { ELEMENTS_PER_COMMAND, type ServerValue } from './value.js';

export const listValue: ServerValue = {
  write(keyspace, record, key, out, done) {
    const iterator = keyspace.lists.iterator(record, 0, false);
    const { value } = iterator;
    let left = keyspace.lists.length(record);
    for (let room = 0; iterator.next(); left--) {
      if (room === 0) {
        room = Math.min(left, ELEMENTS_PER_COMMAND);
        out.begin(2 + room);
        out.text('RPUSH');
        out.bytes(key.bytes, key.offset, key.length);
      }
      out.bytes(value.bytes, value.offset, value.length);
      room--;
      if (room === 0) done();
    }
  },

  digest(keyspace, record, digest) {
    const elements = keyspace.lists.iterator(record, 0, false);
    while (elements.next()) chain(digest, viewed(elements.value));
  },
};
