/**
 * What a replay does about commands that the store refuses, when it may pass them over.
 *
 * A transaction is passed over as a whole, but for the database that it leaves selected. If a part of it has been
 * applied by the time one of its commands is rejected, nothing can take that back: the store is emptied, and the load
 * begins anew, knowing of that transaction. Each one costs a load; a replay is deterministic, so the second comes as
 * far as the first.
 */

/** Thrown by an `ApplyCommand`: the command changed nothing, and cannot be applied. `message` says which and why. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
}

/** A command that was passed over, or a transaction, for the sake of one of its commands. */
export interface Skipped {
  /** Name of the file, without its directory. */
  readonly file: string;
  /** Where the command or the transaction begins. */
  readonly offset: number;
  readonly isTransaction: boolean;
  /** The message of the `Rejection`. */
  readonly reason: string;
}

/** What a load does with a command that the server refuses, where it may pass over it. */
export interface Skipping {
  /** Called once for each. */
  skipped(what: Skipped): void;
  /** Empties the store, to begin with the first command again. */
  startOver(): void;
}

/** Ends one attempt of a load: the next one passes over one more transaction. */
export class StartOver extends Error {}

/** What has been skipped, over all attempts of one load. A place is the number of a file and an offset. */
export class SkippedPlaces {
  readonly #skipping: Skipping;
  readonly #transactions = new Set<string>();
  /** The last place that was reported: an attempt meets those up to it again. */
  #lastPart = -1;
  #lastOffset = -1;

  constructor(skipping: Skipping) {
    this.#skipping = skipping;
  }

  /** Whether the transaction at this place is known not to be applicable. */
  has(part: number, offset: number): boolean {
    return this.#transactions.has(`${part}:${offset}`);
  }

  /** Notes a rejection. @throws StartOver when what was applied already has to go */
  add(part: number, what: Skipped, isPartlyApplied: boolean): void {
    const { offset } = what;
    if (part > this.#lastPart || (part === this.#lastPart && offset > this.#lastOffset)) {
      this.#lastPart = part;
      this.#lastOffset = offset;
      this.#skipping.skipped(what);
    }
    if (!isPartlyApplied) return;
    this.#transactions.add(`${part}:${offset}`);
    this.#skipping.startOver();
    throw new StartOver();
  }
}
