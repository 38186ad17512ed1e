/**
 * Which clients have read which key, and have not been told since that it has changed.
 *
 * A key is there once, whatever its database: so Redis has it. Clients stand as their ids, and those that have gone stay until the key changes:
 * whoever is told of it looks whether they are still there. With one client, as most keys have, it is the id itself.
 *
 * It lies on the JavaScript heap, and is bounded by `tracking-table-max-keys`; besides, names may not take more than `LONG_NAME` bytes on
 * average, so that long keys, which need not even exist, do not make it much larger than the bound lets one think.
 */
import { KeyIndex } from '@clone/command-registry';
import type { Keyspace } from '@clone/core-store';

const CHAINS = 1 << 19;
/** Databases are not told apart. */
const DB = 0;
const LONG_NAME = 256;
/** Bytes of names that are fine however few the keys. */
const ANYHOW = 1024 * 1024;

export type Readers = number | Set<number>;

export class ReadKeys {
  readonly #keyspace: Keyspace;
  readonly #index: KeyIndex<Readers>;
  #nameBytes = 0;
  /** Each key counted once for each client. */
  items = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
    this.#index = new KeyIndex(keyspace, CHAINS);
  }

  get size(): number {
    return this.#index.size;
  }

  /** @param most keys; 0: any number */
  isOver(most: number): boolean {
    if (most === 0) return false;
    return this.size > most || this.#nameBytes > Math.max(most * LONG_NAME, ANYHOW);
  }

  add(bytes: Uint8Array, offset: number, length: number, reader: number): void {
    const at = this.#index.find(DB, bytes, offset, length);
    if (at < 0) {
      this.#index.add(DB, bytes, offset, length, reader);
      this.#nameBytes += length;
      this.items++;
      return;
    }
    const readers = this.#index.valueAt(at);
    if (readers === reader) return;
    if (typeof readers === 'number') {
      this.#index.replaceAt(at, new Set([readers, reader]));
      this.items++;
    } else if (!readers.has(reader)) {
      readers.add(reader);
      this.items++;
    }
  }

  /** Takes a key out; undefined: nobody has read it. */
  take(bytes: Uint8Array, offset: number, length: number): Readers | undefined {
    const at = this.#index.find(DB, bytes, offset, length);
    return at < 0 ? undefined : this.#takeAt(at);
  }

  /** Takes any key out, one of those that are there. */
  takeAny(told: (name: string, readers: Readers) => void): void {
    const at = Math.floor(this.#keyspace.random() * this.size);
    told(this.#index.nameAt(at), this.#takeAt(at));
  }

  #takeAt(at: number): Readers {
    const readers = this.#index.valueAt(at);
    this.#nameBytes -= this.#index.nameAt(at).length;
    this.items -= typeof readers === 'number' ? 1 : readers.size;
    this.#index.removeAt(at);
    return readers;
  }

  clear(): void {
    this.#index.clear();
    this.#nameBytes = 0;
    this.items = 0;
  }
}
