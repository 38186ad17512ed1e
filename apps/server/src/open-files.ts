/**
 * How many clients the system lets a process have. Node raises its limit of open files as far as it may when it starts;
 * what that limit is can be read on Linux only. Elsewhere nothing is known, and nothing is refused.
 */
import { readFileSync } from 'node:fs';

/** Files that the server itself needs: logs, listening sockets, Node's own. */
const RESERVED = 32;

/** The largest `maxclients` that can be kept, Infinity where it is not known. @param limits for tests */
export function mostClients(limits: string = readLimits()): number {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Infinity : Math.max(1, Number(soft) - RESERVED);
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
