import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, bytes, chance, text } from './bytes.fixture.js';
import { EventClass } from './event-class.js';
import { Keyspace, type KeyspaceOptions } from './keyspace.js';
import { Album } from './tour.fixture.js';
import { View } from './view.js';
import { utf8 } from './utf8.js';

const make = (options: Partial<KeyspaceOptions> = {}): Keyspace =>
  new Keyspace({ clock: { now: () => 1e12 }, random: chance(1), hashSeed: [1, 2], ...options });

function fill(space: Keyspace, db: number, keys: number, fields: number): void {
  const database = space.databases[db]!;
  for (let i = 0; i < keys; i++) {
    database.setString(...args(`k${i}`), ...args('x'.repeat(i % 100)), false);
    if (i % 50 !== 0) continue;
    const h = database.createHash(...args(`h${i}`));
    for (let f = 0; f < fields; f++) database.hashSet(h, ...args(`f${f}`), ...args('value'));
    database.setExpireAt(h, 2e12);
  }
}

describe('a keyspace', () => {
  it('has 16 databases, or as many as are asked for', () => {
    expect(make().databases.map((db) => db.index)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    const two = make({ databases: 2 });
    expect(two.databases.length).toBe(2);
    expect(() => two.swapDatabases(0, 2)).toThrow(RangeError);
  });

  it('tells its listener of changes and flushes, and counts changes', () => {
    const heard: string[] = [];
    const space = make({
      listener: {
        event: (db, b, o, n, c, event) =>
          heard.push(`${db.index} ${text({ bytes: b, offset: o, length: n })} ${c} ${event}`),
        removed: () => expect.unreachable(),
        fieldExpired: () => expect.unreachable(),
        flushed: (db) => heard.push(`flushed ${db?.index ?? 'all'}`),
      },
    });
    space.changed(space.databases[2]!, ...args('key'), EventClass.string, 'set');
    space.flush(space.databases[1], false);
    space.flush(undefined, true);
    expect(heard).toEqual(['2 key 8 set', 'flushed 1', 'flushed all']);
    expect(space.dirty).toBe(1);
  });

  it('is back at its first byte when all keys are deleted, one after the other', () => {
    const space = make();
    const empty = space.usedMemory;
    fill(space, 0, 3000, 600);
    audit(space);
    const keys: string[] = [];
    const view = new View();
    space.databases[0]!.forEach((h) => {
      space.databases[0]!.readKey(h, view);
      keys.push(text(view));
    });
    expect(keys.length).toBe(3060);
    for (const key of keys) expect(space.databases[0]!.delete(...args(key))).toBe(true);
    expect(space.lazyFreePending).toBe(60);
    expect(space.lazyFree(Infinity)).toBe(false);
    audit(space);
    // The directories alone keep their size.
    expect(space.usedMemory - empty).toBeLessThan(100);
    space.flush(undefined, false);
    expect(space.usedMemory).toBe(empty);
  });

  it('flushes one database at once, or in slices that keep to their time', () => {
    for (const lazy of [false, true]) {
      let elapsed = 0;
      const space = make({ clock: { now: () => 1e12, elapsed: () => elapsed++ } });
      fill(space, 1, 500, 10);
      const kept = space.usedMemory;
      fill(space, 0, 3000, 600);
      const full = space.usedMemory;
      space.flush(space.databases[0], lazy);
      expect(space.databases[0]!.size).toBe(0);
      expect(space.databases[1]!.size).toBe(510);
      let slices = 0;
      let before = space.usedMemory;
      if (lazy) expect(before).toBeGreaterThan(full);
      while (space.lazyFree(3)) {
        slices++;
        expect(space.usedMemory).toBeLessThan(before);
        before = space.usedMemory;
      }
      expect(slices > 10).toBe(lazy);
      expect(space.usedMemory).toBe(kept);
      audit(space);
    }
  });

  it('frees deleted values while a snapshot runs, when they have been shown, and flushed databases after it', () => {
    const space = make();
    fill(space, 0, 100, 600);
    fill(space, 1, 100, 600);
    const snapshot = space.beginSnapshot(new Album(space));
    space.flush(space.databases[1], true);
    const hash = space.databases[0]!.memoryUsage(space.databases[0]!.peek(...args('h50')));
    space.databases[0]!.delete(...args('h50'));
    expect(space.lazyFree(Infinity)).toBe(true);
    const flushed = space.usedMemory;
    let isOver = false;
    while (!isOver && flushed - space.usedMemory < hash * 0.95) {
      isOver = snapshot.step(() => true);
      space.lazyFree(Infinity);
    }
    expect(isOver).toBe(false);
    expect(space.lazyFreePending).toBe(2);
    while (!snapshot.step(() => true));
    expect(space.lazyFree(Infinity)).toBe(false);
    audit(space);
  });

  it('tells the size of a big value from some of its elements, of a small one exactly', () => {
    const space = make();
    const db = space.databases[0]!;
    const member = (i: number): [Uint8Array, number, number] => args(`member ${i + 1_000_000}`);
    for (const elements of [50, 20_000]) {
      const hash = space.hashes.create(...args('hash'));
      const set = space.sets.create(...args('set'));
      const sortedSet = space.sortedSets.create(...args('sorted set'));
      const list = space.lists.create(...args('list'));
      for (let i = 0; i < elements; i++) {
        space.hashes.set(hash, ...member(i), ...args('value'));
        space.sets.add(set, ...member(i));
        space.sortedSets.set(sortedSet, ...member(i), i);
        space.lists.push(list, false, ...member(i));
      }
      for (const h of [hash, set, sortedSet, list]) {
        const exact = db.memoryUsage(h);
        const told = db.memoryUsage(h, 5);
        if (elements === 50) expect(told).toBe(exact);
        expect(Math.abs(told - exact)).toBeLessThan(exact * 0.03);
      }
    }
  });

  it('scans a database whole, about as many keys per call as are asked for', () => {
    const space = make();
    fill(space, 0, 2000, 1);
    const db = space.databases[0]!;
    const seen = new Set<number>();
    let cursor = 0;
    let calls = 0;
    do {
      let visited = 0;
      cursor = db.scan(cursor, 50, (h) => {
        visited++;
        seen.add(h);
      });
      expect(visited).toBeLessThan(50 + 40);
      calls++;
    } while (cursor !== 0);
    expect(seen.size).toBe(2040);
    expect(calls).toBeGreaterThan(2040 / 90);
  });

  it('does not look for a random key for ever when all are due and none may be removed', () => {
    let now = 1e12;
    const space = make({ clock: { now: () => now } });
    const db = space.databases[0]!;
    db.setExpireAt(db.setString(...args('k'), ...args('v'), false), now + 1);
    now += 2;
    space.readClock();
    space.expireEnabled = false;
    expect(db.randomKey()).not.toBe(0);
    space.expireEnabled = true;
    expect(db.randomKey()).toBe(0);
    expect(db.size).toBe(0);
  });

  it('takes text through utf8() and gives it through View.text()', () => {
    const space = make();
    const db = space.databases[0]!;
    db.setString(...utf8('ключ'), ...utf8('значение €'), false);
    const view = new View();
    db.readString(db.lookupRead(...utf8('ключ')), view);
    expect(view.text()).toBe('значение €');
    expect(view.copy()).toEqual(bytes(Buffer.from('значение €').toString('latin1')));
  });
});
