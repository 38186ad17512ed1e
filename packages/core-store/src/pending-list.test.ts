import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PendingEntry, PendingList } from './pending-list.js';
import { Consumer } from './stream-groups.js';
import { StreamId } from './stream-id.js';

const consumer = new Consumer('c', 0);
const id = (ms: number, seq = 0): StreamId => new StreamId().setNumbers(ms, seq);
const entry = (ms: number): PendingEntry => new PendingEntry(id(ms), consumer, 0, 1n);
const times = (entries: Iterable<PendingEntry>): number[] => [...entries].map((each) => each.id.ms);

function listOf(count: number): PendingList {
  const list = new PendingList();
  for (let i = 0; i < count; i++) list.add(entry(i));
  return list;
}

describe('the list of pending entries', () => {
  it('is in order however entries were added', () => {
    const list = new PendingList();
    for (let i = 0; i < 5000; i++) list.add(entry((i * 2777) % 5000));
    expect(times(list)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('orders ids as unsigned numbers, milliseconds before sequence', () => {
    const list = new PendingList();
    const ids = [id(0, 2 ** 53), id(1, 0), id(2 ** 31, 1), id(2 ** 32 - 1, 0), id(2 ** 40, 0), new StreamId().setMax()];
    for (const each of [...ids].reverse()) list.add(new PendingEntry(each, consumer, 0, 1n));
    expect([...list].map((each) => each.id)).toEqual(ids);
    expect(list.first?.id).toBe(ids[0]);
    expect(list.last?.id).toBe(ids.at(-1));
  });

  it('is empty at first, and has no first, last or any entry', () => {
    const list = new PendingList();
    expect(list.size).toBe(0);
    expect([list.first, list.last, list.find(id(1)), list.atOrAfter(id(0)), list.remove(id(1))]).toEqual(
      Array.from({ length: 5 }),
    );
    expect([...list, ...list.from(id(0))]).toEqual([]);
  });

  it('can be gone through while entries are removed, from id to id', () => {
    const list = listOf(2000);
    const at = id(0);
    let visited = 0;
    for (let next = list.atOrAfter(at); next !== undefined; next = list.atOrAfter(at)) {
      visited++;
      if (next.id.ms % 3 !== 0) list.remove(next.id);
      at.copy(next.id).increment();
    }
    expect(visited).toBe(2000);
    expect(times(list)).toEqual(Array.from({ length: 667 }, (_, i) => i * 3));
  });

  it('does what a sorted array does', () => {
    const ms = fc.nat({ max: 3000 });
    const run = fc.tuple(ms, fc.nat({ max: 700 }));
    const step = fc.oneof(
      fc.record({ what: fc.constantFrom('add' as const, 'remove' as const, 'walk' as const), run }),
      { weight: 1, arbitrary: fc.record({ what: fc.constant('thin' as const), run }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const list = new PendingList();
        const model = new Map<number, PendingEntry>();
        const sorted = (): number[] => [...model.keys()].sort((a, b) => a - b);
        for (const { what, run } of steps) {
          const [from, count] = run;
          for (let i = from; i < from + count; i += what === 'thin' ? 2 : 1) {
            if (what === 'add' && !model.has(i)) {
              const added = entry(i);
              list.add(added);
              model.set(i, added);
            } else if (what === 'remove' || what === 'thin') {
              expect(list.remove(id(i))).toBe(model.get(i));
              model.delete(i);
            }
          }
          if (what === 'walk') expect(times(list.from(id(from)))).toEqual(sorted().filter((each) => each >= from));
          expect(list.find(id(from))).toBe(model.get(from));
          expect(list.atOrAfter(id(from))?.id.ms).toBe(sorted().find((each) => each >= from));
        }
        expect(list.size).toBe(model.size);
        expect(times(list)).toEqual(sorted());
        expect([list.first?.id.ms, list.last?.id.ms]).toEqual([sorted()[0], sorted().at(-1)]);
      }),
      { numRuns: 100 },
    );
  });

  it('appends and removes in all places without going through the whole list', () => {
    const list = listOf(100_000);
    const start = performance.now();
    for (let i = 0; i < 100_000; i++) list.remove(id((i * 77_773) % 100_000));
    // Removals that moved all entries behind them would take seconds.
    expect(performance.now() - start).toBeLessThan(1500);
    expect(list.size).toBe(0);
  });
});
