/**
 * Proves that what a keyspace can reach is what its arena has handed out: nothing leaked, nothing referenced twice, each
 * dictionary counts what it holds. It reads the blocks by itself, as the design comments describe them.
 */
import type { Arena, Handle } from './arena.js';
import type { ByteDict } from './byte-dict.js';
import { claimExpiringHashes, claimHash } from './hashes.fixture.js';
import { claimList } from './lists.fixture.js';
import { claimSet } from './sets.fixture.js';
import { claimSortedSet } from './sorted-sets.fixture.js';
import { claimStream } from './streams.fixture.js';
import type { Keyspace } from './keyspace.js';
import { StringEncoding, ValueType } from './record.js';

/** Blocks that were come upon; each may be claimed once. */
export class Claims {
  readonly #arena: Arena;
  readonly #claimed = new Map<Handle, string>();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  claim(handle: Handle, what: string): void {
    const before = this.#claimed.get(handle);
    if (before !== undefined) throw new Error(`block ${handle} is ${before} and ${what}`);
    this.#claimed.set(handle, what);
  }

  /** Claims the blocks of a dictionary itself, and answers its records. */
  dictionary(dicts: ByteDict, d: Handle, what: string): Handle[] {
    const word = (h: Handle, index: number): number => this.#arena.i32[h >>> 19]![((h & 0x7ffff) << 1) + index]!;
    const [count, buckets, lowMask, directory] = [word(d, 0), word(d, 1), word(d, 2), word(d, 3)];
    if (buckets <= lowMask || buckets > (lowMask + 1) * 2 || (lowMask & (lowMask + 1)) !== 0) {
      throw new Error(`${what}: ${buckets} buckets under mask ${lowMask}`);
    }
    this.claim(d, `${what}: header`);
    this.claim(directory, `${what}: directory`);
    const list = word(d, 6);
    if (list !== 0) this.claim(list, `${what}: list of overflow buckets`);
    let overflows = 0;
    const records: Handle[] = [];
    for (let bucket = 0; bucket < buckets; bucket++) {
      const segment = word(directory, bucket >>> 6);
      if ((bucket & 63) === 0) this.claim(segment, `${what}: segment`);
      let at: Handle = (segment + ((bucket & 63) << 3)) | 0;
      while ((word(at, 0) & 1) !== 0) {
        at = word(at, 15);
        this.claim(at, `${what}: overflow bucket`);
        if (word(list, word(at, 0) >>> 1) !== at) throw new Error(`${what}: an overflow bucket is not listed`);
        overflows++;
      }
      dicts.forEachInBucket(d, bucket, (record) => records.push(record));
    }
    if (overflows !== word(d, 4)) throw new Error(`${what}: ${overflows} overflow buckets, others counted`);
    if (records.length !== count) throw new Error(`${what}: counts ${count}, holds ${records.length}`);
    return records;
  }

  /** Compares with what is there. */
  settle(): void {
    let bytes = 0;
    let blocks = 0;
    this.#arena.walk((handle, size) => {
      if (!this.#claimed.has(handle)) throw new Error(`leaked: block ${handle} of ${size} bytes`);
      if (this.#arena.sizeOf(handle) !== size) throw new Error(`block ${handle}: walked as ${size} bytes`);
      bytes += size;
      blocks++;
    });
    if (blocks !== this.#claimed.size)
      throw new Error(`${this.#claimed.size - blocks} blocks are referenced but freed`);
    if (bytes !== this.#arena.usedBytes) throw new Error(`${bytes} bytes in use, ${this.#arena.usedBytes} counted`);
    if (blocks !== this.#arena.statistics.blocks) throw new Error(`${blocks} blocks, others counted`);
  }
}

/** Checks a keyspace in which nothing waits to be freed; throws an error that says what is wrong. */
export function audit(space: Keyspace): void {
  if (space.lazyFreePending > 0) throw new Error('something waits to be freed');
  const claims = new Claims(space.arena);
  const { records } = space;
  for (const db of space.databases) {
    const keys = claims.dictionary(space.keys, db.keysDictionary, `keys of ${db.index}`);
    const volatile = new Set(claims.dictionary(space.volatile, db.volatileDictionary, `volatile keys of ${db.index}`));
    let expiring = 0;
    for (const record of keys) {
      claims.claim(record, 'record');
      if (records.hasExpiry(record)) {
        expiring++;
        if (!volatile.has(record)) throw new Error('a key with an expiry is not among the volatile ones');
      }
      const claimValue = CLAIMS.get(records.type(record));
      if (claimValue === undefined) throw new Error(`no audit of type ${records.type(record)}`);
      claimValue(space, claims, record);
    }
    claimExpiringHashes(space, claims, db);
    if (expiring !== volatile.size) throw new Error(`${volatile.size} volatile keys, ${expiring} with an expiry`);
  }
  claims.settle();
}

/** Claims the blocks of a record's value. */
export type ClaimValue = (space: Keyspace, claims: Claims, record: Handle) => void;

const CLAIMS = new Map<number, ClaimValue>([
  [ValueType.string, claimString],
  [ValueType.hash, claimHash],
  [ValueType.list, claimList],
  [ValueType.set, claimSet],
  [ValueType.zset, claimSortedSet],
  [ValueType.stream, claimStream],
]);

export function claimString(space: Keyspace, claims: Claims, record: Handle): void {
  if (space.records.encoding(record) === StringEncoding.apart) claims.claim(space.records.word(record, 0), 'string');
}
