/**
 * Sorted sets, member by member: ZADD and ZINCRBY, ZREM, and what is asked of single members. Ranges are in
 * `sorted-set-ranges.ts`.
 */
import { Added, AddOption, EventClass, type Handle } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { replyScore } from './score-range.js';
import { lookupSortedSet, reportRemoval } from './sorted-set-lookup.js';
import { registerSortedSetRanges } from './sorted-set-ranges.js';
import { WRONG_TYPE } from './typed-lookup.js';

const NX_AND_XX = 'ERR XX and NX options at the same time are not compatible';
const GT_LT_NX = 'ERR GT, LT, and/or NX options at the same time are not compatible';
const INCR_ONE_PAIR = 'ERR INCR option supports a single increment-element pair';
const SCORE_NAN = 'ERR resulting score is not a number (NaN)';

/** ZADD's CH, beside the store's options. */
const REPORT_CHANGED = 32;

/** Scores of the running request. */
let scores = new Float64Array(16);
/** Requests with more pairs have an array of their own. */
const KEPT_SCORES = 4096;

/** The option that argument `i` of ZADD is, 0 when it is none. */
function optionOf(ctx: CommandContext, i: number): number {
  switch (ctx.length(i)) {
    case 2:
      if (ctx.is(i, 'NX')) return AddOption.onlyNew;
      if (ctx.is(i, 'XX')) return AddOption.onlyExisting;
      if (ctx.is(i, 'GT')) return AddOption.onlyGreater;
      if (ctx.is(i, 'LT')) return AddOption.onlyLess;
      return ctx.is(i, 'CH') ? REPORT_CHANGED : 0;
    case 4:
      return ctx.is(i, 'INCR') ? AddOption.increment : 0;
    default:
      return 0;
  }
}

/** What is wrong with a combination of options, undefined when nothing is. */
function conflictOf(options: number, pairs: number): string | undefined {
  const nx = (options & AddOption.onlyNew) !== 0;
  const gt = (options & AddOption.onlyGreater) !== 0;
  const lt = (options & AddOption.onlyLess) !== 0;
  if (nx && (options & AddOption.onlyExisting) !== 0) return NX_AND_XX;
  if ((nx && (gt || lt)) || (gt && lt)) return GT_LT_NX;
  return (options & AddOption.increment) !== 0 && pairs > 1 ? INCR_ONE_PAIR : undefined;
}

/** Reads the scores of all pairs from argument `first` on; false: one is none, and the error is written. */
function parseScores(ctx: CommandContext, first: number, pairs: number): boolean {
  if (pairs > scores.length) scores = new Float64Array(pairs);
  for (let i = 0; i < pairs; i++) {
    const score = ctx.float(first + i * 2);
    if (score !== score) {
      ctx.reply.error(errors.notFloat);
      return false;
    }
    scores[i] = score;
  }
  return true;
}

function add(ctx: CommandContext, given: number): void {
  let options = given;
  let first = 2;
  for (let option; first < ctx.argc && (option = optionOf(ctx, first)) !== 0; first++) options |= option;
  const pairs = (ctx.argc - first) / 2;
  if (pairs === 0 || pairs !== Math.floor(pairs)) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const conflict = conflictOf(options, pairs);
  if (conflict !== undefined) {
    ctx.reply.error(conflict);
    return;
  }
  if (!parseScores(ctx, first, pairs)) return;
  let h = lookupSortedSet(ctx, true);
  if (h === WRONG_TYPE) return;
  const increments = (options & AddOption.increment) !== 0;
  if (h === 0) {
    if ((options & AddOption.onlyExisting) !== 0) {
      if (increments) ctx.reply.null();
      else ctx.reply.integer(0);
      return;
    }
    h = ctx.keyspace.sortedSets.create(ctx.bytes, ctx.offset(1), ctx.length(1));
    ctx.db.add(h, ctx.bytes, ctx.offset(1), ctx.length(1));
  }
  addPairs(ctx, h, first, pairs, options);
  if (scores.length > KEPT_SCORES) scores = new Float64Array(16);
}

function addPairs(ctx: CommandContext, h: Handle, first: number, pairs: number, options: number): void {
  const { sortedSets } = ctx.keyspace;
  const { bytes, offsets, lengths } = ctx.request;
  let created = 0;
  let changed = 0;
  let done = 0;
  for (let i = 0; i < pairs; i++) {
    const member = first + i * 2 + 1;
    done = sortedSets.add(h, bytes, offsets[member]!, lengths[member]!, scores[i]!, options & 31);
    if (done === Added.created) created++;
    else if (done === Added.changed) changed++;
  }
  const increments = (options & AddOption.increment) !== 0;
  if (created + changed > 0) ctx.changed(1, EventClass.zset, increments ? 'zincr' : 'zadd', created + changed);
  if (!increments) ctx.reply.integer((options & REPORT_CHANGED) === 0 ? created : created + changed);
  else if (done === Added.notANumber) ctx.reply.error(SCORE_NAN);
  else if (done === Added.nothing) ctx.reply.null();
  else replyScore(ctx.reply, sortedSets.resultingScore);
}

function zrem(ctx: CommandContext): void {
  const h = lookupSortedSet(ctx, true);
  if (h === WRONG_TYPE) return;
  let removed = 0;
  if (h !== 0) {
    const { sortedSets } = ctx.keyspace;
    const { bytes, offsets, lengths } = ctx.request;
    let empty = false;
    for (let i = 2; i < ctx.argc && !empty; i++) {
      if (!sortedSets.remove(h, bytes, offsets[i]!, lengths[i]!)) continue;
      removed++;
      empty = sortedSets.length(h) === 0;
    }
    if (removed > 0) reportRemoval(ctx, 1, empty, 'zrem', removed);
  }
  ctx.reply.integer(removed);
}

function zcard(ctx: CommandContext): void {
  const h = lookupSortedSet(ctx, false);
  if (h !== WRONG_TYPE) ctx.reply.integer(h === 0 ? 0 : ctx.keyspace.sortedSets.length(h));
}

/** Replies with the score of the member in argument `i`, null when there is none. */
function replyScoreOf(ctx: CommandContext, h: Handle, i: number): void {
  const score = h === 0 ? NaN : ctx.keyspace.sortedSets.score(h, ctx.bytes, ctx.offset(i), ctx.length(i));
  if (score === score) replyScore(ctx.reply, score);
  else ctx.reply.null();
}

function zscore(ctx: CommandContext): void {
  const h = lookupSortedSet(ctx, false);
  if (h !== WRONG_TYPE) replyScoreOf(ctx, h, 2);
}

function zmscore(ctx: CommandContext): void {
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) replyScoreOf(ctx, h, i);
}

function replyRank(ctx: CommandContext, reverse: boolean): void {
  if (ctx.argc > 4) {
    ctx.reply.error(errors.wrongArity(ctx.command.name));
    return;
  }
  const withScore = ctx.argc === 4;
  if (withScore && !ctx.is(3, 'WITHSCORE')) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const h = lookupSortedSet(ctx, false);
  if (h === WRONG_TYPE) return;
  const { sortedSets } = ctx.keyspace;
  const rank = h === 0 ? -1 : sortedSets.rank(h, ctx.bytes, ctx.offset(2), ctx.length(2));
  if (rank < 0) {
    if (withScore) ctx.reply.nullArray();
    else ctx.reply.null();
    return;
  }
  if (withScore) ctx.reply.array(2);
  ctx.reply.integer(reverse ? sortedSets.length(h) - 1 - rank : rank);
  if (withScore) replyScoreOf(ctx, h, 2);
}

export function registerSortedSets(registry: Registry): void {
  registry.register('zadd', (ctx) => add(ctx, 0));
  registry.register('zincrby', (ctx) => add(ctx, AddOption.increment));
  registry.register('zrem', zrem);
  registry.register('zcard', zcard);
  registry.register('zscore', zscore);
  registry.register('zmscore', zmscore);
  registry.register('zrank', (ctx) => replyRank(ctx, false));
  registry.register('zrevrank', (ctx) => replyRank(ctx, true));
  registerSortedSetRanges(registry);
}
