// A tour of the typed methods: `node examples/keyspace.mjs`
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Keyspace, utf8, View } from '@clone/core-store';

let now = 1_700_000_000_000; // a clock of our own, so that the example can travel in time
const keyspace = new Keyspace({
  clock: { now: () => now },
  random: Math.random,
  hashSeed: [randomBytes(4).readInt32LE(), randomBytes(4).readInt32LE()],
});
const db = keyspace.databases[0];
const view = new View(); // methods that read fill it; it is valid until the next write

// Strings. Integers are kept as integers.
db.setString(...utf8('greeting'), ...utf8('good morning'), false);
db.setString(...utf8('visits'), ...utf8('41'), false);
assert.equal(db.addInPlace(db.lookupWrite(...utf8('visits')), 1), 42);
db.readString(db.lookupRead(...utf8('greeting')), view);
console.log('greeting:', view.text());
for (const key of ['greeting', 'visits']) console.log(key, 'is', db.encodingOf(db.peek(...utf8(key))));

// Hashes.
const user = db.createHash(...utf8('user:1'));
db.hashSet(user, ...utf8('name'), ...utf8('Ada'));
db.hashSet(user, ...utf8('city'), ...utf8('London'));
if (db.hashGet(db.lookupRead(...utf8('user:1')), ...utf8('name'), view)) console.log('name:', view.text());
for (const pairs = db.hashIterator(user); pairs.next();) {
  console.log(' ', pairs.field.text(), '=', pairs.value.text());
}

// Expiry: whoever asks for a key past its time finds nothing; a cycle removes those that nobody asks for.
db.setExpireAt(db.lookupWrite(...utf8('greeting')), now + 10_000);
now += 10_001;
keyspace.readClock(); // once per batch of commands
assert.equal(db.lookupRead(...utf8('greeting')), 0);
keyspace.activeExpireCycle(1);

// SCAN: a cursor, and the promise that what is there throughout is shown at least once.
for (let i = 0; i < 1000; i++) db.setInteger(...utf8(`n:${i}`), i, false);
let cursor = 0;
let seen = 0;
do cursor = db.scan(cursor, 100, () => seen++);
while (cursor !== 0);
console.log(`scanned ${seen} keys of ${db.size}, ${Math.round(keyspace.usedMemory / db.size)} bytes each`);

// A snapshot shows the state at its beginning, however much is written before it ends.
const copy = new Map();
const snapshot = keyspace.beginSnapshot({
  record(database, record) {
    db.readKey(record, view);
    copy.set(`${database} ${view.text()}`, db.typeOf(record));
  },
  // A value of thousands of elements is shown in parts: see `PartVisitor`.
  parts() {
    throw new Error('there is no big value here');
  },
});
let buckets = 10;
snapshot.step(() => --buckets === 0); // a slice
keyspace.flush(undefined, true);
while (!snapshot.step(() => false)); // the rest
assert.equal(copy.size, 1002);
assert.equal(db.size, 0);
while (keyspace.lazyFree(1)); // what was flushed is freed in slices
console.log(`the snapshot has ${copy.size} keys, the database ${db.size}, memory in use ${keyspace.usedMemory} bytes`);
