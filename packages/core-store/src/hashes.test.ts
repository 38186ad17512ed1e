import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import { View } from './view.js';

const make = (): { space: Keyspace; db: Database } => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2] });
  return { space, db: space.databases[0]! };
};

const encoding = (db: Database, key: string): string => db.encodingOf(db.peek(...args(key)));

function read(db: Database, key: string): Map<string, string> {
  const found = new Map<string, string>();
  const pairs = db.hashIterator(db.peek(...args(key)));
  while (pairs.next()) found.set(text(pairs.field), text(pairs.value));
  return found;
}

describe('a hash', () => {
  it('is a listpack up to the number of fields that is set, then a dictionary, and stays one', () => {
    const { db } = make();
    const h = db.createHash(...args('h'));
    for (let i = 0; i < 512; i++) db.hashSet(h, ...args(`f${i}`), ...args(`v${i}`));
    expect(encoding(db, 'h')).toBe('listpack');
    db.hashSet(h, ...args('f0'), ...args('again'));
    expect(encoding(db, 'h')).toBe('listpack');
    db.hashSet(h, ...args('one more'), ...args('v'));
    expect(encoding(db, 'h')).toBe('hashtable');
    expect(db.hashLength(h)).toBe(513);
    for (let i = 1; i < 512; i++) expect(db.hashDelete(h, ...args(`f${i}`))).toBe(true);
    expect(encoding(db, 'h')).toBe('hashtable');
    expect(read(db, 'h')).toEqual(
      new Map([
        ['f0', 'again'],
        ['one more', 'v'],
      ]),
    );
  });

  it.each([
    ['field', 'f'.repeat(65), 'v'],
    ['value', 'f', 'v'.repeat(65)],
  ])('becomes a dictionary with a %s of more than 64 bytes', (_, field, value) => {
    const { space, db } = make();
    const h = db.createHash(...args('h'));
    db.hashSet(h, ...args('f'.repeat(64)), ...args('v'.repeat(64)));
    db.hashSet(h, ...args('12'), ...args('-7'));
    expect(encoding(db, 'h')).toBe('listpack');
    db.hashSet(h, ...args(field), ...args(value));
    expect(encoding(db, 'h')).toBe('hashtable');
    expect(read(db, 'h')).toEqual(
      new Map([
        ['f'.repeat(64), 'v'.repeat(64)],
        ['12', '-7'],
        [field, value],
      ]),
    );
    audit(space);
  });

  it('agrees with a map in either encoding, its memory counted to the byte', () => {
    const step = fc.tuple(
      fc.boolean(),
      fc.nat({ max: 60 }).map((n) => (n % 3 === 0 ? String(n) : `field${n}`)),
      fc.oneof(
        fc.integer({ min: -70000, max: 70000 }).map(String),
        fc.tuple(fc.nat({ max: 60 }), fc.constantFrom('a', '\xff')).map(([n, c]) => c.repeat(n)),
        fc.constantFrom('x'.repeat(65535), 'y'.repeat(65536), 'z'.repeat(100_000)),
      ),
    );
    const limit = fc.constantFrom(0, 10, 1000);
    fc.assert(
      fc.property(limit, fc.array(step, { maxLength: 100, size: 'max' }), (most, list) => {
        const { space, db } = make();
        space.hashMaxListpackEntries = most;
        space.hashMaxListpackValue = most === 1000 ? 200_000 : 64;
        const empty = space.usedMemory;
        const model = new Map<string, string>();
        const view = new View();
        const h = db.createHash(...args('h'));
        for (const [set, field, value] of list) {
          expect(db.hashGet(h, ...args(field), view)).toBe(model.has(field));
          if (model.has(field)) expect(text(view)).toBe(model.get(field));
          if (set) expect(db.hashSet(h, ...args(field), ...args(value))).toBe(!model.has(field));
          else expect(db.hashDelete(h, ...args(field))).toBe(model.has(field));
          if (set) model.set(field, value);
          else model.delete(field);
          expect(db.hashLength(h)).toBe(model.size);
          expect(space.usedMemory - empty).toBe(db.memoryUsage(h) - 5);
        }
        expect(read(db, 'h')).toEqual(model);
        expect(db.copy(...args('h'), db, ...args('copy'))).toBe(true);
        db.delete(...args('h'));
        space.lazyFree(Infinity);
        audit(space);
        if (model.size > 0) expect(read(db, 'copy')).toEqual(model);
        db.delete(...args('copy'));
        space.lazyFree(Infinity);
        expect(space.usedMemory).toBe(empty);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['listpack', 40],
    ['hashtable', 600],
  ])('as a %s is scanned whole, fields that come and go in between aside', (name, fields) => {
    const { db } = make();
    const h = db.createHash(...args('h'));
    for (let i = 0; i < fields; i++) db.hashSet(h, ...args(`stay${i}`), ...args(String(i)));
    expect(encoding(db, 'h')).toBe(name);
    const seen = new Map<string, string>();
    let cursor = 0;
    let round = 0;
    do {
      let visited = 0;
      cursor = db.hashScan(h, cursor, 10, (field, value) => {
        visited++;
        seen.set(text(field), text(value));
      });
      expect(visited).toBeLessThanOrEqual(name === 'listpack' ? 40 : 60);
      if (name === 'listpack') continue;
      for (let i = 0; i < 300; i++) {
        if (round % 4 < 2) db.hashSet(h, ...args(`go${(round % 2) * 300 + i}`), ...args('x'));
        else db.hashDelete(h, ...args(`go${(round % 2) * 300 + i}`));
      }
      round++;
    } while (cursor !== 0);
    for (let i = 0; i < fields; i++) expect(seen.get(`stay${i}`)).toBe(String(i));
  });

  it.each([
    ['listpack', 50, 64],
    ['hashtable', 50, 1],
  ])('as a %s draws its pairs with the same probability', (name, fields, longest) => {
    const { space, db } = make();
    space.hashMaxListpackValue = longest;
    const h = db.createHash(...args('h'));
    for (let i = 0; i < fields; i++) db.hashSet(h, ...args(`f${i}`), ...args(String(i)));
    expect(encoding(db, 'h')).toBe(name);
    const counts = new Array<number>(fields).fill(0);
    const [field, value] = [new View(), new View()];
    const draws = 10_000;
    for (let i = 0; i < draws; i++) {
      db.hashRandom(h, field, value);
      if (text(field) !== `f${text(value)}`) throw new Error('a value of another field');
      counts[Number(text(value))]!++;
    }
    // 49 degrees of freedom: beyond 85.4 with a probability of 0.001.
    expect(counts.reduce((sum, n) => sum + (n - draws / fields) ** 2 / (draws / fields), 0)).toBeLessThan(85.4);
  });
});
