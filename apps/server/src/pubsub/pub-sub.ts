/**
 * Publish and subscribe: who listens to which channel or pattern, and messages to them.
 *
 * A message is encoded once for all its receivers, per protocol and per pattern; each receiver gets the same text, and a server
 * without listeners encodes nothing. What a session listens to is also to be seen in `Session.subscriptions`, which is what the
 * dispatcher, CLIENT LIST and the ACL look at.
 */
import type { Session } from '@clone/command-registry';
import { bulk } from './frames.js';
import { matches } from './patterns.js';
import { type Receiver, Subscriber, type TopicKind } from './subscriber.js';
import { type Listeners, Topics } from './topics.js';

export class PubSub {
  readonly channels = new Topics();
  readonly patterns = new Topics();
  readonly shardChannels = new Topics();
  readonly #subscribers = new Map<Session, Subscriber>();

  /** From now on the receiver listens to `name`, a text with one character per byte. */
  subscribe(kind: TopicKind, receiver: Receiver, name: string): void {
    const { session } = receiver;
    let subscriber = this.#subscribers.get(session);
    if (subscriber === undefined) {
      subscriber = new Subscriber(receiver);
      this.#subscribers.set(session, subscriber);
      session.subscriptions = subscriber;
    }
    const names = subscriber[kind];
    if (names.has(name)) return;
    names.add(name);
    this[kind].add(name, subscriber);
  }

  /** Nothing happens when the session does not listen to it. */
  unsubscribe(kind: TopicKind, session: Session, name: string): void {
    const subscriber = this.#subscribers.get(session);
    if (subscriber?.[kind].delete(name) !== true) return;
    this[kind].remove(name, subscriber);
    if (subscriber.isIdle) {
      this.#subscribers.delete(session);
      session.subscriptions = undefined;
    }
  }

  /** The session listens to nothing any more: RESET, the end of the connection. */
  forget(session: Session): void {
    const subscriber = this.#subscribers.get(session);
    if (subscriber === undefined) return;
    for (const kind of ['channels', 'patterns', 'shardChannels'] as const) {
      for (const name of subscriber[kind]) this[kind].remove(name, subscriber);
    }
    this.#subscribers.delete(session);
    session.subscriptions = undefined;
  }

  /** Whether anybody listens to any channel or pattern: if not, there is nothing to publish. */
  get hasListeners(): boolean {
    return this.channels.size + this.patterns.size > 0;
  }

  /**
   * Sends a message to who listens to the channel, and to who listens to a pattern that it matches.
   * @param channel one character per byte, as `message`
   * @returns how many receivers it has: a client counts once for its channel and once for each pattern
   */
  publish(channel: string, message: string): number {
    let count = 0;
    const listeners = this.channels.listenersOf(channel);
    if (listeners !== undefined) count += send(listeners, '3\r\n$7\r\nmessage\r\n', bulk(channel) + bulk(message));
    if (this.patterns.size === 0) return count;
    for (const [pattern, theirs] of this.patterns.entries()) {
      if (!matches(pattern, channel)) continue;
      count += send(theirs, '4\r\n$8\r\npmessage\r\n', bulk(pattern) + bulk(channel) + bulk(message));
    }
    return count;
  }

  /** As `publish`, to who listens to the shard channel; patterns have no part in it. */
  publishToShard(channel: string, message: string): number {
    const listeners = this.shardChannels.listenersOf(channel);
    if (listeners === undefined) return 0;
    return send(listeners, '3\r\n$8\r\nsmessage\r\n', bulk(channel) + bulk(message));
  }
}

/** @param head the frame behind its type: number of elements and first element; @param rest its other elements */
function send(listeners: Listeners, head: string, rest: string): number {
  if (!(listeners instanceof Set)) {
    const { receiver } = listeners;
    receiver.push((receiver.session.protocol === 2 ? '*' : '>') + head + rest);
    return 1;
  }
  let resp2 = '';
  let resp3 = '';
  for (const { receiver } of listeners) {
    if (receiver.session.protocol === 2) receiver.push((resp2 ||= `*${head}${rest}`));
    else receiver.push((resp3 ||= `>${head}${rest}`));
  }
  return listeners.size;
}
