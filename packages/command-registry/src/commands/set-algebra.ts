/**
 * Several sets at once: intersections, unions, differences, and the same stored under a key. Each takes the number of
 * steps that it takes in Redis: an intersection walks the smallest set and asks the others in order of their lengths; a
 * difference goes the cheaper of two ways.
 */
import { EventClass, type Handle, type Sets, ValueType, type View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const NO_KEY = new Uint8Array(0);

/** The sets of key arguments `[from, to)`, 0 where missing; undefined when one is no set: then the error is written. */
function lookupSets(ctx: CommandContext, from: number, to: number): Handle[] | undefined {
  const found: Handle[] = [];
  for (let i = from; i < to; i++) {
    const h = lookupTyped(ctx, i, ValueType.set, false);
    if (h === WRONG_TYPE) return undefined;
    found.push(h);
  }
  return found;
}

/** Replaces what key argument 1 holds by this set, which is in no dictionary yet; an empty one leaves no key. */
function store(ctx: CommandContext, result: Handle, event: string): void {
  const { db, keyspace, request } = ctx;
  const { bytes, offsets, lengths } = request;
  const length = keyspace.sets.length(result);
  if (length > 0) {
    db.put(result, bytes, offsets[1]!, lengths[1]!);
    ctx.changed(1, EventClass.set, event);
  } else {
    keyspace.freeRecord(result);
    if (db.deleteAny(bytes, offsets[1]!, lengths[1]!)) ctx.changed(1, EventClass.generic, 'del');
  }
  ctx.reply.integer(length);
}

/** Replies with the members of a set that is in no dictionary, and frees it. */
function replyAndFree(ctx: CommandContext, result: Handle): void {
  const { sets } = ctx.keyspace;
  ctx.reply.set(sets.length(result));
  const walk = sets.walk(result);
  const { member } = walk;
  while (walk.next()) ctx.reply.bulkFrom(member);
  ctx.keyspace.freeRecord(result);
}

// ── intersections ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Puts the shortest first; false when one is missing, so that there is nothing to walk over. */
function sortByLength(sets: Sets, found: Handle[]): boolean {
  if (found.includes(0)) return false;
  found.sort((a, b) => sets.length(a) - sets.length(b));
  return true;
}

/** Calls `visit` with each member that all sets have, until it answers false. */
function intersect(sets: Sets, found: readonly Handle[], visit: (member: View) => boolean): void {
  const { length } = found;
  const walk = sets.walk(found[0]!, length > 1 ? found[1] : 0);
  const { member } = walk;
  while (walk.next()) {
    let i = 1;
    while (i < length && sets.hasMember(found[i]!, walk)) i++;
    if (i === length && !visit(member)) return;
  }
}

function sinter(ctx: CommandContext): void {
  const found = lookupSets(ctx, 1, ctx.argc);
  if (found === undefined) return;
  const { reply } = ctx;
  const { sets } = ctx.keyspace;
  const list = reply.beginDeferred();
  let count = 0;
  if (sortByLength(sets, found)) {
    intersect(sets, found, (member) => {
      reply.bulkFrom(member);
      count++;
      return true;
    });
  }
  reply.endDeferredSet(list, count);
}

function sinterstore(ctx: CommandContext): void {
  const found = lookupSets(ctx, 2, ctx.argc);
  if (found === undefined) return;
  const { sets } = ctx.keyspace;
  const { bytes, offsets, lengths } = ctx.request;
  const complete = sortByLength(sets, found);
  // The encoding is chosen as Redis 7.2 does: by what the smallest set is, and at the end by what came out.
  const result =
    complete && sets.isIntset(found[0]!)
      ? sets.create(bytes, offsets[1]!, lengths[1]!)
      : sets.createListpack(bytes, offsets[1]!, lengths[1]!);
  if (complete) {
    intersect(sets, found, (member) => {
      sets.add(result, member.bytes, member.offset, member.length);
      return true;
    });
  }
  sets.settle(result);
  store(ctx, result, 'sinterstore');
}

function sintercard(ctx: CommandContext): void {
  const { reply } = ctx;
  const keys = ctx.integer(1);
  if (Number.isNaN(keys) || keys < 1) {
    reply.error(errors.numkeysNotPositive);
    return;
  }
  const end = 2 + keys;
  if (end > ctx.argc) {
    reply.error(errors.tooManyKeys);
    return;
  }
  let limit = 0;
  for (let i = end; i < ctx.argc; i++) {
    if (i + 1 === ctx.argc || !ctx.is(i, 'LIMIT')) {
      reply.error(errors.syntax);
      return;
    }
    limit = ctx.integer(++i);
    if (Number.isNaN(limit) || limit < 0) {
      reply.error(errors.negativeLimit);
      return;
    }
  }
  const found = lookupSets(ctx, 2, end);
  if (found === undefined) return;
  const { sets } = ctx.keyspace;
  let count = 0;
  if (sortByLength(sets, found)) intersect(sets, found, () => ++count !== limit);
  reply.integer(count);
}

// ── unions and differences ──────────────────────────────────────────────────────────────────────────────────────────

function addAll(sets: Sets, target: Handle, source: Handle): void {
  const walk = sets.walk(source, target);
  while (walk.next()) sets.addMember(target, walk);
}

/** A set of what is in any of these, in no dictionary. */
function unite(sets: Sets, found: readonly Handle[], b: Uint8Array, o: number, n: number): Handle {
  const result = sets.create(b, o, n);
  for (const h of found) if (h !== 0) addAll(sets, result, h);
  return result;
}

/** A set of what is in the first and in no other, in no dictionary. */
function subtract(sets: Sets, found: readonly Handle[], b: Uint8Array, o: number, n: number): Handle {
  const result = sets.create(b, o, n);
  const first = found[0]!;
  const others = found.slice(1).filter((h) => h !== 0);
  if (first === 0 || others.includes(first)) return result;
  const length = sets.length(first);
  const lookups = length * (others.length + 1);
  const removals = others.reduce((sum, h) => sum + sets.length(h), length);
  // A lookup that hits ends the search for this member, so lookups are taken for half as expensive.
  if (lookups / 2 <= removals) keepUnlisted(sets, result, first, others);
  else removeListed(sets, result, first, others);
  return result;
}

/** Adds what none of the others has; the longest of them is asked first, because it is likeliest to have it. */
function keepUnlisted(sets: Sets, result: Handle, first: Handle, others: Handle[]): void {
  others.sort((a, b) => sets.length(b) - sets.length(a));
  const walk = sets.walk(first, others[0]);
  while (walk.next()) {
    let i = 0;
    while (i < others.length && !sets.hasMember(others[i]!, walk)) i++;
    if (i === others.length) sets.addMember(result, walk);
  }
}

/** Adds everything, then removes what the others have. */
function removeListed(sets: Sets, result: Handle, first: Handle, others: readonly Handle[]): void {
  addAll(sets, result, first);
  for (const other of others) {
    const walk = sets.walk(other, result);
    while (walk.next()) sets.removeMember(result, walk);
    if (sets.length(result) === 0) return;
  }
}

type Combine = typeof unite;

function replyCombined(ctx: CommandContext, combine: Combine): void {
  const found = lookupSets(ctx, 1, ctx.argc);
  if (found !== undefined) replyAndFree(ctx, combine(ctx.keyspace.sets, found, NO_KEY, 0, 0));
}

function storeCombined(ctx: CommandContext, combine: Combine, event: string): void {
  const found = lookupSets(ctx, 2, ctx.argc);
  if (found === undefined) return;
  store(ctx, combine(ctx.keyspace.sets, found, ctx.bytes, ctx.offset(1), ctx.length(1)), event);
}

export function registerSetAlgebra(registry: Registry): void {
  registry.register('sinter', sinter);
  registry.register('sinterstore', sinterstore);
  registry.register('sintercard', sintercard);
  registry.register('sunion', (ctx) => replyCombined(ctx, unite));
  registry.register('sunionstore', (ctx) => storeCombined(ctx, unite, 'sunionstore'));
  registry.register('sdiff', (ctx) => replyCombined(ctx, subtract));
  registry.register('sdiffstore', (ctx) => storeCombined(ctx, subtract, 'sdiffstore'));
}
