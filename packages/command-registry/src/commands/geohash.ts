/**
 * Geohashes: a place as one number, and an area as ranges of such numbers. Pure arithmetic, no data.
 *
 * A cell of step s halves the range of longitudes s times and that of latitudes s times; its number interleaves the s
 * bits of both, latitude at the even places. Places are kept at step 26, whose 52 bits a double holds exactly: they are
 * the scores of a sorted set, and a cell of any step is a range of scores.
 *
 * Latitudes end at those of the Mercator projection. Like Redis's the ranges include both ends: a place exactly at the
 * upper one gets an index one beyond the last (2^s), and thereby a number of up to 54 bits.
 */
import { degreesOfMeters, radians } from './great-circle.js';

export const LONGITUDE_LIMIT = 180;
export const LATITUDE_LIMIT = 85.05112878;
const LONGITUDE_SPAN = 360;
const LATITUDE_SPAN = LATITUDE_LIMIT + LATITUDE_LIMIT;

const MAX_STEP = 26;
const CELLS = 67108864;
const TWO_32 = 4294967296;
/** Half the circumference of the earth in the Mercator projection, meters. */
const MERCATOR_HALF = 20037726.37;

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';

/** A place in degrees. */
export class Place {
  longitude = 0;
  latitude = 0;
}

/** Moves bit i of 16 to place 2i. */
function spread(value: number): number {
  let v = value;
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

/** Collects the even bits of 32: the inverse of `spread`. */
function collect(value: number): number {
  let v = value & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> 8)) & 0xffff;
}

/** The number of a cell, plus `more`; rounded once where it has more than 53 bits. */
function interleave(x: number, y: number, more: number): number {
  return highBits(x, y) * CELLS + (lowBits(x, y) + more);
}

function highBits(x: number, y: number): number {
  return spread(y >>> 13) | (spread(x >>> 13) << 1);
}

/** The last 26 bits of a cell's number. */
function lowBits(x: number, y: number): number {
  return spread(y & 0x1fff) | (spread(x & 0x1fff) << 1);
}

function columnOf(longitude: number, columns: number): number {
  return Math.floor(((longitude + LONGITUDE_LIMIT) / LONGITUDE_SPAN) * columns);
}

function rowOf(latitude: number, rows: number): number {
  return Math.floor(((latitude + LATITUDE_LIMIT) / LATITUDE_SPAN) * rows);
}

/** The score of a place that is within the limits. */
export function scoreOf(longitude: number, latitude: number): number {
  return interleave(columnOf(longitude, CELLS), rowOf(latitude, CELLS), 0);
}

/** The number behind the score: a double cannot hold that of a place on the 180th meridian. */
export function exactScoreOf(longitude: number, latitude: number): bigint {
  const x = columnOf(longitude, CELLS);
  const y = rowOf(latitude, CELLS);
  return BigInt(highBits(x, y)) * BigInt(CELLS) + BigInt(lowBits(x, y));
}

/** The middle of the cell that a score names. A sorted set may have any scores: they are taken as an uint64, as C does on x86-64. */
export function placeOf(score: number, place: Place): void {
  const whole = Math.trunc(score);
  let high = Math.floor(whole / TWO_32);
  let low = whole - high * TWO_32;
  if (whole >= 18446744073709551616 || whole < -9223372036854775808) {
    high = whole > 0 ? 0 : 0x80000000;
    low = 0;
  }
  const y = (collect(low) | (collect(high) << 16)) >>> 0;
  const x = (collect(low >>> 1) | (collect(high >>> 1) << 16)) >>> 0;
  const west = longitudeAt(x, CELLS);
  const east = longitudeAt((x + 1) >>> 0, CELLS);
  const south = latitudeAt(y, CELLS);
  const north = latitudeAt((y + 1) >>> 0, CELLS);
  place.longitude = clamp((west + east) / 2, LONGITUDE_LIMIT);
  place.latitude = clamp((south + north) / 2, LATITUDE_LIMIT);
}

function clamp(value: number, limit: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}

/** Where the column x of so many begins. */
function longitudeAt(x: number, columns: number): number {
  return -LONGITUDE_LIMIT + (x / columns) * LONGITUDE_SPAN;
}

function latitudeAt(y: number, rows: number): number {
  return -LATITUDE_LIMIT + (y / rows) * LATITUDE_SPAN;
}

/**
 * The geohash of a place as elsewhere in the world: 11 characters, of latitudes from -90 to 90. As 52 bits make 10
 * characters and a bit, the last one is always 0.
 */
export function geohashText({ longitude, latitude }: Place): string {
  const x = Math.floor(((longitude + 180) / 360) * CELLS);
  const y = Math.floor(((latitude + 90) / 180) * CELLS);
  const bits = interleave(x, y, 0);
  let text = '';
  for (let shift = 47; shift > 0; shift -= 5) text += ALPHABET[Math.floor(bits / 2 ** shift) % 32]!;
  return `${text}0`;
}

/** What is searched: a circle, or a box whose sides are meridians and parallels, around a place. Lengths in meters. */
export class Shape {
  readonly center: Place = new Place();
  isBox = false;
  radius = 0;
  width = 0;
  height = 0;
}

const NEIGHBORS = 9;
/** The cell itself, north, south, east, west, north-east, north-west, south-east, south-west: also the order of replies. */
const STEPS_X = [0, 0, 0, 1, -1, 1, -1, 1, -1];
const STEPS_Y = [0, 1, -1, 0, 0, 1, 1, -1, -1];

/** Ranges of scores, `[min[i], max[i])` for i < count, that hold every place in a shape (and others). */
export class Cover {
  count = 0;
  readonly min: Float64Array = new Float64Array(NEIGHBORS);
  readonly max: Float64Array = new Float64Array(NEIGHBORS);

  // The box around the shape, in degrees.
  #west = 0;
  #east = 0;
  #south = 0;
  #north = 0;

  // The cell of the center.
  #step = 0;
  #x = 0;
  #y = 0;

  /**
   * Finds cells as small as possible of which one and its neighbors cover the shape, and leaves out the neighbors that
   * the shape does not reach.
   */
  of(shape: Shape): void {
    this.#bound(shape);
    const reach = shape.isBox
      ? Math.sqrt((shape.width / 2) * (shape.width / 2) + (shape.height / 2) * (shape.height / 2))
      : shape.radius;
    this.#locate(shape.center, stepFor(reach, shape.center.latitude));
    if (this.#step > 1 && !this.#suffices()) this.#locate(shape.center, this.#step - 1);
    this.#fill();
  }

  /** The box around the shape. Toward a pole a degree of longitude is shorter: the side nearer to it counts. */
  #bound(shape: Shape): void {
    const { longitude, latitude } = shape.center;
    const up = degreesOfMeters(shape.isBox ? shape.height / 2 : shape.radius);
    const equatorial = shape.isBox ? shape.width / 2 : shape.radius;
    const across = degreesOfMeters(equatorial) / Math.cos(radians(latitude < 0 ? latitude - up : latitude + up));
    this.#west = longitude - across;
    this.#east = longitude + across;
    this.#south = latitude - up;
    this.#north = latitude + up;
  }

  #locate(center: Place, step: number): void {
    const cells = 2 ** step;
    this.#step = step;
    this.#x = columnOf(center.longitude, cells);
    this.#y = rowOf(center.latitude, cells);
  }

  /** Whether the neighbors to the four sides reach as far as the box: near the edge of the map they are elsewhere. */
  #suffices(): boolean {
    const cells = 2 ** this.#step;
    return (
      latitudeAt(this.#neighborY(1) + 1, cells) >= this.#north &&
      latitudeAt(this.#neighborY(-1), cells) <= this.#south &&
      longitudeAt(this.#neighborX(1) + 1, cells) >= this.#east &&
      longitudeAt(this.#neighborX(-1), cells) <= this.#west
    );
  }

  /** The map is a torus here: beyond the last column comes the first. */
  #neighborX(by: number): number {
    return by === 0 ? this.#x : (this.#x + by) & (2 ** this.#step - 1);
  }

  #neighborY(by: number): number {
    return by === 0 ? this.#y : (this.#y + by) & (2 ** this.#step - 1);
  }

  #fill(): void {
    const cells = 2 ** this.#step;
    const narrow = this.#step >= 2;
    const noSouth = narrow && latitudeAt(this.#y, cells) < this.#south;
    const noNorth = narrow && latitudeAt(this.#y + 1, cells) > this.#north;
    const noWest = narrow && longitudeAt(this.#x, cells) < this.#west;
    const noEast = narrow && longitudeAt(this.#x + 1, cells) > this.#east;
    const unit = 4 ** (MAX_STEP - this.#step);
    this.count = 0;
    let lastX = -1;
    let lastY = -1;
    for (let i = 0; i < NEIGHBORS; i++) {
      const dx = STEPS_X[i]!;
      const dy = STEPS_Y[i]!;
      if ((dy < 0 && noSouth) || (dy > 0 && noNorth) || (dx < 0 && noWest) || (dx > 0 && noEast)) continue;
      const x = this.#neighborX(dx);
      const y = this.#neighborY(dy);
      // Of few columns, the east is also the west. As in Redis, only a repetition that follows directly is seen.
      if (x === lastX && y === lastY) continue;
      if (i > 0) {
        lastX = x;
        lastY = y;
      }
      this.min[this.count] = interleave(x, y, 0) * unit;
      this.max[this.count] = interleave(x, y, 1) * unit;
      this.count++;
    }
  }
}

/** The step whose cells are about as wide as the reach, meters. */
function stepFor(reach: number, latitude: number): number {
  if (reach === 0) return MAX_STEP;
  let step = -1;
  for (let range = reach; range < MERCATOR_HALF; range *= 2) step++;
  // Toward the poles, cells are narrower than they look.
  if (Math.abs(latitude) > 66) step--;
  if (Math.abs(latitude) > 80) step--;
  return Math.min(Math.max(step, 1), MAX_STEP);
}
