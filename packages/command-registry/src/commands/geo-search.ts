/**
 * Searches around a place: GEOSEARCH and GEORADIUS with their variants, which differ in how they say what to search.
 *
 * The area is covered by a few ranges of scores (`Cover`), whose members are looked at one by one. Without an order the
 * reply is in the order of ranges and scores, which is Redis's too.
 */
import { Combine, type Handle, ValueType } from '@clone/core-store';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import type { Registry } from '../registry.js';
import { lengthArgument, placeArguments, replyDistance, replyPlace, unitArgument } from './geo-arguments.js';
import { GeoPoints } from './geo-points.js';
import { Cover, Place, placeOf, Shape } from './geohash.js';
import { distance, greatestHaversine, haversine, latitudeDistance } from './great-circle.js';
import { beginResult, storeNothing, storeResult } from './sorted-set-store.js';
import { lookupTyped, WRONG_TYPE } from './typed-lookup.js';

const NO_SUCH_MEMBER = 'ERR could not decode requested zset member';

/** How a command of the family takes its arguments. */
interface Form {
  /** Argument with the sorted set. */
  readonly source: number;
  /** Argument with the first option; what stands between is the area of a GEORADIUS command. */
  readonly options: number;
  /** The options say what to search (GEOSEARCH); otherwise it stands at fixed places, from a member or from coordinates. */
  readonly center: 'options' | 'member' | 'coordinates';
  /** STORE and STOREDIST take a key (GEORADIUS); STOREDIST is a flag, the key stands first (GEOSEARCHSTORE). */
  readonly store: 'none' | 'option' | 'first';
}

const shape = new Shape();
const cover = new Cover();
const points = new GeoPoints();
const place = new Place();

// Options of the running command.
let unit = 1;
let withDistance = false;
let withHash = false;
let withPlace = false;
let any = false;
let order = 0;
let count = 0;
let storeKey = 0;
let storeDistances = false;
let hasCenter = false;
let hasArea = false;

function search(ctx: CommandContext, form: Form): void {
  const h = lookupTyped(ctx, form.source, ValueType.zset, false);
  if (h === WRONG_TYPE) return;
  resetOptions(form);
  if (!fixedArguments(ctx, form, h) || !optionArguments(ctx, form, h) || !fitTogether(ctx, form)) return;
  if (h === 0) {
    if (storeKey > 0) storeNothing(ctx, storeKey);
    else ctx.reply.array(0);
    return;
  }
  // The nearest are meant, when only some are asked for.
  if (count > 0 && order === 0 && !any) order = 1;
  cover.of(shape);
  collect(ctx, h, any ? count : Infinity);
  const wanted = count === 0 ? points.count : Math.min(count, points.count);
  if (order !== 0) points.sort(order > 0, wanted);
  if (storeKey > 0) store(ctx, wanted, form.store === 'first' ? 'geosearchstore' : 'georadiusstore');
  else reply(ctx, wanted);
  points.clear();
}

// ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────────

function resetOptions(form: Form): void {
  unit = 1;
  withDistance = withHash = withPlace = any = storeDistances = false;
  order = count = 0;
  storeKey = form.store === 'first' ? 1 : 0;
  hasCenter = hasArea = form.center !== 'options';
}

/** The area of a GEORADIUS command. Of a missing sorted set nobody asks for a member, nor for the distance from it. */
function fixedArguments(ctx: CommandContext, form: Form, h: Handle): boolean {
  if (form.center === 'coordinates') return placeArguments(ctx, 2, shape.center) && circleArguments(ctx, 4);
  if (form.center === 'member' && h !== 0) return memberArgument(ctx, h, 2) && circleArguments(ctx, 3);
  return true;
}

function memberArgument(ctx: CommandContext, h: Handle, i: number): boolean {
  const score = ctx.keyspace.sortedSets.score(h, ctx.bytes, ctx.offset(i), ctx.length(i));
  if (Number.isNaN(score)) {
    ctx.reply.error(NO_SUCH_MEMBER);
    return false;
  }
  placeOf(score, shape.center);
  return true;
}

function circleArguments(ctx: CommandContext, i: number): boolean {
  const radius = lengthArgument(ctx, i, 'radius');
  if (Number.isNaN(radius)) return false;
  if (radius < 0) {
    ctx.reply.error('ERR radius cannot be negative');
    return false;
  }
  unit = unitArgument(ctx, i + 1);
  shape.isBox = false;
  shape.radius = radius * unit;
  return !Number.isNaN(unit);
}

function boxArguments(ctx: CommandContext, i: number): boolean {
  const width = lengthArgument(ctx, i, 'width');
  if (Number.isNaN(width)) return false;
  const height = lengthArgument(ctx, i + 1, 'height');
  if (Number.isNaN(height)) return false;
  if (height < 0 || width < 0) {
    ctx.reply.error('ERR height or width cannot be negative');
    return false;
  }
  unit = unitArgument(ctx, i + 2);
  shape.isBox = true;
  shape.width = width * unit;
  shape.height = height * unit;
  return !Number.isNaN(unit);
}

function optionArguments(ctx: CommandContext, form: Form, h: Handle): boolean {
  let hasMember = false;
  let hasPlace = false;
  let hasCircle = false;
  let hasBox = false;
  const searching = form.center === 'options';
  const last = ctx.argc - 1;
  for (let i = form.options; i < ctx.argc; i++) {
    if (ctx.is(i, 'WITHDIST')) {
      withDistance = true;
    } else if (ctx.is(i, 'WITHHASH')) {
      withHash = true;
    } else if (ctx.is(i, 'WITHCOORD')) {
      withPlace = true;
    } else if (ctx.is(i, 'ANY')) {
      any = true;
    } else if (ctx.is(i, 'ASC')) {
      order = 1;
    } else if (ctx.is(i, 'DESC')) {
      order = -1;
    } else if (ctx.is(i, 'COUNT') && i < last) {
      if (!countArgument(ctx, ++i)) return false;
    } else if (form.store === 'option' && i < last && (ctx.is(i, 'STORE') || ctx.is(i, 'STOREDIST'))) {
      storeDistances = ctx.is(i, 'STOREDIST');
      storeKey = ++i;
    } else if (searching && !hasPlace && i < last && ctx.is(i, 'FROMMEMBER')) {
      if (h !== 0 && !memberArgument(ctx, h, i + 1)) return false;
      hasMember = true;
      i++;
    } else if (searching && !hasMember && i + 1 < last && ctx.is(i, 'FROMLONLAT')) {
      if (!placeArguments(ctx, i + 1, shape.center)) return false;
      hasPlace = true;
      i += 2;
    } else if (searching && !hasBox && i + 1 < last && ctx.is(i, 'BYRADIUS')) {
      if (!circleArguments(ctx, i + 1)) return false;
      hasCircle = true;
      i += 2;
    } else if (searching && !hasCircle && i + 2 < last && ctx.is(i, 'BYBOX')) {
      if (!boxArguments(ctx, i + 1)) return false;
      hasBox = true;
      i += 3;
    } else if (form.store === 'first' && ctx.is(i, 'STOREDIST')) {
      storeDistances = true;
    } else {
      ctx.reply.error(errors.syntax);
      return false;
    }
  }
  hasCenter ||= hasMember || hasPlace;
  hasArea ||= hasCircle || hasBox;
  return true;
}

function countArgument(ctx: CommandContext, i: number): boolean {
  count = ctx.integer(i);
  if (count > 0) return true;
  ctx.reply.error(Number.isNaN(count) ? errors.notInteger : 'ERR COUNT must be > 0');
  return false;
}

/** Refuses what is missing, and options that exclude each other. */
function fitTogether(ctx: CommandContext, form: Form): boolean {
  let refusal = '';
  if (storeKey > 0 && (withDistance || withHash || withPlace)) {
    const what = form.store === 'first' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS';
    refusal = `ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`;
  } else if (!hasCenter) {
    refusal = `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${ctx.latin1(0)}`;
  } else if (!hasArea) {
    refusal = `ERR exactly one of BYRADIUS and BYBOX can be specified for ${ctx.latin1(0)}`;
  } else if (any && count === 0) {
    refusal = 'ERR the ANY argument requires COUNT argument';
  }
  if (refusal !== '') ctx.reply.error(refusal);
  return refusal === '';
}

// ── the search ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Gathers the members within the shape, up to `limit`. */
function collect(ctx: CommandContext, h: Handle, limit: number): void {
  const { sortedSets } = ctx.keyspace;
  const cursor = sortedSets.walker(h);
  const { member } = cursor;
  const reach = shape.isBox ? Infinity : greatestHaversine(shape.radius);
  for (let i = 0; i < cover.count; i++) {
    const max = cover.max[i]!;
    let found = cursor.seek(sortedSets.countBelow(h, cover.min[i]!, false));
    for (; found && cursor.score < max; found = cursor.next()) {
      placeOf(cursor.score, place);
      const meters = distanceWithin(reach);
      if (meters < 0) continue;
      points.add(member, cursor.score, place, meters);
      if (points.count >= limit) return;
    }
  }
}

/**
 * How far `place` is from the center, in meters; -1 when it is not within the shape.
 * @param reach `haversine` of the radius, beyond which the exact distance is not asked for
 */
function distanceWithin(reach: number): number {
  const { longitude, latitude } = shape.center;
  if (!shape.isBox) {
    if (haversine(longitude, latitude, place.longitude, place.latitude) > reach) return -1;
  } else {
    if (latitudeDistance(place.latitude, latitude) > shape.height / 2) return -1;
    if (distance(place.longitude, place.latitude, longitude, place.latitude) > shape.width / 2) return -1;
  }
  const meters = distance(longitude, latitude, place.longitude, place.latitude);
  return shape.isBox || meters <= shape.radius ? meters : -1;
}

// ── the result ──────────────────────────────────────────────────────────────────────────────────────────────────────

function reply(ctx: CommandContext, wanted: number): void {
  const writer = ctx.reply;
  const parts = 1 + Number(withDistance) + Number(withHash) + Number(withPlace);
  writer.array(wanted);
  for (let i = 0; i < wanted; i++) {
    const point = points.order[i]!;
    const start = points.starts[point]!;
    if (parts > 1) writer.array(parts);
    writer.bulk(points.bytes, start, points.starts[point + 1]! - start);
    if (withDistance) replyDistance(writer, points.distances[point]! / unit);
    if (withHash) replyHash(ctx, points.scores[point]!);
    if (!withPlace) continue;
    place.longitude = points.longitudes[point]!;
    place.latitude = points.latitudes[point]!;
    replyPlace(writer, place);
  }
}

function replyHash(ctx: CommandContext, score: number): void {
  if (score <= Number.MAX_SAFE_INTEGER) ctx.reply.integer(Math.trunc(score));
  else ctx.reply.bigInteger(BigInt(score));
}

function store(ctx: CommandContext, wanted: number, event: string): void {
  const result = beginResult(ctx);
  for (let i = 0; i < wanted; i++) {
    const point = points.order[i]!;
    const start = points.starts[point]!;
    const score = storeDistances ? points.distances[point]! / unit : points.scores[point]!;
    result.add(points.bytes, start, points.starts[point + 1]! - start, score, Combine.max);
  }
  storeResult(ctx, storeKey, result, event);
}

export function registerGeoSearch(registry: Registry): void {
  const forms: Record<string, Form> = {
    geosearch: { source: 1, options: 2, center: 'options', store: 'none' },
    geosearchstore: { source: 2, options: 3, center: 'options', store: 'first' },
    georadius: { source: 1, options: 6, center: 'coordinates', store: 'option' },
    georadius_ro: { source: 1, options: 6, center: 'coordinates', store: 'none' },
    georadiusbymember: { source: 1, options: 5, center: 'member', store: 'option' },
    georadiusbymember_ro: { source: 1, options: 5, center: 'member', store: 'none' },
  };
  for (const [name, form] of Object.entries(forms)) {
    registry.register(name, (ctx) => search(ctx, form));
  }
}
