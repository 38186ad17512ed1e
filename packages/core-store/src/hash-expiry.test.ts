import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Handle } from './arena.js';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import { ValueType } from './record.js';
import type { PartVisitor } from './tour.js';
import { View } from './view.js';

interface Field {
  value: string;
  /** 0: never. */
  at: number;
}

const KEYS = ['a', 'b', 'c'];
const FIELDS = ['', '7', 'f1', 'f2', 'f3', 'f4', 'f5', 'long field '.repeat(7), 'w'.repeat(66_000)];
const VALUES = ['', '12', 'value', 'v'.repeat(30), 'v'.repeat(31), 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(70_000)];
const TIMES = [1, 2, 5, 5, 30, 2 ** 40];
const DATABASES = 2;

/** Hashes in two databases, and what they should hold. Fields past their time stay in the model until they are removed. */
class Bench {
  now = 1_700_000_000_000;
  readonly events: string[] = [];
  model = Array.from({ length: DATABASES }, () => new Map<string, Map<string, Field>>());
  readonly space: Keyspace;
  readonly #view = new View();

  constructor() {
    this.space = new Keyspace({
      clock: { now: () => this.now, elapsed: () => 0 },
      random: chance(5),
      hashSeed: [1, 2],
      databases: DATABASES,
      listener: {
        event: (db, bytes, offset, length, _class, event) => {
          const key = text({ bytes, offset, length });
          this.events.push(`${db.index} ${key} ${event}`);
          if (event !== 'del') return;
          expect(this.model[db.index]!.get(key)!.size).toBe(0);
          this.model[db.index]!.delete(key);
        },
        removed: () => expect.unreachable(),
        fieldExpired: (db, key, ko, kn, bytes, offset, length) => {
          const fields = this.model[db.index]!.get(text({ bytes: key, offset: ko, length: kn }))!;
          const name = text({ bytes, offset, length });
          expect(this.isDue(fields.get(name)!)).toBe(true);
          fields.delete(name);
        },
        flushed: () => undefined,
      },
    });
    this.space.hashMaxListpackEntries = 5;
  }

  isDue({ at }: Field): boolean {
    return !this.space.loading && at !== 0 && at < this.now;
  }

  visible(db: Database, key: string): Map<string, Field> {
    return new Map([...(this.model[db.index]!.get(key) ?? [])].filter(([, field]) => !this.isDue(field)));
  }

  /** The hash, made if missing, and what is in it. */
  hash(db: Database, key: string): [Handle, Map<string, Field>] {
    const found = db.lookupWrite(...args(key));
    const fields = this.model[db.index]!.get(key);
    expect(found !== 0).toBe(fields !== undefined);
    if (fields !== undefined && found !== 0) return [found, fields];
    const made = new Map<string, Field>();
    this.model[db.index]!.set(key, made);
    return [db.createHash(...args(key)), made];
  }

  deleteIfEmpty(db: Database, key: string, h: Handle): void {
    const { size } = this.model[db.index]!.get(key)!;
    expect(db.hashCount(h)).toBe(size);
    if (size > 0) return;
    expect(db.delete(...args(key))).toBe(true);
    this.model[db.index]!.delete(key);
  }

  check(): void {
    for (const db of this.space.databases) {
      expect(db.size).toBe(this.model[db.index]!.size);
      for (const key of this.model[db.index]!.keys()) this.#checkHash(db, key, this.visible(db, key));
    }
  }

  #checkHash(db: Database, key: string, visible: Map<string, Field>): void {
    const h = db.peek(...args(key));
    expect(db.hashLength(h)).toBe(visible.size);
    const expected = [...visible].map(([name, { value, at }]) => [name, value, at === 0 ? -1 : at]);
    const found: unknown[] = [];
    const pairs = db.hashIterator(h);
    while (pairs.next()) found.push([text(pairs.field), text(pairs.value), pairs.expireAt]);
    expect(found.sort()).toEqual(expected.sort());
    const scanned = new Map<string, string>();
    for (let cursor = -1; cursor !== 0;) {
      cursor = db.hashScan(h, Math.max(cursor, 0), 3, (field, value) => scanned.set(text(field), text(value)));
    }
    expect(scanned).toEqual(new Map([...visible].map(([name, { value }]) => [name, value])));
    for (const name of FIELDS) {
      const field = visible.get(name);
      expect(db.hashGet(h, ...args(name), this.#view)).toBe(field !== undefined);
      if (field !== undefined) expect(text(this.#view)).toBe(field.value);
      expect(db.hashExpireAt(h, ...args(name))).toBe(field === undefined ? -2 : field.at === 0 ? -1 : field.at);
    }
    const random = new View();
    expect(db.hashRandom(h, random, this.#view)).toBe(visible.size > 0);
    if (visible.size > 0) expect(text(this.#view)).toBe(visible.get(text(random))!.value);
  }
}

type Action = (b: Bench, db: Database, key: string, field: string, x: number, y: number) => void;

const set =
  (keep: boolean): Action =>
  (b, db, key, field, x) => {
    const [h, fields] = b.hash(db, key);
    const value = VALUES[x % VALUES.length]!;
    const old = fields.get(field);
    const there = old !== undefined && !b.isDue(old);
    const done = keep
      ? db.hashUpdate(h, ...args(field), ...args(value))
      : db.hashSet(h, ...args(field), ...args(value));
    expect(done).toBe(!there);
    fields.set(field, { value, at: keep && there ? old.at : 0 });
  };

const expire: Action = (b, db, key, field, x) => {
  const old = b.visible(db, key).get(field);
  if (old === undefined) return;
  const [h] = b.hash(db, key);
  old.at = b.now + TIMES[x % TIMES.length]!;
  db.hashSetExpireAt(h, ...args(field), old.at);
};

const ACTIONS: Record<string, Action> = {
  set: set(false),
  set2: set(false),
  update: set(true),
  delete(b, db, key, field) {
    const [h, fields] = b.hash(db, key);
    const old = fields.get(field);
    const there = old !== undefined && !b.isDue(old);
    expect(db.hashDelete(h, ...args(field))).toBe(there);
    if (there) fields.delete(field);
    b.deleteIfEmpty(db, key, h);
  },
  expire,
  expireAll(b, db, key, _field, x, y) {
    for (const [i, name] of FIELDS.entries()) expire(b, db, key, name, x + i * y, y);
  },
  persist(b, db, key, field) {
    const old = b.visible(db, key).get(field);
    if (old === undefined || old.at === 0) return;
    const [h] = b.hash(db, key);
    old.at = 0;
    db.hashSetExpireAt(h, ...args(field), 0);
  },
  removeDue(b, db, key, _field, x) {
    const fields = b.model[db.index]!.get(key);
    if (fields === undefined) return;
    const [h] = b.hash(db, key);
    const due = [...fields.values()].filter((each) => b.isDue(each)).length;
    expect(b.space.hashes.hasDue(h)).toBe(due > 0);
    if (due === 0) return;
    const left = fields.size - Math.min(due, (x % 4) + 1);
    expect(db.expireFields(h, (x % 4) + 1)).toBe(left > 0);
    expect(fields.size).toBe(left);
  },
  removeIfDue(b, db, key, field) {
    const fields = b.model[db.index]!.get(key);
    if (fields === undefined || !b.space.hashes.isExpiring(db.peek(...args(key)))) return;
    const [h] = b.hash(db, key);
    const due = fields.has(field) && b.isDue(fields.get(field)!);
    const left = fields.size - (due ? 1 : 0);
    expect(db.expireField(h, ...args(field))).toBe(left > 0);
    expect(fields.size).toBe(left);
  },
  cycle(b) {
    b.space.activeExpireCycle(1);
    if (!b.space.expireEnabled) return;
    for (const fields of b.model.flatMap((keys) => [...keys.values()])) {
      expect([...fields.values()].some((field) => b.isDue(field))).toBe(false);
    }
  },
  wait(b, _db, _key, _field, x) {
    b.now += x % 8;
    b.space.readClock();
  },
  rename(b, db, key, _field, x) {
    const fields = b.model[db.index]!.get(key);
    if (fields === undefined) return;
    db.rename(...args(key), ...args(KEYS[x % 3]!));
    b.model[db.index]!.delete(key);
    b.model[db.index]!.set(KEYS[x % 3]!, fields);
  },
  copy(b, db, key, _field, x, y) {
    const target = b.space.databases[y % DATABASES]!;
    const to = KEYS[x % 3]!;
    if (target === db && to === key) return;
    const fields = b.model[db.index]!.get(key);
    expect(db.copy(...args(key), target, ...args(to))).toBe(fields !== undefined);
    if (fields === undefined) return;
    b.model[target.index]!.set(to, new Map([...fields].map(([name, field]) => [name, { ...field }])));
  },
  move(b, db, key, _field, x) {
    const target = b.space.databases[x % DATABASES]!;
    const fields = b.model[db.index]!.get(key);
    const moves = fields !== undefined && !b.model[target.index]!.has(key);
    expect(db.move(...args(key), target)).toBe(moves);
    if (!moves) return;
    b.model[db.index]!.delete(key);
    b.model[target.index]!.set(key, fields);
  },
  swap(b) {
    b.space.swapDatabases(0, 1);
    b.model.reverse();
  },
  /** A string, which the test then forgets: what is under test is what becomes of the hash. */
  overwrite(b, db, key) {
    db.setString(...args(key), ...args('x'), false);
    db.delete(...args(key));
    b.model[db.index]!.delete(key);
  },
  keyExpiry(_b, db, key, _field, x) {
    const h = db.lookupWrite(...args(key));
    if (h === 0) return;
    if (x % 2 === 0) db.setExpireAt(h, 2e15);
    else db.persist(h);
  },
  flush(b, db, _key, _field, x, y) {
    if (x % 3 > 0) return;
    b.space.flush(y % 4 === 0 ? undefined : db, x % 2 === 0);
    for (const each of b.space.databases) if (y % 4 === 0 || each === db) b.model[each.index]!.clear();
  },
  limits(b, _db, _key, _field, x) {
    b.space.hashMaxListpackEntries = [0, 5, 5, 100][x % 4]!;
    b.space.hashMaxListpackValue = [64, 64, 100_000][x % 3]!;
  },
  lazyFree(b) {
    b.space.lazyFree(0);
  },
  hide(b, _db, _key, _field, x) {
    b.space.expireEnabled = x % 3 !== 0;
  },
  load(b, _db, _key, _field, x) {
    b.space.loading = x % 4 === 0;
  },
};

describe('a hash with fields that expire', () => {
  it('agrees with a model after any steps, and everything it reaches is everything in the arena', () => {
    const step = fc.tuple(
      fc.oneof(
        fc.constantFrom(...Object.keys(ACTIONS)),
        fc.constantFrom('set', 'expire', 'expire', 'expireAll', 'wait', 'removeDue'),
      ),
      fc.nat({ max: DATABASES - 1 }),
      fc.constantFrom(...KEYS),
      fc.constantFrom(...FIELDS),
      fc.nat({ max: 1000 }),
      fc.nat({ max: 1000 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const b = new Bench();
        for (const [action, db, key, field, x, y] of steps) {
          ACTIONS[action]!(b, b.space.databases[db]!, key, field, x, y);
          b.check();
        }
        b.space.lazyFree(Infinity);
        audit(b.space);
        const sum = b.space.databases.flatMap((db) => KEYS.map((key) => db.peek(...args(key))));
        for (const h of sum.filter((each) => each !== 0)) expect(b.space.records.type(h)).toBe(ValueType.hash);
        b.space.flush(b.space.databases[0], false);
        b.space.flush(b.space.databases[1], false);
        audit(b.space);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['listpackex', 4],
    ['hashtable', 600],
  ])('is a %s, its memory counted to the byte, and free when it is deleted', (name, fields) => {
    const { space } = new Bench();
    space.hashMaxListpackEntries = 512;
    const db = space.databases[0]!;
    const h = db.createHash(...args('h'));
    db.hashSet(h, ...args('f'), ...args('v'));
    db.hashSetExpireAt(h, ...args('f'), 2e12);
    const empty = space.usedMemory - db.memoryUsage(h);
    for (let i = 0; i < fields; i++) {
      db.hashSet(h, ...args(`f${i}`), ...args('v'));
      if (i % 3 > 0) db.hashSetExpireAt(h, ...args(`f${i}`), 2e12 + i);
      expect(space.usedMemory - db.memoryUsage(h)).toBe(empty);
    }
    expect(db.encodingOf(h)).toBe(name);
    for (let i = 0; i < fields; i += 2) db.hashSetExpireAt(h, ...args(`f${i}`), 0);
    expect(space.usedMemory - db.memoryUsage(h)).toBe(empty);
    expect(db.encodingOf(h)).toBe(name);
    db.delete(...args('h'));
    space.lazyFree(Infinity);
    audit(space);
    // What belonged to the key's slot.
    expect(empty - space.usedMemory).toBe(-5);
  });
});

describe('fields that expire in great numbers', () => {
  const FIELDS = 20_000;

  function filled(): { space: Keyspace; tick: (step: number) => void; gone: Set<string> } {
    let now = 1e12;
    let elapsed = 0;
    let step = 0;
    const gone = new Set<string>();
    const space = new Keyspace({
      clock: { now: () => now, elapsed: () => (elapsed += step) },
      random: chance(2),
      hashSeed: [1, 2],
      listener: {
        event: () => undefined,
        removed: () => expect.unreachable(),
        fieldExpired: (db, key, ko, kn, field, fo, fn) =>
          gone.add(
            `${db.index} ${text({ bytes: key, offset: ko, length: kn })} ${text({ bytes: field, offset: fo, length: fn })}`,
          ),
        flushed: () => undefined,
      },
    });
    for (const [index, key, fields, every] of [
      [0, 'big', FIELDS, 1],
      [1, 'half', FIELDS, 2],
      [1, 'small', 10, 1],
    ] as const) {
      const db = space.databases[index]!;
      const h = db.createHash(...args(key));
      for (let i = 0; i < fields; i++) {
        db.hashSet(h, ...args(`f${i}`), ...args('v'));
        if (i % every === 0) db.hashSetExpireAt(h, ...args(`f${i}`), now + 1 + (i % 7));
      }
    }
    const tick = (perLook: number): void => {
      now += 10;
      step = perLook;
      space.readClock();
    };
    return { space, tick, gone };
  }

  it('go in slices that keep to their time, each once, those of no database before those of others', () => {
    const { space, tick, gone } = filled();
    tick(1);
    space.activeExpireCycle(20);
    const first = space.stats.expiredFields;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(FIELDS / 10);
    expect(space.expiryCycle.timeLimitReached).toBe(1);
    space.activeExpireCycle(20);
    expect([...gone].some((name) => name.startsWith('1 '))).toBe(true);
    let cycles = 2;
    for (; space.stats.expiredFields < FIELDS * 1.5 + 10; cycles++) space.activeExpireCycle(20);
    expect(cycles).toBeGreaterThan(10);
    expect(gone.size).toBe(FIELDS * 1.5 + 10);
    expect(space.databases.map((db) => db.size).slice(0, 2)).toEqual([0, 1]);
    expect(space.databases[1]!.hashLength(space.databases[1]!.peek(...args('half')))).toBe(FIELDS / 2);
    space.lazyFree(Infinity);
    audit(space);
  });

  it('are shown by a snapshot as they were, though they go meanwhile', () => {
    const { space, tick } = filled();
    const lengths = new Map<string, number>();
    const nameOf = (record: Handle): string => {
      const view = new View();
      space.records.readKey(record, view);
      return text(view);
    };
    const snapshot = space.beginSnapshot({
      record: (_db, record) => {
        // Walked with the records alone: the time has come for the fields, but they are still there.
        space.loading = true;
        lengths.set(nameOf(record), space.hashes.length(record));
        space.loading = false;
      },
      parts: (_db, record) => {
        const name = nameOf(record);
        lengths.set(name, 0);
        const pair = (): void => void lengths.set(name, lengths.get(name)! + 1);
        return Object.assign(Object.create(null) as PartVisitor, { pair, end: () => undefined });
      },
    });
    tick(0);
    space.activeExpireCycle(20);
    expect(space.stats.expiredFields).toBe(FIELDS * 1.5 + 10);
    while (!snapshot.step(() => true));
    expect(lengths).toEqual(
      new Map([
        ['big', FIELDS],
        ['half', FIELDS],
        ['small', 10],
      ]),
    );
  });
});
