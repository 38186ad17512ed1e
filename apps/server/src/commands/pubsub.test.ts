// What the differential cases of pub/sub cannot show: clients that want no replies, sessions that are no clients, checks in front.
import { Session } from '@clone/command-registry';
import { describe, expect, test } from 'vitest';
import { TestClient, TestServer } from './server.fixture.js';

const confirmed = (kind: string, name: string, count: number): string =>
  `*3\r\n$${kind.length}\r\n${kind}\r\n$${name.length}\r\n${name}\r\n:${count}\r\n`;

describe('SUBSCRIBE', () => {
  test('confirms also to a client that wants no replies, behind what is running', () => {
    const server = new TestServer();
    server.run('CLIENT REPLY OFF');
    expect(server.run('SUBSCRIBE a b')).toBe('');
    expect(server.me.pushed).toBe(confirmed('subscribe', 'a', 1) + confirmed('subscribe', 'b', 2));
    server.me.pushed = '';
    server.run('UNSUBSCRIBE');
    server.run('UNSUBSCRIBE');
    expect(server.me.pushed).toBe(
      confirmed('unsubscribe', 'a', 1) + confirmed('unsubscribe', 'b', 0) + '*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n',
    );
  });

  test('is not for a session that is no client', () => {
    const server = new TestServer();
    const nobody = new TestClient(new Session({ id: 99 }));
    for (const name of ['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE']) {
      expect(server.send(nobody, name, 'ch')).toBe(`-ERR ${name} isn't allowed for a DENY BLOCKING client\r\n`);
    }
    expect(server.run('PUBSUB CHANNELS')).toBe('*0\r\n');
  });
});

describe('a subscriber over RESP2', () => {
  const GET =
    "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n";

  test('hears first of memory and of the disk, then of its subscriptions, then of loading', () => {
    const server = new TestServer();
    const { dispatcher } = server.context;
    server.run('SUBSCRIBE ch');
    dispatcher.loading = true;
    expect(server.run('GET k')).toBe(GET);
    dispatcher.loading = false;
    dispatcher.writesDenied = 'MISCONF no';
    expect(server.run('SET k v')).toBe('-MISCONF no\r\n');
    expect(server.run('GET k')).toBe(GET);
    dispatcher.writesDenied = '';
    dispatcher.makeRoom = () => false;
    expect(server.run('SET k v')).toMatch(/^-OOM/);
  });

  test('is counted, listed and let go', () => {
    const server = new TestServer();
    server.me.session.mayBlock = true;
    server.run('SUBSCRIBE a b');
    server.run('PSUBSCRIBE c*');
    server.run('SSUBSCRIBE d');
    const other = server.connect();
    expect(server.send(other, 'INFO', 'stats')).toContain(
      'pubsub_channels:2\r\npubsub_patterns:1\r\npubsubshard_channels:1\r\n',
    );
    expect(server.send(other, 'CLIENT', 'LIST', 'ID', '3')).toContain(' sub=2 psub=1 ssub=1 ');
    server.run('RESET');
    expect(server.send(other, 'INFO', 'stats')).toContain(
      'pubsub_channels:0\r\npubsub_patterns:0\r\npubsubshard_channels:0\r\n',
    );
    expect(server.run('GET k')).toBe('$-1\r\n');
  });
});
