import { describe, expect, it } from 'vitest';
import { checkGoals, goalsTable } from './goals.js';
import { MEMORY_LINES } from './memory.js';
import { LINES, lineName, type ThroughputFigures, TLS_LINES } from './throughput.js';

const figures: ThroughputFigures = {
  requestsPerSecond: 100,
  p50: 1,
  p99: 1,
  userCpu: 2,
  systemCpu: 1,
  spread: 0,
};

describe('checkGoals', () => {
  it('finds a figure for every goal in the result of all sections', () => {
    const goals = checkGoals({
      throughput: LINES.map((line) => ({ line: lineName(line), subject: figures, reference: figures })),
      tls: TLS_LINES.map((line) => ({ line: lineName(line), subject: figures, reference: figures })),
      memory: MEMORY_LINES.map(({ name }) => ({
        line: name,
        subject: { resident: 80, usedMemory: 1 },
        reference: { resident: 100, usedMemory: 1 },
      })),
      stall: [
        {
          contestant: 'clone',
          keys: 1,
          figures: { longest: 21, p999: 1, idleLongest: 1, keysPerSecond: 1 },
          worst: 30,
        },
      ],
      load: { requests: 1, bytes: 1, subject: { loaded: 200, empty: 100 }, reference: { loaded: 310, empty: 10 } },
    });
    for (const goal of goals) expect(goal.measured, goal.name).toBeGreaterThan(0);
    const reached = goals.filter((goal) => goal.reached).map((goal) => goal.name);
    expect(reached).toEqual([
      'requests/s, pipeline 1, SET',
      'requests/s, pipeline 1, GET',
      'requests/s, AOF everysec, pipeline 16, SET',
      'requests/s, AOF always, 50 connections, SET',
      'requests/s, TLS, pipeline 1, GET',
      'requests/s, TLS, pipeline 16, GET',
      'memory per key, 2M keys',
      'memory per small hash',
      'loading an append-only file, times faster',
    ]);
  });

  it('neither reaches nor shows what was not measured', () => {
    const goals = checkGoals({});
    expect(goals.some((goal) => goal.reached || goal.measured !== undefined)).toBe(false);
    expect(goalsTable(goals).split('\n')).toHaveLength(2);
  });
});
