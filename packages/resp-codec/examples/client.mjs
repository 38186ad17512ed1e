// A client in thirty lines: commands go out in pipelines, replies are paired with them in order.
import { connect } from 'node:net';
import { CommandEncoder, ReplyDecoder, ReplyError } from '@clone/resp-codec';

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
    this.#socket = connect(port).on('data', (chunk) => decoder.write(chunk));
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

const client = new Client(Number(process.env.PORT ?? 6380));
const [, greeting, removed] = await Promise.all([
  client.send('SET', 'greeting', 'hello'),
  client.send('GET', 'greeting'),
  client.send('DEL', 'nothing'),
]);
console.log(greeting, removed);
await client.send('NONSENSE').catch((error) => console.log(error.code, 'as expected'));
client.close();
