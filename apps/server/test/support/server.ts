// Servers and directories that are gone after each test, whatever happened in it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigRecord, createServer, type Server, type ServerOptions } from '@clone/server';
import { afterEach } from 'vitest';
import { Client } from './client.js';

const servers: Server[] = [];
const directories: string[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop().catch(() => undefined)));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'clone-server-'));
  directories.push(directory);
  return directory;
}

/**
 * Facts of a process that is dead as soon as another one asks: what a server leaves that ends
 * without a stop.
 */
export function deadProcess(pid: number): NonNullable<ServerOptions['processFacts']> {
  return {
    ...{ pid, host: 'test', pidSet: 'test', start: 'dead' },
    isSamePidSet: (pidSet) => pidSet === 'test',
    isAlive: () => false,
    newToken: () => randomBytes(16).toString('hex'),
    clocks: () => ({ monotonic: 0, wall: 0 }),
  };
}

export interface TestServerOptions extends ServerOptions {
  readonly config?: ConfigRecord;
}

/** As `createServer`, with DEBUG allowed. */
export async function start(options: TestServerOptions = {}): Promise<Server & EventEmitter> {
  const server = await createServer({ ...options, config: { 'enable-debug-command': 'yes', ...options.config } });
  servers.push(server);
  return server;
}

/** A path for a Unix socket, which on Windows is the name of a pipe. */
export function socketPath(): string {
  const directory = temporaryDirectory();
  return process.platform === 'win32' ? join('\\\\.\\pipe', directory) : join(directory, 's');
}

/** A client over TCP. */
export function connect(server: Server): Promise<Client> {
  return Client.open({ port: server.port, host: server.host });
}

/** Lets the event loop turn once: everything that is due now has happened after it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Turns the event loop until a condition holds; the test's own timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await turn();
}
