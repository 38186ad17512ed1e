/**
 * Several sorted sets at once: unions, intersections and differences, replied with or stored. Operands may be plain
 * sets, whose members have score 1.
 *
 * Every result is built in the arena, member by member, and either becomes a sorted set under a key or is read for the
 * reply and freed. A union combines what it comes upon with what the result has already: one lookup per member.
 */
import { Combine, type SortedSetBuilder, View } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { beginPairs } from './random-count.js';
import { replyMember } from './score-range.js';
import { registerSortedSetPops } from './sorted-set-pops.js';
import { byLength, lookupSource, type Source } from './sorted-set-sources.js';
import { beginResult, storeResult } from './sorted-set-store.js';
import { registerSortedSetRangeStore } from './sorted-set-range-store.js';
import { registerSortedSetWalks } from './sorted-set-walks.js';

const view = new View();

// What the running command was told.
let withScores = false;
/** How scores of one member become one. */
let aggregate: number = Combine.sum;
/** Members to be counted; 0: all. */
let limit = 0;

/** One of the three operations, and who asks for it: what options it takes. */
interface Form {
  readonly operation: (sources: Source[], result: SortedSetBuilder) => void;
  /** Takes WEIGHTS and AGGREGATE. */
  readonly aggregates: boolean;
  /** Argument with the number of keys. */
  readonly numkeys: number;
  /** The keyspace event of a result that is stored under argument 1; empty: the result is the reply. */
  readonly event: string;
}

// ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The operands whose number is in argument `i`; undefined when they are not valid: then the error is written. */
function readSources(ctx: CommandContext, i: number): Source[] | undefined {
  const count = ctx.integer(i);
  if (Number.isNaN(count)) {
    ctx.reply.error(errors.notInteger);
    return undefined;
  }
  if (count < 1) {
    ctx.reply.error(`ERR at least 1 input key is needed for '${ctx.command.name}' command`);
    return undefined;
  }
  if (count > ctx.argc - i - 1) {
    ctx.reply.error(errors.syntax);
    return undefined;
  }
  const sources: Source[] = [];
  for (let key = i + 1; key <= i + count; key++) {
    const source = lookupSource(ctx, key);
    if (source === undefined) return undefined;
    sources.push(source);
  }
  return sources;
}

/** Reads the options behind the keys. False: they are not valid, and the error is written. */
function readOptions(ctx: CommandContext, form: Form, sources: readonly Source[]): boolean {
  withScores = false;
  aggregate = Combine.sum;
  const last = ctx.argc - 1;
  for (let i = form.numkeys + sources.length + 1; i <= last; i++) {
    if (form.aggregates && last - i >= sources.length && ctx.is(i, 'WEIGHTS')) {
      for (const source of sources) if (!readWeight(ctx, ++i, source)) return false;
    } else if (form.aggregates && i < last && ctx.is(i, 'AGGREGATE')) {
      i++;
      if (ctx.is(i, 'SUM')) aggregate = Combine.sum;
      else if (ctx.is(i, 'MIN')) aggregate = Combine.min;
      else if (ctx.is(i, 'MAX')) aggregate = Combine.max;
      else return refuse(ctx, errors.syntax);
    } else if (form.event === '' && ctx.is(i, 'WITHSCORES')) {
      withScores = true;
    } else {
      return refuse(ctx, errors.syntax);
    }
  }
  return true;
}

function refuse(ctx: CommandContext, error: string): false {
  ctx.reply.error(error);
  return false;
}

function readWeight(ctx: CommandContext, i: number, source: Source): boolean {
  source.weight = ctx.float(i);
  return !Number.isNaN(source.weight) || refuse(ctx, 'ERR weight value is not a float');
}

// ── operations ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Infinity times 0 and infinity less infinity count as 0. */
function orZero(score: number): number {
  return score === score ? score : 0;
}

function combine(a: number, b: number): number {
  if (aggregate === Combine.sum) return orZero(a + b);
  return (aggregate === Combine.min ? b < a : b > a) ? b : a;
}

/** The order of the operands shows in the last digits of a sum: Redis begins with the smallest. */
function union(sources: Source[], result: SortedSetBuilder): void {
  for (const source of sources.sort(byLength)) {
    if (source.length === 0) continue;
    const walk = source.walk();
    const { member } = walk;
    while (walk.next()) {
      const score = orZero(walk.score * source.weight);
      result.add(member.bytes, member.offset, member.length, score, aggregate);
    }
  }
}

function intersection(sources: Source[], result: SortedSetBuilder): void {
  const [smallest, ...others] = sources.sort(byLength);
  if (smallest === undefined || smallest.length === 0) return;
  const walk = smallest.walk();
  const { member } = walk;
  while (walk.next()) {
    const { bytes, offset, length } = member;
    let score = orZero(walk.score * smallest.weight);
    let i = 0;
    for (; i < others.length; i++) {
      const other = others[i]!;
      const found = other.score(bytes, offset, length);
      if (found !== found) break;
      score = combine(score, found * other.weight);
    }
    if (i === others.length) result.addNew(bytes, offset, length, score);
  }
}

function difference(sources: Source[], result: SortedSetBuilder): void {
  const [first, ...others] = sources;
  if (first === undefined || first.length === 0) return;
  const walk = first.walk();
  const { member } = walk;
  while (walk.next()) {
    const { bytes, offset, length } = member;
    let i = 0;
    while (i < others.length && Number.isNaN(others[i]!.score(bytes, offset, length))) i++;
    if (i === others.length) result.addNew(bytes, offset, length, walk.score);
  }
}

// ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────

function combineSets(ctx: CommandContext, form: Form): void {
  const sources = readSources(ctx, form.numkeys);
  if (sources === undefined || !readOptions(ctx, form, sources)) return;
  const result = beginResult(ctx);
  form.operation(sources, result);
  if (form.event === '') replyAll(ctx, result);
  else storeResult(ctx, 1, result, form.event, 1);
}

function replyAll(ctx: CommandContext, result: SortedSetBuilder): void {
  result.sort();
  beginPairs(ctx.reply, result.count, withScores);
  for (let i = 0; i < result.count; i++) {
    const score = result.read(i, view);
    replyMember(ctx.reply, view, score, withScores);
  }
  result.drop();
}

function zintercard(ctx: CommandContext): void {
  const sources = readSources(ctx, 1);
  if (sources === undefined || !readLimit(ctx, sources.length + 2)) return;
  ctx.reply.integer(countCommon(sources));
}

function readLimit(ctx: CommandContext, from: number): boolean {
  limit = 0;
  for (let i = from; i < ctx.argc; i += 2) {
    if (i + 1 === ctx.argc || !ctx.is(i, 'LIMIT')) return refuse(ctx, errors.syntax);
    limit = ctx.integer(i + 1);
    if (!(limit >= 0)) return refuse(ctx, errors.negativeLimit);
  }
  return true;
}

function countCommon(sources: Source[]): number {
  const [smallest, ...others] = sources.sort(byLength);
  if (smallest === undefined || smallest.length === 0) return 0;
  const walk = smallest.walk();
  const { member } = walk;
  let count = 0;
  while (walk.next()) {
    let i = 0;
    while (i < others.length && !Number.isNaN(others[i]!.score(member.bytes, member.offset, member.length))) i++;
    if (i === others.length && ++count === limit) break;
  }
  return count;
}

export function registerSortedSetAlgebra(registry: Registry): void {
  const operations = [
    { name: 'zunion', operation: union, aggregates: true },
    { name: 'zinter', operation: intersection, aggregates: true },
    { name: 'zdiff', operation: difference, aggregates: false },
  ];
  for (const { name, operation, aggregates } of operations) {
    const replying: Form = { operation, aggregates, numkeys: 1, event: '' };
    const storing: Form = { operation, aggregates, numkeys: 2, event: `${name}store` };
    registry.register(name, (ctx) => combineSets(ctx, replying));
    registry.register(storing.event, (ctx) => combineSets(ctx, storing));
  }
  registry.register('zintercard', zintercard);
  registerSortedSetPops(registry);
  registerSortedSetWalks(registry);
  registerSortedSetRangeStore(registry);
}
