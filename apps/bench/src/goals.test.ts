import { describe, expect, it } from 'vitest';
import { checkGoals, goalsTable } from './goals.js';
import { MEMORY_LINES } from './memory.js';
import { LINES, lineName, type ThroughputFigures, type ThroughputLine, TLS_LINES, USER_LINES } from './throughput.js';

const figures: ThroughputFigures = {
  requestsPerSecond: 100,
  p50: 1,
  p99: 1,
  userCpu: 2,
  systemCpu: 1,
  spread: 0,
};

const rows = (lines: readonly ThroughputLine[]) =>
  lines.map((line) => ({ line: lineName(line), subject: figures, reference: figures }));
const rate = { perSecond: 100, userCpu: 1, systemCpu: 1, spread: 0 };

describe('checkGoals', () => {
  it('finds a figure for every goal in the result of all sections', () => {
    const goals = checkGoals({
      throughput: rows(LINES),
      tls: rows(TLS_LINES),
      acl: rows(USER_LINES),
      pubsub: [{ line: 'to 1', goal: 1, subject: { ...rate, perSecond: 101 }, reference: rate }],
      transactions: [{ line: 'MULTI', goal: 1, subject: { ...rate, perSecond: 99 }, reference: rate }],
      idle: [
        { contestant: 'clone', clients: 1, figures: { bytes: 301, alone: [1, 1], beside: [94, 95] } },
        { contestant: 'redis-server', clients: 1, figures: { bytes: 100, alone: [1, 1], beside: [100, 100] } },
      ],
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
      'ratio as ACL user over that as default user, SET, 64 B, pipeline 1',
      'ratio as ACL user over that as default user, GET, 64 B, pipeline 1',
      'ratio as ACL user over that as default user, SET, 64 B, pipeline 16',
      'ratio as ACL user over that as default user, GET, 64 B, pipeline 16',
      'to 1',
      'requests/s beside 10,000 idle connections, pipeline 16',
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
