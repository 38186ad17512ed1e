// Which of the two ways of reading is used; what both do is tested through the server (`test/sockets.test.ts`).
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { makeCertificate } from '../../test/support/certificates.js';
import { socketPath } from '../../test/support/server.js';
import { SocketTransport } from './socket-transport.js';
import type { BytesSink } from './transport.js';

/** Remembers what arrived, and whose buffer it was in. */
class Sink implements BytesSink {
  received = '';
  readonly buffers = new Set<ArrayBufferLike>();
  /** Whether none of it was a Buffer. */
  isPlain = true;
  readonly isClosed: Promise<void>;
  closed!: () => void;

  constructor() {
    this.isClosed = new Promise((resolve) => {
      this.closed = resolve;
    });
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    this.received += Buffer.from(bytes.subarray(start, end)).toString('latin1');
    this.buffers.add(bytes.buffer);
    this.isPlain &&= !Buffer.isBuffer(bytes);
  }

  drained(): void {
    this.received += '(drained)';
  }

  ended(): void {
    this.received += '(ended)';
  }
}

async function accept(
  events: boolean,
): Promise<{ accepted: Socket; transport: SocketTransport; sink: Sink; peer: Socket }> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'connection') as Promise<[Socket]>;
  const peer = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  const [accepted] = await accepting;
  server.close();
  const sink = new Sink();
  const transport = new SocketTransport(accepted, sink, { keepAlive: 60, events });
  return { accepted, transport, sink, peer };
}

test.each([false, true])('bytes, the end of the input, and the close arrive (plain: %s)', async (events) => {
  const { accepted, transport, sink, peer } = await accept(events);
  // On every Node that is supported the handle can be moved; a new one that does not allow it must be noticed.
  expect(transport.socket === accepted).toBe(events);
  peer.end('hello');
  await once(transport.socket, 'end');
  expect(sink.received).toBe('hello(ended)');
  // Whoever keeps a part of it with `slice` has a copy: of a Buffer it would be a view.
  expect(sink.isPlain).toBe(true);
  const reply = new TextEncoder().encode('a reply that is cut');
  transport.write(reply, 7);
  transport.end();
  const [received] = (await once(peer, 'data')) as [Buffer];
  expect(received.toString()).toBe('a reply');
  await sink.isClosed;
});

test('all sockets are read into one buffer', async () => {
  const [first, second] = [await accept(false), await accept(false)];
  for (const { peer, transport } of [first, second]) {
    peer.end('x');
    await once(transport.socket, 'end');
    transport.destroy();
  }
  expect([...first.sink.buffers]).toEqual([...second.sink.buffers]);
  expect(first.sink.buffers.size).toBe(1);
});

test.each([false, true])(
  'a long reply leaves the bytes to the caller only when the system has them (plain: %s)',
  async (events) => {
    const { transport, sink, peer } = await accept(events);
    const received: Buffer[] = [];
    const length = 64 * 1024;
    let bytes = new Uint8Array(length);
    let kept = 0;
    for (let i = 0; i < 100; i++) {
      bytes.fill(i);
      if (!transport.write(bytes, length)) {
        kept++;
        bytes = new Uint8Array(length);
      }
    }
    expect(kept).toBeGreaterThan(0);
    // Short ones are copied in any case.
    expect(transport.write(bytes, 1)).toBe(true);
    transport.end();
    for await (const chunk of peer) received.push(chunk as Buffer);
    const all = Buffer.concat(received);
    expect(all.length).toBe(100 * length + 1);
    for (let i = 0; i < 100; i++)
      expect(all.subarray(i * length, (i + 1) * length).every((byte) => byte === i)).toBe(true);
    await sink.isClosed;
  },
);

test('short replies leave at the end of the turn, long ones behind the short ones before them', async () => {
  const { transport, sink, peer } = await accept(false);
  const received: Buffer[] = [];
  const long = new Uint8Array(5000).fill(0x6c);
  transport.write(new TextEncoder().encode('ab'), 2);
  transport.write(new TextEncoder().encode('c'), 1);
  transport.write(long, long.length);
  transport.write(new TextEncoder().encode('d'), 1);
  await new Promise(setImmediate);
  transport.write(new TextEncoder().encode('e'), 1);
  transport.end();
  for await (const chunk of peer) received.push(chunk as Buffer);
  expect(Buffer.concat(received).toString()).toBe(`abc${'l'.repeat(5000)}de`);
  await sink.isClosed;
});

test('what was written before a connection is destroyed has left', async () => {
  const { transport, sink, peer } = await accept(false);
  transport.write(new TextEncoder().encode('last words'), 10);
  transport.destroy();
  const [received] = (await once(peer, 'data')) as [Buffer];
  expect(received.toString()).toBe('last words');
  peer.destroy();
  await sink.isClosed;
});

test('what a peer does not take is counted until it does', async () => {
  const { transport, sink, peer } = await accept(false);
  const bytes = new Uint8Array(1 << 20);
  for (let i = 0; i < 20; i++) transport.write(bytes, bytes.length);
  expect(transport.pendingBytes).toBeGreaterThan(1 << 20);
  peer.resume();
  await vi.waitUntil(() => sink.received !== '', { timeout: 10_000, interval: 1 });
  expect(transport.pendingBytes).toBe(0);
  expect(sink.received).toBe('(drained)');
  transport.destroy();
  peer.destroy();
  await sink.isClosed;
});

async function acceptTls(events: boolean): Promise<{ transport: SocketTransport; sink: Sink; peer: TLSSocket }> {
  const { cert, key } = makeCertificate('localhost');
  const server = createTlsServer({ cert, key, allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepting = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const { port } = server.address() as AddressInfo;
  const peer = connectTls({ port, host: '127.0.0.1', ca: cert });
  const [accepted] = await accepting;
  server.close();
  const sink = new Sink();
  const transport = new SocketTransport(accepted, sink, { keepAlive: 60, events });
  expect(transport.socket).toBe(accepted);
  return { transport, sink, peer };
}

test('TLS sockets are read into the same buffer as all others', async () => {
  const [plain, first, second] = [await accept(false), await acceptTls(false), await acceptTls(false)];
  for (const { peer, transport } of [plain, first, second]) {
    peer.end('x');
    await once(transport.socket, 'end');
    transport.destroy();
  }
  expect([...first.sink.buffers]).toEqual([...plain.sink.buffers]);
  expect([...second.sink.buffers]).toEqual([...plain.sink.buffers]);
});

test.each([false, true])(
  'over TLS all that is written in one turn leaves in order, then the end (plain: %s)',
  async (events) => {
    const { transport, sink, peer } = await acceptTls(events);
    const expected: Buffer[] = [];
    for (let i = 0; i < 300; i++) {
      // Short, long enough to be copied as bytes, and too long to be copied.
      const length = [7, 5000, 40_000][i % 3]!;
      const bytes = new Uint8Array(length).fill(i);
      expected.push(Buffer.from(bytes));
      // What is not kept may change at once.
      if (transport.write(bytes, length)) bytes.fill(255);
    }
    transport.end();
    transport.write(new Uint8Array(10), 10);
    const received: Buffer[] = [];
    for await (const chunk of peer) received.push(chunk as Buffer);
    expect(Buffer.concat(received).equals(Buffer.concat(expected))).toBe(true);
    await sink.isClosed;
  },
);

test('over TLS what a peer does not take is counted until it does', async () => {
  const { transport, sink, peer } = await acceptTls(false);
  const bytes = new Uint8Array(1 << 20);
  for (let i = 0; i < 20; i++) transport.write(bytes, bytes.length);
  expect(transport.pendingBytes).toBe(20 << 20);
  peer.resume();
  await vi.waitUntil(() => sink.received !== '', { timeout: 20_000, interval: 1 });
  expect(transport.pendingBytes).toBe(0);
  expect(sink.received).toBe('(drained)');
  transport.destroy();
  peer.destroy();
  await sink.isClosed;
});

test.each(['TCP', 'TLS'])('over %s the handle itself is written to, up to Node 25', async (kind) => {
  const generic = vi.spyOn(Socket.prototype as unknown as { _writeGeneric: () => void }, '_writeGeneric');
  const accepting = kind === 'TLS' ? acceptTls : accept;
  const [first, second] = [await accepting(false), await accepting(false)];
  const calls: number[] = [];
  for (const { transport, peer } of [first, second, second]) {
    generic.mockClear();
    transport.write(Buffer.from('hello'), 5);
    const [received] = (await once(peer, 'data')) as [Buffer];
    expect(received.toString()).toBe('hello');
    calls.push(generic.mock.calls.length);
  }
  generic.mockRestore();
  // The first write of the process is watched; from Node 26 on requests are made in another way.
  expect(calls.slice(1)).toEqual(Number.parseInt(process.versions.node) < 26 ? [0, 0] : [1, 1]);
  for (const { transport, sink } of [first, second]) {
    transport.destroy();
    await sink.isClosed;
  }
});

test('a peer that makes room while a write is under way gets every byte once', async () => {
  // In a thread of its own the peer reads between our attempt to write at once and the one that waits.
  const path = socketPath();
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(path);
  await once(server, 'listening');
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    let received = 0;
    const socket = require('node:net').connect({ path: workerData });
    socket.on('data', (chunk) => { received += chunk.length; });
    socket.on('end', () => { socket.end(); parentPort.postMessage(received); });
  `;
  const worker = new Worker(program, { eval: true, workerData: path });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  server.close();
  const sink = new Sink();
  const transport = new SocketTransport(accepted, sink, { keepAlive: 0 });
  const length = 30_000;
  const rounds = 4000;
  let bytes = new Uint8Array(length);
  // A short one first, which shows what requests are made of.
  transport.write(bytes, 10);
  await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < rounds; i++) {
    if (!transport.write(bytes, length)) bytes = new Uint8Array(length);
    while (transport.pendingBytes > 300_000) await new Promise((resolve) => setImmediate(resolve));
  }
  transport.end();
  const [received] = (await once(worker, 'message')) as [number];
  expect(received).toBe(10 + length * rounds);
  await sink.isClosed;
});
