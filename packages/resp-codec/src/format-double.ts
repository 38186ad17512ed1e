/**
 * Doubles as Redis 7.2 prints them, byte for byte: the digits are those of Grisu2 (Loitsch 2010) with cached powers of ten
 * at every eighth exponent. It always reads back, but in one of some hundred numbers it is not the shortest text, nor the
 * nearest: `String(x)` would differ there.
 *
 * Numbers of 64 bits are held as two halves. What is compared in the loop is exact in a double: the width of the interval
 * begins below 2^13, and after k digits everything is a multiple of 2^k. (It is wider for subnormal numbers, which have so few
 * digits that nothing hangs on the last bits.)
 */

const TWO_32 = 4294967296;
const HALF_LIMB = 32768;
/** Up to here integers are printed as such. */
const INTEGER_LIMIT = 2 ** 62;

const LEAST_POWER = -348;
const STEP = 8;
const COUNT = 87;
/** The scaled number has an exponent from -60 to -32, so its integer part fits into 32 bits. */
const LEAST_EXPONENT = -60;
const GREATEST_EXPONENT = -32;

/** 10^(-348 + 8i) as 64 bits, in limbs of 16, the lowest first; and their binary exponents. */
const limbs = new Uint16Array(COUNT * 4);
const exponents = new Int16Array(COUNT);
for (let i = 0; i < COUNT; i++) cachePower(i);

function cachePower(index: number): void {
  const power = LEAST_POWER + STEP * index;
  const ten = 10n ** BigInt(Math.abs(power));
  // Two bits more than are kept, at least: enough to round to nearest.
  const bits = ten.toString(2).length;
  const shift = power < 0 ? bits + 66 : Math.max(0, 66 - bits);
  const wide = power < 0 ? (1n << BigInt(shift)) / ten : ten << BigInt(shift);
  const extra = wide.toString(2).length - 64;
  const kept = (wide + (1n << BigInt(extra - 1))) >> BigInt(extra);
  for (let limb = 0; limb < 4; limb++) limbs[index * 4 + limb] = Number((kept >> BigInt(16 * limb)) & 0xffffn);
  exponents[index] = extra - shift;
}

const bitsOf = new Float64Array(1);
const halves = new Uint32Array(bitsOf.buffer);

/** The last product of `scale`. */
let high = 0;
let low = 0;

/** A number of 64 bits times a cached power: the upper 64 bits, rounded. */
function scale(h: number, l: number, index: number): void {
  const at = index * 4;
  const b0 = limbs[at]!;
  const b1 = limbs[at + 1]!;
  const b2 = limbs[at + 2]!;
  const b3 = limbs[at + 3]!;
  const a0 = l & 0xffff;
  const a1 = l >>> 16;
  const a2 = h & 0xffff;
  const a3 = h >>> 16;
  let sum = Math.floor((a0 * b0) / 65536) + a0 * b1 + a1 * b0;
  sum = Math.floor(sum / 65536) + a0 * b2 + a1 * b1 + a2 * b0;
  sum = Math.floor(sum / 65536) + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + HALF_LIMB;
  sum = Math.floor(sum / 65536) + a1 * b3 + a2 * b2 + a3 * b1;
  const r0 = sum % 65536;
  sum = Math.floor(sum / 65536) + a2 * b3 + a3 * b2;
  const r1 = sum % 65536;
  sum = Math.floor(sum / 65536) + a3 * b3;
  low = r1 * 65536 + r0;
  high = sum;
}

const digits = new Uint8Array(24);
/** The value is the digits times ten to this power. */
let power = 0;

/** Finds the digits of a positive number; answers how many they are. */
function generate(x: number): number {
  bitsOf[0] = x;
  let h = halves[1]! & 0xfffff;
  let l = halves[0]!;
  let exponent = (halves[1]! >>> 20) & 0x7ff;
  const isPowerOfTwo = h === 0 && l === 0;
  if (exponent === 0) exponent = 1;
  else h |= 0x100000;
  // The highest bit goes to the top. The neighbors are half a unit of the last place away.
  const shift = h === 0 ? 32 + Math.clz32(l) : Math.clz32(h);
  exponent -= 1075 + shift;
  if (shift >= 32) {
    h = (l << (shift - 32)) >>> 0;
    l = 0;
  } else {
    h = ((h << shift) | (l >>> (32 - shift))) >>> 0;
    l = (l << shift) >>> 0;
  }
  const half = 2 ** (shift - 1);
  const below = isPowerOfTwo ? half / 2 : half;

  let index = Math.trunc((Math.trunc(-(exponent + COUNT) * 0.30102999566398114) - LEAST_POWER) / STEP);
  for (;;) {
    const scaled = exponent + exponents[index]! + 64;
    if (scaled < LEAST_EXPONENT) index++;
    else if (scaled > GREATEST_EXPONENT) index--;
    else break;
  }
  power = -(LEAST_POWER + STEP * index);
  const point = -(exponent + exponents[index]! + 64);

  scale(h, l, index);
  const valueHigh = high;
  const valueLow = low;
  scaleSum(h, l, -below, index);
  const lowerHigh = high;
  const lowerLow = low;
  scaleSum(h, l, half, index);
  // Each end is one unit within the interval, since the product may be wrong by less than that.
  let upperLow = low - 1;
  let upperHigh = high;
  if (upperLow < 0) {
    upperLow += TWO_32;
    upperHigh--;
  }
  const width = (upperHigh - lowerHigh) * TWO_32 + (upperLow - lowerLow) - 1;
  const distance = (upperHigh - valueHigh) * TWO_32 + (upperLow - valueLow);

  const mask = 2 ** (point - 32) - 1;
  return cut(upperHigh >>> (point - 32), (upperHigh & mask) >>> 0, upperLow, point, width, distance);
}

function scaleSum(h: number, l: number, addend: number, index: number): void {
  const whole = addend / TWO_32;
  const upper = Math.trunc(whole);
  let sumLow = l + (addend - upper * TWO_32);
  let sumHigh = h + upper;
  if (sumLow < 0) {
    sumLow += TWO_32;
    sumHigh--;
  } else if (sumLow >= TWO_32) {
    sumLow -= TWO_32;
    sumHigh++;
  }
  scale(sumHigh, sumLow, index);
}

/** Cuts the upper end off behind the first digit where the rest lies within the interval. */
function cut(whole: number, h: number, l: number, point: number, width: number, distance: number): number {
  let count = 0;
  let integer = whole;
  let left = 10;
  const one = 2 ** point;
  const fraction = h * TWO_32 + l;
  for (let divisor = 1e9; left > 0; divisor /= 10) {
    const digit = Math.floor(integer / divisor);
    if (digit > 0 || count > 0) digits[count++] = digit;
    integer -= digit * divisor;
    left--;
    const rest = integer * one + fraction;
    if (rest > width) continue;
    power += left;
    round(count, rest, width, divisor * one, distance);
    return count;
  }
  const topOne = 2 ** (point - 32);
  let fractionHigh = h;
  let fractionLow = l;
  let delta = width;
  let wanted = distance;
  for (;;) {
    fractionLow *= 10;
    const carry = Math.floor(fractionLow / TWO_32);
    fractionLow -= carry * TWO_32;
    fractionHigh = fractionHigh * 10 + carry;
    const digit = Math.floor(fractionHigh / topOne);
    fractionHigh -= digit * topOne;
    if (digit > 0 || count > 0) digits[count++] = digit;
    delta *= 10;
    wanted *= 10;
    left--;
    const rest = fractionHigh * TWO_32 + fractionLow;
    if (rest >= delta) continue;
    power += left;
    round(count, rest, delta, one, wanted);
    return count;
  }
}

/** Lets the last digit go down from the upper end, as long as that comes nearer to the number. */
function round(count: number, cutOff: number, width: number, unit: number, distance: number): void {
  let rest = cutOff;
  while (
    rest < distance &&
    width - rest >= unit &&
    (rest + unit < distance || distance - rest > rest + unit - distance)
  ) {
    digits[count - 1]!--;
    rest += unit;
  }
}

function textOfDigits(from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(0x30 + digits[i]!);
  return text;
}

/**
 * A double as Redis 7.2 prints it: 3 → `3`, 0.1 → `0.1`, 12345.678901234567 → `1.2345678901234567e+4`, 1e21 → `1e+21`,
 * `inf`, `-inf`, `nan`, `-0`.
 */
export function formatDouble(x: number): string {
  if (Math.floor(x) === x && x <= INTEGER_LIMIT && x >= -INTEGER_LIMIT) {
    if (x === 0) return Object.is(x, -0) ? '-0' : '0';
    return Number.isSafeInteger(x) ? String(x) : String(BigInt(x));
  }
  if (x !== x) return 'nan';
  if (x === Infinity) return 'inf';
  if (x === -Infinity) return '-inf';
  const sign = x < 0 ? '-' : '';
  const count = generate(x < 0 ? -x : x);
  const exponent = power + count - 1;
  const magnitude = Math.abs(exponent);
  if (power >= 0 && magnitude < count + 7) return sign + textOfDigits(0, count) + '0'.repeat(power);
  if (power < 0 && (power > -7 || magnitude < 4)) {
    const point = count + power;
    if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${textOfDigits(0, count)}`;
    return `${sign}${textOfDigits(0, point)}.${textOfDigits(point, count)}`;
  }
  const fraction = count > 1 ? `.${textOfDigits(1, count)}` : '';
  return `${sign}${textOfDigits(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}
