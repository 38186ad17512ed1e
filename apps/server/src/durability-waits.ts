/**
 * Clients that wait until the log is on the disk (WAITAOF), in the order in which they came: their positions rise.
 *
 * Their time is kept by `BlockedClients`, as that of all who block. A wait is named by the function that writes its
 * answer, so that a client whose time was over, and who waits for something else by now, is not woken.
 */
import type { BlockedClients } from '@clone/command-registry';
import type { ReplyWriter } from '@clone/resp-codec';

interface Wait {
  readonly session: number;
  readonly position: number;
  readonly write: (reply: ReplyWriter) => void;
}

export class DurabilityWaits {
  #waits: Wait[] = [];

  /**
   * @param session id of a session that has blocked
   * @param position of the log that must be on the disk
   * @param write the `timedOut` with which it blocked
   */
  add(session: number, position: number, write: (reply: ReplyWriter) => void): void {
    this.#waits.push({ session, position, write });
  }

  get size(): number {
    return this.#waits.length;
  }

  /** Answers those who need not wait any more. @param isOver whether there is nothing to wait for up to a position */
  serve(isOver: (position: number) => boolean, blocked: BlockedClients): void {
    let served = 0;
    while (served < this.#waits.length && isOver(this.#waits[served]!.position)) served++;
    if (served === 0) return;
    for (const { session, write } of this.#waits.splice(0, served)) blocked.wake(session, write);
  }

  /** Forgets who has been answered otherwise: under `appendfsync no` nobody may ever be served. */
  prune(blocked: BlockedClients): void {
    if (this.#waits.length === 0) return;
    this.#waits = this.#waits.filter(({ session, write }) => blocked.isWaitingWith(session, write));
  }
}
