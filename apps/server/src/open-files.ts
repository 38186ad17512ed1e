/**
 * How many clients the system lets a process have. Node raises its limit of open files as far as it may when it starts;
 * what that limit is can be read on Linux only. Elsewhere nothing is known, and nothing is refused.
 */
import { readFileSync } from 'node:fs';

/** Files that the server itself needs: logs, listening sockets, Node's own. */
const RESERVED = 32;

/** With fewer the modules of the program cannot all be read: Node opens many of them at once (about 150 on Node 20). */
const ENOUGH = 256;

/**
 * The line for a program that could not be loaded; '' when it is not for want of open files.
 * @param limit what `openFilesLimit` said before: later it may have no file left to read
 */
export function tooFewFiles(error: unknown, limit: number): string {
  const hasRunOut = error instanceof Error && 'code' in error && error.code === 'EMFILE';
  if (!hasRunOut && limit >= ENOUGH) return '';
  const allowed = limit === Infinity ? 'too few' : `only ${limit}`;
  return `the system allows ${allowed} open files (ulimit -n): the server needs at least ${ENOUGH} to start`;
}

/** The largest `maxclients` that can be kept, Infinity where it is not known. @param limits for tests */
export function mostClients(limits: string = readLimits()): number {
  return Math.max(1, openFilesLimit(limits) - RESERVED);
}

/** How many files the process may have open; Infinity where it is not known. @param limits for tests */
export function openFilesLimit(limits: string = readLimits()): number {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Infinity : Number(soft);
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
