import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.fixture.js';
import { args, bytes, chance, text } from './bytes.fixture.js';
import type { Handle } from './arena.js';
import { Int64 } from './int64.js';
import { Keyspace } from './keyspace.js';
import { StreamGroup } from './stream-groups.js';
import { StreamId } from './stream-id.js';

const make = (): Keyspace =>
  new Keyspace({ clock: { now: () => 1e12 }, random: chance(9), hashSeed: [1, 2], databases: 2 });

const idOf = (ms: number, seq = 0): StreamId => new StreamId().setNumbers(ms, seq);
const least = idOf(0);
const greatest = new StreamId().setMax();

function create(space: Keyspace, key: string): Handle {
  const h = space.streams.create(...args(key));
  space.databases[0]!.add(h, ...args(key));
  return h;
}

function append(space: Keyspace, h: Handle, id: StreamId, pairs: readonly string[]): boolean {
  const words = ['XADD', ...pairs];
  const offsets: number[] = [];
  let all = '';
  for (const word of words) {
    offsets.push(all.length);
    all += word;
  }
  const lengths = words.map((word) => word.length);
  return space.streams.append(h, id, bytes(all), Int32Array.from(offsets), Int32Array.from(lengths), 1, pairs.length);
}

interface Entry {
  readonly id: string;
  readonly pairs: readonly string[];
}

function range(space: Keyspace, h: Handle, from = least, to = greatest, backwards = false): Entry[] {
  const found: Entry[] = [];
  const entries = space.streams.iterator(h, from, to, backwards);
  while (entries.next()) {
    const pairs: string[] = [];
    // An entry need not be read to its end.
    const wanted = found.length % 3 === 2 ? 1 : entries.fields;
    for (let i = 0; i < wanted && entries.nextField(); i++) pairs.push(text(entries.field), text(entries.value));
    if (wanted === entries.fields) expect(entries.nextField()).toBe(false);
    found.push({ id: entries.id.toString(), pairs });
  }
  expect(entries.next()).toBe(false);
  return found;
}

const shown = (read: (into: StreamId) => void): string => {
  const id = new StreamId();
  read(id);
  return id.toString();
};

describe('a stream', () => {
  it('has entries in the order of their ids, with the fields of each', () => {
    const space = make();
    const h = create(space, 's');
    append(space, h, idOf(1, 1), ['a', '1', 'b', '-5000']);
    append(space, h, idOf(1, 2), ['a', 'x'.repeat(70), 'b', '']);
    append(space, h, idOf(9007199254740991, 7), ['a', '1', 'c', '2', 'd', '18446744073709551615']);
    expect(range(space, h).slice(0, 2)).toEqual([
      { id: '1-1', pairs: ['a', '1', 'b', '-5000'] },
      { id: '1-2', pairs: ['a', 'x'.repeat(70), 'b', ''] },
    ]);
    expect(range(space, h, idOf(2))).toEqual([
      { id: '9007199254740991-7', pairs: ['a', '1', 'c', '2', 'd', '18446744073709551615'] },
    ]);
    expect(space.streams.nodes(h)).toBe(1);
    expect(space.streams.entriesAdded(h)).toBe(3);
  });

  it('goes up to the greatest id', () => {
    const space = make();
    const h = create(space, 's');
    append(space, h, idOf(5, 9), ['f', 'v']);
    append(space, h, greatest, ['f', 'w']);
    expect(range(space, h, idOf(6)).map(({ id }) => id)).toEqual(['18446744073709551615-18446744073709551615']);
    expect(space.streams.contains(h, greatest)).toBe(true);
    expect(shown((into) => space.streams.lastId(h, into))).toBe('18446744073709551615-18446744073709551615');
  });

  it('begins a node where Redis would: at its limit of entries, or of bytes before the entry is added', () => {
    const space = make();
    const h = create(space, 's');
    for (let i = 1; i <= 201; i++) append(space, h, idOf(i), ['f', 'v']);
    expect(space.streams.nodes(h)).toBe(3);
    space.streamNodeMaxEntries = 0;
    space.streamNodeMaxBytes = 220;
    const g = create(space, 'g');
    for (let i = 1; i <= 3; i++) append(space, g, idOf(i), ['f', 'v'.repeat(90)]);
    expect(space.streams.nodes(g)).toBe(2);
    space.streamNodeMaxBytes = 0;
    for (let i = 4; i <= 2000; i++) append(space, g, idOf(i), ['f', 'v'.repeat(90)]);
    expect(space.streams.nodes(g)).toBe(2);
    expect(range(space, g)).toHaveLength(2000);
    expect(range(space, g, idOf(1990), idOf(1995), true).map(({ id }) => id)[0]).toBe('1995-0');
    audit(space);
  });

  it('has as many nodes of a radix tree as Redis 7.0 says', () => {
    const space = make();
    space.streamNodeMaxEntries = 1;
    const h = create(space, 's');
    const counts = [space.streams.radixNodes(h)];
    for (const [ms, seq] of [
      [1, 1],
      [1, 2],
      [1, 300],
      [256, 0],
      [257, 5],
      [258, 5],
      [1 << 24, 0],
    ] as const) {
      append(space, h, idOf(ms, seq), ['f', 'v']);
      counts.push(space.streams.radixNodes(h));
    }
    expect(counts).toEqual([1, 2, 4, 7, 11, 14, 16, 20]);
  });

  it('keeps of a stream that was trimmed only what is left', () => {
    const space = make();
    const h = create(space, 's');
    for (let i = 1; i <= 10_000; i++) append(space, h, idOf(i), ['f', `value ${i}`]);
    const before = space.streams.memory(h);
    expect(space.streams.trimToLength(h, 150, true, 0)).toBe(9800);
    expect(space.streams.trimToLength(h, 150, false, 0)).toBe(50);
    expect(space.streams.length(h)).toBe(150);
    expect(space.streams.memory(h)).toBeLessThan(before / 30);
    expect(shown((into) => space.streams.firstId(h, into))).toBe('9851-0');
    audit(space);
  });

  it('trims no more than the limit, node by node', () => {
    const space = make();
    const h = create(space, 's');
    for (let i = 1; i <= 1000; i++) append(space, h, idOf(i), ['f', 'v']);
    expect(space.streams.trimToLength(h, 0, true, 99)).toBe(0);
    expect(space.streams.trimToLength(h, 0, true, 250)).toBe(200);
    expect(space.streams.trimToId(h, idOf(401), true, 0)).toBe(200);
    expect(space.streams.trimToId(h, idOf(450), true, 0)).toBe(0);
    expect(space.streams.trimToId(h, idOf(450), false, 0)).toBe(49);
  });

  it('copies with its groups, and each copy goes its own way', () => {
    const space = make();
    const db = space.databases[0]!;
    const h = create(space, 's');
    for (let i = 1; i <= 500; i++) append(space, h, idOf(i), ['f', `value ${i}`]);
    expect(space.streams.hasGroups(h)).toBe(false);
    space.streams.groups(h).set('g', new StreamGroup('g', idOf(3), 3n));
    expect(db.copy(...args('s'), db, ...args('t'))).toBeTypeOf('boolean');
    const copy = db.peek(...args('t'));
    expect(range(space, copy)).toEqual(range(space, h));
    space.streams.groups(copy).get('g')!.lastId.setNumbers(9, 0);
    expect(space.streams.groups(h).get('g')!.lastId.toString()).toBe('3-0');
    space.streams.trimToLength(copy, 3, false, 0);
    append(space, copy, idOf(900), ['f', 'v']);
    expect(space.streams.length(h)).toBe(500);
    db.delete(...args('s'));
    space.lazyFree(Infinity);
    expect(range(space, copy).map(({ id }) => id)).toEqual(['498-0', '499-0', '500-0', '900-0']);
    expect(space.streams.groups(copy).size).toBe(1);
    audit(space);
  });

  it('has no groups left when everything was flushed and its memory is used again', () => {
    const space = make();
    const h = create(space, 's');
    space.streams.groups(h).set('g', new StreamGroup('g', idOf(3), 3n));
    space.flush(undefined, false);
    const again = create(space, 's');
    expect(again).toBe(h);
    expect(space.streams.hasGroups(again)).toBe(false);
    expect(space.streams.groups(again).size).toBe(0);
  });

  it('agrees with a sorted array, whatever is added, deleted and trimmed', () => {
    const field = fc.constantFrom('a', 'b', '17', '');
    const value = fc.oneof(
      fc.constantFrom('', '0', '-1', '127', '128', '-4097', '99999999999', 'x', 'y'.repeat(64), 'z'.repeat(5000)),
      fc.string({ unit: 'binary', maxLength: 5 }).map((s) => Buffer.from(s).toString('latin1')),
    );
    const pairs = fc.array(fc.tuple(field, value), { minLength: 1, maxLength: 3 }).map((list) => list.flat());
    const nat = fc.nat({ max: 300 });
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('add' as const), by: fc.constantFrom(1, 1, 7, 70000), pairs }),
      },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), nth: nat }) },
      fc.record({ do: fc.constant('trim' as const), nth: nat, exact: fc.boolean(), byId: fc.boolean() }),
      fc.record({
        do: fc.constant('limit' as const),
        entries: fc.constantFrom(0, 1, 3, 10),
        max: fc.constantFrom(0, 60, 4096),
      }),
      fc.record({ do: fc.constant('range' as const), from: nat, to: nat, backwards: fc.boolean() }),
    );
    const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const space = make();
        const h = create(space, 's');
        let model: Entry[] = [];
        let ms = 0;
        let added = 0;
        const maxDeleted = new StreamId();
        const nth = (n: number): number => (model.length === 0 ? n : Number(model[n % model.length]!.id.split('-')[0]));
        for (const s of steps) {
          if (s.do === 'limit') {
            space.streamNodeMaxEntries = s.entries;
            space.streamNodeMaxBytes = s.max;
          } else if (s.do === 'add') {
            ms += s.by;
            added++;
            expect(append(space, h, idOf(ms, s.by), s.pairs)).toBe(true);
            model.push({ id: `${ms}-${s.by}`, pairs: s.pairs });
          } else if (s.do === 'remove') {
            const id = model.length === 0 ? idOf(s.nth) : new StreamId();
            const chosen = model[s.nth % Math.max(model.length, 1)];
            if (chosen !== undefined) id.setNumbers(...(chosen.id.split('-').map(Number) as [number, number]));
            expect(space.streams.contains(h, id)).toBe(chosen !== undefined);
            expect(space.streams.remove(h, id)).toBe(chosen !== undefined);
            expect(space.streams.remove(h, id)).toBe(false);
            model = model.filter((entry) => entry !== chosen);
            if (chosen !== undefined && id.compare(maxDeleted) > 0) maxDeleted.copy(id);
          } else if (s.do === 'trim') {
            const least = s.byId ? idOf(nth(s.nth)) : undefined;
            const deleted = least
              ? space.streams.trimToId(h, least, !s.exact, 0)
              : space.streams.trimToLength(h, s.nth % 20, !s.exact, 0);
            const doomed = least
              ? model.filter(({ id }) => Number(id.split('-')[0]) < least.ms).length
              : Math.max(0, model.length - (s.nth % 20));
            if (s.exact) expect(deleted).toBe(doomed);
            else expect(deleted).toBeLessThanOrEqual(doomed);
            model = model.slice(deleted);
          } else {
            const [from, to] = [nth(s.from), nth(s.to)];
            const wanted = model.filter(({ id }) => {
              const own = Number(id.split('-')[0]);
              return own >= from && own < to;
            });
            if (s.backwards) wanted.reverse();
            const toId = to === 0 ? least : idOf(to).clone();
            toId.decrement();
            expect(ids(range(space, h, idOf(from), toId, s.backwards))).toEqual(ids(wanted));
          }
          expect(space.streams.length(h)).toBe(model.length);
          expect(shown((into) => space.streams.firstId(h, into))).toBe(model[0]?.id ?? '0-0');
          expect(shown((into) => space.streams.maxDeletedId(h, into))).toBe(maxDeleted.toString());
        }
        const all = range(space, h);
        expect(ids(all)).toEqual(ids(model));
        all.forEach((entry, i) =>
          expect(entry.pairs).toEqual(i % 3 === 2 ? model[i]!.pairs.slice(0, 2) : model[i]!.pairs),
        );
        const count = new Int64();
        space.streams.readEntriesAdded(h, count);
        expect(count.toNumber()).toBe(added);
        audit(space);
        space.databases[0]!.delete(...args('s'));
        space.lazyFree(Infinity);
        audit(space);
      }),
      { numRuns: 80 },
    );
  });
});

describe('a stream id', () => {
  it('is compared, stepped and written as two unsigned numbers', () => {
    const max = 0xffffffffffffffffn;
    const part = fc.oneof(
      fc.bigInt({ min: 0n, max }),
      fc.constantFrom(0n, 1n, max, max - 1n, 0xffffffffn, 0x100000000n),
    );
    const load = (ms: bigint, seq: bigint): StreamId => {
      const word = (n: bigint, shift: bigint): number => Number(BigInt.asIntN(32, n >> shift));
      return new StreamId().set(word(ms, 32n), word(ms, 0n), word(seq, 32n), word(seq, 0n));
    };
    fc.assert(
      fc.property(part, part, part, part, (ms, seq, ms2, seq2) => {
        const id = load(ms, seq);
        const value = (ms << 64n) | seq;
        const other = (ms2 << 64n) | seq2;
        expect(id.toString()).toBe(`${ms}-${seq}`);
        expect(Math.sign(id.compare(load(ms2, seq2)))).toBe(value < other ? -1 : value > other ? 1 : 0);
        expect(id.equals(load(ms2, seq2))).toBe(value === other);
        const up = value + 1n;
        const next = id.clone();
        expect(next.increment()).toBe(up >> 128n === 0n);
        if (up >> 128n === 0n) expect(next.toString()).toBe(`${up >> 64n}-${up & max}`);
        const previous = id.clone();
        expect(previous.decrement()).toBe(value > 0n);
        if (value > 0n) expect(previous.toString()).toBe(`${(value - 1n) >> 64n}-${(value - 1n) & max}`);
      }),
    );
  });
});
