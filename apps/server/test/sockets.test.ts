// Bytes in, bytes out: what every kind of socket has to do, read in each of the two ways.
import { networkInterfaces } from 'node:os';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { makeCertificate } from './support/certificates.js';
import { type Address, Client, request, Wire } from './support/client.js';
import { connect, start, socketPath, type TestServerOptions, turn, until } from './support/server.js';

interface Way {
  readonly name: string;
  readonly options: () => TestServerOptions;
  readonly address: (server: Server) => Address;
}

const ownAddresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);

const tcp = (server: Server): { port: number; host: string } => ({ port: server.port, host: server.host });
const unix = (server: Server): { path: string } => ({ path: server.config.unixSocket });
const unixOptions = (): TestServerOptions => ({
  port: false,
  config: { unixsocket: socketPath(), unixsocketperm: '700' },
});

const certificate = makeCertificate('localhost');
const tls = (server: Server): Address => ({ port: server.tlsPort, host: server.host, ca: certificate.cert });
const tlsOptions = (more: TestServerOptions = {}): TestServerOptions => ({
  ...more,
  port: false,
  tlsPort: 0,
  config: {
    'tls-cert-file': certificate.certFile,
    'tls-key-file': certificate.keyFile,
    'tls-auth-clients': 'no',
  },
});

const WAYS: readonly Way[] = [
  { name: 'TCP', options: () => ({}), address: tcp },
  { name: 'TCP, plain', options: () => ({ plainSockets: true }), address: tcp },
  ...(ownAddresses.some(({ address }) => address === '::1')
    ? [{ name: 'IPv6', options: (): TestServerOptions => ({ host: '::1' }), address: tcp }]
    : []),
  { name: 'TLS', options: tlsOptions, address: tls },
  { name: 'TLS, plain', options: () => tlsOptions({ plainSockets: true }), address: tls },
  { name: 'Unix socket', options: unixOptions, address: unix },
  { name: 'Unix socket, plain', options: () => ({ ...unixOptions(), plainSockets: true }), address: unix },
];

describe.each(WAYS)('$name', ({ name, options, address }) => {
  async function open(more: TestServerOptions = {}): Promise<{ server: Server; wire: Wire }> {
    const own = options();
    const server = await start({ ...own, ...more, config: { ...own.config, ...more.config } });
    return { server, wire: await Wire.open(address(server)) };
  }

  test('a pipeline is answered in order', async () => {
    const { server } = await open();
    const client = await Client.open(address(server));
    const replies = await client.pipeline(Array.from({ length: 5000 }, (_, i) => ['INCRBY', 'n', i]));
    expect(replies).toEqual(Array.from({ length: 5000 }, (_, i) => (i * (i + 1)) / 2));
  });

  test('a request may be cut anywhere', async () => {
    const { wire } = await open();
    const bytes = request('SET', 'k', 'va\r\nue') + 'get "k"\r\n' + request('DEL', 'k');
    let expected = '';
    for (let cut = 0; cut <= bytes.length; cut++) {
      wire.send(bytes.slice(0, cut));
      await turn();
      await turn();
      wire.send(bytes.slice(cut));
      expected += '+OK\r\n$6\r\nva\r\nue\r\n:1\r\n';
      expect(await wire.reached(expected.length)).toBe(expected);
    }
  });

  test('inline commands, quotes and empty lines', async () => {
    const { wire } = await open();
    wire.send('\r\nset "a key" \'it\\\'s\'\nGET "a\\x20key"\r\n\r\nping "\\x00"\r\n');
    expect(await wire.reached(22)).toBe("+OK\r\n$4\r\nit's\r\n$1\r\n\0\r\n");
  });

  test('a client that ends its side behind a pipeline gets all replies, then the end', async () => {
    const { server, wire } = await open();
    wire.stream.end(request('SET', 'big', 'x'.repeat(100_000)) + 'GET big\r\n'.repeat(100) + 'PING\r\n');
    const received = await wire.ended;
    expect(received.length).toBe(5 + 100 * ('$100000\r\n\r\n'.length + 100_000) + 7);
    expect(received.endsWith('+PONG\r\n')).toBe(true);
    await until(async () => (await new Client(server.connect()).info('connected_clients')) === '1');
  });

  test('QUIT is answered, ends the connection, and nothing behind it is executed', async () => {
    const { server, wire } = await open();
    wire.send('PING\r\nQUIT\r\nSET a 1\r\n');
    expect(await wire.ended).toBe('+PONG\r\n+OK\r\n');
    expect(server.keyspace.databases[0]!.size).toBe(0);
  });

  test('CLIENT KILL ends others at once and oneself behind the reply', async () => {
    const { server, wire } = await open();
    wire.send('CLIENT ID\r\n');
    const id = (await wire.reached(4)).slice(1, -2);
    const killer = await Client.open(address(server));
    const [killed, list] = await killer.pipeline([
      ['CLIENT', 'KILL', 'ID', id],
      ['CLIENT', 'LIST'],
    ]);
    expect(killed).toBe(1);
    expect((list as string).trim().split('\n')).toHaveLength(1);
    await wire.ended;
    const own = await killer.call('CLIENT', 'ID');
    const last = killer.pipeline([['CLIENT', 'KILL', 'ID', own as number, 'SKIPME', 'no'], ['PING']]);
    expect(await last).toEqual([1, '(closed)']);
  });

  test('a protocol error is answered behind what came before it, and ends the connection', async () => {
    const lines: string[] = [];
    const { wire } = await open({ log: (level, message) => lines.push(`${level} ${message}`) });
    wire.send('PING\r\n*1\r\n+PING\r\nPING\r\n');
    expect(await wire.ended).toBe("+PONG\r\n-ERR Protocol error: expected '$', got '+'\r\n");
    expect(lines).toContainEqual(
      expect.stringMatching(/^verbose Protocol error \(expected '\$', got '\+'\) from client/),
    );
  });

  test.each(['POST / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'])(
    'what a web page may make a browser send (%j) ends the connection and is logged',
    async (http) => {
      const lines: string[] = [];
      const { server, wire } = await open({ log: (level, message) => lines.push(`${level} ${message}`) });
      wire.send(`${http}SET a 1\r\n`);
      expect(await wire.ended).toBe('');
      expect(server.keyspace.databases[0]!.size).toBe(0);
      expect(lines.filter((line) => line.startsWith('warning Possible SECURITY ATTACK'))).toHaveLength(1);
    },
  );

  test('a huge value goes in and out', async () => {
    const { server } = await open();
    const client = await Client.open(address(server));
    // In each of the two ways of reading once.
    const size = (name.startsWith('TCP') ? 50 : 10) * 1024 * 1024;
    const value = Buffer.alloc(size, 'x');
    value.write('the end', size - 7);
    expect(await client.call('SET', 'huge', value)).toBe('OK');
    const reply = await client.text('GET', 'huge');
    expect(reply.length).toBe(size);
    expect(reply.endsWith('xthe end')).toBe(true);
    expect(await client.call('DEL', 'huge')).toBe(1);
  });

  test('a slow reader is not read from beyond a threshold, costs bounded memory, and goes on when it reads', async () => {
    const { server, wire } = await open();
    const others = await Client.open(address(server));
    const length = 1 << 19;
    await others.call('SET', 'big', 'x'.repeat(length));
    wire.stream.pause();
    const count = 80;
    wire.send('GET big\r\n'.repeat(count));
    wire.send('PING\r\n');
    await until(() => server.keyspace.stats.hits > 0);
    for (let i = 0; i < 50; i++) {
      expect(await others.call('PING')).toBe('PONG');
      expect(Number(await others.info('mem_clients_normal'))).toBeLessThan(4 << 20);
    }
    expect(server.keyspace.stats.hits).toBeLessThan(50);
    wire.stream.resume();
    const received = await wire.reached(count * (`$${length}\r\n\r\n`.length + length) + 7);
    expect(received.endsWith('+PONG\r\n')).toBe(true);
  });

  test('a client that goes away in the middle of a reply is forgotten', async () => {
    const { server, wire } = await open();
    const others = await Client.open(address(server));
    await others.call('SET', 'big', 'x'.repeat(1 << 20));
    wire.stream.pause();
    wire.send('GET big\r\n'.repeat(100));
    await until(() => server.keyspace.stats.hits > 0);
    wire.stream.destroy();
    await until(async () => (await others.info('connected_clients')) === '1');
    expect(await others.call('PING')).toBe('PONG');
  });
});

describe('who may connect, and for how long', () => {
  test('maxclients', async () => {
    const server = await start({ config: { maxclients: '2' } });
    const clients = [await connect(server), await connect(server)];
    await Promise.all(clients.map((client) => client.call('PING')));
    const wire = await Wire.open({ port: server.port });
    expect(await wire.ended).toBe('-ERR max number of clients reached\r\n');
    expect(await clients[0]!.info('rejected_connections')).toBe('1');
    await clients[1]!.close();
    await until(async () => (await clients[0]!.info('connected_clients')) === '1');
    expect(await (await connect(server)).call('PING')).toBe('PONG');
  });

  test.each(
    ownAddresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  )('protected mode keeps out who does not come from a loopback address (%s)', async (host) => {
    const server = await start({ host: '0.0.0.0' });
    const wire = await Wire.open({ port: server.port, host });
    expect(await wire.ended).toMatch(/^-DENIED Redis is running in protected mode/);
    const local = await connect(server);
    await local.call('CONFIG', 'SET', 'protected-mode', 'no');
    expect(await (await Client.open({ port: server.port, host })).call('PING')).toBe('PONG');
  });

  test('timeout closes who has been silent for longer', async () => {
    let now = 1_700_000_000_000;
    const server = await start({ config: { timeout: '10' }, clock: () => now });
    const [idle, busy] = [await connect(server), await connect(server)];
    await Promise.all([idle.call('PING'), busy.call('PING')]);
    now += 9_000;
    await busy.call('PING');
    now += 2_000;
    await idle.closed;
    expect(await busy.call('PING')).toBe('PONG');
  });

  test('before authentication requests are small', async () => {
    const server = await start({ config: { requirepass: 'secret' } });
    const many = await Wire.open({ port: server.port });
    many.send('PING\r\n*11\r\n');
    expect(await many.ended).toBe(
      '-NOAUTH Authentication required.\r\n-ERR Protocol error: unauthenticated multibulk length\r\n',
    );
    const long = await Wire.open({ port: server.port });
    long.send('*2\r\n$4\r\nPING\r\n$16385\r\n');
    expect(await long.ended).toBe('-ERR Protocol error: unauthenticated bulk length\r\n');
    const client = await connect(server);
    // In one piece: what is behind AUTH has the wider limits already.
    const words = Array.from({ length: 20 }, (_, i) => `k${i}`);
    expect(
      await client.pipeline([
        ['AUTH', 'secret'],
        ['MGET', ...words],
        ['ECHO', 'x'.repeat(20_000)],
      ]),
    ).toEqual(['OK', words.map(() => null), 'x'.repeat(20_000)]);
  });

  test('proto-max-bulk-len holds for those who are connected already', async () => {
    const server = await start();
    const client = await connect(server);
    await client.call('CONFIG', 'SET', 'proto-max-bulk-len', '1mb');
    expect(await client.pipeline([['SET', 'k', 'x'.repeat((1 << 20) + 1)]])).toEqual([
      '-ERR Protocol error: invalid bulk length',
    ]);
    await client.closed;
  });
});
