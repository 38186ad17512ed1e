import { describe, expect, it } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import type { AppendOnlyFileOptions, FsyncPolicy } from './options.js';
import { SimulatedDisk } from './simulated-disk.js';
import { append, command, replay, seededRandom, settle } from './testing.fixture.js';

const DIRECTORY = '/data';
const INCR = '/data/appendonlydir/appendonly.aof.1.incr.aof';

function newDisk(stepwise = false): SimulatedDisk {
  const disk = new SimulatedDisk({ random: seededRandom(7), stepwise });
  disk.put('/data/other', new Uint8Array(0));
  return disk;
}

function newLog(
  disk: SimulatedDisk,
  policy: FsyncPolicy,
  options: Partial<AppendOnlyFileOptions> = {},
): AppendOnlyFile {
  return new AppendOnlyFile({ fileSystem: disk, directory: DIRECTORY, policy, now: 0, ...options });
}

async function openLog(
  disk: SimulatedDisk,
  policy: FsyncPolicy,
  options: Partial<AppendOnlyFileOptions> = {},
): Promise<AppendOnlyFile> {
  const log = newLog(disk, policy, options);
  const opened = log.open();
  await stepThrough(disk);
  await opened;
  return log;
}

/** Lets all waiting calls of a stepwise disk happen, and those that follow from them. */
async function stepThrough(disk: SimulatedDisk): Promise<void> {
  await settle();
  while (disk.step()) await settle();
}

async function stored(disk: SimulatedDisk): Promise<string[]> {
  const replaying = replay({ fileSystem: disk, directory: DIRECTORY, loadTruncated: false });
  await stepThrough(disk);
  return (await replaying).commands;
}

function text(disk: SimulatedDisk, path: string): string {
  return Buffer.from(disk.contents().get(path) ?? []).toString();
}

describe('A new log', () => {
  it('starts with an empty base, a first increment and a manifest, all of them durable', async () => {
    const disk = newDisk();
    await openLog(disk, 'no');
    disk.crash('power');
    expect(
      Object.fromEntries([...disk.contents()].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])),
    ).toEqual({
      '/data/other': '',
      '/data/appendonlydir/appendonly.aof.1.base.aof': '',
      [INCR]: '',
      '/data/appendonlydir/appendonly.aof.manifest':
        'file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
    });
  });

  it('takes its names from appenddirname and appendfilename', async () => {
    const disk = newDisk();
    await openLog(disk, 'no', { appendDirName: 'logs', appendFileName: 'my log' });
    expect(text(disk, '/data/logs/my log.manifest')).toBe(
      'file "my log.1.base.aof" seq 1 type b\nfile "my log.1.incr.aof" seq 1 type i\n',
    );
  });

  it('goes on where the last one ended, and begins with a SELECT', async () => {
    const disk = newDisk();
    for (const value of ['a', 'b']) {
      const log = await openLog(disk, 'no');
      append(log, 3, 'SET', 'key', value);
      log.flush();
      await log.close();
    }
    expect(await stored(disk)).toEqual(['SELECT 3', 'SET key a', 'SELECT 3', 'SET key b']);
  });
});

describe('Writing', () => {
  it('happens in the background: append and flush return before any call of the disk has ended', async () => {
    const disk = newDisk(true);
    const log = await openLog(disk, 'no');
    append(log, 0, 'PING');
    log.flush();
    expect(log.appendedOffset).toBe(command('SELECT', '0').length + command('PING').length);
    expect(log.writtenOffset).toBe(0);
    expect(log.pendingBytes).toBe(log.appendedOffset);
    await stepThrough(disk);
    expect(log.writtenOffset).toBe(log.appendedOffset);
    expect(log.pendingBytes).toBe(0);
  });

  it('ignores commands while the log is closed', () => {
    const log = newLog(newDisk(), 'always');
    append(log, 0, 'PING');
    log.flush();
    expect(log.appendedOffset).toBe(0);
    expect(log.status()).toMatchObject({ state: 'closed', bufferLength: 0, currentSize: 0 });
  });

  it('counts sizes for INFO', async () => {
    const disk = newDisk();
    const log = await openLog(disk, 'no');
    append(log, 0, 'PING');
    log.flush();
    await settle();
    expect(log.currentSize).toBe(log.appendedOffset);
    expect(log.status()).toEqual({
      state: 'open',
      currentSize: log.appendedOffset,
      baseSize: 0,
      bufferLength: 0,
      fsyncInProgress: false,
      lastWriteError: undefined,
      rewriteInProgress: false,
      lastRewriteOk: true,
      rewrites: 0,
      consecutiveRewriteFailures: 0,
      lastRewriteDuration: -1,
      currentRewriteDuration: -1,
    });
  });

  it('writes and fsyncs everything before it closes, under every policy', async () => {
    for (const policy of ['always', 'everysec', 'no'] as const) {
      const disk = newDisk();
      const log = await openLog(disk, policy);
      append(log, 0, 'SET', 'a', policy);
      await log.close();
      disk.crash('power');
      expect(await stored(disk)).toEqual(['SELECT 0', `SET a ${policy}`]);
      expect(log.state).toBe('closed');
    }
  });

  it('refuses calls that do not fit the state', async () => {
    const disk = newDisk(true);
    const log = newLog(disk, 'no');
    const opening = log.open();
    await expect(log.open()).rejects.toMatchObject({ code: 'STATE', message: 'The append only file is being opened' });
    await expect(log.close()).rejects.toMatchObject({ code: 'STATE' });
    expect(() => log.startRewrite()).toThrow('The append only file is stopped');
    await stepThrough(disk);
    await opening;
    await expect(log.open()).rejects.toMatchObject({ code: 'STATE', message: 'The append only file is open' });
  });
});

describe('appendfsync always', () => {
  it('covers all that came in during a write and an fsync with one write and one fsync', async () => {
    const disk = newDisk(true);
    const confirmed: number[] = [];
    const log = await openLog(disk, 'always', { onDurable: (offset) => confirmed.push(offset) });
    const writes = disk.count('write');
    const syncs = disk.count('sync');
    append(log, 0, 'SET', 'first', '1');
    log.flush();
    const first = log.appendedOffset;
    for (let i = 0; i < 50; i++) {
      append(log, 0, 'SET', 'other', String(i));
      log.flush();
    }
    await stepThrough(disk);
    expect(disk.count('write') - writes).toBe(2);
    expect(disk.count('sync') - syncs).toBe(2);
    expect(confirmed).toEqual([first, log.appendedOffset]);
    expect(log.durableOffset).toBe(log.appendedOffset);
  });

  it('confirms nothing before the fsync has ended', async () => {
    const disk = newDisk(true);
    const confirmed: number[] = [];
    const log = await openLog(disk, 'always', { onDurable: (offset) => confirmed.push(offset) });
    append(log, 0, 'PING');
    log.flush();
    disk.step();
    await settle();
    expect([log.writtenOffset, log.durableOffset, disk.waiting]).toEqual([0, 0, 1]);
    expect(log.status().fsyncInProgress).toBe(true);
    expect(confirmed).toEqual([]);
    disk.step();
    await settle();
    expect(confirmed).toEqual([log.appendedOffset]);
  });

  it.each(['write', 'sync'] as const)(
    'stops for good when a %s fails, leaving only what was confirmed',
    async (operation) => {
      const disk = newDisk();
      const fatal: unknown[] = [];
      const log = await openLog(disk, 'always', { onFatal: (error) => fatal.push(error) });
      append(log, 0, 'SET', 'a', '1');
      log.flush();
      await settle();
      disk.fail(operation);
      append(log, 0, 'SET', 'a', '2');
      log.flush();
      await settle();
      expect(fatal).toEqual([expect.objectContaining({ code: 'EIO' })]);
      expect(log.state).toBe('failed');
      append(log, 0, 'SET', 'a', '3');
      log.flush();
      log.tick(60_000);
      await settle();
      expect(() => log.startRewrite()).toThrow('stopped');
      await expect(log.close()).rejects.toMatchObject({ code: 'EIO' });
      disk.crash('process');
      expect(await stored(disk)).toEqual(['SELECT 0', 'SET a 1']);
    },
  );

  it('holds from the next tick on for writes that are waiting when it is switched on', async () => {
    const disk = newDisk();
    const log = await openLog(disk, 'no');
    append(log, 0, 'PING');
    log.flush();
    await settle();
    expect(log.durableOffset).toBe(0);
    log.policy = 'always';
    log.tick(1);
    await settle();
    expect(log.durableOffset).toBe(log.appendedOffset);
  });
});

describe('appendfsync everysec', () => {
  it('fsyncs once a second, and not when there is nothing new', async () => {
    const disk = newDisk();
    const log = await openLog(disk, 'everysec');
    const before = disk.count('sync');
    for (let now = 0; now <= 5_000; now += 100) {
      append(log, 0, 'SET', 'now', String(now));
      log.flush();
      await settle();
      log.tick(now);
      await settle();
    }
    expect(disk.count('sync') - before).toBe(5);
    expect(log.durableOffset).toBe(log.appendedOffset);
    for (let now = 5_100; now <= 9_000; now += 100) log.tick(now);
    await settle();
    expect(disk.count('sync') - before).toBe(5);
  });

  it('fsyncs in time although there is always more to write', async () => {
    const disk = newDisk(true);
    const log = await openLog(disk, 'everysec');
    let lag = 0;
    for (let now = 0; now < 10_000; now += 50) {
      // Each time something new is queued while a call of the disk is under way.
      append(log, 0, 'SET', 'now', String(now));
      log.flush();
      log.tick(now);
      disk.step();
      await settle();
      if (now > 2_000) lag = Math.max(lag, log.appendedOffset - log.durableOffset);
    }
    const perSecond = 20 * command('SET', 'now', '10000').length;
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThan(1.3 * perSecond);
  });

  it('never fsyncs by itself under no', async () => {
    const disk = newDisk();
    const log = await openLog(disk, 'no');
    const before = disk.count('sync');
    for (let now = 0; now <= 5_000; now += 100) {
      append(log, 0, 'PING');
      log.flush();
      log.tick(now);
      await settle();
    }
    expect(disk.count('sync')).toBe(before);
    expect(log.durableOffset).toBe(0);
  });
});

describe.each(['everysec', 'no'] as const)('When the disk fails under %s', (policy) => {
  it('a full disk is reported, nothing torn stays in the file, and writing resumes by itself', async () => {
    const disk = newDisk();
    const statuses: (string | undefined)[] = [];
    const log = await openLog(disk, policy, { onWriteStatus: (status) => statuses.push(status) });
    append(log, 0, 'SET', 'a', '1');
    log.flush();
    await settle();
    const good = text(disk, INCR);
    disk.capacity = good.length + 150;
    append(log, 0, 'SET', 'a', '2'.repeat(200));
    log.flush();
    await settle();
    expect(statuses).toEqual(['No space left on device']);
    expect(log.writeError).toBe('No space left on device');
    expect(text(disk, INCR)).toBe(good);

    log.tick(900);
    await settle();
    expect(statuses).toEqual(['No space left on device']);
    log.tick(1_000);
    await settle();
    expect(log.writeError).toBe('No space left on device');

    disk.heal();
    log.tick(1_900);
    await settle();
    expect(log.writeError).toBe('No space left on device');
    log.tick(2_000);
    await settle();
    expect(statuses).toEqual(['No space left on device', undefined]);
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET a 1', `SET a ${'2'.repeat(200)}`]);
  });

  it('what could not be cut off is cut off before the next write', async () => {
    const disk = newDisk();
    const log = await openLog(disk, policy);
    append(log, 0, 'SET', 'a', 'x'.repeat(200));
    disk.fail('write');
    disk.fail('truncate');
    log.flush();
    await settle();
    expect(text(disk, INCR)).not.toBe('');
    expect(log.writeError).toBe('Input/output error');
    log.tick(1_000);
    await settle();
    expect(await stored(disk)).toEqual(['SELECT 0', `SET a ${'x'.repeat(200)}`]);
  });

  it('closing reports that something could not be kept', async () => {
    const disk = newDisk();
    const log = await openLog(disk, policy);
    append(log, 0, 'PING');
    disk.capacity = 0;
    await expect(log.close()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(log.state).toBe('closed');
  });
});

describe('A failed fsync under everysec', () => {
  it('stays an error until an fsync succeeds, and then everything is on the disk', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) });
      disk.put('/data/other', new Uint8Array(0));
      const log = await openLog(disk, 'everysec');
      append(log, 0, 'SET', 'a', 'x'.repeat(100));
      log.flush();
      await settle();
      disk.fail('sync');
      log.tick(1_000);
      await settle();
      expect(log.writeError).toBe('Input/output error');
      append(log, 0, 'SET', 'b', '1');
      log.flush();
      log.tick(1_500);
      await settle();
      expect([log.writeError, log.durableOffset]).toEqual(['Input/output error', 0]);
      log.tick(2_000);
      await settle();
      expect(log.writeError).toBe(undefined);
      log.tick(3_000);
      await settle();
      expect(log.durableOffset).toBe(log.appendedOffset);
      disk.crash('power');
      expect(await stored(disk)).toEqual(['SELECT 0', `SET a ${'x'.repeat(100)}`, 'SET b 1']);
    }
  });
});
