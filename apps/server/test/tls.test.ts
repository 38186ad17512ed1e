// TLS as clients, operators and attackers see it. What holds for every kind of socket is in `sockets.test.ts`.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { type Certificate, makeCertificate, makeFile } from './support/certificates.js';
import { Client, Wire } from './support/client.js';
import { missing } from './support/redis.js';
import { connect, start, temporaryDirectory, type TestServerOptions, until } from './support/server.js';

const run = promisify(execFile);

const authority = makeCertificate('authority', { isAuthority: true });
const own = makeCertificate('localhost', { issuer: authority });
const replacement = makeCertificate('replacement', { issuer: authority });
const rsa = makeCertificate('rsa', { issuer: authority, rsa: true });
const locked = makeCertificate('locked', { issuer: authority, passphrase: 'open sesame' });
const user = makeCertificate('user', { issuer: authority });
const expired = makeCertificate('expired', { issuer: authority, expired: true });
const stranger = makeCertificate('stranger', {
  issuer: makeCertificate('another authority', { isAuthority: true }),
});
const nonsense = makeFile('nonsense.pem', 'nonsense');

const NOT_UPDATED = 'Unable to update TLS configuration. Check server logs.';
const refused = (name: string, reason: string): string =>
  `-ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;

const show = ({ certFile, keyFile }: Certificate): Record<string, string> => ({
  'tls-cert-file': certFile,
  'tls-key-file': keyFile,
});
const asWords = (config: Readonly<Record<string, string>>): string[] => Object.entries(config).flat();

/** A server with both kinds of port that asks nobody for a certificate, unless told otherwise. */
function startTls({ config, ...more }: TestServerOptions = {}): Promise<Server> {
  const always = { ...show(own), 'tls-ca-cert-file': authority.certFile, 'tls-auth-clients': 'no' };
  const tlsPort = config?.['tls-port'] === undefined ? { tlsPort: 0 } : {};
  return start({ ...tlsPort, config: { ...always, ...config }, ...more });
}

type Options = ConnectionOptions & { readonly as?: Certificate | undefined };

function addressOf(server: Server, { as, ...options }: Options = {}): ConnectionOptions & { port: number; ca: string } {
  const certificate = as === undefined ? {} : { cert: as.cert, key: as.key };
  return { host: '127.0.0.1', ...certificate, ...options, port: options.port ?? server.tlsPort, ca: authority.cert };
}

const open = (server: Server, options?: Options): Promise<Client> => Client.open(addressOf(server, options));

async function handshake(server: Server, options?: Options): Promise<TLSSocket> {
  const socket = connectTls(addressOf(server, options));
  await once(socket, 'secureConnect');
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

/** PONG, or why not: the client's error, or `(closed)` when the server closed the connection without a word. */
async function ping(server: Server, options?: Options): Promise<string> {
  const socket = connectTls(addressOf(server, options));
  const end = closed(socket);
  let error = '(closed)';
  socket.on('error', ({ message }: Error) => (error = message.trim()));
  const client = new Client(socket);
  const reply = await client.text('PING');
  await client.close();
  await end;
  return reply === '(closed)' ? error : reply;
}

/** Who the server says it is. */
async function nameOf(server: Server): Promise<string> {
  const socket = await handshake(server);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

describe('ports', () => {
  test('both kinds side by side, on ports that are asked for', async () => {
    const [port, tlsPort] = [await freePort(), await freePort()];
    const server = await startTls({ port, config: { 'tls-port': String(tlsPort) } });
    expect([server.port, server.tlsPort]).toEqual([port, tlsPort]);
    const [plain, encrypted] = [await connect(server), await open(server)];
    expect(await plain.call('SET', 'k', 'v')).toBe('OK');
    expect(await encrypted.call('GET', 'k')).toBe('v');
    expect(await plain.call('CONFIG', 'GET', 'tls-port')).toEqual(['tls-port', String(tlsPort)]);
    expect(await plain.info('tcp_port')).toBe(String(port));
    expect(await plain.info('listener0')).toBe(`name=tcp,bind=127.0.0.1,port=${port}`);
    expect(await plain.info('listener2')).toBe(`name=tls,bind=127.0.0.1,port=${tlsPort}`);
  });

  test('TLS alone', async () => {
    const server = await startTls({ port: false });
    expect(server.port).toBe(0);
    const client = await open(server);
    expect(await client.info('tcp_port')).toBe(String(server.tlsPort));
    expect(await client.info('listener0')).toBe('');
  });

  test('CLIENT LIST shows such a client as any other', async () => {
    const server = await startTls();
    const socket = await handshake(server);
    const { localAddress, localPort } = socket;
    const client = new Client(socket);
    expect(await client.call('CLIENT', 'LIST')).toMatch(
      new RegExp(`^id=1 addr=${localAddress}:${localPort} laddr=127.0.0.1:${server.tlsPort} fd=\\d+ name= .* flags=N `),
    );
  });

  test('CONFIG SET opens, moves and closes the port, and who is connected stays', async () => {
    const server = await startTls({ tlsPort: false });
    const client = await connect(server);
    const [first, second] = [await freePort(), await freePort()];
    expect(await client.call('CONFIG', 'SET', 'tls-port', first)).toBe('OK');
    const early = await open(server);
    expect(await client.call('CONFIG', 'SET', 'tls-port', second)).toBe('OK');
    expect(server.tlsPort).toBe(second);
    expect(await ping(server)).toBe('PONG');
    expect(await ping(server, { port: first })).toContain('ECONNREFUSED');
    expect(await client.call('CONFIG', 'SET', 'tls-port', '0')).toBe('OK');
    expect(await ping(server, { port: second })).toContain('ECONNREFUSED');
    expect(await early.call('PING')).toBe('PONG');
  });

  test('a port that cannot be had is refused, and all stays as it was', async () => {
    const server = await startTls();
    const client = await connect(server);
    expect(await client.call('CONFIG', 'SET', 'tls-port', server.port)).toBe(
      refused('tls-port', 'Unable to listen on this port. Check server logs.'),
    );
    expect(await client.call('CONFIG', 'GET', 'tls-port')).toEqual(['tls-port', String(server.tlsPort)]);
    expect(await ping(server)).toBe('PONG');
  });

  test('the two ports may be swapped in one CONFIG SET', async () => {
    const server = await startTls();
    const client = await connect(server);
    const { port, tlsPort } = server;
    expect(await client.call('CONFIG', 'SET', 'tls-port', port, 'port', tlsPort)).toBe('OK');
    expect([server.port, server.tlsPort]).toEqual([tlsPort, port]);
    expect(await ping(server)).toBe('PONG');
    expect(await (await connect(server)).call('PING')).toBe('PONG');
  });
});

describe('clients that programs use', () => {
  test('ioredis', async () => {
    const server = await startTls({ config: { 'tls-auth-clients': 'yes' } });
    const client = new Redis(server.tlsPort, { tls: { ca: authority.cert, cert: user.cert, key: user.key } });
    expect(await client.set('k', 'x'.repeat(100_000))).toBe('OK');
    expect(await client.get('k')).toBe('x'.repeat(100_000));
    const replies = await Promise.all(Array.from({ length: 1000 }, () => client.incr('n')));
    expect(replies.at(-1)).toBe(1000);
    client.disconnect();
  });

  test('node-redis', async () => {
    const server = await startTls();
    const client = createClient({
      url: `rediss://localhost:${server.tlsPort}`,
      socket: { tls: true, ca: authority.cert },
    });
    await client.connect();
    expect(await client.set('k', 'v')).toBe('OK');
    expect(await client.get('k')).toBe('v');
    const waiting = client.duplicate();
    await waiting.connect();
    const popped = waiting.blPop('queue', 0);
    await client.rPush('queue', 'x');
    expect(await popped).toEqual({ key: 'queue', element: 'x' });
    await waiting.close();
    await client.close();
  });

  test.skipIf(missing('redis-cli'))('redis-cli, by the protocol of each version', async () => {
    const server = await startTls({ config: { 'tls-auth-clients': 'yes' } });
    const words = (certificate: Certificate): string[] => [
      ...['-p', String(server.tlsPort), '--tls', '--cacert', authority.certFile],
      ...['--cert', certificate.certFile, '--key', certificate.keyFile],
    ];
    expect((await run('redis-cli', [...words(user), 'PING'])).stdout).toBe('PONG\n');
    const pipe = run('redis-cli', [...words(user), '--pipe']);
    pipe.child.stdin?.end('SET a 1\r\nSET b 2\r\n');
    expect((await pipe).stdout).toContain('errors: 0, replies: 2');
    await expect(run('redis-cli', [...words(stranger), 'PING'])).rejects.toThrow();
  });
});

describe('certificates of clients', () => {
  // What a client notices depends on the version: from TLS 1.3 on it hears of it behind its own handshake.
  const NO_CERTIFICATE = /alert (certificate required|handshake failure)/;
  const BAD = /^\(closed\)$|ECONNRESET|EPIPE|disconnected before secure TLS/;
  const GOOD = /^PONG$/;

  test.each([
    ['yes', 'none', undefined, NO_CERTIFICATE],
    ['yes', 'a good one', user, GOOD],
    ['yes', 'one of another authority', stranger, BAD],
    ['yes', 'an expired one', expired, BAD],
    ['optional', 'none', undefined, GOOD],
    ['optional', 'a good one', user, GOOD],
    ['optional', 'one of another authority', stranger, BAD],
    ['optional', 'an expired one', expired, BAD],
    ['no', 'none', undefined, GOOD],
    ['no', 'one of another authority', stranger, GOOD],
  ] as const)('tls-auth-clients %s, the client shows %s', async (verify, _what, as, expectation) => {
    const lines: string[] = [];
    const server = await startTls({
      config: { 'tls-auth-clients': verify },
      log: (level, message) => lines.push(`${level} ${message}`),
    });
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      expect(await ping(server, { as, maxVersion })).toMatch(expectation);
    }
    await until(() => lines.length === (expectation === GOOD ? 0 : 2));
    for (const line of lines) {
      expect(line).toMatch(
        /^warning Error accepting a client connection: (peer did not return a certificate|certificate verify failed: [A-Z_]+) \(addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:\d+\)$/,
      );
    }
    const local = await connect(server);
    expect(await local.info('connected_clients')).toBe('1');
  });

  test('a client whose certificate was refused cannot resume the session that the handshake began', async () => {
    const server = await startTls({ config: { 'tls-auth-clients': 'yes' } });
    const socket = connectTls(addressOf(server, { as: stranger }));
    const sessions: Buffer[] = [];
    socket.on('session', (session) => sessions.push(session));
    socket.on('error', () => undefined);
    socket.resume();
    await closed(socket);
    for (const session of sessions) expect(await ping(server, { session })).toMatch(BAD);
    expect(await ping(server)).not.toBe('PONG');
  });

  test('authorities may stand in a directory, whatever else is in it', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'authority.pem'), authority.cert);
    writeFileSync(join(directory, 'README'), 'not a certificate');
    const config = { 'tls-auth-clients': 'yes', 'tls-ca-cert-file': '', 'tls-ca-cert-dir': directory };
    const server = await startTls({ config });
    expect(await ping(server, { as: user })).toBe('PONG');
    expect(await ping(server, { as: stranger })).not.toBe('PONG');
  });

  test('yes without any authority is taken, and lets nobody in', async () => {
    const server = await startTls({ config: { 'tls-ca-cert-file': '' } });
    const client = await connect(server);
    expect(await client.call('CONFIG', 'SET', 'tls-auth-clients', 'yes')).toBe('OK');
    expect(await ping(server, { as: user })).not.toBe('PONG');
    expect(await client.call('CONFIG', 'SET', 'tls-ca-cert-file', authority.certFile)).toBe('OK');
    expect(await ping(server, { as: user })).toBe('PONG');
  });
});

describe('settings', () => {
  test('new certificates hold for new connections; the others stay', async () => {
    const server = await startTls();
    const client = await open(server);
    expect(await client.call('CONFIG', 'SET', ...asWords(show(replacement)))).toBe('OK');
    expect(await client.call('PING')).toBe('PONG');
    expect(await nameOf(server)).toBe('replacement');
    expect(await client.call('CONFIG', 'SET', ...asWords(show(rsa)))).toBe('OK');
    expect(await nameOf(server)).toBe('rsa');
    expect(await client.call('PING')).toBe('PONG');
  });

  test('the same file names are read again', async () => {
    const [certFile, keyFile] = [makeFile('rotated.crt', own.cert), makeFile('rotated.key', own.key)];
    const files = { 'tls-cert-file': certFile, 'tls-key-file': keyFile };
    const server = await startTls({ config: files });
    const client = await open(server);
    writeFileSync(certFile, replacement.cert);
    writeFileSync(keyFile, replacement.key);
    expect(await nameOf(server)).toBe('localhost');
    expect(await client.call('CONFIG', 'SET', ...asWords(files))).toBe('OK');
    expect(await nameOf(server)).toBe('replacement');
    writeFileSync(certFile, 'nonsense');
    expect(await client.call('CONFIG', 'SET', 'tls-cert-file', certFile)).toBe(refused('tls-cert-file', NOT_UPDATED));
    expect(await nameOf(server)).toBe('replacement');
  });

  test.each([
    ['tls-cert-file', '/no/such/file', 'Failed to load certificate: /no/such/file: No such file or directory'],
    ['tls-cert-file', nonsense, /^Failed to load certificate: .*: /],
    ['tls-cert-file', '', /^No tls-cert-file configured!/],
    ['tls-key-file', '/no/such/file', 'Failed to load private key: /no/such/file: No such file or directory'],
    ['tls-key-file', user.keyFile, /^Failed to load private key: .*key values mismatch/],
    ['tls-key-file', locked.keyFile, /^Failed to load private key: .*: it is encrypted, set tls-key-file-pass$/],
    ['tls-key-file', '', /^No tls-key-file configured!/],
    ['tls-ca-cert-file', nonsense, /^Failed to configure CA certificate\(s\) file\/directory: /],
    ['tls-ca-cert-dir', '/no/such/directory', /^Failed to configure CA certificate\(s\) file\/directory: /],
    ['tls-dh-params-file', '/no/such/file', 'Failed to load /no/such/file: No such file or directory'],
    ['tls-dh-params-file', nonsense, `${nonsense}: failed to read DH params.`],
    ['tls-ciphers', 'FOO', /^Failed to configure ciphers: FOO/],
    ['tls-ciphers', 'TLS_AES_128_GCM_SHA256', /^Failed to configure ciphers: /],
    ['tls-ciphersuites', 'AES256-SHA', /^Failed to configure ciphersuites: /],
    ['tls-protocols', 'TLSv1.2,TLSv1.3', /^Invalid tls-protocols specified\. Use a combination of/],
    ['tls-protocols', 'TLSv1.2  TLSv1.3', /^Invalid tls-protocols/],
    ['tls-client-key-file', nonsense, /^Failed to load private key: /],
  ] as const)('%s %j is refused, the log says why, and nothing changes', async (name, value, reason) => {
    const lines: string[] = [];
    const config = { 'tls-client-cert-file': user.certFile };
    const server = await startTls({ config, log: (_level, message) => lines.push(message) });
    const client = await open(server);
    const before = await client.call('CONFIG', 'GET', name);
    expect(await client.call('CONFIG', 'SET', 'maxclients', '77', name, value)).toBe(refused(name, NOT_UPDATED));
    expect(lines[0]).toMatch(reason);
    expect(await client.call('CONFIG', 'GET', name)).toEqual(before);
    expect(await client.call('CONFIG', 'GET', 'maxclients')).toEqual(['maxclients', '10000']);
    expect(await nameOf(server)).toBe('localhost');
  });

  test('a server that cannot use its certificate does not start, and says why in one line', async () => {
    const attempt = (config: Readonly<Record<string, string>>): Promise<unknown> => start({ tlsPort: 0, config });
    await expect(attempt({})).rejects.toThrow('No tls-cert-file configured!');
    await expect(attempt(show(own))).rejects.toThrow('Either tls-ca-cert-file or tls-ca-cert-dir must be specified');
    await expect(attempt({ ...show(own), 'tls-ca-cert-file': nonsense })).rejects.toThrow(/^[^\n]+$/);
    await expect(start({ config: { 'tls-replication': 'yes' } })).rejects.toThrow('No tls-cert-file configured!');
  });

  test('without TLS nothing of it is looked at', async () => {
    const server = await start();
    const client = await connect(server);
    expect(await client.call('CONFIG', 'SET', 'tls-cert-file', '/no/such/file', 'tls-protocols', 'x')).toBe('OK');
    expect(await client.call('CONFIG', 'SET', 'tls-port', '1')).toBe(refused('tls-port', NOT_UPDATED));
    expect(await client.call('CONFIG', 'SET', 'tls-cluster', 'yes')).toBe(refused('tls-cluster', NOT_UPDATED));
    expect(await client.call('CONFIG', 'GET', 'tls-port')).toEqual(['tls-port', '0']);
  });

  test('the key may be encrypted', async () => {
    const server = await startTls({ config: { ...show(locked), 'tls-key-file-pass': 'open sesame' } });
    expect(await nameOf(server)).toBe('locked');
  });

  test('file names count from dir', async () => {
    const dir = temporaryDirectory();
    writeFileSync(join(dir, 'a.crt'), own.cert);
    writeFileSync(join(dir, 'a.key'), own.key);
    const server = await startTls({ config: { dir, 'tls-cert-file': 'a.crt', 'tls-key-file': 'a.key' } });
    expect(await ping(server)).toBe('PONG');
  });

  test.each([
    ['TLSv1.2', 'PONG', 'alert protocol version'],
    ['tlsv1.3', 'alert protocol version', 'PONG'],
    ['TLSv1.1 TLSv1.3', ' alert ', 'PONG'],
    ['', 'PONG', 'PONG'],
  ])('tls-protocols %j: a client of 1.2 gets %s, one of 1.3 %s', async (protocols, older, newer) => {
    const server = await startTls({ config: { 'tls-protocols': protocols } });
    expect(await ping(server, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).toContain(older);
    expect(await ping(server, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })).toContain(newer);
  });

  test('ciphers of both kinds, and whose order counts', async () => {
    const cipher = async (options: Options): Promise<string> => {
      const socket = await handshake(server, options);
      const { name } = socket.getCipher();
      socket.destroy();
      return name;
    };
    const older = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256';
    const reversed = older.split(':').reverse().join(':');
    const server = await startTls({
      config: { 'tls-ciphers': older, 'tls-ciphersuites': 'TLS_CHACHA20_POLY1305_SHA256' },
    });
    expect(await cipher({})).toBe('TLS_CHACHA20_POLY1305_SHA256');
    expect(await cipher({ maxVersion: 'TLSv1.2', ciphers: reversed })).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
    const client = await connect(server);
    expect(await client.call('CONFIG', 'SET', 'tls-prefer-server-ciphers', 'yes')).toBe('OK');
    expect(await cipher({ maxVersion: 'TLSv1.2', ciphers: reversed })).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'sessions of %s are resumed, unless they must not be',
    async (maxVersion) => {
      const server = await startTls();
      const client = await connect(server);
      const session = async (): Promise<Buffer> => {
        const socket = connectTls(addressOf(server, { maxVersion }));
        socket.write('PING\r\n');
        const [[received]] = (await Promise.all([once(socket, 'session'), once(socket, 'data')])) as [
          [Buffer],
          unknown,
        ];
        socket.destroy();
        return received;
      };
      const isResumed = async (from: Buffer): Promise<boolean> => {
        const socket = await handshake(server, { session: from, maxVersion });
        expect(await new Client(socket).call('PING')).toBe('PONG');
        return socket.isSessionReused();
      };
      const first = await session();
      expect(await isResumed(first)).toBe(true);
      // Whatever changes: what was agreed on before does not count any more.
      expect(await client.call('CONFIG', 'SET', 'tls-auth-clients', 'optional')).toBe('OK');
      expect(await isResumed(first)).toBe(false);
      expect(await isResumed(await session())).toBe(true);
      expect(await client.call('CONFIG', 'SET', 'tls-session-caching', 'no')).toBe('OK');
      if (maxVersion === 'TLSv1.3') expect(await isResumed(await session())).toBe(false);
    },
  );
});

describe('handshakes that come to nothing', () => {
  const lines: string[] = [];
  const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);

  async function half(server: Server, bytes = ''): Promise<Socket> {
    const socket = connectTcp(server.tlsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (bytes !== '') socket.write(Buffer.from(bytes, 'latin1'));
    return socket;
  }

  test('one that takes too long is ended, whatever is sent meanwhile', async () => {
    lines.length = 0;
    let now = 1_700_000_000_000;
    const server = await startTls({ clock: () => now, log, config: { maxclients: '3' } });
    const client = await connect(server);
    // A record of a handshake that never gets complete.
    const [silent, slow] = [await half(server), await half(server, '\x16\x03\x01\x10\x00')];
    await until(() => connectsNot(server));
    slow.write('\x01');
    now += 9_000;
    slow.write('\x00');
    expect(await client.call('PING')).toBe('PONG');
    now += 2_000;
    await Promise.all([closed(silent), closed(slow)]);
    await until(() => lines.length === 2);
    for (const line of lines) {
      expect(line).toMatch(/^warning Error accepting a client connection: handshake timed out \(addr=127\.0\.0\.1:/);
    }
    expect(await ping(server)).toBe('PONG');
    expect(await client.info('rejected_connections')).not.toBe('0');
  });

  /** Whether there is no room for one more. */
  async function connectsNot(server: Server): Promise<boolean> {
    const wire = await Wire.open({ port: server.port });
    wire.send('QUIT\r\n');
    return (await wire.ended).startsWith('-ERR max number of clients reached');
  }

  test.each([
    ['a request without TLS', 'PING\r\n', 'wrong version number'],
    ['nonsense', 'x'.repeat(1000), 'wrong version number'],
    ['a record with nonsense in it', '\x16\x03\x01\x00\x04\xff\x00\x00\x00', '.+'],
    ['nothing, and goes away', '', 'socket hang up|.*ECONNRESET'],
  ])('a peer that sends %s is logged and forgotten', async (_what, bytes, reason) => {
    lines.length = 0;
    const server = await startTls({ log });
    const socket = await half(server, bytes);
    if (bytes === '') socket.destroy();
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(new RegExp(`^warning Error accepting a client connection: (${reason}) \\(addr=127`));
    expect(await ping(server)).toBe('PONG');
    socket.destroy();
  });

  test('a crowd of them leaves nothing behind', async () => {
    lines.length = 0;
    const server = await startTls({ log, config: { maxclients: '60' } });
    const client = await connect(server);
    for (let round = 0; round < 5; round++) {
      const sockets = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          half(server, i % 3 === 0 ? 'PING\r\n' : i % 3 === 1 ? '\x16\x03\x01' : ''),
        ),
      );
      for (const socket of sockets) socket.destroy();
      await until(() => lines.length === 50 * (round + 1));
    }
    expect(await client.info('connected_clients')).toBe('1');
    expect(await client.info('rejected_connections')).toBe('0');
    expect(await ping(server)).toBe('PONG');
  });

  test('the server stops while some are under way', async () => {
    const server = await startTls();
    const sockets = [await half(server), await half(server, '\x16\x03\x01')];
    const client = await open(server);
    await client.call('PING');
    const ended = Promise.all(sockets.map(closed));
    await server.stop();
    await ended;
    await client.closed;
  });
});

describe('who may connect', () => {
  test('beyond maxclients a connection is closed before the handshake', async () => {
    const server = await startTls({ config: { maxclients: '2' } });
    const clients = [await open(server), await connect(server)];
    await Promise.all(clients.map((client) => client.call('PING')));
    expect(await ping(server)).toMatch(/^\(closed\)$|ECONNRESET|disconnected before secure TLS/);
    expect(await clients[0]!.info('rejected_connections')).toBe('1');
    await clients[0]!.close();
    await until(async () => (await clients[1]!.info('connected_clients')) === '1');
    expect(await ping(server)).toBe('PONG');
  });

  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  test.each(addresses.map(({ address }) => address))('protected mode speaks TLS (%s)', async (host) => {
    const server = await startTls({ host: '0.0.0.0' });
    const wire = await Wire.open(addressOf(server, { host, servername: 'localhost' }));
    expect(await wire.ended).toMatch(/^-DENIED Redis is running in protected mode/);
  });

  test('timeout closes who has been silent for longer', async () => {
    let now = 1_700_000_000_000;
    const server = await startTls({ config: { timeout: '10' }, clock: () => now });
    const [idle, busy] = [await open(server), await open(server)];
    await Promise.all([idle.call('PING'), busy.call('PING')]);
    now += 9_000;
    await busy.call('PING');
    now += 2_000;
    await idle.closed;
    expect(await busy.call('PING')).toBe('PONG');
  });
});
