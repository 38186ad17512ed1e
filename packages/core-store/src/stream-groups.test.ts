import { describe, expect, it } from 'vitest';
import { GroupProgress, type StreamHistory } from './group-progress.js';
import { byName, nameBytes, StreamGroup, UNKNOWN_ENTRIES_READ } from './stream-groups.js';
import { StreamId } from './stream-id.js';

const id = (ms: number, seq = 0): StreamId => new StreamId().setNumbers(ms, seq);
const ids = (group: { pending: Iterable<{ id: StreamId }> }): string =>
  [...group.pending].map((entry) => String(entry.id)).join(' ');

function twoConsumers(): StreamGroup {
  const group = new StreamGroup('g', id(0), 0n);
  const a = group.addConsumer('a', 100);
  const b = group.addConsumer('b', 200);
  for (let i = 1; i <= 6; i++) group.deliver(id(i), i % 2 === 0 ? a : b, 1000 + i, 1n);
  return group;
}

describe('a consumer group', () => {
  it('keeps a pending entry in its own list and in its consumer’s', () => {
    const group = twoConsumers();
    expect(ids(group)).toBe('1-0 2-0 3-0 4-0 5-0 6-0');
    expect(byName(group.consumers).map(ids)).toEqual(['2-0 4-0 6-0', '1-0 3-0 5-0']);
    expect(group.acknowledge(id(2))).toBe(true);
    expect(group.acknowledge(id(2))).toBe(false);
    expect(ids(group)).toBe('1-0 3-0 4-0 5-0 6-0');
    expect(byName(group.consumers).map(ids)).toEqual(['4-0 6-0', '1-0 3-0 5-0']);
  });

  it('gives an entry from one consumer to another', () => {
    const group = twoConsumers();
    const [a, b] = byName(group.consumers);
    const entry = group.pending.find(id(3))!;
    group.assign(entry, a!);
    group.assign(entry, a!);
    expect([ids(a!), ids(b!)]).toEqual(['2-0 3-0 4-0 6-0', '1-0 5-0']);
    expect(entry.consumer).toBe(a);
  });

  it('forgets what a removed consumer had pending', () => {
    const group = twoConsumers();
    group.removeConsumer(group.consumers.get('a')!);
    expect(ids(group)).toBe('1-0 3-0 5-0');
    expect([...group.consumers.keys()]).toEqual(['b']);
  });

  it('is copied with all it has, and the copy is independent', () => {
    const group = twoConsumers();
    group.entriesRead = UNKNOWN_ENTRIES_READ;
    group.consumers.get('a')!.activeTime = 300;
    const copy = group.copy();
    expect(copy).toEqual(group);
    copy.acknowledge(id(1));
    copy.pending.find(id(2))!.deliveryCount = 9n;
    copy.lastId.copy(id(7));
    expect(ids(group)).toBe('1-0 2-0 3-0 4-0 5-0 6-0');
    expect(group.pending.find(id(2))!.deliveryCount).toBe(1n);
    expect(String(group.lastId)).toBe('0-0');
    expect(copy.pending.find(id(3))!.consumer).toBe(copy.consumers.get('b'));
  });

  it('is said to take more memory with consumers and pending entries', () => {
    const empty = new StreamGroup('g', id(0), 0n);
    expect(twoConsumers().memory).toBeGreaterThan(empty.memory + 6 * 100);
  });

  it('has names of any bytes, in the order of the bytes', () => {
    const names = ['\xff', 'b', '\0', 'ab', 'a', ''].map((name) => [name, { name }] as const);
    expect(byName(new Map(names)).map(({ name }) => name)).toEqual(['', '\0', 'a', 'ab', 'b', '\xff']);
    expect([...nameBytes('a\xff\0')]).toEqual([97, 255, 0]);
  });
});

interface History {
  /** Ids that are there, as milliseconds; they stand for entries numbered from 1 by `added`. */
  readonly entries: readonly number[];
  readonly added: number;
  readonly last: number;
  readonly maxDeleted?: number;
}

const history = ({ entries, added, last, maxDeleted = 0 }: History): StreamHistory => ({
  length: () => entries.length,
  firstId: (_, into) => into.setNumbers(entries[0] ?? 0, 0),
  lastId: (_, into) => into.setNumbers(last, 0),
  maxDeletedId: (_, into) => into.setNumbers(maxDeleted, 0),
  readEntriesAdded: (_, into) => into.setNumber(added),
});

function lag(stream: History, at: number, entriesRead: number): number | undefined {
  const known = new GroupProgress().load(history(stream), 8).lag(new StreamGroup('g', id(at), BigInt(entriesRead)));
  return known === undefined ? undefined : Number(known);
}

describe('the lag of a group', () => {
  const whole = { entries: [10, 20, 30, 40], added: 4, last: 40 };

  it('is 0 in a stream that never had an entry', () => {
    expect(lag({ entries: [], added: 0, last: 0 }, 5, -1)).toBe(0);
  });

  it('is what was added less what was read', () => {
    expect(lag(whole, 20, 2)).toBe(2);
    expect(lag(whole, 40, 4)).toBe(0);
  });

  it('is known without a counter at the ends of the stream only', () => {
    expect(lag(whole, 0, -1)).toBe(4);
    expect(lag(whole, 10, -1)).toBe(3);
    expect(lag(whole, 20, -1)).toBeUndefined();
    expect(lag(whole, 40, -1)).toBe(0);
    expect(lag(whole, 41, -1)).toBeUndefined();
  });

  it('counts from the first entry that trimming left', () => {
    const trimmed = { entries: [30, 40], added: 4, last: 40, maxDeleted: 20 };
    expect(lag(trimmed, 10, -1)).toBe(2);
    expect(lag(trimmed, 30, -1)).toBe(1);
    expect(lag(trimmed, 0, 0)).toBe(4);
  });

  it('is not known while a deleted entry may lie ahead', () => {
    const holed = { entries: [10, 20, 40], added: 4, last: 40, maxDeleted: 30 };
    expect(lag(holed, 20, 2)).toBeUndefined();
    expect(lag(holed, 30, 3)).toBeUndefined();
    expect(lag(holed, 35, 3)).toBe(1);
    expect(lag(holed, 40, -1)).toBe(0);
  });

  it('is 0 in a stream whose entries are all gone', () => {
    expect(lag({ entries: [], added: 4, last: 40, maxDeleted: 40 }, 20, -1)).toBe(0);
    expect(lag({ entries: [], added: 4, last: 40, maxDeleted: 40 }, 50, -1)).toBeUndefined();
  });
});

describe('reading on', () => {
  function readAll(stream: History, group: StreamGroup): bigint[] {
    const progress = new GroupProgress().load(history(stream), 8);
    return stream.entries.map((ms) => {
      progress.advance(group, id(ms));
      return group.entriesRead;
    });
  }

  it('counts entries one by one', () => {
    const group = new StreamGroup('g', id(0), 0n);
    expect(readAll({ entries: [10, 20, 30], added: 3, last: 30 }, group)).toEqual([1n, 2n, 3n]);
    expect(String(group.lastId)).toBe('30-0');
  });

  it('loses count before a deleted entry, and finds it again at the end', () => {
    const group = new StreamGroup('g', id(0), 0n);
    expect(readAll({ entries: [10, 20, 40, 50], added: 5, last: 50, maxDeleted: 30 }, group)).toEqual([
      -1n,
      -1n,
      -1n,
      5n,
    ]);
  });

  it('begins to count at the first entry when it did not know', () => {
    const group = new StreamGroup('g', id(0), UNKNOWN_ENTRIES_READ);
    expect(readAll({ entries: [30, 40], added: 4, last: 40 }, group)).toEqual([3n, 4n]);
  });
});
