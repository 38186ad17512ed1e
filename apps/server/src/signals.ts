/**
 * The signals of the daemon, as Redis has them. Imported before everything else, and only by the program: a server inside
 * another process leaves that process alone.
 *
 * The handlers stand from the first moment, because a container's first process gets no signal that it does not handle: a
 * SIGTERM during the start would be lost. Until there is a server to stop, the process just ends.
 *
 * Signals that are not named here do what the system does by default, as in Redis; Node itself ignores SIGPIPE and SIGXFSZ.
 */
import { constants } from 'node:os';

export type StopSignal = 'SIGTERM' | 'SIGINT';

const endProcess = (): void => process.exit(0);
const stopHandlers: Record<StopSignal, () => void> = { SIGTERM: endProcess, SIGINT: endProcess };

const stop = (signal: StopSignal): (() => void) => {
  return () => stopHandlers[signal]();
};
const ignore = (): void => undefined;

/** Node throws for a signal that the system does not have. */
function handle(signal: NodeJS.Signals, handler: () => void): void {
  if (signal in constants.signals) process.on(signal, handler);
}

handle('SIGTERM', stop('SIGTERM'));
handle('SIGINT', stop('SIGINT'));
if (process.platform === 'win32') {
  // The console is being closed, or Ctrl-Break: Windows ends the process soon in any case.
  handle('SIGHUP', stop('SIGTERM'));
  handle('SIGBREAK', stop('SIGTERM'));
} else {
  handle('SIGHUP', ignore);
  // Redis prints a stack trace, and goes on.
  handle('SIGALRM', ignore);
  // Node would open its inspector, through which any local user can run code. Without a listener that was there before, the
  // signal has its default action back, and ends the process as it ends Redis.
  process.on('SIGUSR1', ignore).off('SIGUSR1', ignore);
}

/** From now on the signal does this. */
export function onStopSignal(signal: StopSignal, handler: () => void): void {
  stopHandlers[signal] = handler;
}
