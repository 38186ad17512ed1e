/**
 * The two servers side by side: ours, as a child process of the built command, and `redis-server` from the path. Both
 * get the same flags, a port and a folder of their own.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeFolder, startChild, stopChild, temporaryFolder } from './child-processes.js';
import { PipelineClient, type ServerAddress } from './pipeline-client.js';
import { type CpuTime, cpuTimeOf, residentBytesOf } from './process-usage.js';

export type Contestant = 'clone' | 'redis-server';
export const CONTESTANTS: readonly Contestant[] = ['clone', 'redis-server'];

export type Persistence = 'none' | 'everysec' | 'always';

export interface ServerOptions {
  readonly persistence: Persistence;
  /** Where the server keeps its files; undefined: a folder that goes when the server stops. */
  readonly folder?: string | undefined;
  /** Where such folders are made. */
  readonly parentFolder?: string | undefined;
  /** A folder for a CPU profile; written when the server stops. Ours only: `redis-server` ignores it. */
  readonly profileFolder?: string | undefined;
  /** Listens for TLS as well, and asks no client for a certificate. */
  readonly certificate?: Certificate | undefined;
}

/** Paths of PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const READY_TIMEOUT_MS = 300_000;
const POLL_MS = 5;
const GRACE_MS = 200;

export class BenchServer {
  readonly contestant: Contestant;
  readonly address: ServerAddress;
  /** Undefined: without TLS. */
  readonly tlsAddress: ServerAddress | undefined;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first PONG: loading included. */
  readonly readyAfter: number;
  readonly #process: ChildProcess;
  readonly #ownFolder: string | undefined;
  readonly #log: () => string;

  private constructor(
    contestant: Contestant,
    address: ServerAddress,
    tlsAddress: ServerAddress | undefined,
    child: ChildProcess,
    readyAfter: number,
    ownFolder: string | undefined,
    log: () => string,
  ) {
    if (child.pid === undefined) throw new Error(`${contestant} has no process id`);
    this.contestant = contestant;
    this.address = address;
    this.tlsAddress = tlsAddress;
    this.pid = child.pid;
    this.readyAfter = readyAfter;
    this.#process = child;
    this.#ownFolder = ownFolder;
    this.#log = log;
  }

  /** Resolves when the server has loaded its data and answers. */
  static async start(contestant: Contestant, options: ServerOptions): Promise<BenchServer> {
    const ownFolder = options.folder === undefined ? temporaryFolder(options.parentFolder) : undefined;
    const folder = options.folder ?? ownFolder ?? '';
    const address = { host: '127.0.0.1', port: await freePort() };
    const { certificate } = options;
    const tlsAddress = certificate && { host: '127.0.0.1', port: await freePort() };
    const args = [...serverFlags(address, folder, options.persistence)];
    if (tlsAddress !== undefined) args.push('--tls-port', String(tlsAddress.port), '--tls-auth-clients', 'no');
    if (certificate !== undefined) args.push('--tls-cert-file', certificate.cert, '--tls-key-file', certificate.key);
    let command: string = contestant;
    if (contestant === 'clone') {
      command = process.execPath;
      args.unshift(commandPath());
      if (options.profileFolder !== undefined) args.unshift('--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`);
    }
    const began = performance.now();
    const child = await startChild(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = lastOutput(child);
    await ready(contestant, child, address, log);
    return new BenchServer(contestant, address, tlsAddress, child, performance.now() - began, ownFolder, log);
  }

  cpuTime(): CpuTime {
    return cpuTimeOf(this.pid);
  }

  residentBytes(): number {
    return residentBytesOf(this.pid);
  }

  async command(...words: readonly string[]): Promise<string> {
    const client = await PipelineClient.connect(this.address);
    try {
      return await client.command(...words);
    } finally {
      client.close();
    }
  }

  /** What the server said last, if it ended by itself; undefined while it runs. */
  lastWords(): string | undefined {
    const { exitCode, signalCode } = this.#process;
    return exitCode === null && signalCode === null ? undefined : this.#log();
  }

  async stop(): Promise<void> {
    await stopChild(this.#process);
    if (this.#ownFolder !== undefined) removeFolder(this.#ownFolder);
  }
}

/** Starts one server of each, hands them over, and stops them whatever happens. */
export async function withServers<T>(
  contestants: readonly Contestant[],
  options: ServerOptions,
  work: (servers: readonly BenchServer[]) => Promise<T>,
): Promise<T> {
  const servers: BenchServer[] = [];
  try {
    for (const contestant of contestants) servers.push(await BenchServer.start(contestant, options));
    return await work(servers);
  } catch (error) {
    // The connection to a server that dies breaks a moment before its end is known.
    await sleep(GRACE_MS);
    for (const server of servers) {
      const words = server.lastWords();
      // The reason, rather than a connection that was refused.
      if (words !== undefined) throw new Error(`${server.contestant} ended:\n${words}`, { cause: error });
    }
    throw error;
  } finally {
    for (const server of servers) await server.stop();
  }
}

/**
 * Redis's names, which are ours too. No base file in RDB format, which ours does not have yet; and no rewrite in the
 * background: it would fall into some rounds and not into others.
 */
function serverFlags(address: ServerAddress, folder: string, persistence: Persistence): readonly string[] {
  const flags = ['--port', String(address.port), '--bind', address.host, '--dir', folder, '--save', ''];
  if (persistence === 'none') return [...flags, '--appendonly', 'no'];
  return [
    ...flags,
    ...['--appendonly', 'yes', '--appendfsync', persistence],
    ...['--aof-use-rdb-preamble', 'no', '--auto-aof-rewrite-percentage', '0'],
  ];
}

function commandPath(): string {
  const manifest = fileURLToPath(import.meta.resolve('@clone/server/package.json'));
  return join(dirname(manifest), 'bin', 'clone-server.js');
}

/** Free at the moment; nothing keeps another process from taking it before the server does. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const bound = probe.address();
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  probe.close();
  await once(probe, 'close');
  return bound.port;
}

/** The end of what a server said, for when it does not start. */
function lastOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-2000)));
  }
  return () => text;
}

/** Waits for a PONG, through refused connections and -LOADING. */
async function ready(
  contestant: Contestant,
  child: ChildProcess,
  address: ServerAddress,
  log: () => string,
): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${contestant} did not start:\n${log()}`);
    let client: PipelineClient | undefined;
    try {
      client = await PipelineClient.connect(address);
      await client.command('PING');
      return;
    } catch {
      await sleep(POLL_MS);
    } finally {
      client?.close();
    }
  }
  throw new Error(`${contestant} does not answer:\n${log()}`);
}
