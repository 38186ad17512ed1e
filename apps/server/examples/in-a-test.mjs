// A server of one's own for each test, on a free port, with a clock that the test moves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createServer } from '@clone/server';

let now = Date.now();
const server = await createServer({ port: 0, clock: () => now });

// Any Redis client will do. This is what one sends, typed by hand.
const socket = connect(server.port, server.host);
const ask = async (line) => {
  socket.write(`${line}\r\n`);
  const [reply] = await once(socket, 'data');
  return reply.toString();
};

assert.equal(await ask('SET session:1 anna EX 3600'), '+OK\r\n');
assert.equal(await ask('TTL session:1'), ':3600\r\n');
now += 3601 * 1000;
assert.equal(await ask('GET session:1'), '$-1\r\n');

await server.stop();
console.log('the session expired, and nothing is left open');
