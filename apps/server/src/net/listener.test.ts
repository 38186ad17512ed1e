import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endpointsOf, Listeners } from './listener.js';

const BACKLOG = 16;
let accepted: Socket[] = [];
let warnings: string[] = [];
let listeners: Listeners;
let occupier: Server;
let occupied = 0;

beforeEach(async () => {
  accepted = [];
  warnings = [];
  listeners = new Listeners(
    (socket) => accepted.push(socket),
    (message) => warnings.push(message),
  );
  occupier = createServer().listen(0, '127.0.0.1');
  await once(occupier, 'listening');
  const address = occupier.address();
  occupied = typeof address === 'object' ? (address?.port ?? 0) : 0;
});

afterEach(async () => {
  for (const socket of accepted) socket.destroy();
  await listeners.close();
  occupier.close();
});

const connects = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('replacing the endpoints', () => {
  test('moves to another port at once, and leaves the old one', async () => {
    await listeners.listen({ port: 0, host: '127.0.0.1' }, BACKLOG);
    const before = listeners.port;
    const after = await freePort();
    expect(listeners.replace(endpointsOf(['127.0.0.1'], after), BACKLOG)).toBe(true);
    expect(listeners.port).toBe(after);
    expect([await connects(before, '127.0.0.1'), await connects(after, '127.0.0.1')]).toEqual([false, true]);
  });

  test('keeps the clients that are there', async () => {
    await listeners.listen({ port: 0, host: '127.0.0.1' }, BACKLOG);
    const client = connect(listeners.port, '127.0.0.1');
    await once(client, 'connect');
    while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(listeners.replace([], BACKLOG)).toBe(true);
    expect(listeners.port).toBe(0);
    accepted[0]?.write('still here');
    const [data] = (await once(client, 'data')) as [Buffer];
    expect(data.toString()).toBe('still here');
    client.destroy();
  });

  test('narrows and widens the addresses of one port', async () => {
    await listeners.listen({ port: 0, host: '0.0.0.0' }, BACKLOG);
    const { port } = listeners;
    expect(listeners.replace(endpointsOf(['127.0.0.2'], port), BACKLOG)).toBe(true);
    expect([await connects(port, '127.0.0.1'), await connects(port, '127.0.0.2')]).toEqual([false, true]);
    expect(listeners.replace(endpointsOf(['*', '-::*'], port), BACKLOG)).toBe(true);
    expect(await connects(port, '127.0.0.1')).toBe(true);
  });

  test('goes back to what was there when one address cannot be had', async () => {
    await listeners.listen({ port: 0, host: '127.0.0.1' }, BACKLOG);
    const { port } = listeners;
    const other = await freePort();
    expect(
      listeners.replace([...endpointsOf(['127.0.0.2'], other), { port: occupied, host: '127.0.0.1' }], BACKLOG),
    ).toBe(false);
    expect(listeners.port).toBe(port);
    expect([await connects(port, '127.0.0.1'), await connects(other, '127.0.0.2')]).toEqual([true, false]);
    expect(warnings).toEqual([`Cannot listen on 127.0.0.1, port ${occupied}: EADDRINUSE`]);
  });

  test('leaves out an optional address that this machine does not have', async () => {
    const port = await freePort();
    expect(listeners.replace(endpointsOf(['127.0.0.1', '-192.0.2.1'], port), BACKLOG)).toBe(true);
    expect(listeners.replace(endpointsOf(['127.0.0.1', '192.0.2.1'], port), BACKLOG)).toBe(false);
    expect(warnings).toEqual([`Cannot listen on 192.0.2.1, port ${port}: EADDRNOTAVAIL`]);
  });

  test('takes no names but localhost: looking one up would have to wait', async () => {
    const port = await freePort();
    expect(listeners.replace(endpointsOf(['localhost'], port), BACKLOG)).toBe(true);
    expect(await connects(port, '127.0.0.1')).toBe(true);
    expect(listeners.replace(endpointsOf(['nowhere.invalid'], port), BACKLOG)).toBe(false);
  });
});
