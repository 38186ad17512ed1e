/**
 * Files in the directory of a log that this program has not read: they may be all that somebody
 * has of the data. Whatever happens, their bytes stay somewhere under `dir`, together with the
 * names by which they can be loaded.
 */
import { describe, expect, it } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import { SimulatedDisk } from './simulated-disk.js';
import type { DiskOperation } from './simulated-disk.js';
import { append, command, replay, seededRandom, settle } from './testing.fixture.js';

const FOLDER = '/data/appendonlydir';
const MANIFEST = `${FOLDER}/appendonly.aof.manifest`;
const NOW = Date.UTC(2026, 11, 1, 2, 3, 4);
const OLD_MANIFEST = 'file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n';
const OLD_BASE = command('SET', 'old', 'base');
const OLD_INCR = command('SET', 'old', 'incr');

function newDisk(files: Readonly<Record<string, string | Uint8Array>>, seed = 3, stepwise = false): SimulatedDisk {
  const disk = new SimulatedDisk({ random: seededRandom(seed), stepwise });
  disk.put('/data/other', new Uint8Array(0));
  for (const [name, content] of Object.entries(files)) disk.put(name, Buffer.from(content));
  return disk;
}

const oldLog = {
  [MANIFEST]: OLD_MANIFEST,
  [`${FOLDER}/appendonly.aof.1.base.aof`]: OLD_BASE,
  [`${FOLDER}/appendonly.aof.1.incr.aof`]: OLD_INCR,
};

function newLog(disk: SimulatedDisk, warnings: string[] = []): AppendOnlyFile {
  const options = { fileSystem: disk, directory: '/data', policy: 'everysec' as const, now: NOW };
  return new AppendOnlyFile({ ...options, onWarning: (text) => warnings.push(text) });
}

const load = (disk: SimulatedDisk, appendDirName?: string): ReturnType<typeof replay> =>
  replay({ fileSystem: disk, directory: '/data', loadTruncated: true, ...(appendDirName && { appendDirName }) });

const snapshot = (disk: SimulatedDisk): Map<string, string> =>
  new Map([...disk.contents()].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]));

/** Switches a log on by a rewrite of one key. */
async function switchOn(log: AppendOnlyFile, value: string): Promise<void> {
  const rewrite = log.startRewrite();
  append(rewrite, 0, 'SET', 'new', value);
  await rewrite.finish();
}

describe('a log that was not loaded', () => {
  it('is moved aside under a dated name when another one begins, and loads from there', async () => {
    const disk = newDisk({
      ...oldLog,
      [`${FOLDER}/appendonly.aof.0.base.aof`]: 'history',
      [`${FOLDER}/somebody's notes`]: 'keep',
    });
    const warnings: string[] = [];
    const log = newLog(disk, warnings);
    await switchOn(log, '1');
    await log.close();
    expect((await load(disk)).commands).toContain('SET new 1');
    const aside = 'appendonlydir.unread-20261201T020304Z';
    expect((await load(disk, aside)).commands).toEqual(expect.arrayContaining(['SET old base', 'SET old incr']));
    const files = snapshot(disk);
    expect(files.get(`/data/${aside}/somebody's notes`)).toBe('keep');
    expect(files.get(`/data/${aside}/appendonly.aof.0.base.aof`)).toBe('history');
    expect(files.get(`/data/${aside}/appendonly.aof.manifest`)).toBe(OLD_MANIFEST);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`^[^\\n]*/data/${aside}[^\\n]*appenddirname[^\\n]*$`))]);
  });

  it('is moved aside even when it cannot be read', async () => {
    for (const manifest of ['nonsense\n', '', 'file x.rdb seq 1 type b\n']) {
      const disk = newDisk({ [MANIFEST]: manifest, [`${FOLDER}/appendonly.aof.1.incr.aof`]: OLD_INCR });
      const log = newLog(disk);
      await switchOn(log, '1');
      await log.close();
      expect((await load(disk)).commands).toContain('SET new 1');
      const contents = [...snapshot(disk).values()];
      expect(contents).toContain(OLD_INCR.toString());
      expect(contents).toContain(manifest);
    }
  });

  it('does not give way to a second one that was moved aside in the same second', async () => {
    const disk = newDisk(oldLog);
    await switchOn(newLog(disk), '1');
    await settle();
    await switchOn(newLog(disk), '2');
    expect((await load(disk)).commands).toContain('SET new 2');
    expect([...snapshot(disk).keys()].filter((path) => path.endsWith('.manifest')).sort()).toEqual([
      '/data/appendonlydir.unread-20261201T020304Z-2/appendonly.aof.manifest',
      '/data/appendonlydir.unread-20261201T020304Z/appendonly.aof.manifest',
      MANIFEST,
    ]);
  });

  it('stays where it is when it cannot be moved, and a warning says so', async () => {
    const disk = newDisk(oldLog);
    const warnings: string[] = [];
    const log = newLog(disk, warnings);
    // After those of base, increment and manifest.
    disk.fail('rename', 4, 'EXDEV');
    await switchOn(log, '1');
    expect(warnings).toEqual([expect.stringMatching(/except for files that could not be moved/)]);
    for (let i = 0; i < 3; i++) await switchOn(log, '2');
    await log.close();
    const contents = [...snapshot(disk).values()];
    for (const bytes of [OLD_BASE, OLD_INCR]) expect(contents).toContain(bytes.toString());
    const lines: string[] = [];
    const { commands } = await replay({
      ...{ fileSystem: disk, directory: '/data', loadTruncated: false },
      onWarning: (text) => lines.push(text),
    });
    expect(commands).toContain('SET new 2');
    expect(lines).toEqual([
      'The manifest does not name appendonly.aof.1.base.aof, appendonly.aof.1.incr.aof in /data/appendonlydir: not read, and left as they are',
    ]);
  });

  it('is there in whole after a crash at any moment and any failing call; what counts is the old or the new', async () => {
    const operations: DiskOperation[] = ['open', 'read', 'write', 'sync', 'rename', 'mkdir', 'syncDirectory', 'unlink'];
    const seen = { old: 0, new: 0 };
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const disk = newDisk(oldLog, seed, true);
      const log = newLog(disk);
      if (random() < 0.3) {
        disk.fail(operations[Math.floor(random() * operations.length)]!, 1 + Math.floor(random() * 6));
      }
      const switched = switchOn(log, '1').then(
        () => true,
        () => false,
      );
      const steps = Math.floor(random() * 60);
      await settle();
      for (let i = 0; i < steps && disk.step(); i++) await settle();
      disk.crash(random() < 0.7 ? 'power' : 'process');
      await Promise.race([switched, settle()]);
      const contents = [...snapshot(disk).values()];
      expect(contents, `seed ${seed}`).toContain(OLD_BASE.toString());
      expect(contents, `seed ${seed}`).toContain(OLD_INCR.toString());
      expect(contents, `seed ${seed}`).toContain(OLD_MANIFEST);
      const loading = load(disk);
      let commands: string[] | undefined;
      loading.then(
        (loaded) => (commands = loaded.commands),
        (error: unknown) => (commands = [String(error)]),
      );
      await settle();
      while (commands === undefined && disk.step()) await settle();
      if (commands?.includes('SET old incr') === true && commands.includes('SET old base')) seen.old++;
      else if (commands?.includes('SET new 1') === true) seen.new++;
      else throw new Error(`seed ${seed}: neither the old log nor the new one: ${String(commands)}`);
    }
    expect(seen.old).toBeGreaterThan(20);
    expect(seen.new).toBeGreaterThan(20);
  });
});

describe('a log of our own', () => {
  it('is replaced, not moved aside, when it is switched off and on', async () => {
    const disk = newDisk({});
    const log = newLog(disk);
    await log.open();
    append(log, 0, 'SET', 'a', '1');
    await log.close();
    await switchOn(log, '1');
    append(log, 0, 'SET', 'b', '1');
    await log.close();
    await switchOn(log, '2');
    await log.close();
    expect([...snapshot(disk).keys()].filter((path) => path.includes('unread'))).toEqual([]);
    expect([...snapshot(disk).keys()].filter((path) => path.startsWith(FOLDER))).toHaveLength(3);
  });

  it('is moved aside when another program has written to it meanwhile', async () => {
    for (const rewritten of [false, true]) {
      const disk = newDisk({});
      const log = newLog(disk);
      await log.open();
      append(log, 0, 'SET', 'a', '1');
      await log.close();
      const other = newLog(disk);
      await other.open();
      append(other, 0, 'SET', 'of another', '1');
      if (rewritten) await switchOn(other, 'of another');
      await other.close();
      await switchOn(log, '2');
      await log.close();
      const aside = (await load(disk, 'appendonlydir.unread-20261201T020304Z')).commands;
      expect(aside.some((text) => text.includes('of another'))).toBe(true);
    }
  });
});

describe('files that no manifest names', () => {
  it.each([
    ['a base', { [`${FOLDER}/appendonly.aof.1.base.aof`]: OLD_BASE }, 'appendonly.aof.1.base.aof'],
    ['an RDB base', { [`${FOLDER}/appendonly.aof.7.base.rdb`]: 'REDIS0011' }, 'appendonly.aof.7.base.rdb'],
    ['an increment of another name', { [`${FOLDER}/redis.aof.3.incr.aof`]: OLD_INCR }, 'redis.aof.3.incr.aof'],
    ['an old-style file within', { [`${FOLDER}/appendonly.aof`]: OLD_INCR }, 'appendonly.aof'],
    [
      'an empty manifest',
      { [`${FOLDER}/appendonly.aof.1.incr.aof`]: OLD_INCR, [MANIFEST]: '' },
      'appendonly.aof.1.incr.aof',
    ],
    [
      'a manifest of comments',
      { [`${FOLDER}/appendonly.aof.1.incr.aof`]: OLD_INCR, [MANIFEST]: '# x\n' },
      'appendonly.aof.1.incr.aof',
    ],
    [
      'an old-style file outside as well',
      { [`${FOLDER}/appendonly.aof.1.incr.aof`]: OLD_INCR, '/data/appendonly.aof': OLD_BASE },
      'appendonly.aof.1.incr.aof',
    ],
  ])('keep the log from being loaded or opened, and nothing changes: %s', async (_, files, name) => {
    const disk = newDisk(files);
    const before = snapshot(disk);
    for (const attempt of [load(disk), newLog(disk).open()]) {
      const error: unknown = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ code: 'STRAY_FILES' });
      expect((error as Error).message).toMatch(/^[^\n]*\/data\/appendonlydir[^\n]*manifest[^\n]*$/);
      expect((error as Error).message).toContain(name);
    }
    expect(snapshot(disk)).toEqual(before);
  });

  it('are named when a file that the manifest names is missing', async () => {
    const disk = newDisk({ [MANIFEST]: OLD_MANIFEST, [`${FOLDER}/appendonly.aof.2.base.aof`]: OLD_BASE });
    const before = snapshot(disk);
    await expect(load(disk)).rejects.toThrow(/appendonly\.aof\.1\.base\.aof.*appendonly\.aof\.2\.base\.aof/);
    await expect(newLog(disk).open()).rejects.toMatchObject({ code: 'MISSING_FILE' });
    expect(snapshot(disk)).toEqual(before);
  });

  it('beside a whole log are neither emptied, replaced nor deleted, by increments and rewrites alike', async () => {
    const left = {
      [`${FOLDER}/appendonly.aof.2.base.aof`]: 'a base',
      [`${FOLDER}/appendonly.aof.2.incr.aof`]: 'an increment',
      [`${FOLDER}/appendonly.aof.3.base.rdb`]: 'REDIS0011',
      [`${FOLDER}/other.aof.manifest`]: 'another log',
    };
    const disk = newDisk({ ...oldLog, ...left });
    await load(disk);
    const log = newLog(disk);
    await log.open();
    for (let i = 0; i < 4; i++) {
      await switchOn(log, String(i));
      append(log, 0, 'SET', 'more', String(i));
    }
    await log.close();
    const files = snapshot(disk);
    for (const [path, content] of Object.entries(left)) expect(files.get(path), path).toBe(content);
    expect((await load(disk)).commands.slice(-1)).toEqual(['SET more 3']);
  });

  it('are no obstacle while they are empty: a start was interrupted before it had a manifest', async () => {
    const disk = newDisk({
      [`${FOLDER}/appendonly.aof.1.base.aof`]: '',
      [`${FOLDER}/appendonly.aof.1.incr.aof`]: '',
    });
    expect((await load(disk)).report.exists).toBe(false);
    const log = newLog(disk);
    await log.open();
    append(log, 0, 'SET', 'a', '1');
    await log.close();
    expect((await load(disk)).commands).toEqual(['SELECT 0', 'SET a 1']);
  });
});

it('a history entry that names a file in service deletes nothing', async () => {
  const disk = newDisk({ ...oldLog, [MANIFEST]: `${OLD_MANIFEST}file appendonly.aof.1.base.aof seq 1 type h\n` });
  const log = newLog(disk);
  await log.open();
  await log.close();
  expect(snapshot(disk).get(`${FOLDER}/appendonly.aof.1.base.aof`)).toBe(OLD_BASE.toString());
});
