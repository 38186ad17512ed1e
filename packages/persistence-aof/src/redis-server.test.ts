/** The files, against the real thing; on a real disk. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import { NodeFileSystem } from './node-file-system.js';
import { checkAof, redisIsInstalled, startRedis } from './redis-server.fixture.js';
import { append, replay } from './testing.fixture.js';

const fileSystem = new NodeFileSystem();
const inCi = process.env.CI === 'true';
const skipped = !redisIsInstalled && !inCi;
if (skipped) console.log('skipped: redis-server or redis-cli is not installed (apt install redis-server)');

describe.skipIf(skipped)('Beside redis-server', () => {
  let directory = '';
  const manifestPath = (): string => join(directory, 'appendonlydir', 'appendonly.aof.manifest');
  const load = (loadTruncated = false): ReturnType<typeof replay> => replay({ fileSystem, directory, loadTruncated });

  async function openLog(): Promise<AppendOnlyFile> {
    const log = new AppendOnlyFile({ fileSystem, directory, policy: 'always', now: 0 });
    await log.open();
    return log;
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'persistence-aof-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('is installed', () => expect(redisIsInstalled).toBe(true));

  it('a new, empty log loads there and is clean', async () => {
    await (await openLog()).close();
    expect(await checkAof(manifestPath())).toContain('All AOF files and manifest are valid');
    const redis = await startRedis(directory);
    expect(await redis.call('DBSIZE')).toBe('0');
    await redis.stop();
  });

  it('a log written here loads there, before and after a rewrite', async () => {
    const log = await openLog();
    for (let i = 0; i < 1000; i++) append(log, i % 4, 'SET', `key:${i}`, `value\r\n${i}`);
    append(log, 1, 'MULTI');
    append(log, 1, 'SET', 'in', 'transaction');
    append(log, 1, 'EXEC');
    const rewrite = log.startRewrite();
    append(log, 2, 'INCR', 'counter');
    append(log, 2, 'INCR', 'counter');
    log.flush();
    // The base is not finished: the manifest has the old base and two increments.
    for (let i = 0; i < 1000; i++) append(rewrite, i % 4, 'SET', `key:${i}`, `value\r\n${i}`);
    append(rewrite, 1, 'SET', 'in', 'transaction');
    await rewrite.finish();
    append(log, 2, 'INCR', 'counter');
    await log.close();
    expect(await checkAof(manifestPath())).toContain('All AOF files and manifest are valid');

    const redis = await startRedis(directory);
    const sizes = await Promise.all([0, 1, 2, 3].map((db) => redis.call('-n', String(db), 'DBSIZE')));
    expect(sizes).toEqual(['250', '251', '251', '250']);
    expect(await redis.call('-n', '2', 'GET', 'counter')).toBe('3');
    expect(await redis.call('-n', '3', 'GET', 'key:7')).toBe('value\r\n7');
    await redis.stop();
  });

  it('a log with a base and several increments, as a crash in a rewrite leaves it, loads there', async () => {
    const log = await openLog();
    append(log, 0, 'SET', 'a', '1');
    const rewrite = log.startRewrite();
    append(log, 5, 'SET', 'b', '2');
    append(rewrite, 0, 'SET', 'a', '1');
    while (!(await readFile(manifestPath())).includes('appendonly.aof.2.incr.aof seq 2 type i'));
    await log.close();
    expect(await checkAof(manifestPath())).toContain('All AOF files and manifest are valid');
    const redis = await startRedis(directory);
    expect([await redis.call('GET', 'a'), await redis.call('-n', '5', 'GET', 'b')]).toEqual(['1', '2']);
    await redis.stop();
  });

  it('a log written there loads here, with transactions and annotations, and goes on here and then there', async () => {
    const redis = await startRedis(directory, '--aof-timestamp-enabled', 'yes');
    redis.pipe('SET a 1\nSELECT 3\nSET b 2\nMULTI\nSET c 3\nINCR c\nEXEC\nSELECT 0\nSET d 4\n');
    await redis.stop();
    const manifestOfRedis = (await readFile(manifestPath())).toString();
    const { commands, report } = await load();
    expect(commands).toEqual([
      // The base holds an annotation, so that the increment begins with a SELECT from the loader and one of its own.
      ...['SELECT 0', 'SELECT 0', 'SET a 1', 'SELECT 3', 'SET b 2', 'SET c 3', 'INCR c'],
      ...['SELECT 0', 'SET d 4'],
    ]);
    expect(report.truncatedBytes).toBe(0);

    const log = await openLog();
    append(log, 3, 'INCR', 'c');
    await log.close();
    expect((await readFile(manifestPath())).toString()).toBe(manifestOfRedis);
    const again = await startRedis(directory);
    expect(await again.call('-n', '3', 'GET', 'c')).toBe('5');
    await again.stop();
  });

  it('a base rewritten there loads here, with every command that it uses', async () => {
    const redis = await startRedis(directory);
    redis.pipe('SET s x\nHSET h f v\nRPUSH l 1 2\nSADD t m\nZADD z 1 m\nSET e x EX 1000\nBGREWRITEAOF\n');
    while ((await redis.call('INFO', 'persistence')).includes('aof_rewrite_in_progress:1'));
    await redis.stop();
    const { commands, report } = await load();
    expect(report.files).toEqual(['appendonly.aof.2.base.aof', 'appendonly.aof.2.incr.aof']);
    const names = commands.map((text) => text.split(' ')[0]).sort();
    expect(names).toEqual(['HMSET', 'PEXPIREAT', 'RPUSH', 'SADD', 'SELECT', 'SET', 'SET', 'ZADD']);
  });

  it('an RDB base written there is refused, naming the setting', async () => {
    const redis = await startRedis(directory, '--aof-use-rdb-preamble', 'yes');
    await redis.stop();
    await expect(load()).rejects.toMatchObject({ code: 'RDB_BASE', file: 'appendonly.aof.1.base.rdb' });
  });

  it('a truncated tail is cut at the same byte as there', async () => {
    const tails = [
      '*3\r\n$3\r\nSET',
      '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nz\r\n$1\r\n1\r\n',
      '*',
      '*1\r\n$4\r\nPING\r',
    ];
    for (const tail of tails) {
      await rm(directory, { recursive: true });
      await fileSystem.mkdir(directory);
      const log = await openLog();
      append(log, 0, 'SET', 'a', '1');
      await log.close();
      const incr = join(directory, 'appendonlydir', 'appendonly.aof.1.incr.aof');
      const whole = await readFile(incr);
      await writeFile(incr, Buffer.concat([whole, Buffer.from(tail)]));
      const redis = await startRedis(directory);
      await redis.stop();
      const cutThere = await readFile(incr);
      await writeFile(incr, Buffer.concat([whole, Buffer.from(tail)]));
      await load(true);
      expect(await readFile(incr)).toEqual(cutThere);
    }
  });

  it('a manifest with odd names means the same here and there', async () => {
    const names = { appendDirName: 'my logs', appendFileName: 'a "quoted" é' };
    const log = new AppendOnlyFile({ fileSystem, directory, policy: 'no', now: 0, ...names });
    await log.open();
    append(log, 0, 'SET', 'a', '1');
    await log.close();
    const redis = await startRedis(
      directory,
      '--appenddirname',
      names.appendDirName,
      '--appendfilename',
      names.appendFileName,
    );
    expect(await redis.call('GET', 'a')).toBe('1');
    redis.pipe('SET b 2\nBGREWRITEAOF\n');
    while ((await redis.call('INFO', 'persistence')).includes('aof_rewrite_in_progress:1'));
    await redis.stop();
    const { commands } = await replay({ fileSystem, directory, loadTruncated: false, ...names });
    expect(commands.sort()).toEqual(['SELECT 0', 'SET a 1', 'SET b 2']);
  });

  it('a single file of an old version is taken in as there', async () => {
    const content = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n';
    await writeFile(join(directory, 'appendonly.aof'), content);
    await load();
    await (await openLog()).close();
    const here = (await readFile(manifestPath())).toString();
    await rm(directory, { recursive: true });
    await fileSystem.mkdir(directory);
    await writeFile(join(directory, 'appendonly.aof'), content);
    const redis = await startRedis(directory);
    await redis.stop();
    expect(here).toBe((await readFile(manifestPath())).toString());
    expect((await load()).commands).toEqual(['SELECT 0', 'SET a 1']);
  });
});
