import { describe, expect, it } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import { RewriteHistory } from './rewrite-history.js';
import { SimulatedDisk } from './simulated-disk.js';
import type { DiskOperation } from './simulated-disk.js';
import { append, command, replay, seededRandom, settle } from './testing.fixture.js';

const FOLDER = '/data/appendonlydir';
const TEMPORARY = `${FOLDER}/temp-rewriteaof-appendonly.aof`;

function newDisk(stepwise = false): SimulatedDisk {
  const disk = new SimulatedDisk({ random: seededRandom(3), stepwise });
  disk.put('/data/other', new Uint8Array(0));
  return disk;
}

function newLog(disk: SimulatedDisk): AppendOnlyFile {
  return new AppendOnlyFile({ fileSystem: disk, directory: '/data', policy: 'everysec', now: 0 });
}

async function openLog(disk: SimulatedDisk): Promise<AppendOnlyFile> {
  const log = newLog(disk);
  await log.open();
  return log;
}

async function stored(disk: SimulatedDisk): Promise<string[]> {
  return (await replay({ fileSystem: disk, directory: '/data', loadTruncated: false })).commands;
}

function manifest(disk: SimulatedDisk): string {
  return Buffer.from(disk.contents().get(`${FOLDER}/appendonly.aof.manifest`) ?? []).toString();
}

function names(disk: SimulatedDisk): string[] {
  return [...disk.contents().keys()]
    .filter((path) => path.startsWith(`${FOLDER}/`))
    .map((path) => path.slice(FOLDER.length + 1))
    .sort();
}

describe('A rewrite', () => {
  it('replaces base and increments by the new base and what was appended since it began', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    append(log, 0, 'SET', 'a', '1');
    append(log, 0, 'SET', 'a', '2');
    const rewrite = log.startRewrite();
    append(log, 0, 'SET', 'b', '3');
    log.flush();
    expect(log.rewriting).toBe(true);
    append(rewrite, 0, 'SET', 'a', '2');
    append(rewrite, 4, 'SET', 'c', '0');
    append(log, 0, 'SET', 'b', '4');
    await rewrite.finish();
    expect(log.rewriting).toBe(false);
    await log.close();
    disk.crash('power');
    expect(await stored(disk)).toEqual([
      ...['SELECT 0', 'SET a 2', 'SELECT 4', 'SET c 0'],
      ...['SELECT 0', 'SELECT 0', 'SET b 3', 'SET b 4'],
    ]);
    expect(manifest(disk)).toBe(
      'file appendonly.aof.2.base.aof seq 2 type b\nfile appendonly.aof.2.incr.aof seq 2 type i\n',
    );
    expect(names(disk)).toEqual(['appendonly.aof.2.base.aof', 'appendonly.aof.2.incr.aof', 'appendonly.aof.manifest']);
  });

  it('of no data leaves an empty base', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    append(log, 0, 'SET', 'a', '1');
    await log.startRewrite().finish();
    await log.close();
    expect(await stored(disk)).toEqual([]);
  });

  it('asks its owner to pause when the disk is slower, and says when to go on', async () => {
    const disk = newDisk(true);
    const log = newLog(disk);
    const opened = log.open();
    await settle();
    while (disk.step()) await settle();
    await opened;
    const rewrite = log.startRewrite();
    const bytes = command('SET', 'key', 'x'.repeat(100_000));
    let appended = 1;
    while (rewrite.append(0, bytes, 0, bytes.length)) appended++;
    expect(appended).toBeGreaterThan(20);
    expect(appended).toBeLessThan(60);
    let drained = false;
    const draining = rewrite.drained().then(() => (drained = true));
    await settle();
    expect(drained).toBe(false);
    while (disk.step()) await settle();
    await draining;
    expect(rewrite.append(0, bytes, 0, bytes.length)).toBe(true);
    const finishing = rewrite.finish();
    await settle();
    while (disk.step()) await settle();
    await finishing;
    const loading = stored(disk);
    await settle();
    while (disk.step()) await settle();
    expect(await loading).toHaveLength(1 + appended + 1);
  });

  it('measures growth against the size after the last rewrite', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'a', 'x'.repeat(1000));
    await rewrite.finish();
    const { baseSize } = log.status();
    expect(baseSize).toBe(log.currentSize);
    expect(log.shouldRewrite(100, 0)).toBe(false);
    append(log, 0, 'SET', 'b', 'x'.repeat(900));
    log.flush();
    await settle();
    expect(log.shouldRewrite(100, 0)).toBe(false);
    append(log, 0, 'SET', 'c', 'x'.repeat(200));
    log.flush();
    await settle();
    expect(log.shouldRewrite(100, 0)).toBe(true);
    expect(log.shouldRewrite(100, 64 * 1024)).toBe(false);
    expect(log.shouldRewrite(0, 0)).toBe(false);
    log.startRewrite();
    expect(log.shouldRewrite(100, 0)).toBe(false);
  });

  it('measures growth against the base after a start', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'a', 'x'.repeat(1000));
    await rewrite.finish();
    append(log, 0, 'SET', 'b', 'x'.repeat(500));
    await log.close();
    const again = await openLog(disk);
    expect(again.status().baseSize).toBe(command('SELECT', '0').length + command('SET', 'a', 'x'.repeat(1000)).length);
    expect(again.currentSize).toBeGreaterThan(again.status().baseSize + 500);
  });

  it('runs alone, and not while writing fails', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    const rewrite = log.startRewrite();
    expect(() => log.startRewrite()).toThrow('Background append only file rewriting already in progress');
    await rewrite.abort('not needed');
    await expect(rewrite.finish()).rejects.toThrow('The rewrite was given up: not needed');
    await expect(rewrite.finish()).rejects.toMatchObject({ code: 'STATE' });
    disk.fail('write');
    append(log, 0, 'PING');
    log.flush();
    await settle();
    expect(() => log.startRewrite()).toThrow('The append only file cannot be written: Input/output error');
  });

  it('ends when the log is closed', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    append(log, 0, 'SET', 'a', '1');
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'b', '2');
    await log.close();
    expect(rewrite.error).toMatchObject({ code: 'ABORTED' });
    expect(rewrite.append(0, command('PING'), 0, 14)).toBe(false);
    await expect(rewrite.drained()).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET a 1']);
    expect(names(disk)).not.toContain(TEMPORARY);
  });

  it('that is being finished is waited for when the log is closed', async () => {
    const disk = newDisk();
    const log = await openLog(disk);
    append(log, 0, 'SET', 'a', '1');
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'a', 'rewritten');
    const finished = rewrite.finish();
    await log.close();
    await finished;
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET a rewritten']);
  });
});

describe('A rewrite that fails', () => {
  const kinds: DiskOperation[] = ['open', 'write', 'sync', 'rename', 'syncDirectory'];
  const cases = kinds.flatMap((kind) => [1, 2, 3].map((nth) => [kind, nth] as const));

  it.each(cases)('at its %s number %i leaves a log that goes on and can be rewritten', async (kind, nth) => {
    for (let seed = 0; seed < 10; seed++) {
      const disk = new SimulatedDisk({ random: seededRandom(seed) });
      disk.put('/data/other', new Uint8Array(0));
      const log = await openLog(disk);
      append(log, 0, 'SET', 'a', '1');
      log.flush();
      log.tick(1000);
      await settle();
      disk.fail(kind, nth);
      const rewrite = log.startRewrite();
      append(log, 0, 'SET', 'b', '2');
      log.flush();
      append(rewrite, 0, 'SET', 'a', '1');
      let failed = false;
      await rewrite.finish().catch(() => (failed = true));
      disk.heal();
      log.tick(2000);
      await settle();
      expect(log.writeError).toBe(undefined);
      expect(log.status()).toMatchObject({ state: 'open', rewriteInProgress: false, lastRewriteOk: !failed });
      append(log, 0, 'SET', 'c', '3');
      log.flush();
      log.tick(3000);
      await settle();

      const after = (commands: string[]): string[] => commands.filter((text) => !text.startsWith('SELECT'));
      expect(after(await stored(disk))).toEqual(['SET a 1', 'SET b 2', 'SET c 3']);
      const again = log.startRewrite();
      append(again, 0, 'SET', 'd', '4');
      await again.finish();
      await log.close();
      disk.crash('power');
      expect(after(await stored(disk))).toEqual(['SET d 4']);
    }
  });

  it('is not repeated at once after three failures in a row', () => {
    const history = new RewriteHistory();
    let now = 0;
    const fail = (): void => {
      history.begin(now);
      history.end((now += 5), false);
    };
    fail();
    fail();
    expect(history.mayRetry(now)).toBe(true);
    const minutes: number[] = [];
    for (let i = 0; i < 8; i++) {
      fail();
      let wait = 0;
      while (!history.mayRetry(now + wait * 60_000)) wait++;
      minutes.push(wait);
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(history.figures(now)).toEqual({
      lastRewriteOk: false,
      rewrites: 10,
      consecutiveRewriteFailures: 10,
      lastRewriteDuration: 5,
      currentRewriteDuration: -1,
    });
    history.begin(now);
    expect(history.figures(now + 7).currentRewriteDuration).toBe(7);
    history.end(now + 9, true);
    expect(history.mayRetry(now)).toBe(true);
    expect(history.figures(now).lastRewriteOk).toBe(true);
  });
});

describe('Switching a log on at run time', () => {
  it('writes commands at once, and puts them into service with the first base', async () => {
    const disk = newDisk();
    const log = newLog(disk);
    append(log, 0, 'SET', 'before', '1');
    const rewrite = log.startRewrite();
    expect(log.state).toBe('waiting');
    append(log, 0, 'SET', 'after', '2');
    log.flush();
    await settle();
    expect(log.writtenOffset).toBe(log.appendedOffset);
    expect(manifest(disk)).toBe('');
    append(rewrite, 0, 'SET', 'before', '1');
    await rewrite.finish();
    expect(log.state).toBe('open');
    append(log, 0, 'SET', 'after', '3');
    await log.close();
    disk.crash('power');
    expect(await stored(disk)).toEqual([
      'SELECT 0',
      'SET before 1',
      'SELECT 0',
      'SELECT 0',
      'SET after 2',
      'SET after 3',
    ]);
    expect(manifest(disk)).toBe(
      'file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
    );
  });

  it('takes the place of what an earlier log left there, which is kept elsewhere', async () => {
    const disk = newDisk();
    const old = await openLog(disk);
    append(old, 0, 'SET', 'old', '1');
    await old.close();
    const log = newLog(disk);
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'new', '2');
    await settle();
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET old 1']);
    await rewrite.finish();
    await log.close();
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET new 2']);
    expect(names(disk)).toEqual(['appendonly.aof.2.base.aof', 'appendonly.aof.2.incr.aof', 'appendonly.aof.manifest']);
    const appendDirName = 'appendonlydir.unread-19700101T000000Z';
    const kept = await replay({ fileSystem: disk, directory: '/data', appendDirName, loadTruncated: false });
    expect(kept.commands).toEqual(['SELECT 0', 'SET old 1']);
  });

  it('holds back nobody when the first rewrite fails, and can be tried again', async () => {
    const disk = newDisk();
    const confirmed: number[] = [];
    const log = new AppendOnlyFile({
      ...{ fileSystem: disk, directory: '/data', policy: 'always', now: 0 },
      onDurable: (offset) => confirmed.push(offset),
    });
    disk.fail('rename');
    const rewrite = log.startRewrite();
    append(log, 0, 'SET', 'a', '1');
    log.flush();
    await expect(rewrite.finish()).rejects.toMatchObject({ code: 'EIO' });
    append(log, 0, 'SET', 'b', '2');
    log.flush();
    await settle();
    expect(log.state).toBe('waiting');
    expect(confirmed.at(-1)).toBe(log.appendedOffset);
    expect(names(disk)).toEqual(['temp-appendonly.aof.manifest']);

    const again = log.startRewrite();
    append(again, 0, 'SET', 'a', '1');
    append(again, 0, 'SET', 'b', '2');
    append(log, 0, 'SET', 'c', '3');
    await again.finish();
    await log.close();
    expect(await stored(disk)).toEqual(['SELECT 0', 'SET a 1', 'SET b 2', 'SELECT 0', 'SELECT 0', 'SET c 3']);
  });

  it('leaves nothing behind when it is switched off again before the base is finished', async () => {
    const disk = newDisk();
    const log = newLog(disk);
    const rewrite = log.startRewrite();
    append(rewrite, 0, 'SET', 'a', '1');
    append(log, 0, 'SET', 'b', '2');
    log.flush();
    await settle();
    await log.close();
    expect(log.state).toBe('closed');
    expect(names(disk)).toEqual([]);
  });
});
