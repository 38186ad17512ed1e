/**
 * Messages delivered per second: `redis-benchmark` publishes to one channel, this process counts what its subscribers receive.
 *
 * A round ends when the last subscriber has the last message, so a server that only queues gains nothing. The subscribers' sockets
 * share one buffer and do nothing but count bytes; still, they take CPU that on a small machine the server misses. The CPU time
 * of the server for each message that is delivered is the steadier figure.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { count, decimal, table } from './markdown.js';
import { encode, type ServerAddress } from './pipeline-client.js';
import { runCommand } from './redis-benchmark.js';
import { type BenchServer, withServers } from './servers.js';
import { median, spread } from './statistics.js';

export interface PubSubOptions {
  readonly rounds: number;
  readonly scale: number;
  /** Only lines whose name holds this. */
  readonly only: string;
  readonly parentFolder: string | undefined;
  readonly profileFolder: string | undefined;
  readonly onProgress: (text: string) => void;
}

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

/** Of one server on one line, medians over the rounds. */
interface PubSubFigures {
  readonly deliveredPerSecond: number;
  /** Microseconds for each message that is delivered. */
  readonly userCpu: number;
  readonly systemCpu: number;
  readonly spread: number;
}

export interface PubSubRow {
  readonly line: string;
  readonly goal: number;
  readonly subject: PubSubFigures;
  readonly reference: PubSubFigures;
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

export async function measurePubSub(options: PubSubOptions): Promise<PubSubRow[]> {
  const lines = LINES.filter(({ name }) => name.includes(options.only));
  return withServers(['clone', 'redis-server'], { ...options, persistence: 'none' }, async (servers) => {
    const rows: PubSubRow[] = [];
    for (const line of lines) {
      options.onProgress(line.name);
      rows.push(await measureLine(servers, line, options));
    }
    return rows;
  });
}

async function measureLine(
  servers: readonly BenchServer[],
  line: Line,
  { rounds, scale }: PubSubOptions,
): Promise<PubSubRow> {
  const batch = line.publishers * line.pipeline;
  const messages = batch * Math.max(1, Math.round((line.messages / batch) * scale));
  const runs: Round[][] = servers.map(() => []);
  const audiences: Audience[] = [];
  try {
    for (const server of servers) {
      audiences.push(await Audience.gather(server.address, line.subscribers));
      await measureRound(server, audiences.at(-1)!, line, batch * Math.ceil(messages / batch / 4));
    }
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < servers.length; turn += 1) {
        const which = (turn + round) % servers.length;
        runs[which]!.push(await measureRound(servers[which]!, audiences[which]!, line, messages));
      }
    }
  } finally {
    for (const audience of audiences) audience.leave();
  }
  const [subject, reference] = runs.map((results): PubSubFigures => ({
    deliveredPerSecond: median(results.map((run) => run.deliveredPerSecond)),
    userCpu: median(results.map((run) => run.userCpu)),
    systemCpu: median(results.map((run) => run.systemCpu)),
    spread: spread(results.map((run) => run.deliveredPerSecond)),
  }));
  return { line: line.name, goal: line.goal, subject: subject!, reference: reference! };
}

type Round = Omit<PubSubFigures, 'spread'>;

async function measureRound(
  server: BenchServer,
  audience: Audience,
  { publishers, pipeline }: Line,
  messages: number,
): Promise<Round> {
  const before = server.cpuTime();
  const began = performance.now();
  const allHeard = audience.hears(messages * audience.size * FRAME);
  await runCommand(server.address, {
    command: ['PUBLISH', CHANNEL, MESSAGE],
    requests: messages,
    clients: publishers,
    pipeline,
    keyspace: undefined,
  });
  await allHeard;
  const seconds = (performance.now() - began) / 1000;
  const after = server.cpuTime();
  // With nobody there, what is published counts.
  const delivered = messages * Math.max(1, audience.size);
  return {
    deliveredPerSecond: delivered / seconds,
    userCpu: (after.user - before.user) / delivered,
    systemCpu: (after.system - before.system) / delivered,
  };
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

export function pubSubTable(rows: readonly PubSubRow[]): string {
  const pair = (first: string, second: string): string => `${first} / ${second}`;
  return table(
    [
      'PUBLISH, clone / redis-server',
      'messages delivered/s',
      'ratio',
      'wanted',
      'user CPU, µs',
      'system CPU, µs',
      'spread',
    ],
    rows.map(({ line, goal, subject, reference }) => [
      line,
      pair(count(subject.deliveredPerSecond), count(reference.deliveredPerSecond)),
      `**${decimal(subject.deliveredPerSecond / reference.deliveredPerSecond)}**`,
      decimal(goal, 1),
      pair(decimal(subject.userCpu), decimal(reference.userCpu)),
      pair(decimal(subject.systemCpu), decimal(reference.systemCpu)),
      pair(`${decimal(100 * subject.spread, 0)} %`, `${decimal(100 * reference.spread, 0)} %`),
    ]),
  );
}
