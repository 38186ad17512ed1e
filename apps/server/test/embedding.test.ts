// A server inside another program: it starts and stops in no time, and leaves nothing behind.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError, createServer } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { Client, dial, Wire } from './support/client.js';
import { connect, start, temporaryDirectory, turn, until } from './support/server.js';

interface Handle {
  readonly constructor: { readonly name: string };
}

function openHandles(): Handle[] {
  return (process as unknown as { _getActiveHandles(): Handle[] })._getActiveHandles();
}

/** Remembers what is open now; the answer tells what was opened since and is still open. */
function watchHandles(): () => Promise<string[]> {
  const before = new Set(openHandles());
  return async () => {
    // What is closed is gone some turns later.
    for (let i = 0; i < 5; i++) await turn();
    return openHandles()
      .filter((handle) => !before.has(handle))
      .map((handle) => handle.constructor.name);
  };
}

describe('start and stop', () => {
  test('port 0 is any free port, and each of several servers has its own data', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map((server) => server.port)).size).toBe(3);
    expect(servers[0].host).toBe('127.0.0.1');
    const clients = await Promise.all(servers.map(connect));
    await Promise.all(clients.map((client, i) => client.call('SET', 'who', i)));
    expect(await Promise.all(clients.map((client) => client.call('GET', 'who')))).toEqual(['0', '1', '2']);
    await servers[0].stop();
    expect(await clients[1]!.call('PING')).toBe('PONG');
    expect(await clients[0]!.call('PING')).toBe('(closed)');
  });

  test('start and stop together are a matter of milliseconds', async () => {
    await (await createServer()).stop();
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const begin = performance.now();
      await (await createServer()).stop();
      times.push(performance.now() - begin);
    }
    times.sort((a, b) => a - b);
    // 2 ms on an idle machine; test machines are busy.
    expect(times[4]).toBeLessThan(60);
  });

  test('nothing is open after a stop, though clients were busy', async () => {
    const opened = watchHandles();
    const directory = temporaryDirectory();
    const server = await start({ config: { appendonly: 'yes', dir: directory, unixsocket: join(directory, 's') } });
    const clients = await Promise.all([connect(server), connect(server), Client.open({ path: join(directory, 's') })]);
    clients.push(new Client(server.connect()));
    const load = clients.map(async (client) => {
      let answered = 0;
      while ((await client.pipeline(Array.from({ length: 50 }, (_, i) => ['SET', i, 'x'])))[49] === 'OK') answered++;
      return answered;
    });
    await until(async () => Number(await clients[0].info('total_commands_processed')) > 1000);
    await server.stop();
    expect(Math.min(...(await Promise.all(load)))).toBeGreaterThan(0);
    await Promise.all(clients.map((client) => client.closed));
    expect(await opened()).toEqual([]);
    expect(existsSync(join(directory, 's'))).toBe(false);
  });

  test('stop is the same promise however often it is called, and settles `closed`', async () => {
    const server = await start();
    const first = server.stop();
    expect(server.stop()).toBe(first);
    await first;
    await server.stop();
    await server.closed;
    expect(() => server.connect()).toThrow('has stopped');
  });

  test('a client that reads nothing delays a stop by half a second at most', async () => {
    const server = await start();
    const idle = await dial({ port: server.port });
    idle.on('error', () => undefined);
    await new Client(server.connect()).call('SET', 'big', 'x'.repeat(1 << 20));
    idle.write('GET big\r\n'.repeat(100));
    const client = new Client(server.connect());
    await until(async () => Number(await client.info('mem_clients_normal')) > 1 << 20);
    await server.stop();
    expect(server.keyspace.databases[0]!.size).toBe(0);
    idle.destroy();
  });

  test('SHUTDOWN stops it without a reply, and nothing behind it is executed', async () => {
    const directory = temporaryDirectory();
    const config = { appendonly: 'yes', dir: directory };
    const server = await start({ config });
    const wire = await Wire.open({ port: server.port });
    wire.send('SET a 1\r\nSHUTDOWN\r\nSET b 2\r\n');
    expect(await wire.ended).toBe('+OK\r\n');
    await server.closed;
    const again = new Client((await start({ config })).connect());
    expect(await again.call('KEYS', '*')).toEqual(['a']);
  });

  test('a process that stopped its server ends by itself', async () => {
    const script = `
      const { createServer } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)});
      const { connect } = await import('node:net');
      const server = await createServer({ config: { appendonly: 'yes', dir: process.argv[1] } });
      const socket = connect(server.port, '127.0.0.1');
      socket.write('SET a 1\\r\\n');
      await new Promise((resolve) => socket.once('data', resolve));
      await server.stop();
      console.log('stopped');`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script, temporaryDirectory()],
      { timeout: 20_000 },
    );
    expect(stdout).toBe('stopped\n');
  });
});

describe('server.connect()', () => {
  test('is a connection without a socket', async () => {
    const server = await start({ port: false });
    expect(server.port).toBe(0);
    const client = new Client(server.connect());
    expect(await client.call('SET', 'k', 'v')).toBe('OK');
    expect(await client.call('GET', 'k')).toBe('v');
    expect(await client.call('CLIENT', 'LIST')).toMatch(/addr=in-process:0/);
    client.stream.end();
    await client.closed;
    expect(await new Client(server.connect()).info('connected_clients')).toBe('1');
  });

  test('what was asked before the end is answered before the end', async () => {
    const server = await start({ port: false });
    const stream = server.connect();
    stream.end('SET k v\r\nGET k\r\n');
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(stream, 'end');
    expect(Buffer.concat(chunks).toString()).toBe('+OK\r\n$1\r\nv\r\n');
  });

  test('a data handler may write and destroy at once', async () => {
    const server = await start({ port: false });
    const stream = server.connect();
    let replies = 0;
    stream.on('data', (chunk: Buffer) => {
      replies += chunk.toString().split('\r\n').length - 1;
      if (replies === 5) stream.destroy();
      else if (replies < 5) stream.write('PING\r\n');
    });
    stream.write('PING\r\nPING\r\n');
    await once(stream, 'close');
    expect(replies).toBe(5);
  });

  test('a reader that stops reading stops the server from reading, and both go on later', async () => {
    const server = await start({ port: false });
    const helper = new Client(server.connect());
    await helper.call('SET', 'big', 'x'.repeat(1 << 20));
    const stream = server.connect();
    const requests = 40;
    for (let i = 0; i < requests; i++) stream.write('GET big\r\n');
    await turn();
    expect(stream.readableLength).toBeLessThan(3 << 20);
    let length = 0;
    for await (const chunk of stream) {
      length += (chunk as Buffer).length;
      if (length === requests * ((1 << 20) + '$1048576\r\n\r\n'.length)) break;
    }
    expect(stream.destroyed).toBe(true);
  });
});

describe('a server that cannot start says why, and leaves nothing open', () => {
  test.each([
    [{ nonsense: '1' }, /nonsense/],
    [{ maxmemory: 'lots' }, /argument must be a memory value/],
    [{ dir: '/does/not/exist' }, /No such file or directory/],
  ])('bad configuration %j', async (config, message) => {
    const opened = watchHandles();
    const failure: unknown = await createServer({ config: config as Record<string, string> }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toMatch(message);
    expect(await opened()).toEqual([]);
  });

  test('a port in use', async () => {
    const other = createNetServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const opened = watchHandles();
    const path = join(temporaryDirectory(), 's');
    await expect(createServer({ port, config: { unixsocket: path } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    expect(await opened()).toEqual([]);
    other.close();
  });

  test('a Unix socket where none can be', async () => {
    const opened = watchHandles();
    const path = join(temporaryDirectory(), 'missing', 's');
    await expect(createServer({ config: { unixsocket: path } })).rejects.toMatchObject({
      code: expect.any(String) as string,
    });
    expect(await opened()).toEqual([]);
  });

  // Root may write everywhere: a file in the place of the directory stands for what cannot be written.
  test('a directory that cannot be written', async () => {
    const opened = watchHandles();
    const dir = temporaryDirectory();
    writeFileSync(join(dir, 'appendonlydir'), '');
    await expect(createServer({ config: { appendonly: 'yes', dir } })).rejects.toMatchObject({ code: 'ENOTDIR' });
    if (process.getuid?.() !== 0) {
      const readOnly = join(dir, 'readonly');
      mkdirSync(readOnly);
      chmodSync(readOnly, 0o500);
      await expect(createServer({ config: { appendonly: 'yes', dir: readOnly } })).rejects.toMatchObject({
        code: 'EACCES',
      });
    }
    expect(await opened()).toEqual([]);
  });

  test('a damaged append-only file', async () => {
    const opened = watchHandles();
    const dir = temporaryDirectory();
    const aof = join(dir, 'appendonlydir');
    mkdirSync(aof);
    writeFileSync(join(aof, 'appendonly.aof.manifest'), 'file appendonly.aof.1.incr.aof seq 1 type i\n');
    writeFileSync(
      join(aof, 'appendonly.aof.1.incr.aof'),
      '*1\r\n$4\r\nPING\r\nnonsense in the middle\r\n*1\r\n$4\r\nPING\r\n',
    );
    const failure: unknown = await createServer({ config: { appendonly: 'yes', dir } }).catch(
      (error: unknown) => error,
    );
    expect((failure as Error).message).toMatch(/appendonly\.aof\.1\.incr\.aof at offset 14/);
    expect(await opened()).toEqual([]);
  });
});
