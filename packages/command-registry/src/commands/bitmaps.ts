/**
 * Strings as arrays of bits: SETBIT, GETBIT, BITCOUNT, BITPOS, BITOP. Fields of several bits are in `bitfield.ts`.
 */
import { EventClass, ValueType, View } from '@clone/core-store';
import { BitOperation, combineBits } from '../bit-operations.js';
import { countBitRange, countBits, findBit } from '../bit-strings.js';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { registerBitfield } from './bitfield.js';
import { BIT_OFFSET_OUT_OF_RANGE, openForBits } from './bit-keys.js';
import { lookupString, NOT_A_STRING } from './strings.js';

const NOT_A_BIT = 'ERR bit is not an integer or out of range';
const BIT_IS_NEITHER = 'ERR The bit argument must be 1 or 0.';
const NOT_WITH_ONE_SOURCE = 'ERR BITOP NOT must be called with a single source key.';

const view = new View();
/** The sources of a BITOP. They are kept for the next one, but for those of a huge request. */
const sources: View[] = [];
const KEPT_SOURCES = 64;

/** Argument `i` as the position of a bit that a string may have; NaN when it is none: then the error is written. */
function bitOffset(ctx: CommandContext, i: number): number {
  const offset = ctx.integer(i);
  if (offset >= 0 && Math.floor(offset / 8) < ctx.maxStringLength) return offset;
  ctx.reply.error(BIT_OFFSET_OUT_OF_RANGE);
  return NaN;
}

function setbit(ctx: CommandContext): void {
  const offset = bitOffset(ctx, 2);
  if (Number.isNaN(offset)) return;
  const bit = ctx.integer(3);
  if (bit !== 0 && bit !== 1) {
    ctx.reply.error(NOT_A_BIT);
    return;
  }
  const byte = Math.floor(offset / 8);
  const length = openForBits(ctx, byte + 1, view);
  if (Number.isNaN(length)) return;
  const at = view.offset + byte;
  const shift = 7 - (offset & 7);
  const before = view.bytes[at]!;
  const old = (before >> shift) & 1;
  // A bit that is what it was already changes nothing, unless the string has become longer.
  if (old !== bit || byte >= length) {
    view.bytes[at] = (before & ~(1 << shift)) | (bit << shift);
    ctx.changed(1, EventClass.string, 'setbit');
  }
  ctx.reply.integer(old);
}

function getbit(ctx: CommandContext): void {
  const offset = bitOffset(ctx, 2);
  if (Number.isNaN(offset)) return;
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  let bit = 0;
  if (h !== 0) {
    ctx.db.readString(h, view);
    const byte = Math.floor(offset / 8);
    if (byte < view.length) bit = (view.bytes[view.offset + byte]! >> (7 - (offset & 7))) & 1;
  }
  ctx.reply.integer(bit);
}

/** A start, an end and a unit, as BITCOUNT and BITPOS take them. */
class BitRange {
  /** As given; after `resolve`: the first bit, and the one behind the last. */
  start = 0;
  end = -1;
  #inBits = false;

  clear(): void {
    this.start = 0;
    this.end = -1;
    this.#inBits = false;
  }

  /** Argument `i` is the start, `i + 1` the end, `i + 2` the unit, as far as they are there. False: the error is written. */
  parse(ctx: CommandContext, i: number): boolean {
    this.clear();
    if (ctx.argc > i) this.start = ctx.integer(i);
    if (ctx.argc > i + 1) this.end = ctx.integer(i + 1);
    if (Number.isNaN(this.start) || Number.isNaN(this.end)) {
      ctx.reply.error(errors.notInteger);
      return false;
    }
    if (ctx.argc <= i + 2) return true;
    this.#inBits = ctx.is(i + 2, 'BIT');
    if (this.#inBits || ctx.is(i + 2, 'BYTE')) return true;
    ctx.reply.error(errors.syntax);
    return false;
  }

  /** Makes it a range of bits within a string of so many bytes. */
  resolve(length: number): void {
    const unit = this.#inBits ? 1 : 8;
    const total = (length * 8) / unit;
    if (this.start < 0) this.start = Math.max(total + this.start, 0);
    if (this.end < 0) this.end = Math.max(total + this.end, 0);
    this.start *= unit;
    this.end = (Math.min(this.end, total - 1) + 1) * unit;
  }
}

const range = new BitRange();

function bitcount(ctx: CommandContext): void {
  const { argc } = ctx;
  if (argc === 3 || argc > 5) {
    ctx.reply.error(errors.syntax);
    return;
  }
  if (!range.parse(ctx, 2)) return;
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  let count = 0;
  if (h !== 0) {
    ctx.db.readString(h, view);
    if (argc === 2) {
      count = countBits(view.data, view.offset, view.offset + view.length);
    } else if (range.start >= 0 || range.end >= 0 || range.start <= range.end) {
      range.resolve(view.length);
      count = countBitRange(view.data, view.offset, range.start, range.end);
    }
  }
  ctx.reply.integer(count);
}

function bitpos(ctx: CommandContext): void {
  const bit = ctx.integer(2);
  if (Number.isNaN(bit)) {
    ctx.reply.error(errors.notInteger);
    return;
  }
  if (bit !== 0 && bit !== 1) {
    ctx.reply.error(BIT_IS_NEITHER);
    return;
  }
  if (ctx.argc > 6) {
    ctx.reply.error(errors.syntax);
    return;
  }
  if (!range.parse(ctx, 3)) return;
  const h = lookupString(ctx, 1, false);
  if (h === NOT_A_STRING) return;
  if (h === 0) {
    ctx.reply.integer(-bit);
    return;
  }
  ctx.db.readString(h, view);
  range.resolve(view.length);
  let position = findBit(view.data, view.offset, bit, range.start, range.end);
  // Without an end, a string goes on with zeros for ever.
  if (position < 0 && bit === 0 && ctx.argc < 5 && range.start < range.end) position = range.end;
  ctx.reply.integer(position);
}

function operationOf(ctx: CommandContext): number {
  if (ctx.is(1, 'AND')) return BitOperation.and;
  if (ctx.is(1, 'OR')) return BitOperation.or;
  if (ctx.is(1, 'XOR')) return BitOperation.xor;
  return ctx.is(1, 'NOT') ? BitOperation.not : -1;
}

/** Shows key arguments 3 and on in `sources`; the longest length, -1 when one is no string: then the error is written. */
function readSources(ctx: CommandContext): number {
  let longest = 0;
  for (let i = 3; i < ctx.argc; i++) {
    const h = lookupString(ctx, i, false);
    if (h === NOT_A_STRING) return -1;
    let source = sources[i - 3];
    if (source === undefined) sources.push((source = new View()));
    if (h !== 0) ctx.db.readString(h, source);
    longest = Math.max(longest, source.length);
  }
  return longest;
}

/** Lets go of the values that the sources showed: what is big has a buffer of its own, which would live on here. */
function releaseSources(): void {
  if (sources.length > KEPT_SOURCES) sources.length = KEPT_SOURCES;
  for (const source of sources) {
    source.bytes = source.digits;
    source.data = source.digitsData;
    source.offset = 0;
    source.length = 0;
  }
}

/**
 * Shows the destination for writing, if the result can be written over what it holds: a string of the same length that
 * does not expire and is no source. A big buffer that is given back and taken anew costs more than the operation.
 */
function openTarget(ctx: CommandContext, length: number): boolean {
  const { db } = ctx;
  const h = ctx.lookupWrite(2);
  if (h === 0 || db.typeOf(h) !== ValueType.string || db.stringLength(h) !== length || db.expireAt(h) >= 0)
    return false;
  db.readString(h, view);
  for (let i = 0; i < ctx.argc - 3; i++) {
    const source = sources[i]!;
    if (source.bytes === view.bytes && source.offset === view.offset) return false;
  }
  // A number's digits are not where the value is kept: then the record moves, and a source cannot be it.
  db.openString(h, length, view);
  return true;
}

/** Stores the combination of the sources under key argument 2. @param length in bytes; 0: the key is deleted */
function store(ctx: CommandContext, operation: number, length: number): void {
  const { bytes, offsets, lengths } = ctx.request;
  if (length === 0) {
    if (ctx.db.deleteAny(bytes, offsets[2]!, lengths[2]!)) ctx.changed(2, EventClass.generic, 'del');
    return;
  }
  if (openTarget(ctx, length)) {
    combineBits(operation, sources, ctx.argc - 3, view);
  } else {
    const made = ctx.db.makeString(bytes, offsets[2]!, lengths[2]!, length, view);
    combineBits(operation, sources, ctx.argc - 3, view);
    ctx.db.put(made, bytes, offsets[2]!, lengths[2]!);
  }
  ctx.changed(2, EventClass.string, 'set');
}

function bitop(ctx: CommandContext): void {
  const operation = operationOf(ctx);
  if (operation < 0) {
    ctx.reply.error(errors.syntax);
    return;
  }
  if (operation === BitOperation.not && ctx.argc !== 4) {
    ctx.reply.error(NOT_WITH_ONE_SOURCE);
    return;
  }
  const length = readSources(ctx);
  if (length >= 0) {
    store(ctx, operation, length);
    ctx.reply.integer(length);
  }
  releaseSources();
}

export function registerBitmaps(registry: Registry): void {
  registry.register('setbit', setbit);
  registry.register('getbit', getbit);
  registry.register('bitcount', bitcount);
  registry.register('bitpos', bitpos);
  registry.register('bitop', bitop);
  registerBitfield(registry);
}
