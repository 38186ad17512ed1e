import { expect, test } from 'vitest';
import { AclLog, type Denial } from './log.js';

const denial = (object: string, more: Partial<Denial> = {}): Denial => ({
  reason: 'key',
  context: 'toplevel',
  object,
  username: 'u',
  clientInfo: 'id=3',
  ...more,
});

const objects = (log: AclLog): string[] => log.newest(100).map(({ object, count }) => `${object}×${count}`);

test('what repeats within a minute is counted in the entry, which becomes the newest', () => {
  const log = new AclLog();
  log.add(denial('a'), 1000, 128);
  log.add(denial('b'), 2000, 128);
  log.add(denial('a', { clientInfo: 'id=4' }), 61_000, 128);
  expect(log.newest(1)).toEqual([
    { ...denial('a', { clientInfo: 'id=4' }), count: 2, id: 0, createdAt: 1000, updatedAt: 61_000 },
  ]);
  expect(objects(log)).toEqual(['a×2', 'b×1']);
  log.add(denial('a'), 121_001, 128);
  expect(objects(log)).toEqual(['a×1', 'a×2', 'b×1']);
});

test('another reason, context, object or user is another entry', () => {
  const log = new AclLog();
  for (const other of [{}, { reason: 'command' }, { context: 'multi' }, { username: 'v' }] as const) {
    log.add(denial('a', other), 0, 128);
  }
  log.add(denial('b'), 0, 128);
  expect(log.newest(100).map(({ id, count }) => [id, count])).toEqual([4, 3, 2, 1, 0].map((id) => [id, 1]));
});

test('only the ten newest are compared', () => {
  const log = new AclLog();
  for (const name of 'abcdefghijk') log.add(denial(name), 0, 128);
  log.add(denial('b'), 0, 128);
  log.add(denial('a'), 0, 128);
  expect(objects(log)).toEqual(['a×1', 'b×2', ...'kjihgfedc'.split('').map((name) => `${name}×1`), 'a×1']);
});

test('no more are kept than asked for when the last new one came', () => {
  const log = new AclLog();
  for (const name of 'abc') log.add(denial(name), 0, 2);
  expect(objects(log)).toEqual(['c×1', 'b×1']);
  expect(log.newest(0)).toEqual([]);
  log.add(denial('c'), 0, 0);
  expect(objects(log)).toEqual(['c×2', 'b×1']);
  log.add(denial('d'), 0, 0);
  expect(objects(log)).toEqual([]);
  log.add(denial('e'), 0, 2);
  log.clear();
  expect(objects(log)).toEqual([]);
});
