// Digests of data: 20 bytes that are equal to redis-server's for equal data (definition: Redis 7.0,
// `computeDatasetDigest`; checked against the server itself). Two ways to put a piece into a digest: where order does not
// matter (keys, fields of a hash) the SHA-1 of the piece is XORed in; where it does, the result is hashed once more.

import { createHash } from 'node:crypto';
import type { ByteView } from '@clone/core-store';

export type Digest = Buffer;

export const emptyDigest = (): Digest => Buffer.alloc(20);

const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();

/** Unordered: putting the same piece in twice takes it out. */
export function blend(digest: Digest, piece: Uint8Array): void {
  const hash = sha1(piece);
  for (let i = 0; i < 20; i++) digest[i]! ^= hash[i]!;
}

/** Ordered. */
export function chain(digest: Digest, piece: Uint8Array): void {
  blend(digest, piece);
  sha1(digest).copy(digest);
}

export function chainNumber(digest: Digest, n: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  chain(digest, bytes);
}

export function viewed(view: ByteView): Uint8Array {
  return view.bytes.subarray(view.offset, view.offset + view.length);
}
