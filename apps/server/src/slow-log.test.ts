import { expect, it } from 'vitest';
import { TestServer } from './commands/server.fixture.js';

/** A server on which every execution is slow, and a millisecond longer than the one before. */
function slowServer(): TestServer {
  const server = new TestServer();
  const { dispatcher, slowLog } = server.context;
  dispatcher.slowMicroseconds = 0;
  dispatcher.onSlow = (session, command, request, microseconds) =>
    slowLog.add(session, command, request, microseconds, server.now);
  return server;
}

it('keeps the newest entries first, with ids that go on', () => {
  const server = slowServer();
  const { slowLog } = server.context;
  slowLog.limit = 2;
  server.run('SET a 1');
  server.run('GET a');
  server.run('GET b');
  expect(slowLog.newest(10).map(({ id, args }) => [id, ...args])).toEqual([
    [2, 'GET', 'b'],
    [1, 'GET', 'a'],
  ]);
  slowLog.clear();
  server.run('PING');
  expect(slowLog.newest(1)[0]?.id).toBe(3);
  slowLog.limit = 0;
  expect(slowLog.length).toBe(0);
});

it('cuts long arguments and long lists of them', () => {
  const server = slowServer();
  const { slowLog } = server.context;
  server.run(`SET a ${'x'.repeat(300)}`);
  expect(slowLog.newest(1)[0]?.args[2]).toBe(`${'x'.repeat(128)}... (172 more bytes)`);
  server.run(`DEL ${Array.from({ length: 80 }, (_, i) => i).join(' ')}`);
  const args = slowLog.newest(1)[0]?.args;
  expect(args).toHaveLength(32);
  expect(args?.at(-1)).toBe('... (50 more arguments)');
});

it('shows no secrets', () => {
  const server = slowServer();
  const shown = (line: string): string => {
    server.run(line);
    return server.context.slowLog.newest(1)[0]?.args.join(' ') ?? '';
  };
  expect(shown('AUTH user secret')).toBe('AUTH (redacted) (redacted)');
  expect(shown('HELLO 3 AUTH user secret SETNAME me')).toBe('HELLO 3 AUTH (redacted) (redacted) SETNAME me');
  expect(shown('CONFIG SET requirepass secret maxmemory 0')).toBe('CONFIG SET requirepass (redacted) maxmemory 0');
});
