import { blend, viewed } from './digest.js';
import type { ServerValue } from './value.js';

export const setValue: ServerValue = {
  show(keyspace, record, parts) {
    const members = keyspace.sets.iterator(record);
    while (members.next()) parts.member(members.member);
  },

  digest(keyspace, record, digest) {
    const members = keyspace.sets.iterator(record);
    while (members.next()) blend(digest, viewed(members.member));
  },
};
