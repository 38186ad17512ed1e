// The Prometheus endpoint: what it says, and that it is gone with the server.
import { expect, test } from 'vitest';
import { connect, start } from './support/server.js';

/** A free port, as the system says. */
async function freePort(): Promise<number> {
  const server = await start();
  const { port } = server;
  await server.stop();
  return port;
}

test('tells of commands, keys, memory, clients and the event loop', async () => {
  const port = await freePort();
  const server = await start({ config: { 'metrics-port': String(port) } });
  const client = await connect(server);
  await client.pipeline([
    ['SET', 'a', '1'],
    ['SET', 'b', '2', 'EX', 100],
    ['GET', 'a'],
    ['GET', 'c'],
    ['LPUSH', 'a', 'x'],
  ]);
  await client.call('CONFIG', 'GET', 'port');
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = new Map(
    (await response.text()).split('\n').map((line) => [line.replace(/ [^ ]*$/, ''), line.replace(/.* /, '')]),
  );
  const value = (name: string): number => Number(lines.get(name));
  expect(value('clone_commands_total{command="set"}')).toBe(2);
  expect(value('clone_commands_total{command="config|get"}')).toBe(1);
  expect(value('clone_commands_failed_total{command="lpush"}')).toBe(1);
  expect(value('clone_command_duration_seconds_count{command="set"}')).toBe(2);
  expect(value('clone_command_duration_seconds_bucket{command="set",le="+Inf"}')).toBe(2);
  expect(value('clone_command_duration_seconds_sum{command="set"}')).toBeGreaterThan(0);
  expect(value('clone_keys{db="0"}')).toBe(2);
  expect(value('clone_volatile_keys{db="0"}')).toBe(1);
  expect(value('clone_keyspace_hits_total')).toBe(1);
  expect(value('clone_keyspace_misses_total')).toBe(1);
  expect(value('clone_memory_bytes{kind="data"}')).toBe(server.keyspace.usedMemory);
  expect(value('clone_clients')).toBe(1);
  expect(lines.has('clone_event_loop_delay_seconds{quantile="1"}')).toBe(true);
});

test('serves nothing else, and is gone with the server', async () => {
  const port = await freePort();
  const server = await start({ config: { 'metrics-port': String(port) } });
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(405);
  await server.stop();
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
});

test('a server does not start when its port is taken', async () => {
  const other = await start();
  await expect(start({ config: { 'metrics-port': String(other.port) } })).rejects.toThrow('EADDRINUSE');
});
