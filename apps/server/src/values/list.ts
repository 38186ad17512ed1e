import { chain, viewed } from './digest.js';
import type { ServerValue } from './value.js';

export const listValue: ServerValue = {
  show(keyspace, record, parts) {
    const elements = keyspace.lists.iterator(record, 0, false);
    while (elements.next()) parts.element(elements.value);
  },

  digest(keyspace, record, digest) {
    const elements = keyspace.lists.iterator(record, 0, false);
    while (elements.next()) chain(digest, viewed(elements.value));
  },
};
