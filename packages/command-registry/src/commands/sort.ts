/**
 * SORT and SORT_RO. The elements are copied into a column, weights into another, and numbers of rows are sorted. Elements
 * of equal weight come in the order of their bytes, so that a result does not depend on how a set is stored; only ALPHA
 * with BY leaves equal weights in the order of the source, as Redis does.
 */
import { EventClass, type Handle, ValueType, View } from '@clone/core-store';
import { parseFloat64 } from '@clone/resp-codec';
import { ByteColumn } from '../byte-column.js';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { SortPattern } from './sort-pattern.js';

const NOT_NUMBERS = "ERR One or more scores can't be converted into double";

const view = new View();

/** What a request asks for. */
class SortOptions {
  descending = false;
  alpha = false;
  offset = 0;
  /** Negative: all. */
  count = -1;
  /** A pattern without `*` was given: the order of the source stays. */
  unsorted = false;
  by: SortPattern | undefined;
  readonly get: SortPattern[] = [];
  /** Argument with the key to store under, 0 for none. */
  store = 0;

  /** Reads the options. False: they are not valid, and the error is written. */
  parse(ctx: CommandContext, mayStore: boolean): boolean {
    for (let i = 2; i < ctx.argc; i++) {
      const left = ctx.argc - i - 1;
      if (ctx.is(i, 'ASC')) {
        this.descending = false;
      } else if (ctx.is(i, 'DESC')) {
        this.descending = true;
      } else if (ctx.is(i, 'ALPHA')) {
        this.alpha = true;
      } else if (ctx.is(i, 'LIMIT') && left >= 2) {
        this.offset = ctx.integer(++i);
        this.count = ctx.integer(++i);
        if (Number.isNaN(this.offset) || Number.isNaN(this.count)) {
          ctx.reply.error(errors.notInteger);
          return false;
        }
      } else if (mayStore && ctx.is(i, 'STORE') && left >= 1) {
        this.store = ++i;
      } else if (ctx.is(i, 'BY') && left >= 1) {
        this.by = new SortPattern(ctx, ++i);
        if (!this.by.hasStar) this.unsorted = true;
        else if (!readsAllKeys(ctx)) {
          ctx.reply.error('ERR BY option of SORT denied due to insufficient ACL permissions.');
          return false;
        }
      } else if (ctx.is(i, 'GET') && left >= 1) {
        if (!readsAllKeys(ctx)) {
          ctx.reply.error('ERR GET option of SORT denied due to insufficient ACL permissions.');
          return false;
        }
        this.get.push(new SortPattern(ctx, ++i));
      } else {
        ctx.reply.error(errors.syntax);
        return false;
      }
    }
    return true;
  }
}

/** BY and GET read keys that no key spec can name: only who may read all may use them. */
function readsAllKeys({ session, command, request }: CommandContext): boolean {
  return session.permissions?.readsAllKeys(command, request) ?? true;
}

function sort(ctx: CommandContext, mayStore: boolean): void {
  const options = new SortOptions();
  if (!options.parse(ctx, mayStore)) return;
  const h = ctx.lookupRead(1);
  const type = h === 0 ? ValueType.list : ctx.db.typeOf(h);
  if (type !== ValueType.list && type !== ValueType.set && type !== ValueType.zset) {
    ctx.reply.error(errors.wrongType);
    return;
  }
  if (options.unsorted && options.store !== 0 && type === ValueType.set) {
    // A set has no order of its own that would be the same on a replica.
    options.unsorted = false;
    options.alpha = true;
    options.by = undefined;
  }
  const length = h === 0 ? 0 : lengthOf(ctx, h, type);
  const start = Math.min(Math.max(options.offset, 0), length);
  const end = options.count < 0 ? length : Math.min(start + options.count, length);

  const elements = new ByteColumn();
  // Where the source has an order and it is to stay, only the part that was asked for is read.
  const part = options.unsorted && type !== ValueType.set;
  if (h !== 0 && part) loadPart(ctx, h, type, start, end - start, options.descending, elements);
  else if (h !== 0) loadAll(ctx, h, type, length, elements);
  const rows = options.unsorted ? undefined : sortedRows(ctx, options, elements);
  if (rows === NOT_SORTABLE) {
    ctx.reply.error(NOT_NUMBERS);
    return;
  }
  const from = part ? 0 : start;
  const to = part ? end - start : end;
  if (options.store === 0) {
    replyRows(ctx, options, elements, rows, from, to);
    return;
  }
  // Equal weights leave elements in the order of the set, which another encoding or a rewrite changes.
  const exact = type === ValueType.set && options.alpha && options.by !== undefined;
  storeRows(ctx, options, elements, rows, from, to, exact);
}

// ── the elements ────────────────────────────────────────────────────────────────────────────────────────────────────

function lengthOf(ctx: CommandContext, h: Handle, type: number): number {
  const { lists, sets, sortedSets } = ctx.keyspace;
  if (type === ValueType.list) return lists.length(h);
  return type === ValueType.set ? sets.length(h) : sortedSets.length(h);
}

function loadAll(ctx: CommandContext, h: Handle, type: number, length: number, into: ByteColumn): void {
  if (type !== ValueType.set) {
    loadPart(ctx, h, type, 0, length, false, into);
    return;
  }
  const walk = ctx.keyspace.sets.walk(h);
  const { member } = walk;
  while (walk.next()) into.bulk(member.bytes, member.offset, member.length);
}

/** Reads `count` elements of a list or a sorted set in its own order, or from the end, which are there. */
function loadPart(
  ctx: CommandContext,
  h: Handle,
  type: number,
  start: number,
  count: number,
  descending: boolean,
  into: ByteColumn,
): void {
  if (count <= 0) return;
  const { lists, sortedSets } = ctx.keyspace;
  if (type === ValueType.list) {
    lists.range(h, descending ? lists.length(h) - 1 - start : start, count, descending, into);
    return;
  }
  const cursor = sortedSets.cursor(h);
  const { member } = cursor;
  let there = cursor.seek(descending ? sortedSets.length(h) - 1 - start : start);
  for (let left = count; there && left > 0; left--) {
    into.bulk(member.bytes, member.offset, member.length);
    there = descending ? cursor.previous() : cursor.next();
  }
}

// ── their order ─────────────────────────────────────────────────────────────────────────────────────────────────────

const NOT_SORTABLE = null;

/** Numbers of the rows in the order asked for; `NOT_SORTABLE` when a weight is no number. */
function sortedRows(ctx: CommandContext, options: SortOptions, elements: ByteColumn): Uint32Array | null {
  const { by, alpha, descending } = options;
  const rows = new Uint32Array(elements.count);
  for (let i = 0; i < rows.length; i++) rows[i] = i;
  const sign = descending ? -1 : 1;
  if (!alpha) {
    const weights = numericWeights(ctx, by, elements);
    if (weights === NOT_SORTABLE) return NOT_SORTABLE;
    rows.sort((a, b) => {
      const x = weights[a]!;
      const y = weights[b]!;
      return sign * (x < y ? -1 : x > y ? 1 : elements.compare(a, b));
    });
    return rows;
  }
  // What is stored is compared to the byte, so that it is the same in any locale.
  const exact = options.store !== 0;
  if (by === undefined) {
    rows.sort((a, b) => sign * (exact ? elements.compare(a, b) : elements.collate(a, b)));
    return rows;
  }
  const present = new Uint8Array(rows.length);
  const weights = new ByteColumn();
  for (let i = 0; i < rows.length; i++) {
    if (by.find(ctx, elements.bytes, elements.offsets[i]!, elements.lengths[i]!, view)) {
      present[i] = 1;
      weights.bulk(view.bytes, view.offset, view.length);
    } else {
      weights.bulk(elements.bytes, 0, 0);
    }
  }
  // Without a weight comes before any weight, the empty one included.
  rows.sort((a, b) => {
    if (present[a] !== present[b]) return sign * (present[a]! - present[b]!);
    return sign * (exact ? weights.compare(a, b) : weights.collate(a, b));
  });
  return rows;
}

/** The elements' weights as numbers, 0 where there is none. */
function numericWeights(ctx: CommandContext, by: SortPattern | undefined, elements: ByteColumn): Float64Array | null {
  const weights = new Float64Array(elements.count);
  const { bytes, offsets, lengths } = elements;
  let valid = true;
  for (let i = 0; i < weights.length; i++) {
    if (by === undefined) weights[i] = toNumber(bytes, offsets[i]!, lengths[i]!);
    else if (by.find(ctx, bytes, offsets[i]!, lengths[i]!, view)) {
      weights[i] = toNumber(view.bytes, view.offset, view.length);
    }
    // All are looked up, as in Redis, though the first bad one decides: keys on the way are touched, or expire.
    if (Number.isNaN(weights[i])) valid = false;
  }
  return valid ? weights : NOT_SORTABLE;
}

/** Smaller numbers have fewer digits than a double has: C's `strtod` calls them out of range. */
const LEAST_NORMAL = 2.2250738585072014e-308;

/** A number as C's `strtod` reads a whole text: blanks before it, nothing at all, and a zero byte that ends it are allowed. */
function toNumber(bytes: Uint8Array, offset: number, length: number): number {
  const fast = parseFloat64(bytes, offset, length);
  if (fast === 0 || Math.abs(fast) >= LEAST_NORMAL) return fast;
  let start = offset;
  let end = offset;
  while (end < offset + length && bytes[end] !== 0) end++;
  if (end === offset) return 0;
  while (start < end && (bytes[start] === 0x20 || (bytes[start]! >= 9 && bytes[start]! <= 13))) start++;
  const value = parseFloat64(bytes, start, end - start);
  return value === 0 || Math.abs(value) >= LEAST_NORMAL ? value : NaN;
}

// ── the result ──────────────────────────────────────────────────────────────────────────────────────────────────────

function replyRows(
  ctx: CommandContext,
  options: SortOptions,
  elements: ByteColumn,
  rows: Uint32Array | undefined,
  from: number,
  to: number,
): void {
  const { reply } = ctx;
  const { get } = options;
  const { bytes, offsets, lengths } = elements;
  const count = Math.max(to - from, 0);
  reply.array(count * Math.max(get.length, 1));
  for (let i = from; i < to; i++) {
    const row = rows === undefined ? i : rows[i]!;
    const offset = offsets[row]!;
    const length = lengths[row]!;
    if (get.length === 0) reply.bulk(bytes, offset, length);
    for (const pattern of get) {
      if (pattern.isElement) reply.bulk(bytes, offset, length);
      else if (pattern.find(ctx, bytes, offset, length, view)) reply.bulkFrom(view);
      else reply.null();
    }
  }
}

/** @param exact the log gets the list itself, not the request */
function storeRows(
  ctx: CommandContext,
  options: SortOptions,
  elements: ByteColumn,
  rows: Uint32Array | undefined,
  from: number,
  to: number,
  exact: boolean,
): void {
  const { lists } = ctx.keyspace;
  const { get, store } = options;
  const { bytes, offsets, lengths } = elements;
  const key = ctx.offset(store);
  const keyLength = ctx.length(store);
  const list = lists.create(ctx.bytes, key, keyLength);
  for (let i = from; i < to; i++) {
    const row = rows === undefined ? i : rows[i]!;
    const offset = offsets[row]!;
    const length = lengths[row]!;
    if (get.length === 0) lists.push(list, false, bytes, offset, length);
    for (const pattern of get) {
      if (pattern.isElement) lists.push(list, false, bytes, offset, length);
      else if (pattern.find(ctx, bytes, offset, length, view)) {
        lists.push(list, false, view.bytes, view.offset, view.length);
      } else {
        // A list has no place for "nothing".
        lists.push(list, false, bytes, 0, 0);
      }
    }
  }
  const stored = lists.length(list);
  if (stored > 0) {
    if (exact && ctx.feeding) effectOfList(ctx, store, list, stored);
    ctx.db.put(list, ctx.bytes, key, keyLength);
    ctx.changed(store, EventClass.list, 'sortstore', stored);
  } else {
    ctx.keyspace.freeRecord(list);
    if (ctx.db.deleteAny(ctx.bytes, key, keyLength)) ctx.changed(store, EventClass.generic, 'del');
  }
  ctx.reply.integer(stored);
}

/** Elements that one RPUSH of an effect brings at most. */
const CHUNK = 64;

function effectOfList(ctx: CommandContext, store: number, list: Handle, length: number): void {
  const elements = new ByteColumn();
  ctx.keyspace.lists.range(list, 0, length, false, elements);
  ctx.beginEffect(2);
  ctx.effectText('DEL');
  ctx.effectArgument(store);
  for (let i = 0; i < length; i++) {
    if (i % CHUNK === 0) {
      ctx.beginEffect(2 + Math.min(CHUNK, length - i));
      ctx.effectText('RPUSH');
      ctx.effectArgument(store);
    }
    ctx.effectBytes(elements.bytes, elements.offsets[i]!, elements.lengths[i]!);
  }
}

export function registerSort(registry: Registry): void {
  registry.register('sort', (ctx) => {
    sort(ctx, true);
  });
  registry.register('sort_ro', (ctx) => {
    sort(ctx, false);
  });
}
