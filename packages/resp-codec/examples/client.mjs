// A client in thirty lines: commands go out in pipelines, replies are paired with them in order.
// `node client.mjs 6379` talks to a server; without a port it talks to that of `server.mjs`.
import { once } from 'node:events';
import { connect } from 'node:net';
import { CommandEncoder, ReplyDecoder, ReplyError } from '@clone/resp-codec';
import { createToyServer, portOf } from './server.mjs';

class Client {
  #encoder = new CommandEncoder();
  #pending = [];
  #socket;

  constructor(port) {
    const decoder = new ReplyDecoder({
      onReply: (reply) => {
        const { resolve, reject } = this.#pending.shift();
        if (reply instanceof ReplyError) reject(reply);
        else resolve(reply);
      },
      onPush: (push) => console.log('push', push),
    });
    this.#socket = connect(port, '127.0.0.1').on('data', (chunk) => decoder.write(chunk));
  }

  send(...args) {
    // Everything that is sent in one turn of the event loop leaves in one write.
    if (this.#encoder.length === 0) queueMicrotask(() => this.#socket.write(this.#encoder.take()));
    this.#encoder.add(args);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }

  close() {
    this.#socket.end();
  }
}

const toy = process.argv[2] === undefined ? createToyServer().listen(0, '127.0.0.1') : undefined;
if (toy !== undefined) await once(toy, 'listening');
const client = new Client(toy === undefined ? Number(process.argv[2]) : portOf(toy));
const [, greeting, removed] = await Promise.all([
  client.send('SET', 'greeting', 'hello'),
  client.send('GET', 'greeting'),
  client.send('DEL', 'nothing'),
]);
console.log(greeting, removed);
await client.send('NONSENSE').catch((error) => console.log(error.code, 'as expected'));
client.close();
toy?.close();
