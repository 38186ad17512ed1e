import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LruMap } from './lru-map.js';

describe('LruMap', () => {
  it('lets the least recently used entry go when there is one too many', () => {
    const evicted: [string, number][] = [];
    const map = new LruMap<string, number>({ max: 2, onEvict: (key, value) => evicted.push([key, value]) });
    map.set('a', 1).set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([...map]).toEqual([
      ['c', 3],
      ['a', 1],
    ]);
    expect(evicted).toEqual([['b', 2]]);
  });

  it('counts get and set as use, and peek, has and walking not', () => {
    const map = new LruMap<string, number>();
    map.set('a', 1).set('b', 2).set('c', 3);
    expect([map.peek('a'), map.has('a'), map.peek('x'), map.has('x'), map.get('x')]).toEqual([
      1,
      true,
      undefined,
      false,
      undefined,
    ]);
    expect([...map.entries()].map(([key]) => key)).toEqual(['c', 'b', 'a']);
    map.get('a');
    map.set('b', 4);
    expect([...map]).toEqual([
      ['b', 4],
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('bounds the sum of sizes', () => {
    const map = new LruMap<string, string>({ maxSize: 10, sizeOf: (value, key) => key.length + value.length });
    map.set('a', 'xxx').set('b', 'xxx');
    expect(map.totalSize).toBe(8);
    map.set('c', 'xxxxx');
    expect([...map].map(([key]) => key)).toEqual(['c', 'b']);
    expect(map.totalSize).toBe(10);
    map.set('c', '');
    expect(map.totalSize).toBe(5);
  });

  it('does not empty itself for an entry that cannot stay', () => {
    const evicted: string[] = [];
    const map = new LruMap<string, string>({
      maxSize: 10,
      sizeOf: (value) => value.length,
      onEvict: (_, value) => evicted.push(value),
    });
    map.set('a', 'aaa').set('b', 'old');
    map.set('b', 'far too long');
    expect([...map]).toEqual([['a', 'aaa']]);
    expect(evicted).toEqual(['far too long']);
    const none = new LruMap<string, string>({ max: 0 });
    expect(none.set('a', 'a').size).toBe(0);
  });

  it('calls onEvict neither for deleted nor for cleared nor for overwritten entries', () => {
    const map = new LruMap<string, number>({
      max: 3,
      onEvict: () => {
        throw new Error('evicted');
      },
    });
    map.set('a', 1).set('b', 2).set('b', 3);
    expect([map.delete('a'), map.delete('a')]).toEqual([true, false]);
    map.clear();
    expect([map.size, map.totalSize, [...map]]).toEqual([0, 0, []]);
  });

  it('bears being written to by onEvict', () => {
    const map: LruMap<string, number> = new LruMap<string, number>({
      max: 2,
      onEvict: (key, value) => {
        if (value > 0) map.set(key, value - 1);
      },
    });
    map.set('a', 2).set('b', 2).set('c', 2);
    expect(map.size).toBe(2);
  });

  it('hands entries out while the one in hand is used or deleted', () => {
    const map = new LruMap<number, number>();
    for (let i = 0; i < 6; i += 1) map.set(i, i);
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      if (key % 2 === 0) map.delete(key);
      else map.get(key);
    }
    expect(seen).toEqual([5, 4, 3, 2, 1, 0]);
    expect([...map].map(([key]) => key)).toEqual([1, 3, 5]);
  });

  it('holds undefined as a value', () => {
    const map = new LruMap<string, undefined>();
    map.set('a', undefined);
    expect([map.has('a'), map.size]).toEqual([true, 1]);
  });

  it('refuses limits and sizes that are none, and keeps what it had', () => {
    for (const wrong of [-1, NaN]) {
      expect(() => new LruMap({ max: wrong })).toThrow(RangeError);
      expect(() => new LruMap({ maxSize: wrong })).toThrow(RangeError);
    }
    const map = new LruMap<string, number>({ sizeOf: (value) => value });
    map.set('a', 1);
    for (const wrong of [-1, NaN, Infinity, 0.5]) expect(() => map.set('a', wrong)).toThrow(RangeError);
    expect([map.peek('a'), map.totalSize]).toEqual([1, 1]);
  });

  it('behaves as an array of entries from which the used moves to the front (any sequence of steps)', () => {
    const step = fc.record({
      do: fc.constantFrom('set', 'set', 'set', 'get', 'peek', 'has', 'delete', 'clear?'),
      key: fc.nat(12),
      value: fc.nat(12),
    });
    const limit = fc.oneof(fc.constant(Infinity), fc.nat(30));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), limit, limit, (steps, max, maxSize) => {
        const evicted: number[][] = [];
        const map = new LruMap<number, number>({
          max,
          maxSize,
          sizeOf: (value) => value,
          onEvict: (key, value) => evicted.push([key, value]),
        });
        let model: [number, number][] = [];
        const expected: number[][] = [];
        const total = (): number => model.reduce((sum, [, value]) => sum + value, 0);
        for (const { do: action, key, value } of steps) {
          const held = model.find(([other]) => other === key);
          const others = model.filter(([other]) => other !== key);
          if (action === 'set') {
            map.set(key, value);
            model = [[key, value], ...others];
            if (value > maxSize || max === 0) expected.push(...model.splice(0, 1));
            while (model.length > max || total() > maxSize) expected.push(model.pop()!);
          } else if (action === 'get') {
            expect(map.get(key)).toBe(held?.[1]);
            if (held !== undefined) model = [held, ...others];
          } else if (action === 'peek') {
            expect(map.peek(key)).toBe(held?.[1]);
          } else if (action === 'has') {
            expect(map.has(key)).toBe(held !== undefined);
          } else if (action === 'delete') {
            expect(map.delete(key)).toBe(held !== undefined);
            model = others;
          } else if (value === 0) {
            map.clear();
            model = [];
          }
          expect([map.size, map.totalSize]).toEqual([model.length, total()]);
        }
        expect([...map]).toEqual(model);
        expect(evicted).toEqual(expected);
      }),
    );
  });
});
