/** How rewrites went: figures for INFO, and how long to leave the disk alone after repeated failures. Times in milliseconds. */

const FAILURES_BEFORE_WAITING = 3;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

export interface RewriteFigures {
  lastRewriteOk: boolean;
  rewrites: number;
  consecutiveRewriteFailures: number;
  /** -1: there was none. */
  lastRewriteDuration: number;
  /** -1: there is none. */
  currentRewriteDuration: number;
}

export class RewriteHistory {
  #startedAt = -1;
  #endedAt = -1;
  #rewrites = 0;
  #failures = 0;
  #lastDuration = -1;

  begin(now: number): void {
    this.#startedAt = now;
    this.#rewrites++;
  }

  end(now: number, ok: boolean): void {
    this.#lastDuration = now - this.#startedAt;
    this.#startedAt = -1;
    this.#endedAt = now;
    this.#failures = ok ? 0 : this.#failures + 1;
  }

  /** Whether an automatic rewrite may start: at once, or after 1, 2, 4, … 60 minutes from the third failure in a row on. */
  mayRetry(now: number): boolean {
    if (this.#failures < FAILURES_BEFORE_WAITING) return true;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.#failures - FAILURES_BEFORE_WAITING), LONGEST_WAIT_MS);
    return now - this.#endedAt >= wait;
  }

  figures(now: number): RewriteFigures {
    return {
      lastRewriteOk: this.#failures === 0,
      rewrites: this.#rewrites,
      consecutiveRewriteFailures: this.#failures,
      lastRewriteDuration: this.#lastDuration,
      currentRewriteDuration: this.#startedAt < 0 ? -1 : now - this.#startedAt,
    };
  }
}
