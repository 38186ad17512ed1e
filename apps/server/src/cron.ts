/**
 * What happens about ten times a second without a client asking: expiry, freeing, the log's clock, idle clients.
 *
 * Work that may be long is done in slices of a millisecond, with the event loop in between, so that no client waits for
 * more than a slice.
 */

/** Work in slices: true when there is more. */
export type Slice = () => boolean;

const INTERVAL_MS = 100;

export class Cron {
  readonly #tick: () => void;
  readonly #slices: readonly Slice[];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** @param tick called ten times a second; @param slices each is called in turn until none has more to do */
  constructor(tick: () => void, slices: readonly Slice[]) {
    this.#tick = tick;
    this.#slices = slices;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
      this.work();
    }, INTERVAL_MS);
    // A server that listens keeps the process alive; its clock need not.
    this.#timer.unref();
  }

  /** Starts working off what the slices have to do, now and in the following turns of the event loop. */
  work(): void {
    this.#immediate ??= setImmediate(this.#slice);
  }

  readonly #slice = (): void => {
    this.#immediate = undefined;
    let more = false;
    for (const slice of this.#slices) more = slice() || more;
    if (more) this.work();
  };

  stop(): void {
    clearInterval(this.#timer);
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
  }
}
