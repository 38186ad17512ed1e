/**
 * Memory per entry: by how much VmRSS grows over the server that has just started, divided by the number of entries.
 * Everything counts, the JavaScript heap and compiled code included. A fresh server for each figure.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EntryTemplate, load, NUMBER } from './bulk-loader.js';
import { count, decimal, table } from './markdown.js';
import type { SectionOptions } from './options.js';
import { type BenchServer, type Contestant, type ServerOptions, withServers } from './servers.js';
import { median } from './statistics.js';

/** Bytes per entry. */
interface MemoryFigures {
  readonly resident: number;
  /** By the server's own account. */
  readonly usedMemory: number;
}

export interface MemoryRow {
  readonly line: string;
  readonly subject: MemoryFigures;
  readonly reference: MemoryFigures;
}

interface MemoryLine {
  readonly name: string;
  readonly entry: EntryTemplate;
  readonly entries: number;
}

const STRING: EntryTemplate = ['SET', `key:${NUMBER}`, 'x'.repeat(64)];
const HASH: EntryTemplate = [
  ...['HSET', `u:${NUMBER}`, 'name', 'ada lovelace', 'city', 'london'],
  ...['born', '1815', 'lang', 'en', 'seen', '1754000000'],
];

const MILLION = 1_000_000;
const SOME = 100_000;
const TEN = 'ten bytes!';
const words = (count: number): string[] => Array.from({ length: count }, (_, i) => `word-${i}-abc`);

export const MEMORY_LINES: readonly MemoryLine[] = [
  { name: '1M keys of 16 bytes, values of 64', entry: STRING, entries: 1_000_000 },
  { name: '2M keys of 16 bytes, values of 64', entry: STRING, entries: 2_000_000 },
  { name: '5M keys of 16 bytes, values of 64', entry: STRING, entries: 5_000_000 },
  { name: '500k hashes of 5 short fields', entry: HASH, entries: 500_000 },
  { name: 'list of 1M items of 100 bytes', entry: ['RPUSH', 'big', `${NUMBER}${'x'.repeat(88)}`], entries: MILLION },
  { name: 'set of 1M members of 13 bytes', entry: ['SADD', 'big', `m${NUMBER}`], entries: MILLION },
  { name: 'sorted set of 1M members of 13 bytes', entry: ['ZADD', 'big', NUMBER, `m${NUMBER}`], entries: MILLION },
  { name: 'hash of 1M fields of 13 bytes, values of 10', entry: ['HSET', 'big', `f${NUMBER}`, TEN], entries: MILLION },
  {
    name: 'stream of 1M entries of 3 fields',
    entry: ['XADD', 'big', '*', 'sensor', 'a17', 'temperature', NUMBER, 'unit', 'celsius'],
    entries: MILLION,
  },
  { name: '100k lists of 10 items', entry: ['RPUSH', `l:${NUMBER}`, ...words(10)], entries: SOME },
  { name: '100k sets of 10 members', entry: ['SADD', `s:${NUMBER}`, ...words(10)], entries: SOME },
  {
    name: '100k sorted sets of 10 members',
    entry: ['ZADD', `z:${NUMBER}`, ...words(10).flatMap((word, i) => [String(i * 7), word])],
    entries: SOME,
  },
  {
    name: '100k hashes of 10 fields',
    entry: ['HSET', `h:${NUMBER}`, ...words(10).flatMap((word) => [word, TEN])],
    entries: SOME,
  },
  {
    name: '100k streams of 1 entry',
    entry: ['XADD', `x:${NUMBER}`, '*', 'sensor', 'a17', 'value', TEN],
    entries: SOME,
  },
];

const LOADER = { connections: 8, pipeline: 64 } as const;
/** Memory is settled when it stayed within this fraction over so many looks: tables still moving, garbage collected. */
const SETTLED = 0.002;
const SETTLED_LOOKS = 4;
const LOOK_MS = 250;
const LOOKS = 80;

export async function measureMemory(options: SectionOptions): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = [];
  for (const line of MEMORY_LINES.filter(({ name }) => name.includes(options.only))) {
    const entries = Math.max(1000, Math.round(line.entries * options.scale));
    const runs: Record<Contestant, MemoryFigures[]> = { clone: [], 'redis-server': [] };
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contestant of ['clone', 'redis-server'] as const) {
        options.onProgress(`${line.name}, ${contestant}, round ${round + 1}`);
        runs[contestant].push(await measureOne(contestant, line.entry, entries, options));
      }
    }
    rows.push({ line: line.name, subject: medians(runs.clone), reference: medians(runs['redis-server']) });
  }
  return rows;
}

async function measureOne(
  contestant: Contestant,
  entry: EntryTemplate,
  entries: number,
  options: SectionOptions,
): Promise<MemoryFigures> {
  const serverOptions: ServerOptions = { ...options, persistence: 'none' };
  return withServers([contestant], serverOptions, async ([server]) => {
    const before = { resident: await settled(server!), used: await usedMemory(server!) };
    await load(server!.address, { entry, count: entries, ...LOADER });
    const resident = (await settled(server!)) - before.resident;
    const used = (await usedMemory(server!)) - before.used;
    return { resident: resident / entries, usedMemory: used / entries };
  });
}

async function settled(server: BenchServer): Promise<number> {
  const looks: number[] = [];
  while (looks.length < LOOKS) {
    looks.push(server.residentBytes());
    const last = looks.slice(-SETTLED_LOOKS);
    const largest = Math.max(...last);
    if (last.length === SETTLED_LOOKS && largest - Math.min(...last) <= SETTLED * largest) break;
    await sleep(LOOK_MS);
  }
  return looks.at(-1) ?? 0;
}

async function usedMemory(server: BenchServer): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await server.command('INFO', 'memory'))?.[1]);
}

function medians(runs: readonly MemoryFigures[]): MemoryFigures {
  return {
    resident: median(runs.map((run) => run.resident)),
    usedMemory: median(runs.map((run) => run.usedMemory)),
  };
}

export function memoryTable(rows: readonly MemoryRow[]): string {
  return table(
    ['bytes per entry', 'clone', 'redis-server', 'ratio', 'used_memory: clone', 'redis-server', 'ratio'],
    rows.map(({ line, subject, reference }) => [
      line,
      count(subject.resident),
      count(reference.resident),
      `**${decimal(subject.resident / reference.resident)}**`,
      count(subject.usedMemory),
      count(reference.usedMemory),
      decimal(subject.usedMemory / reference.usedMemory),
    ]),
  );
}
