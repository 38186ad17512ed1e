import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Handle } from './arena.js';
import { audit } from './audit.fixture.js';
import { args, chance, text } from './bytes.fixture.js';
import type { Database } from './database.js';
import { Keyspace } from './keyspace.js';
import type { Lists } from './lists.js';
import { View } from './view.js';

interface Made {
  readonly space: Keyspace;
  readonly db: Database;
  readonly lists: Lists;
  /** An empty list under the key `l`. */
  readonly h: Handle;
}

const make = (fill = -2): Made => {
  const space = new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2] });
  space.listMaxListpackSize = fill;
  const h = space.lists.create(...args('l'));
  const db = space.databases[0]!;
  db.add(h, ...args('l'));
  return { space, db, lists: space.lists, h };
};

function read(lists: Lists, h: Handle, towardsHead = false): string[] {
  const found: string[] = [];
  const iterator = lists.iterator(h, towardsHead ? -1 : 0, towardsHead);
  while (iterator.next()) found.push(text(iterator.value));
  return found;
}

function readRange(lists: Lists, h: Handle, index: number, count: number, towardsHead: boolean): string[] {
  const found: string[] = [];
  lists.range(h, index, count, towardsHead, {
    bulk: (bytes, offset, length) => found.push(text({ bytes, offset, length })),
    bulkInteger: (n) => found.push(String(n)),
  });
  return found;
}

const view = new View();

function pop(lists: Lists, h: Handle, left: boolean): string | undefined {
  return lists.pop(h, left, view) ? text(view) : undefined;
}

function fill(lists: Lists, h: Handle, count: number, length = 100): string[] {
  const all = Array.from({ length: count }, (_, i) => `${i}:`.padEnd(length, 'x'));
  for (const each of all) lists.push(h, false, ...args(each));
  return all;
}

describe('a list', () => {
  it('keeps its elements to the letter, integers of all sizes included', () => {
    const { lists, h } = make();
    const integers = [0, 1, -1, 127, 128, -4096, 4095, 4096, -32768, 8388607, -8388609, 2147483647, -2147483649];
    const all = [...integers.map(String), '9007199254740993', '-9223372036854775808', '01', '-0', '', ' 1', '\0\xff'];
    for (const each of all) lists.push(h, false, ...args(each));
    expect(read(lists, h)).toEqual(all);
    expect(readRange(lists, h, 0, all.length, false)).toEqual(all);
    expect(readRange(lists, h, all.length - 1, all.length, true)).toEqual([...all].reverse());
    for (const [i, each] of all.entries()) expect(lists.get(h, i, view) && text(view)).toBe(each);
    for (const each of all) expect(pop(lists, h, true)).toBe(each);
  });

  it('is a listpack up to 8 KB, then a quicklist until one half-full node is left', () => {
    const { lists, h } = make();
    fill(lists, h, 79);
    expect(lists.encodingName(h)).toBe('listpack');
    lists.push(h, true, ...args('y'.repeat(100)));
    expect(lists.encodingName(h)).toBe('quicklist');
    for (let i = 0; i < 40; i++) lists.pop(h, true, view);
    expect(lists.encodingName(h)).toBe('quicklist');
    lists.removeRange(h, 39, 1);
    expect(lists.encodingName(h)).toBe('listpack');
  });

  it('takes a number of elements as the limit, halved on the way back', () => {
    const { space, lists, h } = make(6);
    fill(lists, h, 6, 1);
    expect(lists.encodingName(h)).toBe('listpack');
    fill(lists, h, 6, 1);
    expect(lists.encodingName(h)).toBe('quicklist');
    for (let i = 0; i < 9; i++) lists.pop(h, false, view);
    expect(lists.encodingName(h)).toBe('listpack');
    space.listMaxListpackSize = 0;
    lists.push(h, false, ...args('more'));
    expect(lists.encodingName(h)).toBe('quicklist');
  });

  it('gives an element beyond the limit a node of its own, and stays a quicklist with it alone', () => {
    for (const fill of [-2, 128]) {
      const { space, lists, h } = make(fill);
      lists.push(h, true, ...args('z'.repeat(9000)));
      expect(lists.encodingName(h)).toBe('quicklist');
      lists.push(h, true, ...args('a'));
      lists.push(h, false, ...args('b'));
      expect(read(lists, h).map((each) => each.length)).toEqual([1, 9000, 1]);
      lists.pop(h, true, view);
      lists.pop(h, false, view);
      expect(lists.encodingName(h)).toBe('quicklist');
      lists.set(h, 0, ...args('small'));
      expect(lists.encodingName(h)).toBe('listpack');
      audit(space);
    }
  });

  it('takes no more than 104 bytes for an element of 100, pushed at either end', () => {
    for (const left of [true, false]) {
      const { space, lists, h } = make();
      const before = space.usedMemory;
      for (let i = 0; i < 10_000; i++) lists.push(h, left, ...args('e'.repeat(100)));
      expect((space.usedMemory - before) / 10_000).toBeLessThan(104);
      expect(lists.memory(h)).toBe(space.usedMemory - before);
    }
  });

  it('gives its memory back while it is emptied, from either end and from the middle', () => {
    for (const how of ['left', 'right', 'middle']) {
      const { space, lists, h } = make();
      const before = space.usedMemory;
      fill(lists, h, 500);
      while (lists.length(h) > 0) {
        if (how === 'middle') lists.removeRange(h, lists.length(h) >> 1, 1);
        else lists.pop(h, how === 'left', view);
        if (how !== 'middle') expect(lists.memory(h)).toBeLessThan(lists.length(h) * 104 + 2 * 8192);
      }
      expect(space.usedMemory).toBe(before);
    }
  });

  it('of many nodes is freed in slices when it is deleted, and when its middle is trimmed', () => {
    const { space, db, lists, h } = make();
    const all = fill(lists, h, 5000);
    lists.removeRange(h, 10, 4000);
    expect(space.lazyFreePending).toBe(1);
    expect(read(lists, h)).toEqual([...all.slice(0, 10), ...all.slice(4010)]);
    expect(read(lists, h, true)).toEqual([...all.slice(0, 10), ...all.slice(4010)].reverse());
    space.lazyFree(Infinity);
    audit(space);
    fill(lists, h, 5000);
    db.delete(...args('l'));
    expect(space.lazyFreePending).toBe(1);
    space.lazyFree(Infinity);
    audit(space);
  });

  it('rotates in the room of one node', () => {
    const { space, lists, h } = make();
    const all = fill(lists, h, 50);
    const before = space.usedMemory;
    for (let i = 0; i < 1000; i++) {
      lists.pop(h, false, view);
      lists.push(h, true, ...args(text(view)));
    }
    expect(read(lists, h)).toEqual(all);
    expect(space.usedMemory).toBeLessThan(before * 1.2);
  });
});

const element = fc.oneof(
  fc.integer({ min: -70000, max: 70000 }).map(String),
  fc.tuple(fc.nat({ max: 60 }), fc.constantFrom('a', 'b')).map(([n, c]) => c.repeat(n)),
  fc.nat({ max: 3 }).map(String),
  fc.constantFrom('x'.repeat(64), 'y'.repeat(600), 'z'.repeat(5000), 'w'.repeat(9000), '9223372036854775807'),
);

/** What is done to a list, to a model, and what each of them answers. */
type Step = (lists: Lists, h: Handle, model: string[], space: Keyspace) => void;

const place = (model: string[], fraction: number): number =>
  Math.min(model.length, Math.floor(fraction * model.length));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.boolean(), fc.array(element, { minLength: 1, maxLength: 30 }))
      .map(([left, all]): Step => (lists, h, model) => {
        lists.willGrow(
          h,
          all.reduce((sum, each) => sum + each.length, 0),
          all.length,
        );
        for (const each of all) {
          lists.pushAnnounced(h, left, ...args(each));
          if (left) model.unshift(each);
          else model.push(each);
        }
      }),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.boolean(), fc.nat({ max: 30 })).map(([left, count]): Step => (lists, h, model) => {
      for (let i = 0; i < count; i++) expect(pop(lists, h, left)).toBe(left ? model.shift() : model.pop());
    }),
  },
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), element)
    .map(([fraction, fromEnd, value]): Step => (lists, h, model) => {
      const at = place(model, fraction);
      expect(lists.get(h, at, view) ? text(view) : undefined).toBe(model[at]);
      const index = fromEnd && at < model.length ? at - model.length : at;
      expect(lists.set(h, index, ...args(value))).toBe(at < model.length);
      if (at < model.length) model[at] = value;
    }),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 200 }), fc.boolean())
    .map(([fraction, most, towardsHead]): Step => (lists, h, model) => {
      const at = place(model, fraction);
      const count = Math.min(most, model.length - at);
      const part = model.slice(at, at + count);
      const index = towardsHead ? at + count - 1 : at;
      expect(readRange(lists, h, index, count, towardsHead)).toEqual(towardsHead ? part.reverse() : part);
      lists.removeRange(h, at, count);
      model.splice(at, count);
    }),
  fc.tuple(element, element, fc.boolean()).map(([pivot, value, before]): Step => (lists, h, model) => {
    lists.willGrow(h, value.length, 1);
    lists.search(h, false);
    const at = lists.searchNext(...args(pivot), Infinity);
    expect(at).toBe(model.indexOf(pivot));
    if (at < 0) return;
    lists.insertBesideFound(h, before, ...args(value));
    model.splice(before ? at : at + 1, 0, value);
  }),
  fc.tuple(element, fc.boolean(), fc.nat({ max: 4 })).map(([value, towardsHead, most]): Step => (lists, h, model) => {
    if (towardsHead) model.reverse();
    lists.search(h, towardsHead);
    for (let removed = 0; removed <= most; removed++) {
      const found = lists.searchNext(...args(value), Infinity) >= 0;
      expect(found).toBe(model.includes(value));
      if (!found) break;
      lists.removeFound(h);
      model.splice(model.indexOf(value), 1);
    }
    lists.searchEnded(h);
    if (towardsHead) model.reverse();
  }),
  fc.tuple(element, fc.boolean(), fc.nat({ max: 100 })).map(([value, towardsHead, most]): Step => (lists, h, model) => {
    const ordered = (towardsHead ? [...model].reverse() : model).slice(0, most);
    lists.search(h, towardsHead);
    for (const [i, each] of ordered.entries()) {
      if (each === value) expect(lists.searchNext(...args(value), most)).toBe(i);
    }
    expect(lists.searchNext(...args(value), most)).toBe(-1);
  }),
  fc.constantFrom(-1, -2, -5, 0, 1, 3, 40, 1000).map((limit): Step => (_lists, _h, _model, space) => {
    space.listMaxListpackSize = limit;
  }),
);

describe('whatever is done to a list', () => {
  it('it agrees with an array, its memory counted to the byte', () => {
    fc.assert(
      fc.property(fc.constantFrom(-1, -2, 4, 20), fc.array(step, { maxLength: 60, size: 'max' }), (limit, steps) => {
        const { space, db, lists, h } = make(limit);
        const empty = space.usedMemory;
        const model: string[] = [];
        for (const each of steps) {
          each(lists, h, model, space);
          expect(lists.length(h)).toBe(model.length);
          space.lazyFree(Infinity);
          expect(space.usedMemory - empty).toBe(lists.memory(h));
        }
        audit(space);
        expect(read(lists, h)).toEqual(model);
        expect(read(lists, h, true)).toEqual([...model].reverse());
        expect(db.copy(...args('l'), db, ...args('copy'))).toBe(true);
        expect(lists.encodingName(db.peek(...args('copy')))).toBe(lists.encodingName(h));
        db.delete(...args('l'));
        space.lazyFree(Infinity);
        audit(space);
        expect(read(lists, db.peek(...args('copy')))).toEqual(model);
      }),
      { numRuns: 150 },
    );
  });
});
