// The append-only file through the server: what was there before a stop is there after the next start.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AofError } from '@clone/persistence-aof';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { Client, request } from './support/client.js';
import { ControlledDisk } from './support/controlled-disk.js';
import { bigChanges, bigValues, changes, everyKind, fill, seededRandom } from './support/data.js';
import { start, temporaryDirectory, turn, until } from './support/server.js';

type Config = Record<string, string>;

function aofConfig(more: Config = {}): Config {
  return { appendonly: 'yes', dir: temporaryDirectory(), ...more };
}

const attach = (server: Server): Client => new Client(server.connect());

async function digest(server: Server): Promise<string> {
  return attach(server).text('DEBUG', 'DIGEST');
}

/** Stops the server; a new one from the same files must have the same data. */
async function expectSameAfterRestart(server: Server, config: Config): Promise<Server> {
  const before = await digest(server);
  await server.stop();
  const next = await start({ config: { ...config, appendonly: 'yes' } });
  expect(await digest(next)).toBe(before);
  return next;
}

/** The commands in all increments, in order, as the words between the frames. */
function increments(config: Config): string {
  const directory = join(config.dir!, 'appendonlydir');
  const files = readdirSync(directory).filter((name) => name.includes('.incr.'));
  return files.map((name) => readFileSync(join(directory, name), 'latin1')).join('');
}

describe.each(['always', 'everysec', 'no'])('appendfsync %s', (appendfsync) => {
  test('a restart keeps data of every kind', async () => {
    const config = aofConfig({ appendfsync });
    const server = await start({ config });
    const replies = await attach(server).pipeline(everyKind());
    expect(replies.filter((reply) => typeof reply === 'string' && reply.startsWith('-'))).toEqual([]);
    const again = await expectSameAfterRestart(server, config);
    await expectSameAfterRestart(again, config);
  });

  test('a rewrite under load keeps every change, those before, during and after it', async () => {
    const config = aofConfig({ appendfsync });
    const server = await start({ config });
    const client = attach(server);
    await fill(client, 8_000);
    expect(await client.pipeline([['BGREWRITEAOF'], ['BGREWRITEAOF']])).toEqual([
      'Background append only file rewriting started',
      '-ERR Background append only file rewriting already in progress',
    ]);
    const random = seededRandom(1);
    let rounds = 0;
    do {
      await client.pipeline(changes(200, 8_000, random));
      rounds++;
    } while ((await client.info('aof_rewrite_in_progress')) === '1');
    expect(rounds).toBeGreaterThan(1);
    expect(await client.info('aof_last_bgrewrite_status')).toBe('ok');
    await client.pipeline(changes(200, 8_000, random));
    const again = await expectSameAfterRestart(server, config);
    expect(readdirSync(join(config.dir!, 'appendonlydir')).sort()).toEqual([
      'appendonly.aof.2.base.aof',
      'appendonly.aof.2.incr.aof',
      'appendonly.aof.manifest',
    ]);
    await again.stop();
  });
});

test('a rewrite of big values under load keeps every change', async () => {
  const config = aofConfig({ appendfsync: 'no' });
  const server = await start({ config });
  const client = attach(server);
  const refused = (replies: readonly unknown[]): unknown[] =>
    replies.filter((reply) => typeof reply === 'string' && reply.startsWith('-'));
  expect(refused(await client.pipeline(bigValues()))).toEqual([]);
  await client.pipeline([['BGREWRITEAOF']]);
  const random = seededRandom(7);
  let rounds = 0;
  do {
    await client.pipeline(bigChanges(20, random));
    if (rounds === 5)
      await client.pipeline([
        ['DEL', 'zset'],
        ['RENAME', 'list', 'other list'],
        ['SET', 'set', 'x'],
      ]);
    rounds++;
  } while ((await client.info('aof_rewrite_in_progress')) === '1');
  expect(rounds).toBeGreaterThan(10);
  expect(await client.info('aof_last_bgrewrite_status')).toBe('ok');
  const pending = await client.call('XPENDING', 'stream', 'g');
  const again = await expectSameAfterRestart(server, config);
  expect(await attach(again).call('XPENDING', 'stream', 'g')).toEqual(pending);
  await again.stop();
});

describe('a rewrite', () => {
  test.each([
    ['FLUSHALL', [['FLUSHALL']]],
    ['FLUSHDB ASYNC', [['FLUSHDB', 'ASYNC']]],
    [
      'SWAPDB',
      [
        ['SWAPDB', 0, 1],
        ['SELECT', 1],
      ],
    ],
    ['FLUSHALL and SWAPDB', [['SWAPDB', 0, 3], ['FLUSHALL'], ['SWAPDB', 0, 2]]],
  ])('is not disturbed by %s', async (_name, commands) => {
    const config = aofConfig();
    const server = await start({ config });
    const client = attach(server);
    await client.pipeline(everyKind());
    await fill(client, 6_000);
    const [, running] = await client.pipeline([['BGREWRITEAOF'], ['INFO', 'persistence']]);
    expect(running).toContain('aof_rewrite_in_progress:1');
    await client.pipeline(changes(100, 6_000, seededRandom(2)));
    await client.pipeline(commands);
    await client.pipeline(changes(100, 6_000, seededRandom(3)));
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    expect(await client.info('aof_last_bgrewrite_status')).toBe('ok');
    await expectSameAfterRestart(server, config);
  });

  test('begins by itself when the log has grown', async () => {
    const config = aofConfig({ 'auto-aof-rewrite-min-size': '20kb', 'auto-aof-rewrite-percentage': '100' });
    const server = await start({ config });
    const client = attach(server);
    await client.pipeline(Array.from({ length: 2000 }, (_, i) => ['SET', 'same', i]));
    await until(async () => (await client.info('aof_rewrites')) === '1');
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    expect(Number(await client.info('aof_current_size'))).toBeLessThan(100);
    await expectSameAfterRestart(server, config);
  });

  test('that is under way when the server stops is given up, and costs nothing', async () => {
    const config = aofConfig();
    const server = await start({ config });
    const client = attach(server);
    await fill(client, 8_000);
    await client.pipeline([['BGREWRITEAOF'], ['SET', 'last', 'word']]);
    const again = await expectSameAfterRestart(server, config);
    expect(readdirSync(join(config.dir!, 'appendonlydir'))).not.toContain('temp-rewriteaof-appendonly.aof');
    await again.stop();
  });

  test('while the log is switched off writes a base, and the log stays off', async () => {
    const config = aofConfig({ appendonly: 'no' });
    const server = await start({ config });
    const client = attach(server);
    await client.pipeline([['SET', 'a', 1], ['BGREWRITEAOF'], ['SET', 'b', 2]]);
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    await client.call('SET', 'c', 3);
    await server.stop();
    const again = await start({ config: { ...config, appendonly: 'yes' } });
    expect(await attach(again).call('KEYS', '*')).toEqual(['a']);
  });
});

describe('CONFIG SET appendonly', () => {
  test('yes keeps what is there and what comes; no lets it go; yes again takes it up', async () => {
    const config = aofConfig({ appendonly: 'no' });
    const server = await start({ config });
    const client = attach(server);
    await client.pipeline(everyKind());
    await fill(client, 5000);
    expect(
      await client.pipeline([
        ['CONFIG', 'SET', 'appendonly', 'yes'],
        ['SET', 'during', '1'],
      ]),
    ).toEqual(['OK', 'OK']);
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    await client.call('SET', 'after', '1');
    const second = await expectSameAfterRestart(server, config);

    const other = attach(second);
    expect(
      await other.pipeline([
        ['CONFIG', 'SET', 'appendonly', 'no'],
        ['SET', 'unlogged', '1'],
      ]),
    ).toEqual(['OK', 'OK']);
    // Without a pause: the old log is still being closed.
    expect(
      await other.pipeline([
        ['CONFIG', 'SET', 'appendonly', 'yes'],
        ['INCR', 'n'],
      ]),
    ).toEqual(['OK', 1]);
    await until(async () => {
      const text = await other.text('INFO', 'persistence');
      return text.includes('aof_rewrite_in_progress:0') && text.includes('aof_rewrite_scheduled:0');
    });
    await other.call('INCR', 'n');
    await expectSameAfterRestart(second, config);
  });

  test('a stop waits for the first rewrite', async () => {
    const config = aofConfig({ appendonly: 'no' });
    const server = await start({ config });
    const client = attach(server);
    await fill(client, 5000);
    await client.call('CONFIG', 'SET', 'appendonly', 'yes');
    await expectSameAfterRestart(server, config);
  });

  test('SHUTDOWN is refused until the first rewrite unless it is forced', async () => {
    const server = await start({ config: aofConfig({ appendonly: 'no' }) });
    const client = attach(server);
    const replies = await client.pipeline([
      ['CONFIG', 'SET', 'appendonly', 'yes'],
      ['SHUTDOWN'],
      ['PING'],
      ['SHUTDOWN', 'FORCE'],
    ]);
    expect(replies).toEqual(['OK', '-ERR Errors trying to SHUTDOWN. Check logs.', 'PONG', '(closed)']);
    await server.closed;
  });

  test('yes is tried again when the first rewrite fails', async () => {
    const disk = new ControlledDisk();
    let now = 1_700_000_000_000;
    const config = aofConfig({ appendonly: 'no' });
    const server = await start({ config, fileSystem: disk, clock: () => now });
    const client = attach(server);
    await client.call('SET', 'k', 'v');
    disk.full = true;
    await client.call('CONFIG', 'SET', 'appendonly', 'yes');
    await until(async () => (await client.info('aof_last_bgrewrite_status')) === 'err');
    disk.full = false;
    now += 5000;
    await until(async () => (await client.info('aof_last_bgrewrite_status')) === 'ok');
    await expectSameAfterRestart(server, config);
  });
});

describe('what the server removes by itself is logged as DEL', () => {
  test('expired keys, whether somebody asked for them or not', async () => {
    let now = 1_700_000_000_000;
    const config = aofConfig();
    const server = await start({ config, clock: () => now });
    const client = attach(server);
    await client.pipeline([
      ['SET', 'asked', '1', 'PX', 100],
      ['SELECT', 3],
      ['SET', 'forgotten', '1', 'PX', 100],
    ]);
    await client.pipeline([
      ['SELECT', 0],
      ['DEBUG', 'SET-ACTIVE-EXPIRE', 0],
    ]);
    now += 1000;
    expect(await client.call('GET', 'asked')).toBe(null);
    await client.call('DEBUG', 'SET-ACTIVE-EXPIRE', 1);
    await until(async () => (await client.info('expired_keys')) === '2');
    await server.stop();
    const log = increments(config);
    expect(log).toContain(request('DEL', 'asked'));
    expect(log.slice(log.indexOf(request('DEL', 'asked')))).toContain(
      request('SELECT', '3') + request('DEL', 'forgotten'),
    );
    expect(log).toContain(request('SET', 'asked', '1', 'PXAT', '1700000000100'));
  });

  test('evicted keys', async () => {
    const config = aofConfig({ maxmemory: '1mb', 'maxmemory-policy': 'allkeys-random' });
    const server = await start({ config });
    const client = attach(server);
    await fill(client, 15_000);
    expect(Number(await client.info('evicted_keys'))).toBeGreaterThan(1000);
    // Without a limit: what a table needs depends on its history, and a key more might have to go.
    await expectSameAfterRestart(server, { ...config, maxmemory: '0' });
  });
});

describe('loading', () => {
  test('clients are told so meanwhile, and SHUTDOWN ends it', async () => {
    const config = aofConfig();
    const first = await start({ config });
    await attach(first).call('SET', 'k', 'v');
    await first.stop();
    const disk = new ControlledDisk();
    disk.hold('read');
    const path = join(config.dir!, 'socket');
    const starting = start({ config: { ...config, unixsocket: path }, fileSystem: disk });
    await until(() => disk.waiting('read') > 0);
    const client = await Client.open({ path });
    expect(await client.call('GET', 'k')).toBe('-LOADING Redis is loading the dataset in memory');
    expect(await client.call('SET', 'x', 'y')).toBe('-LOADING Redis is loading the dataset in memory');
    expect(await client.info('loading')).toBe('1');
    disk.hold('sync');
    disk.release('read');
    // Read, but not open for writing yet: a write now would be lost.
    await until(() => disk.waiting('sync') > 0);
    expect(await client.call('SET', 'x', 'y')).toBe('-LOADING Redis is loading the dataset in memory');
    disk.release('sync');
    const server = await starting;
    expect(await client.call('GET', 'k')).toBe('v');
    await server.stop();

    disk.hold('read');
    const interrupted = start({ config: { ...config, unixsocket: path }, fileSystem: disk });
    await until(() => disk.waiting('read') > 0);
    const other = await Client.open({ path });
    const reply = other.call('SHUTDOWN');
    await turn();
    disk.release('read');
    expect(await reply).toBe('(closed)');
    await (
      await interrupted
    ).closed;
  });

  test('a truncated end is cut, or refused by aof-load-truncated no', async () => {
    const config = aofConfig();
    const server = await start({ config });
    await attach(server).pipeline([
      ['SET', 'a', '1'],
      ['SET', 'b', '2'],
    ]);
    await server.stop();
    const path = join(config.dir!, 'appendonlydir', 'appendonly.aof.1.incr.aof');
    const whole = statSync(path).size;
    appendFileSync(path, request('SET', 'c', '3').slice(0, -4));
    const broken = statSync(path).size;

    const refusal: unknown = await start({ config: { ...config, 'aof-load-truncated': 'no' } }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(AofError);
    expect(refusal).toMatchObject({ code: 'TRUNCATED', offset: whole });
    expect(statSync(path).size).toBe(broken);

    const lines: string[] = [];
    const again = await start({ config, log: (level, message) => lines.push(`${level} ${message}`) });
    expect(await attach(again).call('DBSIZE')).toBe(2);
    expect(lines.filter((line) => line.startsWith('warning'))).toEqual([expect.stringContaining(`at offset ${whole}`)]);
    expect(statSync(path).size).toBe(whole);
    await again.stop();
    truncateSync(path, 5);
    expect(await attach(await start({ config })).call('DBSIZE')).toBe(0);
  });

  test('a base in RDB format is refused in one line that names the setting', async () => {
    const config = aofConfig();
    const directory = join(config.dir!, 'appendonlydir');
    mkdirSync(directory);
    writeFileSync(join(directory, 'appendonly.aof.manifest'), 'file appendonly.aof.1.base.rdb seq 1 type b\n');
    writeFileSync(join(directory, 'appendonly.aof.1.base.rdb'), 'REDIS0010\xfa');
    const failure: unknown = await start({ config }).catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(
      /^[^\n]*appendonly\.aof\.1\.base\.rdb[^\n]*aof-use-rdb-preamble no[^\n]*$/,
    );
  });

  test('DEBUG LOADAOF reads the log again; what follows in the pipeline waits for it', async () => {
    const config = aofConfig();
    const server = await start({ config });
    const client = attach(server);
    await client.pipeline(everyKind());
    const before = await digest(server);
    expect(
      await client.pipeline([
        ['DEBUG', 'LOADAOF'],
        ['DEBUG', 'DIGEST'],
        ['SET', 'more', '1'],
      ]),
    ).toEqual(['OK', before, 'OK']);
    await expectSameAfterRestart(server, config);
  });
});
