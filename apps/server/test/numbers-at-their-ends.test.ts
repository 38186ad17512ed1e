// Every number that the server counts up and writes to its log is one that it reads back: each is driven to its ends, in
// any order, and the data must be the same after a restart, and after a rewrite and a restart.
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '@clone/resp-codec';
import type { Server } from '@clone/server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Client, request } from './support/client.js';
import { start, temporaryDirectory, until } from './support/server.js';

type Command = readonly string[];

const NOW = 1_700_000_000_000;
const INT64_MAX = '9223372036854775807';

const config = (dir: string): Record<string, string> => ({ dir, appendonly: 'yes', appendfsync: 'no' });
const attach = (server: Server): Client => new Client(server.connect());
const open = (dir: string): Promise<Server> => start({ config: config(dir), clock: () => NOW });

/** A reply as text, with integers of any size, and without consumers: no log tells of those that only look. */
function textOf(reply: Reply): string {
  return JSON.stringify(reply, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return Array.isArray(value) && value.at(-2) === 'consumers' ? value.slice(0, -1) : value;
  });
}

/** All that the log has to keep, as text. */
async function state(server: Server): Promise<string[]> {
  const client = attach(server);
  const keys = (await client.call('KEYS', '*')) as string[];
  const lines = [await client.text('DEBUG', 'DIGEST')];
  for (const key of keys.sort()) {
    const type = await client.text('TYPE', key);
    lines.push(`${key} ${type} ${textOf(await client.call('PEXPIRETIME', key))}`);
    if (type === 'stream') lines.push(textOf(await client.call('XINFO', 'STREAM', key, 'FULL', 'COUNT', '0')));
    if (type === 'string') lines.push(textOf(await client.call('GET', key)));
    if (type === 'zset') lines.push(textOf(await client.call('ZRANGE', key, '0', '-1', 'WITHSCORES')));
    if (type === 'list') lines.push(textOf(await client.call('LRANGE', key, '0', '-1')));
    if (type === 'set') lines.push(textOf(((await client.call('SMEMBERS', key)) as string[]).sort()));
    if (type !== 'hash') continue;
    const fields = ((await client.call('HKEYS', key)) as string[]).sort();
    lines.push(textOf(await client.call('HMGET', key, ...fields)));
    lines.push(textOf(await client.call('HPEXPIRETIME', key, 'FIELDS', String(fields.length), ...fields)));
  }
  return lines;
}

/** Runs the commands, whatever they say, and compares. Answers the replies. */
async function expectToSurvive(commands: readonly Command[]): Promise<Reply[]> {
  const dir = temporaryDirectory();
  const first = await open(dir);
  const replies = await attach(first).pipeline(commands);
  const before = await state(first);
  expect(before.filter((each) => each.startsWith('["length"')).join()).not.toMatch(/[^-\d]-?9223372036854775808"/);
  await first.stop();
  const second = await open(dir);
  expect(await state(second)).toEqual(before);
  const client = attach(second);
  await client.call('BGREWRITEAOF');
  await until(async () => (await client.info('aof_rewrite_in_progress')) === '0');
  expect(await client.info('aof_last_bgrewrite_status')).toBe('ok');
  await second.stop();
  const third = await open(dir);
  expect(await state(third)).toEqual(before);
  await third.stop();
  return replies;
}

const line = (text: string): Command => text.split(' ');
const lines = (...texts: readonly string[]): Command[] => texts.map(line);

test('a group that has read as much as can be counted reads on, and the log can be loaded', async () => {
  const replies = await expectToSurvive(
    lines(
      'XADD s 1-1 a b',
      `XGROUP CREATE s g 0 ENTRIESREAD ${INT64_MAX}`,
      'XREADGROUP GROUP g c NOACK STREAMS s >',
      'XADD s 2-1 a b',
      'XREADGROUP GROUP g c STREAMS s >',
      'XINFO GROUPS s',
    ),
  );
  expect(textOf(replies.at(-1) ?? null)).toContain(`"entries-read","${INT64_MAX}"`);
});

test('a stream to which as much was added as can be counted takes more, and the log can be loaded', async () => {
  await expectToSurvive(
    lines('XADD s 1-1 a b', `XSETID s 1-1 ENTRIESADDED ${INT64_MAX}`, 'XADD s 2-1 a b', 'XGROUP CREATE s g $'),
  );
});

test('an entry that was delivered as often as can be counted is delivered again, and the log can be loaded', async () => {
  const replies = await expectToSurvive(
    lines(
      'XADD s 1-1 a b',
      'XGROUP CREATE s g 0',
      'XREADGROUP GROUP g c STREAMS s >',
      `XCLAIM s g c 0 1-1 RETRYCOUNT ${INT64_MAX}`,
      'XREADGROUP GROUP g c STREAMS s 0',
      'XCLAIM s g c 0 1-1',
      'XAUTOCLAIM s g c 0 0',
      'XPENDING s g - + 1',
    ),
  );
  expect(textOf(replies.at(-1) ?? null)).toContain(INT64_MAX);
});

const IDS = [
  '0-1',
  '1-1',
  '1-18446744073709551615',
  '9007199254740993-9007199254740993',
  '9223372036854775807-9223372036854775808',
  '18446744073709551615-18446744073709551614',
  '18446744073709551615-18446744073709551615',
];
const INTEGERS = [
  '-9223372036854775808',
  '-9223372036854775807',
  '-9007199254740993',
  '-1',
  '0',
  '1',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '9223372036854775806',
  INT64_MAX,
];
const FLOATS = [
  'inf',
  '-inf',
  '-0',
  '0',
  '5e-324',
  '-5e-324',
  '2.2250738585072011e-308',
  '1.7976931348623157e308',
  '-1.7976931348623157e308',
  '0.1',
  '1234567890.1234567',
  '9007199254740993',
  '0.30000000000000004',
  '1e17',
  '-1e-7',
];
/** Ms since epoch: now, and what may stand there. */
const TIMES = [
  String(NOW + 1),
  String(NOW + 86_400_000),
  '70368744177663',
  '9007199254740993',
  '9223372036854775806',
  INT64_MAX,
];

const id = fc.constantFrom(...IDS);
const integer = fc.constantFrom(...INTEGERS);
const float = fc.constantFrom(...FLOATS);
const time = fc.constantFrom(...TIMES);
const member = fc.constantFrom('a', 'b', '9223372036854775807', '-9223372036854775808', '007', '-0', '');
const stream = fc.constantFrom('s', 's2');
const group = fc.constantFrom('g', 'h');
const consumer = fc.constantFrom('c', 'd');
/** Some of the fields, in an order that does not matter. */
const any = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<Command> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)));

const command: fc.Arbitrary<Command> = fc.oneof(
  any('XADD', stream, id, 'f', 'v'),
  any('XADD', stream, '18446744073709551615-*', 'f', 'v'),
  any('XADD', stream, '*', 'f', 'v'),
  any('XDEL', stream, id),
  any('XTRIM', stream, 'MAXLEN', fc.constantFrom('0', '1', INT64_MAX)),
  any('XTRIM', stream, 'MINID', id),
  any('XSETID', stream, id),
  any('XSETID', stream, id, 'ENTRIESADDED', integer),
  any('XSETID', stream, id, 'ENTRIESADDED', integer, 'MAXDELETEDID', id),
  any('XGROUP', 'CREATE', stream, group, id, 'MKSTREAM', 'ENTRIESREAD', integer),
  any('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM'),
  any('XGROUP', 'SETID', stream, group, fc.oneof(id, fc.constantFrom('0', '$', '+')), 'ENTRIESREAD', integer),
  any('XREADGROUP', 'GROUP', group, consumer, 'COUNT', '1', 'STREAMS', stream, '>'),
  any('XREADGROUP', 'GROUP', group, consumer, 'NOACK', 'STREAMS', stream, '>'),
  any('XCLAIM', stream, group, consumer, '0', id, 'RETRYCOUNT', integer),
  any('XCLAIM', stream, group, consumer, '0', id, 'FORCE', 'RETRYCOUNT', integer, 'IDLE', integer),
  any('XCLAIM', stream, group, consumer, '0', id, 'TIME', integer, 'LASTID', id),
  any('XAUTOCLAIM', stream, group, consumer, '0', '-'),
  any('XACK', stream, group, id),
  any('SET', 'n', integer),
  any('INCRBY', 'n', integer),
  any('DECRBY', 'n', integer),
  any('INCRBYFLOAT', 'x', float),
  any('HINCRBY', 'h', member, integer),
  any('HINCRBYFLOAT', 'h2', member, float),
  any('ZADD', 'z', float, member),
  any('ZADD', 'z', 'INCR', float, member),
  any('ZINCRBY', 'z', float, member),
  any('SADD', 'set', integer, member),
  any('RPUSH', 'list', integer, member),
  any('PEXPIREAT', fc.constantFrom('n', 'x', 'h', 'z', 's', 'set', 'list'), time),
  any(
    'EXPIREAT',
    fc.constantFrom('n', 'x', 'h', 'z', 's', 'set', 'list'),
    fc.constantFrom('9223372036854775', INT64_MAX),
  ),
  any('PEXPIRE', 'n', fc.constantFrom('9223372036854775807', '9223370336854775807', '1')),
  any('SET', 'n', '1', 'PXAT', time),
  any('HPEXPIREAT', 'h', time, 'FIELDS', '1', member),
  any('HEXPIREAT', 'h', fc.constantFrom('70368744177', '70368744178'), 'FIELDS', '1', member),
  any('BITFIELD', 'bits', 'OVERFLOW', fc.constantFrom('WRAP', 'SAT', 'FAIL'), 'INCRBY', 'i64', '0', integer),
  any('GEOADD', 'geo', fc.constantFrom('-180', '180', '0'), fc.constantFrom('-85.05112878', '85.05112878'), member),
);

test('whatever counters, ids, times, scores and sizes are driven to, a restart and a rewrite keep them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60 }), async (commands) => {
      await expectToSurvive(commands);
    }),
    { numRuns: 30, seed: 9 },
  );
});

test('a log in which a counter has gone past its end is loaded, with the counter at its end', async () => {
  const dir = temporaryDirectory();
  const directory = join(dir, 'appendonlydir');
  mkdirSync(directory);
  writeFileSync(join(directory, 'appendonly.aof.manifest'), 'file appendonly.aof.1.incr.aof seq 1 type i\n');
  const log = join(directory, 'appendonly.aof.1.incr.aof');
  for (const text of [
    'SELECT 0',
    'XADD s 1-1 a b',
    'XSETID s 1-1 ENTRIESADDED -9223372036854775808 MAXDELETEDID 0-0',
    'XGROUP CREATE s grown 0 ENTRIESREAD 9223372036854775808',
    'XGROUP CREATE s wrapped 0 ENTRIESREAD -9223372036854775808',
    'XGROUP SETID s grown 1-1 ENTRIESREAD 9223372036854775809',
    'XCLAIM s grown c 0 1-1 RETRYCOUNT -9223372036854775808 FORCE JUSTID',
    'XADD s 9-9 a b',
    'XDEL s 9-9',
    'XSETID s 2-2',
  ])
    appendFileSync(log, request(...line(text)));
  expect(readdirSync(directory)).toHaveLength(2);
  const server = await open(dir);
  const text = (await state(server)).join('\n');
  expect(text).toContain(`"entries-added","${INT64_MAX}"`);
  expect(text.split(`"entries-read","${INT64_MAX}"`)).toHaveLength(3);
  expect(text).toContain('"last-generated-id","2-2","max-deleted-entry-id","9-9"');
  expect(text).toContain(`["1-1","c",${NOW},"${INT64_MAX}"]`);
});
