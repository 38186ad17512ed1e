import { Session } from '@clone/command-registry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../net/pushes.js';
import type { Body } from './message.js';
import { PubSub } from './pub-sub.js';
import type { Receiver, TopicKind } from './subscriber.js';

class Listener implements Receiver {
  readonly session: Session;
  heard: string[] = [];

  constructor(id: number, protocol: 2 | 3 = 2) {
    this.session = new Session({ id });
    this.session.protocol = protocol;
  }

  push(frame: Frame): void {
    const { text } = frame.appendedTo(undefined);
    this.heard.push(text);
  }
}

function bodyOf(channel: string, message: string): Body {
  const bytes = Buffer.from(`$${channel.length}\r\n${channel}\r\n$${message.length}\r\n${message}\r\n`, 'latin1');
  return { channel, bytes, offset: 0, length: bytes.length };
}

describe('a message', () => {
  test('is the same text for all receivers of one protocol', () => {
    const pubsub = new PubSub();
    const listeners = [2, 3, 2, 3].map((protocol, id) => new Listener(id, protocol as 2 | 3));
    for (const listener of listeners) pubsub.subscribe('channels', listener, 'ch');
    expect(pubsub.publish(bodyOf('ch', 'hello'))).toBe(4);
    const rest = '3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$5\r\nhello\r\n';
    expect(listeners.map(({ heard }) => heard.join())).toEqual([`*${rest}`, `>${rest}`, `*${rest}`, `>${rest}`]);
  });

  test('goes to the channel first, then to every pattern that matches', () => {
    const pubsub = new PubSub();
    const listener = new Listener(1, 3);
    for (const pattern of ['c*', 'x*', '*h']) pubsub.subscribe('patterns', listener, pattern);
    pubsub.subscribe('channels', listener, 'ch');
    pubsub.subscribe('shardChannels', listener, 'ch');
    expect(pubsub.publish(bodyOf('ch', 'm'))).toBe(3);
    expect(listener.heard).toEqual([
      '>3\r\n$7\r\nmessage\r\n$2\r\nch\r\n$1\r\nm\r\n',
      '>4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$2\r\nch\r\n$1\r\nm\r\n',
      '>4\r\n$8\r\npmessage\r\n$2\r\n*h\r\n$2\r\nch\r\n$1\r\nm\r\n',
    ]);
    listener.heard = [];
    expect(pubsub.publishToShard(bodyOf('ch', 'm'))).toBe(1);
    expect(listener.heard).toEqual(['>3\r\n$8\r\nsmessage\r\n$2\r\nch\r\n$1\r\nm\r\n']);
  });

  test('goes on to the others when a receiver leaves because of it', () => {
    const pubsub = new PubSub();
    const leaving = new Listener(1);
    leaving.push = () => pubsub.forget(leaving.session);
    const others = [new Listener(2), new Listener(3)];
    pubsub.subscribe('channels', others[0]!, 'ch');
    pubsub.subscribe('channels', leaving, 'ch');
    pubsub.subscribe('channels', others[1]!, 'ch');
    pubsub.publish(bodyOf('ch', 'm'));
    expect(others.map(({ heard }) => heard.length)).toEqual([1, 1]);
    expect(pubsub.channels.countOf('ch')).toBe(2);
  });
});

test('subscribing, leaving and hearing agree with a model', () => {
  const kinds: readonly TopicKind[] = ['channels', 'patterns', 'shardChannels'];
  const action = fc.record({
    does: fc.constantFrom('subscribe', 'unsubscribe', 'forget', 'publish'),
    who: fc.nat(2),
    kind: fc.constantFrom(...kinds),
    name: fc.constantFrom('a', 'b', 'c'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const pubsub = new PubSub();
      const listeners = [0, 1, 2].map((id) => new Listener(id));
      /** `kind who name` of every subscription. */
      let model = new Set<string>();
      const listening = (kind: TopicKind, name: string): number =>
        listeners.filter((_, who) => model.has(`${kind} ${who} ${name}`)).length;
      for (const { does, who, kind, name } of actions) {
        const listener = listeners[who]!;
        if (does === 'subscribe') {
          pubsub.subscribe(kind, listener, name);
          model.add(`${kind} ${who} ${name}`);
        } else if (does === 'unsubscribe') {
          pubsub.unsubscribe(kind, listener.session, name);
          model.delete(`${kind} ${who} ${name}`);
        } else if (does === 'forget') {
          pubsub.forget(listener.session);
          model = new Set([...model].filter((each) => each.split(' ')[1] !== String(who)));
        } else {
          expect(pubsub.publish(bodyOf(name, 'm'))).toBe(listening('channels', name) + listening('patterns', name));
          expect(pubsub.publishToShard(bodyOf(name, 'm'))).toBe(listening('shardChannels', name));
        }
        for (const each of kinds) {
          const names = ['a', 'b', 'c'].filter((one) => listening(each, one) > 0);
          expect([...pubsub[each].names()].sort()).toEqual(names);
          for (const one of names) expect(pubsub[each].countOf(one)).toBe(listening(each, one));
        }
        const subscribers = listeners.filter((_, i) => [...model].some((each) => each.split(' ')[1] === String(i)));
        expect(listeners.filter(({ session }) => session.subscriptions !== undefined)).toEqual(subscribers);
        expect(pubsub.hasListeners).toBe([...model].some((each) => !each.startsWith('shard')));
      }
    }),
  );
});
