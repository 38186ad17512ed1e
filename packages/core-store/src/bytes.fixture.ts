/** Bytes as text and back, one character per byte, and chance that can be repeated. */
import type { ByteView } from './record.js';

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** The three arguments that methods take for bytes; not at offset 0, to see that offsets are respected. */
export function args(text: string): [bytes: Uint8Array, offset: number, length: number] {
  return [bytes(`??${text}??`), 2, text.length];
}

export const text = (view: ByteView): string =>
  Buffer.from(view.bytes.buffer, view.bytes.byteOffset + view.offset, view.length).toString('latin1');

/** A source of numbers in [0, 1) (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
