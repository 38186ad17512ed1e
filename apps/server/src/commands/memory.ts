// MEMORY. Figures are exact for the data; those about the process are what Node and the system say.

import { errors, replyHelp, type CommandContext, type Registry } from '@clone/command-registry';
import type { ServerContext } from '../server-context.js';
import { BYTES_PER_SLOT, memoryFigures } from './memory-figures.js';

/** Below this, nothing can be said about the health of an instance. */
const MIN_DIAGNOSABLE = 5 * 1024 * 1024;

/** Elements of a big value that MEMORY USAGE looks at, as in Redis; and at most: some 2 ms. */
const DEFAULT_SAMPLES = 5;
const MOST_SAMPLES = 32_768;

const HELP = [
  'DOCTOR',
  '    Says in words what is wrong with the use of memory, if anything.',
  'MALLOC-STATS',
  '    Figures of the arena that holds the data.',
  'PURGE',
  '    Gives free memory back to the system.',
  'STATS',
  '    Figures of the use of memory.',
  'USAGE <key> [SAMPLES <count>]',
  '    Bytes that a key and its value take. Of a big value 5 elements are looked at, or <count>, the others are taken',
  '    to be like them; 0 stands for all, or as many as can be looked at without making others wait.',
];

export function register(registry: Registry, server: ServerContext): void {
  registry.register('memory|usage', usage);
  registry.register('memory|stats', (ctx) => stats(ctx, server));
  registry.register('memory|doctor', (ctx) => ctx.reply.verbatim('txt', diagnosis(server)));
  registry.register('memory|malloc-stats', (ctx) => ctx.reply.verbatim('txt', arenaReport(server)));
  // The arena gives chunks back as soon as they are empty: there is nothing to purge.
  registry.register('memory|purge', (ctx) => ctx.reply.ok());
  registry.register('memory|help', (ctx) => replyHelp(ctx, HELP));
}

function usage(ctx: CommandContext): void {
  let wanted = DEFAULT_SAMPLES;
  for (let i = 3; i < ctx.argc; i += 2) {
    if (!ctx.is(i, 'SAMPLES') || i + 1 === ctx.argc) {
      ctx.reply.error(errors.syntax);
      return;
    }
    const samples = ctx.integer(i + 1);
    if (Number.isNaN(samples) || samples < 0) {
      ctx.reply.error(Number.isNaN(samples) ? errors.notInteger : errors.syntax);
      return;
    }
    wanted = samples;
  }
  const h = ctx.db.peekAny(ctx.bytes, ctx.offset(2), ctx.length(2));
  const samples = wanted === 0 ? MOST_SAMPLES : Math.min(wanted, MOST_SAMPLES);
  if (h === 0) ctx.reply.null();
  else ctx.reply.integer(ctx.db.memoryUsage(h, samples));
}

function stats(ctx: CommandContext, server: ServerContext): void {
  const { reply, keyspace } = ctx;
  const m = memoryFigures(server);
  const used = keyspace.databases.filter((db) => db.size > 0);
  const integers: readonly (readonly [string, number])[] = [
    ['peak.allocated', m.peak],
    ['total.allocated', m.used],
    ['startup.allocated', server.startupMemory],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', m.clients],
    ['cluster.links', 0],
    ['aof.buffer', server.aof.bufferLength],
    ['lua.caches', 0],
    ['functions.caches', 0],
  ];
  reply.map(27 + used.length);
  for (const [name, value] of integers) integer(ctx, name, value);
  for (const db of used) {
    reply.bulkLatin1(`db.${db.index}`);
    reply.map(3);
    integer(ctx, 'overhead.hashtable.main', db.size * BYTES_PER_SLOT);
    integer(ctx, 'overhead.hashtable.expires', db.volatileSize * BYTES_PER_SLOT);
    integer(ctx, 'overhead.hashtable.slot-to-keys', 0);
  }
  integer(ctx, 'overhead.total', m.overhead);
  integer(ctx, 'keys.count', m.keys);
  integer(ctx, 'keys.bytes-per-key', m.keys === 0 ? 0 : Math.floor((m.used - server.startupMemory) / m.keys));
  integer(ctx, 'dataset.bytes', m.dataset);
  double(ctx, 'dataset.percentage', m.datasetPercentage);
  double(ctx, 'peak.percentage', m.peakPercentage);
  integer(ctx, 'allocator.allocated', m.used);
  integer(ctx, 'allocator.active', m.held);
  integer(ctx, 'allocator.resident', m.held);
  double(ctx, 'allocator-fragmentation.ratio', m.fragmentationRatio);
  integer(ctx, 'allocator-fragmentation.bytes', m.held - m.used);
  double(ctx, 'allocator-rss.ratio', 1);
  integer(ctx, 'allocator-rss.bytes', 0);
  double(ctx, 'rss-overhead.ratio', m.rssOverheadRatio);
  integer(ctx, 'rss-overhead.bytes', m.rssOverheadBytes);
  double(ctx, 'fragmentation', m.residentRatio);
  integer(ctx, 'fragmentation.bytes', m.residentBytes);
}

function integer(ctx: CommandContext, name: string, value: number): void {
  ctx.reply.bulkLatin1(name);
  ctx.reply.integer(value);
}

function double(ctx: CommandContext, name: string, value: number): void {
  ctx.reply.bulkLatin1(name);
  ctx.reply.double(value);
}

function diagnosis(server: ServerContext): string {
  const m = memoryFigures(server);
  if (m.used - server.startupMemory < MIN_DIAGNOSABLE) {
    return 'Less than 5 MB of data: too little to say anything about the use of memory.\n';
  }
  const findings: string[] = [];
  if (m.peak > m.used * 1.5) {
    findings.push(`Peak: ${m.peak} bytes were in use once, ${m.used} are now. Free chunks went back to the system.`);
  }
  if (m.fragmentationRatio > 1.4) {
    findings.push(`Fragmentation: the arena holds ${m.held} bytes for ${m.used} that are used.`);
  }
  if (findings.length === 0) return 'Nothing about the use of memory looks wrong.\n';
  return findings.map((finding) => `* ${finding}\n`).join('');
}

function arenaReport(server: ServerContext): string {
  const { used, reserved, blocks, chunks, largeBlocks } = server.keyspace.arena.statistics;
  return `used:${used}\nreserved:${reserved}\nblocks:${blocks}\nchunks:${chunks}\nlarge_blocks:${largeBlocks}\n`;
}
