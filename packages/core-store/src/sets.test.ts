import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import type { Handle } from './arena.js';
import { Keyspace } from './keyspace.js';
import type { Sets } from './sets.js';
import { View } from './view.js';

const make = (): { space: Keyspace; sets: Sets; key: Handle } => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2] });
  const key = space.sets.create(...args('s'));
  space.databases[0]!.add(key, ...args('s'));
  return { space, sets: space.sets, key };
};

const add = (sets: Sets, h: Handle, ...members: readonly (string | number)[]): number =>
  members.filter((member) => sets.add(h, ...args(String(member)))).length;

function read(sets: Sets, h: Handle): string[] {
  const found: string[] = [];
  const walk = sets.iterator(h);
  while (walk.next()) found.push(text(walk.member));
  return found;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i - 3);

describe('a set', () => {
  it('is an intset up to the number of integers that is set, then a dictionary', () => {
    const { sets, key } = make();
    add(sets, key, ...numbers(512));
    expect(sets.encodingName(key)).toBe('intset');
    expect(add(sets, key, 1)).toBe(0);
    expect(sets.encodingName(key)).toBe('intset');
    add(sets, key, 1000);
    expect(sets.encodingName(key)).toBe('hashtable');
    expect(read(sets, key).sort()).toEqual([...numbers(512), 1000].map(String).sort());
  });

  it('of integers becomes a listpack with the first other member, in order of the integers', () => {
    const { sets, key } = make();
    add(sets, key, 7, -70000, 3, 'x', 5, '07');
    expect(sets.encodingName(key)).toBe('listpack');
    expect(read(sets, key)).toEqual(['-70000', '3', '7', 'x', '5', '07']);
  });

  it.each([
    ['there are too many of them', [...numbers(128), 'x']],
    ['the other one is too long', [1, 'x'.repeat(65)]],
  ])('of integers becomes a dictionary with the first other member if %s', (_, members) => {
    const { sets, key } = make();
    add(sets, key, ...members);
    expect(sets.encodingName(key)).toBe('hashtable');
    expect(read(sets, key).sort()).toEqual(members.map(String).sort());
  });

  it('of integers becomes a dictionary with the first other member if an integer is too long', () => {
    const { space, sets, key } = make();
    space.setMaxListpackValue = 4;
    add(sets, key, -1000, 'x');
    expect(sets.encodingName(key)).toBe('hashtable');
  });

  it('is a listpack up to the number of members that is set, then a dictionary, and stays one', () => {
    const { sets, key } = make();
    const names = Array.from({ length: 128 }, (_, i) => `m${i}`);
    add(sets, key, ...names);
    expect(sets.encodingName(key)).toBe('listpack');
    expect(read(sets, key)).toEqual(names);
    add(sets, key, 'one more');
    expect(sets.encodingName(key)).toBe('hashtable');
    for (const name of names) expect(sets.remove(key, ...args(name))).toBe(true);
    expect(sets.encodingName(key)).toBe('hashtable');
    expect(read(sets, key)).toEqual(['one more']);
  });

  it.each([
    [0, 128, 1, 'listpack'],
    [0, 0, 1, 'hashtable'],
    [0, 128, 'x', 'listpack'],
    [512, 0, 'x', 'hashtable'],
    [512, 0, 1, 'intset'],
  ])(
    'with limits of %i integers and %i entries and %s as its first member is a %s',
    (integers, entries, first, name) => {
      const { space, sets, key } = make();
      space.setMaxIntsetEntries = integers;
      space.setMaxListpackEntries = entries;
      add(sets, key, first);
      expect(sets.encodingName(key)).toBe(name);
      expect(read(sets, key)).toEqual([String(first)]);
      audit(space);
    },
  );

  it.each([
    [512, '1', 'intset'],
    [513, '1', 'hashtable'],
    [128, 'x', 'listpack'],
    [129, 'x', 'hashtable'],
  ])('that expects %i members, the first being %s, becomes a %s before they come', (count, first, name) => {
    const { space, sets, key } = make();
    sets.expect(key, count, ...args(first));
    add(sets, key, first);
    expect(sets.encodingName(key)).toBe(name);
    space.lazyFree(Infinity);
    audit(space);
  });

  it('that is there becomes a dictionary if it expects more members than its encoding may have', () => {
    const { sets, key } = make();
    add(sets, key, 1);
    sets.expect(key, 512, ...args('x'));
    expect(sets.encodingName(key)).toBe('intset');
    add(sets, key, 'x');
    sets.expect(key, 128, ...args('1'));
    expect(sets.encodingName(key)).toBe('listpack');
    sets.expect(key, 129, ...args('1'));
    expect(sets.encodingName(key)).toBe('hashtable');
    expect(read(sets, key).sort()).toEqual(['1', 'x']);
  });

  it('settles as an intset if all members are integers, and few enough', () => {
    const { space, sets, key } = make();
    space.setMaxListpackEntries = 2;
    add(sets, key, 'x', 3, 1, 2);
    sets.settle(key);
    expect(sets.encodingName(key)).toBe('hashtable');
    sets.remove(key, ...args('x'));
    space.setMaxIntsetEntries = 2;
    sets.settle(key);
    expect(sets.encodingName(key)).toBe('hashtable');
    space.setMaxIntsetEntries = 3;
    sets.settle(key);
    expect(sets.encodingName(key)).toBe('intset');
    expect(read(sets, key)).toEqual(['1', '2', '3']);
    sets.settle(key);
    space.lazyFree(Infinity);
    audit(space);
  });

  it('agrees with a set of strings in any encoding, its memory counted to the byte', () => {
    const member = fc.oneof(
      fc.integer({ min: -20, max: 20 }).map(String),
      fc.constantFrom('-32768', '32768', '-2147483649', '9223372036854775807', '-9223372036854775808', '9'.repeat(19)),
      fc.nat({ max: 40 }).map((n) => `member${n}`),
      fc.constantFrom('', '\0\xff', '01', '+1', '-0', 'x'.repeat(64), 'y'.repeat(65), 'z'.repeat(70_000)),
    );
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.constant('add' as const), member) },
      { weight: 3, arbitrary: fc.tuple(fc.constant('remove' as const), member) },
      fc.tuple(fc.constantFrom('pop' as const, 'settle' as const), fc.constant('')),
      fc.tuple(fc.constant('limits' as const), fc.constantFrom('0', '4', '10', '1000')),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), fc.boolean(), (steps, packed) => {
        const { space, sets } = make();
        const db = space.databases[0]!;
        db.delete(...args('s'));
        const empty = space.usedMemory;
        const key = packed ? sets.createListpack(...args('t')) : sets.create(...args('t'));
        db.add(key, ...args('t'));
        const model = new Set<string>();
        const view = new View();
        for (const [action, word] of steps) {
          expect(sets.has(key, ...args(word))).toBe(model.has(word));
          if (action === 'add') {
            expect(sets.add(key, ...args(word))).toBe(!model.has(word));
            model.add(word);
          } else if (action === 'remove') {
            expect(sets.remove(key, ...args(word))).toBe(model.delete(word));
          } else if (action === 'settle') {
            sets.settle(key);
          } else if (action === 'limits') {
            space.setMaxIntsetEntries = space.setMaxListpackEntries = Number(word);
          } else if (model.size > 0) {
            sets.random(key, view);
            expect(model.delete(text(view))).toBe(true);
            sets.removeDrawn(key);
          }
          expect(sets.length(key)).toBe(model.size);
          space.lazyFree(Infinity);
          expect(space.usedMemory - empty).toBe(db.memoryUsage(key) - 5);
        }
        expect(new Set(read(sets, key))).toEqual(model);
        expect(read(sets, key)).toHaveLength(model.size);
        expect(db.copy(...args('t'), db, ...args('copy'))).toBe(true);
        db.delete(...args('t'));
        space.lazyFree(Infinity);
        audit(space);
        expect(new Set(read(sets, db.peek(...args('copy'))))).toEqual(model);
        db.delete(...args('copy'));
        space.lazyFree(Infinity);
        expect(space.usedMemory).toBe(empty);
      }),
      { numRuns: 80 },
    );
  });

  it.each([
    ['intset', 40, ''],
    ['listpack', 40, 'm'],
    ['hashtable', 600, 'm'],
  ])('as a %s is scanned whole, members that come and go in between aside', (name, count, prefix) => {
    const { sets, key } = make();
    const staying = numbers(count).map((n) => `${prefix}${n}`);
    add(sets, key, ...staying);
    expect(sets.encodingName(key)).toBe(name);
    const seen = new Set<string>();
    let cursor = 0;
    let round = 0;
    do {
      let visited = 0;
      cursor = sets.scan(key, cursor, 10, (member) => {
        visited++;
        seen.add(text(member));
      });
      expect(visited).toBeLessThanOrEqual(60);
      for (let i = 0; cursor !== 0 && i < 300; i++) {
        const passing = args(`go${(round % 2) * 300 + i}`);
        if (round % 4 < 2) sets.add(key, ...passing);
        else sets.remove(key, ...passing);
      }
      round++;
    } while (cursor !== 0);
    for (const member of staying) expect(seen).toContain(member);
  });
});

// 49 degrees of freedom: beyond 85.4 with a probability of 0.001.
const DEVIATION = 85.4;
const MEMBERS = 50;

describe.each([
  ['intset', '', 64],
  ['listpack', 'm', 64],
  ['hashtable', 'm', 1],
])('chance, with a set as %s', (name, prefix, longest) => {
  const filled = (): ReturnType<typeof make> => {
    const bench = make();
    bench.space.setMaxListpackValue = longest;
    for (let i = 0; i < MEMBERS; i++) add(bench.sets, bench.key, `${prefix}${i}`);
    expect(bench.sets.encodingName(bench.key)).toBe(name);
    return bench;
  };
  const indexOf = (view: View): number => Number(text(view).slice(prefix.length));
  const deviation = (counts: readonly number[]): number => {
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    return counts.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
  };

  it('draws members with the same probability', () => {
    const { sets, key } = filled();
    const counts = new Array<number>(MEMBERS).fill(0);
    const view = new View();
    for (let i = 0; i < 10_000; i++) {
      sets.random(key, view);
      counts[indexOf(view)]!++;
    }
    expect(deviation(counts)).toBeLessThan(DEVIATION);
  });

  it.each([1, 10, 30, 49])('samples %i different members, every choice as likely as any other', (count) => {
    const { sets, key } = filled();
    const counts = new Array<number>(MEMBERS).fill(0);
    for (let i = 0; i < 400; i++) {
      const chosen = new Set<number>();
      sets.sample(key, count, (member) => chosen.add(indexOf(member)));
      expect(chosen.size).toBe(count);
      for (const index of chosen) counts[index]!++;
    }
    expect(deviation(counts)).toBeLessThan(DEVIATION);
  });

  it('pops members so that each comes last with the same probability', () => {
    const view = new View();
    const { sets, key } = filled();
    const counts = new Array<number>(MEMBERS).fill(0);
    for (let i = 0; i < 1000; i++) {
      for (let left = MEMBERS; left > 0; left--) {
        sets.random(key, view);
        if (left === 1) counts[indexOf(view)]!++;
        sets.removeDrawn(key);
      }
      for (let m = 0; m < MEMBERS; m++) add(sets, key, `${prefix}${m}`);
    }
    expect(deviation(counts)).toBeLessThan(DEVIATION);
  });

  it('visits all members when asked for more', () => {
    const { sets, key } = filled();
    const seen = new Set<number>();
    sets.sample(key, 1000, (member) => seen.add(indexOf(member)));
    expect(seen.size).toBe(MEMBERS);
  });
});

it('sampling ends with a source of chance that is none', () => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: () => 0.5, hashSeed: [1, 2] });
  const key = space.sets.create(...args('s'));
  for (let i = 0; i < 1000; i++) add(space.sets, key, `m${i}`);
  const seen = new Set<string>();
  space.sets.sample(key, 300, (member) => seen.add(text(member)));
  expect(seen.size).toBe(300);
  const view = new View();
  for (let i = 0; i < 1000; i++) {
    space.sets.random(key, view);
    space.sets.removeDrawn(key);
  }
  expect(space.sets.length(key)).toBe(0);
});
