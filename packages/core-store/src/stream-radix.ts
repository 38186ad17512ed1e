import type { Handle } from './arena.js';
import type { StreamDirectory } from './stream-directory.js';
import { StreamId } from './stream-id.js';

/** Bytes of an id as a key of Redis's radix tree: big-endian. */
const KEY_BYTES = 16;

/**
 * How many nodes Redis's radix tree over the master ids has, which XINFO STREAM tells: the root; then each key's end, each
 * byte at which keys part ways (`branch`), and each run of bytes between two of these (`run`) is a node.
 */
export function radixNodes(directory: StreamDirectory, header: Handle): number {
  const keys = directory.count(header);
  if (keys === 0) return 1;
  const previous = new StreamId();
  const next = new StreamId();
  directory.masterId(header, 0, previous);
  // Depths of the branches on the way to the key at hand, ascending; -1 is above the root.
  const branches = [-1];
  let nodes = keys;
  const run = (from: number, to: number): number => (to - from > 1 ? 1 : 0);
  let before = -1;
  for (let i = 1; i <= keys; i++) {
    // Behind the last key everything is left.
    let shared = -1;
    if (i < keys) {
      directory.masterId(header, i, next);
      shared = commonBytes(previous, next);
      previous.copy(next);
    }
    nodes += run(Math.max(before, shared), KEY_BYTES);
    before = shared;
    while (branches.at(-1)! > shared) {
      const depth = branches.pop()!;
      nodes += 1 + run(Math.max(branches.at(-1)!, shared), depth);
    }
    if (branches.at(-1)! < shared) branches.push(shared);
  }
  return nodes;
}

/** Bytes in front that both keys have; they differ. */
function commonBytes(a: StreamId, b: StreamId): number {
  if (a.msHi !== b.msHi) return Math.clz32(a.msHi ^ b.msHi) >>> 3;
  if (a.msLo !== b.msLo) return 4 + (Math.clz32(a.msLo ^ b.msLo) >>> 3);
  if (a.seqHi !== b.seqHi) return 8 + (Math.clz32(a.seqHi ^ b.seqHi) >>> 3);
  return 12 + (Math.clz32(a.seqLo ^ b.seqLo) >>> 3);
}
