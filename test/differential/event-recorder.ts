// Hears which keys changed and how, of both servers, through their keyspace notifications.
import { encodeRequest, printable, splitArguments } from './arguments.js';
import { RawConnection } from './raw-connection.js';
import type { Target } from './reference.js';

/** The classes of events that are looked at, as letters of `notify-keyspace-events`. */
export const eventClasses = 'g$lshztxenm';

const request = (line: string): Buffer => encodeRequest(splitArguments(line));

/** Notifications over a subscribed connection; a message of its own behind them shows that all have arrived. */
export class EventRecorder {
  readonly #events: RawConnection;
  readonly #control: RawConnection;
  #taken: number;
  #replies = 0;

  private constructor(events: RawConnection, control: RawConnection) {
    this.#events = events;
    this.#control = control;
    this.#taken = events.frames.length;
  }

  static async open(target: Target): Promise<EventRecorder> {
    const events = await RawConnection.open(target.address);
    events.write(request('PSUBSCRIBE __keyevent@*__:* recorder'));
    await events.framesReached(2);
    return new EventRecorder(events, await RawConnection.open(target.address));
  }

  /** From now on only events of these classes. */
  async choose(letters: string): Promise<void> {
    this.#control.write(request(`CONFIG SET notify-keyspace-events E${letters}`));
    await this.#control.framesReached(++this.#replies);
  }

  /** The events since the last call, in order: `db: event key`. */
  async take(): Promise<string[]> {
    this.#control.write(request('PUBLISH recorder done'));
    await this.#control.framesReached(++this.#replies);
    const events: string[] = [];
    for (;;) {
      await this.#events.framesReached(this.#taken + 1);
      const [, , channel, key] = (this.#events.frames[this.#taken++]?.items ?? []).map((item) => item.body ?? '');
      if (channel === 'recorder') return events;
      const [, db, event] = /^__keyevent@(\d+)__:(.*)$/.exec(channel ?? '') ?? [];
      events.push(`${db ?? ''}: ${event ?? ''} ${printable(key ?? '')}`);
    }
  }

  close(): void {
    this.#events.destroy();
    this.#control.destroy();
  }
}
