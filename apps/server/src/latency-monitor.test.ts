import { expect, it } from 'vitest';
import { latencyReport } from './commands/latency-report.js';
import { TestServer } from './commands/server.fixture.js';
import { LatencyMonitor } from './latency-monitor.js';
import { sparkline } from './sparkline.js';

it('records what takes as long as the threshold, the longest of each second', () => {
  const monitor = new LatencyMonitor();
  monitor.record('command', 50, 1000);
  expect(monitor.series.size).toBe(0);
  monitor.threshold = 10;
  for (const [ms, now] of [
    [9.9, 1000],
    [12.7, 1000],
    [11, 1999],
    [40, 2000],
  ] as const) {
    monitor.record('command', ms, now);
  }
  expect(monitor.series.get('command')).toEqual({
    samples: [
      { time: 1, latency: 12 },
      { time: 2, latency: 40 },
    ],
    highest: 40,
  });
});

it('keeps 160 samples of an event, and its maximum for ever', () => {
  const monitor = new LatencyMonitor();
  monitor.threshold = 1;
  for (let second = 0; second < 200; second++) monitor.record('aof-write', 1000 - second, second * 1000);
  const series = monitor.series.get('aof-write');
  expect(series?.samples).toHaveLength(160);
  expect(series?.samples[0]?.time).toBe(40);
  expect(series?.highest).toBe(1000);
  expect(monitor.reset(['nothing', 'aof-write'])).toBe(1);
  expect(monitor.series.size).toBe(0);
});

it('draws columns as high as their values, with labels below', () => {
  const lines = sparkline([
    { value: 0, label: '9s' },
    { value: 50, label: '8s' },
    { value: 100, label: '10s' },
  ]).split('\n');
  expect(lines).toEqual(['  #', ' _|', ' ||', '_||', '   ', '981', 'ss0', '  s', '']);
});

it('tells the doctor what was slow and what may help', () => {
  const server = new TestServer();
  const { context } = server;
  expect(latencyReport(context, server.now)).toContain('latency-monitor-threshold');
  context.latencyMonitor.threshold = 5;
  expect(latencyReport(context, server.now)).toBe('Nothing took 5 ms or longer since the monitor was switched on.\n');
  context.latencyMonitor.record('command', 200, server.now - 10_000);
  context.latencyMonitor.record('command', 100, server.now - 5_000);
  expect(latencyReport(context, server.now)).toContain(
    'command: 2 times, 150 ms on average, 50 ms mean deviation, one in 5.0 seconds; the longest ever 200 ms.',
  );
  expect(latencyReport(context, server.now)).toContain('SLOWLOG GET');
});
