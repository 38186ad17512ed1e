/**
 * Messages delivered per second: `redis-benchmark` publishes to one channel, this process counts what its subscribers receive.
 *
 * A round ends when the last subscriber has the last message, so a server that only queues gains nothing. The subscribers' sockets
 * share one buffer and do nothing but count bytes; still, they take CPU that on a small machine the server misses. The CPU time
 * of the server for each message that is delivered is the steadier figure.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SectionOptions } from './options.js';
import { encode, type ServerAddress } from './pipeline-client.js';
import { alternate, measureLines, type Rate, rateOf, type RateRow, rateRow } from './rates.js';
import { runCommand } from './redis-benchmark.js';
import type { BenchServer } from './servers.js';

interface Line {
  readonly name: string;
  readonly subscribers: number;
  readonly publishers: number;
  readonly pipeline: number;
  /** Published in one round. */
  readonly messages: number;
  /** At least this ratio of messages/s is wanted. */
  readonly goal: number;
}

const CHANNEL = 'channel';
const MESSAGE = 'x'.repeat(64);
const CONFIRMATION = `*3\r\n$9\r\nsubscribe\r\n$7\r\n${CHANNEL}\r\n:1\r\n`.length;
const FRAME = `*3\r\n$7\r\nmessage\r\n$7\r\n${CHANNEL}\r\n$64\r\n${MESSAGE}\r\n`.length;
const CONNECTING = 100;
const READ_BUFFER = 256 * 1024;

const LINES: readonly Line[] = [
  { name: 'to nobody, pipeline 16', subscribers: 0, publishers: 50, pipeline: 16, messages: 1_600_000, goal: 1 },
  { name: 'to 1, pipeline 1', subscribers: 1, publishers: 50, pipeline: 1, messages: 150_000, goal: 1 },
  { name: 'to 1, pipeline 16', subscribers: 1, publishers: 50, pipeline: 16, messages: 800_000, goal: 1 },
  { name: 'to 1,000, one publisher', subscribers: 1000, publishers: 1, pipeline: 1, messages: 300, goal: 1 },
  { name: 'to 1,000, 50 publishers', subscribers: 1000, publishers: 50, pipeline: 1, messages: 4000, goal: 1 },
  { name: 'to 1,000, pipeline 16', subscribers: 1000, publishers: 10, pipeline: 16, messages: 16_000, goal: 1 },
];

export function measurePubSub(options: SectionOptions): Promise<RateRow[]> {
  return measureLines(LINES, options, measureLine);
}

async function measureLine(
  servers: readonly BenchServer[],
  line: Line,
  { rounds, scale }: SectionOptions,
): Promise<RateRow> {
  const batch = line.publishers * line.pipeline;
  const messages = batch * Math.max(1, Math.round((line.messages / batch) * scale));
  const audiences: Audience[] = [];
  try {
    for (const server of servers) {
      audiences.push(await Audience.gather(server.address, line.subscribers));
      await measureRound(server, audiences.at(-1)!, line, batch * Math.ceil(messages / batch / 4));
    }
    const runs = await alternate(servers, rounds, (server, which) =>
      measureRound(server, audiences[which]!, line, messages),
    );
    return rateRow(line.name, line.goal, runs);
  } finally {
    for (const audience of audiences) audience.leave();
  }
}

function measureRound(
  server: BenchServer,
  audience: Audience,
  { publishers, pipeline }: Line,
  messages: number,
): Promise<Rate> {
  const command = { command: ['PUBLISH', CHANNEL, MESSAGE], requests: messages, clients: publishers, pipeline };
  // With nobody there, what is published counts.
  return rateOf(server, messages * Math.max(1, audience.size), async () => {
    const allHeard = audience.hears(messages * audience.size * FRAME);
    await runCommand(server.address, { ...command, keyspace: undefined });
    await allHeard;
    return undefined;
  });
}

/** Subscribers of one server. */
class Audience {
  readonly #sockets: Socket[] = [];
  readonly #buffer = new Uint8Array(READ_BUFFER);
  /** Bytes that all together are still to receive. */
  #missing = 0;
  #heard: () => void = () => undefined;

  static async gather(address: ServerAddress, size: number): Promise<Audience> {
    const audience = new Audience();
    const confirmed = audience.hears(size * CONFIRMATION);
    for (let first = 0; first < size; first += CONNECTING) {
      const group = Array.from({ length: Math.min(CONNECTING, size - first) }, () => audience.#join(address));
      await Promise.all(group);
    }
    await confirmed;
    return audience;
  }

  get size(): number {
    return this.#sockets.length;
  }

  async #join(address: ServerAddress): Promise<void> {
    const callback = (length: number): boolean => {
      this.#missing -= length;
      if (this.#missing === 0) this.#heard();
      return true;
    };
    const socket = connect({ ...address, onread: { buffer: this.#buffer, callback } });
    this.#sockets.push(socket);
    socket.write(encode(['SUBSCRIBE', CHANNEL]));
    await once(socket, 'connect');
  }

  /** Resolves when so many bytes more have been received. */
  hears(bytes: number): Promise<void> {
    this.#missing += bytes;
    if (this.#missing === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#heard = resolve));
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
