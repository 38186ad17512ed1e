// What clients may send is not always what a log may have: the log has commands that are read again, whatever their
// requests looked like.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandArgument, Reply } from '@clone/resp-codec';
import type { Server } from '@clone/server';
import { expect, test } from 'vitest';
import { datasetDigest } from '../src/commands/debug-digest.js';
import { Client, Wire } from './support/client.js';
import { start, temporaryDirectory, until } from './support/server.js';

const CONFIG = { appendonly: 'yes', appendfsync: 'no' };

/** Sends bytes, restarts, and expects the same data; the increment of the log. */
async function afterRestart(bytes: string, replies: number): Promise<string> {
  const dir = temporaryDirectory();
  const server = await start({ port: false, config: { ...CONFIG, dir } });
  const wire = new Wire(server.connect());
  wire.send(Buffer.from(bytes, 'latin1'));
  await until(() => wire.received.split('\n').length > replies);
  expect(wire.received).not.toMatch(/^-/m);
  const data = datasetDigest(server.keyspace);
  await server.stop();
  const again = await start({ port: false, config: { ...CONFIG, dir } });
  expect(datasetDigest(again.keyspace)).toBe(data);
  const files = join(dir, 'appendonlydir');
  return readFileSync(
    join(
      files,
      readdirSync(files).find((name) => name.includes('incr'))!,
    ),
    'latin1',
  );
}

const select = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n';
const incr = (key: string): string => `*2\r\n$4\r\nINCR\r\n$1\r\n${key}\r\n`;

test.each([
  ['behind the last argument', '*2\r\n$4\r\nINCR\r\n$1\r\naXY'],
  ['behind another argument', '*2\r\n$4\r\nINCRXY$1\r\na\r\n'],
  ['behind a length', '*2\r\n$4\rXINCR\r\n$1\r\na\r\n'],
  ['behind the count', '*2\rX$4\r\nINCR\r\n$1\r\na\r\n'],
])('a request with a wrong line end %s is logged with right ones', async (_, odd) => {
  expect(await afterRestart(odd + incr('b'), 2)).toBe(select + incr('a') + incr('b'));
});

test('so is one of many arguments, and one in a transaction', async () => {
  const arguments_ = Array.from({ length: 11 }, () => '$1\r\nxXY').join('');
  const multi = '*1\r\n$5\r\nMULTI\r\n';
  const exec = '*1\r\n$4\r\nEXEC\r\n';
  const log = await afterRestart(`*13\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n${arguments_}`, 1);
  expect(log).toBe(`${select}*13\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n${'$1\r\nx\r\n'.repeat(11)}`);
  const odd = '*2\r\n$4\r\nINCR\r\n$1\r\naXY';
  expect(await afterRestart(multi + odd + incr('b') + exec, 6)).toBe(select + multi + incr('a') + incr('b') + exec);
});

test('a request that is right is logged as it came', async () => {
  const bytes = '*2\r\n$4\r\niNcR\r\n$1\r\na\r\n';
  expect(await afterRestart(`\r\n*0\r\n*-1\r\n${bytes}\r\n`, 1)).toBe(select + bytes);
});

test('more arguments than Redis takes of a client are read, from the log and from a rewritten one', async () => {
  const dir = temporaryDirectory();
  const run = (): Promise<Server> => start({ port: false, config: { ...CONFIG, dir } });
  const fields = Array.from({ length: 1_100_000 }, (_, i) => String(i % 10));
  const add: CommandArgument[] = ['XADD', 's', '1-1'].concat(fields);
  const entries = (server: Server): Promise<Reply> => new Client(server.connect()).call('XRANGE', 's', '-', '+');
  let server = await run();
  expect(await new Client(server.connect()).pipeline([add])).toEqual(['1-1']);
  for (const rewrites of [false, true]) {
    await server.stop();
    server = await run();
    // As texts: comparing them element by element takes seconds.
    expect(JSON.stringify(await entries(server)) === JSON.stringify([['1-1', fields]])).toBe(true);
    if (!rewrites) {
      const client = new Client(server.connect());
      await client.call('BGREWRITEAOF');
      await until(async () => (await client.info('aof_rewrites')) === '1');
    }
  }
});
