import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect, start, temporaryDirectory } from './support/server.js';

test('the log has the own names of renamed commands, and is read whatever they are called', async () => {
  const aof = { appendonly: 'yes', appendfsync: 'always', dir: temporaryDirectory() };
  const renamed = { ...aof, 'rename-command': ['SET put', 'XGROUP groups', 'DEL ""', 'EXPIRE ""'] };
  const first = await start({ config: renamed });
  const client = await connect(first);
  expect(await client.call('PUT', 'k', 'v')).toBe('OK');
  expect(await client.call('GROUPS', 'CREATE', 's', 'g', '$', 'MKSTREAM')).toBe('OK');
  expect(await client.call('SET', 'k', 'v')).toMatch(/^-ERR unknown command 'SET'/);
  await first.stop();
  const files = join(aof.dir, 'appendonlydir');
  const log = readdirSync(files).find((name) => name.includes('.incr.')) ?? '';
  expect(readFileSync(join(files, log), 'latin1')).toMatch(/\r\nSET\r\n[^]*\r\nXGROUP\r\n/);

  for (const config of [aof, renamed]) {
    const server = await start({ config });
    expect(await (await connect(server)).call('GET', 'k')).toBe('v');
    await server.stop();
  }
});

test('a command that is not there, or a name that is taken, keeps the server from starting', async () => {
  const starting = (line: string): Promise<unknown> => start({ config: { 'rename-command': [line] } });
  await expect(starting('NOPE x')).rejects.toThrow(
    "config: 'rename-command NOPE x': No such command in rename-command",
  );
  await expect(starting('get set')).rejects.toThrow(
    "config: 'rename-command get set': Target command name already exists",
  );
});
