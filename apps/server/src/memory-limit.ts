/**
 * `maxmemory`: evicts before a command runs, until the data and the command's own bytes fit.
 *
 * After each command memory may be above the limit by what that command added, and by no more. Only the work after the
 * limit was lowered is done in slices: that may be gigabytes.
 */
import { type Command, CommandFlag } from '@clone/command-registry';
import type { Keyspace } from '@clone/core-store';
import { type EvictionSource, Evictor, findPolicy, noeviction } from '@clone/eviction-lru';
import type { Request } from '@clone/resp-codec';
import type { Config } from './config/config.js';

/** Milliseconds of freeing what was dropped before, at a time. */
const FREE_SLICE_MS = 1;
/** Tenacity at which eviction stops for nothing. */
const MOST_TENACIOUS = 100;

export class MemoryLimit {
  readonly #keyspace: Keyspace;
  readonly #config: Config;
  readonly #evictor: Evictor;
  /** The limit was lowered below what was in use, and is not reached yet. */
  #shrinking = false;
  /** Milliseconds of eviction per turn of the event loop while a lowered limit is being reached. */
  #sliceMs = 0.5;
  /** While shrinking: what is in use may not be more than it was. */
  #ceiling = 0;

  constructor(keyspace: Keyspace, config: Config) {
    this.#keyspace = keyspace;
    this.#config = config;
    this.#evictor = new Evictor(new KeyspaceSource(keyspace), { policy: noeviction, samples: 5 });
    this.configure();
  }

  /** Takes over what the configuration says now. */
  configure(): void {
    const { maxMemory, maxMemoryPolicy, maxMemorySamples, lfuDecayTime, lfuLogFactor } = this.#config;
    this.#sliceMs = sliceOf(this.#config.maxMemoryEvictionTenacity);
    const policy = findPolicy(maxMemoryPolicy) ?? noeviction;
    this.#evictor.policy = policy;
    this.#evictor.samples = maxMemorySamples;
    this.#keyspace.maxmemoryPolicyIsLfu = policy.usesFrequency;
    this.#keyspace.lfuDecayTime = lfuDecayTime;
    this.#keyspace.lfuLogFactor = lfuLogFactor;
    this.#keyspace.setTime(this.#keyspace.now);
    this.#ceiling = this.#keyspace.usedMemory;
    // Where nothing is ever evicted there is nothing to wait for.
    this.#shrinking = maxMemory > 0 && this.#ceiling > maxMemory && policy !== noeviction;
  }

  /** Hook of the dispatcher: makes room for a request; false when there is none to be had. */
  readonly makeRoom = (request: Request, command: Command): boolean => {
    const limit = this.#config.maxMemory;
    // Arguments of a command that adds nothing are gone with it.
    const incoming = (command.flags & CommandFlag.denyoom) !== 0 ? request.end - request.start : 0;
    if (this.#keyspace.usedMemory + incoming <= limit) {
      this.#shrinking = false;
      return true;
    }
    const target = this.#shrinking ? Math.max(limit, this.#ceiling) : limit;
    // What does not fit into an empty server shall not empty it.
    const fits = incoming < limit;
    return this.#evict(fits ? target - incoming : target, Infinity) && fits;
  };

  /**
   * A slice of the work after the limit was lowered; true when there is more. Nothing goes while a log is loaded: what
   * the rest of it does with a key needs the key. `configure` follows then.
   */
  shrink(): boolean {
    if (!this.#shrinking || this.#keyspace.loading) return false;
    const limit = this.#config.maxMemory;
    if (limit === 0 || this.#evict(limit, this.#sliceMs)) {
      this.#shrinking = false;
      return false;
    }
    this.#ceiling = Math.min(this.#ceiling, this.#keyspace.usedMemory);
    // Nothing left to evict: commands that need memory are refused from now on.
    if (this.#evictor.next() === undefined) this.#shrinking = false;
    return this.#shrinking;
  }

  /** Evicts until `target` bytes are in use; false when that cannot be reached (within the time). */
  #evict(target: number, budgetMs: number): boolean {
    const keyspace = this.#keyspace;
    const end = budgetMs === Infinity ? Infinity : keyspace.elapsed() + budgetMs;
    while (keyspace.usedMemory > target) {
      // What was dropped before goes first, or keys would be evicted for memory that is free already.
      if (keyspace.lazyFreePending > 0) {
        const left = keyspace.lazyFree(FREE_SLICE_MS);
        if (keyspace.usedMemory <= target) return true;
        if (left && keyspace.elapsed() < end && !keyspace.snapshotRunning) continue;
      }
      const victim = this.#evictor.next();
      if (victim === undefined) return false;
      keyspace.databases[victim.db]!.removeRecord(victim.handle, 'evicted');
      if (end !== Infinity && keyspace.elapsed() >= end) return keyspace.usedMemory <= target;
    }
    return true;
  }
}

/** As Redis: up to half a millisecond, in steps of 50 µs; from tenacity 10 on it grows by 15% with each step, to two minutes. */
function sliceOf(tenacity: number): number {
  if (tenacity >= MOST_TENACIOUS) return Infinity;
  return tenacity <= 10 ? 0.05 * tenacity : 0.5 * 1.15 ** (tenacity - 10);
}

/** The keyspace as the eviction policies see it. */
class KeyspaceSource implements EvictionSource {
  readonly #keyspace: Keyspace;
  readonly #view = { bytes: new Uint8Array(0), offset: 0, length: 0 };

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  databases(): number {
    return this.#keyspace.databases.length;
  }

  count(db: number, volatileOnly: boolean): number {
    const database = this.#keyspace.databases[db]!;
    return volatileOnly ? database.volatileSize : database.size;
  }

  sample(db: number, volatileOnly: boolean, handles: Int32Array, want: number): number {
    const { keys, volatile, databases, random } = this.#keyspace;
    const database = databases[db]!;
    return volatileOnly
      ? volatile.sample(database.volatileDictionary, random, handles, want)
      : keys.sample(database.keysDictionary, random, handles, want);
  }

  idle(handle: number, db: number): number {
    return this.#keyspace.databases[db]!.idleSeconds(handle);
  }

  frequency(handle: number, db: number): number {
    return this.#keyspace.databases[db]!.frequency(handle);
  }

  expireAt(handle: number): number {
    return this.#keyspace.records.expireAt(handle);
  }

  copyKey(handle: number, _db: number, target: Uint8Array, at: number, limit: number): number {
    const view = this.#view;
    this.#keyspace.records.readKey(handle, view);
    if (view.length <= limit) {
      for (let i = 0; i < view.length; i++) target[at + i] = view.bytes[view.offset + i]!;
    }
    return view.length;
  }

  find(db: number, volatileOnly: boolean, bytes: Uint8Array, offset: number, length: number): number {
    const handle = this.#keyspace.databases[db]!.peek(bytes, offset, length);
    return handle !== 0 && volatileOnly && !this.#keyspace.records.hasExpiry(handle) ? 0 : handle;
  }
}
