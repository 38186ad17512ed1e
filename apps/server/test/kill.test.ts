// `kill -9` of the built server under load; `test/crash/kill-loop.mjs` does the same as often as one likes.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../../test/crash/kill-loop.mjs', import.meta.url));
const KILLS = 8;

test('after kill -9 with appendfsync always every acknowledged write is there', async () => {
  const seed = String(Date.now() % 100_000);
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--kills', String(KILLS), '--seed', seed]);
  const crashes = [...stdout.matchAll(/^kill \d+: .*: (\d+) acknowledged writes, (.*)$/gm)];
  expect(crashes.map(([, , outcome]) => outcome)).toEqual(Array.from({ length: KILLS }, () => 'all there'));
  for (const [, acknowledged] of crashes) expect(Number(acknowledged)).toBeGreaterThan(0);
}, 120_000);
