import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encode, NIL, OTHER, PipelineClient, VALUE } from './pipeline-client.js';

const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const resource of open.splice(0)) resource.close();
});

/** A client of a server that answers whatever comes with `reply`, in pieces of `size` bytes. */
async function clientOf(reply: string, size: number): Promise<PipelineClient> {
  const server: Server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const bytes = Buffer.from(reply, 'latin1');
      const write = (at: number): void => {
        if (at < bytes.length) socket.write(bytes.subarray(at, at + size), () => setImmediate(write, at + size));
      };
      write(0);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await PipelineClient.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  open.push(client, server);
  return client;
}

describe.each([1, 2, 3, 7, 1000])('PipelineClient, replies in pieces of %i bytes', (size) => {
  it('tells values, nils and others apart', async () => {
    const client = await clientOf('$3\r\n$-1\r\n$-1\r\n+OK\r\n:42\r\n$0\r\n\r\n$4\r\n\r\n\r\n\r\n', size);
    const kinds = await client.send(Buffer.from('PING\r\n'), 6);
    expect([...kinds]).toEqual([VALUE, NIL, OTHER, OTHER, VALUE, VALUE]);
  });

  it('reads the text of one bulk reply', async () => {
    const client = await clientOf('$11\r\nused:1\r\nx:2\r\n', size);
    expect(await client.command('INFO')).toBe('used:1\r\nx:2');
  });

  it('rejects with an error reply once the batch is complete, and goes on', async () => {
    const client = await clientOf('-OOM no room\r\n+OK\r\n', size);
    await expect(client.send(Buffer.from('PING\r\n'), 2)).rejects.toThrow('OOM no room');
    await expect(client.send(Buffer.from('PING\r\n'), 2)).rejects.toThrow('OOM no room');
  });
});

describe('PipelineClient', () => {
  it('rejects when nobody listens and when the server goes away', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const client = await PipelineClient.connect(address);
    await expect(client.command('PING')).rejects.toThrow();
    await expect(client.command('PING')).rejects.toThrow();
    server.close();
    await once(server, 'close');
    await expect(PipelineClient.connect(address)).rejects.toThrow('ECONNREFUSED');
  });

  it('encodes words as one request', () => {
    expect(encode(['GET', 'k'])).toBe('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n');
  });
});
