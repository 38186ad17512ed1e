import { describe, expect, it } from 'vitest';
import { addHistogram, REGISTERS, UnpackedRegisters } from './dense-registers.js';
import { estimate } from './estimate.js';
import { MurmurHash } from './murmur-hash.js';
import { selfTest } from './self-test.js';

describe('the estimate', () => {
  it('is off by less than three standard errors, from none to many elements', () => {
    const hash = new MurmurHash();
    const unpacked = new UnpackedRegisters();
    const registers = unpacked.bytes;
    const bytes = new Uint8Array(8);
    const data = new DataView(bytes.buffer);
    const next = { at: 1 };
    for (let n = 1; n <= 300_000; n++) {
      data.setUint32(0, n);
      hash.compute(bytes, 0, 8);
      registers[hash.register] = Math.max(registers[hash.register]!, hash.rank);
      if (n !== next.at) continue;
      next.at = Math.ceil(n * 1.7);
      const histogram = new Int32Array(64);
      addHistogram(unpacked, histogram);
      expect(Math.abs(estimate(histogram) / n - 1)).toBeLessThan((3 * 1.04) / 128);
    }
  });

  it('is 0 for registers that are all zero, and the lowest int64 where it would be beyond the highest', () => {
    const histogram = new Int32Array(64);
    histogram[0] = REGISTERS;
    expect(estimate(histogram)).toBe(0);
    histogram[0] = 0;
    histogram[51] = REGISTERS;
    expect(estimate(histogram)).toBe(-(2 ** 63));
  });

  it('and the registers pass their own test', () => {
    expect(selfTest()).toBe('');
  });
});
