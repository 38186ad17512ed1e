// What a primary that stands alone answers about replication, snapshots, modules and durability. The differential tests
// compare the rest: here is what the reference would act upon, and what hangs on the configuration.

import { expect, test } from 'vitest';
import { START, TestServer } from './server.fixture.js';

const NOT_A_REPLICA = '-ERR replication is not supported yet: this server cannot follow a primary\r\n';
const NO_REPLICAS = '-ERR replication is not supported yet: this server takes no replicas\r\n';
const NO_SNAPSHOTS =
  '-ERR RDB files are not supported yet: nothing was saved. docs/persistence.md says how data are kept\r\n';

test.each([
  ['REPLICAOF localhost 6379', NOT_A_REPLICA],
  ['SLAVEOF localhost 0', NOT_A_REPLICA],
  ['REPLICAOF no 65535', NOT_A_REPLICA],
  ['REPLICAOF NO ONE', '+OK\r\n'],
  ['SYNC', NO_REPLICAS],
  ['PSYNC ? -1', NO_REPLICAS],
  ['PSYNC ? -1 FAILOVER', NO_REPLICAS],
  ['PSYNC ? a', '-ERR value is not an integer or out of range\r\n'],
  ['REPLCONF ACK 0', NO_REPLICAS],
  ['REPLCONF', NO_REPLICAS],
  ['SAVE', NO_SNAPSHOTS],
  ['BGSAVE', NO_SNAPSHOTS],
  ['BGSAVE schedule', NO_SNAPSHOTS],
  ['LASTSAVE', `:${START / 1000}\r\n`],
])('%s', (line, reply) => {
  expect(new TestServer().run(line)).toBe(reply);
});

test('MODULE LOAD is asked for in the configuration, and fails even so', () => {
  const server = new TestServer();
  expect(server.run('MODULE LOAD /x.so')).toMatch(/^-ERR MODULE command not allowed\. If the enable-module-command /);
  server.config.loadRecord({ 'enable-module-command': 'local' });
  expect(server.run('MODULE LOAD /x.so a')).toBe('-ERR Error loading the extension. Please check the server logs.\r\n');
  expect(server.log).toEqual(['warning Module /x.so is not loaded: modules are not supported']);
  expect(server.run('MODULE UNLOAD x')).toBe('-ERR Error unloading module: no such module with that name\r\n');
  server.me.isLocal = false;
  expect(server.run('MODULE LOADEX /x.so')).toMatch(/^-ERR MODULE command not allowed/);
  // DEBUG has a switch of its own.
  expect(server.run('DEBUG SLEEP 0')).toMatch(/^-ERR DEBUG command not allowed/);
});

test('WAITAOF of a session that may not wait answers at once', () => {
  const server = new TestServer();
  server.me.session.mayBlock = false;
  server.context.aof = { ...server.context.aof, enabled: true };
  server.context.isDurable = () => false;
  expect(server.run('WAITAOF 1 0 0')).toBe('*2\r\n:0\r\n:0\r\n');
  server.context.isDurable = () => true;
  expect(server.run('WAITAOF 1 1 0')).toBe('*2\r\n:1\r\n:0\r\n');
});
