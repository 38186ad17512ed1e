// The two ends that tests talk to a server with: `Client` speaks in commands and values, `Wire` in bytes.
import { createConnection, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { type CommandArgument, encodeCommand, type Reply, ReplyDecoder, ReplyError } from '@clone/resp-codec';

/** With an authority to trust: the connection is encrypted. */
export type Address = NetConnectOpts | (ConnectionOptions & { readonly port: number; readonly ca: string });

/** Opens a socket; rejects when it is refused. */
export function dial(address: Address): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const options = { ...address, allowHalfOpen: true, noDelay: true };
    const socket = 'ca' in options ? connectTls(options) : createConnection(options as NetConnectOpts);
    socket.once('error', reject);
    socket.once('ca' in options ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

export class Client {
  readonly stream: Duplex;
  /** Resolves when the connection is closed, for whatever reason. */
  readonly closed: Promise<void>;
  readonly #decoder: ReplyDecoder;
  #waiting: ((reply: Reply) => void)[] = [];
  #over = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    this.#decoder = new ReplyDecoder({
      map: 'array',
      onReply: (reply) => this.#waiting.shift()?.(reply instanceof ReplyError ? `-${reply.message}` : reply),
    });
    stream.on('data', (chunk: Buffer) => this.#decoder.write(chunk));
    stream.on('error', () => undefined);
    stream.once('end', () => stream.end());
    this.closed = new Promise((resolve) => {
      stream.once('close', () => {
        this.#over = true;
        for (const answer of this.#waiting.splice(0)) answer('(closed)');
        resolve();
      });
    });
  }

  static async open(address: Address): Promise<Client> {
    return new Client(await dial(address));
  }

  /** Sends one command. Resolves to its reply, an error as `-` and its text; `(closed)` when the connection ended before. */
  async call(...args: readonly CommandArgument[]): Promise<Reply> {
    const [reply] = await this.pipeline([args]);
    return reply!;
  }

  /** The same for a command that is answered by a string. */
  async text(...args: readonly CommandArgument[]): Promise<string> {
    const reply = await this.call(...args);
    if (typeof reply !== 'string') throw new TypeError('the reply is no string');
    return reply;
  }

  /** Sends all commands in one piece. */
  pipeline(commands: readonly (readonly CommandArgument[])[]): Promise<Reply[]> {
    if (this.#over) return Promise.resolve(commands.map(() => '(closed)'));
    const replies = commands.map(() => new Promise<Reply>((resolve) => this.#waiting.push(resolve)));
    this.stream.write(Buffer.concat(commands.map((args) => encodeCommand(args))));
    return Promise.all(replies);
  }

  /** The next reply that comes, whether it was asked for or not. */
  next(): Promise<Reply> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A field of INFO as text; '' when it is not there. */
  async info(field: string): Promise<string> {
    const text = await this.text('INFO', 'everything');
    return new RegExp(`^${field}:(.*?)\r?$`, 'm').exec(text)?.[1] ?? '';
  }

  close(): Promise<void> {
    this.stream.destroy();
    return this.closed;
  }
}

export class Wire {
  readonly stream: Duplex;
  /** Resolves to everything received, once the server has ended its side or the connection broke. */
  readonly ended: Promise<string>;
  #received = '';
  #wake: () => void = () => undefined;
  #over = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      const over = (): void => {
        this.#over = true;
        this.#wake();
        stream.end();
        resolve(this.#received);
      };
      stream.on('data', (chunk: Buffer) => {
        this.#received += chunk.toString('latin1');
        this.#wake();
      });
      stream.once('end', over);
      stream.once('close', over);
    });
  }

  static async open(address: Address): Promise<Wire> {
    return new Wire(await dial(address));
  }

  get received(): string {
    return this.#received;
  }

  send(bytes: string | Uint8Array): void {
    this.stream.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Resolves when that many bytes have arrived in all; rejects when the connection ends before. */
  async reached(length: number): Promise<string> {
    while (this.#received.length < length) {
      if (this.#over) throw new Error(`the connection ended after ${JSON.stringify(this.#received.slice(-200))}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received;
  }
}

/** One command in RESP, as latin1. */
export function request(...args: readonly string[]): string {
  return Buffer.from(encodeCommand(args.map((arg) => Buffer.from(arg, 'latin1')))).toString('latin1');
}
