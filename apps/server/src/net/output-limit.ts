/**
 * When a client that does not read is given up (`client-output-buffer-limit`): at once above the hard limit, and above the soft one
 * when that has lasted.
 */
import type { OutputBufferLimit } from '../config/special-parameters.js';

/** A client that has not said who it is gets short answers only: more than this unread is an attack. */
export const UNAUTHENTICATED_LIMIT: OutputBufferLimit = { hard: 1024, soft: 0, softSeconds: 0 };

export class OutputWatch {
  /** Above the soft limit since then, milliseconds since the epoch; -1: below. */
  #softSince = -1;

  /** @param pending bytes that the client has not read; @param now milliseconds since the epoch */
  isExceeded(pending: number, limit: OutputBufferLimit, now: number): boolean {
    if (limit.hard > 0 && pending >= limit.hard) return true;
    if (limit.soft === 0 || pending < limit.soft) {
      this.#softSince = -1;
      return false;
    }
    if (this.#softSince < 0) this.#softSince = now;
    return now - this.#softSince > limit.softSeconds * 1000;
  }
}
