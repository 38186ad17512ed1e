// Redis's eviction over a store of one's own: `node examples/evictor.mjs`
//
// The store is a plain Map of at most 1,000 entries; what the policies ask about it is the `source` below.
import assert from 'node:assert/strict';
import { Evictor, findPolicy, LFU_INITIAL, lfuIncrement } from '@clone/eviction-lru';

const LIMIT = 1000;
const records = [undefined]; // by handle
const byKey = new Map(); // key to record
const free = [];
let now = 0;

/** @type {import('@clone/eviction-lru').EvictionSource} */
const source = {
  databases: () => 1,
  count: () => byKey.size,
  sample(db, volatileOnly, handles, want) {
    let n = 0;
    while (n < want) {
      const handle = 1 + Math.floor(Math.random() * (records.length - 1));
      if (records[handle] !== undefined) handles[n++] = handle;
    }
    return n;
  },
  idle: (handle) => now - records[handle].lastUse,
  frequency: (handle) => records[handle].frequency,
  expireAt: (handle) => records[handle].expireAt,
  copyKey(handle, db, target, at, limit) {
    const bytes = Buffer.from(records[handle].key);
    if (bytes.length <= limit) target.set(bytes, at);
    return bytes.length;
  },
  find: (db, volatileOnly, bytes, offset, length) =>
    byKey.get(Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString())?.handle ?? 0,
};

const evictor = new Evictor(source, { policy: findPolicy('allkeys-lfu'), samples: 5 });

function use(key) {
  now += 1;
  const held = byKey.get(key);
  if (held !== undefined) {
    held.lastUse = now;
    held.frequency = lfuIncrement(held.frequency, 10, Math.random());
    return true;
  }
  if (byKey.size === LIMIT) {
    const { handle } = evictor.next();
    byKey.delete(records[handle].key);
    records[handle] = undefined;
    free.push(handle);
  }
  const handle = free.pop() ?? records.length;
  records[handle] = { key, handle, lastUse: now, frequency: LFU_INITIAL };
  byKey.set(key, records[handle]);
  return false;
}

// 200 keys are asked for all the time; once in a while somebody walks over 5,000 others.
let hits = 0;
let asked = 0;
for (let round = 0; round < 20; round += 1) {
  for (let i = 0; i < 5_000; i += 1) {
    asked += 1;
    if (use(`popular:${Math.floor(Math.random() * 200)}`)) hits += 1;
  }
  for (let i = 0; i < 5_000; i += 1) use(`scanned:${i}`);
}
console.log(`${evictor.policy.name}: ${((100 * hits) / asked).toFixed(1)}% of the popular keys were there`);
assert.ok(hits / asked > 0.9);
