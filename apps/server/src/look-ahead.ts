import type { Database, KeyPrefetch } from '@clone/core-store';
import type { Request } from '@clone/resp-codec';

/** Fewer requests than this are not worth it. */
const WORTHWHILE = 4;

/**
 * Has the keys of `requests[0, count)` looked at together. The key is taken to be the first argument: true of nearly
 * all commands, and a wrong guess does no harm. The bytes must not change before `prefetch.end()`.
 */
export function lookAhead(prefetch: KeyPrefetch, db: Database, requests: readonly Request[], count: number): void {
  prefetch.end();
  if (count < WORTHWHILE) return;
  const { bytes } = requests[0]!;
  prefetch.begin(bytes);
  for (let i = 0; i < count; i++) {
    const request = requests[i]!;
    prefetch.add(request.offsets[1]!, request.argc > 1 && request.bytes === bytes ? request.lengths[1]! : -1);
  }
  prefetch.run(db.keysDictionary);
}
