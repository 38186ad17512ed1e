// What the differential tests cannot see: 7.2's names of encodings, snapshots, memory that is freed later.
import { View } from '@clone/core-store';
import { describe, expect, it } from 'vitest';
import { Harness } from '../harness.fixture.js';

const encoding = (h: Harness, key: string): string => h.run('OBJECT', 'ENCODING', key).replace(/^\$\d+ /, '');

describe('the encoding of a list', () => {
  it('goes by the sum of the bytes that a push brings, before any of them is there', () => {
    const h = new Harness();
    h.run('RPUSH', 'l', 'x'.repeat(4000), 'x'.repeat(4185));
    expect(encoding(h, 'l')).toBe('listpack');
    h.run('RPUSH', 'm', 'x'.repeat(4000), 'x'.repeat(4186));
    expect(encoding(h, 'm')).toBe('quicklist');
  });

  it('stays what it is when a full list is rotated', () => {
    const h = new Harness();
    h.keyspace.listMaxListpackSize = 3;
    h.run('RPUSH', 'l', 'a', 'b', 'c');
    for (const side of ['LEFT', 'RIGHT']) {
      h.run('LMOVE', 'l', 'l', side, 'RIGHT');
      h.run('LMOVE', 'l', 'l', side, 'LEFT');
      expect(encoding(h, 'l')).toBe('listpack');
    }
    h.run('RPOPLPUSH', 'm', 'l');
    h.run('RPUSH', 'm', 'd');
    h.run('RPOPLPUSH', 'm', 'l');
    expect(encoding(h, 'l')).toBe('quicklist');
  });

  it('grows with LINSERT whether the pivot is there or not, and with LSET', () => {
    const h = new Harness();
    h.keyspace.listMaxListpackSize = 2;
    for (const command of ['LINSERT l BEFORE missing x', 'LINSERT l AFTER a x', 'LSET l 0 x', 'LSET l 7 x']) {
      h.prepare('DEL l', 'RPUSH l a b');
      expect(encoding(h, 'l')).toBe('listpack');
      h.run(...command.split(' '));
      // One of two elements is half the limit: what replaces does not grow in the end.
      expect(encoding(h, 'l')).toBe('quicklist');
    }
  });

  it.each([
    ['LPOP l 3', 'LPOP l'],
    ['LTRIM l 3 -1', 'LTRIM l 1 -1'],
    ['LREM l 3 a', 'LREM l 0 b'],
    ['LMPOP 1 l LEFT COUNT 3', 'LMPOP 1 l LEFT'],
    ['BLMPOP 0 1 l LEFT COUNT 3', 'BLPOP l 0'],
  ])('is small again at half of the limit: after %s, then %s', (first, second) => {
    const h = new Harness();
    h.keyspace.listMaxListpackSize = 4;
    h.run('RPUSH', 'l', 'a', 'a', 'a', 'b', 'c', 'd');
    expect(encoding(h, 'l')).toBe('quicklist');
    h.run(...first.split(' '));
    expect(h.run('LLEN', 'l')).toBe(':3');
    expect(encoding(h, 'l')).toBe('quicklist');
    h.run(...second.split(' '));
    expect(encoding(h, 'l')).toBe('listpack');
  });
});

describe('a snapshot', () => {
  it.each([
    'LPUSH a x',
    'LPOP a',
    'LTRIM a 1 1',
    'LSET a 0 x',
    'LREM a 0 2',
    'LINSERT a BEFORE 2 x',
    'LMOVE a b LEFT RIGHT',
    'LMOVE b a LEFT RIGHT',
    'RPOPLPUSH a new',
    'RPOPLPUSH a a',
    'LMPOP 2 missing a LEFT COUNT 3',
    'BLPOP missing a 0',
    'BLMOVE c a LEFT LEFT 0',
  ])('shows the lists as they were before %s', (command) => {
    const h = new Harness();
    h.prepare('RPUSH a 1 2 3', 'RPUSH b 4 5 6', 'RPUSH c 7');
    const seen: string[] = [];
    const key = new View();
    const snapshot = h.keyspace.beginSnapshot({
      record: (_, record) => {
        h.keyspace.records.readKey(record, key);
        const elements = [key.text()];
        const iterator = h.keyspace.lists.iterator(record, 0, false);
        while (iterator.next()) elements.push(iterator.value.text());
        seen.push(elements.join(' '));
      },
      parts: () => expect.unreachable('small values'),
    });
    h.run(...command.split(' '));
    snapshot.step(() => false);
    expect(seen.sort()).toEqual(['a 1 2 3', 'b 4 5 6', 'c 7']);
  });
});

it('LTRIM that keeps everything is reported, but not repeated', () => {
  const h = new Harness();
  h.prepare('RPUSH l a b');
  expect(h.trace('LTRIM', 'l', 0, -1)).toEqual({ reply: '+OK', effects: [], events: ['0: ltrim l'] });
  expect(h.trace('LTRIM', 'l', 0, 0).effects).toEqual(['0: LTRIM l 0 0']);
});

it('a long list is freed in slices, whatever empties it', () => {
  const h = new Harness();
  const elements = Array.from({ length: 200 }, () => 'x'.repeat(1000));
  const before = h.keyspace.usedMemory;
  for (const command of ['LTRIM l 1 0', 'LPOP l 200', 'LMPOP 1 l RIGHT COUNT 1000', 'DEL l', 'LTRIM l 199 199']) {
    h.run('RPUSH', 'l', ...elements);
    h.run(...command.split(' '));
    expect(h.keyspace.lazyFreePending).toBe(1);
    h.keyspace.lazyFree(Infinity);
    h.run('DEL', 'l');
    expect(h.keyspace.usedMemory).toBe(before);
  }
});

it('LMOVE within a list of one element leaves it as it is', () => {
  const h = new Harness();
  h.run('RPUSH', 'l', '12345');
  for (const sides of ['LEFT LEFT', 'LEFT RIGHT', 'RIGHT LEFT', 'RIGHT RIGHT']) {
    expect(h.run('LMOVE', 'l', 'l', ...sides.split(' '))).toBe('$5 12345');
    expect(h.run('LRANGE', 'l', 0, -1)).toBe('*1 $5 12345');
  }
});
