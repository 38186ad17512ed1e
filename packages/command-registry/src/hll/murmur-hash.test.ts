import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MurmurHash } from './murmur-hash.js';

const M = 0xc6a4a7935bd1e995n;
const u64 = (n: bigint): bigint => BigInt.asUintN(64, n);

/** MurmurHash64A as its definition reads. */
function reference(bytes: Uint8Array): bigint {
  let h = u64(0xadc83b19n ^ u64(BigInt(bytes.length) * M));
  const littleEndian = (part: Uint8Array): bigint => part.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    let k = u64(littleEndian(bytes.subarray(at, at + 8)) * M);
    k = u64((k ^ (k >> 47n)) * M);
    h = u64((h ^ k) * M);
  }
  if (at < bytes.length) h = u64((h ^ littleEndian(bytes.subarray(at))) * M);
  h = u64((h ^ (h >> 47n)) * M);
  return h ^ (h >> 47n);
}

describe('the hash of elements', () => {
  it('is MurmurHash64A of any bytes at any place', () => {
    const hash = new MurmurHash();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(9), (bytes, offset) => {
        const room = new Uint8Array(bytes.length + offset + 3).fill(0xee);
        room.set(bytes, offset);
        hash.compute(room, offset, bytes.length);
        const expected = reference(bytes);
        expect((BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0)).toBe(expected);
        expect(hash.register).toBe(Number(expected & 0x3fffn));
        const rest = ((expected >> 14n) | (1n << 50n)).toString(2);
        expect(hash.rank).toBe(rest.length - rest.lastIndexOf('1'));
      }),
      { numRuns: 2000 },
    );
  });

  it('counts zeros across both words, 51 at most', () => {
    const hash = new MurmurHash();
    for (let zeros = 0; zeros <= 50; zeros++) {
      const value = zeros === 50 ? 0n : BigInt.asUintN(64, 5n << BigInt(zeros + 14));
      hash.low = Number(BigInt.asIntN(32, value));
      hash.high = Number(BigInt.asIntN(32, value >> 32n));
      expect(hash.rank).toBe(zeros + 1);
    }
  });
});
