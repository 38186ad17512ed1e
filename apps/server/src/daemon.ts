// The life of the process around one server: arguments and configuration, log, banner, pid file, signals, exit code.
// Whatever touches the process comes in through `Host`, so that tests see what would happen to it.

import { rmSync, writeFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { bannerLine, bannerText, type BannerFacts } from './banner.js';
import { parseCommandLine, readOptions, type CommandLine } from './config/command-line.js';
import { ConfigError } from './config/config-error.js';
import { ConfigReader, reasonOf } from './config/config-file.js';
import { Config } from './config/config.js';
import { createLogger, logInto } from './logger.js';
import { followProcessSettings, type ProcessHandle } from './process-settings.js';
import type { ShutdownOptions } from './server-context.js';
import type { LogLevel } from './server.js';
import type { StopSignal } from './signals.js';
import { usageText } from './usage.js';
import { REDIS_VERSION } from './version.js';

/** Two SIGINT closer than this are one Ctrl-C: the terminal sends it to everybody, and pnpm passes its own on. */
const ECHO_MS = 300;

/** What the daemon needs of the process. */
export interface Host extends ProcessHandle {
  readonly version: string;
  readonly pid: number;
  readonly directory: string;
  /** Whether standard output is read by a person. */
  readonly terminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  write(text: string): void;
  writeError(text: string): void;
  readStandardInput(): Promise<string>;
  /** Takes the place of the handler that was there before. */
  onSignal(signal: StopSignal, handler: () => void): void;
  /** Monotonic milliseconds. */
  now(): number;
}

/** The part of a server that the daemon sees. */
export interface RunningServer {
  /** 0 when TCP is not listened on, without TLS or with it. */
  readonly port: number;
  readonly tlsPort: number;
  /** Resolves to false when the server was stopped before it accepted commands. */
  start(): Promise<boolean>;
  /** What lies in `dir` and was not read, a line for each. */
  readonly unreadData: readonly string[];
  stop(options: ShutdownOptions): Promise<void>;
  /** Settles when the server has stopped, by whatever cause. */
  readonly closed: Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** It has the addresses that it listens on, and begins to load. */
  on(event: 'listening', listener: () => void): unknown;
}

export type MakeServer = (config: Config, log: (level: LogLevel, message: string) => void) => RunningServer;

/**
 * Runs a server until it stops.
 * @param args the words of the command line behind the program's name
 * @returns the exit code: 0 after a clean stop; 1, with one line on standard error, when it could not start or go on
 */
export async function runDaemon(args: readonly string[], host: Host, make: MakeServer): Promise<number> {
  try {
    const commandLine = parseCommandLine(args);
    if (commandLine.action === 'help') {
      host.write(usageText());
      return 0;
    }
    if (commandLine.action === 'version') {
      host.write(`clone-server v=${host.version} redis=${REDIS_VERSION} node=${process.versions.node}\n`);
      return 0;
    }
    return await serve(await readConfig(commandLine, host), host, make);
  } catch (error) {
    host.writeError(`clone-server: ${withHint(failureToStart(error))}\n`);
    return 1;
  }
}

async function readConfig(commandLine: CommandLine, host: Host): Promise<Config> {
  const { file, stdin } = commandLine;
  const config = new Config({ directory: host.directory, file });
  const reader = new ConfigReader(host.directory);
  config.load([
    ...(file === undefined ? [] : reader.file(file)),
    ...(stdin ? reader.text(await host.readStandardInput(), (line) => `standard input, line ${line}`) : []),
    ...readOptions(commandLine, reader),
  ]);
  return config;
}

async function serve(config: Config, host: Host, make: MakeServer): Promise<number> {
  const hasTcp = config.bind.length > 0 && (config.port > 0 || config.tlsPort > 0);
  if (!hasTcp && config.unixSocket === '') {
    throw new ConfigError('there is nothing to listen on: give a port and an address to bind, or a unixsocket');
  }
  const logger = await createLogger(config, { isTerminal: host.terminal, colors: wantsColors(host.environment) }).catch(
    (error: unknown) => {
      throw new ConfigError(`can't open the log file '${config.logFile}': ${reasonOf(error)}`, { cause: error });
    },
  );
  for (const line of config.ignored()) {
    logger.warn(line);
    // Who starts it looks at the terminal, and not yet into the file.
    if (config.logFile !== '') host.writeError(`clone-server: warning: ${line}\n`);
  }
  try {
    return await serveUntilStopped(make(config, logInto(logger)), config, host, logger);
  } catch (error) {
    // Tools look for the reason in the log. A terminal that shows both would have it twice.
    if (config.logFile !== '' || !host.terminal) logger.error(failureToStart(error));
    throw error;
  }
}

async function serveUntilStopped(server: RunningServer, config: Config, host: Host, logger: Logger): Promise<number> {
  let exitCode = 0;
  const failed = (): void => {
    exitCode = 1;
  };
  server.on('error', (error) => {
    failed();
    logger.error(`the server stops: ${error.message}`);
  });
  let pidFile = '';
  // Not sooner: another server that has the port would lose its file.
  server.on('listening', () => {
    pidFile = writePidFile(config.pidFile, host.pid, logger);
  });
  // They stop it while it loads, too.
  const interrupted = stopOnSignals(server, config, host, logger).then(failed);
  try {
    const isUp = await Promise.race([server.start(), interrupted.then(() => false)]);
    if (isUp) {
      announce(
        {
          version: host.version,
          redisVersion: REDIS_VERSION,
          pid: host.pid,
          port: server.port,
          tlsPort: server.tlsPort,
          config,
          unreadData: server.unreadData,
        },
        host,
        logger,
      );
      followProcessSettings(config, server, host, (text) => logger.warn(text));
      await Promise.race([server.closed.catch(failed), interrupted]);
    }
  } finally {
    if (pidFile !== '') rmSync(pidFile, { force: true });
  }
  logger.info(exitCode === 0 ? 'stopped, bye' : 'stopped');
  return exitCode;
}

function announce(facts: BannerFacts, host: Host, logger: Logger): void {
  const isWatched = host.terminal && facts.config.logFile === '';
  if (isWatched || facts.config.get('always-show-logo') === 'yes') host.write(bannerText(facts));
  else logger.info(bannerLine(facts));
  // In Redis's words: tools that start a server wait for them.
  const { port, tlsPort, config } = facts;
  const kinds = [
    ...(port > 0 ? ['tcp'] : []),
    ...(config.unixSocket === '' ? [] : ['unix']),
    ...(tlsPort > 0 ? ['tls'] : []),
  ];
  for (const kind of kinds) logger.info(`Ready to accept connections ${kind}`);
}

/**
 * A clean stop at the first signal, as `shutdown-on-sigterm` and its sibling say.
 * @returns settles when somebody insists with a second SIGINT
 */
function stopOnSignals(server: RunningServer, config: Config, host: Host, logger: Logger): Promise<void> {
  return new Promise((insisted) => {
    let stoppingSince = -1;
    const stop = (signal: StopSignal): void => {
      if (stoppingSince >= 0) return;
      stoppingSince = host.now();
      logger.info(`${signal}: stopping`);
      const options = shutdownOptions(config.get(`shutdown-on-${signal.toLowerCase()}`) ?? '');
      void server.stop(options).catch((error: unknown) => logger.error(`stopping failed: ${reasonOf(error)}`));
    };
    host.onSignal('SIGTERM', () => stop('SIGTERM'));
    host.onSignal('SIGINT', () => {
      if (stoppingSince >= 0 && host.now() - stoppingSince > ECHO_MS) {
        logger.warn('second SIGINT: gone at once');
        insisted();
      }
      stop('SIGINT');
    });
  });
}

/** @param words as `shutdown-on-sigterm` has them */
function shutdownOptions(words: string): ShutdownOptions {
  const given = words.split(' ');
  const save = given.includes('save') || (given.includes('nosave') ? false : undefined);
  return { save, now: given.includes('now'), force: given.includes('force') };
}

/** @returns the path that was written, '' when none was */
function writePidFile(path: string, pid: number, logger: Logger): string {
  if (path === '') return '';
  try {
    writeFileSync(path, `${pid}\n`);
    return path;
  } catch (error) {
    logger.warn(`the pid file '${path}' cannot be written: ${reasonOf(error)}`);
    return '';
  }
}

/** https://no-color.org and https://force-color.org: any text that is not empty, but for what Node takes as "no". */
function wantsColors({ NO_COLOR = '', FORCE_COLOR, TERM }: Host['environment']): boolean {
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return TERM !== 'dumb';
}

function withHint(message: string): string {
  return message.startsWith('command line:') ? `${message}; see clone-server --help` : message;
}

/** One line from whatever kept the server from starting. */
function failureToStart(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return oneLine(error.message);
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const reason = oneLine(reasonOf(error));
  if (syscall === 'getaddrinfo') return `can't listen on ${hostOf(error)}: ${reason}`;
  if (syscall === 'listen') return `can't listen on ${endpoint(error)}: ${reason}${LISTEN_HINTS[code] ?? ''}`;
  return path === undefined || reason.includes(path) ? reason : `'${path}': ${reason}`;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

const LISTEN_HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: '; another program has it: stop that one, or choose another port',
  EADDRNOTAVAIL: '; it is no address of this machine',
};

const hostOf = (error: Error & { hostname?: string }): string => error.hostname ?? 'the address';

function endpoint(error: Error & { address?: string; port?: number }): string {
  const { address, port } = error;
  if (port === undefined || port < 0) return address ?? 'the address';
  return address === undefined ? `port ${port}` : `port ${port} on ${address}`;
}
