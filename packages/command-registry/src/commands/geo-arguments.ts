/**
 * What geo commands read from their arguments and write in their replies: places, lengths with units, distances.
 * A function that refuses an argument has written the error.
 */
import type { ReplyWriter } from '@clone/resp-codec';
import type { CommandContext } from '../context.js';
import { errors } from '../errors.js';
import { LATITUDE_LIMIT, LONGITUDE_LIMIT, type Place } from './geohash.js';

const UNSUPPORTED_UNIT = 'ERR unsupported unit provided. please use M, KM, FT, MI';

/** Meters of the unit named by argument `i`; NaN when there is no such unit. */
export function unitArgument(ctx: CommandContext, i: number): number {
  if (ctx.is(i, 'M')) return 1;
  if (ctx.is(i, 'KM')) return 1000;
  if (ctx.is(i, 'FT')) return 0.3048;
  if (ctx.is(i, 'MI')) return 1609.34;
  ctx.reply.error(UNSUPPORTED_UNIT);
  return NaN;
}

/** Argument `i` as a length; NaN when it is none. @param what what a number is needed for, `radius` */
export function lengthArgument(ctx: CommandContext, i: number, what: string): number {
  const length = ctx.float(i);
  if (Number.isNaN(length)) ctx.reply.error(`ERR need numeric ${what}`);
  return length;
}

/** Reads longitude and latitude from arguments `i` and `i + 1`. */
export function placeArguments(ctx: CommandContext, i: number, place: Place): boolean {
  const longitude = ctx.float(i);
  const latitude = Number.isNaN(longitude) ? NaN : ctx.float(i + 1);
  if (Number.isNaN(latitude)) {
    ctx.reply.error(errors.notFloat);
    return false;
  }
  if (Math.abs(longitude) > LONGITUDE_LIMIT || Math.abs(latitude) > LATITUDE_LIMIT) {
    ctx.reply.error(`ERR invalid longitude,latitude pair ${sixDecimals(longitude)},${sixDecimals(latitude)}`);
    return false;
  }
  place.longitude = longitude;
  place.latitude = latitude;
  return true;
}

/** As C's `%f` writes it. */
function sixDecimals(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  return Math.abs(x) < 1e21 ? x.toFixed(6) : `${BigInt(x)}.000000`;
}

/** A distance with four decimals, rounded as 7.2 does: the nearest even of ten-thousandths. */
export function replyDistance(reply: ReplyWriter, distance: number): void {
  const scaled = distance * 10000;
  let units = Math.round(scaled);
  if (units - scaled === 0.5 && units % 2 === 1) units--;
  const whole = Math.floor(units / 10000);
  reply.bulkLatin1(`${whole}.${String(units - whole * 10000).padStart(4, '0')}`);
}

const coordinate = new Uint8Array(64);

/**
 * Longitude and latitude with 17 decimals, without zeros at the end. Their doubles never stand in the middle between two
 * such decimals, where C and JavaScript would round differently.
 */
export function replyPlace(reply: ReplyWriter, place: Place): void {
  reply.array(2);
  replyCoordinate(reply, place.longitude);
  replyCoordinate(reply, place.latitude);
}

function replyCoordinate(reply: ReplyWriter, degrees: number): void {
  const fixed = degrees.toFixed(17);
  let end = fixed.length;
  while (fixed.charCodeAt(end - 1) === 0x30) end--;
  if (fixed.charCodeAt(end - 1) === 0x2e) end--;
  const text = fixed === '-0.00000000000000000' ? '0' : fixed.slice(0, end);
  if (reply.protocol === 2) {
    reply.bulkLatin1(text);
    return;
  }
  coordinate[0] = 0x2c;
  for (let i = 0; i < text.length; i++) coordinate[i + 1] = text.charCodeAt(i);
  coordinate[text.length + 1] = 0x0d;
  coordinate[text.length + 2] = 0x0a;
  reply.raw(coordinate, 0, text.length + 3);
}
