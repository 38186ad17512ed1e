/**
 * PFSELFTEST: the three forms of registers against each other, and the estimate against the truth, on elements of its
 * own. It takes some 10 ms, because nobody else is served meanwhile.
 */
import { addDenseHistogram, DENSE_BYTES, getRegister, raiseRegister, REGISTERS } from './dense-registers.js';
import { estimate } from './estimate.js';
import { MurmurHash } from './murmur-hash.js';
import { CHANGE, NO_CHANGE, raiseFromSparse, SPARSE_MAX_RANK, SparseChange } from './sparse-registers.js';

const ELEMENTS = 40_000;
/** Elements that are added to the sparse form too: those after which it is still short. */
const SPARSE_ELEMENTS = 1000;
/** Five times the standard error of 16,384 registers. */
const TOLERANCE = (5 * 1.04) / 128;

/** What is wrong; empty when nothing is. */
export function selfTest(): string {
  const hash = new MurmurHash();
  const change = new SparseChange();
  const dense = new Uint8Array(DENSE_BYTES);
  const data = new DataView(dense.buffer);
  const plain = new Uint8Array(REGISTERS);
  const sparse = new Uint8Array(2 + SPARSE_ELEMENTS * 4);
  const element = new Uint8Array(8);
  const elementData = new DataView(element.buffer);
  let sparseEnd = 2;
  sparse.set([0x7f, 0xff]);
  for (let n = 1; n <= ELEMENTS; n++) {
    elementData.setFloat64(0, n);
    hash.compute(element, 0, 8);
    const { register, rank } = hash;
    if (raiseRegister(dense, 0, register, rank) !== plain[register]! < rank)
      return `register ${register} was not raised`;
    plain[register] = Math.max(plain[register]!, rank);
    if (n <= SPARSE_ELEMENTS && rank <= SPARSE_MAX_RANK) {
      change.restart();
      const planned = change.plan(sparse, 0, sparseEnd, register, rank);
      if (planned === CHANGE) sparseEnd = change.apply(sparse, 0, sparseEnd);
      else if (planned !== NO_CHANGE) return `sparse registers are corrupt after ${n} elements`;
    }
    if (n === SPARSE_ELEMENTS) {
      const unpacked = new Uint8Array(REGISTERS);
      if (!raiseFromSparse(sparse, 0, sparseEnd, unpacked)) return 'sparse registers do not cover all';
      if (unpacked.some((value, i) => value !== Math.min(plain[i]!, SPARSE_MAX_RANK))) return 'sparse registers differ';
    }
    if ((n & (n - 1)) === 0 || n === ELEMENTS) {
      const histogram = new Int32Array(64);
      addDenseHistogram(data, 0, histogram);
      const error = Math.abs(estimate(histogram) - n) / n;
      if (error > TOLERANCE) return `${n} elements were estimated with an error of ${error}`;
    }
  }
  for (let i = 0; i < REGISTERS; i++) if (getRegister(dense, 0, i) !== plain[i]) return `register ${i} differs`;
  return '';
}
