/**
 * Transactions per second: MULTI, ten SETs and EXEC, sent in one go.
 *
 * `redis-benchmark` has no transactions. This process sends ready-made bytes and counts those of the replies, whose
 * number is known: it costs little beside the server.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { load, NUMBER } from './bulk-loader.js';
import type { SectionOptions } from './options.js';
import { encode, type ServerAddress } from './pipeline-client.js';
import { alternate, measureLines, type Rate, rateOf, type RateRow, rateRow } from './rates.js';
import type { BenchServer } from './servers.js';

interface Line {
  readonly name: string;
  /** Transactions that a client sends before it waits for replies. */
  readonly pipeline: number;
  /** Of one round. */
  readonly transactions: number;
}

const CLIENTS = 50;
const COMMANDS = 10;
const KEYS = 1_000_000;
const VALUE = 'x'.repeat(64);
const REPLY = '+OK\r\n'.length + COMMANDS * '+QUEUED\r\n'.length + `*${COMMANDS}\r\n`.length + COMMANDS * 5;
/** Different batches that are sent in turn. */
const BATCHES = 512;
const READ_BUFFER = 64 * 1024;
const GOAL = 1;

const LINES: readonly Line[] = [
  { name: 'MULTI, 10 SETs of 64 B, EXEC, pipeline 1', pipeline: 1, transactions: 100_000 },
  { name: 'MULTI, 10 SETs of 64 B, EXEC, pipeline 16', pipeline: 16, transactions: 160_000 },
];

export function measureTransactions(options: SectionOptions): Promise<RateRow[]> {
  return measureLines(LINES, options, measureLine);
}

async function measureLine(
  servers: readonly BenchServer[],
  { name, pipeline, transactions }: Line,
  { rounds, scale }: SectionOptions,
): Promise<RateRow> {
  const batches = Array.from({ length: BATCHES }, () => Buffer.from(batchOf(pipeline, Math.round(KEYS * scale))));
  const sends = Math.max(1, Math.round((transactions / pipeline / CLIENTS) * scale));
  const measure = (server: BenchServer): Promise<Rate> =>
    rateOf(server, sends * pipeline * CLIENTS, () => drive(server.address, batches, pipeline * REPLY, sends));
  for (const server of servers) {
    const count = Math.round(KEYS * scale);
    await load(server.address, { entry: ['SET', `key:${NUMBER}`, VALUE], count, connections: 8, pipeline: 64 });
    await measure(server);
  }
  return rateRow(name, GOAL, await alternate(servers, rounds, measure));
}

function batchOf(transactions: number, keys: number): string {
  let text = '';
  for (let i = 0; i < transactions; i++) {
    text += encode(['MULTI']);
    for (let k = 0; k < COMMANDS; k++) {
      const number = String(Math.floor(Math.random() * keys)).padStart(NUMBER.length, '0');
      text += encode(['SET', `key:${number}`, VALUE]);
    }
    text += encode(['EXEC']);
  }
  return text;
}

/** Lets every client send `sends` batches, each when the replies to the last are there. @returns the seconds that it took */
async function drive(
  address: ServerAddress,
  batches: readonly Buffer[],
  replyLength: number,
  sends: number,
): Promise<number> {
  const buffer = new Uint8Array(READ_BUFFER);
  const sockets: Socket[] = [];
  let next = 0;
  const send = (socket: Socket): void => {
    socket.write(batches[next++ % batches.length]!);
  };
  let running = CLIENTS;
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  try {
    for (let i = 0; i < CLIENTS; i++) {
      let missing = replyLength;
      let left = sends;
      const callback = (length: number): boolean => {
        missing -= length;
        if (missing > 0) return true;
        missing = replyLength;
        left -= 1;
        if (left > 0) send(socket);
        else if (--running === 0) finish();
        return true;
      };
      const socket: Socket = connect({ ...address, noDelay: true, onread: { buffer, callback } });
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const began = performance.now();
    for (const socket of sockets) send(socket);
    await done;
    return (performance.now() - began) / 1000;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}
