// What INFO persistence says while a log is being loaded, beside redis-server, which is told to take its time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Client } from './support/client.js';
import { launch, run, type Run } from './support/program.js';
import { missing } from './support/redis.js';
import { temporaryDirectory } from './support/server.js';

/** A directory with a log of `count` commands, and the words of the command line that load it. */
function withLog(count: number): { words: readonly string[]; path: string } {
  const directory = temporaryDirectory();
  const files = join(directory, 'appendonlydir');
  mkdirSync(files);
  writeFileSync(join(files, 'appendonly.aof.manifest'), 'file appendonly.aof.1.incr.aof seq 1 type i\n');
  const numbers = Array.from({ length: count }, (_, i) => String(i));
  const log = numbers.map((i) => `*3\r\n$3\r\nSET\r\n$${i.length}\r\n${i}\r\n$1\r\nv\r\n`).join('');
  writeFileSync(join(files, 'appendonly.aof.1.incr.aof'), log);
  const path = join(directory, 's');
  return { words: ['--port', '0', '--unixsocket', path, '--dir', directory, '--appendonly', 'yes'], path };
}

/** The first INFO persistence that it answers while it is loading, with something loaded already. */
async function whileLoading({ child }: Run, path: string): Promise<Map<string, string>> {
  for (;;) {
    const client = await Client.open({ path }).catch(() => undefined);
    const text = client === undefined ? '' : await client.text('INFO', 'persistence');
    await client?.close();
    const fields = new Map(text.split('\r\n').map((line) => line.split(':') as [string, string]));
    if (fields.get('loading') === '1' && Number(fields.get('loading_loaded_bytes')) > 0) return fields;
    if (fields.get('loading') === '0' || child.exitCode !== null) throw new Error(`it does not load: ${text}`);
  }
}

test.skipIf(missing('redis-server'))('it has the fields that Redis has then, in its order', async () => {
  const [own, reference] = [withLog(600_000), withLog(100_000)];
  const server = run(...own.words);
  const mine = await whileLoading(server, own.path);
  const redis = launch('redis-server', [...reference.words, '--save', '', '--key-load-delay', '50']);
  const theirs = await whileLoading(redis, reference.path);
  expect([...mine.keys()]).toEqual([...theirs.keys()]);

  const total = Number(mine.get('loading_total_bytes'));
  const loaded = Number(mine.get('loading_loaded_bytes'));
  expect(loaded).toBeLessThan(total);
  expect(mine.get('loading_loaded_perc')).toBe(((loaded / total) * 100).toFixed(2));
  expect(Math.abs(Number(mine.get('loading_start_time')) - Date.now() / 1000)).toBeLessThan(60);
  await server.seen('Ready to accept connections unix');
  const client = await Client.open({ path: own.path });
  expect(await client.info('loading_loaded_perc')).toBe('');
});
