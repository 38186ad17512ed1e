/**
 * LCS: the longest common subsequence of two strings, by dynamic programming over a table of (n+1)·(m+1) integers, as
 * Redis does it. The table counts against `proto-max-bulk-len`.
 */
import { ValueType, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';

const view = new View();
const EMPTY = new Uint8Array(0);

/** A copy of the string in key argument `i`, empty when missing; undefined when it is no string. */
function operand(ctx: CommandContext, i: number): Uint8Array | undefined {
  const h = ctx.lookupRead(i);
  if (h === 0) return EMPTY;
  if (ctx.db.typeOf(h) !== ValueType.string) return undefined;
  ctx.db.readString(h, view);
  return view.copy();
}

interface LcsOptions {
  length: boolean;
  indexes: boolean;
  minMatch: number;
  withMatchLength: boolean;
}

function parseOptions(ctx: CommandContext): LcsOptions | undefined {
  const options = { length: false, indexes: false, minMatch: 0, withMatchLength: false };
  for (let i = 3; i < ctx.argc; i++) {
    if (ctx.is(i, 'IDX')) {
      options.indexes = true;
    } else if (ctx.is(i, 'LEN')) {
      options.length = true;
    } else if (ctx.is(i, 'WITHMATCHLEN')) {
      options.withMatchLength = true;
    } else if (ctx.is(i, 'MINMATCHLEN') && i + 1 < ctx.argc) {
      options.minMatch = ctx.integer(++i);
      if (Number.isNaN(options.minMatch)) {
        ctx.reply.error(errors.notInteger);
        return undefined;
      }
    } else {
      ctx.reply.error(errors.syntax);
      return undefined;
    }
  }
  if (options.indexes && options.length) {
    ctx.reply.error(errors.lcsLenAndIdx);
    return undefined;
  }
  return options;
}

function lcs(ctx: CommandContext): void {
  // Both are looked up in any case: one that is past its time goes.
  const a = operand(ctx, 1);
  const b = operand(ctx, 2);
  if (a === undefined || b === undefined) {
    ctx.reply.error(errors.lcsNotStrings);
    return;
  }
  const options = parseOptions(ctx);
  if (options === undefined) return;
  if ((a.length + 1) * (b.length + 1) * 4 > ctx.server.maxBulkLength) {
    ctx.reply.error(errors.lcsTableTooBig);
    return;
  }
  const table = lengths(a, b);
  const total = table[table.length - 1]!;
  if (options.length) ctx.reply.integer(total);
  else if (options.indexes) replyIndexes(ctx, a, b, table, options);
  else {
    const result = new Uint8Array(total);
    let at = total;
    trace(a, b, table, (i) => (result[--at] = a[i]!));
    ctx.reply.bulk(result, 0, total);
  }
}

/** Cell (i, j), at i * (m + 1) + j: the length for the first i bytes of `a` and the first j of `b`. */
function lengths(a: Uint8Array, b: Uint8Array): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    const row = i * width;
    const byte = a[i - 1]!;
    for (let j = 1; j < width; j++) {
      if (byte === b[j - 1]) {
        table[row + j] = table[row - width + j - 1]! + 1;
      } else {
        const up = table[row - width + j]!;
        const left = table[row + j - 1]!;
        table[row + j] = up > left ? up : left;
      }
    }
  }
  return table;
}

/** Walks back from the end; calls `match` with each pair of equal bytes of the subsequence. */
function trace(a: Uint8Array, b: Uint8Array, table: Uint32Array, match: (i: number, j: number) => void): void {
  const width = b.length + 1;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      i--;
      j--;
      match(i, j);
    } else if (table[(i - 1) * width + j]! > table[i * width + j - 1]!) {
      i--;
    } else {
      j--;
    }
  }
}

function replyIndexes(
  ctx: CommandContext,
  a: Uint8Array,
  b: Uint8Array,
  table: Uint32Array,
  options: LcsOptions,
): void {
  const { reply } = ctx;
  let ranges = 0;
  // The range that grows backwards: first positions, and how long it is.
  let aStart = 0;
  let bStart = 0;
  let length = 0;
  const emit = (): void => {
    if (length === 0) return;
    if (length >= options.minMatch) {
      ranges++;
      reply.array(options.withMatchLength ? 3 : 2);
      for (const start of [aStart, bStart]) {
        reply.array(2);
        reply.integer(start);
        reply.integer(start + length - 1);
      }
      if (options.withMatchLength) reply.integer(length);
    }
    length = 0;
  };
  reply.map(2);
  reply.bulkLatin1('matches');
  const matches = reply.beginDeferred();
  trace(a, b, table, (i, j) => {
    if (length > 0 && (i + 1 !== aStart || j + 1 !== bStart)) emit();
    aStart = i;
    bStart = j;
    length++;
  });
  emit();
  reply.endDeferredArray(matches, ranges);
  reply.bulkLatin1('len');
  reply.integer(table[table.length - 1]!);
}

export function registerLcs(registry: Registry): void {
  registry.register('lcs', lcs);
}
