// WAITAOF against a disk that is held.
import { expect, test } from 'vitest';
import { ControlledDisk } from './support/controlled-disk.js';
import { connect, start, temporaryDirectory, turn, until } from './support/server.js';

async function serverOnHeldDisk(appendfsync = 'everysec') {
  const disk = new ControlledDisk();
  const config = { appendonly: 'yes', appendfsync, dir: temporaryDirectory() };
  const server = await start({ config, fileSystem: disk });
  const client = await connect(server);
  // The fsync that is due at the first tick, which has nothing to tell.
  await client.call('SET', 'before', '1');
  await client.call('WAITAOF', '1', '0', '0');
  disk.hold('sync');
  return { disk, server, client, other: await connect(server) };
}

const isBlocked = (server: { call(...args: string[]): Promise<unknown> }) => async (): Promise<boolean> =>
  / flags=b .*cmd=waitaof/.test(String(await server.call('CLIENT', 'LIST')));

test('waits until what was written is on the disk', async () => {
  const { disk, client, other } = await serverOnHeldDisk();
  expect(await client.call('WAITAOF', '1', '0', '0')).toEqual([1, 0]);
  const replies = client.pipeline([['SET', 'k', 'v'], ['WAITAOF', '1', '0', '0'], ['PING']]);
  await until(isBlocked(other));
  await until(() => disk.waiting('sync') > 0);
  disk.release('sync');
  expect(await replies).toEqual(['OK', [1, 0], 'PONG']);
});

test('answers when its time is over, and is not woken for what it no longer waits for', async () => {
  const { disk, client, other } = await serverOnHeldDisk();
  expect(
    await client.pipeline([
      ['SET', 'k', 'v'],
      ['WAITAOF', '1', '0', '20'],
    ]),
  ).toEqual(['OK', [0, 0]]);
  const waits = client.call('BLPOP', 'list', '0');
  await until(async () => / flags=b .*cmd=blpop/.test(await other.text('CLIENT', 'LIST')));
  disk.release('sync');
  expect(await other.call('WAITAOF', '1', '0', '0')).toEqual([1, 0]);
  await other.call('RPUSH', 'list', 'x');
  expect(await waits).toEqual(['list', 'x']);
});

test('waits for replicas until its time is over, and tells of the disk', async () => {
  const { disk, client } = await serverOnHeldDisk();
  await client.call('SET', 'k', 'v');
  const reply = client.call('WAITAOF', '0', '1', '30');
  disk.release('sync');
  expect(await reply).toEqual([expect.any(Number), 0]);
});

test('ends with an error when the log is switched off meanwhile', async () => {
  const { disk, client, other } = await serverOnHeldDisk();
  const replies = client.pipeline([
    ['SET', 'k', 'v'],
    ['WAITAOF', '1', '0', '0'],
  ]);
  await until(isBlocked(other));
  await other.call('CONFIG', 'SET', 'appendonly', 'no');
  expect(await replies).toEqual(['OK', '-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.']);
  disk.release('sync');
});

test('waits for the rewrite that makes a log whole', async () => {
  const disk = new ControlledDisk();
  const server = await start({ config: { appendonly: 'no', dir: temporaryDirectory() }, fileSystem: disk });
  const client = await connect(server);
  await client.call('SET', 'k', 'v');
  disk.hold('write');
  await client.call('CONFIG', 'SET', 'appendonly', 'yes');
  const reply = client.call('WAITAOF', '1', '0', '0');
  const other = await connect(server);
  await until(isBlocked(other));
  await turn();
  disk.release('write');
  expect(await reply).toEqual([1, 0]);
});

test('SHUTDOWN SAVE is refused where nothing could be saved, unless it is forced', async () => {
  const server = await start();
  const client = await connect(server);
  expect(await client.call('SHUTDOWN', 'SAVE')).toBe('-ERR Errors trying to SHUTDOWN. Check logs.');
  expect(await client.call('SHUTDOWN', 'SAVE', 'FORCE')).toBe('(closed)');
  await server.closed;
});
