import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';

const example = (name: string): URL => new URL(`../examples/${name}`, import.meta.url);
const lines: string[] = [];
const servers: Server[] = [];

interface Example {
  readonly server?: Server;
  readonly proxy?: Server;
}

/** Runs an example in this process, with its environment set. */
async function run(name: string, environment: Record<string, string>): Promise<Example> {
  for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
  vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => lines.push(parts.map(String).join(' ')));
  return (await import(/* @vite-ignore */ example(name).href)) as Example;
}

async function listening(server: Server | undefined): Promise<string> {
  if (server === undefined) throw new Error('the example exports no server');
  servers.push(server);
  if (!server.listening) await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

afterEach(() => {
  for (const server of servers) server.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the examples', () => {
  it('work together: the client talks to the server through the proxy', async () => {
    const UPSTREAM = await listening((await run('server.mjs', { PORT: '0' })).server);
    const PORT = await listening((await run('proxy.mjs', { PORT: '0', UPSTREAM })).proxy);
    await run('client.mjs', { PORT });
    expect(lines.slice(0, 2)).toEqual([`listening on ${UPSTREAM}`, `passing on from ${PORT}`]);
    expect(lines.slice(2)).toEqual([
      'requests * 38 bytes',
      'requests * 27 bytes',
      'requests * 26 bytes',
      'replies + 5 bytes',
      'replies $ 11 bytes',
      'replies : 4 bytes',
      'hello 0',
      'requests * 18 bytes',
      expect.stringMatching(/^replies - \d+ bytes$/),
      'ERR as expected',
    ]);
  });

  it('are what the README shows', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```js\n([^]*?)```/g)].map((match) => match[1]);
    const files = readdirSync(example('.')).map((name) => readFileSync(example(name), 'utf8'));
    expect(blocks.toSorted()).toEqual(files.toSorted());
  });
});
