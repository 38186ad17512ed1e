import { expect, it } from 'vitest';
import { clientMemoryLimit, clientsToEvict } from './client-eviction.js';
import { TestServer } from './commands/server.fixture.js';

it('closes the largest clients, as few as will do, and none that is protected', () => {
  const server = new TestServer();
  const clients = [10, 400, 300, 5000, 20].map((memory) => Object.assign(server.connect(), { memory }));
  const [tiny, large, medium, huge] = clients;
  huge!.session.noEvict = true;
  expect(clientsToEvict(clients, 6000)).toEqual([]);
  expect(clientsToEvict(clients, 5400)).toEqual([large]);
  expect(clientsToEvict(clients, 5100)).toEqual([large, medium]);
  expect(clientsToEvict(clients, 0)).toHaveLength(4);
  expect(clientsToEvict(clients, 0)).toContain(tiny);
});

it('knows limits in bytes and as a part of maxmemory', () => {
  expect(clientMemoryLimit('0', 1000)).toBe(Infinity);
  expect(clientMemoryLimit('4096', 1000)).toBe(4096);
  expect(clientMemoryLimit('5%', 1000)).toBe(50);
  expect(clientMemoryLimit('5%', 0)).toBe(Infinity);
});
