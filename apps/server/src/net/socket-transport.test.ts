// Which of the two ways of reading is used; what both do is tested through the server (`test/sockets.test.ts`).
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { SocketTransport } from './socket-transport.js';
import type { BytesSink } from './transport.js';

/** Remembers what arrived, and whose buffer it was in. */
class Sink implements BytesSink {
  received = '';
  readonly buffers = new Set<ArrayBufferLike>();
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
