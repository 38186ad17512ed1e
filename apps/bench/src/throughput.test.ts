import { describe, expect, it } from 'vitest';
import { LINES, lineName, requestsOf, type ThroughputFigures, throughputTable } from './throughput.js';

describe('the lines of the throughput table', () => {
  const names = LINES.map(lineName);

  it('cover every command at every pipeline depth and size, and the append-only file', () => {
    for (const test of ['SET', 'GET', 'HSET', 'MSET of 10']) {
      for (const size of ['64 B', '4 KB']) {
        for (const pipeline of [1, 16, 64]) expect(names).toContain(`${test}, ${size}, pipeline ${pipeline}`);
      }
    }
    expect(names).toContain('INCR, pipeline 64');
    expect(names).toContain('SET, 64 B, pipeline 16, AOF everysec');
    expect(names).toContain('SET, 64 B, pipeline 1, AOF always');
    expect(new Set(names).size).toBe(LINES.length);
  });

  it('fill the pipelines of all clients evenly, however short the round', () => {
    for (const line of LINES) {
      expect(requestsOf(line, 1e-9)).toBe(50 * line.pipeline);
      expect(requestsOf(line, 1) % (50 * line.pipeline)).toBe(0);
    }
  });
});

describe('throughputTable', () => {
  it('shows ratios in favor of the subject as more than 1', () => {
    const reference: ThroughputFigures = {
      requestsPerSecond: 1000,
      p50: 1,
      p99: 2,
      userCpu: 3,
      systemCpu: 4,
      spread: 0.05,
    };
    const subject = { ...reference, requestsPerSecond: 1500, userCpu: 1.5, systemCpu: 8 };
    const text = throughputTable([{ line: 'SET', subject, reference }], ['clone', 'redis-server']);
    expect(text.split('\n').at(-1)).toBe(
      '| SET | 1,500 / 1,000 | **1.50** | 1.50 / 3.00 | **2.00** | 8.00 / 4.00 | 0.50 | 1.00 / 1.00 | 2.00 / 2.00 | 5 % / 5 % |',
    );
  });
});
