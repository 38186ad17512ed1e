import { readFileSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setInterval } from 'node:timers';
import { textOf } from './config/byte-text.js';
import { runDaemon, type Host, type MakeServer } from './daemon.js';
import { makeServer } from './server.js';
import { onStopSignal } from './signals.js';
import { VERSION } from './version.js';
import { monotonicMilliseconds } from './wall-clock.js';

const OOM_SCORE = '/proc/self/oom_score_adj';
const oomScore = {
  get: () => Number(readFileSync(OOM_SCORE, 'latin1')),
  set: (score: number) => writeFileSync(OOM_SCORE, String(score)),
};

const host: Host = {
  version: VERSION,
  pid: process.pid,
  directory: process.cwd(),
  terminal: process.stdout.isTTY,
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  environment: process.env,
  readStandardInput: async () => textOf(await buffer(process.stdin)),
  onSignal: onStopSignal,
  now: monotonicMilliseconds,
  setTitle: (title) => {
    process.title = title;
  },
  ...(process.platform === 'linux' && { oomScore }),
};

/** As in Redis, port 0 or an empty `bind` means: no TCP. */
const make: MakeServer = (config, log) => {
  const port = config.port === 0 || config.bind.length === 0 ? false : config.port;
  return makeServer({ config, port, host: config.bind, log });
};

// The terminal may be closed, or a pipe have no reader any more: the server goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// A server that listens to nothing (CONFIG SET port 0) goes on: Node alone would end the process.
setInterval(() => undefined, 0x7fffffff);

// Timers or clients that are still there must not keep the process.
process.exit(await runDaemon(process.argv.slice(2), host, make));
