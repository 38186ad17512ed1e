/**
 * BITFIELD and BITFIELD_RO: strings as arrays of integers of any width.
 *
 * A request is read twice. The first reading finds mistakes, and how long the string has to be; nothing is executed
 * before the whole request is known to be right. The second reading executes.
 */
import { EventClass, View } from '@clone/core-store';
import { parseBigInteger, parseInteger } from '@clone/resp-codec';
import { type FieldValue, fitField, fitValue, Overflow, readField, writeField } from '../bit-fields.js';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { BIT_OFFSET_OUT_OF_RANGE, openForBits } from './bit-keys.js';
import { lookupString, NOT_A_STRING } from './strings.js';

const INVALID_TYPE = 'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
const INVALID_OVERFLOW = 'ERR Invalid OVERFLOW type specified';
const ONLY_GET = 'ERR BITFIELD_RO only supports the GET subcommand';

/** Beyond this an integer argument is kept as a BigInt. */
const NUMBER_LIMIT = 2 ** 52;

const Step = { get: 0, set: 1, increment: 2, overflow: 3 } as const;

const view = new View();
/** The bytes of a field, zeros where the string has ended. */
const FIELD_BYTES = 9;
const field = new Uint8Array(FIELD_BYTES);

/** One step of a request: read from its arguments by `parse`. */
class FieldStep {
  kind: number = Step.get;
  signed = false;
  bits = 0;
  /** Position of the first bit. */
  at = 0;
  value: FieldValue = 0;
  /** One of `Overflow`, from the last OVERFLOW on. */
  overflow: number = Overflow.wrap;

  /** Reads the step that begins at argument `i`; answers the next one's argument, 0 when there was an error: it is written. */
  parse(ctx: CommandContext, i: number): number {
    const behind = ctx.argc - i - 1;
    if (ctx.is(i, 'GET') && behind >= 2) this.kind = Step.get;
    else if (ctx.is(i, 'SET') && behind >= 3) this.kind = Step.set;
    else if (ctx.is(i, 'INCRBY') && behind >= 3) this.kind = Step.increment;
    else if (ctx.is(i, 'OVERFLOW') && behind >= 1) return this.#parseOverflow(ctx, i + 1);
    else return fail(ctx, errors.syntax);
    if (!this.#parseType(ctx, i + 1)) return fail(ctx, INVALID_TYPE);
    if (!this.#parseOffset(ctx, i + 2)) return fail(ctx, BIT_OFFSET_OUT_OF_RANGE);
    if (this.kind === Step.get) return i + 3;
    const value = ctx.integer(i + 3);
    if (Number.isNaN(value)) return fail(ctx, errors.notInteger);
    this.value = Math.abs(value) <= NUMBER_LIMIT ? value : ctx.bigInteger(i + 3)!;
    return i + 4;
  }

  #parseOverflow(ctx: CommandContext, i: number): number {
    this.kind = Step.overflow;
    if (ctx.is(i, 'WRAP')) this.overflow = Overflow.wrap;
    else if (ctx.is(i, 'SAT')) this.overflow = Overflow.saturate;
    else if (ctx.is(i, 'FAIL')) this.overflow = Overflow.fail;
    else return fail(ctx, INVALID_OVERFLOW);
    return i + 1;
  }

  #parseType(ctx: CommandContext, i: number): boolean {
    const { bytes } = ctx;
    const offset = ctx.offset(i);
    const letter = bytes[offset];
    if (ctx.length(i) < 2 || (letter !== 0x69 && letter !== 0x75)) return false;
    this.signed = letter === 0x69;
    this.bits = parseInteger(bytes, offset + 1, ctx.length(i) - 1);
    return this.bits >= 1 && this.bits <= (this.signed ? 64 : 63);
  }

  /** A position in bits; behind `#`, in fields. */
  #parseOffset(ctx: CommandContext, i: number): boolean {
    const { bytes } = ctx;
    const offset = ctx.offset(i);
    const length = ctx.length(i);
    const inFields = length > 0 && bytes[offset] === 0x23;
    const n = inFields ? parseInteger(bytes, offset + 1, length - 1) : parseInteger(bytes, offset, length);
    this.at = inFields ? this.#fieldsToBits(ctx, i, n) : n;
    return this.at >= 0 && Math.floor(this.at / 8) < ctx.maxStringLength;
  }

  /** @param n what argument `i` has behind `#`, exact up to 2^53 */
  #fieldsToBits(ctx: CommandContext, i: number, n: number): number {
    const at = n * this.bits;
    if (!(at > Number.MAX_SAFE_INTEGER)) return at;
    // Redis multiplies 64-bit integers: what is far too big may come back as something small.
    const exact = parseBigInteger(ctx.bytes, ctx.offset(i) + 1, ctx.length(i) - 1)!;
    return Number(BigInt.asIntN(64, exact * BigInt(this.bits)));
  }
}

function fail(ctx: CommandContext, text: string): number {
  ctx.reply.error(text);
  return 0;
}

const step = new FieldStep();

function bitfieldGeneric(ctx: CommandContext, readOnly: boolean): void {
  let steps = 0;
  let writes = false;
  let length = 0;
  for (let i = 2; i < ctx.argc;) {
    i = step.parse(ctx, i);
    if (i === 0) return;
    if (step.kind === Step.overflow) continue;
    steps++;
    if (step.kind === Step.get) continue;
    writes = true;
    length = Math.max(length, Math.floor((step.at + step.bits - 1) / 8) + 1);
  }
  if (!writes) {
    const h = lookupString(ctx, 1, false);
    if (h === NOT_A_STRING) return;
    view.length = 0;
    if (h !== 0) ctx.db.readString(h, view);
    execute(ctx, steps, false);
  } else if (readOnly) {
    ctx.reply.error(ONLY_GET);
  } else {
    const before = openForBits(ctx, length, view);
    if (!Number.isNaN(before)) execute(ctx, steps, before < length);
  }
}

/** @param grown the string has become longer: then a step is a change even if its value is the old one */
function execute(ctx: CommandContext, steps: number, grown: boolean): void {
  let changes = 0;
  ctx.reply.array(steps);
  step.overflow = Overflow.wrap;
  for (let i = 2; i < ctx.argc;) {
    i = step.parse(ctx, i);
    if (step.kind === Step.get) get(ctx);
    else if (step.kind !== Step.overflow && write(ctx, grown)) changes++;
  }
  if (changes === 0) return;
  ctx.changed(1, EventClass.string, 'setbit');
  // Each change counts, as in Redis.
  ctx.keyspace.dirty += changes - 1;
}

function reply(ctx: CommandContext, value: FieldValue): void {
  if (typeof value === 'number') ctx.reply.integer(value);
  else ctx.reply.bigInteger(value);
}

function get(ctx: CommandContext): void {
  const first = Math.floor(step.at / 8);
  for (let i = 0; i < FIELD_BYTES; i++) {
    field[i] = first + i < view.length ? view.bytes[view.offset + first + i]! : 0;
  }
  reply(ctx, readField(field, 0, step.at & 7, step.bits, step.signed));
}

/** SET and INCRBY; whether the value, or the length of the string, has changed. */
function write(ctx: CommandContext, grown: boolean): boolean {
  const { bits, signed, overflow, at } = step;
  const old = readField(view.bytes, view.offset, at, bits, signed);
  const sets = step.kind === Step.set;
  const value = sets ? fitValue(toSet(), bits, signed, overflow) : fitField(old, step.value, bits, signed, overflow);
  if (value === undefined) {
    ctx.reply.null();
    return false;
  }
  writeField(view.bytes, view.offset, at, bits, value);
  reply(ctx, sets ? old : value);
  return grown || value !== old;
}

/** Redis reads a negative number for an unsigned field as one of 64 bits: too big, not too small. */
function toSet(): FieldValue {
  return step.signed || step.value >= 0 ? step.value : BigInt.asUintN(64, BigInt(step.value));
}

function bitfield(ctx: CommandContext): void {
  bitfieldGeneric(ctx, false);
}

function bitfieldRo(ctx: CommandContext): void {
  bitfieldGeneric(ctx, true);
}

export function registerBitfield(registry: Registry): void {
  registry.register('bitfield', bitfield);
  registry.register('bitfield_ro', bitfieldRo);
}
