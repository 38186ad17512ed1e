/** Reads what `node --cpu-prof` writes and says where the time went. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decimal, table } from './markdown.js';

/** The parts of a `.cpuprofile` that are used here (Chrome DevTools protocol, `Profiler.Profile`). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before, for each sample. */
  readonly timeDeltas: readonly number[];
}

export interface FunctionTime {
  /** Name, file and line. */
  readonly name: string;
  /** Milliseconds in the function itself, not in what it calls. */
  readonly self: number;
  /** Of the time in which the process was not idle. */
  readonly share: number;
}

/** Functions by the time in themselves, longest first. Nodes of one function in several stacks are added up. */
export function selfTimes(profiles: readonly CpuProfile[]): FunctionTime[] {
  const times = new Map<string, number>();
  let busy = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
    for (const [i, id] of samples.entries()) {
      const name = names.get(id) ?? '(unknown)';
      if (name === '(idle)') continue;
      // A sample lasts until the next one.
      const time = (timeDeltas[i + 1] ?? 0) / 1000;
      busy += time;
      times.set(name, (times.get(name) ?? 0) + time);
    }
  }
  return [...times]
    .map(([name, self]) => ({ name, self, share: self / busy }))
    .sort((first, second) => second.self - first.self);
}

/** All profiles of a folder. */
export function readProfiles(folder: string): CpuProfile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile);
}

export function profileTable(functions: readonly FunctionTime[], rows = 30): string {
  return table(
    ['function', 'self, ms', 'share'],
    functions.slice(0, rows).map(({ name, self, share }) => [name, decimal(self, 0), `${decimal(100 * share, 1)} %`]),
  );
}

function describe({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/((?:packages|apps|node_modules)\/)/, '$1');
  return `${name} ${file}:${lineNumber + 1}`;
}
