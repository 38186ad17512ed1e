import { expect, test } from 'vitest';
import { ServerStatistics } from './statistics.js';

test('rates are means over the last 16 samples', () => {
  const statistics = new ServerStatistics();
  let now = 1000;
  statistics.sample(now, 0);
  for (let i = 1; i <= 16; i++) {
    statistics.netInputBytes += 1024;
    statistics.sample((now += 100), i * 50);
  }
  expect([statistics.operationsPerSecond, statistics.inputKilobytesPerSecond]).toEqual([500, 10]);
  for (let i = 0; i < 8; i++) statistics.sample((now += 100), 800);
  expect([statistics.operationsPerSecond, statistics.outputKilobytesPerSecond]).toEqual([250, 0]);
});

test('a reset starts again from the memory in use, and a counter that was reset makes no negative rate', () => {
  const statistics = new ServerStatistics();
  statistics.sample(0, 100);
  statistics.peakMemory = 9;
  statistics.netOutputBytes = 5;
  statistics.reset(7);
  expect([statistics.peakMemory, statistics.netOutputBytes]).toEqual([7, 0]);
  statistics.sample(100, 0);
  expect(statistics.operationsPerSecond).toBe(0);
});
