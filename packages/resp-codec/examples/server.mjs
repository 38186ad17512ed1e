// A server of four commands: PING, GET, SET, DEL. Try it: `redis-cli -p 6380 set greeting hello`.
import { createServer } from 'node:net';
import { PROTOCOL_ERROR, ReplyWriter, REQUEST, RequestParser } from '@clone/resp-codec';

const data = new Map();

function execute(request, reply) {
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

export const server = createServer((socket) => {
  const parser = new RequestParser();
  const reply = new ReplyWriter();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    parser.feed(chunk, 0, chunk.length);
    let answer;
    while ((answer = parser.next()) === REQUEST) execute(parser.request, reply);
    if (answer === PROTOCOL_ERROR) reply.error(`ERR Protocol error: ${parser.error}`);
    // All replies to one read leave in one write; the writer's buffer is reused, hence the copy.
    if (reply.length > 0) socket.write(reply.buffer.slice(0, reply.length));
    reply.reset();
    if (answer === PROTOCOL_ERROR) socket.end();
  });
});

server.listen(Number(process.env.PORT ?? 6380), () => {
  console.log(`listening on ${server.address().port}`);
});
