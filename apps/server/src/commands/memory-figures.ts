import type { ServerContext } from '../server-context.js';

/** What a key costs in a dictionary, about, as MEMORY USAGE counts it: walking the table would take O(keys). */
export const BYTES_PER_SLOT = 5;

/** The arena takes memory in pieces of this size, and the last of them is begun. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Figures that INFO and MEMORY share. Bytes unless named otherwise. */
export interface MemoryFigures {
  /** All live blocks of the arena. */
  readonly used: number;
  /** What the arena took from the system. */
  readonly reserved: number;
  /** The same without a chunk that is begun: what data and the gaps between them take. At least `used`. */
  readonly held: number;
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
  /** Gaps in the arena: `held` to `used`. */
  readonly fragmentationRatio: number;
  /** The process to what the arena holds and what the process had at its start. */
  readonly rssOverheadRatio: number;
  readonly rssOverheadBytes: number;
  /** The process to what is used and what it had at its start: both of the above. */
  readonly residentRatio: number;
  readonly residentBytes: number;
}

export function memoryFigures(server: ServerContext): MemoryFigures {
  const { keyspace, startupMemory, startupResident, statistics } = server;
  const used = keyspace.usedMemory;
  const { reserved } = keyspace.arena.statistics;
  const held = Math.max(used, reserved - CHUNK_BYTES);
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
    held,
    peak: statistics.peakMemory,
    resident,
    overhead,
    dataset,
    clients,
    keys,
    datasetPercentage: used > startupMemory ? (dataset / (used - startupMemory)) * 100 : 0,
    peakPercentage: statistics.peakMemory === 0 ? 0 : (used / statistics.peakMemory) * 100,
    fragmentationRatio: ratio(held, used),
    rssOverheadRatio: ratio(resident, held + startupResident),
    rssOverheadBytes: resident - held - startupResident,
    residentRatio: ratio(resident, used + startupResident),
    residentBytes: resident - used - startupResident,
  };
}

function ratio(a: number, b: number): number {
  return b === 0 ? 1 : a / b;
}
