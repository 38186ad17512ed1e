/**
 * What commands need of the server around them and cannot have from the keyspace. The server implements it; tests
 * hand in an object literal. Kept small on purpose: a command that needs sockets, configuration or files is the
 * server's own and is registered by it.
 */
export interface ServerServices {
  /** Wall clock, microseconds since the epoch. */
  unixMicroseconds(): number;
  /** A clock that never goes back, in milliseconds with a fraction; only differences mean anything. */
  monotonicMilliseconds(): number;
  /** The Redis version that is claimed: `7.2.4`. */
  readonly redisVersion: string;
  /** Longest string value that commands may make, in bytes (`proto-max-bulk-len`). */
  readonly maxBulkLength: number;
  /** Bytes at which a sparse HyperLogLog becomes dense (`hll-sparse-max-bytes`). */
  readonly hllSparseMaxBytes: number;
  /** Whether FLUSHALL and FLUSHDB free in the background when not told how (`lazyfree-lazy-user-flush`). */
  readonly lazyUserFlush: boolean;
}
