/** What a figure means nothing without: the machine and the versions. */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { outputOf } from './child-processes.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly redis: string;
  /** ISO 8601, a day. */
  readonly date: string;
}

export class MissingProgramError extends Error {
  override name = 'MissingProgramError';
}

/** @throws MissingProgramError where the bench cannot run, saying what to do about it */
export async function describeMachine(): Promise<Machine> {
  if (!existsSync('/proc/self/stat')) {
    throw new MissingProgramError('the bench reads CPU time and memory from /proc: it runs on Linux (WSL included)');
  }
  const redis = await versionOf('redis-server');
  await versionOf('redis-benchmark');
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release().split('-')[0] ?? ''}`,
    node: process.version,
    redis,
    date: new Date().toISOString().slice(0, 10),
  };
}

export function machineLine({ cpu, cores, memory, system, node, redis, date }: Machine): string {
  const gigabytes = Math.round(memory / 2 ** 30);
  return `${cpu}, ${cores} cores, ${gigabytes} GB; ${system}; Node ${node}; redis-server ${redis}; ${date}`;
}

/** How many keys of so many bytes fit twice into what is free, with room to spare; `wanted` at most. */
export function affordableKeys(wanted: number, bytesPerKey: number): number {
  return Math.max(1000, Math.min(wanted, Math.floor((freemem() * 0.7) / 2 / bytesPerKey)));
}

/** @param text "Redis server v=7.0.15 sha=…" or "redis-benchmark 7.0.15" */
export function parseVersion(text: string): string {
  return /(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? 'of unknown version';
}

async function versionOf(program: string): Promise<string> {
  try {
    return parseVersion(await outputOf(program, ['--version']));
  } catch (error) {
    throw new MissingProgramError(
      `${program} was not found or does not run. Install it:\n` +
        '  Debian, Ubuntu   sudo apt-get install redis-server redis-tools\n' +
        '  Fedora           sudo dnf install redis\n' +
        '  Alpine           sudo apk add redis',
      { cause: error },
    );
  }
}
