// Blocked clients of a whole server: a clock that the host moves, and what CLIENT LIST says that they hold.
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { createServer, type Server } from './server.js';

let server: Server | undefined;
let time = 1_700_000_000_000;

afterEach(() => server?.stop());

async function start(): Promise<Server> {
  server = await createServer({ port: false, clock: () => time });
  return server;
}

function connect(of: Server): { stream: Duplex; received: () => string } {
  const stream = of.connect();
  let text = '';
  stream.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  return { stream, received: () => text };
}

/** Sends a line and waits for what comes. */
async function ask({ stream }: { stream: Duplex }, line: string): Promise<string> {
  const data = once(stream, 'data');
  stream.write(`${line}\r\n`);
  return String((await data)[0]);
}

/** The fields of the line of CLIENT LIST of a client. */
function fields(line: string): Record<string, string> {
  return Object.fromEntries(
    line
      .trim()
      .split(' ')
      .map((field) => field.split('=') as [string, string]),
  );
}

async function blocked(of: Server, line: string): Promise<ReturnType<typeof connect>> {
  const client = connect(of);
  const asking = connect(of);
  client.stream.write(`${line}\r\n`);
  while (!(await ask(asking, 'INFO clients')).includes('blocked_clients:1')) continue;
  asking.stream.destroy();
  return client;
}

it('a clock that is moved past its time ends a wait, with the next tick', async () => {
  const waiting = await blocked(await start(), 'BLPOP l 3600');
  time += 3_599_999;
  const other = connect(server!);
  await ask(other, 'PING');
  expect(waiting.received()).toBe('');
  time += 1;
  await once(waiting.stream, 'data');
  expect(waiting.received()).toBe('*-1\r\n');
});

it('a clock that is moved past its time ends a wait before anything else is executed', async () => {
  const of = await start();
  const waiting = await blocked(of, 'BLPOP l 3600');
  const other = connect(of);
  await ask(other, 'PING');
  time += 3_600_000;
  expect(await ask(other, 'RPUSH l x')).toBe(':1\r\n');
  await ask(other, 'PING');
  expect(waiting.received()).toBe('*-1\r\n');
  expect(await ask(other, 'LLEN l')).toBe(':1\r\n');
});

it('XREADGROUP ends when its stream expires, though no command says so', async () => {
  const of = await start();
  const other = connect(of);
  await ask(other, 'XADD s 1-1 f v');
  await ask(other, 'XGROUP CREATE s g $');
  await ask(other, 'PEXPIRE s 1000');
  const waiting = await blocked(of, 'XREADGROUP GROUP g c BLOCK 0 STREAMS s >');
  const answer = once(waiting.stream, 'data');
  time += 2000;
  expect(String((await answer)[0])).toMatch(/^-NOGROUP /);
});

it('a clock that is moved past its end ends a pause, with the next tick', async () => {
  const of = await start();
  const client = connect(of);
  await ask(client, 'CLIENT PAUSE 3600000 WRITE');
  client.stream.write('SET k v\r\n');
  const other = connect(of);
  await ask(other, 'PING');
  time += 3_600_000;
  await once(client.stream, 'data');
  expect(client.received()).toBe('+OK\r\n+OK\r\n');
});

it('CLIENT LIST shows the caller its own request, and what it has sent after it', async () => {
  const client = connect(await start());
  const request = '*2\r\n$6\r\nclient\r\n$4\r\nlist\r\n';
  const data = once(client.stream, 'data');
  client.stream.write(`PING\r\n${request}`);
  const own = fields(String((await data)[0]).split('\r\n')[2]!);
  expect(own).toMatchObject({ qbuf: '26', 'argv-mem': '10', 'multi-mem': '0', obl: '7', oll: '0', omem: '0' });
  const again = once(client.stream, 'data');
  client.stream.write(`${request}*1\r\n$4\r\nPING\r\n`);
  const next = fields(String((await again)[0]).split('\r\n')[1]!);
  expect(next.qbuf).toBe('40');
  expect(Number(next.rbp)).toBeGreaterThan(200);
  expect(next.rbs).toBe('1024');
});

it('CLIENT INFO shows the room after a request in the buffer that a socket is read into', async () => {
  server = await createServer({ port: 0 });
  const socket = connectSocket(server.port, '127.0.0.1');
  const data = once(socket, 'data');
  socket.write('CLIENT INFO\r\n');
  const own = fields(String((await data)[0]).split('\r\n')[1]!);
  expect(own.qbuf).toBe('13');
  expect(Number(own['qbuf-free'])).toBeGreaterThan(1000);
  socket.destroy();
});

it('CLIENT LIST shows the arguments of a client that waits, and what it has sent after them', async () => {
  const of = await start();
  const waiting = await blocked(of, 'BLPOP list 0');
  const other = connect(of);
  const before = fields((await ask(other, 'CLIENT LIST')).split('\r\n')[1]!.split('\n')[0]!);
  expect(before).toMatchObject({ flags: 'b', qbuf: '0', 'qbuf-free': '0', 'argv-mem': '10' });
  waiting.stream.write('PING\r\nPI');
  await ask(other, 'PING');
  const after = fields((await ask(other, 'CLIENT LIST')).split('\r\n')[1]!.split('\n')[0]!);
  expect(after.qbuf).toBe('8');
  expect(Number(after['tot-mem'])).toBe(Number(before['tot-mem']) + 8);
});

it('CLIENT LIST shows what MULTI has queued, and the request that a pause holds up', async () => {
  const of = await start();
  const client = connect(of);
  await ask(client, 'MULTI');
  await ask(client, 'SET key value');
  const other = connect(of);
  const [, line = ''] = (await ask(other, 'CLIENT LIST')).split('\r\n');
  expect(Number(fields(line.split('\n')[0]!)['multi-mem'])).toBeGreaterThan(0);
  await ask(client, 'DISCARD');
  await ask(other, 'CLIENT PAUSE 1000000 WRITE');
  client.stream.write('SET key value\r\n');
  await ask(other, 'PING');
  const [, paused = ''] = (await ask(other, 'CLIENT LIST')).split('\r\n');
  expect(fields(paused.split('\n')[0]!)).toMatchObject({ flags: 'b', 'argv-mem': '11' });
  await ask(other, 'CLIENT UNPAUSE');
});
