/**
 * Places: GEOADD, GEOPOS, GEODIST, GEOHASH. A place is a member of a sorted set whose score is its geohash
 * (`geohash.ts`); searches are in `geo-search.ts`.
 */
import { Added, AddOption, EventClass, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { placeArguments, replyDistance, replyPlace, unitArgument } from './geo-arguments.js';
import { registerGeoSearch } from './geo-search.js';
import { exactScoreOf, geohashText, Place, placeOf, scoreOf } from './geohash.js';
import { distance } from './great-circle.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const place = new Place();
const other = new Place();
/** Scores of the running GEOADD: all arguments are looked at before anything is written. */
let scores = new Float64Array(64);

function geoadd(ctx: CommandContext): void {
  let nx = false;
  let xx = false;
  let ch = false;
  let first = 2;
  for (; first < ctx.argc; first++) {
    if (ctx.is(first, 'NX')) nx = true;
    else if (ctx.is(first, 'XX')) xx = true;
    else if (ctx.is(first, 'CH')) ch = true;
    else break;
  }
  const count = (ctx.argc - first) / 3;
  if (!Number.isInteger(count) || (nx && xx)) {
    ctx.reply.error(errors.syntax);
    return;
  }
  if (count > scores.length) scores = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    if (!placeArguments(ctx, first + i * 3, place)) return;
    scores[i] = scoreOf(place.longitude, place.latitude);
  }
  if (count === 0) {
    ctx.reply.error(errors.syntax);
    return;
  }
  add(ctx, first, count, nx, xx, ch);
}

/** As ZADD of the places' scores. @param first argument of the first longitude */
function add(ctx: CommandContext, first: number, count: number, nx: boolean, xx: boolean, ch: boolean): void {
  const { sortedSets } = ctx.keyspace;
  const { bytes, offsets, lengths } = ctx.request;
  let h = lookupTyped(ctx, 1, ValueType.zset, true);
  if (h === WRONG_TYPE) return;
  if (h === 0) {
    if (xx) {
      ctx.reply.integer(0);
      return;
    }
    h = sortedSets.create(bytes, ctx.offset(1), ctx.length(1));
    ctx.db.add(h, bytes, ctx.offset(1), ctx.length(1));
  }
  const options = nx ? AddOption.onlyNew : xx ? AddOption.onlyExisting : 0;
  let added = 0;
  let updated = 0;
  for (let i = 0; i < count; i++) {
    const member = first + i * 3 + 2;
    const done = sortedSets.add(h, bytes, offsets[member]!, lengths[member]!, scores[i]!, options);
    if (done === Added.created) added++;
    else if (done === Added.changed) updated++;
  }
  ctx.reply.integer(ch ? added + updated : added);
  if (added + updated === 0) return;
  ctx.changed(1, EventClass.zset, 'zadd', added + updated);
  if (ctx.feeding) effectOfAdd(ctx, first, count);
}

/** Redis logs a GEOADD as the ZADD that it is. */
function effectOfAdd(ctx: CommandContext, first: number, count: number): void {
  ctx.beginEffect(first + count * 2);
  ctx.effectText('ZADD');
  for (let i = 1; i < first; i++) ctx.effectArgument(i);
  for (let i = 0; i < count; i++) {
    const at = first + i * 3;
    if (scores[i]! > Number.MAX_SAFE_INTEGER && placeArguments(ctx, at, place)) {
      ctx.effectInteger(exactScoreOf(place.longitude, place.latitude));
    } else {
      ctx.effectInteger(scores[i]!);
    }
    ctx.effectArgument(at + 2);
  }
}

/** The score of the member named by argument `i`; NaN when there is none. */
function scoreArgument(ctx: CommandContext, h: number, i: number): number {
  return ctx.keyspace.sortedSets.score(h, ctx.bytes, ctx.offset(i), ctx.length(i));
}

function geopos(ctx: CommandContext): void {
  const h = lookupTyped(ctx, 1, ValueType.zset, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) {
    const score = h === 0 ? NaN : scoreArgument(ctx, h, i);
    if (Number.isNaN(score)) {
      ctx.reply.nullArray();
    } else {
      placeOf(score, place);
      replyPlace(ctx.reply, place);
    }
  }
}

function geohash(ctx: CommandContext): void {
  const h = lookupTyped(ctx, 1, ValueType.zset, false);
  if (h === WRONG_TYPE) return;
  ctx.reply.array(ctx.argc - 2);
  for (let i = 2; i < ctx.argc; i++) {
    const score = h === 0 ? NaN : scoreArgument(ctx, h, i);
    if (Number.isNaN(score)) {
      ctx.reply.null();
    } else {
      placeOf(score, place);
      ctx.reply.bulkLatin1(geohashText(place));
    }
  }
}

function geodist(ctx: CommandContext): void {
  if (ctx.argc > 5) {
    ctx.reply.error(errors.syntax);
    return;
  }
  const meters = ctx.argc === 5 ? unitArgument(ctx, 4) : 1;
  if (Number.isNaN(meters)) return;
  const h = lookupTyped(ctx, 1, ValueType.zset, false);
  if (h === WRONG_TYPE) return;
  const from = h === 0 ? NaN : scoreArgument(ctx, h, 2);
  const to = h === 0 ? NaN : scoreArgument(ctx, h, 3);
  if (Number.isNaN(from) || Number.isNaN(to)) {
    ctx.reply.null();
    return;
  }
  placeOf(from, place);
  placeOf(to, other);
  replyDistance(ctx.reply, distance(place.longitude, place.latitude, other.longitude, other.latitude) / meters);
}

export function registerGeo(registry: Registry): void {
  registry.register('geoadd', geoadd);
  registry.register('geopos', geopos);
  registry.register('geohash', geohash);
  registry.register('geodist', geodist);
  registerGeoSearch(registry);
}
