/**
 * What a lock has to know of processes: which one this is, and whether another one lives.
 *
 * A pid means something within one set of pids only: one boot of one machine, and on Linux one pid
 * namespace (a container). A process is asked after where its set is ours; what is in another set
 * can only be watched. Pids are used again, so where the system tells when a process began (Linux)
 * that is compared, too.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { monotonicMilliseconds, unixMilliseconds } from './wall-clock.js';

/** What is asked of the system; tests hand in others. */
export interface System {
  readonly platform: string;
  readonly pid: number;
  hostname(): string;
  /** Seconds since the machine was booted. */
  uptime(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** @throws the system's error */
  readFile(path: string): string;
  readLink(path: string): string;
  /** @throws the system's error; ESRCH where there is no such process */
  signalZero(pid: number): void;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly host: string;
  /** Names the set of pids that `pid` belongs to. */
  readonly pidSet: string;
  /** When the process began, in the system's own unit; '' where that is not known. */
  readonly start: string;
  isSamePidSet(pidSet: string): boolean;
  /** Whether a process of our set of pids lives. What cannot be found out counts as yes. */
  isAlive(pid: number, start: string): boolean;
  /** Of no other process, machine or moment. */
  newToken(): string;
  /** Two clocks in milliseconds: one stands while a machine sleeps, the other may be set. */
  clocks(): { readonly monotonic: number; readonly wall: number };
}

const nodeSystem: System = {
  platform: process.platform,
  pid: process.pid,
  hostname,
  uptime,
  now: unixMilliseconds,
  readFile: (path) => readFileSync(path, 'latin1'),
  readLink: (path) => readlinkSync(path),
  signalZero: (pid) => process.kill(pid, 0),
};

/**
 * The time of boot is computed from a clock that may be set: two of one boot may differ by this
 * much.
 */
const BOOT_TOLERANCE_SECONDS = 60;

export function readProcessFacts(system: System = nodeSystem): ProcessFacts {
  const host = system.hostname();
  const linuxSet = system.platform === 'linux' ? linuxPidSet(system) : undefined;
  const boot = Math.round(system.now() / 1000 - system.uptime());
  const prefix = `${system.platform} ${host} boot `;
  return {
    pid: system.pid,
    host,
    pidSet: linuxSet ?? `${prefix}${boot}`,
    start: linuxStart(system, system.pid)?.start ?? '',
    isSamePidSet: (pidSet) => {
      if (linuxSet !== undefined) return pidSet === linuxSet;
      const other = pidSet.startsWith(prefix) ? Number(pidSet.slice(prefix.length)) : Number.NaN;
      return Math.abs(other - boot) <= BOOT_TOLERANCE_SECONDS;
    },
    isAlive: (pid, start) => isAlive(system, pid, start),
    newToken: () => randomBytes(16).toString('hex'),
    clocks: () => ({ monotonic: monotonicMilliseconds(), wall: unixMilliseconds() }),
  };
}

function isAlive(system: System, pid: number, start: string): boolean {
  try {
    system.signalZero(pid);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const known = linuxStart(system, pid);
  if (known === undefined) return true;
  // Killed, and its parent has not asked after it yet.
  if (known.state === 'Z' || known.state === 'X') return false;
  return start === '' || known.start === start;
}

function linuxPidSet(system: System): string | undefined {
  try {
    const boot = system.readFile('/proc/sys/kernel/random/boot_id').trim();
    return `linux ${boot} ${system.readLink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Fields 3 and 22 of `/proc/<pid>/stat`, counted behind the name, which may hold anything. */
function linuxStart(system: System, pid: number): { readonly state: string; readonly start: string } | undefined {
  if (system.platform !== 'linux') return undefined;
  try {
    const stat = system.readFile(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start };
  } catch {
    return undefined;
  }
}
