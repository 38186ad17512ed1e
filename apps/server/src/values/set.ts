import { blend, viewed } from './digest.js';
import { ELEMENTS_PER_COMMAND, type ServerValue } from './value.js';

export const setValue: ServerValue = {
  write(keyspace, record, key, out, done) {
    const iterator = keyspace.sets.iterator(record);
    const { member } = iterator;
    let left = keyspace.sets.length(record);
    for (let room = 0; iterator.next(); left--) {
      if (room === 0) {
        room = Math.min(left, ELEMENTS_PER_COMMAND);
        out.begin(2 + room);
        out.text('SADD');
        out.bytes(key.bytes, key.offset, key.length);
      }
      out.bytes(member.bytes, member.offset, member.length);
      room--;
      if (room === 0) done();
    }
  },

  digest(keyspace, record, digest) {
    const members = keyspace.sets.iterator(record);
    while (members.next()) blend(digest, viewed(members.member));
  },
};
