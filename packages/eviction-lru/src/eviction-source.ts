/**
 * What an {@link Evictor} needs to know about the store it makes room in. The store's side of this is a thin adapter:
 * every method is called on the path of a write that waits for memory, so none of them should allocate.
 *
 * A handle is a positive 31-bit integer that names one record of one database. It only has to stay valid from the
 * moment the source returns it until the store changes next: whatever is remembered longer is remembered by key.
 */
export interface EvictionSource {
  /** How many databases there are; they are numbered from 0. */
  databases(): number;

  /** How many candidates `db` holds: its keys, or its keys with an expiry. */
  count(db: number, volatileOnly: boolean): number;

  /**
   * Writes up to `want` random candidates of `db` to `handles[0..n)` and returns n. At least one must come when
   * `count` is not 0. The same candidate may come twice.
   */
  sample(db: number, volatileOnly: boolean, handles: Int32Array, want: number): number;

  /** Time since the record was last used, in any unit that is the same for all records. Read by the LRU policies. */
  idle(handle: number, db: number): number;

  /** The decayed use counter, 0 to 255 (see `lfu.ts`). Read by the LFU policies. */
  frequency(handle: number, db: number): number;

  /** When the record expires, in ms since the epoch. Read by volatile-ttl, and only of records that do expire. */
  expireAt(handle: number, db: number): number;

  /** The length of the record's key in bytes; the key itself is copied to `target[at..)` if it has `limit` bytes or less. */
  copyKey(handle: number, db: number, target: Uint8Array, at: number, limit: number): number;

  /**
   * The record that `db` holds now under the key `bytes[offset..offset+length)`, 0 if there is none or if only
   * volatile records are asked for and it does not expire. Does not count as use of the record.
   */
  find(db: number, volatileOnly: boolean, bytes: Uint8Array, offset: number, length: number): number;
}
