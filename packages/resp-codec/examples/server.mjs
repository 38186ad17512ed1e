// A server of four commands: PING, GET, SET, DEL. `node server.mjs 6380` keeps it running for
// `redis-cli -p 6380 set greeting hello`; without a port it is asked once and stops.
import { connect, createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { PROTOCOL_ERROR, ReplyWriter, REQUEST, RequestParser } from '@clone/resp-codec';

function execute(data, request, reply) {
  const bytes = (i) => request.bytes.subarray(request.offsets[i], request.offsets[i] + request.lengths[i]);
  const text = (i) => Buffer.from(bytes(i)).toString('latin1');
  switch (`${text(0).toLowerCase()} ${request.argc}`) {
    case 'ping 1':
      return reply.simple('PONG');
    case 'get 2': {
      const value = data.get(text(1));
      return value === undefined ? reply.null() : reply.bulk(value, 0, value.length);
    }
    case 'set 3':
      data.set(text(1), new Uint8Array(bytes(2))); // the request's bytes are lent: what is kept is copied
      return reply.ok();
    case 'del 2':
      return reply.integer(data.delete(text(1)) ? 1 : 0);
    default:
      return reply.error(`ERR unknown command '${text(0)}', or a wrong number of arguments`);
  }
}

export function createToyServer() {
  const data = new Map();
  return createServer((socket) => {
    const parser = new RequestParser();
    const reply = new ReplyWriter();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      parser.feed(chunk, 0, chunk.length);
      let answer;
      while ((answer = parser.next()) === REQUEST) execute(data, parser.request, reply);
      if (answer === PROTOCOL_ERROR) reply.error(`ERR Protocol error: ${parser.error}`);
      // All replies to one read leave in one write; the writer's buffer is reused, hence the copy.
      if (reply.length > 0) socket.write(reply.buffer.slice(0, reply.length));
      reply.reset();
      if (answer === PROTOCOL_ERROR) socket.end();
    });
  });
}

export const portOf = (server) => server.address().port;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const port = Number(process.argv[2] ?? 0);
  const server = createToyServer().listen(port, '127.0.0.1', () => {
    console.log(`listening on ${portOf(server)}`);
    if (port !== 0) return;
    const socket = connect(portOf(server), '127.0.0.1');
    socket.end('SET greeting hello\r\nGET greeting\r\n');
    socket.on('data', (replies) => console.log(String(replies)));
    socket.on('close', () => server.close());
  });
}
