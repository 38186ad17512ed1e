// Arguments that are plainly wrong are refused where they are passed, and never reach the log.
import { expect, test } from 'vitest';
import { AppendOnlyFile } from './append-only-file.js';
import type { AppendOnlyFileOptions } from './options.js';
import { SimulatedDisk } from './simulated-disk.js';
import { append, command, replay } from './testing.fixture.js';

const options = (fileSystem: SimulatedDisk): AppendOnlyFileOptions => ({
  ...{ fileSystem, directory: '/', policy: 'always', now: 0 },
  ...{ onDurable: () => undefined, onFatal: () => undefined, onWriteStatus: () => undefined },
});

test.each([
  [{ policy: 'sometimes' }, 'policy is one of always, everysec, no: sometimes'],
  [{ policy: undefined }, 'policy is one of always, everysec, no: undefined'],
  [{ now: NaN }, 'now is milliseconds since the epoch: NaN'],
  [{ now: undefined }, 'now is milliseconds since the epoch: undefined'],
])('a log with %o', (wrong, message) => {
  const disk = new SimulatedDisk({ random: () => 0.5 });
  expect(() => new AppendOnlyFile({ ...options(disk), ...wrong } as AppendOnlyFileOptions)).toThrow(message);
});

test('a command that is none, or of a database that is none', async () => {
  const fileSystem = new SimulatedDisk({ random: () => 0.5 });
  const log = new AppendOnlyFile(options(fileSystem));
  await log.open();
  append(log, 0, 'SET', 'a', '1');
  const bytes = command('SET', 'b', '2');
  const text = bytes.toString() as unknown as Uint8Array;
  const none = undefined as unknown as number;
  const wrong: readonly (readonly [number, Uint8Array, number, number])[] = [
    ...[NaN, -1, 1.5, none, '1' as unknown as number].map((db) => [db, bytes, 0, bytes.length] as const),
    [0, text, 0, text.length],
    [0, bytes, 0, bytes.length + 1],
    [0, bytes, 1, bytes.length],
    [0, bytes, 0, none],
    [0, bytes, none, 1],
    [0, bytes, -1, 2],
    [0, bytes, 0, NaN],
  ];
  for (const each of wrong) expect(() => log.append(...each)).toThrow(RangeError);
  append(log, 0, 'SET', 'c', '3');
  log.flush();
  await log.close();
  const { commands } = await replay({ fileSystem, directory: '/', loadTruncated: false });
  expect(commands).toEqual(['SELECT 0', 'SET a 1', 'SET c 3']);
});
