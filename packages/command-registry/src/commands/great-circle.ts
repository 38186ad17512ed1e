/**
 * Distances on a sphere, equal to the last digit to those of a C library.
 *
 * A stored distance (STOREDIST) shows all 17 digits, so an error in the last bit is seen. V8's sine and arc sine round
 * wrongly in 2 and 5 of 100 cases, glibc's in 1 of 1000 (each compared with 150 bits). So they are computed here in two
 * doubles, about 2^-69 exact, and rounded once: the sine of k/128 from a table plus a short series for the rest.
 */

/** Radius of the earth in meters, as Redis takes it. */
const EARTH_RADIUS = 6372797.560856;
const RADIANS_PER_DEGREE = Math.PI / 180;
/** What `Math.PI` lacks to π. */
const PI_LOW = 1.2246467991473532e-16;
/** Sines are asked for up to π/2 (beyond it is mirrored), cosines up to the latitude 85.05°. */
const ENTRIES = 206;
/** 2^27 + 1: cuts a double in two halves whose products are exact (Dekker). */
const SPLITTER = 134217729;

const UNIT = 1n << 160n;

const SIN_HIGH = new Float64Array(ENTRIES);
const SIN_LOW = new Float64Array(ENTRIES);
const COS_HIGH = new Float64Array(ENTRIES);
const COS_LOW = new Float64Array(ENTRIES);
fillTables();

export function radians(degrees: number): number {
  return degrees * RADIANS_PER_DEGREE;
}

/** The angle in degrees that a length in meters has on a great circle. */
export function degreesOfMeters(meters: number): number {
  return meters / EARTH_RADIUS / RADIANS_PER_DEGREE;
}

/** Meters between two parallels. @param lat1 degrees @param lat2 degrees */
export function latitudeDistance(lat1: number, lat2: number): number {
  return EARTH_RADIUS * Math.abs(radians(lat2) - radians(lat1));
}

/** Meters between two places, all four in degrees, latitudes within ±85.06: the haversine formula as Redis 7.2 computes it. */
export function distance(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const v = sine((radians(lon2) - radians(lon1)) / 2);
  if (v === 0) return latitudeDistance(lat1, lat2);
  const lat1r = radians(lat1);
  const lat2r = radians(lat2);
  const u = sine((lat2r - lat1r) / 2);
  const a = u * u + cosine(lat1r) * cosine(lat2r) * v * v;
  // Of antipodes, rounding may make it more than 1.
  return 2 * EARTH_RADIUS * arcSine(Math.sqrt(Math.min(a, 1)));
}

/** About sin²(d / 2R) of the distance d between two places, R being the radius: cheap, to tell far from near. */
export function haversine(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const lat1r = radians(lat1);
  const lat2r = radians(lat2);
  const u = Math.sin((lat2r - lat1r) / 2);
  const v = Math.sin(radians(lon2 - lon1) / 2);
  return u * u + Math.cos(lat1r) * Math.cos(lat2r) * v * v;
}

/** What `haversine` answers at most for places within so many meters. */
export function greatestHaversine(meters: number): number {
  const half = meters / (2 * EARTH_RADIUS);
  return half < 1.5 ? Math.sin(half) ** 2 * (1 + 1e-9) + 1e-18 : Infinity;
}

/** What `sineTo`, `turned` and `twoSum` answer beside the rounded result: what is missing to it. A variable would be a heap object for each number. */
const REST = new Float64Array(1);

/** @param x radians, within ±π */
export function sine(x: number): number {
  const magnitude = sineTo(Math.abs(x)) + REST[0]!;
  return x < 0 ? -magnitude : magnitude;
}

/** The sine of x in two doubles, the second of which is in `REST`. @param x from 0 to π */
function sineTo(x: number): number {
  let angle = x;
  let angleLow = 0;
  if (x > 1.6) {
    // Exact, as both are within a factor of two.
    angle = Math.PI - x;
    angleLow = PI_LOW;
  }
  const k = Math.round(angle * 128);
  const r = angle - k / 128;
  return turned(SIN_HIGH[k]!, SIN_LOW[k]!, COS_HIGH[k]!, COS_LOW[k]!, r, angleLow);
}

/** @param x radians, within ±1.6 */
export function cosine(x: number): number {
  const angle = Math.abs(x);
  const k = Math.round(angle * 128);
  // cos(k/128 + r) = cos(k/128) cos r - sin(k/128) sin r
  return turned(COS_HIGH[k]!, COS_LOW[k]!, -SIN_HIGH[k]!, -SIN_LOW[k]!, angle - k / 128, 0) + REST[0]!;
}

/** p cos r + q sin r, each of p, q and r in two doubles; |r| <= 1/256. The second double of the result is in `REST`. */
function turned(p: number, pLow: number, q: number, qLow: number, r: number, rLow: number): number {
  const r2 = r * r;
  const sineRest = r * r2 * (-1 / 6 + r2 * (1 / 120 - r2 / 5040));
  const cosineRest = r2 * (-1 / 2 + r2 * (1 / 24 - r2 / 720));
  const product = q * r;
  const error = productError(q, r, product);
  const sum = twoSum(p, product);
  const low = REST[0]! + (error + pLow + p * (cosineRest - r * rLow) + qLow * r + q * (sineRest + rLow));
  return twoSum(sum, low);
}

/** @param x from 0 to 1 */
export function arcSine(x: number): number {
  const y = Math.asin(x);
  // Toward 1 the slope is infinite: no correction is better than a wrong one.
  if (x > 0.9999) return y;
  const s = sineTo(y);
  // One step of Newton's method.
  return y + (x - s - REST[0]!) / Math.sqrt(1 - x * x);
}

/** a + b rounded, the error in `REST` (Knuth). */
function twoSum(a: number, b: number): number {
  const sum = a + b;
  const bPart = sum - a;
  REST[0] = a - (sum - bPart) + (b - bPart);
  return sum;
}

/** The error of the rounded product of a and b (Dekker). */
function productError(a: number, b: number, product: number): number {
  const aBig = a * SPLITTER;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = b * SPLITTER;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** sin and cos of k/128 in integers of unit 2^-160: those of 1/128 by their Taylor series, then turn by turn. */
function fillTables(): void {
  let sine = 0n;
  let cosine = 0n;
  let term = UNIT;
  for (let n = 1n; term !== 0n; n += 2n) {
    cosine += term;
    term /= 128n * n;
    sine += term;
    term /= -128n * (n + 1n);
  }
  let s = 0n;
  let c = UNIT;
  for (let k = 0; k < ENTRIES; k++) {
    store(s, SIN_HIGH, SIN_LOW, k);
    store(c, COS_HIGH, COS_LOW, k);
    [s, c] = [(s * cosine + c * sine) / UNIT, (c * cosine - s * sine) / UNIT];
  }
}

function store(fixed: bigint, high: Float64Array, low: Float64Array, k: number): void {
  const rounded = Number(fixed);
  high[k] = rounded / Number(UNIT);
  low[k] = Number(fixed - BigInt(rounded)) / Number(UNIT);
}
