import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, type Handle } from './arena.js';
import { bytes, chance } from './bytes.fixture.js';
import { ExpiryQueue, LAST_QUEUED_TIME } from './expiry-queue.js';
import { Records } from './record.js';

const make = (): { arena: Arena; queue: ExpiryQueue; record: (name: string, time: number) => Handle } => {
  const arena = new Arena();
  const records = new Records(arena);
  const queue = new ExpiryQueue(arena);
  const record = (name: string, time: number): Handle => {
    const h = records.create(bytes(name), 0, name.length, 0, 0, 0, true, false);
    queue.setTime(h, time);
    return h;
  };
  return { arena, queue, record };
};

describe('an expiry queue', () => {
  it('agrees with a sorted list, and gives all of its memory back', () => {
    const time = fc.oneof(fc.nat({ max: 20 }), fc.constantFrom(2 ** 32, 2 ** 32 + 1, LAST_QUEUED_TIME));
    const step = fc.record({
      what: fc.constantFrom('add', 'add', 'remove', 'update', 'replace'),
      which: fc.nat(),
      time,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const { arena, queue, record } = make();
        const q = queue.create();
        const smallest = queue.bytes(q);
        expect(queue.first(q)).toBe(0);
        const model: { h: Handle; time: number }[] = [];
        const names = ['f', 'field', 'w'.repeat(70_000)];
        for (const [i, { what, which, time }] of steps.entries()) {
          const chosen = model[which % model.length];
          if (what === 'add' || chosen === undefined) {
            const h = record(names[i % (i % 20 === 0 ? 3 : 2)]!, time);
            queue.add(q, h);
            model.push({ h, time });
          } else if (what === 'remove') {
            queue.remove(q, chosen.h);
            arena.free(chosen.h);
            model.splice(model.indexOf(chosen), 1);
          } else if (what === 'update') {
            queue.update(q, chosen.h, time);
            chosen.time = time;
          } else {
            const h = record('again', 1);
            queue.replace(q, chosen.h, h);
            arena.free(chosen.h);
            chosen.h = h;
          }
          expect(queue.count(q)).toBe(model.length);
          for (const each of model) expect(queue.time(each.h)).toBe(each.time);
          expect(queue.countBefore(q, time)).toBe(model.filter((each) => each.time < time).length);
          if (model.length > 0) expect(queue.time(queue.first(q))).toBe(Math.min(...model.map((each) => each.time)));
        }
        const times: number[] = [];
        while (queue.count(q) > 0) {
          const h = queue.first(q);
          times.push(queue.time(h));
          queue.remove(q, h);
          arena.free(h);
        }
        expect(times).toEqual(model.map((each) => each.time).sort((a, b) => a - b));
        expect(queue.bytes(q)).toBe(smallest);
        queue.free(q);
        expect(arena.usedBytes).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('holds many records in segments, in order', () => {
    const { arena, queue, record } = make();
    const q = queue.create();
    const random = chance(7);
    const times = Array.from({ length: 10_000 }, () => Math.floor(random() * LAST_QUEUED_TIME));
    const handles = times.map((time, i) => record(`f${i}`, time));
    const records = arena.usedBytes;
    for (const h of handles) queue.add(q, h);
    expect((queue.bytes(q) - 40) / handles.length).toBeLessThan(4.2);
    const sorted = [...times].sort((a, b) => a - b);
    expect(queue.countBefore(q, sorted[5000]!)).toBe(5000);
    for (const time of sorted) {
      const h = queue.first(q);
      expect(queue.time(h)).toBe(time);
      queue.remove(q, h);
    }
    expect(arena.usedBytes - records).toBeLessThan(100);
  });
});
