import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, bytes, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import { View } from './view.js';

const MB = 1024 * 1024;

const make = (): { space: Keyspace; db: Database } => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(1), hashSeed: [1, 2] });
  return { space, db: space.databases[0]! };
};

const get = (db: Database, key: string): string | undefined => {
  const h = db.lookupRead(...args(key));
  if (h === 0) return undefined;
  const view = new View();
  db.readString(h, view);
  expect(db.stringLength(h)).toBe(view.length);
  return text(view);
};

describe('a string', () => {
  it.each([
    ['int', '0', '-1', '9223372036854775807', '-9223372036854775808'],
    ['embstr', '', '01', '-0', '+1', '9223372036854775808', '1.0', 'x'.repeat(44)],
    ['raw', 'x'.repeat(45), '1'.repeat(45), 'y'.repeat(65535), 'z'.repeat(65536), 'w'.repeat(2 * MB)],
  ])('is encoded as %s when its value suits that', (encoding, ...values) => {
    const { space, db } = make();
    const empty = space.usedMemory;
    for (const value of values) {
      for (const before of ['', '17', 'x'.repeat(60), 'z'.repeat(70000)]) {
        db.setString(...args('k'), ...args(before), false);
        const h = db.setString(...args('k'), ...args(value), false);
        expect(db.encodingOf(h)).toBe(encoding);
        expect(get(db, 'k')).toBe(value);
        expect(space.usedMemory - empty).toBe(db.memoryUsage(h) - 5);
      }
    }
    audit(space);
  });

  it('stays text when it is set as text, and is "raw" when part of it was written', () => {
    const { db } = make();
    expect(db.encodingOf(db.setText(...args('k'), ...args('12'), false))).toBe('embstr');
    for (const value of ['12', 'abc']) {
      db.setString(...args('k'), ...args(value), false);
      expect(db.appendString(db.lookupWrite(...args('k')), ...args('3'))).toBe(value.length + 1);
      expect(db.encodingOf(db.peek(...args('k')))).toBe('raw');
      expect(get(db, 'k')).toBe(`${value}3`);
    }
  });

  it('grows by appends from nothing to beyond a megabyte, with an eighth of room ahead at most', () => {
    const { space, db } = make();
    db.setString(...args('k'), ...args(''), false);
    let expected = '';
    let moves = 0;
    let before = space.usedMemory;
    for (let i = 0; i < 1300; i++) {
      const piece = String(i % 10).repeat(i < 300 ? 1 + (i % 7) : 1 + (i % 2000));
      expected += piece;
      expect(db.appendString(db.lookupWrite(...args('k')), ...args(piece))).toBe(expected.length);
      if (space.usedMemory !== before) moves++;
      before = space.usedMemory;
    }
    for (let i = 0; i < 5; i++) {
      const piece = 'end'.repeat(30_000);
      expected += piece;
      db.appendString(db.lookupWrite(...args('k')), ...args(piece));
    }
    expect(expected.length).toBeGreaterThan(MB);
    expect(get(db, 'k')).toBe(expected);
    expect(moves).toBeLessThan(260);
    expect(db.memoryUsage(db.peek(...args('k')))).toBeLessThan(expected.length * 1.13 + 9000);
    audit(space);
  });

  it('is filled up with zeros when it is written beyond its end', () => {
    for (const start of ['', 'abc', '77', 'm'.repeat(65_000), 'n'.repeat(80_000)]) {
      for (const at of [0, 2, 10, 65_534, 65_535, 65_536, 100_000, MB + 5]) {
        const { space, db } = make();
        // Dirty memory, to see the zeros.
        for (let i = 0; i < 30; i++) db.setString(...args(`d${i}`), ...args('\xff'.repeat(i * 5000)), false);
        for (let i = 0; i < 30; i++) db.delete(...args(`d${i}`));
        db.setString(...args('k'), ...args(start), false);
        const expected = start.slice(0, at).padEnd(at, '\0') + 'XY' + start.slice(at + 2);
        expect(db.setRange(db.lookupWrite(...args('k')), at, ...args('XY'))).toBe(expected.length);
        expect(get(db, 'k')).toBe(expected);
        audit(space);
      }
    }
  });

  it('keeps its expiry and its place in both dictionaries when it moves while growing', () => {
    const { space, db } = make();
    for (let i = 0; i < 50; i++) {
      db.setExpireAt(db.setString(...args(`k${i}`), ...args(String(i)), false), 2e12 + i);
    }
    for (const piece of ['a', 'b'.repeat(100), 'c'.repeat(66_000), 'd'.repeat(MB)]) {
      for (let i = 0; i < 50; i += 7) db.appendString(db.lookupWrite(...args(`k${i}`)), ...args(piece));
      audit(space);
    }
    for (let i = 0; i < 50; i++) expect(db.expireAt(db.peek(...args(`k${i}`)))).toBe(2e12 + i);
    expect(db.volatileSize).toBe(50);
  });

  it('is opened for writing where it stands, and cut, across all of its forms', () => {
    for (const start of ['', '77', 'abc', 'x'.repeat(100), 'm'.repeat(65_535), 'n'.repeat(80_000)]) {
      for (const [longer, cut] of [
        [1, 1],
        [50, 20],
        [65_535, 3],
        [65_536, 65_000],
        [MB + 7, 70_000],
      ] as const) {
        const { space, db } = make();
        const view = new View();
        db.setExpireAt(db.setString(...args('k'), ...args(start), false), 2e12);
        let h = db.openString(db.lookupWrite(...args('k')), longer, view);
        const opened = start.padEnd(longer, '\0');
        expect(text(view)).toBe(opened);
        expect(db.encodingOf(h)).toBe('raw');
        view.bytes[view.offset] = 0x21;
        // Open already: nothing moves.
        expect(db.openString(h, 1, view)).toBe(h);
        h = db.cutString(h, cut);
        expect(db.peek(...args('k'))).toBe(h);
        expect(get(db, 'k')).toBe(`!${opened.slice(1, cut)}`);
        expect(db.expireAt(h)).toBe(2e12);
        audit(space);
      }
    }
  });

  it('is made apart from the database and put there in one go, whatever the key held', () => {
    for (const length of [1, 44, 65_535, 65_536, MB * 2]) {
      for (const before of [undefined, '12', 'abc', 'z'.repeat(70_000)]) {
        const { space, db } = make();
        const view = new View();
        if (before !== undefined) db.setExpireAt(db.setString(...args('k'), ...args(before), false), 2e12);
        const made = db.makeString(...args('k'), length, view);
        view.bytes.fill(0x61, view.offset, view.offset + length);
        expect(get(db, 'k')).toBe(before);
        db.put(made, ...args('k'));
        expect(get(db, 'k')).toBe('a'.repeat(length));
        expect(db.encodingOf(made)).toBe('raw');
        expect([db.size, db.volatileSize]).toEqual([1, 0]);
        audit(space);
      }
    }
  });

  it('takes 97 bytes with a key of 16 bytes and a value of 64, everything counted', () => {
    const { space, db } = make();
    const empty = space.usedMemory;
    const value = bytes('v'.repeat(64));
    const n = 50_000;
    for (let i = 0; i < n; i++) {
      const key = bytes(`key:${String(i).padStart(12, '0')}`);
      db.setString(key, 0, 16, value, 0, 64, false);
    }
    const perKey = (space.usedMemory - empty) / n;
    expect(perKey).toBeGreaterThan(88);
    expect(perKey).toBeLessThan(98);
  });
});
