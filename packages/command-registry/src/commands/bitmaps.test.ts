import { View } from '@clone/core-store';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../context.js';
import { Harness } from '../harness.fixture.js';

describe('SETBIT', () => {
  it('is fed and reported when a bit or the length changes, and only then', () => {
    const h = new Harness();
    expect(h.trace('SETBIT', 'k', 9, 0)).toEqual({
      reply: ':0',
      effects: ['0: SETBIT k 9 0'],
      events: ['0: setbit k'],
    });
    expect(h.trace('SETBIT', 'k', 9, 0)).toEqual({ reply: ':0', effects: [], events: [] });
    expect(h.trace('SETBIT', 'k', 9, 1).effects).toEqual(['0: SETBIT k 9 1']);
    expect(h.trace('SETBIT', 'k', 16, 0).effects).toEqual(['0: SETBIT k 16 0']);
    expect(h.run('STRLEN', 'k')).toBe(':3');
  });

  it('takes no memory for an offset that it refuses', () => {
    const h = new Harness();
    const before = h.keyspace.usedMemory;
    expect(h.run('SETBIT', 'k', 2 ** 32, 1)).toBe('-ERR bit offset is not an integer or out of range');
    expect(h.run('BITFIELD', 'k', 'SET', 'u8', 2 ** 32, 1)).toBe('-ERR bit offset is not an integer or out of range');
    expect(h.keyspace.usedMemory).toBe(before);
  });

  it('does not reach a snapshot that has begun', () => {
    const h = new Harness();
    h.prepare('SET k abc', 'SET bits ~~~~', 'PFADD hll a b');
    const hll = h.run('GET', 'hll');
    const seen = new Map<string, string>();
    const [key, value] = [new View(), new View()];
    const snapshot = h.keyspace.beginSnapshot({
      record: (_, record) => {
        h.keyspace.records.readKey(record, key);
        h.keyspace.strings.read(record, value);
        seen.set(latin1(key.bytes, key.offset, key.length), latin1(value.bytes, value.offset, value.length));
      },
      parts: () => expect.unreachable('small values'),
    });
    h.prepare(
      'SETBIT k 6 0',
      'BITFIELD k SET u8 0 0',
      'BITOP NOT bits bits',
      'BITOP NOT bits k',
      'PFCOUNT hll',
      'PFADD hll c',
    );
    snapshot.step(() => false);
    expect([seen.get('k'), seen.get('bits')]).toEqual(['abc', '~~~~']);
    expect(`$${seen.get('hll')!.length} ${seen.get('hll')!}`).toBe(hll);
  });
});

describe('BITOP', () => {
  it('deletes its destination when the result is empty, and says so', () => {
    const h = new Harness();
    h.prepare('SET d x');
    expect(h.trace('BITOP', 'OR', 'd', 'missing')).toEqual({
      reply: ':0',
      effects: ['0: BITOP OR d missing'],
      events: ['0: del d'],
    });
    expect(h.trace('BITOP', 'OR', 'd', 'missing')).toEqual({ reply: ':0', effects: [], events: [] });
  });

  it('lets go of big values that it has read', () => {
    const h = new Harness();
    h.prepare('SETRANGE a 2000000 x', 'BITOP NOT d a', 'BITOP AND d a d', 'DEL a d');
    const { used, largeBlocks } = h.keyspace.arena.statistics;
    expect([largeBlocks, used < 100_000]).toEqual([0, true]);
  });
});

describe('BITFIELD', () => {
  it('counts each change, and is fed once', () => {
    const h = new Harness();
    const before = h.keyspace.dirty;
    expect(h.trace('BITFIELD', 'k', 'SET', 'u8', 0, 1, 'INCRBY', 'u8', 8, 2, 'GET', 'u8', 0)).toEqual({
      reply: '*3 :0 :2 :1',
      effects: ['0: BITFIELD k SET u8 0 1 INCRBY u8 8 2 GET u8 0'],
      events: ['0: setbit k'],
    });
    expect(h.keyspace.dirty - before).toBe(2);
    expect(h.trace('BITFIELD', 'k', 'SET', 'u8', 0, 1).effects).toEqual([]);
    expect(h.trace('BITFIELD_RO', 'k', 'GET', 'u8', 0)).toEqual({ reply: '*1 :1', effects: [], events: [] });
  });
});
