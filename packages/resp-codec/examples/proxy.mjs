// A proxy that reports each request and reply by kind and size, and decodes none of them.
// `node proxy.mjs 6381 6379` keeps it running; without ports it is tried once on the server of `server.mjs`.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { FrameScanner } from '@clone/resp-codec';
import { createToyServer, portOf } from './server.mjs';

function pass(from, to, kind, report) {
  const scanner = new FrameScanner(kind);
  from.on('error', () => to.destroy());
  from.on('end', () => to.end());
  from.on('data', (chunk) => {
    try {
      let start = 0;
      for (let end; (end = scanner.next(chunk, start)) !== -1; start = end) {
        report(kind, String.fromCharCode(scanner.frameType), scanner.frameLength);
      }
      to.write(chunk);
    } catch (error) {
      console.log(`${kind}: ${error}`);
      from.destroy();
      to.destroy();
    }
  });
}

function createProxy(upstreamPort) {
  return createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    const report = (kind, type, length) => console.log(`${kind} ${type} ${length} bytes`);
    pass(client, upstream, 'requests', report);
    pass(upstream, client, 'replies', report);
  });
}

const [port, upstreamPort] = process.argv.slice(2).map(Number);
if (port !== undefined) {
  createProxy(upstreamPort ?? 6379).listen(port, '127.0.0.1');
} else {
  const toy = createToyServer().listen(0, '127.0.0.1');
  await once(toy, 'listening');
  const proxy = createProxy(portOf(toy)).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const socket = connect(portOf(proxy), '127.0.0.1');
  socket.end('*3\r\n$3\r\nSET\r\n$8\r\ngreeting\r\n$5\r\nhello\r\nGET greeting\r\n').resume();
  await once(socket, 'close');
  toy.close();
  proxy.close();
}
