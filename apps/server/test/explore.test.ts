import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { Client, Wire } from './support/client.js';
import { start, temporaryDirectory, turn } from './support/server.js';

async function tryIt(name: string, feed: (c: Client, send: (b: string) => void) => Promise<void>, rewrite = false, config: Record<string, string> = {}) {
  const dir = temporaryDirectory();
  const cfg = { appendonly: 'yes', dir, appendfsync: 'no', ...config };
  const server = await start({ config: cfg, port: false } as never);
  const c = new Client(server.connect());
  const stream = server.connect();
  stream.on('data', () => undefined);
  try {
  await feed(c, (b) => void stream.write(Buffer.from(b, 'latin1')));
  for (let i = 0; i < 5; i++) await turn();
  if (rewrite) { await c.call('BGREWRITEAOF'); while ((await c.info('aof_rewrite_in_progress')) === '1') await turn(); }
  const before = await c.text('DEBUG', 'DIGEST');
  await server.stop();
  const next = await start({ config: { ...cfg }, port: false } as never);
  const after = await new Client(next.connect()).text('DEBUG', 'DIGEST');
  console.log(name, before === after ? 'same' : 'DIFFERENT ' + before + ' ' + after);
  await next.stop();
  } catch (e) {
    console.log(name, 'FAILED', String(e));
    const d = join(dir, 'appendonlydir');
    for (const f of readdirSync(d)) console.log(f, JSON.stringify(readFileSync(join(d, f), 'latin1').slice(0, 300)));
  }
}

test('x', { timeout: 300000 }, async () => {
  await tryIt('bad terminator last', async (c, send) => { send('*2\r\n$4\r\nINCR\r\n$1\r\naXY*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n'); });
  await tryIt('bad terminator middle', async (c, send) => { send('*2\r\n$4\r\nINCRZZ$1\r\na\r\n*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n'); });
  await tryIt('bad LF in count', async (c, send) => { send('*2\rX$4\r\nINCR\r\n$1\r\na\r\n'); });
  await tryIt('empty lines', async (c, send) => { send('\r\n\r\n*2\r\n$4\r\nINCR\r\n$1\r\na\r\n\r\n*0\r\n*-1\r\n*2\r\n$4\r\nINCR\r\n$1\r\na\r\n'); });
  await tryIt('mixed case', async (c, send) => { send('*2\r\n$4\r\niNcR\r\n$1\r\na\r\n'); });
  await tryIt('inline', async (c, send) => { send('INCR "a\\x00b"\r\nSET k v\n'); });
  await tryIt('long inline', async (c, send) => { send('SET k ' + 'x'.repeat(60000) + '\r\n'); });
  await tryIt('bad term in MULTI', async (c, send) => { send('*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\naXY*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n*1\r\n$4\r\nEXEC\r\n'); });
  await tryIt('empty key', async (c) => { await c.call('SET', '', ''); await c.call('HSET', '', '', ''); await c.call('HSET', 'h', '', ''); await c.call('SADD', 's', ''); await c.call('ZADD', 'z', '0', ''); await c.call('XADD', 'x', '*', '', ''); await c.call('XGROUP', 'CREATE', 'x', '', '0'); await c.call('XREADGROUP', 'GROUP', '', '', 'STREAMS', 'x', '>'); });
  await tryIt('empty key rewrite', async (c) => { await c.call('SET', '', ''); await c.call('HSET', 'h', '', ''); await c.call('SADD', 's', ''); await c.call('ZADD', 'z', '0', ''); await c.call('XADD', 'x', '*', '', ''); await c.call('XGROUP', 'CREATE', 'x', '', '0'); await c.call('XREADGROUP', 'GROUP', '', '', 'STREAMS', 'x', '>'); }, true);
  await tryIt('many args', async (c) => { await c.call('RPUSH', 'l', ...Array.from({ length: 1_100_000 }, (_, i) => String(i))); });
  await tryIt('many args rw', async (c) => { await c.call('XADD', 's', '1-1', ...Array.from({ length: 1_100_000 }, (_, i) => String(i))); }, true);
  await tryIt('blocking', async (c) => {
    const d = c; void d;
    await c.pipeline([['XADD', 's', '1-1', 'a', 'b'], ['XGROUP', 'CREATE', 's', 'g', '0'], ['XREADGROUP', 'GROUP', 'g', 'c', 'NOACK', 'STREAMS', 's', '>'], ['XADD', 's', '2-1', 'a', 'b'], ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>'], ['XDEL', 's', '2-1'], ['XAUTOCLAIM', 's', 'g', 'd', '0', '0'], ['XADD', 's', '3-1', 'a', 'b'], ['XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 's', '>'], ['XCLAIM', 's', 'g', 'e', '0', '3-1', 'IDLE', '5', 'RETRYCOUNT', '7', 'FORCE', 'LASTID', '3-1'], ['XCLAIM', 's', 'g', 'e', '0', '3-1', 'TIME', '1', 'JUSTID'],
    ['SWAPDB', '0', '3'], ['FLUSHALL', 'ASYNC'], ['RPUSH', 'l', '3', '1', '2'], ['SORT', 'l', 'STORE', 'm'], ['GEOADD', 'g', '1', '2', 'a'], ['GEORADIUS', 'g', '1', '2', '5', 'km', 'STORE', 'q'], ['BITFIELD', 'bf', 'OVERFLOW', 'FAIL', 'SET', 'u8', '0', '300'], ['BITFIELD', 'bf', 'SET', 'u8', '0', '30', 'OVERFLOW', 'FAIL', 'INCRBY', 'u8', '0', '250'],
    ['SADD', 'se', 'a', 'b', 'c'], ['SPOP', 'se', '2'], ['SADD', 'se2', 'a', 'b', 'c'], ['SPOP', 'se2', '9'], ['SET', 'x', '1', 'EX', '1000'], ['SET', 'x', '2', 'KEEPTTL'], ['GETEX', 'x', 'PERSIST'], ['GETEX', 'x', 'EX', '100'], ['COPY', 'x', 'y', 'DB', '5'], ['MOVE', 'x', '4'], ['SETRANGE', 'nope', '0', ''], ['PFADD', 'hll', 'a', 'b'], ['PFDEBUG', 'TODENSE', 'hll'], ['PFDEBUG', 'GETREG', 'hll'], ['DEBUG', 'CHANGE-REPL-ID']]);
  });
  await tryIt('past times', async (c) => {
    await c.pipeline([['SET', 'a', '1'], ['EXPIREAT', 'a', '1'], ['SET', 'b', '1', 'PXAT', '1'], ['HSET', 'h', 'a', '1', 'b', '2'], ['HPEXPIREAT', 'h', '1', 'FIELDS', '1', 'a'], ['HSETEX', 'i', 'PXAT', '1', 'FIELDS', '1', 'a', '1'], ['SET', 'c', '1'], ['GETEX', 'c', 'EXAT', '1'], ['HSET', 'j', 'a', '1'], ['HGETEX', 'j', 'PXAT', '1', 'FIELDS', '1', 'a']]);
  });
  await tryIt('lists', async (c) => { await c.pipeline([['DEBUG', 'LISTPACK', 'x'], ['DEBUG', 'POPULATE', '5'], ['INCR', 'key:0'], ['APPEND', 'key:1', 'x']]); });
  await tryIt('debug object', async (c) => { await c.pipeline([['DEBUG', 'SET-ACTIVE-EXPIRE', '0'], ['SET', 'a', '1'], ['DEBUG', 'RELOAD'], ['DEBUG', 'QUICKLIST-PACKED-THRESHOLD', '10']]); });
  await tryIt('setrange big under limit', async (c) => { await c.pipeline([['SETRANGE', 'k', '3000000', 'x'], ['SETBIT', 'b', '30000000', '1'], ['BITFIELD', 'f', 'SET', 'u8', '30000000', '1'], ['APPEND', 'k', 'x']]); });
});
