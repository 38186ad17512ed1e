// Commands of the log that the server refuses: the start is refused in one line that says what and where; or they are
// skipped, because the operator says so, with a line for each. Either way the files stay as they are.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCommand } from '@clone/resp-codec';
import type { Server } from '@clone/server';
import { describe, expect, test } from 'vitest';
import { Client } from './support/client.js';
import { start, temporaryDirectory, turn, until } from './support/server.js';

const INCR = 'appendonly.aof.1.incr.aof';
const DEFAULT = { appendonly: 'yes', appendfsync: 'no' };
const SKIP = { ...DEFAULT, 'aof-load-skip-rejected': 'yes' };

/** A directory whose log has these commands, and the offset of each of them. */
function logOf(...lines: readonly string[]): { dir: string; offsets: number[] } {
  const dir = temporaryDirectory();
  const log = join(dir, 'appendonlydir');
  mkdirSync(log);
  const commands = lines.map((line) => encodeCommand(line.split(' ')));
  let end = 0;
  const offsets = commands.map(({ length }) => (end += length) - length);
  writeFileSync(join(log, INCR), Buffer.concat(commands));
  writeFileSync(join(log, 'appendonly.aof.manifest'), `file ${INCR} seq 1 type i\n`);
  return { dir, offsets };
}

function filesOf(dir: string): Record<string, string> {
  const log = join(dir, 'appendonlydir');
  return Object.fromEntries(readdirSync(log).map((name) => [name, readFileSync(join(log, name), 'latin1')]));
}

async function load(dir: string, config: Record<string, string>): Promise<{ server: Server; lines: string[] }> {
  const lines: string[] = [];
  const log = (level: string, line: string): void => {
    if (level === 'warning') lines.push(line);
  };
  return { server: await start({ port: false, log, config: { ...config, dir } }), lines };
}

/** The error of a start that must fail, after checking that it left the files alone. */
async function refusal(dir: string, config: Record<string, string>): Promise<string> {
  const before = filesOf(dir);
  const error: unknown = await load(dir, config).catch((reason: unknown) => reason);
  expect(filesOf(dir)).toEqual(before);
  if (!(error instanceof Error)) throw new Error('it was not refused');
  return error.message;
}

const call = (server: Server, line: string): Promise<unknown> => new Client(server.connect()).call(...line.split(' '));

const end = (count: number): string =>
  `Skipped ${count} commands or transactions of the append only file, because aof-load-skip-rejected is yes. The files still have them: make a backup; BGREWRITEAOF writes the log without them, and it does not rewrite itself before`;

describe('a command that cannot be applied', () => {
  test('keeps the server from starting, in a line with file, offset, command, key and error', async () => {
    const { dir, offsets } = logOf('SET a 1', 'LPUSH a 2', 'SET b 3');
    expect(await refusal(dir, DEFAULT)).toBe(
      `Cannot apply the command at offset ${offsets[1]} of the append only file ${INCR}: LPUSH "a": WRONGTYPE Operation against a key holding the wrong kind of value. Make a backup; aof-load-skip-rejected yes starts without what cannot be applied`,
    );
  });

  test('is skipped with aof-load-skip-rejected, with a line; the files stay', async () => {
    const { dir, offsets } = logOf('SET a 1', 'LPUSH a 2', 'NOSUCH k', 'XGROUP CREATE none g 0', 'GET', 'SET b 3');
    const before = filesOf(dir);
    const { server, lines } = await load(dir, SKIP);
    const at = (i: number): string => `Skipped the command at offset ${offsets[i]} of the append only file ${INCR}:`;
    expect(lines).toEqual([
      `${at(1)} LPUSH "a": WRONGTYPE Operation against a key holding the wrong kind of value`,
      `${at(2)} "NOSUCH": unknown command or wrong number of arguments`,
      `${at(3)} XGROUP CREATE "none": ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.`,
      `${at(4)} GET: unknown command or wrong number of arguments`,
      end(4),
    ]);
    expect(await call(server, 'MGET a b')).toEqual(['1', '3']);
    await server.stop();
    expect(filesOf(dir)).toEqual(before);
  });

  test('has no line of its own behind the first hundred', async () => {
    const { dir } = logOf('SET a 1', ...Array.from({ length: 150 }, () => 'LPUSH a 2'));
    const { lines } = await load(dir, SKIP);
    expect(lines).toHaveLength(102);
    expect(lines.slice(100)).toEqual(['More skipped commands are only counted', end(150)]);
  });

  test('stays in the log until a rewrite is asked for, however much the log grows', async () => {
    const { dir } = logOf('SET a 1', 'LPUSH a 2');
    const growing = { 'auto-aof-rewrite-min-size': '0', 'auto-aof-rewrite-percentage': '1', hz: '500' };
    const { server } = await load(dir, { ...SKIP, ...growing });
    const client = new Client(server.connect());
    await client.call('SET', 'b', 'x'.repeat(1000));
    const rewrites = (): Promise<string> => client.info('aof_rewrites');
    const ticks = (): number => server.keyspace.now;
    for (const from = ticks(); ticks() < from + 50;) {
      await client.call('PING');
      await turn();
    }
    expect(await rewrites()).toBe('0');
    await client.call('BGREWRITEAOF');
    await until(async () => (await rewrites()) === '1');
    await until(async () => {
      await client.call('APPEND', 'c', 'x'.repeat(1000));
      return (await rewrites()) !== '1';
    });
    await server.stop();
    const next = await load(dir, DEFAULT);
    expect(next.lines).toEqual([]);
    expect(await call(next.server, 'GET a')).toBe('1');
  });
});

describe('a transaction with a command that cannot be applied', () => {
  const lines = [
    'SET a 1',
    'MULTI',
    'INCR a',
    'SELECT 3',
    'SET b 2',
    'LPUSH b 3',
    'SELECT 4',
    'INCR c',
    'EXEC',
    'SET d 5',
  ];

  test('keeps the server from starting', async () => {
    const { dir, offsets } = logOf(...lines);
    expect(await refusal(dir, DEFAULT)).toMatch(
      `Cannot apply the transaction at offset ${offsets[1]} of the append only file ${INCR}: LPUSH "b": WRONGTYPE`,
    );
  });

  test('is skipped as a whole; what follows goes to the database that it selects', async () => {
    const { dir, offsets } = logOf(...lines, 'LPUSH d 6', 'MULTI', 'SET e 7', 'EXEC');
    const { server, lines: said } = await load(dir, SKIP);
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
    expect(said).toEqual([
      `Skipped the transaction at offset ${offsets[1]} of the append only file ${INCR}: LPUSH "b": ${wrongType}`,
      `Skipped the command at offset ${offsets[10]} of the append only file ${INCR}: LPUSH "d": ${wrongType}`,
      end(2),
    ]);
    expect(await call(server, 'GET a')).toBe('1');
    expect(server.keyspace.databases.map(({ size }) => size).filter((size) => size > 0)).toEqual([1, 2]);
    const client = new Client(server.connect());
    expect(
      await client.pipeline([
        ['SELECT', 4],
        ['MGET', 'c', 'd', 'e'],
      ]),
    ).toEqual(['OK', [null, '5', '7']]);
  });

  test('is skipped wherever it stands, also when another one made it fail', async () => {
    const { dir } = logOf(
      ...['MULTI', 'SET a x', 'INCR a', 'EXEC', 'MULTI', 'INCR a', 'INCR a', 'EXEC'],
      ...['MULTI', 'LPUSH a 1', 'SET b 2', 'EXEC', 'MULTI', 'SET b 3', 'EXEC'],
    );
    const { server, lines: said } = await load(dir, SKIP);
    expect(said.at(-1)).toBe(end(2));
    expect(await call(server, 'MGET a b')).toEqual(['2', '3']);
  });
});

describe('a log that uses more databases than there are', () => {
  test.each([
    ['SELECT 5', 'SELECT', 5],
    ['SWAPDB 0 6', 'SWAPDB', 6],
    ['MOVE k 7', 'MOVE "k"', 7],
    ['COPY k l REPLACE DB 8', 'COPY "k"', 8],
  ])(
    'is refused in a line that names the database and the parameter, skipping or not: %s',
    async (line, what, database) => {
      const { dir, offsets } = logOf('SET k 1', line, 'SET other 2');
      const error = `Cannot apply the command at offset ${offsets[1]} of the append only file ${INCR}: ${what}: ERR DB index is out of range: it needs database ${database}, and \`databases\` is 4. Start with databases ${database + 1} or more`;
      expect(await refusal(dir, { ...DEFAULT, databases: '4' })).toBe(error);
      expect(await refusal(dir, { ...SKIP, databases: '4' })).toBe(error);
      await load(dir, { ...DEFAULT, databases: String(database + 1) });
    },
  );
});

describe('renamed commands', () => {
  const renamed = { ...DEFAULT, 'rename-command': 'SET put' };

  test('are read by their own name and, from a log of redis-server, by the one that clients call', async () => {
    const { dir } = logOf('put a 1', 'SET b 2');
    const { server } = await load(dir, renamed);
    expect(await call(server, 'MGET a b')).toEqual(['1', '2']);
  });

  test('are named in the line that refuses a log of redis-server without their names', async () => {
    const { dir } = logOf('put a 1');
    expect(await refusal(dir, DEFAULT)).toMatch(': "put": unknown command or wrong number of arguments.');
  });

  test('are read though clients have them no more', async () => {
    const { dir } = logOf('SET a 1', 'FLUSHALL', 'SET a 2');
    const { server } = await load(dir, { ...DEFAULT, 'rename-command': 'FLUSHALL ""' });
    expect(await call(server, 'GET a')).toBe('2');
  });
});
