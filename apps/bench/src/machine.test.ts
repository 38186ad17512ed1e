import { expect, it } from 'vitest';
import { affordableKeys, machineLine, parseVersion } from './machine.js';

it('finds the version in what redis-server and redis-benchmark say', () => {
  expect(parseVersion('Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0')).toBe('7.0.15');
  expect(parseVersion('redis-benchmark 7.2.4')).toBe('7.2.4');
});

it('names everything that a figure depends on in one line', () => {
  const machine = {
    cpu: 'AMD EPYC',
    cores: 2,
    memory: 24 * 2 ** 30,
    system: 'Linux 6.1',
    node: 'v20.20.2',
    redis: '7.0.15',
    date: '2026-01-02',
  };
  expect(machineLine(machine)).toBe(
    'AMD EPYC, 2 cores, 24 GB; Linux 6.1; Node v20.20.2; redis-server 7.0.15; 2026-01-02',
  );
});

it('asks for no more keys than wanted and no more than memory has room for', () => {
  expect(affordableKeys(10_000, 1)).toBe(10_000);
  expect(affordableKeys(1e12, 2 ** 30)).toBeLessThan(1e6);
});
