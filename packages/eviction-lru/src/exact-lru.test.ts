import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactLru, NO_SLOT } from './exact-lru.js';

function order(list: ExactLru): number[] {
  const slots: number[] = [];
  for (let slot = list.mostRecent; slot !== NO_SLOT; slot = list.lessRecentThan(slot)) slots.push(slot);
  return slots;
}

describe('ExactLru', () => {
  it('keeps slots in order of use', () => {
    const list = new ExactLru();
    const [a, b, c] = [list.add(), list.add(), list.add()];
    expect(order(list)).toEqual([c, b, a]);
    list.touch(a);
    expect(order(list)).toEqual([a, c, b]);
    expect(list.leastRecent).toBe(b);
    list.remove(c);
    expect(order(list)).toEqual([a, b]);
  });

  it('has no slot when empty', () => {
    const list = new ExactLru();
    expect([list.mostRecent, list.leastRecent, list.size, list.highestSlot]).toEqual([NO_SLOT, NO_SLOT, 0, 0]);
  });

  it('hands removed slots out again before new ones', () => {
    const list = new ExactLru();
    list.add();
    const b = list.add();
    list.remove(b);
    expect(list.add()).toBe(b);
    expect(list.highestSlot).toBe(2);
  });

  it('refuses slots that are not in the list', () => {
    const list = new ExactLru();
    const slot = list.add();
    list.remove(slot);
    for (const wrong of [slot, 0, -1, 99, 0.5, NaN]) {
      expect(() => list.touch(wrong)).toThrow(RangeError);
      expect(() => list.remove(wrong)).toThrow(RangeError);
      expect(() => list.lessRecentThan(wrong)).toThrow(RangeError);
    }
  });

  it('grows beyond the capacity it was given', () => {
    const list = new ExactLru(20);
    const slots = Array.from({ length: 1000 }, () => list.add());
    expect(order(list)).toEqual(slots.reverse());
  });

  it('behaves as an array from which the touched moves to the front (any sequence of steps)', () => {
    const step = fc.record({
      do: fc.constantFrom('add', 'add', 'add', 'touch', 'touch', 'remove', 'removeOldest', 'clear?'),
      pick: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const list = new ExactLru();
        let model: number[] = [];
        for (const { do: action, pick } of steps) {
          const slot = model[pick % model.length];
          if (action === 'add') {
            const added = list.add();
            expect(model).not.toContain(added);
            model.unshift(added);
          } else if (action === 'clear?') {
            if (pick > 100) continue;
            list.clear();
            model = [];
          } else if (slot === undefined) {
            continue;
          } else if (action === 'touch') {
            list.touch(slot);
            model = [slot, ...model.filter((other) => other !== slot)];
          } else {
            const gone = action === 'remove' ? slot : list.leastRecent;
            list.remove(gone);
            if (action === 'removeOldest') expect(gone).toBe(model.at(-1));
            model = model.filter((other) => other !== gone);
          }
          expect(list.size).toBe(model.length);
          expect(list.mostRecent).toBe(model[0] ?? NO_SLOT);
          expect(list.leastRecent).toBe(model.at(-1) ?? NO_SLOT);
        }
        expect(order(list)).toEqual(model);
        expect(list.highestSlot).toBeGreaterThanOrEqual(Math.max(0, ...model));
      }),
    );
  });
});
