import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TestClient, TestServer } from '../commands/server.fixture.js';

/** The keys of all pushes that a client has got, `*` for a flush; nothing is left of them. */
function heard(client: TestClient): string[] {
  const keys = [...client.pushed.matchAll(/invalidate\r\n(?:_|\*1\r\n\$\d+\r\n(.*?))\r\n/g)].map(
    ([, key]) => key ?? '*',
  );
  client.pushed = '';
  return keys;
}

function trackers(server: TestServer, count: number, ...options: string[]): TestClient[] {
  return Array.from({ length: count }, () => {
    const client = server.connect();
    client.session.protocol = 3;
    expect(server.send(client, 'CLIENT', 'TRACKING', 'ON', ...options)).toBe('+OK\r\n');
    return client;
  });
}

const names = (count: number, prefix = 'key'): string[] => Array.from({ length: count }, (_, i) => `${prefix}:${i}`);

describe('a table that is full', () => {
  test('keeps to its limit, and tells of each key that it forgets, once', () => {
    const server = new TestServer();
    server.run('CONFIG SET tracking-table-max-keys 10');
    const [reader] = trackers(server, 1) as [TestClient];
    const { tracking } = server.context;
    for (const name of names(1000)) {
      server.send(reader, 'GET', name);
      expect(tracking.keys).toBeLessThanOrEqual(10);
    }
    const forgotten = heard(reader);
    expect(forgotten).toHaveLength(990);
    server.send(server.me, 'MSET', ...names(1000).flatMap((name) => [name, 'v']));
    expect([...forgotten, ...heard(reader)].sort()).toEqual(names(1000).sort());
    expect(tracking.items).toBe(0);
  });

  test('is at its limit again behind a command that reads many keys', () => {
    const server = new TestServer();
    server.run('CONFIG SET tracking-table-max-keys 5');
    const [reader] = trackers(server, 1) as [TestClient];
    server.send(reader, 'MGET', ...names(5000));
    expect(server.context.tracking.keys).toBe(5);
    expect(heard(reader)).toHaveLength(4995);
  });

  test('comes down in steps to a limit that was lowered', () => {
    const server = new TestServer();
    const [reader] = trackers(server, 1) as [TestClient];
    server.send(reader, 'MGET', ...names(1000));
    server.run('CONFIG SET tracking-table-max-keys 300');
    const { tracking } = server.context;
    let steps = 0;
    let before = tracking.keys;
    while (tracking.endTurn()) {
      expect(before - tracking.keys).toBeLessThanOrEqual(100);
      before = tracking.keys;
      steps++;
    }
    expect(steps).toBe(6);
    expect(tracking.keys).toBe(300);
    expect(heard(reader)).toHaveLength(700);
    server.run('CONFIG SET tracking-table-max-keys 0');
    server.send(reader, 'MGET', ...names(1000));
    expect(tracking.keys).toBe(1000);
  });

  test('is full earlier when names are long', () => {
    const server = new TestServer();
    server.run('CONFIG SET tracking-table-max-keys 5000');
    const [reader] = trackers(server, 1) as [TestClient];
    server.send(reader, 'MGET', ...names(4000, 'x'.repeat(1000)));
    const { keys } = server.context.tracking;
    expect(keys).toBeGreaterThan(1000);
    expect(keys).toBeLessThan(1300);
    expect(heard(reader)).toHaveLength(4000 - keys);
  });
});

test('a message is encoded once for all that get it', () => {
  const server = new TestServer();
  /** Of the messages, as they came: who gets the same shares its bytes. */
  const serials: number[] = [];
  const readers = [...trackers(server, 50), ...trackers(server, 50, 'BCAST')];
  for (const reader of readers) {
    server.send(reader, 'GET', 'k');
    const push = reader.push.bind(reader);
    reader.push = (frame) => {
      serials.push(frame.serial);
      push(frame);
    };
  }
  server.run('SET k v');
  expect(new Set(serials).size).toBe(1);
  server.context.tracking.endTurn();
  expect(serials).toHaveLength(100);
  expect(new Set(serials).size).toBe(2);
  for (const reader of readers) expect(heard(reader)).toEqual(['k']);
});

test('a receiver may leave because of what it is told', () => {
  const server = new TestServer();
  const { tracking } = server.context;
  const readers = trackers(server, 3);
  for (const reader of readers) server.send(reader, 'GET', 'k');
  readers[1]!.push = () => {
    server.clients.delete(readers[1]!.session.id);
    tracking.forget(readers[1]!.session);
  };
  server.run('SET k v');
  expect([heard(readers[0]!), heard(readers[2]!)]).toEqual([['k'], ['k']]);
  server.run('FLUSHALL');
  expect([heard(readers[0]!), heard(readers[2]!)]).toEqual([['*'], ['*']]);
  expect(tracking.clients).toBe(2);
});

test('nobody listens to changes when all who track are gone, and nothing is kept', () => {
  const server = new TestServer();
  const { tracking } = server.context;
  const readers = [...trackers(server, 2), ...trackers(server, 1, 'BCAST', 'PREFIX', 'a', 'PREFIX', 'b')];
  for (const reader of readers) server.send(reader, 'GET', 'k');
  expect([tracking.clients, tracking.keys, tracking.items, tracking.prefixes]).toEqual([3, 1, 2, 2]);
  for (const reader of readers) {
    expect(server.keyspace.waiters).toBeDefined();
    tracking.forget(reader.session);
  }
  expect(server.keyspace.waiters).toBeUndefined();
  expect([tracking.clients, tracking.keys, tracking.items, tracking.prefixes]).toEqual([0, 0, 0, 0]);

  const [reader] = trackers(server, 1) as [TestClient];
  server.send(reader, 'CLIENT', 'TRACKING', 'OFF');
  expect(server.keyspace.waiters).toBeUndefined();
});

test('who is told of what agrees with a model', () => {
  const action = fc.record({
    does: fc.constantFrom('read', 'read', 'read', 'write', 'write', 'flush', 'off', 'on', 'transaction'),
    who: fc.nat(3),
    keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const server = new TestServer();
      const clients = [...trackers(server, 2), ...trackers(server, 2, 'NOLOOP')];
      const isOn = [true, true, true, true];
      const readers = new Map<string, Set<number>>();
      let expected: string[][] = [[], [], [], []];
      const changed = (key: string, author: number): void => {
        for (const who of readers.get(key) ?? [])
          if (isOn[who]! && !(who === author && who >= 2)) expected[who]!.push(key);
        readers.delete(key);
      };
      const read = (who: number, keys: readonly string[]): void => {
        if (isOn[who]!) for (const key of keys) readers.set(key, new Set([...(readers.get(key) ?? []), who]));
      };
      for (const { does, who, keys } of actions) {
        const client = clients[who]!;
        if (does === 'read') {
          server.send(client, 'MGET', ...keys);
          read(who, keys);
        } else if (does === 'write') {
          server.send(client, 'MSET', ...keys.flatMap((key) => [key, 'v']));
          for (const key of keys) changed(key, who);
        } else if (does === 'transaction') {
          server.send(client, 'MULTI');
          server.send(client, 'MGET', ...keys);
          server.send(client, 'SET', keys[0]!, 'v');
          server.send(client, 'EXEC');
          read(who, keys);
          changed(keys[0]!, who);
        } else if (does === 'flush') {
          server.send(client, 'FLUSHDB');
          readers.clear();
          for (const each of [0, 1, 2, 3]) if (isOn[each]!) expected[each]!.push('*');
        } else {
          server.send(client, 'CLIENT', 'TRACKING', does, ...(who >= 2 ? ['NOLOOP'] : []));
          isOn[who] = does === 'on';
        }
        expect(clients.map(heard)).toEqual(expected);
        expected = [[], [], [], []];
        expect(server.context.tracking.keys).toBe(readers.size);
        expect(server.context.tracking.items).toBe([...readers.values()].reduce((sum, { size }) => sum + size, 0));
      }
    }),
  );
});
