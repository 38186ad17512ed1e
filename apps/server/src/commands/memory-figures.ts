import type { ServerContext } from '../server-context.js';

/** What a key costs in a dictionary, about, as MEMORY USAGE counts it: walking the table would take O(keys). */
export const BYTES_PER_SLOT = 5;

/** Figures that INFO and MEMORY share. Bytes unless named otherwise. */
export interface MemoryFigures {
  /** All live blocks of the arena. */
  readonly used: number;
  /** What the arena took from the system. */
  readonly reserved: number;
  readonly peak: number;
  /** The process, as the system sees it. */
  readonly resident: number;
  /** What is not keys and values: an empty server, dictionaries, AOF buffer. */
  readonly overhead: number;
  readonly dataset: number;
  readonly clients: number;
  /** How many keys. */
  readonly keys: number;
  readonly datasetPercentage: number;
  readonly peakPercentage: number;
  readonly fragmentationRatio: number;
  readonly rssOverheadRatio: number;
  readonly residentRatio: number;
}

export function memoryFigures(server: ServerContext): MemoryFigures {
  const { keyspace, startupMemory, statistics } = server;
  const used = keyspace.usedMemory;
  const { reserved } = keyspace.arena.statistics;
  const resident = process.memoryUsage.rss();
  statistics.peakMemory = Math.max(statistics.peakMemory, used);
  let tables = 0;
  let keys = 0;
  for (const db of keyspace.databases) {
    keys += db.size;
    tables += (db.size + db.volatileSize) * BYTES_PER_SLOT;
  }
  let clients = 0;
  for (const client of server.clients.values()) clients += client.memory;
  const overhead = Math.min(used, startupMemory + tables);
  const dataset = used - overhead;
  return {
    used,
    reserved,
    peak: statistics.peakMemory,
    resident,
    overhead,
    dataset,
    clients,
    keys,
    datasetPercentage: used > startupMemory ? (dataset / (used - startupMemory)) * 100 : 0,
    peakPercentage: statistics.peakMemory === 0 ? 0 : (used / statistics.peakMemory) * 100,
    fragmentationRatio: ratio(reserved, used),
    rssOverheadRatio: ratio(resident, reserved),
    residentRatio: ratio(resident, used),
  };
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
