/**
 * The sparse form of a HyperLogLog: the 16,384 registers as runs of equal ones.
 *
 * ```
 * 00nnnnnn            ZERO   n + 1 registers (1 to 64) that are 0
 * 01nnnnnn nnnnnnnn   XZERO  n + 1 registers (1 to 16384) that are 0
 * 1vvvvvnn            VAL    n + 1 registers (1 to 4) that are v + 1 (1 to 32)
 * ```
 *
 * Which runs there are depends on the order of changes, and other servers may compare the bytes; so a change goes as in
 * Redis: the run with the register is cut in up to three, and equal neighbors near it are joined.
 *
 * The bytes may come from a client: nothing here relies on the runs covering the registers exactly, and nothing is read
 * or written beyond their end.
 */
import { REGISTERS } from './dense-registers.js';

/** Highest value of a register that the sparse form has. */
export const SPARSE_MAX_RANK = 32;
const MAX_SHORT_ZEROS = 64;
const MAX_VALUES = 4;
/** How many runs are looked at for neighbors that can be joined. */
const JOIN_LOOK = 5;

// What `plan` answers.
export const NO_CHANGE = 0;
export const CHANGE = 1;
/** No run has the register. */
export const CORRUPT = 2;

/** Registers of a run by its first byte; 0 for XZERO, which has two. */
const SPANS = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x80 ? (code & 3) + 1 : code < 0x40 ? code + 1 : 0,
);

/** Registers of the run at `at`. */
function runLength(bytes: Uint8Array, at: number, end: number): number {
  const code = bytes[at]!;
  const span = SPANS[code]!;
  return span > 0 ? span : longZeros(bytes, at, end);
}

/** Registers of an XZERO run, which may be cut off behind its first byte. */
function longZeros(bytes: Uint8Array, at: number, end: number): number {
  return (((bytes[at]! & 0x3f) << 8) | (at + 1 < end ? bytes[at + 1]! : 0)) + 1;
}

function codeLength(code: number): number {
  return (code & 0xc0) === 0x40 ? 2 : 1;
}

function valueOf(code: number): number {
  return ((code >>> 2) & 31) + 1;
}

function valueCode(value: number, length: number): number {
  return 0x80 | ((value - 1) << 2) | (length - 1);
}

/** A change of one register: planned first, because the bytes may have to grow before it can be made. */
export class SparseChange {
  /** Bytes by which the change makes the runs longer (-1 to 4), before equal neighbors are joined. */
  growth = 0;
  readonly #codes = new Uint8Array(5);
  #length = 0;
  #oldLength = 0;
  // Positions are relative to where the runs begin: they may be elsewhere when the change is made.
  #at = 0;
  // Where the next search begins, and joining too: at the run before the one that was found last.
  #resumeAt = 0;
  #resumeFirst = 0;

  /** Forgets the last change: the next one is on other runs, or on a lower register. */
  restart(): void {
    this.#resumeAt = 0;
    this.#resumeFirst = 0;
  }

  /**
   * Finds out how to raise a register of the runs in [start, end). The search begins at the change before; `restart`
   * where that is not the one before on the same runs.
   * @param rank 1 to `SPARSE_MAX_RANK`
   * @returns NO_CHANGE, CHANGE or CORRUPT
   */
  plan(bytes: Uint8Array, start: number, end: number, index: number, rank: number): number {
    let at = start + this.#resumeAt;
    let first = this.#resumeFirst;
    let previous = -1;
    let span = 0;
    while (at < end) {
      let size = 1;
      span = SPANS[bytes[at]!]!;
      if (span === 0) {
        span = longZeros(bytes, at, end);
        size = 2;
      }
      if (index < first + span) break;
      previous = at;
      at += size;
      first += span;
    }
    if (at >= end) return CORRUPT;
    if (previous < 0 && at > start) {
      // The run before is needed, and the search began behind it.
      this.restart();
      return this.plan(bytes, start, end, index, rank);
    }
    const code = bytes[at]!;
    const old = code >= 0x80 ? valueOf(code) : 0;
    this.#resumeAt = previous < 0 ? 0 : previous - start;
    this.#resumeFirst = previous < 0 ? 0 : first - runLength(bytes, previous, end);
    if (old >= rank) return NO_CHANGE;
    this.#at = at - start;
    this.#length = 0;
    this.#push(old, index - first);
    this.#push(rank, 1);
    this.#push(old, first + span - 1 - index);
    this.#oldLength = codeLength(code);
    this.growth = this.#length - this.#oldLength;
    return CHANGE;
  }

  #push(value: number, length: number): void {
    const codes = this.#codes;
    if (length === 0) return;
    if (value > 0) {
      codes[this.#length++] = valueCode(value, length);
    } else if (length <= MAX_SHORT_ZEROS) {
      codes[this.#length++] = length - 1;
    } else {
      codes[this.#length++] = 0x40 | ((length - 1) >>> 8);
      codes[this.#length++] = (length - 1) & 0xff;
    }
  }

  /**
   * Makes the change that was planned, on the same runs; there is room for its growth behind them.
   * @returns the new end of the runs
   */
  apply(bytes: Uint8Array, start: number, end: number): number {
    const at = start + this.#at;
    const grown = end + this.growth;
    const next = at + this.#oldLength;
    if (this.growth !== 0 && next < end) bytes.copyWithin(next + this.growth, next, end);
    // A last run that is cut off is shorter than it says.
    for (let i = 0; i < this.#length && at + i < grown; i++) bytes[at + i] = this.#codes[i]!;
    return joinNeighbors(bytes, start + this.#resumeAt, grown);
  }
}

/** Joins equal values among the next few runs; answers the new end. */
function joinNeighbors(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  let last = end;
  for (let look = JOIN_LOOK; look > 0 && at < last; look--) {
    const code = bytes[at]!;
    if (code < 0x80) {
      at += codeLength(code);
      continue;
    }
    const next = at + 1 < last ? bytes[at + 1]! : 0;
    const length = (code & 3) + (next & 3) + 2;
    if ((code & 0xfc) === (next & 0xfc) && length <= MAX_VALUES) {
      bytes[at + 1] = valueCode(valueOf(code), length);
      bytes.copyWithin(at, at + 1, last);
      last--;
    } else {
      at++;
    }
  }
  return last;
}

/** Raises unpacked registers to those of the runs in [start, end); false when they do not cover all registers exactly. */
export function raiseFromSparse(bytes: Uint8Array, start: number, end: number, registers: Uint8Array): boolean {
  let index = 0;
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    const behind = index + runLength(bytes, at, end);
    if (code >= 0x80) {
      if (behind > REGISTERS) return false;
      const value = valueOf(code);
      for (; index < behind; index++) if (value > registers[index]!) registers[index] = value;
    }
    index = behind;
    at += codeLength(code);
  }
  return index === REGISTERS;
}

/** Adds to `histogram` how many registers have each value; false when the runs do not cover all registers exactly. */
export function addSparseHistogram(bytes: Uint8Array, start: number, end: number, histogram: Int32Array): boolean {
  let index = 0;
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    const length = runLength(bytes, at, end);
    histogram[code >= 0x80 ? valueOf(code) : 0]! += length;
    index += length;
    at += codeLength(code);
  }
  return index === REGISTERS;
}

/** The runs as text: `z:n` and `Z:n` zeros, `v:value,n`. */
export function describeRuns(bytes: Uint8Array, start: number, end: number): string {
  const runs: string[] = [];
  for (let at = start; at < end; at += codeLength(bytes[at]!)) {
    const code = bytes[at]!;
    const length = runLength(bytes, at, end);
    if (code >= 0x80) runs.push(`v:${valueOf(code)},${length}`);
    else runs.push(`${code < 0x40 ? 'z' : 'Z'}:${length}`);
  }
  return runs.join(' ');
}
