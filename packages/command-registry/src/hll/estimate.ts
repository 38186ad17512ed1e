/**
 * The number of different elements that a HyperLogLog's registers stand for: the "improved raw estimator" of Otmar Ertl,
 * "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6. The order of operations is that
 * of Redis 7, so that the last digit is the same too.
 */
import { REGISTERS } from './dense-registers.js';

/** Bits of a hash beyond those that choose the register. */
const RANK_BITS = 50;
/** 1 / (2 ln 2) */
const ALPHA = 0.72134752044448170368;
const TWO_63 = 2 ** 63;

/** Ertl's tau: corrects for registers that are full. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let y = 1;
  let z = 1 - x;
  let before: number;
  do {
    root = Math.sqrt(root);
    before = z;
    y *= 0.5;
    z -= (1 - root) * (1 - root) * y;
  } while (before !== z);
  return z / 3;
}

/** Ertl's sigma: corrects for registers that are empty. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let power = x;
  let y = 1;
  let z = x;
  let before: number;
  do {
    power *= power;
    before = z;
    z += power * y;
    y += y;
  } while (before !== z);
  return z;
}

/**
 * The estimate, a whole number below 2^63; -2^63 where it is higher, which no honest HyperLogLog gets to.
 * @param histogram how many of the 16,384 registers have each value, 64 counters
 */
export function estimate(histogram: Int32Array): number {
  let z = REGISTERS * tau((REGISTERS - histogram[RANK_BITS + 1]!) / REGISTERS);
  for (let rank = RANK_BITS; rank >= 1; rank--) {
    z += histogram[rank]!;
    z *= 0.5;
  }
  z += REGISTERS * sigma(histogram[0]! / REGISTERS);
  const elements = Math.round((ALPHA * REGISTERS * REGISTERS) / z);
  return elements < TWO_63 ? elements : -TWO_63;
}
