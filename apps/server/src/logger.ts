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

const threshold = (level: Config['logLevel']): Level | 'silent' => (level === 'nothing' ? 'silent' : LEVELS[level]);

/**
 * Follows `logfile` and `loglevel`, also when CONFIG SET changes the level.
 * @param terminal whether standard output is read by a person
 * @throws {Error} when the log file cannot be opened
 */
export async function createLogger(config: Config, terminal: boolean): Promise<Logger> {
  const options = { level: threshold(config.logLevel), base: null };
  const logger = pino(options, await destination(config.logFile, terminal));
  config.onChange('loglevel', () => {
    logger.level = threshold(config.logLevel);
    return '';
  });
  return logger;
}

async function destination(file: string, terminal: boolean): Promise<pino.DestinationStream> {
  if (file !== '') return logFile(file);
  if (!terminal) return pino.destination({ dest: 1, sync: true });
  // Loaded only here: it takes longer than the rest of the start.
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', sync: true });
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
