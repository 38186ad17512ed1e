import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import { Keyspace } from './keyspace.js';
import { Combine, SortedSetBuilder } from './sorted-set-builder.js';
import { View } from './view.js';

const view = new View();

type Pair = readonly [member: string, score: number];

function make(): { space: Keyspace; builder: SortedSetBuilder } {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2] });
  const builder = new SortedSetBuilder(space);
  builder.begin();
  return { space, builder };
}

function sorted(builder: SortedSetBuilder): Pair[] {
  builder.sort();
  return Array.from({ length: builder.count }, (_, i) => {
    const score = builder.read(i, view);
    return [text(view), score] as const;
  });
}

function read(space: Keyspace, h: number): Pair[] {
  const found: Pair[] = [];
  const cursor = space.sortedSets.cursor(h);
  for (let more = cursor.seek(0); more; more = cursor.next()) found.push([text(cursor.member), cursor.score]);
  return found;
}

/** Ends with a key, and answers its record. */
function keep(space: Keyspace, builder: SortedSetBuilder, key: string): number {
  const h = builder.finish(...args(key));
  space.databases[0]!.add(h, ...args(key));
  return h;
}

function auditAll(space: Keyspace): void {
  space.lazyFree(Infinity);
  audit(space);
}

describe('a builder of sorted sets', () => {
  it('sorts by score and, where scores are equal, by bytes', () => {
    const { builder } = make();
    for (const [member, score] of Object.entries({ b: 1, a: 1, ab: 1, z: -1, y: 0.5, inf: Infinity, n: -Infinity })) {
      builder.add(...args(member), score, Combine.sum);
    }
    expect(sorted(builder).map(([member]) => member)).toEqual(['n', 'z', 'y', 'a', 'ab', 'b', 'inf']);
  });

  it('combines the scores of a member that comes again', () => {
    const { builder } = make();
    for (const [combine, name] of [
      [Combine.sum, 'sum'],
      [Combine.min, 'min'],
      [Combine.max, 'max'],
    ] as const) {
      builder.add(...args(name), 2, combine);
      builder.add(...args(name), 5, combine);
      builder.add(...args(name), 3, combine);
    }
    expect(sorted(builder)).toEqual([
      ['min', 2],
      ['max', 5],
      ['sum', 10],
    ]);
  });

  it('counts infinity less infinity as 0, and keeps the sign of zero', () => {
    const { builder } = make();
    builder.add(...args('a'), Infinity, Combine.sum);
    builder.add(...args('a'), -Infinity, Combine.sum);
    builder.add(...args('b'), -0, Combine.sum);
    builder.add(...args('c'), -0, Combine.sum);
    builder.add(...args('c'), 0, Combine.sum);
    expect(sorted(builder)).toEqual([
      ['a', 0],
      ['b', -0],
      ['c', 0],
    ]);
  });

  it('ends with a listpack within the limits, and with an index beyond', () => {
    const { space, builder } = make();
    for (let i = 0; i < 128; i++) builder.addNew(...args(`m${i}`), -i);
    builder.sort();
    expect(space.sortedSets.encodingName(keep(space, builder, 'small'))).toBe('listpack');
    builder.begin();
    for (let i = 0; i < 129; i++) builder.addNew(...args(`m${i}`), -i);
    builder.sort();
    expect(space.sortedSets.encodingName(keep(space, builder, 'big'))).toBe('skiplist');
    builder.begin();
    builder.addNew(...args('m'.repeat(65)), 1);
    builder.sort();
    expect(space.sortedSets.encodingName(keep(space, builder, 'long'))).toBe('skiplist');
    auditAll(space);
  });

  it('sorts thousands of one score by their bytes', () => {
    const { builder } = make();
    const names: string[] = [];
    for (let i = 0; i < 3000; i++) {
      names.push(
        `member:${(i * 7919) % 3000}`,
        `member:with a long prefix in common${'\0'.repeat(i % 70)}${i % 11 === 0 ? i : ''}`,
      );
    }
    for (const name of names) builder.add(...args(name), 1, Combine.max);
    const unique = [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
    expect(sorted(builder).map(([member]) => member)).toEqual(unique);
  });

  it('leaves nothing behind when its result is dropped, or forgotten', () => {
    const { space, builder } = make();
    for (const count of [0, 3, 5000]) {
      builder.begin();
      for (let i = 0; i < count; i++) builder.addNew(...args(`m${i}`), i);
      builder.sort();
    }
    builder.drop();
    auditAll(space);
  });

  it('builds what adding one by one builds', () => {
    const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }), fc.constant(0));
    const member = fc.oneof(fc.stringMatching(/^[a-c]{0,3}$/), fc.nat(300).map(String));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(member, score), { maxLength: 400, size: 'max' }),
        fc.constantFrom(Combine.sum, Combine.min, Combine.max),
        fc.constantFrom(4, 128),
        (pairs, combine, limit) => {
          const { space, builder } = make();
          space.zsetMaxListpackEntries = limit;
          const model = new Map<string, number>();
          for (const [name, value] of pairs) {
            builder.add(...args(name), value, combine);
            const old = model.get(name);
            if (old === undefined) model.set(name, value);
            else if (combine === Combine.sum) model.set(name, Number.isNaN(old + value) ? 0 : old + value);
            else model.set(name, combine === Combine.min ? Math.min(old, value) : Math.max(old, value));
          }
          const expected = [...model]
            // A listpack has one zero; in an order the two are equal.
            .map(([name, value]): Pair => [name, value === 0 ? 0 : value])
            .sort((a, b) => (a[1] === b[1] ? (a[0] < b[0] ? -1 : 1) : a[1] - b[1]));
          const plain = ([name, value]: Pair): Pair => [name, value === 0 ? 0 : value];
          expect(sorted(builder).map(plain)).toEqual(expected);
          if (builder.count === 0) {
            builder.drop();
          } else {
            const h = keep(space, builder, 'k');
            expect(read(space, h).map(plain)).toEqual(expected);
            for (const [name, value] of expected) expect(space.sortedSets.score(h, ...args(name)) - value || 0).toBe(0);
            expect(space.sortedSets.length(h)).toBe(expected.length);
          }
          auditAll(space);
        },
      ),
      { numRuns: 60 },
    );
  });
});
