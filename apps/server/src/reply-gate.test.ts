import { expect, test } from 'vitest';
import { ReplyGate } from './reply-gate.js';

const receiver = { send: (): void => undefined, released: (): void => undefined };
const reply = new Uint8Array(1);

/** A clock that moves one millisecond each time it is looked at. */
function clock(): { time: number; now: () => number } {
  const state = { time: 3_600_000, now: (): number => state.time++ };
  return state;
}

test('the next fsync waits a few milliseconds at most for clients that do not come back, also before the first group', async () => {
  const { now } = clock();
  const gate = new ReplyGate(now);
  for (let i = 0; i < 3; i++) gate.hold(receiver, reply, 1);
  gate.release(1);
  const before = now();
  await gate.gather();
  expect(now() - before).toBeLessThan(20);
});

test('the next fsync waits for nobody when as many replies wait as before', async () => {
  const { now } = clock();
  const gate = new ReplyGate(now);
  for (let i = 0; i < 3; i++) gate.hold(receiver, reply, 1);
  gate.release(1);
  for (let i = 0; i < 3; i++) gate.hold(receiver, reply, 2);
  const before = now();
  await gate.gather();
  expect(now() - before).toBeLessThan(5);
});
