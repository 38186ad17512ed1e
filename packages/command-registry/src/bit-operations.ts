/**
 * BITOP on bytes. The result is made block by block, all sources for one block before the next, so that with many long
 * sources the block stays in the cache. A source that ends early goes on with zeros.
 */
import type { View } from '@clone/core-store';

export const BitOperation = { and: 0, or: 1, xor: 2, not: 3 } as const;

/** Bytes of a result that are worked on at a time. */
const BLOCK = 32 * 1024;

/**
 * Writes the combination of the first `count` sources to `target`, whose length is that of the longest source. The
 * target overlaps no source.
 * @param operation one of `BitOperation`; `not` has one source
 */
export function combineBits(operation: number, sources: readonly View[], count: number, target: View): void {
  for (let from = 0; from < target.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, target.length);
    copyBlock(sources[0]!, target, from, to);
    if (operation === BitOperation.not) invertBlock(target, from, to);
    for (let i = 1; i < count; i++) combineBlock(operation, sources[i]!, target, from, to);
  }
}

function copyBlock(source: View, target: View, from: number, to: number): void {
  const end = Math.max(from, Math.min(to, source.length));
  const at = target.offset - source.offset;
  if (end - from < 48) {
    for (let i = source.offset + from; i < source.offset + end; i++) target.bytes[at + i] = source.bytes[i]!;
  } else {
    target.bytes.set(source.bytes.subarray(source.offset + from, source.offset + end), target.offset + from);
  }
  if (end < to) target.bytes.fill(0, target.offset + end, target.offset + to);
}

function invertBlock(target: View, from: number, to: number): void {
  const { data } = target;
  const end = target.offset + to;
  let t = target.offset + from;
  for (; t + 4 <= end; t += 4) data.setInt32(t, ~data.getInt32(t, true), true);
  for (; t < end; t++) data.setUint8(t, ~data.getUint8(t));
}

function combineBlock(operation: number, source: View, target: View, from: number, to: number): void {
  const end = Math.max(from, Math.min(to, source.length));
  if (operation === BitOperation.and) {
    andBytes(source.data, source.offset + from, target.data, target.offset + from, end - from);
    if (end < to) target.bytes.fill(0, target.offset + end, target.offset + to);
  } else if (operation === BitOperation.or) {
    orBytes(source.data, source.offset + from, target.data, target.offset + from, end - from);
  } else {
    xorBytes(source.data, source.offset + from, target.data, target.offset + from, end - from);
  }
}

// One function per operation: the choice stays outside of the loops.

function andBytes(source: DataView, s: number, target: DataView, t: number, length: number): void {
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    target.setInt32(t + i, target.getInt32(t + i, true) & source.getInt32(s + i, true), true);
    target.setInt32(t + i + 4, target.getInt32(t + i + 4, true) & source.getInt32(s + i + 4, true), true);
  }
  for (; i < length; i++) target.setUint8(t + i, target.getUint8(t + i) & source.getUint8(s + i));
}

function orBytes(source: DataView, s: number, target: DataView, t: number, length: number): void {
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    target.setInt32(t + i, target.getInt32(t + i, true) | source.getInt32(s + i, true), true);
    target.setInt32(t + i + 4, target.getInt32(t + i + 4, true) | source.getInt32(s + i + 4, true), true);
  }
  for (; i < length; i++) target.setUint8(t + i, target.getUint8(t + i) | source.getUint8(s + i));
}

function xorBytes(source: DataView, s: number, target: DataView, t: number, length: number): void {
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    target.setInt32(t + i, target.getInt32(t + i, true) ^ source.getInt32(s + i, true), true);
    target.setInt32(t + i + 4, target.getInt32(t + i + 4, true) ^ source.getInt32(s + i + 4, true), true);
  }
  for (; i < length; i++) target.setUint8(t + i, target.getUint8(t + i) ^ source.getUint8(s + i));
}
