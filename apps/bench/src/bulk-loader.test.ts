import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EntryBatch, load, NUMBER } from './bulk-loader.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers every request (one per `*`) with a line, a byte at a time. */
async function lineServer(reply: string): Promise<{ port: number; keys: string[] }> {
  const keys: string[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      keys.push(...(text.match(/key:\d{12}/g) ?? []));
      for (const byte of reply.repeat(text.split('*').length - 1)) socket.write(byte);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, keys };
}

describe('load', () => {
  it('sends every entry once, over several connections, with a last batch that is not full', async () => {
    const { port, keys } = await lineServer('+OK\r\n');
    const entry = ['SET', `key:${NUMBER}`, 'v'];
    await load({ host: '127.0.0.1', port }, { entry, count: 107, first: 5, connections: 3, pipeline: 10 });
    const expected = Array.from({ length: 107 }, (_, i) => `key:${String(i + 5).padStart(12, '0')}`);
    expect(keys.sort()).toEqual(expected);
  });

  it('rejects with an error reply', async () => {
    const { port } = await lineServer('-OOM\r\n');
    const options = { entry: ['SET', `key:${NUMBER}`, 'v'], count: 1, connections: 1, pipeline: 1 };
    await expect(load({ host: '127.0.0.1', port }, options)).rejects.toThrow('-');
  });
});

describe('EntryBatch', () => {
  it('writes the number wherever the template has it', () => {
    const batch = new EntryBatch(['SET', `k:${NUMBER}`, NUMBER], 2);
    expect(Buffer.from(batch.bytes(9, 2)).toString()).toBe(
      '*3\r\n$3\r\nSET\r\n$14\r\nk:000000000009\r\n$12\r\n000000000009\r\n' +
        '*3\r\n$3\r\nSET\r\n$14\r\nk:000000000010\r\n$12\r\n000000000010\r\n',
    );
    expect(batch.bytes(123_456_789_012, 1)).toHaveLength(53);
    expect(Buffer.from(batch.bytes(123_456_789_012, 1)).toString()).toContain('k:123456789012');
  });
});
