/**
 * Publish and subscribe: who listens to which channel or pattern, and messages to them.
 *
 * A message is encoded once for all its receivers, per protocol and per pattern, and a server without listeners encodes nothing.
 * What a session listens to is also to be seen in `Session.subscriptions`, which is what the dispatcher, CLIENT LIST and the ACL
 * look at.
 */
import type { Session } from '@clone/command-registry';
import { type Body, Message, type MessageKind } from './message.js';
import { matches } from './patterns.js';
import { type Receiver, Subscriber, type TopicKind } from './subscriber.js';
import { type Listeners, Topics } from './topics.js';

export class PubSub {
  readonly channels = new Topics();
  readonly patterns = new Topics();
  readonly shardChannels = new Topics();
  readonly #subscribers = new Map<Session, Subscriber>();
  /** The message that is being sent. */
  readonly #resp2 = new Message();
  readonly #resp3 = new Message();
  /** Is called when `hasListeners` has changed. */
  onAudience: (() => void) | undefined;
  #hadListeners = false;

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
    this[kind].add(name, receiver);
    this.#audienceChanged();
  }

  /** Nothing happens when the session does not listen to it. */
  unsubscribe(kind: TopicKind, session: Session, name: string): void {
    const subscriber = this.#subscribers.get(session);
    if (subscriber?.[kind].delete(name) !== true) return;
    this[kind].remove(name, subscriber.receiver);
    if (subscriber.isIdle) {
      this.#subscribers.delete(session);
      session.subscriptions = undefined;
    }
    this.#audienceChanged();
  }

  /** The session listens to nothing any more: RESET, the end of the connection. */
  forget(session: Session): void {
    const subscriber = this.#subscribers.get(session);
    if (subscriber === undefined) return;
    for (const kind of ['channels', 'patterns', 'shardChannels'] as const) {
      for (const name of subscriber[kind]) this[kind].remove(name, subscriber.receiver);
    }
    this.#subscribers.delete(session);
    session.subscriptions = undefined;
    this.#audienceChanged();
  }

  #audienceChanged(): void {
    const has = this.hasListeners;
    if (has === this.#hadListeners) return;
    this.#hadListeners = has;
    this.onAudience?.();
  }

  /** Whether anybody listens to any channel or pattern: if not, there is nothing to publish. */
  get hasListeners(): boolean {
    return this.channels.size + this.patterns.size > 0;
  }

  /** Whether somebody may get a message of this channel: if not, it need not be made. */
  mayReach(channel: string): boolean {
    return this.patterns.size > 0 || this.channels.listenersOf(channel) !== undefined;
  }

  /**
   * Sends a message to who listens to its channel, and to who listens to a pattern that matches it.
   * @returns how many receivers it has: a client counts once for its channel and once for each pattern
   */
  publish(body: Body): number {
    let count = 0;
    const listeners = this.channels.listenersOf(body.channel);
    if (listeners !== undefined) count += this.#send(listeners, 'message', '', body);
    if (this.patterns.size > 0) count += this.#publishToPatterns(body);
    this.#end();
    return count;
  }

  #publishToPatterns(body: Body): number {
    let count = 0;
    for (const [pattern, theirs] of this.patterns.entries()) {
      if (matches(pattern, body.channel)) count += this.#send(theirs, 'pmessage', pattern, body);
    }
    return count;
  }

  /** As `publish`, to who listens to the shard channel; patterns have no part in it. */
  publishToShard(body: Body): number {
    const listeners = this.shardChannels.listenersOf(body.channel);
    if (listeners === undefined) return 0;
    const count = this.#send(listeners, 'smessage', '', body);
    this.#end();
    return count;
  }

  /** @param pattern only for `pmessage` */
  #send(listeners: Listeners, kind: MessageKind, pattern: string, body: Body): number {
    if (!(listeners instanceof Set)) {
      listeners.push(this.#message(listeners.session.protocol, kind, pattern, body));
      return 1;
    }
    let resp2: Message | undefined;
    let resp3: Message | undefined;
    for (const receiver of listeners) {
      if (receiver.session.protocol === 2) receiver.push((resp2 ??= this.#message(2, kind, pattern, body)));
      else receiver.push((resp3 ??= this.#message(3, kind, pattern, body)));
    }
    return listeners.size;
  }

  /** A message may be large, and the next one late. */
  #end(): void {
    this.#resp2.end();
    this.#resp3.end();
  }

  #message(protocol: 2 | 3, kind: MessageKind, pattern: string, body: Body): Message {
    const message = protocol === 2 ? this.#resp2 : this.#resp3;
    message.kind = kind;
    message.pattern = pattern;
    message.body = body;
    return message.begin(protocol);
  }
}
