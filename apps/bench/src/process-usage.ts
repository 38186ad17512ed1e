/**
 * What a process has used, from Linux's /proc: the same yardstick for both servers, and one that does not trouble
 * them. Threads are included, also those that have ended (garbage collection, file system, bio).
 */
import { readFileSync } from 'node:fs';

export interface CpuTime {
  /** Microseconds. */
  readonly user: number;
  /** Microseconds. */
  readonly system: number;
}

/** USER_HZ, the unit of /proc/<pid>/stat: 100 on every Linux that Node runs on. */
const TICK_US = 10_000;
// proc(5): utime and stime are fields 14 and 15; what follows the name begins with field 3.
const UTIME = 14 - 3;
const STIME = 15 - 3;

/** @param text /proc/<pid>/stat. The process's name may hold spaces and parentheses itself. */
export function parseCpuTime(text: string): CpuTime {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { user: ticks(fields[UTIME]), system: ticks(fields[STIME]) };
}

/** @param text /proc/<pid>/status; answers bytes */
export function parseResidentBytes(text: string): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
  if (kilobytes === undefined) throw new Error('no VmRSS in /proc/<pid>/status');
  return Number(kilobytes) * 1024;
}

export function cpuTimeOf(pid: number): CpuTime {
  return parseCpuTime(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

export function residentBytesOf(pid: number): number {
  return parseResidentBytes(readFileSync(`/proc/${pid}/status`, 'latin1'));
}

function ticks(field: string | undefined): number {
  if (field === undefined || !/^\d+$/.test(field)) throw new Error('not a line of /proc/<pid>/stat');
  return Number(field) * TICK_US;
}
