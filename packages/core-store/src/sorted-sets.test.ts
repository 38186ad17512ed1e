import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import { Added, AddOption } from './sorted-sets.js';
import { View } from './view.js';

const make = (): { space: Keyspace; db: Database } => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2] });
  return { space, db: space.databases[0]! };
};

function add(space: Keyspace, name: string): number {
  const h = space.sortedSets.create(...args(name));
  space.databases[0]!.add(h, ...args(name));
  return h;
}

type Pair = readonly [member: string, score: number];

const order = (a: Pair, b: Pair): number => a[1] - b[1] || (a[0] < b[0] ? -1 : 1);

function read(space: Keyspace, h: number): Pair[] {
  const found: Pair[] = [];
  const cursor = space.sortedSets.cursor(h);
  for (let more = cursor.seek(0); more; more = cursor.next()) found.push([text(cursor.member), cursor.score]);
  return found;
}

function readBackwards(space: Keyspace, h: number): Pair[] {
  const found: Pair[] = [];
  const cursor = space.sortedSets.walker(h);
  for (let more = cursor.seek(space.sortedSets.length(h) - 1); more; more = cursor.previous()) {
    found.push([text(cursor.member), cursor.score]);
  }
  return found;
}

describe('a sorted set', () => {
  it('is a listpack up to the number of members that is set, then a skiplist by name, and stays one', () => {
    const { space } = make();
    const sets = space.sortedSets;
    const h = add(space, 'z');
    for (let i = 0; i < 128; i++) sets.set(h, ...args(`m${i}`), i);
    expect(sets.encodingName(h)).toBe('listpack');
    sets.set(h, ...args('m0'), -1);
    expect(sets.encodingName(h)).toBe('listpack');
    sets.set(h, ...args('one more'), 0.5);
    expect(sets.encodingName(h)).toBe('skiplist');
    sets.removeRange(h, 1, 128);
    expect(sets.encodingName(h)).toBe('skiplist');
    expect(read(space, h)).toEqual([['m0', -1]]);
  });

  it('becomes a skiplist with a member of more than 64 bytes', () => {
    const { space } = make();
    const h = add(space, 'z');
    space.sortedSets.set(h, ...args('m'.repeat(64)), 1);
    expect(space.sortedSets.encodingName(h)).toBe('listpack');
    space.sortedSets.set(h, ...args('m'.repeat(65)), 1);
    expect(space.sortedSets.encodingName(h)).toBe('skiplist');
  });

  it('is a listpack of the bytes that Redis writes', () => {
    const { space } = make();
    const h = add(space, 'z');
    for (const [member, score] of [
      ['b', 1],
      ['7', 0.1],
      ['a', 1],
      ['c', -0],
      ['d', Infinity],
    ] as const) {
      space.sortedSets.set(h, ...args(member), score);
    }
    const at = space.records.word(h, 0);
    const start = (at & 0x7ffff) << 3;
    const entries = space.arena.u8[at >>> 19]!.subarray(start + 6, start + space.listpack.bytes(at));
    expect(Buffer.from(entries).toString('latin1')).toBe(
      '\x81c\x02\x00\x01' +
        '\x07\x01\x830.1\x04' +
        '\x81a\x02\x01\x01' +
        '\x81b\x02\x01\x01' +
        '\x81d\x02\x83inf\x04\xff',
    );
  });

  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const score = fc.oneof(
    fc.constantFrom(0, -0, 1, 2, 0.1, 0.5, Infinity, -Infinity, 5e-324, 1e21, 2 ** 53, 2 ** 62, -(2 ** 63)),
    fc.integer({ min: -5, max: 5 }),
    finite,
  );
  const member = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }).map(String) },
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => `member ${n}`) },
    fc.constantFrom('', '\0', '\xff\xfe', 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(70_000)),
  );

  it.each([
    ['listpack', 1000, 100_000],
    ['listpack and then a skiplist', 30, 64],
    ['skiplist', 0, 64],
  ])('as a %s agrees with a map, whatever is added and removed', (_, entries, longest) => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), member, score, options: fc.nat({ max: 31 }) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('set'), member, score, options: fc.constant(0) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove'), member, score, options: fc.constant(0) }) },
      fc.record({ kind: fc.constant('range'), member, score, options: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const { space, db } = make();
        const sets = space.sortedSets;
        space.zsetMaxListpackEntries = entries;
        space.zsetMaxListpackValue = longest;
        const empty = space.usedMemory;
        const h = add(space, 'z');
        const model = new Map<string, number>();
        // A listpack has no -0, so that a set need not have one either.
        const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
        for (const { kind, member: name, score: given, options } of steps) {
          const old = model.get(name);
          if (kind === 'add' || kind === 'set') {
            const next = (options & AddOption.increment) !== 0 && old !== undefined ? old + given : given;
            const refused =
              old === undefined
                ? (options & AddOption.onlyExisting) !== 0
                : (options & AddOption.onlyNew) !== 0 ||
                  ((options & AddOption.onlyGreater) !== 0 && next <= old) ||
                  ((options & AddOption.onlyLess) !== 0 && next >= old);
            const done = sets.add(h, ...args(name), given, options);
            if (Number.isNaN(next) && (options & AddOption.onlyNew) === 0) {
              expect(done).toBe(Added.notANumber);
            } else if (refused) {
              expect(done).toBe(Added.nothing);
            } else {
              expect(done).toBe(old === undefined ? Added.created : old === next ? Added.same : Added.changed);
              expect(sets.resultingScore).toBe(next);
              if (old !== next) model.set(name, next);
            }
          } else if (kind === 'remove') {
            expect(sets.remove(h, ...args(name))).toBe(model.delete(name));
          } else if (model.size > 0) {
            const start = options % model.size;
            const count = Math.min(model.size - start, (options >>> 8) % 20);
            const inOrder = [...model].sort(order);
            sets.removeRange(h, start, count);
            for (const [gone] of inOrder.slice(start, start + count)) model.delete(gone);
          }
          expect(sets.length(h)).toBe(model.size);
          expect(same(sets.score(h, ...args(name)), model.get(name) ?? NaN)).toBe(true);
        }
        const expected = [...model].map(([name, value]): Pair => [name, value + 0]).sort(order);
        expect(read(space, h).map(([name, value]) => [name, value + 0])).toEqual(expected);
        expect(readBackwards(space, h).map(([name]) => name)).toEqual(expected.map(([name]) => name).reverse());
        for (const [at, [name, value]] of expected.entries()) {
          expect(sets.rank(h, ...args(name))).toBe(at);
          expect(sets.countBelow(h, value, false)).toBe(expected.filter((pair) => pair[1] < value).length);
          expect(sets.countBelow(h, value, true)).toBe(expected.filter((pair) => pair[1] <= value).length);
        }
        expect(sets.rank(h, ...args('nobody'))).toBe(-1);
        expect(space.usedMemory - empty).toBe(db.memoryUsage(h) - 5);
        expect(db.copy(...args('z'), db, ...args('copy'))).toBe(true);
        db.delete(...args('z'));
        space.lazyFree(Infinity);
        audit(space);
        const copy = db.peek(...args('copy'));
        if (model.size > 0) expect(read(space, copy).map(([name]) => name)).toEqual(expected.map(([name]) => name));
        db.delete(...args('copy'));
        space.lazyFree(Infinity);
        expect(space.usedMemory).toBe(empty);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['listpack', 100],
    ['skiplist', 1000],
  ])('as a %s counts members before others where all scores are equal', (name, members) => {
    const { space } = make();
    const sets = space.sortedSets;
    const h = add(space, 'z');
    for (let i = 0; i < members; i++) sets.set(h, ...args(String(i * 7)), 0);
    expect(sets.encodingName(h)).toBe(name);
    const all = read(space, h).map(([member]) => member);
    for (const asked of ['', '0', '14', '15', '5', '99999', 'x']) {
      const before = all.filter((member) => member < asked).length;
      expect(sets.countBefore(h, ...args(asked), false)).toBe(before);
      expect(sets.countBefore(h, ...args(asked), true)).toBe(before + (all.includes(asked) ? 1 : 0));
    }
  });

  it.each([
    ['listpack', 100],
    ['skiplist', 1000],
  ])('as a %s has cursors that stop at both ends, and go on from there', (_, members) => {
    const { space } = make();
    const h = add(space, 'z');
    for (let i = 0; i < members; i++) space.sortedSets.set(h, ...args(`m${i}`), i);
    const cursor = space.sortedSets.cursor(h);
    expect(cursor.seek(-1)).toBe(false);
    expect(cursor.seek(members)).toBe(false);
    expect(cursor.seek(members - 1)).toBe(true);
    expect(cursor.next()).toBe(false);
    expect(cursor.previous()).toBe(true);
    expect([text(cursor.member), cursor.score]).toEqual([`m${members - 2}`, members - 2]);
    expect(cursor.seek(0)).toBe(true);
    expect(cursor.previous()).toBe(false);
    expect(cursor.next()).toBe(true);
    expect(cursor.score).toBe(1);
  });

  it.each([
    ['listpack', 40],
    ['skiplist', 600],
  ])('as a %s is scanned whole, members that come and go in between aside', (name, members) => {
    const { space } = make();
    const sets = space.sortedSets;
    const h = add(space, 'z');
    for (let i = 0; i < members; i++) sets.set(h, ...args(`stay${i}`), i);
    expect(sets.encodingName(h)).toBe(name);
    const seen = new Map<string, number>();
    let cursor = 0;
    let round = 0;
    do {
      cursor = sets.scan(h, cursor, 10, (view, score) => seen.set(text(view), score));
      if (name === 'listpack') continue;
      for (let i = 0; i < 300; i++) {
        if (round % 4 < 2) sets.set(h, ...args(`go${(round % 2) * 300 + i}`), i);
        else sets.remove(h, ...args(`go${(round % 2) * 300 + i}`));
      }
      round++;
    } while (cursor !== 0);
    for (let i = 0; i < members; i++) expect(seen.get(`stay${i}`)).toBe(i);
  });

  it.each([
    ['listpack', 50, 64],
    ['skiplist', 50, 1],
  ])('as a %s draws its members with the same probability', (name, members, longest) => {
    const { space } = make();
    space.zsetMaxListpackValue = longest;
    const h = add(space, 'z');
    for (let i = 0; i < members; i++) space.sortedSets.set(h, ...args(`m${i}`), i);
    expect(space.sortedSets.encodingName(h)).toBe(name);
    const counts = new Array<number>(members).fill(0);
    const view = new View();
    const draws = 10_000;
    for (let i = 0; i < draws; i++) {
      const score = space.sortedSets.random(h, view);
      if (text(view) !== `m${score}`) throw new Error('a score of another member');
      counts[score]!++;
    }
    // 49 degrees of freedom: beyond 85.4 with a probability of 0.001.
    expect(counts.reduce((sum, n) => sum + (n - draws / members) ** 2 / (draws / members), 0)).toBeLessThan(85.4);
  });

  it('with many members loses them at both ends, and in ranges', () => {
    const { space } = make();
    const sets = space.sortedSets;
    const random = chance(5);
    const h = add(space, 'z');
    for (let i = 0; i < 9000; i++) sets.set(h, ...args(`m${i}`), Math.floor(random() * 1000));
    let model = read(space, h);
    while (model.length > 3000) {
      const total = model.length;
      for (let i = 0; i < 20; i++) sets.removeRange(h, 0, 1);
      for (let i = 0; i < 20; i++) sets.removeRange(h, sets.length(h) - 1, 1);
      sets.removeRange(h, 100, 77);
      const rest = model.slice(20, total - 20);
      model = [...rest.slice(0, 100), ...rest.slice(177)];
    }
    expect(read(space, h)).toEqual(model);
    for (const [at, [member]] of model.entries()) expect(sets.rank(h, ...args(member))).toBe(at);
    audit(space);
  });

  it.each([
    ['lowest', 0, -1],
    ['highest', -1, 1],
  ])('pops the %s although other members have taken the places of those that were to be popped next', (_, at, sign) => {
    const { space } = make();
    const sets = space.sortedSets;
    const h = add(space, 'z');
    const model = Array.from({ length: 5000 }, (_value, i): Pair => [`m${i}`, i]);
    for (const [member, score] of model) sets.set(h, ...args(member), score);
    for (let i = 0; i < 64; i++) {
      const end = (): number => (at === 0 ? 0 : model.length - 1);
      sets.removeRange(h, end(), 1);
      model.splice(end(), 1);
      // The next one to go is another one, at the same address.
      const [[gone]] = model.splice(end(), 1) as [Pair];
      expect(sets.remove(h, ...args(gone))).toBe(true);
      const name = `x${i}`.padEnd(gone.length, '.');
      sets.set(h, ...args(name), sign * 10_000);
      model.splice(at === 0 ? 0 : model.length, 0, [name, sign * 10_000]);
    }
    expect(read(space, h)).toEqual(model);
    for (const [member, score] of model) expect(sets.score(h, ...args(member))).toBe(score);
    audit(space);
  });

  it('with many members is freed in slices', () => {
    const { space, db } = make();
    const h = add(space, 'z');
    for (let i = 0; i < 20_000; i++) space.sortedSets.set(h, ...args(`m${i}`), i);
    const before = space.usedMemory;
    db.delete(...args('z'));
    expect(before - space.usedMemory).toBeLessThan(100);
    let slices = 0;
    while (space.lazyFree(0)) slices++;
    expect(slices).toBeGreaterThan(100);
    audit(space);
  });
});
