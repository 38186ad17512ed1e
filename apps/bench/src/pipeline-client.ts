/**
 * The least that a load generator needs of a client: write a batch of ready-made requests, learn for each reply
 * whether it was a value, nil or something else. Values are skipped, not decoded, so that the client costs little
 * beside the server. Raw sockets, no dependency on this project's codec: the yardstick must not share its faults.
 */
import { connect, type Socket } from 'node:net';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** What a reply was. */
export const NIL = 0;
export const VALUE = 1;
export const OTHER = 2;

const CR = 13;
const LF = 10;

interface Batch {
  readonly kinds: Uint8Array;
  /** Replies seen so far. */
  seen: number;
  /** The parts of the last bulk reply, where the sender wants to read it. */
  readonly text: Buffer[] | undefined;
  /** The first error reply. */
  error: string | undefined;
  readonly done: (error?: Error) => void;
}

export class PipelineClient {
  readonly #socket: Socket;
  #batch: Batch | undefined;
  // The line under way, where it came in several chunks, and the bytes that the bulk under way still lacks.
  #line: Buffer = Buffer.alloc(0);
  #missing = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#batch?.done(error));
    socket.on('close', () => this.#batch?.done(new Error('the server closed the connection')));
  }

  /** Rejects when nobody listens there. */
  static connect(address: ServerAddress): Promise<PipelineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address.host, port: address.port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new PipelineClient(socket));
      });
    });
  }

  /**
   * Sends `count` requests and answers the kind of each reply. One batch at a time. `requests` is free again when the
   * promise settles. Rejects with the first error reply, after all replies have come.
   */
  send(requests: Uint8Array, count: number): Promise<Uint8Array> {
    return this.#send(requests, count, undefined);
  }

  /** Sends one request and answers its reply, where that is a bulk string; otherwise an empty string. */
  async command(...words: readonly string[]): Promise<string> {
    const text: Buffer[] = [];
    await this.#send(Buffer.from(encode(words)), 1, text);
    return Buffer.concat(text).toString();
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(requests: Uint8Array, count: number, text: Buffer[] | undefined): Promise<Uint8Array> {
    if (this.#batch !== undefined) throw new Error('a batch is under way');
    if (count === 0) return Promise.resolve(new Uint8Array(0));
    return new Promise((resolve, reject) => {
      const batch: Batch = {
        kinds: new Uint8Array(count),
        seen: 0,
        text,
        error: undefined,
        done: (error) => {
          if (this.#batch === batch) this.#batch = undefined;
          if (error !== undefined) reject(error);
          else if (batch.error !== undefined) reject(new Error(batch.error));
          else resolve(batch.kinds);
        },
      };
      this.#batch = batch;
      // The callback reports what no event does: that the socket was closed before.
      this.#socket.write(requests, (error) => {
        if (error) batch.done(error);
      });
    });
  }

  #read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, chunk.length - at);
        this.#batch?.text?.push(chunk.subarray(at, at + Math.max(0, Math.min(taken, this.#missing - 2))));
        this.#missing -= taken;
        at += taken;
        if (this.#missing === 0) this.#replied(VALUE);
        continue;
      }
      const end = chunk.indexOf(LF, at);
      if (end < 0) {
        this.#line = Buffer.concat([this.#line, chunk.subarray(at)]);
        return;
      }
      const rest = chunk.subarray(at, end + 1);
      const line = this.#line.length > 0 ? Buffer.concat([this.#line, rest]) : rest;
      this.#line = Buffer.alloc(0);
      at = end + 1;
      this.#readLine(line);
    }
  }

  #readLine(line: Buffer): void {
    const end = line.at(-2) === CR ? line.length - 2 : line.length - 1;
    const rest = line.toString('latin1', 1, end);
    switch (String.fromCharCode(line[0]!)) {
      case '$':
        // A bulk's own CRLF is part of what is still to come.
        if (rest === '-1') this.#replied(NIL);
        else this.#missing = Number(rest) + 2;
        break;
      case '-':
        if (this.#batch !== undefined) this.#batch.error ??= rest;
        this.#replied(OTHER);
        break;
      case '+':
      case ':':
        this.#replied(OTHER);
        break;
      default:
        this.#batch?.done(new Error(`not a reply that this client reads: ${line.toString('latin1', 0, end)}`));
    }
  }

  #replied(kind: number): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    batch.kinds[batch.seen] = kind;
    batch.seen += 1;
    if (batch.seen === batch.kinds.length) batch.done();
  }
}

/** A request of ASCII words. */
export function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}
