import { Keyspace } from '@clone/core-store';
import { expect, test } from 'vitest';
import { Config } from './config/config.js';
import { MemoryLimit } from './memory-limit.js';

test('nothing is evicted while a log is loaded: the rest of it needs the keys; afterwards it is', () => {
  const keyspace = new Keyspace({ clock: { now: () => 1000 }, random: () => 0.5, hashSeed: [1, 2] });
  const config = new Config({ directory: '/' });
  config.loadRecord({ maxmemory: '1', 'maxmemory-policy': 'allkeys-random' });
  const key = Buffer.from('key');
  keyspace.databases[0]!.setString(key, 0, 3, key, 0, 3, false);
  keyspace.loading = true;
  const memory = new MemoryLimit(keyspace, config);
  expect(memory.shrink()).toBe(false);
  expect(keyspace.databases[0]!.size).toBe(1);
  keyspace.loading = false;
  memory.shrink();
  expect(keyspace.databases[0]!.size).toBe(0);
});
