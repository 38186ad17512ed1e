// Our files in `redis-server`, and its files in ours.
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { changes, everyKind, fill, seededRandom } from './support/data.js';
import { checkAof, missing, startRedis } from './support/redis.js';
import { start, temporaryDirectory, until } from './support/server.js';

const VALID = 'All AOF files and manifest are valid';

describe.skipIf(missing('redis-server'))('beside redis-server', () => {
  test('our files load there with the same data, before and after a rewrite', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    for (const rewrite of [false, true]) {
      const server = await start({ config });
      const client = new Client(server.connect());
      await client.pipeline(everyKind());
      await fill(client, 3000);
      await client.pipeline(changes(1000, 3000, seededRandom(7)));
      if (rewrite) {
        await client.pipeline([['BGREWRITEAOF'], ...changes(1000, 3000, seededRandom(8))]);
        await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
        await client.pipeline([
          ['SWAPDB', 0, 7],
          ['SET', 'after', 'it'],
        ]);
      }
      const digest = await client.text('DEBUG', 'DIGEST');
      await server.stop();
      expect(checkAof(config.dir)).toContain(VALID);
      const redis = await startRedis({ ...config, 'aof-use-rdb-preamble': 'no' });
      expect(await redis.client.text('DEBUG', 'DIGEST')).toBe(digest);
      expect(await redis.client.call('PTTL', 'elsewhere')).toEqual(expect.any(Number));
      await redis.stop();
      expect(checkAof(config.dir)).toContain(VALID);
    }
  });

  test('its files load in ours with the same data, before and after its rewrite, and we go on with them', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const redis = await startRedis({ ...config, 'aof-use-rdb-preamble': 'no', 'aof-timestamp-enabled': 'yes' });
    await redis.client.pipeline(everyKind());
    await redis.client.pipeline([['MULTI'], ['SET', 'in', 'transaction'], ['HSET', 'h', 'f', 'v'], ['EXEC']]);
    await fill(redis.client, 3000);
    await redis.client.call('BGREWRITEAOF');
    await until(async () => (await redis.client.info('aof_rewrite_in_progress')) === '0');
    await redis.client.pipeline(changes(1000, 3000, seededRandom(9)));
    const digest = await redis.client.text('DEBUG', 'DIGEST');
    await redis.stop();

    const server = await start({ config });
    const client = new Client(server.connect());
    expect(await client.text('DEBUG', 'DIGEST')).toBe(digest);
    await client.pipeline(changes(100, 3000, seededRandom(10)));
    const later = await client.text('DEBUG', 'DIGEST');
    await server.stop();
    expect(checkAof(config.dir)).toContain(VALID);
    const again = await startRedis({ ...config, 'aof-use-rdb-preamble': 'no' });
    expect(await again.client.text('DEBUG', 'DIGEST')).toBe(later);
    await again.stop();
  });

  test('the RDB base that it writes by default is refused in one line that names the setting', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const redis = await startRedis(config);
    await redis.client.call('SET', 'a', '1');
    await redis.stop();
    const failure: unknown = await start({ config }).catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(/^[^\n]*base\.rdb[^\n]*aof-use-rdb-preamble no[^\n]*$/);
  });
});
