/**
 * CLIENT PAUSE: for a while nobody's commands, or nobody's writes, are executed. Whoever sends one waits with it, and goes on in the order
 * of arrival when the time is over. Nothing expires and nothing is evicted meanwhile, so that the data stand still.
 */
import { clearTimeout, setTimeout } from 'node:timers';
import { CommandFlag, type Dispatcher } from '@clone/command-registry';

const WRITES = CommandFlag.write | CommandFlag.may_replicate;
/** The longest time that a timer of Node takes. */
const MAX_TIMER_MS = 2147483647;

/** Who waits. */
export interface Postponed {
  /** Gives the request again that was postponed. */
  goOn(): void;
}

export class ClientPause {
  readonly #dispatcher: Dispatcher;
  /** The pause began or ended: see `isOn`. */
  readonly #changed: () => void;
  readonly #waiting = new Set<Postponed>();
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds since the epoch. */
  #end = 0;
  #all = false;

  constructor(dispatcher: Dispatcher, changed: () => void) {
    this.#dispatcher = dispatcher;
    this.#changed = changed;
  }

  /** Clients that it holds up. */
  get count(): number {
    return this.#waiting.size;
  }

  get isOn(): boolean {
    return this.#dispatcher.postpone !== undefined;
  }

  /** Pauses until `end`. While a pause is on, the later end and the stricter kind count. */
  pause(end: number, all: boolean): void {
    this.#end = this.isOn ? Math.max(this.#end, end) : end;
    this.#all = (this.isOn && this.#all) || all;
    this.#dispatcher.postpone = this.#all ? () => true : (flags) => (flags & WRITES) !== 0;
    this.#changed();
    this.#wait();
  }

  unpause(): void {
    clearTimeout(this.#timer);
    if (!this.isOn) return;
    this.#dispatcher.postpone = undefined;
    this.#changed();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const each of waiting) each.goOn();
  }

  /** To be called now and then: a clock that was moved is ahead of the timer. */
  endIfOver(): void {
    if (this.isOn && this.#dispatcher.keyspace.now >= this.#end) this.unpause();
  }

  /** Goes on when the pause is over. */
  postponed(who: Postponed): void {
    this.#waiting.add(who);
  }

  forget(who: Postponed): void {
    this.#waiting.delete(who);
  }

  /** The server stops. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const left = this.#end - this.#dispatcher.keyspace.now;
    this.#timer = setTimeout(
      () => {
        this.#dispatcher.keyspace.readClock();
        if (this.#dispatcher.keyspace.now >= this.#end) this.unpause();
        else this.#wait();
      },
      Math.min(Math.max(left, 0), MAX_TIMER_MS),
    );
    this.#timer.unref();
  }
}
