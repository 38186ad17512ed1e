// The data directory: one server at a time, and nothing in it that was not read is deleted,
// emptied or replaced.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryLockedError } from '@clone/server';
import { afterEach, describe, expect, test } from 'vitest';
import { Client, request } from './support/client.js';
import { ControlledDisk } from './support/controlled-disk.js';
import { everyKind } from './support/data.js';
import { socketPath, start, temporaryDirectory, until } from './support/server.js';

const program = fileURLToPath(new URL('../bin/clone-server.js', import.meta.url));
const kills: (() => void)[] = [];
afterEach(() => {
  for (const kill of kills.splice(0)) kill();
});

const attach = (server: Awaited<ReturnType<typeof start>>): Client => new Client(server.connect());

/** Every file below a directory by its path in it, with its bytes. */
function contents(directory: string, prefix = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (statSync(path).isDirectory())
      for (const [key, value] of contents(path, `${prefix}${name}/`)) files.set(key, value);
    else files.set(prefix + name, readFileSync(path, 'latin1'));
  }
  return files;
}

/** Puts a log there that holds one key. */
function putLog(directory: string, value: string, appendDirName = 'appendonlydir', name = 'appendonly.aof'): void {
  const path = join(directory, appendDirName);
  mkdirSync(path, { recursive: true });
  const base = `${name}.1.base.aof`;
  const incr = `${name}.1.incr.aof`;
  writeFileSync(join(path, base), request('SET', 'base', value));
  writeFileSync(join(path, incr), request('SET', 'incr', value));
  writeFileSync(join(path, `${name}.manifest`), `file ${base} seq 1 type b\nfile ${incr} seq 1 type i\n`);
}

interface Daemon {
  readonly pid: number;
  readonly path: string;
  readonly errors: () => string;
  readonly exit: Promise<number | null>;
  readonly ready: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

function daemon(dir: string, ...more: string[]): Daemon {
  const path = socketPath();
  const words = ['--port', '0', '--unixsocket', path, '--dir', dir, '--appendonly', 'yes', ...more];
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  kills.push(() => child.kill('SIGKILL'));
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready on')) resolve();
    });
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { pid: child.pid!, path, errors: () => errors, exit, ready, kill: (signal) => child.kill(signal) };
}

describe('two servers on one directory', () => {
  test('in one process: the second is refused by a typed error, and changes nothing', async () => {
    const config = { appendonly: 'yes', dir: temporaryDirectory() };
    const first = await start({ config });
    await attach(first).pipeline(everyKind());
    await attach(first).call('WAITAOF', 1, 0, 0);
    const before = contents(config.dir);
    const error: unknown = await start({ config }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DirectoryLockedError);
    expect(error).toMatchObject({ pid: process.pid, path: config.dir });
    expect(contents(config.dir)).toEqual(before);
    expect([...before.keys()]).toContain('clone.lock');
    await first.stop();
    expect([...contents(config.dir).keys()]).not.toContain('clone.lock');
    await (await start({ config })).stop();
  });

  test('two daemons: one line, exit code 1; a killed one makes room at once', async () => {
    const dir = temporaryDirectory();
    const first = daemon(dir);
    await first.ready;
    const client = await Client.open({ path: first.path });
    await client.call('SET', 'k', 'v');
    await client.call('WAITAOF', 1, 0, 0);
    const second = daemon(dir);
    expect(await second.exit).toBe(1);
    expect(second.errors()).toMatch(
      new RegExp(`^clone-server: the directory '[^\\n]*' is in use by pid ${first.pid} [^\\n]*\\n$`),
    );
    first.kill('SIGKILL');
    await first.exit;
    expect([...contents(dir).keys()]).toContain('clone.lock');
    const third = daemon(dir);
    await third.ready;
    expect(await (await Client.open({ path: third.path })).call('GET', 'k')).toBe('v');
    third.kill('SIGTERM');
    expect(await third.exit).toBe(0);
    expect([...contents(dir).keys()]).not.toContain('clone.lock');
  });

  test('a server that keeps nothing takes no lock and leaves the directory as it is', async () => {
    const dir = temporaryDirectory();
    const lines: string[] = [];
    for (let i = 0; i < 2; i++) {
      const server = await start({ config: { dir }, log: (_level, line) => lines.push(line) });
      await attach(server).pipeline([['SET', 'k', 'v'], ['FLUSHALL']]);
    }
    expect(readdirSync(dir)).toEqual([]);
    expect(lines).toEqual([]);
  });

  test('a start that fails gives the directory back', async () => {
    const dir = temporaryDirectory();
    mkdirSync(join(dir, 'appendonlydir'));
    writeFileSync(join(dir, 'appendonlydir', 'appendonly.aof.manifest'), 'nonsense\n');
    const before = contents(dir);
    await expect(start({ config: { appendonly: 'yes', dir } })).rejects.toThrow(/manifest/);
    expect(contents(dir)).toEqual(before);
  });

  test('CONFIG SET appendonly yes and BGREWRITEAOF are refused while the other one is there', async () => {
    const dir = temporaryDirectory();
    const first = await start({ config: { appendonly: 'yes', dir } });
    const lines: string[] = [];
    const second = await start({ config: { dir }, log: (_level, line) => lines.push(line) });
    const client = attach(second);
    const before = contents(dir);
    const refusal = `-ERR CONFIG SET failed (possibly related to argument 'appendonly') - the directory '${dir}' is in use by another server of this process`;
    expect(await client.call('CONFIG', 'SET', 'appendonly', 'yes')).toContain(refusal);
    expect(await client.call('CONFIG', 'GET', 'appendonly')).toEqual(['appendonly', 'no']);
    await client.call('BGREWRITEAOF');
    await until(async () => (await client.info('aof_last_bgrewrite_status')) === 'err');
    expect(lines.some((line) => line.includes('is in use by'))).toBe(true);
    // In a transaction the reply comes before; the log is then tried again and again.
    await client.pipeline([['MULTI'], ['CONFIG', 'SET', 'appendonly', 'yes'], ['EXEC']]);
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    expect(contents(dir)).toEqual(before);
    await client.call('CONFIG', 'SET', 'appendonly', 'no');
    await first.stop();
    expect(await client.call('CONFIG', 'SET', 'appendonly', 'yes')).toBe('OK');
    await until(async () => (await client.info('aof_last_bgrewrite_status')) === 'ok');
  });

  test('the directory is free again after CONFIG SET appendonly no, and after a rewrite while it is off', async () => {
    const dir = temporaryDirectory();
    const server = await start({ config: { appendonly: 'yes', dir } });
    const client = attach(server);
    const isLocked = (): boolean => readdirSync(dir).includes('clone.lock');
    for (const command of [['CONFIG', 'SET', 'appendonly', 'no'], ['BGREWRITEAOF']]) {
      expect(await client.call(...command)).not.toMatch(/^-/);
      await until(() => !isLocked());
    }
    await client.pipeline([
      ['CONFIG', 'SET', 'appendonly', 'yes'],
      ['CONFIG', 'SET', 'appendonly', 'no'],
      ['CONFIG', 'SET', 'appendonly', 'yes'],
      ['SET', 'k', 'v'],
    ]);
    await until(async () => (await client.info('aof_rewrite_scheduled')) === '0' && isLocked());
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    expect(readdirSync(dir).sort()).toEqual(['appendonlydir', 'clone.lock']);
    await server.stop();
    expect(await attach(await start({ config: { appendonly: 'yes', dir } })).call('GET', 'k')).toBe('v');
  });

  test('a holder whose lock was taken writes nothing more and stops with an error', async () => {
    const dir = temporaryDirectory();
    const clocks = { monotonic: 0, wall: 0 };
    const processFacts = {
      ...{ pid: 77, host: 'test', pidSet: 'container', start: '' },
      isSamePidSet: () => false,
      isAlive: () => true,
      newToken: () => 'a'.repeat(32),
      clocks: () => ({ ...clocks }),
    };
    const server = await start({ config: { appendonly: 'yes', appendfsync: 'always', dir }, processFacts });
    const client = attach(server);
    await client.call('SET', 'k', 'before');
    const lock = readFileSync(join(dir, 'clone.lock'), 'utf8');
    writeFileSync(
      join(dir, 'clone.lock'),
      lock.replace('a'.repeat(32), 'b'.repeat(32)).replace('"pid":77', '"pid":88'),
    );
    const before = contents(dir);
    // It was suspended for a minute.
    clocks.monotonic = 60_000;
    server.once('error', () => undefined);
    expect(await client.call('SET', 'k', 'after')).toBe('(closed)');
    await expect(server.closed).rejects.toMatchObject({ name: 'DirectoryLockedError', pid: 88 });
    expect(contents(dir)).toEqual(before);
  });

  test('a disk without room and a lock file that is none: one line', async () => {
    const disk = new ControlledDisk();
    disk.full = true;
    disk.concerns = () => true;
    const full = temporaryDirectory();
    await expect(start({ config: { appendonly: 'yes', dir: full }, fileSystem: disk })).rejects.toThrow(
      `can't lock the directory '${full}': No space left on device`,
    );
    expect(readdirSync(full)).toEqual([]);
    const client = attach(await start({ config: { dir: full }, fileSystem: disk }));
    expect(await client.call('CONFIG', 'SET', 'appendonly', 'yes')).toMatch(/No space left on device$/);
    expect(await client.call('CONFIG', 'GET', 'appendonly')).toEqual(['appendonly', 'no']);
    expect(readdirSync(full)).toEqual([]);
    const garbage = temporaryDirectory();
    writeFileSync(join(garbage, 'clone.lock'), 'notes');
    await expect(start({ config: { appendonly: 'yes', dir: garbage } })).rejects.toThrow(/is no lock file/);
    expect([...contents(garbage)]).toEqual([['clone.lock', 'notes']]);
  });
});

describe('data that were not read', () => {
  test('are named at the start, one line each with what to do, and are as they were after everything', async () => {
    const dir = temporaryDirectory();
    writeFileSync(join(dir, 'dump.rdb'), 'REDIS0011');
    writeFileSync(join(dir, 'appendonly.aof'), request('SET', 'old', 'style'));
    putLog(dir, 'own');
    putLog(dir, 'other', 'elsewhere');
    putLog(dir, 'named', 'appendonlydir', 'redis.aof');
    mkdirSync(join(dir, 'stray'));
    writeFileSync(join(dir, 'stray', 'x.aof.1.incr.aof'), request('SET', 'x', 'y'));
    const before = contents(dir);
    const lines: string[] = [];
    const server = await start({ config: { dir }, log: (_level, line) => lines.push(line) });
    expect(server.unreadData).toEqual(lines);
    expect(lines).toEqual([
      expect.stringMatching(/^dump\.rdb in .*RDB files are not supported yet/),
      expect.stringMatching(/appendonly\.aof looks like .* before 7\.0.*--appendonly yes/),
      expect.stringMatching(/appendonly\.aof in \S*appendonlydir .*start with --appendonly yes$/),
      expect.stringMatching(
        /redis\.aof in \S*appendonlydir .*start with --appendonly yes --appendfilename redis\.aof$/,
      ),
      expect.stringMatching(/appendonly\.aof in \S*elsewhere .*start with --appendonly yes --appenddirname elsewhere$/),
      expect.stringMatching(/^x\.aof\.1\.incr\.aof in \S*stray .*manifest is missing/),
    ]);
    const client = attach(server);
    expect(await client.call('SAVE')).not.toMatch(/appendonly/);
    expect(await client.call('BGSAVE')).not.toMatch(/appendonly/);
    await client.pipeline([
      ['SET', 'new', '1'],
      ['FLUSHALL'],
      ['SET', 'new', '2'],
      ['CONFIG', 'SET', 'appendonly', 'yes'],
    ]);
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    for (const command of [
      ['BGREWRITEAOF'],
      ['FLUSHALL'],
      ['DEBUG', 'RELOAD'],
      ['DEBUG', 'LOADAOF'],
      ['SET', 'new', '3'],
    ]) {
      expect(await client.call(...command), command.join(' ')).not.toMatch(/^-/);
      await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    }
    await server.stop();
    const after = new Map(
      [...contents(dir)].map(([name, bytes]) => [name.replace(/unread-\d{8}T\d{6}Z/, 'unread'), bytes]),
    );
    for (const [name, bytes] of before) {
      const place = name.replace('appendonlydir/', 'appendonlydir.unread/');
      expect(after.get(place), place).toBe(bytes);
    }
    expect(lines.filter((line) => line.includes('has been moved to'))).toHaveLength(1);
    expect(await attach(await start({ config: { dir, appendonly: 'yes' } })).call('GET', 'new')).toBe('3');
  });

  test('under BGREWRITEAOF while the log is off are moved aside as well, but not what the server itself wrote', async () => {
    const dir = temporaryDirectory();
    putLog(dir, 'own');
    const server = await start({ config: { dir } });
    const client = attach(server);
    for (let i = 0; i < 3; i++) {
      await client.call('SET', 'n', i);
      await client.call('BGREWRITEAOF');
      await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
      await until(() => !readdirSync(dir).includes('clone.lock'));
    }
    const names = readdirSync(dir);
    expect(names.filter((name) => name.includes('.unread-'))).toHaveLength(1);
    const aside = names.find((name) => name.startsWith('appendonlydir.unread-'));
    await server.stop();
    const again = await start({ config: { dir, appendonly: 'yes', appenddirname: aside! } });
    expect(await attach(again).call('MGET', 'base', 'incr')).toEqual(['own', 'own']);
  });

  test('keep a start with appendonly yes from beginning empty over them', async () => {
    const dir = temporaryDirectory();
    mkdirSync(join(dir, 'appendonlydir'));
    writeFileSync(join(dir, 'appendonlydir', 'appendonly.aof.1.base.aof'), request('SET', 'k', 'v'));
    const before = contents(dir);
    const failed = daemon(dir);
    expect(await failed.exit).toBe(1);
    expect(failed.errors()).toMatch(/^clone-server: [^\n]*appendonly\.aof\.1\.base\.aof[^\n]*manifest[^\n]*\n$/);
    expect(contents(dir)).toEqual(before);
  });

  test('DEBUG LOADAOF does not replace what is in memory by what the log replaces', async () => {
    const disk = new ControlledDisk();
    const dir = temporaryDirectory();
    putLog(dir, 'own');
    const client = attach(await start({ config: { dir }, fileSystem: disk }));
    await client.pipeline([
      ['SET', 'k', 'v'],
      ['CONFIG', 'SET', 'appendonly', 'yes'],
    ]);
    disk.hold('write');
    expect(await client.call('DEBUG', 'LOADAOF')).toMatch(/^-ERR the first append only file is still being written/);
    expect(await client.call('GET', 'k')).toBe('v');
    disk.release('write');
  });
});

describe('CONFIG SET dir', () => {
  const config = { 'enable-protected-configs': 'yes' };

  test('is refused while the log is written: what follows would be in one directory and the next start in another', async () => {
    const [dir, other] = [temporaryDirectory(), temporaryDirectory()];
    const client = attach(await start({ config: { ...config, appendonly: 'yes', dir } }));
    expect(await client.call('CONFIG', 'SET', 'dir', other)).toMatch(
      /^-ERR CONFIG SET failed .*'dir'.*appendonly to no first/,
    );
    expect(await client.call('CONFIG', 'GET', 'dir')).toEqual(['dir', dir]);
    expect(await client.call('CONFIG', 'SET', 'dir', dir)).toBe('OK');
  });

  test('while it is off says where the log will be', async () => {
    const [dir, other] = [temporaryDirectory(), temporaryDirectory()];
    putLog(other, 'of another');
    const server = await start({ config: { ...config, dir } });
    const client = attach(server);
    const replies = await client.pipeline([
      ['SET', 'k', 'v'],
      ['CONFIG', 'SET', 'dir', other],
      ['CONFIG', 'SET', 'appendonly', 'yes'],
    ]);
    expect(replies).toEqual(['OK', 'OK', 'OK']);
    await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
    await server.stop();
    expect(readdirSync(dir)).toEqual([]);
    expect(readdirSync(other)).toHaveLength(2);
    expect(await attach(await start({ config: { appendonly: 'yes', dir: other } })).call('GET', 'k')).toBe('v');
  });
});
