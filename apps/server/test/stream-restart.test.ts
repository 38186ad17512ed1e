// Streams through an AOF rewrite: not only their entries are there after the next start, but what is known about them.
import { expect, test } from 'vitest';
import { Client } from './support/client.js';
import { start, temporaryDirectory, until } from './support/server.js';

const questions = [
  ['XINFO', 'STREAM', 's'],
  ['XINFO', 'STREAM', 'empty'],
  ['XINFO', 'STREAM', 'new'],
  ['XINFO', 'GROUPS', 's'],
  ['XINFO', 'GROUPS', 'new'],
  ['XPENDING', 's', 'g'],
  ['XPENDING', 's', 'g', '-', '+', '10', 'alice'],
  ['XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '0'],
  ['XREADGROUP', 'GROUP', 'g', 'bob', 'COUNT', '1', 'STREAMS', 's', '>'],
];

/** Without idle times. */
const steady = (replies: readonly unknown[]): unknown =>
  JSON.parse(JSON.stringify(replies), (_, value: unknown) =>
    Array.isArray(value) && value.length === 4 && value[1] === 'alice' ? [value[0], value[3]] : value,
  );

test('a rewritten stream has its ids, figures, groups and pending entries after a restart', async () => {
  const config = { appendonly: 'yes', dir: temporaryDirectory() };
  const server = await start({ config });
  const client = new Client(server.connect());
  const replies = await client.pipeline([
    ...Array.from({ length: 150 }, (_, i) => ['XADD', 's', `${i + 1}-1`, 'f', `value ${i}`]),
    ['XDEL', 's', '150-1', '3-1'],
    ['XTRIM', 's', 'MAXLEN', 146],
    ['XGROUP', 'CREATE', 's', 'g', '10-1', 'ENTRIESREAD', 10],
    ['XGROUP', 'CREATECONSUMER', 's', 'g', 'bob'],
    ['XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', 3, 'STREAMS', 's', '>'],
    ['XACK', 's', 'g', '12-1'],
    ['XADD', 'empty', '5-5', 'f', 'v'],
    ['XDEL', 'empty', '5-5'],
    ['XGROUP', 'CREATE', 'new', 'g', '$', 'MKSTREAM'],
    ['BGREWRITEAOF'],
  ]);
  expect(replies.filter((reply) => typeof reply === 'string' && reply.startsWith('-'))).toEqual([]);
  await until(async () => (await client.text('INFO', 'persistence')).includes('aof_rewrite_in_progress:0'));
  await server.stop();

  const second = await start({ config });
  const before = await new Client(second.connect()).pipeline(questions);
  expect(JSON.stringify(before)).toContain('"entries-added",150');
  expect(JSON.stringify(before)).toContain('"max-deleted-entry-id","150-1"');
  await second.stop();
  const third = await start({ config });
  const after = await new Client(third.connect()).pipeline(questions.slice(0, 8));
  expect(steady(after.slice(0, 3))).toEqual(steady(before.slice(0, 3)));
  expect(steady(after.slice(6, 8))).toEqual(steady(before.slice(6, 8)));
  await third.stop();
});
