/** LATENCY DOCTOR: the monitor's events in words, and advice by their kinds. The words are ours. */
import type { LatencySeries } from '../latency-monitor.js';
import type { ServerContext } from '../server-context.js';

const ADVICE: readonly (readonly [applies: (event: string) => boolean, text: string])[] = [
  [
    (event) => event.includes('command'),
    'SLOWLOG GET shows which commands took long; those that look at whole collections or all keys are the usual ones.',
  ],
  [
    (event) => event === 'command',
    'Ask for big collections in pieces (SCAN, HSCAN, ranges with LIMIT) instead of as a whole.',
  ],
  [
    (event) => event.startsWith('aof-'),
    "The disk was slow: another one for the log, or 'appendfsync everysec' in place of 'always', would help.",
  ],
  [(event) => event.startsWith('expire'), 'Many keys end at the same time: spread their times to live.'],
  [
    (event) => event.startsWith('eviction'),
    'Memory is full and much has to go at once: more maxmemory or smaller values would help.',
  ],
];

export function latencyReport(server: ServerContext, now: number): string {
  const { series, threshold } = server.latencyMonitor;
  if (threshold === 0 && series.size === 0) {
    return (
      'Nothing can be said: the latency monitor is off. Switch it on with ' +
      "'CONFIG SET latency-monitor-threshold <milliseconds>', and ask again when something was slow.\n"
    );
  }
  if (series.size === 0) return `Nothing took ${threshold} ms or longer since the monitor was switched on.\n`;
  const lines = [...series].map(([event, each], i) => `${i + 1}. ${described(event, each, now)}`);
  const advice = ADVICE.filter(([applies]) => [...series.keys()].some(applies)).map(([, text]) => `- ${text}`);
  return `${lines.join('\n')}\n\n${advice.length > 0 ? `What may help:\n${advice.join('\n')}\n` : ''}`;
}

function described(event: string, { samples, highest }: LatencySeries, now: number): string {
  const count = samples.length;
  const mean = samples.reduce((sum, { latency }) => sum + latency, 0) / count;
  const deviation = samples.reduce((sum, { latency }) => sum + Math.abs(latency - mean), 0) / count;
  const seconds = Math.max(0, Math.floor(now / 1000) - (samples[0]?.time ?? 0));
  return (
    `${event}: ${count} time${count === 1 ? '' : 's'}, ${Math.round(mean)} ms on average, ${Math.round(deviation)} ms mean deviation, ` +
    `one in ${(seconds / count).toFixed(1)} seconds; the longest ever ${highest} ms.`
  );
}
