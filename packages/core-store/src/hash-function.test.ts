import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashFunction } from './hash-function.js';

/** HalfSipHash-c-d with a 32-bit result, written down from its definition, in bytes and without any unrolling. */
function halfSipHash(c: number, d: number, k0: number, k1: number, input: Uint8Array): number {
  const v = [k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1] as [number, number, number, number];
  const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
  const round = (): void => {
    v[0] = (v[0] + v[1]) | 0;
    v[1] = rotate(v[1], 5) ^ v[0];
    v[0] = rotate(v[0], 16);
    v[2] = (v[2] + v[3]) | 0;
    v[3] = rotate(v[3], 8) ^ v[2];
    v[0] = (v[0] + v[3]) | 0;
    v[3] = rotate(v[3], 7) ^ v[0];
    v[2] = (v[2] + v[1]) | 0;
    v[1] = rotate(v[1], 13) ^ v[2];
    v[2] = rotate(v[2], 16);
  };
  const padded = new Uint8Array((input.length & ~3) + 4);
  padded.set(input);
  padded[padded.length - 1] = input.length;
  const view = new DataView(padded.buffer);
  for (let i = 0; i < padded.length; i += 4) {
    const m = view.getInt32(i, true);
    v[3] ^= m;
    for (let r = 0; r < c; r++) round();
    v[0] ^= m;
  }
  v[2] ^= 0xff;
  for (let r = 0; r < d; r++) round();
  return v[1] ^ v[3];
}

const K0 = 0x03020100;
const K1 = 0x07060504;
const counting = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

describe('the hash function', () => {
  it('is compared with a reference that has the published results of HalfSipHash-2-4', () => {
    const published = ['a9359f5b', '27475ab8', 'fa62a603', '8afee704', '2a6e4689', 'c5fab669', '5863fc23', '8bcf63c5'];
    for (const [n, expected] of published.entries()) {
      const result = Buffer.alloc(4);
      result.writeInt32LE(halfSipHash(2, 4, K0, K1, counting(n)));
      expect(result.toString('hex')).toBe(expected);
    }
  });

  it('has the results of the Linux kernel for HalfSipHash-1-3', () => {
    const published = [0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b, 0xa0080b65, 0x9d38d9d6];
    const hash = new HashFunction([K0, K1]);
    for (const [n, expected] of published.entries()) expect(hash.hash(viewOf(counting(n)), 0, n) >>> 0).toBe(expected);
  });

  it('is HalfSipHash-1-3 for any key, bytes and place of them', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.uint8Array({ maxLength: 600, size: 'max' }),
        fc.nat({ max: 9 }),
        (k0, k1, input, offset) => {
          const shifted = new Uint8Array(input.length + offset + 3).fill(0x55);
          shifted.set(input, offset);
          expect(new HashFunction([k0, k1]).hash(viewOf(shifted), offset, input.length)).toBe(
            halfSipHash(1, 3, k0, k1, input),
          );
        },
      ),
    );
  });

  it('spreads alike keys evenly over buckets and tags', () => {
    const hash = new HashFunction([123, 456]);
    const buckets = new Array<number>(256).fill(0);
    const tags = new Array<number>(256).fill(0);
    const n = 51_200;
    for (let i = 0; i < n; i++) {
      const key = Buffer.from(`key:${String(i).padStart(12, '0')}`);
      const h = hash.hash(viewOf(key), 0, key.length);
      buckets[h & 255]!++;
      tags[h >>> 24]!++;
    }
    // 255 degrees of freedom: beyond 330.5 with a probability of 0.001.
    for (const counts of [buckets, tags]) {
      expect(counts.reduce((sum, count) => sum + (count - n / 256) ** 2 / (n / 256), 0)).toBeLessThan(330.5);
    }
  });
});
