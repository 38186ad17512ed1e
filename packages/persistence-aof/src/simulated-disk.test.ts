import { describe, expect, it } from 'vitest';
import type { FileHandle } from './file-system.js';
import { SimulatedDisk } from './simulated-disk.js';
import { seededRandom, settle } from './testing.fixture.js';

const bytes = (text: string): Uint8Array[] => [Buffer.from(text)];

/** What is in `path` after each of many crashes that follow the same calls. */
async function outcomes(
  prepare: (disk: SimulatedDisk) => Promise<void>,
  path: string,
): Promise<Set<string | undefined>> {
  const seen = new Set<string | undefined>();
  for (let seed = 0; seed < 200; seed++) {
    const disk = new SimulatedDisk({ random: seededRandom(seed) });
    disk.put('/d/other', new Uint8Array(0));
    await prepare(disk);
    disk.crash('power');
    const content = disk.contents().get(path);
    seen.add(content === undefined ? undefined : Buffer.from(content).toString());
  }
  return seen;
}

async function createdFile(disk: SimulatedDisk, path: string): Promise<FileHandle> {
  const handle = await disk.open(path, 'create');
  await disk.syncDirectory('/d');
  return handle;
}

describe('A simulated disk', () => {
  it('keeps what was synced and any beginning of what was written since', async () => {
    const seen = await outcomes(async (disk) => {
      const file = await createdFile(disk, '/d/f');
      await file.write(bytes('sa'), 0);
      await file.write(bytes('fe'), 2);
      await file.sync();
      await file.write(bytes('12'), 4);
      await file.write(bytes('34'), 6);
    }, '/d/f');
    expect([...seen].sort()).toEqual(['safe', 'safe1', 'safe12', 'safe123', 'safe1234']);
  });

  it('may or may not know a name that was not synced with its directory, whatever the content', async () => {
    const seen = await outcomes(async (disk) => {
      const file = await disk.open('/d/f', 'create');
      await file.write(bytes('x'), 0);
      await file.sync();
    }, '/d/f');
    expect(seen).toEqual(new Set([undefined, 'x']));
  });

  it('replaces a file by a rename as a whole, at once or not at all', async () => {
    const seen = await outcomes(async (disk) => {
      await (await createdFile(disk, '/d/f')).write(bytes('old'), 0);
      await (await disk.open('/d/f', 'update')).sync();
      const next = await disk.open('/d/next', 'create');
      await next.write(bytes('new'), 0);
      await next.sync();
      await disk.rename('/d/next', '/d/f');
    }, '/d/f');
    expect(seen).toEqual(new Set(['old', 'new']));
  });

  it('keeps everything when only the process ends, and forgets its calls and handles', async () => {
    const disk = new SimulatedDisk({ random: seededRandom(1), stepwise: true });
    disk.put('/d/f', new Uint8Array(0));
    let answered = false;
    const opening = disk.open('/d/f', 'update');
    disk.step();
    const file = await opening;
    const writing = file.write(bytes('x'), 0);
    disk.step();
    await writing;
    void file.write(bytes('y'), 1).then(() => (answered = true));
    disk.crash('process');
    void file.write(bytes('z'), 1).then(() => (answered = true));
    expect(disk.step()).toBe(false);
    await settle();
    expect(answered).toBe(false);
    expect(Buffer.from(disk.contents().get('/d/f') ?? []).toString()).toMatch(/^xy?$/);
  });

  it('writes what fits, then reports ENOSPC', async () => {
    const disk = new SimulatedDisk({ random: seededRandom(1) });
    disk.put('/d/f', Buffer.from('1234'));
    disk.capacity = 6;
    const file = await disk.open('/d/f', 'update');
    expect(await file.write(bytes('5678'), 4)).toBe(2);
    await expect(file.write(bytes('78'), 6)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await file.write(bytes('overwritten'), 0)).toBe(6);
  });

  it('fails the n-th call of a kind, once', async () => {
    const disk = new SimulatedDisk({ random: seededRandom(1) });
    disk.put('/d/f', new Uint8Array(0));
    const file = await disk.open('/d/f', 'update');
    disk.fail('sync', 2, 'EDQUOT');
    await file.sync();
    await expect(file.sync()).rejects.toMatchObject({ code: 'EDQUOT' });
    await file.sync();
    expect(disk.count('sync')).toBe(3);
  });

  it('may forget on a failed sync what only later syncs would have saved', async () => {
    const seen = await outcomes(async (disk) => {
      const file = await createdFile(disk, '/d/f');
      await file.write(bytes('ab'), 0);
      disk.fail('sync');
      await file.sync().catch(() => undefined);
      await file.write(bytes('cd'), 2);
      await file.sync();
    }, '/d/f');
    expect(seen).toEqual(new Set(['abcd', '\0\0cd']));
  });

  it('behaves like a file system otherwise', async () => {
    const disk = new SimulatedDisk({ random: seededRandom(1) });
    await disk.mkdir('/d');
    await disk.mkdir('/d');
    expect(await disk.stat('/d')).toEqual({ size: 0, isDirectory: true });
    expect(await disk.stat('/d/f')).toBe(undefined);
    await expect(disk.open('/d/f', 'read')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(disk.open('/none/f', 'create')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(disk.open('/d', 'read')).rejects.toMatchObject({ code: 'EISDIR' });
    const file = await disk.open('/d/f', 'create');
    await file.write([Buffer.from('ab'), Buffer.from('cd')], 0);
    await file.truncate(3);
    expect(Buffer.from(await disk.readFile('/d/f')).toString()).toBe('abc');
    expect(await disk.readdir('/d')).toEqual(['f']);
    await disk.unlink('/d/f');
    await expect(disk.unlink('/d/f')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(disk.rename('/d/f', '/d/g')).rejects.toMatchObject({ code: 'ENOENT' });
    await file.close();
    await expect(file.sync()).rejects.toMatchObject({ code: 'EBADF' });
  });
});
