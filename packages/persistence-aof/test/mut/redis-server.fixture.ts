/** A real `redis-server` for tests: what it writes must load here, what is written here must load there. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const redisIsInstalled =
  spawnSync('redis-server', ['--version']).status === 0 && spawnSync('redis-cli', ['--version']).status === 0;

export interface RedisServer {
  /** Runs one command through redis-cli and answers its output. */
  call(...words: string[]): Promise<string>;
  /** Sends commands through `redis-cli`, one per line of `text`. */
  pipe(text: string): void;
  /** Ends it with SIGTERM. */
  stop(): Promise<void>;
}

/** Starts a server that keeps an append-only file in `directory`. @throws Error with its log if it does not start */
export async function startRedis(directory: string, ...options: string[]): Promise<RedisServer> {
  const port = await freePort();
  const server = spawn('redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'yes'],
    ...['--aof-use-rdb-preamble', 'no', ...options],
  ]);
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`redis-server did not start:\n${log}`)));
    server.once('error', reject);
  });
  const cli = ['-p', String(port)];
  return {
    call: async (...words) => (await run('redis-cli', [...cli, ...words])).stdout.trim(),
    pipe: (text) => {
      const result = spawnSync('redis-cli', cli, { input: text });
      if (result.status !== 0) throw new Error(result.stderr.toString());
    },
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      await exited;
    },
  };
}

/** Output of `redis-check-aof` for a manifest. @throws Error if it finds fault */
export async function checkAof(manifestPath: string): Promise<string> {
  return (await run('redis-check-aof', [manifestPath])).stdout;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
