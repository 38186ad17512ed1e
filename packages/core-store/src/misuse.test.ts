// Calls that the types allow, or that a program without types makes, and that would harm the store: each is refused by a
// StoreError, and the walk over the arena afterwards finds every block where it was.
import { beforeEach, describe, expect, test } from 'vitest';
import { audit } from './audit.fixture.js';
import type { Database } from './database.js';
import { Keyspace, type KeyspaceOptions } from './keyspace.js';
import { StoreError, type StoreErrorCode } from './store-error.js';
import { StreamId } from './stream-id.js';
import { utf8 } from './utf8.js';
import { View } from './view.js';

const options = { clock: { now: () => 1_700_000_000_000 }, random: () => 0.5, hashSeed: [1, 2] } as const;
const view = new View();
const [field, value] = [utf8('field'), utf8('value')];

let space: Keyspace;
let db: Database;

beforeEach(() => {
  space = new Keyspace(options);
  db = space.databases[0]!;
  for (let i = 0; i < 100; i++) db.setString(...utf8(`filler:${i}`), ...value, false);
  db.setString(...utf8('string'), ...utf8('text'), false);
  db.setInteger(...utf8('integer'), 7, false);
  db.hashSet(db.createHash(...utf8('hash')), ...field, ...value);
  const list = space.lists.create(...utf8('list'));
  space.lists.push(list, false, ...value);
  db.add(list, ...utf8('list'));
  const set = space.sets.createListpack(...utf8('set'));
  space.sets.add(set, ...value);
  db.add(set, ...utf8('set'));
  const zset = space.sortedSets.create(...utf8('zset'));
  db.add(zset, ...utf8('zset'));
  db.add(space.streams.create(...utf8('stream')), ...utf8('stream'));
});

function refused(code: StoreErrorCode, call: () => unknown): void {
  const before = { used: space.usedMemory, sizes: space.databases.map((each) => each.size) };
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).code).toBe(code);
  expect({ used: space.usedMemory, sizes: space.databases.map((each) => each.size) }).toEqual(before);
  audit(space);
}

/** What takes a handle, by the type that the record is to have. */
const byType: Readonly<Record<string, Readonly<Record<string, (h: number) => unknown>>>> = {
  string: {
    readString: (h) => db.readString(h, view),
    stringLength: (h) => db.stringLength(h),
    stringAsNumber: (h) => db.stringAsNumber(h),
    stringAsBigInt: (h) => db.stringAsBigInt(h),
    addInPlace: (h) => db.addInPlace(h, 1),
    appendString: (h) => db.appendString(h, ...value),
    setRange: (h) => db.setRange(h, 100, ...value),
    openString: (h) => db.openString(h, 1000, view),
    cutString: (h) => db.cutString(h, 1),
    'strings.read': (h) => space.strings.read(h, view),
  },
  hash: {
    hashSet: (h) => db.hashSet(h, ...field, ...value),
    hashUpdate: (h) => db.hashUpdate(h, ...field, ...value),
    hashGet: (h) => db.hashGet(h, ...field, view),
    hashDelete: (h) => db.hashDelete(h, ...field),
    hashLength: (h) => db.hashLength(h),
    hashCount: (h) => db.hashCount(h),
    hashIterator: (h) => db.hashIterator(h),
    hashScan: (h) => db.hashScan(h, 0, 10, () => undefined),
    hashRandom: (h) => db.hashRandom(h, view, new View()),
    hashExpireAt: (h) => db.hashExpireAt(h, ...field),
    hashSetExpireAt: (h) => db.hashSetExpireAt(h, ...field, space.now + 1000),
    'hashes.dictionary': (h) => space.hashes.dictionary(h),
  },
  list: {
    length: (h) => space.lists.length(h),
    push: (h) => space.lists.push(h, true, ...value),
    pop: (h) => space.lists.pop(h, true, view),
    get: (h) => space.lists.get(h, 0, view),
    set: (h) => space.lists.set(h, 0, ...value),
    removeRange: (h) => space.lists.removeRange(h, 0, 1),
    iterator: (h) => space.lists.iterator(h, 0, false),
    search: (h) => space.lists.search(h, false),
  },
  set: {
    length: (h) => space.sets.length(h),
    add: (h) => space.sets.add(h, ...value),
    has: (h) => space.sets.has(h, ...value),
    remove: (h) => space.sets.remove(h, ...value),
    iterator: (h) => space.sets.iterator(h),
  },
  zset: {
    length: (h) => space.sortedSets.length(h),
    cursor: (h) => space.sortedSets.cursor(h),
  },
  stream: {
    length: (h) => space.streams.length(h),
    lastId: (h) => space.streams.lastId(h, new StreamId()),
    remove: (h) => space.streams.remove(h, new StreamId()),
    groups: (h) => space.streams.groups(h),
    nodes: (h) => space.streams.nodes(h),
  },
};

const types = Object.keys(byType);
const cases = types.flatMap((type) => Object.keys(byType[type]!).map((name) => [type, name] as const));

describe.each(cases)('%s: %s', (type, name) => {
  const call = (h: number): unknown => byType[type]![name]!(h);

  test('refuses the handle of every other type', () => {
    for (const other of types.filter((each) => each !== type)) {
      refused('WRONG_TYPE', () => call(db.lookupWrite(...utf8(other))));
    }
  });

  test('refuses 0, a handle that was never one, and that of a removed key', () => {
    for (const h of [0, -1, 0x7ffffff8, undefined as unknown as number, 'string' as unknown as number]) {
      refused('NO_RECORD', () => call(h));
    }
    const h = db.lookupWrite(...utf8(type));
    db.delete(...utf8(type));
    while (space.lazyFree(Infinity));
    refused('NO_RECORD', () => call(h));
  });
});

describe('what takes a handle of any type', () => {
  const calls: Readonly<Record<string, (h: number) => unknown>> = {
    typeOf: (h) => db.typeOf(h),
    encodingOf: (h) => db.encodingOf(h),
    readKey: (h) => db.readKey(h, view),
    touch: (h) => db.touch(h),
    expireAt: (h) => db.expireAt(h),
    expireAtBig: (h) => db.expireAtBig(h),
    setExpireAt: (h) => db.setExpireAt(h, space.now + 1000),
    persist: (h) => db.persist(h),
    memoryUsage: (h) => db.memoryUsage(h),
    idleSeconds: (h) => db.idleSeconds(h),
    frequency: (h) => db.frequency(h),
    locate: (h) => db.locate(h),
    removeRecord: (h) => db.removeRecord(h, 'evicted'),
  };

  test.each(Object.keys(calls))('%s refuses one that is none any more', (name) => {
    const h = db.lookupWrite(...utf8('string'));
    db.delete(...utf8('string'));
    for (const each of [h, 0, -1]) refused('NO_RECORD', () => calls[name]!(each));
  });

  test.each(['setExpireAt', 'persist', 'locate', 'removeRecord'])("%s refuses another database's", (name) => {
    const other = space.databases[1]!;
    const h = other.setString(...utf8('elsewhere'), ...value, false);
    refused('NO_RECORD', () => calls[name]!(h));
  });
});

test('a write goes to the record of the handle, though another key was looked up since', () => {
  const h = db.lookupWrite(...utf8('string'));
  db.lookupRead(...utf8('integer'));
  const moved = db.setExpireAt(h, space.now + 1000);
  expect(moved).toBe(db.peek(...utf8('string')));
  expect(db.expireAt(db.peek(...utf8('integer')))).toBe(-1);
  db.lookupRead(...utf8('hash'));
  expect(db.appendString(moved, ...utf8('x'.repeat(1000)))).toBe(1004);
  db.lookupRead(...utf8('missing'));
  expect(db.persist(db.peek(...utf8('string')))).toBe(true);
  expect(db.volatileSize).toBe(0);
  audit(space);
});

test('a hash made twice is refused, and so is a record under a key that is there', () => {
  refused('KEY_EXISTS', () => db.createHash(...utf8('hash')));
  refused('KEY_EXISTS', () => db.createHash(...utf8('string')));
  refused('KEY_EXISTS', () => db.add(db.peek(...utf8('list')), ...utf8('list')));
  refused('KEY_EXISTS', () => db.put(db.peek(...utf8('list')), ...utf8('list')));
  const list = space.lists.create(...utf8('set'));
  expect(() => db.add(list, ...utf8('set'))).toThrow(StoreError);
  // It is still the caller's.
  space.freeRecord(list);
  audit(space);
});

test('a key that is due makes room for a hash', () => {
  db.setExpireAt(db.lookupWrite(...utf8('string')), space.now - 1);
  db.hashSet(db.createHash(...utf8('string')), ...field, ...value);
  expect(db.encodingOf(db.peek(...utf8('string')))).toBe('listpack');
  audit(space);
});

describe('bytes that are none', () => {
  const bad: readonly (readonly [string, readonly unknown[]])[] = [
    ['a string', ['key', 0, 3]],
    ['no length', [value[0], 0]],
    ['no offset', [value[0]]],
    ['a negative length', [value[0], 0, -1]],
    ['a negative offset', [value[0], -1, 2]],
    ['more than there is', [value[0], 3, 3]],
    ['not a number', [value[0], NaN, 1]],
  ];
  const calls: Readonly<Record<string, (b: Uint8Array, o: number, n: number) => unknown>> = {
    'setString, key': (b, o, n) => db.setString(b, o, n, ...value, false),
    'setString, value': (b, o, n) => db.setString(...utf8('new'), b, o, n, false),
    'setString over one, value': (b, o, n) => db.setString(...utf8('string'), b, o, n, false),
    setInteger: (b, o, n) => db.setInteger(b, o, n, 1, false),
    appendString: (b, o, n) => db.appendString(db.lookupWrite(...utf8('string')), b, o, n),
    createHash: (b, o, n) => db.createHash(b, o, n),
    'hashSet, field': (b, o, n) => db.hashSet(db.peek(...utf8('hash')), b, o, n, ...value),
    'hashSet, value': (b, o, n) => db.hashSet(db.peek(...utf8('hash')), ...utf8('new'), b, o, n),
    lookupRead: (b, o, n) => db.lookupRead(b, o, n),
    lookupWrite: (b, o, n) => db.lookupWrite(b, o, n),
    delete: (b, o, n) => db.delete(b, o, n),
    'rename, to': (b, o, n) => db.rename(...utf8('string'), b, o, n),
    'copy, to': (b, o, n) => db.copy(...utf8('string'), db, b, o, n),
    move: (b, o, n) => db.move(b, o, n, space.databases[1]!),
    'streams.create': (b, o, n) => space.streams.create(b, o, n),
    'lists.create': (b, o, n) => space.lists.create(b, o, n),
    'hashes.create': (b, o, n) => space.hashes.create(b, o, n),
    'sortedSets.create': (b, o, n) => space.sortedSets.create(b, o, n),
    'sets.createListpack': (b, o, n) => space.sets.createListpack(b, o, n),
  };
  test.each(Object.keys(calls))('%s', (name) => {
    for (const [, bytes] of bad) {
      refused('BAD_BYTES', () => calls[name]!(...(bytes as [Uint8Array, number, number])));
    }
  });
});

test('databases of another keyspace, and such that are not there', () => {
  const foreign = new Keyspace(options).databases[0]!;
  refused('FOREIGN', () => db.copy(...utf8('string'), foreign, ...utf8('k')));
  refused('FOREIGN', () => db.move(...utf8('string'), foreign));
  refused('FOREIGN', () => db.swapContents(foreign));
  refused('NO_RECORD', () => db.rename(...utf8('missing'), ...utf8('k')));
  expect(() => space.swapDatabases(0, 16)).toThrow(new RangeError('there is no database 16'));
  expect(() => space.swapDatabases(-1, 0)).toThrow(new RangeError('there is no database -1'));
});

test.each([
  [{ ...options, databases: 0 }, 'databases'],
  [{ ...options, databases: -1 }, 'databases'],
  [{ ...options, databases: NaN }, 'databases'],
  [{ ...options, databases: '4' }, 'databases'],
  [{ ...options, clock: undefined }, 'clock'],
  [{ ...options, clock: () => 0 }, 'clock'],
  [{ ...options, random: 0.5 }, 'random'],
  [{ ...options, hashSeed: [] }, 'hashSeed'],
  [{ ...options, hashSeed: [1, 2.5] }, 'hashSeed'],
  [{ ...options, hashSeed: undefined }, 'hashSeed'],
])('a keyspace of %o', (wrong, named) => {
  const make = (): unknown => new Keyspace(wrong as unknown as KeyspaceOptions);
  expect(make).toThrow(StoreError);
  expect(make).toThrow(named);
});
