/**
 * Loads an exact number of entries, as fast as a server takes them: what `redis-benchmark` cannot, which draws its
 * keys at random. The requests of a batch are one buffer made once; only the digits of the keys change. Replies are
 * counted by their line ends: each is one line, or two where it is an id (XADD).
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ServerAddress } from './pipeline-client.js';

/** The words of one request; {@link NUMBER} stands for the number of the entry, twelve digits. */
export type EntryTemplate = readonly string[];
export const NUMBER = '000000000000';

export interface LoadOptions {
  readonly entry: EntryTemplate;
  /** The numbers from `first` (0 if not given) on, this many. */
  readonly count: number;
  readonly first?: number;
  readonly connections: number;
  /** Requests that one connection has on the way. */
  readonly pipeline: number;
}

const LF = 10;
const MINUS = 45;
const ZERO = 48;

/** Rejects with the first error reply, and when the server goes away. */
export async function load(address: ServerAddress, options: LoadOptions): Promise<void> {
  let next = options.first ?? 0;
  const end = next + options.count;
  const take = (): { start: number; count: number } => {
    const start = next;
    next = Math.min(end, next + options.pipeline);
    return { start, count: next - start };
  };
  await Promise.all(Array.from({ length: options.connections }, () => loadFromOne(address, options, take)));
}

async function loadFromOne(
  address: ServerAddress,
  { entry, pipeline }: LoadOptions,
  take: () => { start: number; count: number },
): Promise<void> {
  const batch = new EntryBatch(entry, pipeline);
  const lines = entry[0] === 'XADD' ? 2 : 1;
  const socket: Socket = connect({ ...address, noDelay: true });
  await once(socket, 'connect');
  try {
    await new Promise<void>((resolve, reject) => {
      let missing = 0;
      let lineStart = true;
      const more = (): void => {
        const { start, count } = take();
        if (count === 0) resolve();
        else {
          missing = count * lines;
          socket.write(batch.bytes(start, count));
        }
      };
      socket.on('data', (chunk: Buffer) => {
        for (let i = 0; i < chunk.length; i += 1) {
          const byte = chunk[i]!;
          if (lineStart && byte === MINUS) reject(new Error(chunk.toString('latin1', i).split('\r')[0]));
          lineStart = byte === LF;
          if (lineStart) missing -= 1;
        }
        if (missing === 0) more();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
      more();
    });
  } finally {
    socket.destroy();
  }
}

/** The bytes of so many requests that differ in the number of their entry only. */
export class EntryBatch {
  readonly #bytes: Buffer;
  readonly #length: number;
  /** Where the digits stand in each request. */
  readonly #digits: readonly number[];

  constructor(entry: EntryTemplate, requests: number) {
    const request = `*${entry.length}\r\n${entry.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
    const digits: number[] = [];
    for (let at = request.indexOf(NUMBER); at >= 0; at = request.indexOf(NUMBER, at + NUMBER.length)) digits.push(at);
    this.#bytes = Buffer.from(request.repeat(requests), 'latin1');
    this.#length = request.length;
    this.#digits = digits;
  }

  /** Requests for the entries from `start` on; valid until the next call. */
  bytes(start: number, count: number): Uint8Array {
    for (let request = 0; request < count; request += 1) {
      for (const at of this.#digits) this.#write(request * this.#length + at, start + request);
    }
    return this.#bytes.subarray(0, count * this.#length);
  }

  #write(at: number, number: number): void {
    let rest = number;
    for (let i = at + NUMBER.length - 1; i >= at; i -= 1) {
      this.#bytes[i] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
}
