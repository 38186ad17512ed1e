// The log of the daemon: pino, as text for people in a terminal, as JSON lines elsewhere. Writes are synchronous, so that
// the last line before an exit is there; the server logs little, and nothing per request.

import { appendFileSync } from 'node:fs';
import { pino, type Level, type Logger } from 'pino';
import type { Config } from './config/config.js';
import type { LogLevel } from './server.js';

/** Redis's levels are four, pino's are six: `verbose` is pino's debug, `notice` its info. */
const LEVELS: Readonly<Record<LogLevel, Level>> = {
  debug: 'trace',
  verbose: 'debug',
  notice: 'info',
  warning: 'warn',
};

/** What standard output is. */
export interface TerminalUse {
  /** A person reads it. */
  readonly isTerminal: boolean;
  readonly colors: boolean;
}

const threshold = (level: Config['logLevel']): Level | 'silent' => (level === 'nothing' ? 'silent' : LEVELS[level]);

/**
 * Follows `logfile` and `loglevel`, also when CONFIG SET changes the level.
 * @throws {Error} when the log file cannot be opened
 */
export async function createLogger(config: Config, terminal: TerminalUse): Promise<Logger> {
  const options = { level: threshold(config.logLevel), base: null };
  const logger = pino(options, await destination(config.logFile, terminal));
  config.onChange('loglevel', () => {
    logger.level = threshold(config.logLevel);
    return '';
  });
  return logger;
}

async function destination(file: string, { isTerminal, colors }: TerminalUse): Promise<pino.DestinationStream> {
  if (file !== '') return logFile(file);
  if (!isTerminal) return standardOutput();
  // Loaded only here: it takes longer than the rest of the start.
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ colorize: colors, translateTime: 'SYS:HH:MM:ss.l', destination: standardOutput() });
}

/** What waits while standard output takes nothing; more is dropped. */
const MAX_WAITING_BYTES = 1 << 20;

/** A terminal that was closed, a pipe without a reader or a full disk must not stop the server. */
function standardOutput(): pino.DestinationStream {
  return pino.destination({ dest: 1, sync: true, maxLength: MAX_WAITING_BYTES }).on('error', () => undefined);
}

/**
 * Opened for each line, as Redis does: a file that was moved away (logrotate) is made anew, and no signal is needed.
 * @throws the system's error when it cannot be opened now
 */
function logFile(path: string): pino.DestinationStream {
  appendFileSync(path, '');
  return {
    write: (line) => {
      try {
        appendFileSync(path, line);
      } catch {
        // A full disk must not stop the server; that lines are missing is seen in the log.
      }
    },
  };
}

/** What a server calls with a level of Redis. */
export function logInto(logger: Logger): (level: LogLevel, message: string) => void {
  return (level, message) => logger[LEVELS[level]](message);
}
