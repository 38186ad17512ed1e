import { View } from '@clone/core-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitOperation, combineBits } from './bit-operations.js';

function viewOf(bytes: Uint8Array, offset: number): View {
  const room = new Uint8Array(bytes.length + offset + 5).fill(0xa5);
  room.set(bytes, offset);
  const view = new View();
  view.bytes = room;
  view.data = new DataView(room.buffer);
  view.offset = offset;
  view.length = bytes.length;
  return view;
}

const by: Record<number, (a: number, b: number) => number> = {
  [BitOperation.and]: (a, b) => a & b,
  [BitOperation.or]: (a, b) => a | b,
  [BitOperation.xor]: (a, b) => a ^ b,
};

function naive(operation: number, sources: readonly Uint8Array[], length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => {
    const column = sources.map((source) => source[i] ?? 0);
    return operation === BitOperation.not ? ~(column[0] ?? 0) : column.reduce((a, b) => by[operation]!(a, b));
  });
}

function check(operation: number, sources: readonly Uint8Array[], offsets: readonly number[]): void {
  const length = Math.max(...sources.map((source) => source.length));
  const target = viewOf(new Uint8Array(length).fill(0x77), offsets[0]!);
  const views = sources.map((source, i) => viewOf(source, offsets[i + 1]!));
  // A view beyond the count is left over from a request before.
  combineBits(operation, [...views, viewOf(new Uint8Array(9), 0)], views.length, target);
  expect(Buffer.compare(target.copy(), naive(operation, sources, length))).toBe(0);
  expect(target.bytes.subarray(0, target.offset).every((byte) => byte === 0xa5)).toBe(true);
  expect(target.bytes.subarray(target.offset + length).every((byte) => byte === 0xa5)).toBe(true);
}

describe('operations on bits', () => {
  const source = fc.uint8Array({ maxLength: 120 });
  const offsets = fc.array(fc.nat(9), { minLength: 6, maxLength: 6 });

  it.each([
    ['AND', BitOperation.and],
    ['OR', BitOperation.or],
    ['XOR', BitOperation.xor],
  ])('%s combines strings of any lengths at any alignment', (_, operation) => {
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 5 }), offsets, (sources, places) => {
        check(operation, sources, places);
      }),
    );
  });

  it('NOT inverts', () => {
    fc.assert(fc.property(source, offsets, (each, places) => check(BitOperation.not, [each], places)));
  });

  it('work on strings that end in different blocks', () => {
    const long = (length: number, factor: number): Uint8Array =>
      Uint8Array.from({ length }, (_, i) => (i * factor) >> 3);
    const sources = [long(100_001, 7), long(32_768, 13), long(3, 1), long(70_003, 29)];
    for (const operation of [BitOperation.and, BitOperation.or, BitOperation.xor]) {
      check(operation, sources, [1, 2, 3, 4, 5]);
    }
    check(BitOperation.not, [long(70_003, 29)], [3, 2]);
  });
});
