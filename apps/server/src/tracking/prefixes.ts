/**
 * Broadcasts: which clients hear of every key with a certain prefix.
 *
 * Changed keys are gathered per prefix, each once, and told at the end of the event loop's turn in one message, sorted as Redis
 * sorts them. With each key stands the session that changed it last, for those that do not want to hear of what they do.
 */
import type { Session } from '@clone/command-registry';
import { latin1 } from '../latin1.js';
import type { Tracker } from './tracker.js';

interface Prefix {
  readonly text: string;
  readonly trackers: Set<Tracker>;
  /** Changed since the last broadcast. */
  readonly keys: Map<string, Session | undefined>;
}

/** Two prefixes one of which begins with the other. */
export interface Overlap {
  readonly prefix: string;
  readonly other: string;
  /** The client has the other one already. */
  readonly isExisting: boolean;
}

export class Prefixes {
  readonly #byText = new Map<string, Prefix>();
  /** Those with changed keys. */
  #changed: Prefix[] = [];

  /** How many different ones. */
  get size(): number {
    return this.#byText.size;
  }

  add(text: string, tracker: Tracker): void {
    let prefix = this.#byText.get(text);
    if (prefix === undefined) {
      prefix = { text, trackers: new Set(), keys: new Map() };
      this.#byText.set(text, prefix);
    }
    prefix.trackers.add(tracker);
    tracker.prefixes.add(text);
  }

  /** The tracker hears of nothing any more. */
  forget(tracker: Tracker): void {
    for (const text of tracker.prefixes) {
      const prefix = this.#byText.get(text);
      prefix?.trackers.delete(tracker);
      if (prefix?.trackers.size === 0) this.#byText.delete(text);
    }
    tracker.prefixes.clear();
  }

  /**
   * A key has changed. @param author whose command did it, undefined: nobody's
   * @returns whether there is something to `broadcast`
   */
  gather(bytes: Uint8Array, offset: number, length: number, author: Session | undefined): boolean {
    let name: string | undefined;
    for (const prefix of this.#byText.values()) {
      if (!isPrefix(prefix.text, bytes, offset, length)) continue;
      name ??= latin1(bytes, offset, length);
      if (prefix.keys.size === 0) this.#changed.push(prefix);
      prefix.keys.set(name, author);
    }
    return name !== undefined;
  }

  /** Hands out what has been gathered: for each prefix, to each client, the names of keys. Clients that hear the same come together. */
  broadcast(tell: (trackers: readonly Tracker[], names: readonly string[]) => void): void {
    const changed = this.#changed.sort((a, b) => (a.text < b.text ? -1 : 1));
    this.#changed = [];
    for (const { trackers, keys } of changed) {
      const names = [...keys.keys()].sort();
      const authors = new Set(keys.values());
      const together: Tracker[] = [];
      const alone: Tracker[] = [];
      for (const tracker of trackers) {
        (tracker.noLoop && authors.has(tracker.receiver.session) ? alone : together).push(tracker);
      }
      tell(together, names);
      for (const tracker of alone) {
        const { session } = tracker.receiver;
        const theirs = names.filter((name) => keys.get(name) !== session);
        if (theirs.length > 0) tell([tracker], theirs);
      }
      keys.clear();
    }
  }
}

function isPrefix(text: string, bytes: Uint8Array, offset: number, length: number): boolean {
  if (text.length > length) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[offset + i]) return false;
  return true;
}

/**
 * The first wanted prefix that overlaps with one the client has, or with another wanted one, and which; each prefix of a client must
 * tell of other keys. In the order of their texts prefixes that overlap follow each other, so that many of them take no longer than sorting.
 *
 * @param existing do not overlap
 */
export function findOverlap(existing: ReadonlySet<string>, wanted: readonly string[]): Overlap | undefined {
  const all = [...wanted, ...existing];
  const order = all.map((_, i) => i).sort((a, b) => (all[a]! < all[b]! ? -1 : 1));
  let first = wanted.length;
  let root = order[0]!;
  for (const i of order.slice(1)) {
    if (all[i]!.startsWith(all[root]!)) first = Math.min(first, i, root);
    else root = i;
  }
  const prefix = wanted[first];
  if (prefix === undefined) return undefined;
  const overlaps = (other: string): boolean => other.startsWith(prefix) || prefix.startsWith(other);
  const one = [...existing].sort().find(overlaps);
  if (one !== undefined) return { prefix, other: one, isExisting: true };
  return { prefix, other: wanted.slice(first + 1).find(overlaps) ?? prefix, isExisting: false };
}
