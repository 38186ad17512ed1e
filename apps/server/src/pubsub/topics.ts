/**
 * Who listens to what, for one kind of name: channels, patterns, or shard channels.
 *
 * Names are texts with one character per byte (`latin1.ts`). A name with one listener, which is what a client with a hundred thousand
 * subscriptions has, costs an entry in a map and its text and nothing else; a `Set` is made for the second listener.
 */
import type { Receiver } from './subscriber.js';

export type Listeners = Receiver | Set<Receiver>;

export class Topics {
  readonly #byName = new Map<string, Listeners>();

  /** Names that somebody listens to. */
  get size(): number {
    return this.#byName.size;
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  entries(): IterableIterator<[string, Listeners]> {
    return this.#byName.entries();
  }

  listenersOf(name: string): Listeners | undefined {
    return this.#byName.get(name);
  }

  countOf(name: string): number {
    const listeners = this.#byName.get(name);
    if (listeners === undefined) return 0;
    return listeners instanceof Set ? listeners.size : 1;
  }

  /** The receiver must not listen to it yet. */
  add(name: string, receiver: Receiver): void {
    const listeners = this.#byName.get(name);
    if (listeners === undefined) this.#byName.set(name, receiver);
    else if (listeners instanceof Set) listeners.add(receiver);
    else this.#byName.set(name, new Set([listeners, receiver]));
  }

  /** The receiver must listen to it. */
  remove(name: string, receiver: Receiver): void {
    const listeners = this.#byName.get(name);
    if (!(listeners instanceof Set) || listeners.size === 1) this.#byName.delete(name);
    else listeners.delete(receiver);
  }
}
