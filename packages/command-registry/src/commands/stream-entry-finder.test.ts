import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StreamId } from '@clone/core-store';
import { Harness } from '../harness.fixture.js';
import { EntryFinder } from './stream-entry-finder.js';

const id = new StreamId();

function streamWith(ids: Iterable<number>): EntryFinder {
  const server = new Harness();
  for (const each of ids) server.run('XADD', 's', each, 'f', each);
  return new EntryFinder(server.keyspace.streams, server.keyspace.databases[0]!.peek(new Uint8Array([115]), 0, 1));
}

function valueOf(finder: EntryFinder, ms: number): string | undefined {
  const entry = finder.find(id.setNumbers(ms, 0));
  return entry?.nextField() === true ? entry.value.text() : undefined;
}

it('finds the entries that are there, in whatever order they are asked for', () => {
  const kept = new Set(Array.from({ length: 300 }, (_, i) => i + 1).filter((ms) => ms % 3 !== 0));
  const finder = streamWith(kept);
  const asked = fc.array(fc.integer({ min: 0, max: 310 }), { maxLength: 40 });
  const order = fc.constantFrom('ascending', 'descending', 'any');
  fc.assert(
    fc.property(asked, order, (ids, ordered) => {
      if (ordered !== 'any') ids.sort((a, b) => (ordered === 'ascending' ? a - b : b - a));
      for (const ms of ids) expect(valueOf(finder, ms)).toBe(kept.has(ms) ? String(ms) : undefined);
    }),
  );
});

it('finds an entry again that was found and read', () => {
  const finder = streamWith([1, 2]);
  expect([1, 1, 2, 2, 3, 3, 1].map((ms) => valueOf(finder, ms))).toEqual([
    '1',
    '1',
    '2',
    '2',
    undefined,
    undefined,
    '1',
  ]);
});
