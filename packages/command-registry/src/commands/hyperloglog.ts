/**
 * HyperLogLogs: PFADD, PFCOUNT, PFMERGE. What they look like and how they count is in `../hll/`; looking into them is
 * in `hyperloglog-debug.ts`.
 */
import { EventClass } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { addHistogram, UnpackedRegisters } from '../hll/dense-registers.js';
import { estimate } from '../hll/estimate.js';
import { HllValue } from '../hll/hll-value.js';
import type { Registry } from '../registry.js';
import { registerHyperLogLogDebug } from './hyperloglog-debug.js';
import { CORRUPTED, NO_EVENT, readHll } from './hyperloglog-keys.js';
import { NOT_A_STRING } from './strings.js';

const hll = new HllValue();
/** The union of several HyperLogLogs, one byte per register. */
const union = new UnpackedRegisters();
const histogram = new Int32Array(64);

function pfadd(ctx: CommandContext): void {
  const h = readHll(ctx, 1, true, hll);
  if (h === NOT_A_STRING) return;
  const { bytes, offsets, lengths, argc } = ctx.request;
  let updates = 0;
  if (h === 0) {
    hll.create(ctx.db, bytes, offsets[1]!, lengths[1]!);
    updates = 1;
  } else {
    hll.open();
  }
  for (let i = 2; i < argc; i++) {
    const added = hll.add(bytes, offsets[i]!, lengths[i]!, ctx.server.hllSparseMaxBytes);
    if (added < 0) {
      ctx.reply.error(CORRUPTED);
      return;
    }
    updates += added;
  }
  if (updates > 0) {
    hll.markStale();
    ctx.changed(1, EventClass.string, 'pfadd');
    // Each element counts, as in Redis.
    ctx.keyspace.dirty += updates - 1;
  }
  ctx.reply.integer(updates > 0 ? 1 : 0);
}

function pfcount(ctx: CommandContext): void {
  if (ctx.argc > 2) countUnion(ctx);
  else countOne(ctx);
}

/** The estimate is kept in the value, so this may be a write. */
function countOne(ctx: CommandContext): void {
  const h = readHll(ctx, 1, false, hll);
  if (h === NOT_A_STRING) return;
  if (h === 0) {
    ctx.reply.integer(0);
    return;
  }
  ctx.db.willChange();
  hll.open();
  if (hll.isStale) {
    const elements = hll.estimate();
    if (Number.isNaN(elements)) {
      ctx.reply.error(CORRUPTED);
      return;
    }
    hll.keep(elements);
    ctx.changed(1, NO_EVENT, '');
    ctx.reply.integer(elements);
    return;
  }
  const kept = hll.keptEstimate;
  if (Number.isSafeInteger(kept)) ctx.reply.integer(kept);
  else ctx.reply.bigInteger(hll.exactKeptEstimate);
}

// What `unite` answers.
const FAILED = 0;
const ALL_SPARSE = 1;
const SOME_DENSE = 2;

/** Makes `union` that of all key arguments; FAILED when one is no HyperLogLog or corrupt: then the error is written. */
function unite(ctx: CommandContext): number {
  let forms = ALL_SPARSE;
  union.bytes.fill(0);
  for (let i = 1; i < ctx.argc; i++) {
    const h = readHll(ctx, i, false, hll);
    if (h === NOT_A_STRING) return FAILED;
    if (h === 0) continue;
    if (!hll.isSparse()) forms = SOME_DENSE;
    if (!hll.raise(union)) {
      ctx.reply.error(CORRUPTED);
      return FAILED;
    }
  }
  return forms;
}

function countUnion(ctx: CommandContext): void {
  if (unite(ctx) === FAILED) return;
  histogram.fill(0);
  addHistogram(union, histogram);
  ctx.reply.integer(estimate(histogram));
}

function pfmerge(ctx: CommandContext): void {
  const forms = unite(ctx);
  if (forms === FAILED) return;
  const { bytes, offsets, lengths } = ctx.request;
  if (readHll(ctx, 1, true, hll) === 0) hll.create(ctx.db, bytes, offsets[1]!, lengths[1]!);
  else hll.open();
  hll.raiseTo(union.bytes, forms === SOME_DENSE, ctx.server.hllSparseMaxBytes);
  hll.markStale();
  // The event is that of adding many elements.
  ctx.changed(1, EventClass.string, 'pfadd');
  ctx.reply.ok();
}

export function registerHyperLogLog(registry: Registry): void {
  registry.register('pfadd', pfadd);
  registry.register('pfcount', pfcount);
  registry.register('pfmerge', pfmerge);
  registerHyperLogLogDebug(registry);
}
