import type { BlockedClients } from '@clone/command-registry';
import { expect, test } from 'vitest';
import { DurabilityWaits } from './durability-waits.js';

/** Clients that wait, by session, with the function that names their wait. */
function blockedClients(waiting: Map<number, () => void>, woken: number[]): BlockedClients {
  const fake: Pick<BlockedClients, 'isWaitingWith' | 'wake'> = {
    isWaitingWith: (id, write) => waiting.get(id) === write,
    wake: (id) => woken.push(id),
  };
  return fake as BlockedClients;
}

test('wakes those whose position is reached, in the order in which they came', () => {
  const woken: number[] = [];
  const blocked = blockedClients(new Map(), woken);
  const waits = new DurabilityWaits();
  const write = (): void => undefined;
  waits.add(1, 10, write);
  waits.add(2, 20, write);
  waits.add(3, 30, write);
  waits.serve((position) => position <= 20, blocked);
  expect(woken).toEqual([1, 2]);
  waits.serve((position) => position <= 20, blocked);
  expect([woken, waits.size]).toEqual([[1, 2], 1]);
});

test('forgets those who wait no more, or for something else, so that it does not grow where nothing is ever durable', () => {
  const waiting = new Map<number, () => void>();
  const blocked = blockedClients(waiting, []);
  const waits = new DurabilityWaits();
  for (let i = 0; i < 100; i++) {
    const write = (): void => undefined;
    waiting.set(1, write);
    waits.add(1, i, write);
  }
  waits.prune(blocked);
  expect(waits.size).toBe(1);
  waiting.clear();
  waits.prune(blocked);
  expect(waits.size).toBe(0);
});
