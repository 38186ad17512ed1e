/**
 * What happens some ten times a second (`hz`) without a client asking: expiry, freeing, the log's clock, idle clients.
 *
 * Work that may be long is done in slices of a millisecond, with the event loop in between, so that no client waits for
 * more than a slice.
 */
import { clearImmediate, clearInterval, setImmediate, setInterval } from 'node:timers';

/** Work in slices: true when there is more. */
export type Slice = () => boolean;

export class Cron {
  readonly #tick: () => void;
  readonly #slices: readonly Slice[];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #rate = 10;

  /** @param tick called at the rate; @param slices each is called in turn until none has more to do */
  constructor(tick: () => void, slices: readonly Slice[]) {
    this.#tick = tick;
    this.#slices = slices;
  }

  /** Ticks per second. */
  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.start();
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
      this.work();
    }, 1000 / this.#rate);
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
