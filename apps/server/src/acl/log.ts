// ACL LOG: refusals, the newest first. One that repeats an entry within a minute is counted there, so that a client that
// knocks again and again does not drive the others out; as in Redis only the ten newest are compared.

export type DeniedReason = 'command' | 'key' | 'channel' | 'auth';
export type DeniedContext = 'toplevel' | 'multi' | 'lua';

export interface Denial {
  readonly reason: DeniedReason;
  readonly context: DeniedContext;
  /** The command, key or channel that was refused; for `auth` the command. One character per byte. */
  readonly object: string;
  readonly username: string;
  /** Its line of CLIENT LIST. */
  readonly clientInfo: string;
}

export interface AclLogEntry extends Denial {
  readonly count: number;
  /** Rises with every new entry. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const SAME_WITHIN_MS = 60_000;
const COMPARED = 10;

export class AclLog {
  /** The newest last. */
  readonly #entries: AclLogEntry[] = [];
  #nextId = 0;

  /** At most `count` entries, the newest first. */
  newest(count: number): AclLogEntry[] {
    return count === 0 ? [] : this.#entries.slice(-count).reverse();
  }

  /** @param maxLength entries that are kept (`acllog-max-len`) */
  add(denial: Denial, now: number, maxLength: number): void {
    const entries = this.#entries;
    const at = this.#find(denial, now);
    if (at < 0) {
      entries.push({ ...denial, count: 1, id: this.#nextId++, createdAt: now, updatedAt: now });
      // As in Redis, a smaller limit is felt with the next new entry.
      if (entries.length > maxLength) entries.splice(0, entries.length - maxLength);
    } else {
      const known = entries[at]!;
      entries.splice(at, 1);
      entries.push({ ...known, clientInfo: denial.clientInfo, count: known.count + 1, updatedAt: now });
    }
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #find(denial: Denial, now: number): number {
    const entries = this.#entries;
    for (let i = entries.length - 1; i >= Math.max(0, entries.length - COMPARED); i--) {
      if (isSame(entries[i]!, denial, now)) return i;
    }
    return -1;
  }
}

function isSame(entry: AclLogEntry, denial: Denial, now: number): boolean {
  return (
    entry.reason === denial.reason &&
    entry.context === denial.context &&
    Math.abs(now - entry.updatedAt) <= SAME_WITHIN_MS &&
    entry.object === denial.object &&
    entry.username === denial.username
  );
}
