/**
 * The thread that measures stalls: a PING to each server about every millisecond, one on the way per server.
 * Says 'ready' after the first round trips; answers a message with all round trips so far.
 */
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { ServerAddress } from './pipeline-client.js';

export interface PingTask {
  readonly addresses: readonly ServerAddress[];
}

/** Milliseconds of every round trip, per server. */
export type PingReport = readonly (readonly number[])[];

const INTERVAL_MS = 1;
const PING = Buffer.from('PING\r\n');
const PONG = '+PONG\r\n';

/** @param first is called after the first round trip */
function ping(address: ServerAddress, first: () => void): number[] {
  const latencies: number[] = [];
  const socket = connect({ ...address, noDelay: true });
  let sent = 0;
  let received = '';
  const send = (): void => {
    sent = performance.now();
    socket.write(PING);
  };
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    if (received.length < PONG.length) return;
    if (received !== PONG) throw new Error(`not a PONG: ${received}`);
    received = '';
    latencies.push(performance.now() - sent);
    if (latencies.length === 1) first();
    setTimeout(send, INTERVAL_MS);
  });
  return latencies;
}

const { addresses } = workerData as PingTask;
let waiting = addresses.length;
const report = addresses.map((address) =>
  ping(address, () => {
    waiting -= 1;
    if (waiting === 0) parentPort?.postMessage('ready');
  }),
);
parentPort?.on('message', () => parentPort?.postMessage(report));
