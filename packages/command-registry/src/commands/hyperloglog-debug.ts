/**
 * Looking into HyperLogLogs: PFDEBUG and PFSELFTEST.
 */
import type { CommandContext } from '../context.js';
import { getRegister, REGISTERS } from '../hll/dense-registers.js';
import { HllValue } from '../hll/hll-value.js';
import { selfTest } from '../hll/self-test.js';
import { describeRuns } from '../hll/sparse-registers.js';
import type { Registry } from '../registry.js';
import { CORRUPTED, readHll } from './hyperloglog-keys.js';
import { NOT_A_STRING } from './strings.js';

const NO_KEY = 'ERR The specified key does not exist';
const NOT_SPARSE = 'ERR HLL encoding is not sparse';

const hll = new HllValue();

function pfdebug(ctx: CommandContext): void {
  const h = readHll(ctx, 2, true, hll);
  if (h === NOT_A_STRING) return;
  if (h === 0) {
    ctx.reply.error(NO_KEY);
    return;
  }
  hll.open();
  if (ctx.is(1, 'GETREG')) replyRegisters(ctx);
  else if (ctx.is(1, 'DECODE')) replyRuns(ctx);
  else if (ctx.is(1, 'ENCODING')) ctx.reply.simple(hll.isSparse() ? 'sparse' : 'dense');
  else if (ctx.is(1, 'TODENSE')) toDense(ctx);
  else ctx.reply.error(`ERR Unknown PFDEBUG subcommand '${ctx.latin1(1)}'`);
}

/** Makes what is sparse dense; false when that cannot be done: then the error is written. */
function makeDense(ctx: CommandContext): boolean {
  if (!hll.isSparse()) return true;
  if (!hll.makeDense()) {
    ctx.reply.error(CORRUPTED);
    return false;
  }
  // The same value in other bytes: it is logged, but nobody is told.
  ctx.keyspace.dirty++;
  return true;
}

function replyRegisters(ctx: CommandContext): void {
  if (!makeDense(ctx)) return;
  ctx.reply.array(REGISTERS);
  for (let i = 0; i < REGISTERS; i++) ctx.reply.integer(getRegister(hll.view.bytes, hll.registersAt, i));
}

function replyRuns(ctx: CommandContext): void {
  if (hll.isSparse()) ctx.reply.bulkText(describeRuns(hll.view.bytes, hll.registersAt, hll.end));
  else ctx.reply.error(NOT_SPARSE);
}

function toDense(ctx: CommandContext): void {
  const wasSparse = hll.isSparse();
  if (makeDense(ctx)) ctx.reply.integer(wasSparse ? 1 : 0);
}

function pfselftest(ctx: CommandContext): void {
  const failure = selfTest();
  if (failure === '') ctx.reply.ok();
  else ctx.reply.error(`TESTFAILED ${failure}`);
}

export function registerHyperLogLogDebug(registry: Registry): void {
  registry.register('pfdebug', pfdebug);
  registry.register('pfselftest', pfselftest);
}
