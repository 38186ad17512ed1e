import { expect, test } from 'vitest';
import { Config } from './config/config.js';
import { followProcessSettings } from './process-settings.js';

const TITLE = 'proc-title-template';

function follow(settings: Readonly<Record<string, string>>, { port = 7000, fails = false } = {}) {
  const config = new Config({ directory: '/' });
  config.loadRecord(settings);
  const seen = { title: '', score: 5, warnings: [] as string[] };
  const oomScore = {
    get: () => seen.score,
    set: (score: number) => {
      if (fails) throw new Error('EACCES: permission denied');
      seen.score = score;
    },
  };
  const handle = { setTitle: (title: string) => (seen.title = title), oomScore };
  followProcessSettings(config, { port }, handle, (text) => seen.warnings.push(text));
  const set = (name: string, value: string): string => config.set([[name, value]], false);
  return { seen, set };
}

test('the title says who listens where, and follows its template', () => {
  const { seen, set } = follow({ bind: '127.0.0.1 ::1' });
  expect(seen.title).toBe('clone-server 127.0.0.1:7000');
  expect(set(TITLE, '{{x} {port} {config-file} {server-mode}')).toBe('');
  expect(seen.title).toBe('{x} 7000 -');
});

test('the title without TCP names the socket', () => {
  expect(follow({ unixsocket: '/run/x.sock' }, { port: 0 }).seen.title).toBe('clone-server unixsocket:/run/x.sock');
});

test('the title is left alone with set-proc-title no', () => {
  const { seen, set } = follow({ 'set-proc-title': 'no' });
  expect(set(TITLE, 'x')).toBe('');
  expect(seen.title).toBe('');
});

test('the score counts from what it was, or by itself, and goes back', () => {
  const { seen, set } = follow({ 'oom-score-adj': 'yes', 'oom-score-adj-values': '100 200 300' });
  expect(seen.score).toBe(105);
  expect(set('oom-score-adj', 'absolute')).toBe('');
  expect(seen.score).toBe(100);
  expect(set('oom-score-adj-values', '2000 2000 2000')).toBe('');
  expect(seen.score).toBe(1000);
  expect(set('oom-score-adj', 'no')).toBe('');
  expect(seen.score).toBe(5);
});

test('a score that may not be set refuses the change', () => {
  const { seen, set } = follow({ 'oom-score-adj-values': '-500 0 0' }, { fails: true });
  expect(set('oom-score-adj', 'yes')).toBe(
    "ERR CONFIG SET failed (possibly related to argument 'oom-score-adj') - Failed to apply new oom_score_adj configuration, check server logs.",
  );
  expect(seen.warnings[0]).toBe('oom-score-adj cannot be set: EACCES: permission denied');
});
