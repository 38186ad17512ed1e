/**
 * Tours of dictionaries: the fields of hashes, the members of sets. Bucket by bucket, as a snapshot goes through the keys:
 * each bucket has the epoch in which it was shown or written last (`byte-dict.ts`).
 */
import type { Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import type { Tour } from './tour.js';
import type { ValueHost } from './value-host.js';

/** Some fifty elements. */
const BUCKETS_PER_STEP = 8;

export class DictTours {
  readonly #host: ValueHost;
  readonly #dicts: ByteDict;
  readonly #shows = new Map<Handle, (record: Handle) => void>();

  /** @param dicts all of whose dictionaries tours may go through */
  constructor(host: ValueHost, dicts: ByteDict) {
    this.#host = host;
    this.#dicts = dicts;
  }

  begin(dict: Handle, show: (record: Handle) => void): Tour {
    const dicts = this.#dicts;
    this.#shows.set(dict, show);
    dicts.epoch = this.#host.epoch;
    dicts.observer = this.#observe;
    let bucket = 0;
    return {
      root: dict,
      step: () => {
        const end = Math.min(bucket + BUCKETS_PER_STEP, dicts.buckets(dict));
        while (bucket < end) dicts.observe(dict, bucket++);
        return bucket >= dicts.buckets(dict);
      },
      end: () => this.#end(dict),
    };
  }

  readonly #observe = (dict: Handle, bucket: number): void => {
    const show = this.#shows.get(dict);
    if (show !== undefined) this.#dicts.forEachInBucket(dict, bucket, show);
  };

  #end(dict: Handle): void {
    this.#shows.delete(dict);
    if (this.#shows.size > 0) return;
    this.#dicts.epoch = 0;
    this.#dicts.observer = undefined;
  }
}
