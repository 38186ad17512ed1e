/** A client that listens to something: what to, and how it is reached. It exists as long as there is something. */
import type { Frame } from '../net/pushes.js';
import type { Session, Subscriptions } from '@clone/command-registry';

/** What can be listened to. `Subscriptions` and `PubSub` have a field for each. */
export type TopicKind = keyof Subscriptions;

/** Who can be sent something that he did not ask for. */
export interface Receiver {
  readonly session: Session;
  push(frame: Frame): void;
}

export class Subscriber implements Subscriptions {
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  readonly receiver: Receiver;

  constructor(receiver: Receiver) {
    this.receiver = receiver;
  }

  get isIdle(): boolean {
    return this.channels.size + this.patterns.size + this.shardChannels.size === 0;
  }
}
