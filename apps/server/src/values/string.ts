import { View } from '@clone/core-store';
import { chain, viewed } from './digest.js';
import type { ServerValue } from './value.js';

const value = new View();

export const stringValue: ServerValue = {
  digest(keyspace, record, digest) {
    keyspace.strings.read(record, value);
    chain(digest, viewed(value));
  },
};
