import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, text } from './bytes.fixture.js';
import { type Entry, Machine, steps } from './machine.fixture.js';
import type { SnapshotVisitor } from './snapshot.js';

/** Small values only: `tour.test.ts` has the big ones. */
const whole = (record: SnapshotVisitor['record']): SnapshotVisitor => ({
  record,
  parts: () => expect.unreachable('a value in parts'),
});

/** What a snapshot shows: a copy of each record at the moment when it is shown. */
function shown(machine: Machine): { databases: Map<string, Entry>[]; visitor: SnapshotVisitor } {
  const databases = machine.model.map(() => new Map<string, Entry>());
  const view = { bytes: new Uint8Array(0), offset: 0, length: 0 };
  const visit = (db: number, h: number): void => {
    machine.space.records.readKey(h, view);
    const key = text(view);
    expect(databases[db]!.has(key)).toBe(false);
    databases[db]!.set(key, machine.read(h));
  };
  return { databases, visitor: whole(visit) };
}

/** A copy of the model. */
const frozen = (machine: Machine): Map<string, Entry>[] =>
  machine.model.map(
    (entries) =>
      new Map(
        [...entries].map(([key, entry]) => [
          key,
          { ...entry, value: typeof entry.value === 'string' ? entry.value : new Map(entry.value) },
        ]),
      ),
  );

/** Short values under many keys, so that there are many buckets. */
function filled(keys: number): Machine {
  const machine = new Machine();
  for (let i = 0; i < keys; i++) machine.run([i % 5 === 0 ? 'hashSet' : 'setString', i % 3, i, i % 15, i % 15]);
  for (let i = 0; i < keys; i += 4) machine.run(['expire', i % 3, i, 1, i]);
  return machine;
}

describe('a snapshot', () => {
  it('shows each record once, as it was when the snapshot began, whatever is written meanwhile', () => {
    const plan = fc.record({
      keys: fc.integer({ min: 0, max: 400 }),
      list: steps(420, 150),
      slice: fc.integer({ min: 1, max: 12 }),
      buckets: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(plan, ({ keys, list, slice, buckets }) => {
        const machine = filled(keys);
        for (let round = 0; round < 2; round++) {
          const before = frozen(machine);
          const { databases, visitor } = shown(machine);
          const snapshot = machine.space.beginSnapshot(visitor);
          for (const [i, step] of list.entries()) {
            machine.run(step);
            let left = buckets;
            if (i % slice === 0) snapshot.step(() => --left === 0);
          }
          while (!snapshot.step(() => true));
          expect(databases).toEqual(before);
          machine.check();
        }
        machine.space.lazyFree(Infinity);
        audit(machine.space);
      }),
      { numRuns: 60 },
    );
  });

  it('outlives a flush of everything, the tables growing and shrinking, and a second flush', () => {
    const machine = filled(300);
    const before = frozen(machine);
    const { databases, visitor } = shown(machine);
    const { space } = machine;
    const snapshot = space.beginSnapshot(visitor);
    snapshot.step(() => true);
    for (let i = 0; i < 2000; i++) space.databases[1]!.setString(...args(`new:${i}`), ...args('x'), false);
    for (let i = 0; i < 2000; i++) space.databases[1]!.delete(...args(`new:${i}`));
    space.flush(undefined, false);
    for (let i = 0; i < 500; i++) space.databases[1]!.setString(...args(`key:${i}`), ...args('y'), false);
    space.swapDatabases(0, 1);
    space.flush(space.databases[0], true);
    while (!snapshot.step(() => true));
    expect(databases).toEqual(before);
    expect(space.lazyFree(Infinity)).toBe(false);
    audit(space);
    expect(space.databases.map((db) => db.size)).toEqual([0, 0, 0]);
  });

  it('is the only one at a time, and may be ended early', () => {
    const { space } = filled(100);
    const snapshot = space.beginSnapshot(whole(() => undefined));
    expect(() => space.beginSnapshot(whole(() => undefined))).toThrow('a snapshot is under way');
    expect(snapshot.step(() => true)).toBe(false);
    snapshot.end();
    expect(snapshot.step(() => true)).toBe(true);
    const seen = new Set<number>();
    const second = space.beginSnapshot(whole((_, h) => seen.add(h)));
    expect(second.step(() => false)).toBe(true);
    expect(seen.size).toBe(space.databases.reduce((sum, db) => sum + db.size, 0));
  });

  it('shows nothing that was created after its beginning', () => {
    const machine = new Machine();
    const snapshot = machine.space.beginSnapshot(whole(() => expect.unreachable()));
    for (let i = 0; i < 100; i++) machine.space.databases[0]!.setString(...args(`k${i}`), ...args('v'), false);
    expect(snapshot.step(() => false)).toBe(true);
  });
});
