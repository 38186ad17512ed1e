/**
 * HalfSipHash-1-3 with a 64-bit key: the 32-bit member of the SipHash family (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF"; the Linux kernel keys its hash tables with the same function). Who does not know the key cannot
 * aim keys at one bucket. Chosen over SipHash-1-3 because JavaScript has 32-bit integer arithmetic and no 64-bit one:
 * `docs/benchmarks.md` has both figures.
 */
export class HashFunction {
  readonly #k0: number;
  readonly #k1: number;

  /** @param seed two 32-bit integers that stay secret */
  constructor(seed: readonly [number, number]) {
    this.#k0 = seed[0] | 0;
    this.#k1 = seed[1] | 0;
  }

  /** The hash of the bytes `[offset, offset + length)`, an int32. */
  hash(bytes: DataView, offset: number, length: number): number {
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ v0;
    let v3 = 0x74656462 ^ v1;
    const end = offset + (length & ~3);
    let p = offset;
    for (; p < end; p += 4) {
      const m = bytes.getInt32(p, true);
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
    }
    let last = length << 24;
    const rest = length & 3;
    if (rest > 2) last |= bytes.getUint8(p + 2) << 16;
    if (rest > 1) last |= bytes.getUint8(p + 1) << 8;
    if (rest > 0) last |= bytes.getUint8(p);
    v3 ^= last;
    for (let round = 0; round < 4; round++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      if (round === 0) {
        v0 ^= last;
        v2 ^= 0xff;
      }
    }
    return v1 ^ v3;
  }
}
