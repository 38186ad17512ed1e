import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
  vi.doUnmock('node:os');
});

/** Loads the module as on a system with these signals, and says what it does with the process. */
async function load(platform: NodeJS.Platform, signals: readonly string[]) {
  const handlers = new Map<string | symbol, () => void>();
  const exits: unknown[] = [];
  vi.doMock('node:os', () => ({ constants: { signals: Object.fromEntries(signals.map((name, i) => [name, i])) } }));
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);
  vi.spyOn(process, 'on').mockImplementation((name, handler) => {
    handlers.set(name, handler);
    return process;
  });
  vi.spyOn(process, 'off').mockImplementation((name) => {
    handlers.delete(name);
    return process;
  });
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    exits.push(code);
    return undefined as never;
  });
  return { ...(await import('./signals.js')), handlers, exits };
}

test('until there is a server, SIGTERM and SIGINT end the process; afterwards they do what it says', async () => {
  const { handlers, exits, onStopSignal } = await load('linux', ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGALRM', 'SIGUSR1']);
  expect([...handlers.keys()]).toEqual(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGALRM']);
  handlers.get('SIGHUP')?.();
  handlers.get('SIGALRM')?.();
  expect(exits).toEqual([]);
  handlers.get('SIGTERM')?.();
  handlers.get('SIGINT')?.();
  expect(exits).toEqual([0, 0]);
  const stopped: string[] = [];
  onStopSignal('SIGTERM', () => stopped.push('SIGTERM'));
  handlers.get('SIGTERM')?.();
  expect([exits.length, stopped]).toEqual([2, ['SIGTERM']]);
});

test('on Windows only what is there is handled, and the closing of the console is a clean stop', async () => {
  const there = ['SIGHUP', 'SIGINT', 'SIGILL', 'SIGABRT', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM', 'SIGBREAK'];
  const { handlers, onStopSignal } = await load('win32', there);
  expect([...handlers.keys()]).toEqual(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK']);
  let stops = 0;
  onStopSignal('SIGTERM', () => stops++);
  for (const name of ['SIGHUP', 'SIGBREAK']) handlers.get(name)?.();
  expect(stops).toBe(2);
});
