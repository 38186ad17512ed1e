import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeFileSystem } from './node-file-system.js';

describe('The file system of Node', () => {
  const fileSystem = new NodeFileSystem();
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'persistence-aof-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('writes at positions, one buffer or several, reads, truncates and syncs', async () => {
    const path = join(directory, 'file');
    const file = await fileSystem.open(path, 'update');
    expect(await file.write([Buffer.from('abc')], 0)).toBe(3);
    expect(await file.write([Buffer.from('de'), Buffer.from(''), Buffer.from('fgh')], 2)).toBe(5);
    await file.truncate(6);
    await file.sync();
    const buffer = new Uint8Array(8);
    expect(await file.read(buffer, 1, 7, 1)).toBe(5);
    expect(Buffer.from(buffer).toString()).toBe('\0bdefg\0\0');
    expect(await file.read(buffer, 0, 8, 6)).toBe(0);
    await file.close();
    expect((await readFile(path)).toString()).toBe('abdefg');
  });

  it.each([false, true])('writes and syncs in one call (by O_DSYNC: %s), beside plain writes', async (syncedWrites) => {
    const path = join(directory, 'file');
    const file = await new NodeFileSystem({ syncedWrites }).open(path, 'update');
    expect(await file.writeSynced([Buffer.from('abc')], 0)).toBe(3);
    expect(await file.write([Buffer.from('de')], 3)).toBe(2);
    expect(await file.writeSynced([Buffer.from('f'), Buffer.from('gh')], 5)).toBe(3);
    await file.close();
    expect((await readFile(path)).toString()).toBe('abcdefgh');
  });

  it('opens to read what exists, to update what may exist, to create anew', async () => {
    const path = join(directory, 'file');
    await expect(fileSystem.open(path, 'read')).rejects.toMatchObject({ code: 'ENOENT' });
    for (const [mode, size] of [
      ['update', 1],
      ['update', 1],
      ['create', 1],
    ] as const) {
      const file = await fileSystem.open(path, mode);
      await file.write([Buffer.from('x')], 0);
      await file.close();
      expect(await fileSystem.stat(path)).toEqual({ size, isDirectory: false });
    }
    const created = await fileSystem.open(path, 'create');
    await created.close();
    expect(await fileSystem.stat(path)).toEqual({ size: 0, isDirectory: false });
    expect((await fileSystem.readFile(path)).length).toBe(0);
  });

  it('opens to make what must not exist, and to change what must', async () => {
    const path = join(directory, 'file');
    await expect(fileSystem.open(path, 'existing')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await fileSystem.stat(path)).toBe(undefined);
    const made = await fileSystem.open(path, 'exclusive');
    await made.write([Buffer.from('abc')], 0);
    await made.close();
    await expect(fileSystem.open(path, 'exclusive')).rejects.toMatchObject({ code: 'EEXIST' });
    const changed = await fileSystem.open(path, 'existing');
    await changed.write([Buffer.from('x')], 1);
    await changed.close();
    expect((await readFile(path)).toString()).toBe('axc');
  });

  it('makes directories, renames, lists and deletes, and syncs names', async () => {
    const folder = join(directory, 'folder');
    await fileSystem.mkdir(folder);
    await fileSystem.mkdir(folder);
    expect(await fileSystem.stat(folder)).toMatchObject({ isDirectory: true });
    await (await fileSystem.open(join(folder, 'a'), 'create')).close();
    await fileSystem.rename(join(folder, 'a'), join(folder, 'b'));
    await fileSystem.syncDirectory(folder);
    expect(await fileSystem.readdir(folder)).toEqual(['b']);
    await fileSystem.unlink(join(folder, 'b'));
    expect(await fileSystem.stat(join(folder, 'b'))).toBe(undefined);
    expect(await fileSystem.stat(join(folder, 'b', 'c'))).toBe(undefined);
    await expect(fileSystem.mkdir(join(directory, 'none', 'deep'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(fileSystem.syncDirectory(join(directory, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
