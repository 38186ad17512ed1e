import { blend, chain, emptyDigest, viewed } from './digest.js';
import { ELEMENTS_PER_COMMAND, type ServerValue } from './value.js';

/** What Redis 7.4 mixes into the digest of a field that expires, whenever that is. */
const EXPIRES = Buffer.from('!!hexpire!!');

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
    if (keyspace.hashes.isExpiring(record)) writeTimes(keyspace, record, key, out, done);
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

/** HPEXPIREAT for the fields that expire: those with the same time in one command, if they come one behind the other. */
const writeTimes: ServerValue['write'] = (keyspace, record, key, out, done) => {
  const names: Uint8Array[] = [];
  let time = -1;
  const write = (): void => {
    if (names.length === 0) return;
    out.begin(5 + names.length);
    out.text('HPEXPIREAT');
    out.bytes(key.bytes, key.offset, key.length);
    out.integer(time);
    out.text('FIELDS');
    out.integer(names.length);
    for (const name of names) out.bytes(name, 0, name.length);
    done();
    names.length = 0;
  };
  const pairs = keyspace.hashes.iterator(record);
  while (pairs.next()) {
    if (pairs.expireAt < 0) continue;
    if (pairs.expireAt !== time || names.length === ELEMENTS_PER_COMMAND) write();
    time = pairs.expireAt;
    names.push(pairs.field.copy());
  }
  write();
};
