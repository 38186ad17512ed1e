/** Big values while a snapshot shows them: whatever is written to them, it shows them as they were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Handle } from './arena.js';
import { audit } from './audit.fixture.js';
import { args, bytes, chance } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Int64 } from './int64.js';
import { Keyspace } from './keyspace.js';
import { ValueType } from './record.js';
import { StreamGroup } from './stream-groups.js';
import { StreamId } from './stream-id.js';
import { Album, contents } from './tour.fixture.js';
import { View } from './view.js';

const NOW = 1_700_000_000_000;
const view = new View();

const idOf = (ms: number): StreamId => new StreamId().setNumbers(ms, 0);

function make(): Keyspace {
  const space = new Keyspace({
    clock: { now: () => NOW, elapsed: () => 0 },
    random: chance(5),
    hashSeed: [1, 2],
    databases: 2,
  });
  space.hashMaxListpackEntries = 4;
  space.setMaxIntsetEntries = 4;
  space.setMaxListpackEntries = 4;
  space.zsetMaxListpackEntries = 4;
  space.listMaxListpackSize = 5;
  space.streamNodeMaxEntries = 7;
  return space;
}

// ── what is done to a value of each type; `x` and `y` say to which element, and how ────────────────────────────────────

type Action = (space: Keyspace, db: Database, h: Handle, x: number, y: number) => void;

const member = (x: number): string => (x % 9 === 0 ? `long member ${x} `.repeat(8) : `m${x}`);

function append(space: Keyspace, h: Handle, ms: number): void {
  const all = bytes('fieldvalue');
  space.streams.append(h, idOf(ms), all, Int32Array.of(0, 5), Int32Array.of(5, 5), 0, 2);
}

function lastMs(space: Keyspace, h: Handle): number {
  const id = new StreamId();
  space.streams.lastId(h, id);
  return id.ms;
}

const hash: Record<string, Action> = {
  set: (space, _, h, x, y) =>
    void space.hashes.set(h, ...args(member(x)), ...args(y % 3 === 0 ? 'z'.repeat(y) : `${y}`)),
  update: (space, _, h, x, y) => void space.hashes.setKeepingExpiry(h, ...args(member(x)), ...args(`${y}`)),
  remove: (space, _, h, x) => void space.hashes.delete(h, ...args(member(x))),
  expire: (space, db, h, x, y) => {
    if (!space.hashes.get(h, ...args(member(x)), view)) return;
    db.hashSetExpireAt(h, ...args(member(x)), y % 4 === 0 ? 0 : NOW + 1000 + y);
  },
};

const set: Record<string, Action> = {
  add: (space, _, h, x) => void space.sets.add(h, ...args(member(x))),
  remove: (space, _, h, x) => void space.sets.remove(h, ...args(member(x))),
  pop: (space, _, h) => {
    if (space.sets.length(h) === 0) return;
    space.sets.random(h, view);
    space.sets.removeDrawn(h);
  },
};

const sortedSet: Record<string, Action> = {
  set: (space, _, h, x, y) => void space.sortedSets.set(h, ...args(member(x)), y % 17),
  step: (space, _, h, x) => void space.sortedSets.add(h, ...args(member(x)), 0.001, 16),
  remove: (space, _, h, x) => void space.sortedSets.remove(h, ...args(member(x))),
  removeRange: (space, _, h, x, y) => {
    const length = space.sortedSets.length(h);
    const start = Math.min(x, length);
    space.sortedSets.removeRange(h, start, Math.min(y % 40, length - start));
  },
  // Where the tour stands.
  moveNext: (space, _, h, x, y) => {
    const cursor = space.sortedSets.cursor(h);
    if (cursor.seek(64 * (x % 4))) space.sortedSets.set(h, cursor.member.copy(), 0, cursor.member.length, y % 17);
  },
  removeNext: (space, _, h, x) => {
    const start = 64 * (x % 4);
    if (space.sortedSets.length(h) > start) space.sortedSets.removeRange(h, start, 1);
  },
};

const list: Record<string, Action> = {
  push: (space, _, h, x, y) => void space.lists.push(h, y % 2 === 0, ...args(member(x))),
  pop: (space, _, h, __, y) => void space.lists.pop(h, y % 2 === 0, view),
  popMany: (space, _, h, x, y) => {
    for (let i = x % 30; i > 0; i--) space.lists.pop(h, y % 2 === 0, view);
  },
  set: (space, _, h, x, y) => void space.lists.set(h, x, ...args(member(y))),
  insert: (space, _, h, x, y) => {
    const { lists } = space;
    lists.willGrow(h, 20, 1);
    lists.search(h, false);
    if (lists.searchNext(...args(member(x)), Infinity) >= 0)
      lists.insertBesideFound(h, y % 2 === 0, ...args(`new ${y}`));
  },
  removeFound: (space, _, h, x, y) => {
    const { lists } = space;
    lists.search(h, y % 2 === 0);
    for (let i = 0; i < 3 && lists.searchNext(...args(member(x)), Infinity) >= 0; i++) lists.removeFound(h);
    lists.searchEnded(h);
  },
  removeRange: (space, _, h, x, y) => {
    const length = space.lists.length(h);
    const start = Math.min(x, length);
    space.lists.removeRange(h, start, Math.min(y, length - start));
  },
  trim: (space, _, h, x) => {
    const length = space.lists.length(h);
    space.lists.removeRange(h, 0, Math.min(x, length));
  },
};

const stream: Record<string, Action> = {
  append: (space, _, h, x) => append(space, h, lastMs(space, h) + 1 + (x % 3)),
  remove: (space, _, h, x) => void space.streams.remove(h, idOf(x + 1)),
  trim: (space, _, h, x, y) => void space.streams.trimToLength(h, x, y % 2 === 0, 0),
  trimToId: (space, _, h, x, y) => void space.streams.trimToId(h, idOf(x), y % 2 === 0, 0),
  goBack: (space, _, h) => {
    // As XSETID, which may go below what was deleted: then the ids of old nodes come again.
    const first = new StreamId();
    space.streams.firstId(h, first);
    if (space.streams.length(h) === 0) space.streams.setLastId(h, idOf(3));
  },
  figures: (space, _, h, x) => {
    const count = new Int64();
    count.setNumber(x);
    space.streams.setEntriesAdded(h, count);
    space.streams.setMaxDeletedId(h, idOf(x));
  },
  group: (space, _, h, x, y) => {
    const groups = space.streams.groups(h);
    const name = `g${x % 3}`;
    if (y % 5 === 0) groups.delete(name);
    else if (!groups.has(name)) groups.set(name, new StreamGroup(name, idOf(x), BigInt(y)));
    else groups.get(name)?.lastId.copy(idOf(y));
  },
  deliver: (space, _, h, x, y) => {
    const group = space.streams.groups(h).get(`g${x % 3}`);
    if (group === undefined) return;
    const consumer = group.consumers.get(`c${y % 3}`) ?? group.addConsumer(`c${y % 3}`, NOW);
    const entry = group.pending.find(idOf(x));
    if (entry === undefined) group.deliver(idOf(x), consumer, NOW + y, BigInt(y));
    else if (y % 2 === 0) group.redeliver(entry, y, 5n);
    else group.assign(entry, consumer);
  },
  acknowledge: (space, _, h, x) =>
    void space.streams
      .groups(h)
      .get(`g${x % 3}`)
      ?.acknowledge(idOf(x)),
  removeConsumer: (space, _, h, x, y) => {
    const group = space.streams.groups(h).get(`g${x % 3}`);
    const consumer = group?.consumers.get(`c${y % 3}`);
    if (y % 7 === 0 && consumer !== undefined) group?.removeConsumer(consumer);
  },
};

const actionsOf = new Map<number, Record<string, Action>>([
  [ValueType.hash, hash],
  [ValueType.set, set],
  [ValueType.zset, sortedSet],
  [ValueType.list, list],
  [ValueType.stream, stream],
]);
const TYPES = [ValueType.hash, ValueType.set, ValueType.zset, ValueType.list, ValueType.stream];

function isEmpty(space: Keyspace, h: Handle): boolean {
  switch (space.records.type(h)) {
    case ValueType.hash:
      return space.hashes.count(h) === 0;
    case ValueType.set:
      return space.sets.length(h) === 0;
    case ValueType.zset:
      return space.sortedSets.length(h) === 0;
    case ValueType.list:
      return space.lists.length(h) === 0;
    default:
      return false;
  }
}

const key = (x: number): string => `key${x % 7}`;

function create(space: Keyspace, type: number, name: string): Handle {
  switch (type) {
    case ValueType.hash:
      return space.hashes.create(...args(name));
    case ValueType.set:
      return space.sets.create(...args(name));
    case ValueType.zset:
      return space.sortedSets.create(...args(name));
    case ValueType.list:
      return space.lists.create(...args(name));
    default:
      return space.streams.create(...args(name));
  }
}

/** Makes a value of so many elements in a database, in the place of what is there. */
function build(space: Keyspace, db: Database, name: string, type: number, elements: number): void {
  db.delete(...args(name));
  const h = create(space, type, name);
  db.add(h, ...args(name));
  if (type === ValueType.stream) space.streams.groups(h).set('g0', new StreamGroup('g0', idOf(0), 0n));
  for (let i = 1; i <= elements; i++) {
    if (type === ValueType.hash) hash.set!(space, db, h, i, i);
    if (type === ValueType.hash && i % 5 === 0 && elements % 2 === 0) {
      db.lookupWrite(...args(name));
      hash.expire!(space, db, h, i, i);
    }
    if (type === ValueType.set) set.add!(space, db, h, i, 0);
    if (type === ValueType.zset) sortedSet.set!(space, db, h, i, i);
    if (type === ValueType.list) list.push!(space, db, h, i, 1);
    if (type !== ValueType.stream) continue;
    append(space, h, i);
    if (i % 3 === 0) stream.deliver!(space, db, h, i, i);
  }
}

/** One step of the test: what to do, where, and two numbers. */
type Step = readonly [action: keyof typeof WHOLE, db: number, x: number, y: number];

/** What is done to whole keys; `write` is one of the actions above. */
const WHOLE = {
  write(space: Keyspace, db: Database, x: number, y: number): void {
    const name = key(x);
    const h = db.lookupWrite(...args(name));
    const actions = Object.values(h === 0 ? {} : (actionsOf.get(space.records.type(h)) ?? {}));
    const action = actions[y % actions.length];
    if (action === undefined) return;
    action(space, db, h, x >>> 3, y >>> 4);
    if (isEmpty(space, h)) db.delete(...args(name));
  },
  rename(_: Keyspace, db: Database, x: number, y: number): void {
    if (db.peek(...args(key(x))) !== 0 && key(x) !== key(y)) db.rename(...args(key(x)), ...args(key(y)));
  },
  copy(space: Keyspace, db: Database, x: number, y: number): void {
    const target = space.databases[y & 1]!;
    if (target !== db || key(x) !== key(y)) db.copy(...args(key(x)), target, ...args(key(y)));
  },
  move(space: Keyspace, db: Database, x: number): void {
    if (db.index === 0) db.move(...args(key(x)), space.databases[1]!);
  },
  delete: (_: Keyspace, db: Database, x: number) => void db.delete(...args(key(x))),
  overwrite: (_: Keyspace, db: Database, x: number) => void db.setString(...args(key(x)), ...args('string'), false),
  build: (space: Keyspace, db: Database, x: number, y: number) => build(space, db, key(x), TYPES[y % 5]!, x % 200),
  expire(_: Keyspace, db: Database, x: number, y: number): void {
    const h = db.lookupWrite(...args(key(x)));
    if (h !== 0) db.setExpireAt(h, NOW + 10 + y);
  },
  persist(_: Keyspace, db: Database, x: number): void {
    const h = db.lookupWrite(...args(key(x)));
    if (h !== 0) db.persist(h);
  },
  flush: (space: Keyspace, db: Database, x: number, y: number) => {
    if (x % 4 === 0) space.flush(y % 2 === 0 ? db : undefined, y % 3 === 0);
  },
  swap: (space: Keyspace) => space.swapDatabases(0, 1),
  free: (space: Keyspace) => void space.lazyFree(Infinity),
};

const step = fc.tuple(
  fc.oneof(
    { weight: 20, arbitrary: fc.constant('write' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...(Object.keys(WHOLE) as (keyof typeof WHOLE)[])) },
  ),
  fc.nat({ max: 1 }),
  fc.nat({ max: 2000 }),
  fc.nat({ max: 2000 }),
);

function run(space: Keyspace, [action, db, x, y]: Step): void {
  WHOLE[action](space, space.databases[db]!, x, y);
}

describe('a tour', () => {
  it('shows a big value once, as it was, whatever is done to it and its key meanwhile', () => {
    const plan = fc.record({
      elements: fc.integer({ min: 130, max: 400 }),
      steps: fc.array(step, { maxLength: 200, size: 'max' }),
      slice: fc.integer({ min: 1, max: 20 }),
      ended: fc.boolean(),
    });
    fc.assert(
      fc.property(plan, ({ elements, steps, slice, ended }) => {
        const space = make();
        for (const [i, type] of TYPES.entries()) build(space, space.databases[i & 1]!, key(i), type, elements);
        for (let round = 0; round < 2; round++) {
          const before = contents(space);
          const album = new Album(space);
          const snapshot = space.beginSnapshot(album);
          for (const [i, each] of steps.entries()) {
            run(space, each);
            if (i % slice === 0) snapshot.step(() => true);
          }
          if (ended && round === 0) {
            snapshot.end();
            continue;
          }
          while (!snapshot.step(() => true));
          expect(album.contents).toEqual(before);
        }
        space.lazyFree(Infinity);
        audit(space);
      }),
      { numRuns: 150 },
    );
  });
});
