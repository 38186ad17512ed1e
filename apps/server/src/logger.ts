// The log of the daemon: pino, as text for people in a terminal, as JSON lines elsewhere. Writes are synchronous, so that
// the last line before an exit is there; the server logs little, and nothing per request.

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
  if (file !== '' || !terminal) return pino.destination({ dest: file === '' ? 1 : file, sync: true });
  // Loaded only here: it takes longer than the rest of the start.
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', sync: true });
}

/** What a server calls with a level of Redis. */
export function logInto(logger: Logger): (level: LogLevel, message: string) => void {
  return (level, message) => logger[LEVELS[level]](message);
}
