// `kill -9` in a loop, under load, with `appendfsync always`: after each restart every acknowledged write must be there.
//
//   node test/crash/kill-loop.mjs [--kills 100] [--seed 1]        (after `pnpm build`)
//
// Each crash has one of the load mixes below. Each client of a mix works on keys of its own, one command behind the
// other, so that what it must find after the restart is known: the state after its last acknowledged command, or
// after one of those that it had sent behind that. A mix goes on with the data of its last crash.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeCommand, ReplyDecoder, ReplyError } from '@clone/resp-codec';

const program = fileURLToPath(new URL('../../apps/server/bin/clone-server.js', import.meta.url));
const FAR = 4_000_000_000_000;
const DATABASES = 3;
/** How long a server may take to start or a reply to arrive, in milliseconds. */
const PATIENCE = 20_000;

const { values: options } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = Number(options.kills ?? process.env.KILLS ?? 100);
const seed = Number(options.seed ?? process.env.SEED ?? Date.now() % 100_000);

/** Uniform in [0, 1) (mulberry32). */
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pick = (count) => Math.floor(random() * count);
const text = () => `value-${pick(1e9)}`;

// ── load mixes: each makes one command for a client whose keys begin with `p` ───────────────────────────────────────

const commands = {
  set: (p) => ['SET', `${p}s${pick(40)}`, text()],
  incr: (p) => ['INCR', `${p}n${pick(5)}`],
  hset: (p) => ['HSET', `${p}h${pick(4)}`, `f${pick(30)}`, text(), `g${pick(30)}`, text()],
  hdel: (p) => ['HDEL', `${p}h${pick(4)}`, `f${pick(30)}`, `g${pick(30)}`],
  append: (p) => ['APPEND', `${p}a${pick(5)}`, `${pick(1000)},`],
  mset: (p) => ['MSET', ...Array.from({ length: 10 }, (_, i) => [`${p}s${i * 4 + pick(4)}`, text()]).flat()],
  del: (p) => ['DEL', `${p}s${pick(40)}`, `${p}s${pick(40)}`],
  expire: (p) => ['PEXPIREAT', `${p}s${pick(40)}`, String(FAR + pick(1000))],
  persist: (p) => ['PERSIST', `${p}s${pick(40)}`],
  setExpiring: (p) => ['SET', `${p}s${pick(40)}`, text(), 'PXAT', String(FAR + pick(1000))],
  big: (p) => ['SET', `${p}s${pick(4)}`, `${pick(1e9)}`.padEnd(100_000 + pick(200_000), 'x')],
  range: (p) => ['SETRANGE', `${p}a${pick(5)}`, String(pick(50)), text()],
  float: (p) => ['INCRBYFLOAT', `${p}f${pick(3)}`, '0.5'],
  hincrby: (p) => ['HINCRBY', `${p}i${pick(3)}`, `f${pick(10)}`, String(pick(100) - 50)],
  rename: (p) => ['RENAMENX', `${p}s${pick(40)}`, `${p}s${pick(40)}`],
};
const oneOf = (...names) => {
  return (p) => commands[names[pick(names.length)]](p);
};
const everything = oneOf(...Object.keys(commands).filter((name) => name !== 'big'));

const MIXES = [
  { name: 'SET', clients: 8, pipeline: 1, command: commands.set },
  { name: 'INCR', clients: 8, pipeline: 1, command: commands.incr },
  { name: 'HSET', clients: 8, pipeline: 1, command: commands.hset },
  { name: 'APPEND', clients: 8, pipeline: 1, command: commands.append },
  { name: 'MSET of 10', clients: 8, pipeline: 1, command: commands.mset },
  { name: 'SET and DEL', clients: 8, pipeline: 1, command: oneOf('set', 'del') },
  { name: 'expiry', clients: 8, pipeline: 1, command: oneOf('set', 'setExpiring', 'expire', 'persist') },
  { name: 'pipelines of 50', clients: 4, pipeline: 50, command: everything },
  { name: 'during rewrites', clients: 4, pipeline: 4, command: everything, rewrite: true },
  { name: 'big values', clients: 3, pipeline: 1, command: commands.big },
  { name: 'substituted effects', clients: 8, pipeline: 2, command: oneOf('float', 'hincrby', 'range') },
  { name: 'big values during rewrites', clients: 3, pipeline: 2, command: oneOf('big', 'set', 'del'), rewrite: true },
  { name: 'everything, 50 clients', clients: 50, pipeline: 1, command: everything },
];

// ── what a command does, as a model: key → { value, fields, expireAt } ──────────────────────────────────────────────

function applyTo(model, [name, key, ...args]) {
  const entry = model.get(key);
  const string = (value, expireAt = entry?.expireAt ?? -1) => model.set(key, { value, expireAt });
  switch (name) {
    case 'SET':
      string(args[0], args.length > 1 ? Number(args[2]) : -1);
      break;
    case 'MSET':
      for (const [i, each] of [key, ...args].entries()) {
        if (i % 2 === 0) model.set(each, { value: args[i], expireAt: -1 });
      }
      break;
    case 'INCR':
      string(String(Number(entry?.value ?? 0) + 1));
      break;
    case 'INCRBYFLOAT':
      string(String(Number(entry?.value ?? 0) + Number(args[0])));
      break;
    case 'APPEND':
      string((entry?.value ?? '') + args[0]);
      break;
    case 'SETRANGE': {
      const old = (entry?.value ?? '').padEnd(Number(args[0]), '\0');
      string(old.slice(0, Number(args[0])) + args[1] + old.slice(Number(args[0]) + args[1].length));
      break;
    }
    case 'DEL':
      for (const each of [key, ...args]) model.delete(each);
      break;
    case 'PEXPIREAT':
      if (entry !== undefined) model.set(key, { ...entry, expireAt: Number(args[0]) });
      break;
    case 'PERSIST':
      if (entry !== undefined) model.set(key, { ...entry, expireAt: -1 });
      break;
    case 'RENAMENX':
      if (entry !== undefined && !model.has(args[0])) {
        model.delete(key);
        model.set(args[0], entry);
      }
      break;
    default:
      applyToHash(model, name, key, args);
  }
}

function applyToHash(model, name, key, args) {
  const fields = new Map(model.get(key)?.fields);
  if (name === 'HSET') for (let i = 0; i < args.length; i += 2) fields.set(args[i], args[i + 1]);
  else if (name === 'HDEL') for (const field of args) fields.delete(field);
  else if (name === 'HINCRBY') fields.set(args[0], String(Number(fields.get(args[0]) ?? 0) + Number(args[1])));
  else throw new Error(`the model does not know ${name}`);
  if (fields.size === 0) model.delete(key);
  else model.set(key, { fields, expireAt: -1 });
}

function sameEntry(a, b) {
  if (a === undefined || b === undefined) return a === b;
  if (a.expireAt !== b.expireAt || a.value !== b.value || a.fields?.size !== b.fields?.size) return false;
  for (const [field, value] of a.fields ?? []) if (b.fields.get(field) !== value) return false;
  return true;
}

/** The first key that differs, undefined when all are the same. */
function difference(a, b) {
  for (const [key, entry] of a) if (!sameEntry(entry, b.get(key))) return key;
  for (const key of b.keys()) if (!a.has(key)) return key;
  return undefined;
}

// ── connections ─────────────────────────────────────────────────────────────────────────────────────────────────────

class Connection {
  #socket;
  #waiting = [];
  closed = false;

  constructor(path) {
    const decoder = new ReplyDecoder({ map: 'array', onReply: (reply) => this.#waiting.shift()?.(reply) });
    this.#socket = createConnection({ path });
    this.#socket.on('data', (chunk) => decoder.write(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.closed = true;
      for (const answer of this.#waiting.splice(0)) answer(undefined);
    });
  }

  /** Sends one command, and calls back with its reply, or undefined when there will be none. */
  send(args, answered) {
    if (this.closed) {
      answered(undefined);
      return;
    }
    this.#waiting.push(answered);
    this.#socket.write(encodeCommand(args));
  }

  call(...args) {
    return new Promise((resolve) => this.send(args, resolve));
  }

  end() {
    this.#socket.destroy();
  }
}

// ── one client of a mix ─────────────────────────────────────────────────────────────────────────────────────────────

class Worker {
  #mix;
  #prefix;
  #database;
  /** The state after all acknowledged commands. */
  #model = new Map();
  /** Commands that were sent and not acknowledged, in order. */
  #unanswered = [];
  /** Of the commands since the last start, those that changed something. */
  acknowledged = 0;

  constructor(mix, index) {
    this.#mix = mix;
    this.#prefix = `c${index}:`;
    this.#database = index % DATABASES;
  }

  /** Sends commands until the connection breaks. */
  async work(path) {
    this.acknowledged = 0;
    const connection = new Connection(path);
    await connection.call('SELECT', String(this.#database));
    while (!connection.closed) {
      const batch = Array.from({ length: this.#mix.pipeline }, () => this.#mix.command(this.#prefix));
      await Promise.all(batch.map((args) => this.#send(connection, args)));
    }
  }

  #send(connection, args) {
    this.#unanswered.push(args);
    return new Promise((resolve, reject) => {
      connection.send(args, (reply) => {
        // RENAMENX of what is not there, and commands on the other kind of value, are refused: they change nothing.
        if (reply instanceof ReplyError && reply.code !== 'ERR') reject(reply);
        if (reply !== undefined) {
          if (reply !== 0 && !(reply instanceof ReplyError)) this.acknowledged++;
          this.#unanswered.shift();
          applyTo(this.#model, args);
        }
        resolve();
      });
    });
  }

  /** Compares what the server has with what it may have. @returns a description of what is wrong, or '' */
  async check(path) {
    const connection = new Connection(path);
    await connection.call('SELECT', String(this.#database));
    const actual = await this.#read(connection);
    connection.end();
    const firstDifference = difference(this.#model, actual);
    while (difference(this.#model, actual) !== undefined) {
      const next = this.#unanswered.shift();
      if (next === undefined) {
        return `key ${firstDifference} in database ${this.#database} is not as acknowledged`;
      }
      applyTo(this.#model, next);
    }
    this.#unanswered = [];
    return '';
  }

  async #read(connection) {
    const actual = new Map();
    const keys = await connection.call('KEYS', `${this.#prefix}*`);
    await Promise.all(
      keys.map(async (key) => {
        const isHash = /^c\d+:[hi]/.test(key);
        const [reply, expireAt] = await Promise.all([
          connection.call(isHash ? 'HGETALL' : 'GET', key),
          connection.call('PEXPIRETIME', key),
        ]);
        if (!isHash) {
          actual.set(key, { value: reply, expireAt });
          return;
        }
        const fields = new Map();
        for (let i = 0; i < reply.length; i += 2) fields.set(reply[i], reply[i + 1]);
        actual.set(key, { fields, expireAt });
      }),
    );
    return actual;
  }
}

// ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function startServer(directory) {
  const path = join(directory, 'socket');
  const words = ['--port', '0', '--unixsocket', path, '--dir', directory, '--loglevel', 'warning'];
  const child = spawn(process.execPath, [program, ...words, '--appendonly', 'yes', '--appendfsync', 'always'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const connection = new Connection(path);
    const reply = await connection.call('PING');
    connection.end();
    if (reply === 'PONG') break;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server does not start (exit code ${child.exitCode})`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    path,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Asks for one rewrite after the other. */
async function keepRewriting(path) {
  const connection = new Connection(path);
  while (!connection.closed) await connection.call('BGREWRITEAOF');
}

// ── the loop ────────────────────────────────────────────────────────────────────────────────────────────────────────

const directory = mkdtempSync(join(tmpdir(), 'kill-loop-'));
const runs = new Map();
let total = 0;
let failures = 0;

function runOf(mix) {
  let run = runs.get(mix);
  if (run === undefined) {
    run = {
      directory: mkdtempSync(join(directory, 'mix-')),
      workers: Array.from({ length: mix.clients }, (_, i) => new Worker(mix, i)),
    };
    runs.set(mix, run);
  }
  return run;
}

async function crash(number, mix) {
  const { directory: dir, workers } = runOf(mix);
  const server = await startServer(dir);
  const load = workers.map((worker) => worker.work(server.path));
  if (mix.rewrite) load.push(keepRewriting(server.path));
  const acknowledged = () => workers.reduce((sum, worker) => sum + worker.acknowledged, 0);
  const deadline = Date.now() + PATIENCE;
  // At a random moment, but not before there is something to lose.
  const moment = Date.now() + pick(250);
  while (acknowledged() === 0 || Date.now() < moment) {
    if (Date.now() > deadline) throw new Error(`nothing is acknowledged under ${mix.name}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await server.kill();
  await Promise.all(load);
  const survivor = await startServer(dir);
  const wrong = (await Promise.all(workers.map((worker) => worker.check(survivor.path)))).filter((each) => each !== '');
  await survivor.kill();
  const count = acknowledged();
  total += count;
  failures += wrong.length;
  console.log(
    `kill ${number}: ${mix.name}: ${count} acknowledged writes, ${wrong.length === 0 ? 'all there' : 'LOST'}`,
  );
  for (const each of wrong) console.log(`  ${each}`);
}

console.log(`${kills} kills over ${Math.min(kills, MIXES.length)} load mixes, seed ${seed}`);
// Fewer kills than mixes: which ones depends on the seed.
const first = pick(MIXES.length);
try {
  for (let i = 0; i < kills; i++) await crash(i + 1, MIXES[(first + i) % MIXES.length]);
} finally {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${kills} kills, ${total} acknowledged writes, ${failures} clients that lost one`);
process.exitCode = failures === 0 ? 0 : 1;
