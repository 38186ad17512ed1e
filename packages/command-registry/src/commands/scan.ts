/**
 * Walks over keys: KEYS and SCAN; the options that SCAN shares with HSCAN.
 */
import { type ByteView, type Handle, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import { globMatch, matchesEverything } from '../glob.js';
import type { Registry } from '../registry.js';
import { TYPE_NAMES } from './keys.js';
import { WRONG_TYPE } from './typed-lookup.js';

const key = new View();

/** MATCH, COUNT, TYPE and NOVALUES, reused for every request. */
class ScanOptions {
  count = 10;
  /** Argument with the pattern, 0 for none (or one that everything matches). */
  pattern = 0;
  /** Argument with the name of a type, 0 for none. */
  type = 0;
  noValues = false;

  /** Reads the options from argument `from` on. False: they are not valid, and the error is written. */
  parse(ctx: CommandContext, from: number, forKeys: boolean): boolean {
    this.count = 10;
    this.pattern = 0;
    this.type = 0;
    this.noValues = false;
    for (let i = from; i < ctx.argc; i++) {
      const more = i + 1 < ctx.argc;
      if (more && ctx.is(i, 'COUNT')) {
        this.count = ctx.integer(++i);
        if (Number.isNaN(this.count)) {
          ctx.reply.error(errors.notInteger);
          return false;
        }
        if (this.count < 1) return this.#refuse(ctx);
      } else if (more && ctx.is(i, 'MATCH')) {
        i++;
        this.pattern = matchesEverything(ctx.bytes, ctx.offset(i), ctx.length(i)) ? 0 : i;
      } else if (more && forKeys && ctx.is(i, 'TYPE')) {
        this.type = ++i;
      } else if (!forKeys && ctx.is(i, 'NOVALUES')) {
        this.noValues = true;
      } else {
        return this.#refuse(ctx);
      }
    }
    return true;
  }

  #refuse(ctx: CommandContext): boolean {
    ctx.reply.error(errors.syntax);
    return false;
  }

  matches(ctx: CommandContext, name: ByteView): boolean {
    const { pattern } = this;
    if (pattern === 0) return true;
    return globMatch(ctx.bytes, ctx.offset(pattern), ctx.length(pattern), name.bytes, name.offset, name.length, false);
  }
}

/** Walks on from the cursor and hands over what it comes to; answers the next cursor. See `replyScan`. */
export type ScanStep = (ctx: CommandContext, h: Handle, cursor: number, options: ScanOptions) => number;

/** Elements that the running `ScanStep` has replied. */
export const scanned = { count: 0 };

const options = new ScanOptions();

/**
 * HSCAN, SSCAN, ZSCAN: cursor, lookup, options, and the frame of the reply, in Redis's order of errors.
 * @param lookup as `lookupTyped`: a record, 0, or `WRONG_TYPE` with the error written
 * @param mayLeaveOut whether NOVALUES is an option
 * @param step replies what matches, and adds the number of elements to `scanned.count`
 */
export function replyScan(
  ctx: CommandContext,
  lookup: (ctx: CommandContext) => number,
  mayLeaveOut: boolean,
  step: ScanStep,
): void {
  const cursor = cursorArgument(ctx, 2);
  if (cursor === -1) return;
  const h = lookup(ctx);
  if (h === WRONG_TYPE) return;
  const { reply } = ctx;
  if (h === 0) {
    reply.array(2);
    reply.bulkLatin1('0');
    reply.array(0);
    return;
  }
  if (!options.parse(ctx, 3, false)) return;
  if (options.noValues && !mayLeaveOut) {
    reply.error(errors.syntax);
    return;
  }
  reply.array(2);
  const cursorRoom = reply.beginDeferredInteger();
  const list = reply.beginDeferred();
  scanned.count = 0;
  const next = step(ctx, h, cursor, options);
  reply.endDeferredArray(list, scanned.count);
  reply.endDeferredInteger(cursorRoom, next);
}

const MAX_UINT64 = 18446744073709551615n;

/**
 * The cursor in argument `i`; -1 when it is none: then the error is written. It is read as C's `strtoull` does (white space
 * and a sign are allowed, a zero byte ends the text), but a negative integer is refused; of its 64 bits the low 32 count.
 */
function cursorArgument(ctx: CommandContext, i: number): number {
  const text = ctx.latin1(i).split('\0', 1)[0]!;
  const [, sign, digits] = /^[ \t-\r]*([+-]?)(?=\d)0*(\d{0,20})$/.exec(text) ?? [];
  const magnitude = BigInt(digits ?? -1);
  if (magnitude < 0n || magnitude > MAX_UINT64 || ctx.integer(i) < 0) {
    ctx.reply.error(errors.invalidCursor);
    return -1;
  }
  return Number(BigInt.asUintN(32, sign === '-' ? -magnitude : magnitude));
}

function scan(ctx: CommandContext): void {
  const { db, reply } = ctx;
  const cursor = cursorArgument(ctx, 1);
  if (cursor === -1 || !options.parse(ctx, 2, true)) return;
  const type = options.type === 0 ? -1 : TYPE_NAMES.indexOf(ctx.latin1(options.type).toLowerCase());
  const anyType = options.type === 0;
  reply.array(2);
  // The next cursor is known at the end only, but it is written first: keys are gathered behind room for it.
  const cursorRoom = reply.beginDeferredInteger();
  const list = reply.beginDeferred();
  let found = 0;
  const due: Handle[] = [];
  const next = db.scan(cursor, options.count, (h) => {
    db.readKey(h, key);
    if (!options.matches(ctx, key)) return;
    // Before its type is looked at, which counts as a lookup: an expired key of any type goes.
    const isDue = db.isDue(h);
    if (options.type !== 0) {
      if (isDue) ctx.keyspace.stats.misses++;
      else ctx.keyspace.stats.hits++;
    }
    if (isDue) {
      due.push(h);
      return;
    }
    if (!anyType && db.typeOf(h) !== type) return;
    reply.bulk(key.bytes, key.offset, key.length);
    found++;
  });
  reply.endDeferredArray(list, found);
  reply.endDeferredInteger(cursorRoom, next);
  // What a scan comes upon is removed as by any other access, but not under the walk's feet.
  if (ctx.keyspace.expireEnabled) for (const h of due) db.removeRecord(h, 'expired');
}

function keys(ctx: CommandContext): void {
  const { db, reply } = ctx;
  const all = matchesEverything(ctx.bytes, ctx.offset(1), ctx.length(1));
  const list = reply.beginDeferred();
  let found = 0;
  db.forEach((h) => {
    db.readKey(h, key);
    if (!all && !globMatch(ctx.bytes, ctx.offset(1), ctx.length(1), key.bytes, key.offset, key.length, false)) return;
    if (db.isDue(h)) return;
    reply.bulk(key.bytes, key.offset, key.length);
    found++;
  });
  reply.endDeferredArray(list, found);
}

export function registerScan(registry: Registry): void {
  registry.register('scan', scan);
  registry.register('keys', keys);
}
