// The settings for V8 are ones that this version of Node knows and lives with.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('collecting garbage goes on under the settings of the daemon', () => {
  const module = new URL('../dist/garbage-collector.js', import.meta.url).href;
  const program = `
    import ${JSON.stringify(module)};
    const kept = [];
    for (let i = 0; i < 60; i++) {
      kept.push(new ArrayBuffer(4 << 20), Array.from({ length: 10_000 }, (_, n) => ({ n })));
      Array.from({ length: 50_000 }, (_, n) => ({ n }));
    }
    process.stdout.write(String(kept.length));
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '120', stderr: '' });
});
