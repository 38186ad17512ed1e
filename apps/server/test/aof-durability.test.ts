// What the server does while the disk is slow, full or broken.
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Client, Wire } from './support/client.js';
import { ControlledDisk } from './support/controlled-disk.js';
import { connect, start, temporaryDirectory, turn, until } from './support/server.js';

function aofConfig(appendfsync: string): Record<string, string> {
  return { appendonly: 'yes', appendfsync, dir: temporaryDirectory() };
}

/** Long enough for a reply that could leave to have arrived. */
async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

describe('appendfsync always', () => {
  test.each([false, true])(
    'no reply that reveals a write leaves before the fsync (plain sockets: %s)',
    async (plainSockets) => {
      const disk = new ControlledDisk();
      const server = await start({ config: aofConfig('always'), fileSystem: disk, plainSockets });
      const address = { port: server.port };
      const writer = await Wire.open(address);
      const reader = await Wire.open(address);
      const inProcess = new Wire(server.connect());
      disk.hold('sync');
      writer.send('SET k v\r\n');
      await until(() => disk.waiting('sync') === 1);
      reader.send('GET k\r\nPING\r\n');
      inProcess.send('GET k\r\n');
      await turns();
      expect([writer.received, reader.received, inProcess.received]).toEqual(['', '', '']);
      // A second batch, behind the fsync that is under way.
      writer.send('SET k w\r\nGET k\r\n');
      await turns();
      disk.release('sync');
      expect(await writer.reached(17)).toBe('+OK\r\n+OK\r\n$1\r\nw\r\n');
      expect(await reader.reached(14)).toBe('$1\r\nv\r\n+PONG\r\n');
      expect(await inProcess.reached(7)).toBe('$1\r\nv\r\n');
    },
  );

  test('readers do not wait while nothing is unsynced', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('always'), fileSystem: disk });
    const client = await connect(server);
    await client.call('SET', 'k', 'v');
    disk.hold('sync');
    expect(await client.call('GET', 'k')).toBe('v');
  });

  test('nobody waits for an fsync during a rewrite with no-appendfsync-on-rewrite, and everybody after it', async () => {
    const disk = new ControlledDisk();
    const config = { ...aofConfig('always'), 'no-appendfsync-on-rewrite': 'yes' };
    const server = await start({ config, fileSystem: disk });
    const client = await connect(server);
    await client.call('SET', 'k', 'v');
    disk.hold('sync');
    await client.call('BGREWRITEAOF');
    expect(await client.call('SET', 'k', 'during')).toBe('OK');
    disk.release('sync');
    const info = async (): Promise<string> => (await client.call('INFO', 'persistence')) as string;
    await until(async () => (await info()).includes('aof_rewrite_in_progress:0'));
    disk.hold('sync');
    const waiting = client.call('SET', 'k', 'after');
    await until(() => disk.waiting('sync') === 1);
    disk.release('sync');
    expect(await waiting).toBe('OK');
  });

  test('one fsync covers all writes that wait', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('always'), fileSystem: disk });
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect(server)));
    disk.hold('sync');
    const first = clients[0]!.call('SET', 'first', '1');
    await until(() => disk.waiting('sync') === 1);
    const others = clients.slice(1).map((client, i) => client.call('SET', `k${i}`, '1'));
    await until(() => server.keyspace.databases[0]!.size === 20);
    const before = disk.syncs;
    disk.release('sync');
    expect(new Set(await Promise.all([first, ...others]))).toEqual(new Set(['OK']));
    expect(disk.syncs - before).toBe(1);
  });

  test('replies that wait leave before a stop closes their connections, and after the client has ended its side', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('always'), fileSystem: disk });
    const wire = await Wire.open({ port: server.port });
    const halfClosed = await Wire.open({ port: server.port });
    disk.hold('sync');
    wire.send('SET a 1\r\n');
    halfClosed.send('INCR b\r\nINCR b\r\n');
    halfClosed.stream.end();
    await until(() => server.keyspace.databases[0]!.size === 2);
    await turns();
    const stopped = server.stop();
    disk.release('sync');
    await stopped;
    expect(await wire.ended).toBe('+OK\r\n');
    expect(await halfClosed.ended).toBe(':1\r\n:2\r\n');
  });

  test('nobody waits any more after a change to a policy that does not wait', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('always'), fileSystem: disk });
    const [writer, other] = [await connect(server), await connect(server)];
    disk.hold('sync');
    const reply = writer.call('SET', 'k', 'v');
    await until(() => disk.waiting('sync') === 1);
    expect(await other.call('CONFIG', 'SET', 'appendfsync', 'no')).toBe('OK');
    expect(await reply).toBe('OK');
    disk.release('sync');
  });

  test('a reader that holds back much for the disk is not read from', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('always'), fileSystem: disk });
    const client = await connect(server);
    await client.call('SET', 'big', 'x'.repeat(1 << 19));
    const reader = await connect(server);
    disk.hold('sync');
    void client.call('SET', 'k', 'v');
    await until(() => disk.waiting('sync') === 1);
    const replies = reader.pipeline(Array.from({ length: 200 }, () => ['GET', 'big']));
    await turns(200);
    expect(server.keyspace.stats.hits).toBeLessThan(10);
    disk.release('sync');
    expect((await replies).every((reply) => typeof reply === 'string' && reply.length === 1 << 19)).toBe(true);
  });

  test.each(['sync', 'write'])(
    'a %s that fails stops the server: `closed` rejects, `error` is emitted, no waiting reply leaves',
    async (what) => {
      const disk = new ControlledDisk();
      const config = aofConfig('always');
      const lines: string[] = [];
      const server = await start({ config, fileSystem: disk, log: (_level, message) => lines.push(message) });
      const writer = await Wire.open({ port: server.port });
      const reader = await Wire.open({ port: server.port });
      writer.send('SET good 1\r\n');
      await writer.reached(5);
      const failed = once(server, 'error');
      disk.hold('sync');
      if (what === 'write') disk.full = true;
      else disk.broken = true;
      writer.send('SET bad 1\r\n');
      reader.send('GET bad\r\n');
      await turns();
      disk.release('sync');
      expect(await writer.ended).toBe('+OK\r\n');
      expect(await reader.ended).toBe('');
      const code = what === 'write' ? 'ENOSPC' : 'EIO';
      await expect(server.closed).rejects.toMatchObject({ code });
      expect((await failed)[0]).toMatchObject({ code });
      await server.stop();
      expect(lines.some((line) => line.includes("fsync policy is 'always'"))).toBe(true);
      await expect(connect(server)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

      const again = await start({ config });
      expect(await new Client(again.connect()).call('KEYS', '*')).toEqual(['good']);
    },
  );
});

describe('appendfsync everysec', () => {
  test('replies do not wait for the disk', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('everysec'), fileSystem: disk });
    disk.hold('sync');
    expect(await (await connect(server)).call('SET', 'k', 'v')).toBe('OK');
    disk.release('sync');
  });

  test('a full disk refuses writes until there is room again; nothing that was accepted is lost', async () => {
    const disk = new ControlledDisk();
    let now = 1_700_000_000_000;
    const config = aofConfig('everysec');
    const server = await start({ config, fileSystem: disk, clock: () => now });
    const client = await connect(server);
    await client.call('SET', 'before', '1');
    await until(async () => (await client.info('aof_buffer_length')) === '0');
    disk.full = true;
    expect(await client.call('SET', 'unwritten', '1')).toBe('OK');
    await until(async () => (await client.info('aof_last_write_status')) === 'err');
    const refusal = '-MISCONF Errors writing to the AOF file: No space left on device';
    expect(await client.pipeline([['SET', 'k', 'v'], ['PING'], ['GET', 'before']])).toEqual([refusal, refusal, '1']);
    disk.full = false;
    now += 1500;
    await until(async () => (await client.info('aof_last_write_status')) === 'ok');
    expect(await client.call('SET', 'after', '1')).toBe('OK');
    const digest = await client.text('DEBUG', 'DIGEST');
    await server.stop();
    const again = new Client((await start({ config })).connect());
    expect(await again.text('DEBUG', 'DIGEST')).toBe(digest);
    expect(await again.call('MGET', 'before', 'unwritten', 'after', 'k')).toEqual(['1', '1', '1', null]);
  });

  test('clients wait for a disk that is far behind', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('everysec'), fileSystem: disk });
    const [writer, other] = [await connect(server), await connect(server)];
    disk.hold('write');
    const value = 'x'.repeat(1 << 20);
    const replies = writer.pipeline(Array.from({ length: 100 }, (_, i) => ['SET', `k${i % 3}`, `${i}${value}`]));
    await until(() => writer.stream.readableLength === 0 && server.keyspace.dirty > 60);
    await turns(200);
    expect(server.keyspace.dirty).toBeLessThan(75);
    disk.release('write');
    expect(new Set(await replies)).toEqual(new Set(['OK']));
    expect(await other.call('PING')).toBe('PONG');
  });

  test('switching the log off ends the refusal', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('everysec'), fileSystem: disk });
    const client = await connect(server);
    disk.full = true;
    await client.call('SET', 'k', 'v');
    await until(async () => (await client.info('aof_last_write_status')) === 'err');
    expect(
      await client.pipeline([
        ['CONFIG', 'SET', 'appendonly', 'no'],
        ['SET', 'k', 'w'],
      ]),
    ).toEqual(['OK', 'OK']);
    await turns();
    expect(await client.call('SET', 'k', 'x')).toBe('OK');
  });

  test('a stop that cannot write says so', async () => {
    const disk = new ControlledDisk();
    const server = await start({ config: aofConfig('everysec'), fileSystem: disk });
    const client = await connect(server);
    disk.full = true;
    await client.call('SET', 'k', 'v');
    await expect(server.stop()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(server.closed).rejects.toMatchObject({ code: 'ENOSPC' });
    await client.closed;
  });
});
