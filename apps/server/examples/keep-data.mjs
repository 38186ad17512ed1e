// An append-only file keeps the data over a restart. No socket: the server is asked through a stream.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from '@clone/server';

const dir = await mkdtemp(join(tmpdir(), 'keep-data-'));
const options = { port: false, config: { appendonly: 'yes', appendfsync: 'always', dir } };

async function ask(server, line) {
  const stream = server.connect();
  stream.end(`${line}\r\n`);
  const [reply] = await once(stream, 'data');
  return reply.toString().trim();
}

const first = await createServer(options);
console.log(await ask(first, 'HSET user name huy city hanoi'));
await first.stop();

const second = await createServer(options);
console.log(await ask(second, 'HGET user city'));
await second.stop();
await rm(dir, { recursive: true });
