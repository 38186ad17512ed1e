import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cron } from './cron.js';

// The server's timers are not those that `useFakeTimers` replaces (test/fake-timers.test.ts): here they are.
vi.mock('node:timers', () => ({
  setInterval: (tick: () => void, ms: number) => setInterval(tick, ms),
  clearInterval: (timer: NodeJS.Timeout | undefined) => clearInterval(timer),
  setImmediate: (work: () => void) => setImmediate(work),
  clearImmediate: (immediate: NodeJS.Immediate | undefined) => clearImmediate(immediate),
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('ticks at its rate, and at another one from the moment it is set', () => {
  let ticks = 0;
  const cron = new Cron(() => ticks++, []);
  cron.start();
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(10);
  cron.rate = 100;
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(110);
  cron.stop();
  cron.rate = 10;
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(110);
});

test('works its slices off in turns until none has more to do', () => {
  const left = [3, 1];
  const cron = new Cron(
    () => undefined,
    left.map((_, i) => () => --left[i]! > 0),
  );
  cron.work();
  vi.runAllTimers();
  expect(left.every((each) => each <= 0)).toBe(true);
});
