import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDenseHistogram,
  addHistogram,
  DENSE_BYTES,
  getRegister,
  packRegisters,
  raiseFromDense,
  raiseRegister,
  REGISTERS,
  UnpackedRegisters,
} from './dense-registers.js';
import {
  addSparseHistogram,
  CHANGE,
  CORRUPT,
  describeRuns,
  NO_CHANGE,
  raiseFromSparse,
  SparseChange,
} from './sparse-registers.js';

interface Raise {
  readonly index: number;
  readonly rank: number;
}

/** Registers near one another, so that runs are cut and joined. */
const raises = (highest: number): fc.Arbitrary<Raise[]> =>
  fc.array(
    fc.record({
      index: fc.oneof(fc.nat(40), fc.integer({ min: REGISTERS - 9, max: REGISTERS - 1 }), fc.nat(REGISTERS - 1)),
      rank: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: highest })),
    }),
    { maxLength: 120, size: 'max' },
  );

/** `toEqual` takes milliseconds for so many. */
function expectSame(got: Uint8Array, wanted: Uint8Array): void {
  expect(Buffer.compare(got, wanted)).toBe(0);
}

function histogramOf(registers: Uint8Array): Int32Array {
  const histogram = new Int32Array(64);
  for (const value of registers) histogram[value]!++;
  return histogram;
}

describe('dense registers', () => {
  it('are raised one by one, packed and unpacked, at any alignment', () => {
    fc.assert(
      fc.property(raises(63), fc.nat(7), (steps, base) => {
        const bytes = new Uint8Array(DENSE_BYTES + base + 1);
        const model = new Uint8Array(REGISTERS);
        for (const { index, rank } of steps) {
          expect(raiseRegister(bytes, base, index, rank)).toBe(model[index]! < rank);
          model[index] = Math.max(model[index]!, rank);
          expect(getRegister(bytes, base, index)).toBe(model[index]);
        }
        const data = new DataView(bytes.buffer);
        const unpacked = new UnpackedRegisters();
        raiseFromDense(data, base, unpacked);
        expectSame(unpacked.bytes, model);
        const packed = new Uint8Array(bytes.length);
        packRegisters(model, new DataView(packed.buffer), base);
        expectSame(packed, bytes);
        const counts = [new Int32Array(64), new Int32Array(64)] as const;
        addDenseHistogram(data, base, counts[0]);
        addHistogram(unpacked, counts[1]);
        expect(counts).toEqual([histogramOf(model), histogramOf(model)]);
      }),
      { numRuns: 30 },
    );
  });

  it('raise unpacked ones and never lower them', () => {
    const bytes = new Uint8Array(DENSE_BYTES).fill(0x41);
    const unpacked = new UnpackedRegisters();
    for (let i = 0; i < REGISTERS; i++) unpacked.bytes[i] = i % 64;
    raiseFromDense(new DataView(bytes.buffer), 0, unpacked);
    const expected = Uint8Array.from({ length: REGISTERS }, (_, i) => Math.max(i % 64, getRegister(bytes, 0, i)));
    expectSame(unpacked.bytes, expected);
  });
});

describe('sparse registers', () => {
  it('hold what they were raised to, whether searches go on or begin anew', () => {
    fc.assert(
      fc.property(raises(32), fc.boolean(), fc.nat(5), (steps, ascending, start) => {
        const ordered = ascending ? [...steps].sort((a, b) => a.index - b.index) : steps;
        const ways = [true, false].map((anew) => {
          const bytes = new Uint8Array(2000);
          bytes.set([0x7f, 0xff], start);
          const change = new SparseChange();
          let end = start + 2;
          const model = new Uint8Array(REGISTERS);
          for (const { index, rank } of ordered) {
            if (anew) change.restart();
            const planned = change.plan(bytes, start, end, index, rank);
            expect(planned).toBe(model[index]! < rank ? CHANGE : NO_CHANGE);
            if (planned === CHANGE) end = change.apply(bytes, start, end);
            model[index] = Math.max(model[index]!, rank);
          }
          const unpacked = new Uint8Array(REGISTERS);
          const histogram = new Int32Array(64);
          expect(raiseFromSparse(bytes, start, end, unpacked)).toBe(true);
          expectSame(unpacked, model);
          expect(addSparseHistogram(bytes, start, end, histogram)).toBe(true);
          expect(histogram).toEqual(histogramOf(model));
          return describeRuns(bytes, start, end);
        });
        expect(ways[0]).toBe(ways[1]);
      }),
      { numRuns: 60 },
    );
  });

  it('of any bytes end every walk, and nothing outside of them is written', () => {
    const change = new SparseChange();
    const code = fc.oneof(fc.constantFrom(0, 0x3f, 0x40, 0x7f, 0x80, 0xff), fc.nat(255));
    const runs = fc.array(code, { maxLength: 40 });
    fc.assert(
      fc.property(runs, raises(32), (codes, steps) => {
        const start = 3;
        const bytes = new Uint8Array(1000).fill(0xee);
        bytes.set(codes, start);
        let end = start + codes.length;
        for (const { index, rank } of steps) {
          change.restart();
          const planned = change.plan(bytes, start, end, index, rank);
          expect([CHANGE, NO_CHANGE, CORRUPT]).toContain(planned);
          if (planned === CHANGE) {
            const room = Math.max(end, end + change.growth);
            const behind = bytes.slice(room);
            end = change.apply(bytes, start, end);
            expect(end).toBeLessThanOrEqual(room);
            expectSame(bytes.subarray(room), behind);
          }
        }
        expectSame(bytes.subarray(0, start), new Uint8Array(start).fill(0xee));
        const unpacked = new Uint8Array(REGISTERS);
        const covers = raiseFromSparse(bytes, start, end, unpacked);
        expect(addSparseHistogram(bytes, start, end, new Int32Array(64))).toBe(covers);
        describeRuns(bytes, start, end);
      }),
      { numRuns: 200 },
    );
  });

  it('are told as text', () => {
    const bytes = Uint8Array.from([0x3f, 0x7f, 0xbe, 0x80, 0xff]);
    expect(describeRuns(bytes, 0, 5)).toBe('z:64 Z:16319 v:1,1 v:32,4');
  });
});
