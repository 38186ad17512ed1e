import { readFileSync, writeFileSync } from 'node:fs';
import { runDaemon, type Host, type StartServer } from './daemon.js';
import { createServer } from './server.js';
import { VERSION } from './version.js';

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
  readStandardInput: () => readFileSync(0, 'utf8'),
  onSignal: (signal, handler) => process.on(signal, handler),
  now: () => performance.now(),
  setTitle: (title) => {
    process.title = title;
  },
  ...(process.platform === 'linux' && { oomScore }),
};

/** As in Redis, port 0 or an empty `bind` means: no TCP. */
const start: StartServer = (config, log) => {
  const port = config.port === 0 || config.bind.length === 0 ? false : config.port;
  return createServer({ config, port, host: config.bind, log });
};

// Timers or clients that are still there must not keep the process.
process.exit(await runDaemon(process.argv.slice(2), host, start));
