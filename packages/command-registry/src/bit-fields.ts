/**
 * Integers of any width at any bit of a byte array, most significant bit first: the fields of BITFIELD.
 *
 * A field up to 52 bits wide is a number, and so is a sum with an increment of that size; wider ones are BigInts.
 */

/** Widest field that is a number; sums of two such are exact. */
const NUMBER_BITS = 52;
const TWO_32 = 4294967296;
const BIG_32 = 32n;

export type FieldValue = number | bigint;

/** What happens to a value that does not fit. */
export const Overflow = { wrap: 0, saturate: 1, fail: 2 } as const;

/** Unsigned, `bits` 1 to 52, from bit `at` behind byte `offset`. */
function readBits(bytes: Uint8Array, offset: number, at: number, bits: number): number {
  let i = offset + Math.floor(at / 8);
  let have = 8 - (at & 7);
  let value = bytes[i]! & (0xff >>> (at & 7));
  if (have >= bits) return value >>> (have - bits);
  for (; bits - have >= 8; have += 8) value = value * 256 + bytes[++i]!;
  const rest = bits - have;
  return rest === 0 ? value : value * (1 << rest) + (bytes[++i]! >>> (8 - rest));
}

/** The low `bits` bits of a number that is no negative one, to where `readBits` reads them. */
function writeBits(bytes: Uint8Array, offset: number, at: number, bits: number, value: number): void {
  const last = at + bits - 1;
  let i = offset + Math.floor(last / 8);
  let left = bits;
  let rest = value;
  // The last byte's bits first, so that what is left is always the high part.
  let shift = 7 - (last & 7);
  while (left > 0) {
    const take = Math.min(8 - shift, left);
    const mask = ((1 << take) - 1) << shift;
    const digit = rest % (1 << take);
    bytes[i] = (bytes[i]! & ~mask) | (digit << shift);
    rest = (rest - digit) / (1 << take);
    left -= take;
    shift = 0;
    i--;
  }
}

/** Reads the field of `bits` bits (1 to 64) that begins `at` bits behind byte `offset`; all its bytes exist. */
export function readField(bytes: Uint8Array, offset: number, at: number, bits: number, signed: boolean): FieldValue {
  if (bits <= NUMBER_BITS) {
    const value = readBits(bytes, offset, at, bits);
    const limit = 2 ** (bits - 1);
    return signed && value >= limit ? value - limit * 2 : value;
  }
  const high = BigInt(readBits(bytes, offset, at, bits - 32));
  const value = (high << BIG_32) | BigInt(readBits(bytes, offset, at + bits - 32, 32));
  return signed ? BigInt.asIntN(bits, value) : value;
}

/** Writes a value that is within the range of the field. */
export function writeField(bytes: Uint8Array, offset: number, at: number, bits: number, value: FieldValue): void {
  if (typeof value === 'number') {
    writeBits(bytes, offset, at, bits, value < 0 ? value + 2 ** bits : value);
    return;
  }
  const plain = BigInt.asUintN(bits, value);
  writeBits(bytes, offset, at, bits - 32, Number(plain >> BIG_32));
  writeBits(bytes, offset, at + bits - 32, 32, Number(plain & BigInt(TWO_32 - 1)));
}

const INT64_MAX = 9223372036854775807n;

/**
 * Fits `base + increment` into a field; undefined when it does not and `overflow` is `fail`. Numbers while the field
 * and the increment allow it.
 * @param base what a field of this type holds, or 0
 * @param increment an int64, as a number if it is within ±2^52
 */
export function fitField(
  base: FieldValue,
  increment: FieldValue,
  bits: number,
  signed: boolean,
  overflow: number,
): FieldValue | undefined {
  if (bits > NUMBER_BITS || typeof base === 'bigint' || typeof increment === 'bigint') {
    const fitted = fitBig(BigInt(base) + BigInt(increment), bits, signed, overflow);
    return fitted === undefined || bits > NUMBER_BITS ? fitted : Number(fitted);
  }
  const span = 2 ** bits;
  const min = signed ? -span / 2 : 0;
  const max = min + span - 1;
  const sum = base + increment;
  if (sum >= min && sum <= max) return sum;
  if (overflow === Overflow.fail) return undefined;
  if (overflow === Overflow.saturate) return sum > max ? max : min;
  const wrapped = ((sum % span) + span) % span;
  return wrapped > max ? wrapped - span : wrapped;
}

/**
 * As `fitField` for a value that is to be set. Redis (7.0 and 7.2) subtracts the value from the greatest that the field
 * holds, in 64 bits: a negative value for which that runs over saturates at the wrong end, and so it does here.
 */
export function fitValue(value: FieldValue, bits: number, signed: boolean, overflow: number): FieldValue | undefined {
  if (signed && bits < 64 && overflow === Overflow.saturate && value < 0) {
    const max = (1n << BigInt(bits - 1)) - 1n;
    if (max - BigInt(value) > INT64_MAX) return bits > NUMBER_BITS ? max : Number(max);
  }
  return fitField(0, value, bits, signed, overflow);
}

function fitBig(sum: bigint, bits: number, signed: boolean, overflow: number): bigint | undefined {
  const min = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const max = min + (1n << BigInt(bits)) - 1n;
  if (sum >= min && sum <= max) return sum;
  if (overflow === Overflow.fail) return undefined;
  if (overflow === Overflow.saturate) return sum > max ? max : min;
  return signed ? BigInt.asIntN(bits, sum) : BigInt.asUintN(bits, sum);
}
