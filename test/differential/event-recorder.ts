// Hears which keys changed and how: of `redis-server` through its keyspace notifications, of our server through the
// listener of its keyspace.
import type { Database, Keyspace } from '@clone/core-store';
import { EventClass } from '@clone/core-store';
import { encodeRequest, printable, splitArguments } from './arguments.js';
import { RawConnection } from './raw-connection.js';
import type { Target } from './reference.js';

/** The classes of events that are looked at, by their letters in `notify-keyspace-events`. */
export const eventClasses: Readonly<Record<string, number>> = {
  g: EventClass.generic,
  $: EventClass.string,
  h: EventClass.hash,
  t: EventClass.stream,
  x: EventClass.expired,
  e: EventClass.evicted,
};

export interface EventRecorder {
  /** From now on only events of these classes (letters of `eventClasses`). */
  choose(letters: string): Promise<void>;
  /** The events since the last call, in order: `db: event key`. */
  take(): Promise<string[]>;
  close(): void;
}

export async function recordEvents(target: Target): Promise<EventRecorder> {
  return target.keyspace ? new ListeningRecorder(target.keyspace) : await SubscribedRecorder.open(target);
}

const request = (line: string): Buffer => encodeRequest(splitArguments(line));
const describe = (db: number | string, event: string, key: string): string => `${db}: ${event} ${printable(key)}`;

/** Notifications over a subscribed connection; a message of its own behind them shows that all have arrived. */
class SubscribedRecorder implements EventRecorder {
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
    return new SubscribedRecorder(events, await RawConnection.open(target.address));
  }

  async choose(letters: string): Promise<void> {
    this.#control.write(request(`CONFIG SET notify-keyspace-events E${letters}`));
    await this.#control.framesReached(++this.#replies);
  }

  async take(): Promise<string[]> {
    this.#control.write(request('PUBLISH recorder done'));
    await this.#control.framesReached(++this.#replies);
    const events: string[] = [];
    for (;;) {
      await this.#events.framesReached(this.#taken + 1);
      const [, , channel, key] = (this.#events.frames[this.#taken++]?.items ?? []).map((item) => item.body ?? '');
      if (channel === 'recorder') return events;
      const [, db, event] = /^__keyevent@(\d+)__:(.*)$/.exec(channel ?? '') ?? [];
      events.push(describe(db ?? '', event ?? '', key ?? ''));
    }
  }

  close(): void {
    this.#events.destroy();
    this.#control.destroy();
  }
}

class ListeningRecorder implements EventRecorder {
  #chosen = 0;
  #events: string[] = [];

  constructor(keyspace: Keyspace) {
    keyspace.listener = {
      event: (db, bytes, offset, length, eventClass, event) =>
        this.#record(db, event, eventClass, bytes, offset, length),
      removed: (db, bytes, offset, length, reason) =>
        this.#record(db, reason, EventClass[reason], bytes, offset, length),
      // Fields are no part of the events of keys.
      fieldExpired: () => undefined,
      flushed: () => undefined,
    };
  }

  #record(db: Database, event: string, eventClass: number, bytes: Uint8Array, offset: number, length: number): void {
    if ((eventClass & this.#chosen) === 0) return;
    const key = Buffer.from(bytes.subarray(offset, offset + length)).toString('latin1');
    this.#events.push(describe(db.index, event, key));
  }

  choose(letters: string): Promise<void> {
    this.#chosen = letters.split('').reduce((sum, letter) => sum | (eventClasses[letter] ?? 0), 0);
    return Promise.resolve();
  }

  take(): Promise<string[]> {
    const events = this.#events;
    this.#events = [];
    return Promise.resolve(events);
  }

  close(): void {
    this.#chosen = 0;
  }
}
