/**
 * Where the files of a log go that was not read and has to give way: a directory beside that of
 * the log, with the date in its name. Nothing is deleted, and the log loads from there under its
 * new `appenddirname`.
 *
 * Order, so that each file is in one place or the other after a crash at any moment, and the log
 * that counts is the old one or the new one: the directory is made with a copy of the old
 * manifest; the new manifest takes the place of the old (`FileSet.install`): that is the moment at
 * which the new log counts; then the other files are moved. If that is interrupted they stay where
 * they were, under names that are not used again.
 */
import { dirname, join } from 'node:path';
import type { FileSystem } from './file-system.js';
import { LogFile } from './log-file.js';

/**
 * Makes the directory, with a copy of the manifest if there is one.
 * @param now milliseconds since the epoch
 */
export async function makeAside(
  fileSystem: FileSystem,
  directory: string,
  manifestName: string | undefined,
  now: number,
): Promise<string> {
  const stamp = new Date(now).toISOString().replace(/\.\d+|[-:]/g, '');
  const first = `${directory}.unread-${stamp}`;
  let aside = first;
  for (let i = 2; (await fileSystem.stat(aside)) !== undefined; i++) aside = `${first}-${i}`;
  await fileSystem.mkdir(aside);
  await fileSystem.syncDirectory(dirname(aside));
  if (manifestName !== undefined) {
    const bytes = await fileSystem.readFile(join(directory, manifestName));
    const handle = await fileSystem.open(join(aside, manifestName), 'exclusive');
    try {
      await new LogFile(handle, 0).write([bytes], bytes.length);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fileSystem.syncDirectory(aside);
  }
  return aside;
}

/** Moves files, durably. */
export async function moveAside(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
  aside: string,
): Promise<void> {
  for (const name of names) await fileSystem.rename(join(directory, name), join(aside, name));
  await fileSystem.syncDirectory(aside);
  await fileSystem.syncDirectory(directory);
}
