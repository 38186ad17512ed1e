import { describe, expect, it } from 'vitest';
import { benchmarkArguments, parseBenchmark } from './redis-benchmark.js';

const HEADER =
  '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"';

describe('parseBenchmark', () => {
  it('reads what redis-benchmark 7.0 prints', () => {
    const csv = `${HEADER}\n"MSET (10 keys)","85470.09","8.979","0.568","8.103","17.135","21.167","21.823"\n`;
    expect(parseBenchmark(csv)).toEqual({ requestsPerSecond: 85470.09, p50: 8.103, p99: 21.167 });
  });

  it('looks past warnings and a comma in the name', () => {
    const csv = `WARNING: no config\n${HEADER}\n"LRANGE 0,1","10.00","1","1","2","3","4","5"\n`;
    expect(parseBenchmark(csv)).toEqual({ requestsPerSecond: 10, p50: 2, p99: 4 });
  });

  it('fails where there are no figures', () => {
    expect(() => parseBenchmark(`${HEADER}\n`)).toThrow('no rps');
    expect(() => parseBenchmark('')).toThrow('no rps');
  });
});

describe('benchmarkArguments', () => {
  it('says everything that a round depends on', () => {
    const run = { test: 'set', requests: 1000, clients: 50, pipeline: 16, keyspace: 100, valueSize: 64 } as const;
    expect(benchmarkArguments({ host: '127.0.0.1', port: 7000 }, run).join(' ')).toBe(
      '-h 127.0.0.1 -p 7000 -t set -n 1000 -c 50 -P 16 -r 100 -d 64 --csv',
    );
    expect(benchmarkArguments({ host: '127.0.0.1', port: 7000 }, { ...run, tls: true }).slice(-2)).toEqual([
      '--tls',
      '--insecure',
    ]);
  });
});
