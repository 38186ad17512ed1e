// The transcript of everyday use, typed into `redis-cli` and sent as raw bytes, as with `nc`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Wire } from './support/client.js';
import { missing } from './support/redis.js';
import { start, temporaryDirectory } from './support/server.js';

const run = promisify(execFile);

test('everyday use, as raw bytes, with a restart in between', async () => {
  const config = { appendonly: 'yes', dir: temporaryDirectory() };
  const server = await start({ config });
  const wire = await Wire.open({ port: server.port });
  let expected = '';
  for (const [line, reply] of [
    ['set foo bar', '+OK\r\n'],
    ['get foo', '$3\r\nbar\r\n'],
    ['expire foo 10', ':1\r\n'],
    ['ttl foo', ':10\r\n'],
    ['hset user name huy', ':1\r\n'],
    ['hget user name', '$3\r\nhuy\r\n'],
    ['hgetall user', '*2\r\n$4\r\nname\r\n$3\r\nhuy\r\n'],
  ] as const) {
    wire.send(`${line}\r\n`);
    expected += reply;
    expect(await wire.reached(expected.length)).toBe(expected);
  }
  await server.stop();
  expect(await wire.ended).toBe(expected);
  const again = await Wire.open({ port: (await start({ config })).port });
  again.send('get foo\r\n');
  expect(await again.reached(9)).toBe('$3\r\nbar\r\n');
});

describe.skipIf(missing('redis-cli'))('redis-cli', () => {
  test('everyday use, with a restart in between', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const server = await start({ config });
    const type = async (port: number, ...words: string[]): Promise<string> =>
      (await run('redis-cli', ['-p', String(port), '--no-raw', ...words])).stdout;
    const { port } = server;
    expect(await type(port, 'ping')).toBe('PONG\n');
    expect(await type(port, 'set', 'foo', 'bar')).toBe('OK\n');
    expect(await type(port, 'get', 'foo')).toBe('"bar"\n');
    expect(await type(port, 'expire', 'foo', '10')).toBe('(integer) 1\n');
    expect(await type(port, 'ttl', 'foo')).toBe('(integer) 10\n');
    expect(await type(port, 'hset', 'user', 'name', 'huy')).toBe('(integer) 1\n');
    expect(await type(port, 'hget', 'user', 'name')).toBe('"huy"\n');
    expect(await type(port, 'hgetall', 'user')).toBe('1) "name"\n2) "huy"\n');
    expect(await type(port, '-3', 'hgetall', 'user')).toBe('1# "name" => "huy"\n');
    await server.stop();
    await start({ config, port });
    expect(await type(port, 'get', 'foo')).toBe('"bar"\n');
    expect(await type(port, 'shutdown')).toBe('');
  });

  test('lines from standard input, and a pipe of raw protocol', async () => {
    const server = await start();
    const cli = run('redis-cli', ['-p', String(server.port)]);
    cli.child.stdin?.end('set a 1\nincr a\nget a\n');
    expect((await cli).stdout).toBe('OK\n2\n2\n');
    const pipe = run('redis-cli', ['-p', String(server.port), '--pipe']);
    pipe.child.stdin?.end('*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n'.repeat(1000));
    expect((await pipe).stdout).toContain('errors: 0, replies: 1000');
  });
});
